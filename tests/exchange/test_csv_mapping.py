"""A mapping is read whole, or refused with line and cause of everything that is wrong with it."""

from pathlib import Path

import pytest

from app.exchange.csv_mapping import MappingRefused, read_mapping, shipped
from app.exchange.csv_shapes import alternatives, columns_of
from domain.case.vocabulary import Channel
from tests.conftest import ROOT
from tests.exchange.boston import COLUMNS, RENAMED

SOUND = """\
name = "mine"

[times]
zone = "Asia/Shanghai"
formats = ["%Y-%m-%d %H:%M:%S"]

[case]
id = "no"
attributes = ["place", "queue"]
may_change = ["queue"]

[[activity]]
name = "opened"
column = "opened"

[[activity]]
name = "closed"
column = "closed"
closes = true

[status]
column = "state"
open = ["open"]
closed = ["closed"]

[channel]
column = "via"

[channel.values]
"Phone" = "HOTLINE"
"""


def problems(folder: Path, text: str) -> list[str]:
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingRefused) as refused:
        read_mapping(str(path))
    assert str(refused.value) == "\n".join(map(str, refused.value.problems))
    return [str(problem) for problem in refused.value.problems]


def test_a_sound_mapping_says_what_columns_mean(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text(SOUND, encoding="utf-8")

    mapping = read_mapping(str(path))

    assert [activity.name for activity in mapping.activity] == ["opened", "closed"]
    assert mapping.channel is not None
    assert mapping.channel.values == {"Phone": Channel.HOTLINE}
    assert mapping.file.encoding == "utf-8"


@pytest.mark.parametrize("name", shipped())
def test_the_mappings_that_ship_are_sound(name: str) -> None:
    assert read_mapping(name).name == name


def test_the_mapping_in_the_readme_is_sound(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    begins = readme.index('name = "street"')
    path = tmp_path / "street.toml"
    path.write_text(readme[begins : readme.index("```", begins)], encoding="utf-8")

    assert read_mapping(str(path)).file.encoding == "gb18030"


def test_boston_names_every_column_of_its_data_dictionary() -> None:
    places = columns_of(read_mapping("boston-311"))
    named = {name for _, column in places for name in alternatives(column)}

    assert named >= {*COLUMNS, *RENAMED.values(), "geom_4326"}


@pytest.mark.parametrize(
    ("was", "now", "problem"),
    [
        ('name = "mine"\n', "", "map.toml:1: Object missing required field `name`"),
        ('name = "mine"', 'name = "mine', "map.toml:1: Illegal character '\\n'"),
        ('id = "no"', 'key = "no"', "map.toml:8: Object contains unknown field `key`"),
        ('id = "no"', "id = 7", "map.toml:8: Expected `str | array`, got `int`"),
        ('"Asia/Shanghai"', '"Moon/Crater"', "map.toml:4: Moon/Crater is no IANA time zone, as"),
        ('"Asia/Shanghai"', '"../zone"', "map.toml:4: ../zone is no IANA time zone, as"),
        ('["%Y-%m-%d %H:%M:%S"]', "[]", "map.toml:5: at least one format is needed"),
        ('["%Y-%m-%d %H:%M:%S"]', '["%H:%M"]', "map.toml:5: the format %H:%M has no year"),
        ('["queue"]', '["colour"]', "map.toml:10: colour is neither attribute nor title"),
        ('"place", "queue"', '"place", "queue", []', "map.toml:9: a column needs a name"),
        ('name = "closed"', 'name = "opened"', "map.toml:17: there is another activity opened"),
        ('name = "closed"', 'name = " "', "map.toml:17: name needs 1 to 200 characters"),
        ("closes = true", "", "map.toml:21: no activity closes a case"),
        ('"opened"\n\n', '"opened"\ncloses = true\n\n', "map.toml:20: only one activity closes"),
        ('["closed"]', '["closed", "open"]', "map.toml:24: a value is among open and among closed"),
        ('"HOTLINE"', '"PIGEON"', "map.toml:29: Invalid enum value 'PIGEON'"),
        (
            "[times]",
            '[file]\nencoding = "morse"\n[times]',
            "map.toml:4: there is no encoding morse",
        ),
        ("[times]", '[file]\nencoding = "hex"\n[times]', "map.toml:4: there is no encoding hex"),
        ("[times]", '[file]\ndelimiter = "||"\n[times]', "map.toml:4: delimiter must be one"),
        ("[times]", "[file]\nquote = ','\n[times]", "map.toml:4: quote and delimiter are the same"),
        ("[times]", '[area]\ncolumn = "a"\n[area.values]\nX = " "\n[times]', "a value needs 1 to"),
        ("[times]", "[public]\nalways = false\n[times]", "map.toml:3: say either always = true"),
        ("[times]", 'optional = ["moon"]\n[times]', "map.toml:3: the column moon is not named any"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, was: str, now: str, problem: str
) -> None:
    assert was in SOUND

    [told, *_] = problems(tmp_path, SOUND.replace(was, now, 1))

    assert problem in told


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = SOUND.replace("Asia/Shanghai", "Moon").replace('["queue"]', '["colour"]')

    assert len(problems(tmp_path, text)) == 2


def test_without_a_file_ours_are_named(tmp_path: Path) -> None:
    with pytest.raises(MappingRefused, match="there is no such file; ours are boston-311"):
        read_mapping(str(tmp_path / "none.toml"))
