"""Asks the independent judge (`oracle.py`, pm4py) about a log on disk."""

import json
import os
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypedDict

import pytest

ROOT: Final = Path(__file__).parents[2]
HOME: Final = ROOT / ".venv-oracle"
SAMPLE_LOGS: Final = HOME / "logs"

Facts = dict[str, Any]


class Verdict(TypedDict):
    """What `oracle.py` prints."""

    facts: Facts
    pm4py: dict[str, Any]
    as_of: dict[str, Facts]
    content: list[list[str]]


def judge(
    log: Path, as_of: Sequence[datetime] | None = (), *, reader: str = "iterparse"
) -> Verdict:
    """What pm4py finds in a log. as_of: None for three moments on its way; reader: of pm4py's."""
    require()
    moments = ["--quarters"] if as_of is None else []
    for moment in as_of or ():
        moments += ["--as-of", moment.isoformat()]
    program = [str(HOME / "bin" / "python"), str(Path(__file__).with_name("oracle.py"))]
    done = subprocess.run(
        [*program, str(log), "--reader", reader, *moments],
        capture_output=True,
        check=False,
        timeout=250,
    )
    assert done.returncode == 0, done.stderr.decode()
    verdict: Verdict = json.loads(done.stdout)
    return verdict


def require() -> None:
    """Without the judge these tests are skipped, but never in CI."""
    if not (HOME / "ready").exists():
        missing = "pm4py is not installed: `make .venv-oracle/ready`"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)


def by_name(content: Sequence[Sequence[str]]) -> list[list[str]]:
    """The traces of a log in an order of their own."""
    return sorted(list(trace) for trace in content)
