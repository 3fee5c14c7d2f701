"""Callers that the domain tests are told with."""

from domain.identity import ANONYMOUS, ActorKind, Caller, Role


def person(name: str, *roles: Role) -> Caller:
    return Caller(name, ActorKind.PERSON, frozenset(roles))


REPORTER = person("resident", Role.REPORTER)
NEIGHBOUR = person("neighbour", Role.REPORTER)
INTAKE = person("intake", Role.INTAKE)
REGISTRAR = person("registrar", Role.REGISTRAR)
DISPATCHER = person("dispatcher", Role.DISPATCHER)
OFFICER = person("officer", Role.OFFICER)
UNIT_LEADER = person("leader", Role.UNIT_LEADER)
GRID_WORKER = person("grid worker", Role.GRID_WORKER)
SUPERVISOR = person("supervisor", Role.SUPERVISOR)
EVALUATOR = person("evaluator", Role.EVALUATOR)
AUDITOR = person("auditor", Role.AUDITOR)
OPERATOR = person("operator", Role.SYSTEM_ADMIN)

EVERYBODY_ON_DUTY = person(
    "everybody",
    Role.GRID_WORKER,
    Role.INTAKE,
    Role.REGISTRAR,
    Role.DISPATCHER,
    Role.OFFICER,
    Role.UNIT_LEADER,
    Role.SUPERVISOR,
    Role.EVALUATOR,
    Role.SYSTEM_ADMIN,
    Role.SERVICE,
)
"""May give any command: for tests of rules that do not depend on who."""

__all__ = ["ANONYMOUS"]
