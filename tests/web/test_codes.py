"""Codes are part of the contract: they may be added, never changed or dropped."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.identity import ExpiredToken, InvalidToken, IssuerUnavailable
from app.rate_limit import RateLimited
from app.web.errors import Code
from schema.context import AccessEnded


@pytest.mark.contract
def test_codes_of_the_transport_are_as_released(contract: Callable[[Path, str], None]) -> None:
    others = (InvalidToken, ExpiredToken, IssuerUnavailable, RateLimited, AccessEnded)
    codes = {*Code, *(kind.code for kind in others)}
    contract(Path("tests/contracts/transport_codes.txt"), "\n".join(sorted(codes)) + "\n")
