"""The committed contract: `python -m schema.print` writes schema/schema.graphql anew.

With `--release` also schema/released.graphql, against which breaking changes are judged: at a
release, when CHANGELOG.md has told clients of them.
"""

import sys
from pathlib import Path
from typing import Final

from schema.build import build_schema

COMMITTED: Final = Path(__file__).with_name("schema.graphql")
RELEASED: Final = Path(__file__).with_name("released.graphql")


def printed() -> str:
    """The schema in the schema definition language, with every description."""
    return f"{build_schema().as_str()}\n"


if __name__ == "__main__":
    for file in (COMMITTED, RELEASED) if "--release" in sys.argv else (COMMITTED,):
        file.write_text(printed(), encoding="utf-8")
