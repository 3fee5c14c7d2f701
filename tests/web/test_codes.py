"""Codes are part of the contract: they may be added, never changed or dropped."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.identity import ExpiredToken, InvalidToken
from app.rate_limit import RateLimited
from app.web.errors import Code
from schema.context import AccessEnded


@pytest.mark.contract
def test_codes_of_the_transport_are_as_released(contract: Callable[[Path, str], None]) -> None:
    codes = {*Code, *(kind.code for kind in (InvalidToken, ExpiredToken, RateLimited, AccessEnded))}
    contract(Path("tests/contracts/transport_codes.txt"), "\n".join(sorted(codes)) + "\n")
