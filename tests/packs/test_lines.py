"""Where in a TOML file a table or a key stands."""

import pytest

from app.packs.lines import Lines, Place

TEXT = '''\
name = "a"        # 1
[[type]]
code = "x"
notes = """
code = "not a key"
[[type]]
"""
en = "X"

[[type.field]]
name = "f"

  [[type.field]]
  name = "g"

[[type.field.choice]]
code = "c"

[[type]]
code = "y"

[[type.field]]
name = "h"
list = [
  "a",
]

[head]
title = "t"

[head.values]
"a b" = "c"

[type.late]
by = 1
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("name",), 1),
        (("type", 0), 2),
        (("type", 0, "code"), 3),
        (("type", 0, "en"), 8),
        (("type", 0, "field", 0, "name"), 11),
        (("type", 0, "field", 1), 13),
        (("type", 0, "field", 1, "choice", 0, "code"), 17),
        (("type", 1, "code"), 20),
        (("type", 1, "field", 0, "list"), 24),
        (("type", 1, "field", 0, "list", 0), 24),
        (("type", 1, "field", 7), 19),
        (("head", "title"), 29),
        (("head", "values", "a b"), 31),
        (("type", 1, "late", "by"), 35),
        (("type", 9), 1),
        ((), 1),
    ],
)
def test_a_place_has_its_line_or_that_of_what_is_around_it(place: Place, line: int) -> None:
    assert Lines(TEXT).of(place) == line
