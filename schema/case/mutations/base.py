"""What the mutations of a case share."""

from typing import Final

from strawberry import argument

INPUT: Final = argument(name="input", description="The case and the command's own fields.")
