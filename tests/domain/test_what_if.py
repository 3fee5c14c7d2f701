"""The same history under another policy or calendar: told, and nothing recorded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from hypothesis import given, settings

from domain.case import correction, emergency, extension, returns, suspension
from domain.case.clocks.retelling import by_command, compared, only, retold, told
from domain.case.merging import MergeCase, ReverseMerge
from domain.command import Arrangements
from domain.sla_policy.content import SuspensionReason
from domain.vocabulary import ClockKind
from tests.domain.configuring import label
from tests.domain.ledgers import RULES, TimedLife, steps
from tests.domain.scenario import NOW, OTHER, ask
from tests.domain.test_clocks import (
    ACCEPT,
    ANSWER,
    DISPATCH,
    REOPEN,
    RETURN,
    REWORK,
    SIGN,
    SUBMIT,
    VERIFY,
)
from tests.domain.time_rules import ALL, Story, arranged, holiday, hour, minutes

SHORT: Final = minutes(ClockKind.RESOLUTION, 240)
LATER: Final = [SHORT if rule.clock is SHORT.clock and not rule.types else rule for rule in ALL[1:]]
BOTH: Final = arranged(*ALL, later=LATER, holidays=[holiday(4)])
"""The second policy has no limits of its own for emergencies, and gives four hours to resolve."""

assert BOTH.sla is not None
assert BOTH.calendar is not None
TIGHT: Final = replace(BOTH, sla=only(BOTH.sla, 2), calendar=only(BOTH.calendar, 1))
AS_IT_WAS: Final = replace(BOTH, sla=only(BOTH.sla, 1), calendar=only(BOTH.calendar, 1))
HOLIDAY: Final = replace(BOTH, sla=only(BOTH.sla, 1), calendar=only(BOTH.calendar, 2))


def dues(story: Story, under: Arrangements) -> dict[str, tuple[Any, Any]]:
    """By name: due now, and due then."""
    return {
        one.clock.name: (each.now and each.now.clock.due, each.then and each.then.clock.due)
        for each in compared(story.told, under)
        for one in [each.now or each.then]
        if one is not None
    }


def whole() -> Story:
    """Nearly everything that happens to clocks, one thing after the other."""
    story = Story(AS_IT_WAS).at(8, ACCEPT).at(8.5, DISPATCH).at(9, RETURN)
    story.at(10, UPHELD).at(11, DISPATCH).at(12, SIGN, SUBMIT).at(13, REWORK)
    story.at(14, SUBMIT).at(15, VERIFY).at(16, ANSWER).at(80, REOPEN)
    return story.at(81, ask(emergency.DeclareEmergency, expires=hour(100)))


def test_under_the_same_versions_it_is_the_same() -> None:
    story = whole()
    then, now = retold(story.told, AS_IT_WAS), told(story.told)
    assert {place: each.clock.due for place, each in then.items()} == {
        place: each.clock.due for place, each in now.items()
    }
    assert [each.stopped_at for each in then.values()] == [each.stopped_at for each in now.values()]


def test_under_another_policy_it_is_due_otherwise_and_late_or_not() -> None:
    story = Story(AS_IT_WAS).at(8, ACCEPT)
    (resolution,) = [
        each
        for each in compared(story.told, TIGHT)
        if each.now is not None and each.now.clock.kind is ClockKind.RESOLUTION
    ]
    assert resolution.now is not None
    assert resolution.then is not None
    assert resolution.then.clock.due == hour(12)
    assert resolution.then.clock.policy == 2
    assert (resolution.now.is_late(hour(13)), resolution.then.is_late(hour(13))) == (False, True)
    assert story["RESOLUTION"].due == datetime(2024, 3, 4, 16, tzinfo=UTC), "nothing was changed"


def test_under_another_calendar_it_is_due_otherwise() -> None:
    now, then = dues(Story(AS_IT_WAS).at(8, ACCEPT), HOLIDAY)["RESOLUTION"]
    assert then == now + timedelta(days=1)


def test_what_is_timed_in_one_of_them_only_stands_alone() -> None:
    story = Story(arranged(minutes(ClockKind.RESOLUTION, 60))).at(8, ACCEPT)
    found = dues(story, AS_IT_WAS)
    assert found["ACCEPTANCE"][0] is None
    less = dues(Story(AS_IT_WAS).at(8, ACCEPT), replace(BOTH, sla=None))
    assert less["RESOLUTION"][1] is None


REASON: Final = SuspensionReason("SOIL", label("soil"))
UPHELD: Final = ask(returns.UpholdReturn)


def resting() -> Story:
    """Suspended from ten to twelve o'clock on Friday, and three days longer than it was."""
    made = arranged(*ALL, later=[minutes(ClockKind.RESOLUTION, 240)], reasons=(REASON,))
    story = Story(made).at(8, ACCEPT, DISPATCH, SIGN)
    rest = ask(
        suspension.RequestSuspension,
        suspension_reason="SOIL",
        expected_resume=hour(11),
        ground="Frozen",
    )
    story.at(9, rest, ask(suspension.ApproveSuspension)).at(11, ask(suspension.ResumeCase))
    more = ask(extension.RequestExtension, days=3, ground="The lift is late")
    return story.at(12, more, ask(extension.ApproveExtension))


