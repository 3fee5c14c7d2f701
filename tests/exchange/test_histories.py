"""From traces to commands: what each part of an activity is taken from, and what is refused."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.exchange.histories import Meanings, history
from app.exchange.refusals import TraceRefused
from app.exchange.xes_reader import XesEvent, XesTrace
from domain.case.imported import Activity
from domain.case.vocabulary import Attribute

RUN = UUID(int=7)
NAME = Attribute("concept:name", "string", "case 1")
REGISTER = Attribute("concept:name", "string", "Register")
AT = Attribute("time:timestamp", "date", "2024-07-01T08:00:00+08:00")
NAIVE = Attribute("time:timestamp", "date", "2024-07-01T08:00:00")


def text(key: str, value: str) -> Attribute:
    return Attribute(key, "string", value)


def trace(*events: tuple[Attribute, ...], own: tuple[Attribute, ...] = (NAME,)) -> XesTrace:
    placed = tuple(XesEvent(10 * number, event) for number, event in enumerate(events, 1))
    return XesTrace(5, own, placed)


def test_an_activity_has_what_the_extensions_name() -> None:
    extra = Attribute("cost", "int", "3")
    event = (
        extra,
        AT,
        text("lifecycle:transition", "complete"),
        text("org:group", "Street office"),
        text("org:resource", "Ann"),
        REGISTER,
    )

    command = history(trace(event), "log", RUN)

    assert (command.source, command.external_id, command.attributes) == ("log", "case 1", (NAME,))
    assert command.correlation_id == RUN
    assert command.activities == (
        Activity(
            "Register",
            datetime(2024, 7, 1, tzinfo=UTC),
            resource="Ann",
            unit="Street office",
            transition="complete",
            attributes=event,
        ),
    )


def test_the_order_is_that_of_the_log_even_where_times_tie_or_go_back() -> None:
    earlier = Attribute("time:timestamp", "date", "2024-06-30T08:00:00+08:00")
    events = [
        (text("concept:name", name), at)
        for name, at in zip("bacd", [AT, AT, earlier, AT], strict=True)
    ]

    command = history(trace(*events), "log", RUN)

    assert "".join(activity.activity for activity in command.activities) == "bacd"


def test_a_time_without_a_zone_is_read_in_the_zone_that_is_named() -> None:
    command = history(trace((REGISTER, NAIVE)), "log", RUN, Meanings(ZoneInfo("Asia/Shanghai")))

    assert command.activities[0].occurred_at == datetime(2024, 7, 1, tzinfo=UTC)
    assert command.activities[0].attributes[1] == NAIVE


def test_each_command_can_be_told_from_every_other() -> None:
    one, other = (history(trace(), "log", RUN) for _ in range(2))

    assert one.command_id != other.command_id
    assert one.case_id == other.case_id


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ((), "TRACE_WITHOUT_NAME"),
        ((text("concept:name", "  "),), "TRACE_WITHOUT_NAME"),
        ((Attribute("concept:name", "list"),), "INVALID_VALUE"),
        ((AT, Attribute("concept:name", "date", "2024-07-01")), "INVALID_VALUE"),
        ((NAME, NAME), "AMBIGUOUS_KEY"),
        ((text("concept:name", "x" * 201),), "NAME_TOO_LONG"),
        ((NAME, text("note", "案" * 20_000)), "ENTRY_TOO_LARGE"),
    ],
)
def test_a_trace_is_refused_on_its_line(own: tuple[Attribute, ...], code: str) -> None:
    with pytest.raises(TraceRefused) as refused:
        history(trace((REGISTER, AT), own=own), "log", RUN)

    assert (refused.value.code, refused.value.line) == (code, 5)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ((AT,), "EVENT_WITHOUT_ACTIVITY"),
        ((REGISTER,), "EVENT_WITHOUT_TIME"),
        ((REGISTER, NAIVE), "TIME_WITHOUT_ZONE"),
        ((REGISTER, text("time:timestamp", AT.value or "")), "INVALID_VALUE"),
        ((REGISTER, Attribute("time:timestamp", "date", "soon")), "INVALID_VALUE"),
        ((REGISTER, AT, AT), "AMBIGUOUS_KEY"),
        ((REGISTER, AT, Attribute("org:resource", "container")), "INVALID_VALUE"),
        ((REGISTER, AT, text("org:group", "x" * 501)), "NAME_TOO_LONG"),
    ],
)
def test_an_event_is_refused_on_its_line(event: tuple[Attribute, ...], code: str) -> None:
    with pytest.raises(TraceRefused) as refused:
        history(trace((REGISTER, AT), event), "log", RUN)

    assert (refused.value.code, refused.value.line) == (code, 20)


def test_an_event_larger_than_an_entry_is_refused_on_its_line() -> None:
    large = (REGISTER, AT, text("note", "案" * 20_000))
    log = XesTrace(5, (NAME,), (XesEvent(8, large, size=20_100),))

    with pytest.raises(TraceRefused) as refused:
        history(log, "log", RUN)

    assert (refused.value.code, refused.value.line) == ("ENTRY_TOO_LARGE", 8)


DUE = Attribute("deadline", "date", "2024-07-09T08:00:00+08:00")
ENDED = Attribute("enddate", "date", "2024-07-08T08:00:00")
TOLD = Meanings(ZoneInfo("Asia/Shanghai"), due="deadline", ended="enddate")


def test_what_a_trace_says_of_due_and_end_is_read_where_somebody_says_so() -> None:
    log = trace((REGISTER, AT), own=(NAME, DUE, ENDED))
    assert history(log, "log", RUN).record is None
    record = history(log, "log", RUN, TOLD).record
    assert record is not None
    assert (record.due_at, record.ended_at) == (
        datetime(2024, 7, 9, tzinfo=UTC),
        datetime(2024, 7, 8, tzinfo=UTC),
    )
    without = trace((REGISTER, AT), own=(NAME, text("deadline", "")))
    assert history(without, "log", RUN, TOLD).record is None


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ((NAME, DUE, DUE), "AMBIGUOUS_KEY"),
        ((NAME, text("deadline", "soon")), "INVALID_VALUE"),
    ],
)
def test_a_trace_whose_due_time_cannot_be_told_is_refused(
    own: tuple[Attribute, ...], code: str
) -> None:
    with pytest.raises(TraceRefused) as refused:
        history(trace((REGISTER, AT), own=own), "log", RUN, TOLD)
    assert (refused.value.code, refused.value.line) == (code, 5)


def test_an_end_without_a_zone_is_refused_where_none_is_named() -> None:
    with pytest.raises(TraceRefused) as refused:
        history(trace((REGISTER, AT), own=(NAME, ENDED)), "log", RUN, Meanings(ended="enddate"))
    assert refused.value.code == "TIME_WITHOUT_ZONE"
