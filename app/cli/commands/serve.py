"""`wardbook serve`: the service, until a stop signal."""

import gc
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import uvloop
from rich.table import Table

from app.cli.console import Json, err, out, print_json, print_plain
from app.cli.errors import CommandFailed
from app.cli.loading import progress_of_loading
from app.demo.people import Someone, one_of_each_role
from app.demo.plan import District
from app.identity import issue_token
from app.logging import configure_logging
from app.runtime import Runtime
from app.serving import AddressInUse, serve
from app.settings import Settings, load_settings, unknown_names
from domain.identity import ActorKind, Caller, Role

FIRST_ROLES: Final = frozenset(
    {Role.INTAKE, Role.REGISTRAR, Role.DISPATCHER, Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR}
)
A_GRID: Final = "yl-luting-2-3"
"""Of the demonstration district."""

OBJECTS_BETWEEN_COLLECTIONS: Final = 100_000
"""What is answered at one time takes less; Python would look for garbage at every 700, in vain."""

FIRST_REQUEST: Final = """\
mutation {
  registerCase(input: {
    commandId: "%s", channel: HOTLINE
    title: "Street lamp out in Lane 5", area: "%s"
  }) {
    ... on CaseChanged { position case { caseNo stage title } }
    ... on CommandError { code message }
  }
}"""


EXAMPLES: Final = ("wardbook serve", "WARDBOOK_PORT=9000 WARDBOOK_DEMO=0 wardbook serve")


def command(json: Json = False) -> None:
    """Start the database, bring it up to date, and serve until a stop signal."""
    settings = load_settings()
    configure_logging(settings.log_level)
    for name in unknown_names():
        err.print(f"wardbook: {name} is no setting of ours and is ignored", markup=False)
    announce = _announce_to_machines if json else _announce
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)

    def ready(running: Runtime, district: District | None) -> None:
        # What is there by now stays, and need not be looked through for garbage again.
        gc.collect()
        gc.freeze()
        announce(running, district)

    try:
        uvloop.run(serve(settings, ready, progress_of_loading))
    except AddressInUse as error:
        raise CommandFailed(str(error)) from None


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _persons(running: Runtime, district: District | None) -> list[Someone]:
    """Of the demonstration district, one for each role."""
    directory = running.directory.current()
    if directory is None or district is None or not running.settings.issues_tokens:
        return []
    return one_of_each_role(directory, datetime.now(UTC))


def _first_token(settings: Settings, persons: list[Someone]) -> str | None:
    """A token for a first look, on the embedded database only: output is kept in log files."""
    if not settings.issues_tokens:
        return None
    clerk = next((each.person for each in persons if each.role is Role.INTAKE), "first-look")
    caller = Caller(clerk, ActorKind.PERSON, FIRST_ROLES)
    return issue_token(settings.data_dir, caller, settings.token_lifetime)


def _announce_to_machines(running: Runtime, district: District | None) -> None:
    settings, persons = running.settings, _persons(running, district)
    print_json(
        {
            "address": _address(settings),
            "token": _first_token(settings, persons),
            "persons": {each.role: each.person for each in persons},
        }
    )


def _announce(running: Runtime, district: District | None) -> None:
    settings, persons = running.settings, _persons(running, district)
    address, token = _address(settings), _first_token(settings, persons)
    out.print(f"\n[bold]Wardbook serves on {address}[/] (API explorer: {address}/)", soft_wrap=True)
    if token is None:
        issuers = ", ".join(issuer.issuer for issuer in settings.oidc_issuers)
        out.print(f"Tokens: {issuers or 'wardbook token --role ROLE'}\n", soft_wrap=True)
        return
    out.print(f"\nA token, valid for {settings.token_lifetime_hours} hours, for the header:\n")
    print_plain(f"Authorization: Bearer {token}")
    out.print(
        f"\nA first request for {address}/graphql (send it twice: it is recorded once):\n",
        soft_wrap=True,
    )
    print_plain(FIRST_REQUEST % (uuid4(), A_GRID if persons else "grid-7"))
    if persons:
        _show(persons)
    kept = f"\nCtrl-C stops it. Everything is kept in {settings.data_dir}"
    out.print(kept, soft_wrap=True, highlight=False, markup=False)


def _show(persons: list[Someone]) -> None:
    table = Table("Role", "Person", "Unit", box=None, padding=(0, 2, 0, 0))
    for each in persons:
        table.add_row(each.role, each.person, each.unit or "a resident")
    out.print("\nPersons of the demonstration district (`wardbook token --role ROLE`):\n")
    out.print(table)
