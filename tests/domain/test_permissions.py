"""The permission table, walked completely, and whose cases a reporter may touch."""

from typing import get_args

import pytest

from domain.calendar.commands import CalendarCommand
from domain.case import CaseCommand
from domain.case.imported import ImportHistory
from domain.case.intake import RegisterCase
from domain.catalogue.commands import CatalogueCommand
from domain.directory import DirectoryCommand
from domain.escalation_policy.commands import EscalationPolicyCommand
from domain.identity import ANONYMOUS, Authority, Caller, Role
from domain.journal import OpenJournal, RecordExport
from domain.metric_definitions.commands import MetricDefinitionsCommand
from domain.permissions import (
    EXPORT_JOURNAL,
    PERMISSIONS,
    POLICY_VERSION,
    READ_ACCESS_LOG,
    READ_CASES,
    READ_CATALOGUE,
    READ_CONFIGURATION,
    READ_DIRECTORY,
    READ_EVIDENCE,
    READ_JOURNAL,
    READ_METRICS,
    READ_ORIGINAL_EVIDENCE,
    READ_REPORTER,
    RECORD_REFUSED_ATTEMPT,
    authority,
    permitted,
)
from domain.personal_data import ReadReporter
from domain.refusal import NotFound, NotPermitted
from domain.routing_policy.commands import RoutingCommand
from domain.scope import NOTHING, Scope, scope_of
from domain.sla_policy.commands import SlaPolicyCommand
from domain.watching import UnwatchCase, WatchCase
from tests.domain.people import AUDITOR, NEIGHBOUR, OFFICER, OPERATOR, REPORTER, person

ON_A_CASE = sorted(kind.NAME for kind in get_args(CaseCommand))
CONFIGURING = {
    kind.NAME
    for commands in (
        CatalogueCommand,
        RoutingCommand,
        CalendarCommand,
        SlaPolicyCommand,
        EscalationPolicyCommand,
        MetricDefinitionsCommand,
    )
    for kind in get_args(commands)
}
ON_THE_DIRECTORY = {kind.NAME for kind in get_args(DirectoryCommand)}
COMMANDS = {
    *ON_A_CASE,
    *CONFIGURING,
    *ON_THE_DIRECTORY,
    RegisterCase.NAME,
    ImportHistory.NAME,
    OpenJournal.NAME,
    WatchCase.NAME,
    UnwatchCase.NAME,
}
# An export or a reading of personal data is recorded, but nothing in the journal changes by it.
READING = {
    READ_CASES,
    READ_JOURNAL,
    EXPORT_JOURNAL,
    READ_CATALOGUE,
    READ_CONFIGURATION,
    READ_DIRECTORY,
    READ_METRICS,
    RECORD_REFUSED_ATTEMPT,
    READ_REPORTER,
    READ_ACCESS_LOG,
    READ_EVIDENCE,
    READ_ORIGINAL_EVIDENCE,
}
PUBLIC = {"registerCase", READ_CATALOGUE}


def test_every_command_has_a_row_and_every_row_is_a_command_or_a_reading() -> None:
    assert set(PERMISSIONS) == COMMANDS | READING


def test_recording_an_export_needs_what_exporting_needs() -> None:
    assert RecordExport.NAME == EXPORT_JOURNAL


def test_recording_a_reading_of_personal_data_needs_what_reading_needs() -> None:
    assert ReadReporter.NAME == READ_REPORTER


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_somebody_may_use_it(permission: str) -> None:
    assert PERMISSIONS[permission]


@pytest.mark.parametrize("permission", sorted(COMMANDS))
def test_an_auditor_changes_nothing(permission: str) -> None:
    assert authority(AUDITOR, permission) is None


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_nobody_in_particular_only_registers_and_reads_the_catalogue(permission: str) -> None:
    assert (authority(ANONYMOUS, permission) is not None) is (permission in PUBLIC)


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
@pytest.mark.parametrize("role", Role)
def test_authority_is_what_the_table_says(role: Role, permission: str) -> None:
    granted = authority(person("somebody", role), permission)
    if role in PERMISSIONS[permission]:
        assert granted == Authority(permission, POLICY_VERSION)
    else:
        assert granted is None


def test_what_is_not_in_the_table_is_denied() -> None:
    assert authority(person("everybody", *Role), "eraseEverything") is None


class TestPermittedOnACase:
    @pytest.mark.parametrize("permission", ON_A_CASE)
    @pytest.mark.parametrize("role", Role)
    @pytest.mark.parametrize("reporter", ["somebody", "somebody else", None])
    def test_by_role_and_for_a_reporter_by_ownership(
        self, role: Role, permission: str, reporter: str | None
    ) -> None:
        caller = person("somebody", role)
        if role not in PERMISSIONS[permission]:
            with pytest.raises(NotPermitted) as refused:
                permitted(caller, permission, reporter)
            assert refused.value.facts == {"permission": permission}
        elif role is Role.REPORTER and reporter != caller.principal:
            with pytest.raises(NotFound):
                permitted(caller, permission, reporter)
        else:
            assert permitted(caller, permission, reporter) == authority(caller, permission)

    def test_staff_who_may_do_it_as_reporters_only_see_that_the_case_exists(self) -> None:
        caller = person("somebody", Role.REPORTER, Role.OFFICER)
        with pytest.raises(NotPermitted):
            permitted(caller, "withdrawCase", "somebody else")

    def test_staff_may_do_it_on_their_own_case_as_reporters(self) -> None:
        caller = person("somebody", Role.REPORTER, Role.OFFICER)
        assert permitted(caller, "withdrawCase", "somebody").permission == "withdrawCase"

    def test_a_case_that_nobody_signed_in_for_is_not_that_of_a_namesake(self) -> None:
        with pytest.raises(NotFound):
            permitted(person(ANONYMOUS.principal, Role.REPORTER), "withdrawCase", None)

    def test_registering_is_for_oneself(self) -> None:
        granted = permitted(REPORTER, "registerCase", REPORTER.principal)
        assert granted == Authority("registerCase", POLICY_VERSION)


class TestScope:
    def test_staff_see_every_case(self) -> None:
        assert scope_of(OFFICER) == Scope(every_case=True, own="officer", internal=True)

    def test_an_auditor_sees_every_case(self) -> None:
        assert scope_of(AUDITOR).every_case

    def test_a_reporter_sees_their_own(self) -> None:
        assert scope_of(NEIGHBOUR) == Scope(every_case=False, own="neighbour", internal=False)

    def test_staff_who_also_report_see_as_staff(self) -> None:
        assert scope_of(person("both", Role.REPORTER, Role.INTAKE)).internal

    @pytest.mark.parametrize("caller", [ANONYMOUS, OPERATOR, person("nobody")])
    def test_anybody_else_sees_nothing(self, caller: Caller) -> None:
        assert scope_of(caller) == NOTHING

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.SERVICE}))
    def test_whoever_may_change_cases_other_than_by_registering_sees_some(self, role: Role) -> None:
        if any(role in PERMISSIONS[permission] for permission in ON_A_CASE):
            assert scope_of(person("somebody", role)) != NOTHING
