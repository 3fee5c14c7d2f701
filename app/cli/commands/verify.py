"""`wardbook verify`: recomputes the journal's chain and tree from its entries."""

from collections.abc import Callable
from typing import Annotated, Final

import typer
from rich.progress import Progress
from rich.table import Table

from app.cli.console import Json, err, out, print_json, run
from app.cli.errors import CommandFailed
from app.cli.exit_codes import ExitCode
from app.evidence.checking import EvidenceChecked, check_evidence
from app.evidence.store import FolderStore
from app.journal.keys import StreamKeys
from app.journal.reader import Reader
from app.journal.verify import Verification, verify
from app.runtime import database_of, open_keys
from app.settings import Settings, load_settings
from domain.merkle import HASH_SIZE, Head

HEAD_SIZE = "SELECT size FROM journal.head"


EXAMPLES: Final = (
    "wardbook verify",
    "wardbook verify --against SIZE:ROOT",
    "wardbook verify --evidence",
)


def command(
    against: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE:ROOT",
            help="A size and root noted earlier (`journal { position root }`), which the "
            "journal must continue.",
        ),
    ] = None,
    evidence: Annotated[
        bool,
        typer.Option(
            "--evidence",
            help="Also open every stored piece of evidence, and compare it with its hash.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Check that nothing was altered: every hash, chain and tree node, from the entries up."""
    noted = None if against is None else parse_head(against)
    result, checked = run(_verify(load_settings(), noted, evidence=evidence, quiet=json))
    if checked is not None:
        result.findings += checked.findings
    if json:
        print_json(_document(result, checked))
    else:
        _show(result, checked)
    if not result.intact:
        raise typer.Exit(ExitCode.REFUSED)


def parse_head(text: str) -> Head:
    """SIZE:ROOT, the root as 64 hexadecimal digits. Raises CommandFailed."""
    size, _, root = text.partition(":")
    try:
        head = Head(int(size), bytes.fromhex(root))
    except ValueError:
        head = Head(-1, b"")
    if head.size < 0 or len(head.root) != HASH_SIZE:
        raise CommandFailed(
            "--against: SIZE:ROOT is needed, a number and 64 hexadecimal digits", ExitCode.USAGE
        )
    return head


async def _verify(
    settings: Settings, against: Head | None, *, evidence: bool, quiet: bool
) -> tuple[Verification, EvidenceChecked | None]:
    async with database_of(settings) as database:
        keys = StreamKeys(await open_keys(database, settings.key_path))
        connection = await database.connect()
        try:
            with Progress(console=err, transient=True, disable=quiet) as progress:
                total = await connection.fetchval(HEAD_SIZE)

                def told(what: str) -> Callable[[int], None]:
                    task = progress.add_task(what, total=total)
                    return lambda position: progress.update(task, completed=position)

                found = await verify(Reader(keys), connection, against, told("verifying"))
                if not evidence:
                    return found, None
                store = FolderStore(settings.evidence_path)
                return found, await check_evidence(connection, keys, store, told("evidence"))
        finally:
            await connection.close()


def _document(result: Verification, checked: EvidenceChecked | None) -> dict[str, object]:
    document: dict[str, object] = {
        "intact": result.intact,
        "size": result.head.size,
        "root": result.head.root.hex(),
        "streams": result.streams,
        "findings": [vars(finding) for finding in result.findings],
    }
    if checked is not None:
        document["evidence"] = {
            "pieces": checked.pieces,
            "bytes": checked.bytes,
            "erased": checked.erased,
        }
    return document


def _show(result: Verification, checked: EvidenceChecked | None) -> None:
    size, root = result.head.size, result.head.root.hex()
    if checked is not None:
        out.print(
            f"{checked.pieces} pieces of evidence ({checked.bytes} bytes) are as they were, "
            f"{checked.erased} erased."
        )
    if result.intact:
        out.print(f"[green]Intact.[/] {size} entries in {result.streams} streams.")
        out.print(f"Note this down to check against later:\n{size}:{root}", highlight=False)
        return
    table = Table(title=f"[red]Not as it was written[/] ({size} entries)")
    for column in ("What", "Position", "Detail"):
        table.add_column(column)
    for finding in result.findings:
        position = "" if finding.position is None else str(finding.position)
        table.add_row(finding.code, position, finding.detail)
    out.print(table)
