"""`wardbook serve`: the service, until a stop signal."""

from typing import Final
from uuid import uuid4

import uvloop

from app.cli.console import Json, err, out, print_json, print_plain
from app.cli.errors import CommandFailed
from app.identity import issue_token
from app.logging import configure_logging
from app.serving import AddressInUse, serve
from app.settings import Settings, load_settings, unknown_names
from domain.identity import ActorKind, Caller, Role

FIRST_ROLES: Final = frozenset(
    {Role.INTAKE, Role.REGISTRAR, Role.DISPATCHER, Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR}
)
FIRST_REQUEST: Final = """\
mutation {
  registerCase(input: {
    commandId: "%s", channel: HOTLINE
    title: "Street lamp out in Lane 5", area: "grid-7"
  }) {
    ... on CaseChanged { position case { caseNo stage title } }
    ... on CommandError { code message }
  }
}"""


def command(json: Json = False) -> None:
    """Start the database, bring it up to date, and serve until a stop signal."""
    settings = load_settings()
    configure_logging(settings.log_level)
    for name in unknown_names():
        err.print(f"wardbook: {name} is no setting of ours and is ignored", markup=False)
    announce = _announce_to_machines if json else _announce
    try:
        uvloop.run(serve(settings, lambda: announce(settings)))
    except AddressInUse as error:
        raise CommandFailed(str(error)) from None


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _first_token(settings: Settings) -> str | None:
    """A token for a first look, on the embedded database only: output is kept in log files."""
    if settings.database_url is not None or settings.oidc_issuers:
        return None
    caller = Caller("first-look", ActorKind.PERSON, FIRST_ROLES)
    return issue_token(settings.data_dir, caller, settings.token_lifetime)


def _announce_to_machines(settings: Settings) -> None:
    print_json({"address": _address(settings), "token": _first_token(settings)})


def _announce(settings: Settings) -> None:
    address, token = _address(settings), _first_token(settings)
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
    print_plain(FIRST_REQUEST % uuid4())
    kept = f"\nCtrl-C stops it. Everything is kept in {settings.data_dir}"
    out.print(kept, soft_wrap=True, highlight=False, markup=False)
