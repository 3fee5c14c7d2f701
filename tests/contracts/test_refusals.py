from tests.contracts.refusals import FILE, in_code


def test_codes_and_messages_are_as_released() -> None:
    assert FILE.read_text() == in_code(), "run: python -m tests.contracts"
