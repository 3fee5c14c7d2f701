"""The contract of the refusals: code -> the English message, a format string over the facts."""

import app.evidence.refusals
import app.exchange.csv_refusals
import app.exchange.refusals  # noqa: F401 - as above
import domain.directory.refusals  # noqa: F401 - as above
from domain.refusal import Refusal

OURS = ("domain.", "app.evidence.", "app.exchange.")


def every_refusal() -> list[type[Refusal]]:
    """Every refusal of ours that has a code of its own, by code."""
    found, further = set(), [Refusal]
    while further:
        kinds = further.pop().__subclasses__()
        found.update(kinds)
        further += kinds
    return sorted(
        (kind for kind in found if kind.__module__.startswith(OURS) and "code" in vars(kind)),
        key=lambda kind: kind.code,
    )


def in_code() -> str:
    lines = (f"{kind.code}: {(kind.__doc__ or '').splitlines()[0]}" for kind in every_refusal())
    return "\n".join(lines) + "\n"
