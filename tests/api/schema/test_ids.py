from base64 import b64encode
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from domain.refusal import InvalidInput
from projections.as_of import AsOf, Moment
from schema import ids
from schema.case.numbers import case_number, new_case_id

CASE = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
THEN = datetime(1969, 7, 20, 20, 17, 40, 123_456, tzinfo=UTC)


def test_the_id_of_a_case_names_it_as_it_is_now() -> None:
    assert ids.parse(ids.case_id(CASE)) == ids.CaseKey(CASE)


def test_the_id_of_a_past_state_names_its_version() -> None:
    past = ids.past_case_id(CASE, 3, Moment(17, THEN, 20))
    assert ids.parse(past) == ids.CaseKey(CASE, AsOf(version=3))


def test_the_id_of_a_state_by_occurrence_names_the_moment_to_the_microsecond() -> None:
    past = ids.past_case_id(CASE, 3, Moment(17, THEN, 20, THEN))
    assert ids.parse(past) == ids.CaseKey(CASE, AsOf(position=17, occurred_at=THEN))


def test_the_id_of_an_event_names_it() -> None:
    assert ids.parse(ids.event_id(17)) == ids.EventKey(17)


def test_the_id_of_an_order_names_it_as_it_is_now_or_was_then() -> None:
    now = ids.order_id(CASE, 2, 3, None)
    assert ids.parse(now) == ids.OrderKey(ids.CaseKey(CASE), 2)
    for moment, as_of in (
        (Moment(17, THEN, 20), AsOf(version=3)),
        (Moment(17, THEN, 20, THEN), AsOf(position=17, occurred_at=THEN)),
    ):
        past = ids.order_id(CASE, 2, 3, moment)
        assert ids.parse(past) == ids.OrderKey(ids.CaseKey(CASE, as_of), 2)
    with pytest.raises(InvalidInput, match="SupervisionOrder"):
        ids.parse_case(now, "id")


def raw(name: str) -> str:
    return b64encode(name.encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        str(CASE),
        raw("Case:1"),
        raw(f"Unit:{CASE}"),
        raw("CaseEvent:0"),
        raw("CaseEvent:017"),
        raw(f"Case:{str(CASE).upper()}"),
        raw(f"Case:{CASE}@v"),
        raw(f"Case:{CASE}@v0"),
        raw(f"Case:{CASE}@p1"),
        raw(f"Case:{CASE}@p1t-{10**16 * 9}"),
        raw(f"Case:{CASE} "),
        raw(f"Case:{CASE}").rstrip("=") + "\n",
        raw(f"案件:{CASE}"),
        "A" * 100_000,
        "案件",
        "\ud800",
    ],
)
def test_what_is_no_id_is_refused_at_its_path(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        ids.parse(text, "id")
    assert refused.value.path == ["id"]


def test_an_event_is_no_case() -> None:
    with pytest.raises(InvalidInput, match="CaseEvent"):
        ids.parse_case(ids.event_id(17), "id")


def test_a_past_state_takes_no_commands() -> None:
    with pytest.raises(InvalidInput, match="past state"):
        ids.parse_current_case(ids.past_case_id(CASE, 3, Moment(17, THEN, 20)), "caseId")


def test_a_case_number_is_the_day_and_eight_letters_that_nobody_misreads() -> None:
    assert case_number(CASE, UTC) == "20230630-084SN02Q"
    day, _, letters = case_number(new_case_id(), UTC).partition("-")
    assert len(day) == len(letters) == 8
    assert set(letters) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_the_day_of_a_case_number_is_that_of_the_jurisdiction() -> None:
    evening = UUID(int=int(datetime(2026, 11, 17, 20, tzinfo=UTC).timestamp() * 1000) << 80)
    assert case_number(evening, ZoneInfo("Asia/Shanghai")).startswith("20261118-")
    assert case_number(evening, ZoneInfo("America/New_York")).startswith("20261117-")


def test_case_numbers_of_one_moment_differ() -> None:
    numbers = {case_number(new_case_id(), UTC) for _ in range(1000)}
    assert len(numbers) == 1000
