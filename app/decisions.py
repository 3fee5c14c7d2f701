"""Which decision of the domain answers which command, and under which authority."""

from collections.abc import Callable, Mapping, MutableMapping
from typing import Final, TypeGuard, TypeVar, get_args
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.attempts import AttemptLog, RecordRefusedAttempt, attempts_of, record_attempt
from domain.calendar.commands import CalendarCommand
from domain.calendar.commands import decide as decide_calendar
from domain.calendar.state import CALENDAR_WAY
from domain.case import Case, CaseCommand, register
from domain.case import decide as decide_case
from domain.case.imported import ImportHistory, begin_history, extend_history
from domain.case.intake import RegisterCase
from domain.case.others import Cases
from domain.case.structure import named_by, taken_by
from domain.catalogue.commands import CatalogueCommand
from domain.catalogue.commands import decide as decide_catalogue
from domain.catalogue.state import CATALOGUE_WAY
from domain.command import Circumstances, Command
from domain.configuration import ConfigurationOf, VersionContent
from domain.directory import DIRECTORY_STREAM, Directory, DirectoryCommand
from domain.directory import decide as decide_directory
from domain.escalation_policy.commands import EscalationPolicyCommand
from domain.escalation_policy.commands import decide as decide_escalation
from domain.escalation_policy.state import ESCALATION_WAY
from domain.identity import Authority, Caller
from domain.journal import (
    EXPORTS_STREAM,
    GENESIS_STREAM,
    ExportLog,
    Jurisdiction,
    OpenJournal,
    RecordExport,
    open_journal,
    record_export,
)
from domain.metric_definitions.commands import MetricDefinitionsCommand
from domain.metric_definitions.commands import decide as decide_metrics
from domain.metric_definitions.state import METRICS_WAY
from domain.permissions import permitted
from domain.personal_data import AccessLog, ReadReporter, access_log_of, record_reading
from domain.reach import Place
from domain.refusal import (
    CaseAlreadyRegistered,
    JournalAlreadyOpen,
    NotFound,
    VersionConflict,
)
from domain.routing_policy.commands import RoutingCommand
from domain.routing_policy.commands import decide as decide_routing
from domain.routing_policy.state import ROUTING_WAY
from domain.sla_policy.commands import SlaPolicyCommand
from domain.sla_policy.commands import decide as decide_sla
from domain.sla_policy.state import SLA_WAY
from domain.versioning import Way
from domain.watching import UnwatchCase, WatchCase, WatchCommand, WatchList, watch_list_of
from domain.watching import decide as decide_watching

A = TypeVar("A", bound=Aggregate)
C = TypeVar("C", bound=Command)
K = TypeVar("K", bound=ConfigurationOf[VersionContent])

Administered = tuple[UUID, Callable[[Aggregate | None, Command, Circumstances], Aggregate]]
"""The one stream that a command is about, and how it is decided on it."""


def _kept_in(
    stream_id: UUID, kind: type[A], decide: Callable[[A | None, C, Circumstances], A], of: object
) -> dict[type[Command], Administered]:
    """What is administered by the commands of the union `of`."""

    def carried_out(aggregate: Aggregate | None, command: Command, by: Circumstances) -> A:
        return decide(aggregate if isinstance(aggregate, kind) else None, command, by)  # type: ignore[arg-type]  # found by its class

    return dict.fromkeys(get_args(of), (stream_id, carried_out))


def _configured(
    way: Way[K], decide: Callable[[K | None, C, Circumstances], K], of: object
) -> dict[type[Command], Administered]:
    return _kept_in(way.stream_id, way.configuration, decide, of)


