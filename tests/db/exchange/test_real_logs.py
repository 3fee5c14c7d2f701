"""The real logs of ../shared/data: what its README.md says of them is what we say.

These logs are too large to be kept with the code. Where the folder is laid beside the project and
one of them is missing, CI fails; where no such folder was laid at all, each test is skipped and
the end of the run says what was not checked.
"""

import os
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conftest import ROOT
from tests.db.exchange.agreement import check
from tests.db.exchange.conftest import Desk
from tests.exchange.judge import Facts

DATA: Final = ROOT.parent / "shared" / "data"

KNOWN: Final[dict[str, dict[str, Any]]] = {
    "running-example": {"cases": 6, "events": 42, "activities": 8, "variants": 6},
    "receipt": {"cases": 1434, "events": 8577, "activities": 27, "variants": 116},
    "roadtraffic100": {"cases": 100},
}
"""What is known of each log without reading it."""


def log_named(name: str) -> Path:
    """The log whose file name begins so. Skips or fails where there is none."""
    if not DATA.is_dir():
        pytest.skip(f"NOT CHECKED against the real log {name}: there is no folder {DATA.name}")
    found = sorted(
        path for path in DATA.rglob(f"{name}*") if path.name.endswith((".xes", ".xes.gz"))
    )
    if not found:
        missing = f"NOT CHECKED: {DATA.name} has no log {name}*.xes or {name}*.xes.gz"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found[0]


@pytest.mark.parametrize("name", KNOWN)
async def test_every_fact_of_a_real_log_comes_out(desk: Desk, name: str) -> None:
    log = log_named(name)

    verdict = await check(desk, log, name)

    facts: Facts = verdict["facts"]
    assert {known: facts[known] for known in KNOWN[name]} == KNOWN[name]
