"""The demonstration district as a plan: the same for the same seed, and believable."""

from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

import pytest

from app.demo.arranging import unit_codes
from app.demo.papers import LIMITS, PAPER, PICTURE
from app.demo.plan import CASES as STANDARD
from app.demo.plan import SEED, District, Plan, planned, year_before
from app.demo.step import groups
from app.settings import Settings
from domain.case.evidence import AddEvidence
from domain.case.intake import RegisterCase
from domain.case.lifecycle import LIFECYCLE
from domain.case.outcome import SubmitResolution
from domain.case.vocabulary import Channel, ResolutionOutcome
from domain.command import Command
from domain.directory.people import AppointPerson, DelegateAuthority
from domain.directory.posts import NOT_BY_POST
from domain.directory.units import EstablishUnit
from domain.directory.vocabulary import UnitKind
from domain.identity import Role

C = TypeVar("C", bound=Command)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 18, 4, tzinfo=UTC)
CASES = 1500


def district(seed: int = 7, cases: int = CASES) -> District:
    return District(year_before(NOON, SHANGHAI), SHANGHAI, "administrator", seed, cases)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planned(district())


@pytest.fixture(scope="module")
def registered(plan: Plan) -> list[RegisterCase]:
    return of_kind(plan, RegisterCase)


def of_kind(plan: Plan, kind: type[C]) -> list[C]:
    steps = (*plan.first_day, *plan.year)
    return [step.command for step in steps if isinstance(step.command, kind)]


def months_of(plan: Plan, code: str) -> Counter[int]:
    return Counter(
        step.at.astimezone(SHANGHAI).month
        for step in plan.year
        if isinstance(step.command, RegisterCase) and step.command.type_code == code
    )


def share(part: float, whole: float) -> float:
    return part / whole


def test_the_same_seed_plans_the_same_district() -> None:
    first, second = planned(district(cases=60)), planned(district(cases=60))
    assert first.first_day == second.first_day
    assert first.year == second.year
    assert planned(district(seed=8, cases=60)).year != first.year


def test_more_cases_are_added_to_the_same_ones() -> None:
    few = {case.case_id for case in of_kind(planned(district(cases=10)), RegisterCase)}
    more = {case.case_id for case in of_kind(planned(district(cases=20)), RegisterCase)}
    assert few < more


def test_a_year_ends_where_it_is_loaded(plan: Plan) -> None:
    times = [step.at for step in (*plan.first_day, *plan.year)]
    assert times == sorted(times)
    assert times[0] > district().begins
    assert times[-1] == district().ends <= NOON


def test_every_case_is_brought_before_the_year_is_over(registered: list[RegisterCase]) -> None:
    assert len(registered) == CASES


def test_no_two_commands_share_an_id(plan: Plan) -> None:
    ids = Counter(step.command.command_id for step in (*plan.first_day, *plan.year))
    assert max(ids.values()) == 1


def test_there_are_units_of_every_kind(plan: Plan) -> None:
    kinds = Counter(unit.kind for unit in of_kind(plan, EstablishUnit))
    assert set(kinds) == set(UnitKind)
    assert 40 <= len(unit_codes()) <= 50


def test_every_role_is_given_by_some_post(plan: Plan) -> None:
    given = {role for position in plan.staff.posts.values() for role in position.roles}
    assert given == set(Role) - NOT_BY_POST


def test_posts_change_hands_and_are_delegated(plan: Plan) -> None:
    posts = plan.staff.posts
    assert share(len(of_kind(plan, AppointPerson)) - len(posts), len(posts)) == pytest.approx(
        0.3, abs=0.12
    )
    assert len(of_kind(plan, DelegateAuthority)) >= 5


def test_shares_of_channels_are_believable(registered: list[RegisterCase]) -> None:
    channels = Counter(case.channel for case in registered)
    assert 0.4 < share(channels[Channel.HOTLINE], len(registered)) < 0.6
    assert 0.05 < share(channels[Channel.GRID_PATROL], len(registered)) < 0.25
    assert 0.15 < share(channels[Channel.APP] + channels[Channel.WEB], len(registered)) < 0.35


BANDS: Final[dict[str, tuple[float, float]]] = {
    # Nearly every case goes this way.
    "acceptCase": (0.85, 0.97),
    "dispatchCase": (0.9, 1.1),
    "signForCase": (0.85, 1.0),
    "submitResolution": (0.92, 1.12),
    "verifyResolution": (0.85, 1.0),
    "recordFeedback": (0.7, 0.9),
    "recordFirstContact": (0.85, 1.1),
    "recordProgress": (0.35, 0.6),
    "addEvidence": (0.4, 0.8),
    # Many do.
    "assignOfficer": (0.15, 0.35),
    "archiveCase": (0.15, 0.4),
    "proposePublication": (0.1, 0.25),
    "approvePublication": (0.1, 0.22),
    "addNote": (0.1, 0.2),
    # Some do.
    "orderRework": (0.04, 0.12),
    "requestFieldVerification": (0.04, 0.1),
    "recordFieldVerification": (0.04, 0.1),
    "requestInformation": (0.04, 0.1),
    "receiveInformation": (0.04, 0.1),
    "offerHandOver": (0.02, 0.08),
    "acceptHandOver": (0.02, 0.06),
    "urgeCase": (0.03, 0.08),
    "requestCoHandling": (0.03, 0.08),
    "replyCoHandling": (0.02, 0.06),
    "requestReturn": (0.02, 0.08),
    "rejectCase": (0.02, 0.06),
    "regulariseStep": (0.01, 0.08),
    "lapseFeedback": (0.02, 0.1),
    # And of these there are a few.
    "correctCase": (0.01, 0.05),
    "reclassifyCase": (0.01, 0.04),
    "attachReporter": (0.01, 0.05),
    "reopenCase": (0.01, 0.05),
    "withdrawCase": (0.01, 0.05),
    "closeCase": (0.01, 0.05),
    "proposeRejection": (0.01, 0.05),
    "upholdReturn": (0.01, 0.05),
    "rejectReturn": (0.01, 0.05),
    "recordExternalStatus": (0.01, 0.06),
    "refusePublication": (0.01, 0.05),
    "declareEmergency": (0.005, 0.05),
    "shareCase": (0.01, 0.04),
    "setConfidentiality": (0.01, 0.04),
    # Who answers for the time asks for more of it; or the case cannot go on.
    "requestSuspension": (0.02, 0.06),
    "approveSuspension": (0.015, 0.05),
    "resumeCase": (0.015, 0.05),
    "requestExtension": (0.02, 0.06),
    "approveExtension": (0.01, 0.05),
    "denyExtension": (0.004, 0.03),
    "approveMetricExclusion": (0.002, 0.02),
}
"""Of commands on cases, by how many of them there are for one case."""