# Asked several times for each command: `isinstance` would look through dozens of classes.
_ADMINISTRATIVE: Final = {
    **_kept_in(DIRECTORY_STREAM, Directory, decide_directory, DirectoryCommand),
    **_configured(CATALOGUE_WAY, decide_catalogue, CatalogueCommand),
    **_configured(ROUTING_WAY, decide_routing, RoutingCommand),
    **_configured(CALENDAR_WAY, decide_calendar, CalendarCommand),
    **_configured(SLA_WAY, decide_sla, SlaPolicyCommand),
    **_configured(ESCALATION_WAY, decide_escalation, EscalationPolicyCommand),
    **_configured(METRICS_WAY, decide_metrics, MetricDefinitionsCommand),
}
"""Commands on the streams of which there is one each."""

_OF_CASES: Final = frozenset(get_args(CaseCommand))

NOTHING_HELD: Final[Mapping[UUID, Aggregate | None]] = {}


def about(
    command: Command, caller: Caller, aggregate: Aggregate | None
) -> tuple[str | None, Place | None]:
    """Whose case a command is about and where that lies, as for `permitted`."""
    if isinstance(command, ReadReporter):
        return command.reporter, command.place
    if isinstance(aggregate, Case):
        return aggregate.reporter_for(caller), aggregate.place
    return caller.principal, None


def streams_of(
    command: Command, held: Mapping[UUID, Aggregate | None] = NOTHING_HELD
) -> frozenset[UUID]:
    """The streams a command is decided on, as far as what is held already can tell.

    Nearly always one. With more of them held there may be more to take.
    """
    stream_id = stream_of(command)
    case = held.get(stream_id)
    if isinstance(case, Case):
        return taken_by(command, case, _cases(held)) | {stream_id}
    return taken_by(command, None, {}) | {stream_id}


def stream_of(command: Command) -> UUID:
    """The stream a command is addressed to."""
    match command:
        case OpenJournal():
            return GENESIS_STREAM
        case RecordExport():
            return EXPORTS_STREAM
        case ReadReporter() | RecordRefusedAttempt() | WatchCase() | UnwatchCase():
            return _about_a_person(command)
        case _ if _administers(command):
            stream_id, _ = _ADMINISTRATIVE[type(command)]
            return stream_id
        case RegisterCase() | ImportHistory():
            return command.case_id
        case _:
            return _case_command(command).case_id


def decide(
    aggregate: Aggregate | None,
    command: Command,
    caller: Caller,
    by: Circumstances,
    others: MutableMapping[UUID, Aggregate | None] | None = None,
) -> tuple[Aggregate, Authority]:
    """The aggregate with its new events pending, and the authority they are recorded under.

    others: what `streams_of` names beside it. Those that change have events pending too; one that
    begins is put there.
    Raises a `domain.refusal.Refusal`; then nothing is pending.
    """
    match command:
        case OpenJournal():
            return _open(aggregate, command, caller, by)
        case RecordExport() | ReadReporter() | RecordRefusedAttempt() | WatchCase() | UnwatchCase():
            return _note(aggregate, command, caller, by)
        case _ if _administers(command):
            return _administer(aggregate, command, caller, by)
        case RegisterCase():
            return _register(aggregate, command, caller, by)
        case ImportHistory():
            return _import(aggregate, command, caller, by)
        case _:
            together = {} if others is None else _cases(others)
            decided = _change(aggregate, _case_command(command), caller, by, together)
            if others is not None:
                others.update(together)
            return decided


def _open(
    aggregate: Aggregate | None, command: OpenJournal, caller: Caller, by: Circumstances
) -> tuple[Aggregate, Authority]:
    authority = permitted(caller, command.NAME, None)
    if isinstance(aggregate, Jurisdiction):
        raise JournalAlreadyOpen(name=aggregate.name)
    return open_journal(command, by), authority


