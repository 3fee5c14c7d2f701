"""The committed contract: `python -m schema.print` writes schema/schema.graphql anew.

A change that breaks clients also needs a line in CHANGELOG.md that names it; a test says which.
"""

from pathlib import Path
from typing import Final

from schema.build import build_schema

COMMITTED: Final = Path(__file__).with_name("schema.graphql")


def printed() -> str:
    """The schema in the schema definition language, with every description."""
    return f"{build_schema().as_str()}\n"


if __name__ == "__main__":
    COMMITTED.write_text(printed(), encoding="utf-8")