FEW: Final = (0.0003, 0.03)
"""For whatever is not in `BANDS`: it happens, and not often."""


@pytest.fixture(scope="module")
def given() -> Counter[str]:
    """What is done in the standard district, by people and by the service; a fixed year."""
    standard = planned(district(SEED, STANDARD))
    by_people = Counter(step.command.NAME for step in standard.year if not step.spare)
    return by_people + Counter(each.command for each in standard.timed)


IN_CASE: Final = frozenset(
    {
        "assignFallbackOwner",
        "escalateOrder",
        "issueOrder",
        "raiseDeadline",
        "recordInterview",
        "releaseOrder",
        "replyToOrder",
    }
)
"""Given where there is something to do: how often there is, only the loaded district knows
(tests/db/test_demonstration.py)."""


@pytest.mark.parametrize("command", sorted(LIFECYCLE.keys() - IN_CASE))
def test_every_command_occurs_in_the_standard_district(given: Counter[str], command: str) -> None:
    low, high = BANDS.get(command, FEW)
    assert low < share(given[command], STANDARD) < high


@pytest.mark.parametrize("command", ["watchCase", "unwatchCase", "importHistory"])
def test_so_does_what_leaves_a_case_as_it_is(given: Counter[str], command: str) -> None:
    assert 0 < share(given[command], STANDARD) < FEW[1] * 2


def test_reporters_write_chinese_and_english(registered: list[RegisterCase]) -> None:
    english = [case for case in registered if case.description and case.description.isascii()]
    assert 0.01 < share(len(english), len(registered)) < 0.1


def test_evidence_is_what_its_command_says(plan: Plan) -> None:
    shown = [step for step in plan.year if isinstance(step.command, AddEvidence)]
    assert {step.command.media_type for step in shown if isinstance(step.command, AddEvidence)} == {
        PAPER,
        PICTURE,
    }
    for step in shown:
        assert isinstance(step.command, AddEvidence)
        assert step.command.sha256 == sha256(step.paper).hexdigest()
        assert step.command.size == len(step.paper) < LIMITS.bytes


def test_no_group_shows_evidence_of_a_case_that_it_begins(plan: Plan) -> None:
    together = list(groups(plan.year))
    assert [step for group in together for step in group] == plan.year
    assert len(together) < len(plan.year) / 20
    for group in together:
        begun = {step.begins for step in group}
        for step in group:
            assert not isinstance(step.command, AddEvidence) or step.command.case_id not in begun


def test_most_cases_are_resolved_and_some_are_not(plan: Plan) -> None:
    outcomes = Counter(each.outcome for each in of_kind(plan, SubmitResolution))
    assert set(outcomes) == set(ResolutionOutcome)
    assert 0.65 < share(outcomes[ResolutionOutcome.RESOLVED], outcomes.total()) < 0.82


def test_heating_is_for_winter_and_mosquitoes_are_for_summer(plan: Plan) -> None:
    heating = months_of(plan, "housing.utility.heating")
    assert heating.total() > 10
    assert set(heating) <= {10, 11, 12, 1, 2, 3, 4}
    mosquitoes = months_of(plan, "health.public.mosquitoes")
    summer = sum(mosquitoes[month] for month in (5, 6, 7, 8, 9))
    assert share(summer, mosquitoes.total()) > 0.6


def test_typhoons_bring_trees_down(plan: Plan) -> None:
    trees = months_of(plan, "urban.facility.fallen-tree")
    assert trees.total() > 5
    assert set(trees) <= {7, 8, 9}


def test_some_of_it_comes_in_from_paper(plan: Plan) -> None:
    late = [step for step in plan.year if step.command.occurred_at is not None]
    assert 0.002 < share(len(late), len(plan.year)) < 0.05
    assert all(step.command.occurred_at < step.at for step in late if step.command.occurred_at)


def test_hardly_two_cases_are_in_the_same_words(registered: list[RegisterCase]) -> None:
    assert len({case.title for case in registered}) > 0.7 * len(registered)
    assert len({case.description for case in registered}) > 0.95 * len(registered)
    assert all(case.title and "{" not in case.title for case in registered)


def test_settings_keep_it_out_of_a_database_of_your_own() -> None:
    assert Settings().loads_demonstration
    assert not Settings(demo=False).loads_demonstration
    own = "postgresql://wardbook@example.org/wardbook"
    assert not Settings.model_validate({"database_url": own}).loads_demonstration
