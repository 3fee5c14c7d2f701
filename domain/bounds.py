"""How large the numbers and lists of a configuration may be, whoever sends them."""

from collections.abc import Collection, Hashable, Sequence

from domain.refusal import InvalidInput
from domain.wording import stable_code

Path = list[str]


def within(path: Path, value: int, first: int, last: int) -> None:
    """Refuse a number that is not one of first..last. Raises InvalidInput."""
    if not first <= value <= last:
        raise InvalidInput(path, f"{path[-1]} is not within {first}..{last}")


def at_most(path: Path, items: Sequence[object], most: int) -> None:
    """Refuse a list that is too long. Raises InvalidInput."""
    if len(items) > most:
        raise InvalidInput(path, f"{path[-1]} has more than {most} entries")


def each_once(path: Path, items: Sequence[Hashable]) -> None:
    """Refuse a list that names something twice. Raises InvalidInput."""
    if len(set(items)) < len(items):
        raise InvalidInput(path, f"{path[-1]} has an entry twice")


def stable_codes(path: Path, codes: Sequence[str], most: int) -> None:
    """Refuse what is no list of codes, each once. Raises InvalidInput at the first fault."""
    at_most(path, codes, most)
    each_once(path, codes)
    for index, code in enumerate(codes):
        stable_code([*path, str(index)], code)


def takes_in(wide: Collection[Hashable], narrow: Collection[Hashable]) -> bool:
    """Whether a condition is met wherever another is; each by any of its items, or always."""
    return not wide or (bool(narrow) and set(narrow) <= set(wide))
