"""The contract of the refusals: code -> the English message, a format string over the facts."""

from domain.refusal import Refusal


def every_refusal() -> list[type[Refusal]]:
    """Every refusal of the domain, by code."""
    found, further = set(), [Refusal]
    while further:
        kinds = further.pop().__subclasses__()
        found.update(kinds)
        further += kinds
    return sorted(
        (kind for kind in found if kind.__module__.startswith("domain.")),
        key=lambda kind: kind.code,
    )


def in_code() -> str:
    lines = (f"{kind.code}: {(kind.__doc__ or '').splitlines()[0]}" for kind in every_refusal())
    return "\n".join(lines) + "\n"