def _note(
    aggregate: Aggregate | None,
    command: RecordExport | ReadReporter | RecordRefusedAttempt | WatchCommand,
    caller: Caller,
    by: Circumstances,
) -> tuple[Aggregate, Authority]:
    """What leaves the service is noted before it does, what was refused, and who watches what."""
    if isinstance(command, WatchCommand):
        authority = permitted(caller, command.NAME, command.reporter)
        watched = aggregate if isinstance(aggregate, WatchList) else None
        return decide_watching(watched, command, by), authority
    if isinstance(command, ReadReporter):
        authority = permitted(caller, command.NAME, command.reporter, command.place)
        readings = aggregate if isinstance(aggregate, AccessLog) else None
        return record_reading(readings, command, by), authority
    # It is about the caller themselves, whoever may read it: a resident is recorded too.
    authority = permitted(caller, command.NAME, caller.principal)
    if isinstance(command, RecordRefusedAttempt):
        attempts = aggregate if isinstance(aggregate, AttemptLog) else None
        return record_attempt(attempts, command, by), authority
    log = aggregate if isinstance(aggregate, ExportLog) else None
    return record_export(log, command, by), authority


def _about_a_person(command: ReadReporter | RecordRefusedAttempt | WatchCommand) -> UUID:
    if isinstance(command, WatchCommand):
        return watch_list_of(command.principal)
    if isinstance(command, ReadReporter):
        return access_log_of(command.subject)
    return attempts_of(command.principal)


def _administer(
    aggregate: Aggregate | None, command: Command, caller: Caller, by: Circumstances
) -> tuple[Aggregate, Authority]:
    authority = permitted(caller, command.NAME, None)
    _check_version(aggregate, command)
    _, decided = _ADMINISTRATIVE[type(command)]
    return decided(aggregate, command, by), authority


def _register(
    aggregate: Aggregate | None, command: RegisterCase, caller: Caller, by: Circumstances
) -> tuple[Aggregate, Authority]:
    authority = permitted(caller, command.NAME, caller.principal)
    if aggregate is not None:
        raise CaseAlreadyRegistered(case_no=command.case_no)
    return register(command, by), authority


def _import(
    aggregate: Aggregate | None, command: ImportHistory, caller: Caller, by: Circumstances
) -> tuple[Aggregate, Authority]:
    authority = permitted(caller, command.NAME, None)
    if not isinstance(aggregate, Case):
        return begin_history(command, by), authority
    extend_history(aggregate, command)
    return aggregate, authority


def _change(
    aggregate: Aggregate | None,
    command: CaseCommand,
    caller: Caller,
    by: Circumstances,
    others: Cases,
) -> tuple[Aggregate, Authority]:
    if not isinstance(aggregate, Case):
        permitted(caller, command.NAME, None)
        raise NotFound(what="case")
    authority = permitted(caller, command.NAME, aggregate.reporter_for(caller), aggregate.place)
    named = named_by(command)
    if named is not None:
        _check_other({aggregate.id: aggregate, **others}.get(named), command, caller)
    _check_version(aggregate, command)
    decide_case(aggregate, command, by, others)
    return aggregate, authority


def _check_other(other: Case | None, command: Command, caller: Caller) -> None:
    """What is done to the other case is permitted there too; whether it exists is not told."""
    if other is None:
        permitted(caller, command.NAME, None)
        raise NotFound(what="case")
    permitted(caller, command.NAME, other.reporter_for(caller), other.place)


def _cases(held: Mapping[UUID, Aggregate | None]) -> Cases:
    return {each: case for each, case in held.items() if isinstance(case, Case)}


def _check_version(aggregate: Aggregate | None, command: Command) -> None:
    expected = None if command.COMMUTES else command.expected_version
    if aggregate is not None and expected is not None and expected != aggregate.version:
        raise VersionConflict(aggregate.id, expected, aggregate.version)


def _administers(command: Command) -> bool:
    return type(command) in _ADMINISTRATIVE


def _is_of_case(command: Command) -> TypeGuard[CaseCommand]:
    return type(command) in _OF_CASES


def _case_command(command: Command) -> CaseCommand:
    if _is_of_case(command):
        return command
    raise TypeError(f"{type(command).__name__} has no decision")
