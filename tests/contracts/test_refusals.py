from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contracts.refusals import in_code


@pytest.mark.contract
def test_codes_and_messages_are_as_released(contract: Callable[[Path, str], None]) -> None:
    contract(Path("tests/contracts/refusals.txt"), in_code())