def test_rests_and_extensions_are_kept_as_the_time_that_they_are() -> None:
    story = resting()
    under = story.arrangements
    assert under.sla is not None
    then = dues(story, replace(under, sla=only(under.sla, 2)))["RESOLUTION"][1]
    # Four hours of work from nine, two of which it rested: Friday at three; three days more.
    assert then == datetime(2024, 3, 4, 15, tzinfo=UTC)
    assert dues(story, replace(under, sla=None))["RESOLUTION"][1] is None
    same = dues(story, replace(under, sla=only(under.sla, 1)))
    assert {now == then for now, then in same.values()} == {True}


def test_one_that_stands_still_is_late_where_it_was_before() -> None:
    (_, resolution), *_ = [
        (name, each) for (name, _), each in told(resting().told[:6]).items() if name == "RESOLUTION"
    ]
    assert resolution.clock.is_paused
    assert not resolution.is_late(hour(24 * 30))


def test_merges_are_told_again_too() -> None:
    case, other = Story(AS_IT_WAS).at(8, ACCEPT), Story(AS_IT_WAS, case_id=OTHER).at(12, ACCEPT)
    case.at(30, ask(MergeCase, other_case=OTHER), beside=other)
    case.at(31, ask(ReverseMerge), beside=other)
    for each in (case, other):
        assert {now == then for now, then in dues(each, AS_IT_WAS).values()} == {True}


def test_another_type_is_told_again_too() -> None:
    story = Story(AS_IT_WAS).at(8, ACCEPT)
    story.at(9, ask(correction.ReclassifyCase, type_code="lift", recompute_clocks=True))
    assert {now == then for now, then in dues(story, AS_IT_WAS).values()} == {True}


def test_the_events_of_a_command_stand_together() -> None:
    life = TimedLife(RULES, NOW)
    life.give("acceptCase", timedelta(hours=1))
    groups = by_command(
        each._replace(command_id=UUID(int=number // 2)) for number, each in enumerate(life.events)
    )
    assert {len(group) for group in groups[:-1]} == {2}
    assert [event for group in groups for event in group] == [each.event for each in life.events]


@settings(max_examples=25, deadline=None)
@given(steps)
def test_whatever_happened_under_the_same_versions_it_is_due_as_it_was(
    taken: list[tuple[int, float, bool]],
) -> None:
    life = TimedLife(RULES, NOW)
    commands = [[each.event for each in life.events]]
    for number, pause, colleague in taken:
        before = len(life.events)
        life.step(number, timedelta(hours=pause), colleague=colleague)
        commands.append([each.event for each in life.events[before:]])
    for each in compared(filter(None, commands), RULES):
        assert each.now is not None
        assert each.then is not None
        assert (each.now.clock.due, each.now.stopped_at) == (
            each.then.clock.due,
            each.then.stopped_at,
        )
