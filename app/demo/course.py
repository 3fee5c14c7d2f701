"""The course of one case: what happens to it, who does it, and when."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Final
from uuid import UUID

from app.demo import assigning, bringing, concluding, handling, phrases, resting
from app.demo.chronicle import Brought, Chronicle, Scene
from app.demo.step import Step, Timed
from app.demo.supervising import answer_orders, supervise
from domain.case.linking import LinkCases, UnlinkCases
from domain.case.merging import MergeCase, ReverseMerge
from domain.case.others import BY_HAND
from domain.case.splitting import SplitCase
from schema.case.numbers import case_number

MERGED: Final = 0.4
SEPARATED: Final = 0.2
LINKED: Final = 0.3
UNLINKED: Final = 0.2
"""Of what is about the same thing as another case."""

SPLIT: Final = 0.012


class Course:
    """Draws the steps of one case from `rng`, and of the parts that go on by themselves."""

    def __init__(self, scene: Scene, brought: Brought, rng: Random) -> None:
        self._case = Chronicle(scene, brought, rng)
        self._parts: list[Chronicle] = []

    @property
    def case_id(self) -> UUID:
        """Of the case that it begins with."""
        return self._case.case_id

    @property
    def repeats(self) -> int | None:
        """The number of the case that it is about, too."""
        return self._case.brought.repeats

    @property
    def timed(self) -> Sequence[Timed]:
        """What the service will do in it."""
        return [each for case in (self._case, *self._parts) for each in case.timed]

    def run(self, earlier: Mapping[int, "Course"]) -> Sequence[Step]:
        """From the registration to wherever it ends. earlier: by number, what was run before."""
        case = self._case
        bringing.draw_channel(case)
        bringing.register(case)
        if assigning.declares_emergency(case):
            self._handle(case)
        else:
            bringing.complete(case)
            if not bringing.is_void(case) and bringing.is_taken_in(case):
                self._go_on(earlier)
        return [step for each in (case, *self._parts) for step in each.steps]

    def _go_on(self, earlier: Mapping[int, "Course"]) -> None:
        """What has been accepted is dispatched, unless it is another's or another case."""
        case = self._case
        if self.repeats is not None and _is_merged(case, earlier[self.repeats]._case):  # noqa: SLF001 - of its own
            return
        if assigning.referred(case):
            return
        self._dispatch(case)

    def _dispatch(self, case: Chronicle) -> None:
        assigning.dispatch(case)
        if not bringing.withdrawn(case):
            self._handle(case)

    def _handle(self, case: Chronicle) -> None:
        """A dispatched case, until it has come to its end for good."""
        officer = handling.sign(case)
        handling.contact(case, officer)
        handling.end_emergency(case)
        handling.organise(case, officer)
        if case is self._case and case.happens(SPLIT):
            self._split(case)
        handling.ask_others(case, officer)
        resting.rest(case)
        secret = handling.hush(case, officer)
        supervise(case)
        while True:
            handling.resolve(case, officer)
            if not concluding.is_reworked(case):
                break
        checker = concluding.check(case, ask=not secret)
        resting.leave_out(case)
        if not secret and concluding.comes_back(case, checker):
            self._dispatch(case)
            return
        concluding.publish(case)
        concluding.archive(case)

    def _split(self, case: Chronicle) -> None:
        """Something else was in it, which goes on as a case of its own."""
        case.wait(2)
        part = case.part(case.one_of(phrases.PARTS))
        case.do(
            case.post("dispatcher", 3),
            SplitCase,
            new_case_id=part.case_id,
            new_case_no=case_number(part.case_id, part.scene.zone),
            title=part.told.title,
        )
        part.moment()
        self._parts.append(part)
        self._dispatch(part)


def _is_merged(case: Chronicle, first: Chronicle) -> bool:
    """Whether it goes on in the case about the same thing; otherwise they may be linked."""
    case.wait(1.5)
    dispatcher = case.post("dispatcher", 3)
    if first.hushed or not first.is_active(case.at - timedelta(minutes=1), case.at):
        return False
    if case.happens(MERGED):
        answer_orders(case)
        case.do(dispatcher, MergeCase, other_case=first.case_id, reason=phrases.MERGED)
        case.ends()
        if not case.happens(SEPARATED):
            return True
        case.wait(10)
        case.do(case.post("dispatcher", 3), ReverseMerge, reason=phrases.SEPARATED)
        case.goes_on()
    elif case.happens(LINKED):
        kind = case.one_of(sorted(BY_HAND))
        case.do(dispatcher, LinkCases, other_case=first.case_id, kind=kind)
        if case.happens(UNLINKED):
            case.wait(8)
            unlink = case.post("dispatcher", 3)
            case.do(unlink, UnlinkCases, other_case=first.case_id, reason=phrases.SEPARATED)
    return False
