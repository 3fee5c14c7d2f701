"""The command line: what it prints where, and with which exit code it ends."""

import json
import re
import shlex
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from app.cli import main as cli
from app.cli.commands.replay import in_words
from app.cli.errors import CommandFailed, expected
from app.cli.exit_codes import ExitCode
from app.cli.main import names, run
from app.identity import KEY_FILE, Tokens
from domain.identity import ActorKind, Role
from domain.refusal import NotPermitted
from tests.servers import free_port

ROOT = Path(__file__).parents[2]
COMMANDS = sorted(name.rstrip("_") for name in names())


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WARDBOOK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path / "data"


Printed = pytest.CaptureFixture[str]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: Printed) -> None:
    assert run([name, "--help"]) == ExitCode.OK
    assert f"wardbook {name}" in capsys.readouterr().out


def test_every_example_in_a_help_is_a_command_line_that_is_understood() -> None:
    program = typer.main.get_command(cli.build())
    for command, path in leaves(program, ["wardbook"]):
        examples = re.findall(r"\$\[/\] (?:WARDBOOK\S+ )*(.*)", command.epilog or "")
        assert examples, path
        for example in examples:
            words = shlex.split(example)
            assert words[: len(path)] == path
            command.make_context(path[-1], words[len(path) :]).close()


def leaves(command: object, path: list[str]) -> Iterator[tuple[TyperCommand, list[str]]]:
    """Every command without subcommands, with the words that lead to it."""
    if isinstance(command, TyperGroup):
        for name, below in command.commands.items():
            yield from leaves(below, [*path, name])
    elif isinstance(command, TyperCommand):
        yield command, path


def test_help_lists_every_command(capsys: Printed) -> None:
    assert run(["--help"]) == ExitCode.OK
    printed = capsys.readouterr().out
    assert all(f" {name} " in printed for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_documents_every_command(name: str) -> None:
    assert f"| `wardbook {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "-"),
        ([], "-"),
        (["housing", "justice"], "housing; justice"),
        ([{"kind": "STAGE", "number": 1, "due": "then", "breachedAt": None}], "STAGE due then"),
        ({"kind": "STAGE", "due": "then", "breachedAt": "then"}, "STAGE due then, passed"),
        ({"number": 2, "state": "OPEN", "repliedAt": None, "units": []}, "number 2, state OPEN"),
    ],
)
def test_a_replay_tells_values_in_words(value: object, words: str) -> None:
    assert in_words(value) == words


@pytest.mark.parametrize("code", ExitCode)
def test_the_readme_documents_every_exit_code(code: ExitCode) -> None:
    assert f"\n| {code.value} | " in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [["nope"], ["token"], ["token", "--role", "KING"], ["serve", "--nope"], ["token", "extra"]],
)
def test_a_wrong_command_line_is_a_usage_error(arguments: list[str], capsys: Printed) -> None:
    assert run(arguments) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Error" in captured.err


@pytest.mark.parametrize("name", ["serve", "migrate", "doctor"])
def test_a_bad_setting_is_named_without_a_traceback(
    name: str, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARDBOOK_PORT", "x")
    assert run([name]) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == 'wardbook: WARDBOOK_PORT: must be 1-65535, got "x"\n'


def test_a_token_is_all_that_is_printed(capsys: Printed, data_dir: Path) -> None:
    assert run(["token", "--role", "registrar", "--role", "AUDITOR", "--unit", "u1"]) == ExitCode.OK
    captured = capsys.readouterr()
    (line,) = captured.out.splitlines()
    caller = Tokens.open(data_dir / KEY_FILE).verify(line).caller
    assert caller.principal == "registrar"
    assert caller.kind is ActorKind.PERSON
    assert caller.roles == {Role.REGISTRAR, Role.AUDITOR}
    assert caller.unit == "u1"
    assert captured.err == ""


def test_a_token_is_for_whom_it_says(capsys: Printed, data_dir: Path) -> None:
    assert run(["token", "--role", "OFFICER", "--name", "li", "--position", "p"]) == ExitCode.OK
    caller = Tokens.open(data_dir / KEY_FILE).verify(capsys.readouterr().out.strip()).caller
    assert (caller.principal, caller.position) == ("li", "p")


def test_a_token_for_nobody_is_refused(capsys: Printed) -> None:
    assert run(["token", "--role", "OFFICER", "--name", "anonymous"]) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("wardbook: --name, --role: ")


def test_no_token_is_issued_beside_an_oidc_issuer(
    capsys: Printed, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARDBOOK_OIDC_ISSUERS", "https://id.example.org=wardbook")
    assert run(["token", "--role", "OFFICER"]) == ExitCode.REFUSED
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "WARDBOOK_OIDC_ISSUERS" in captured.err
    assert not data_dir.exists()


def test_a_key_file_that_others_can_read_is_refused(capsys: Printed, data_dir: Path) -> None:
    assert run(["token", "--role", "OFFICER"]) == ExitCode.OK
    (data_dir / KEY_FILE).chmod(0o644)
    assert run(["token", "--role", "OFFICER"]) == ExitCode.REFUSED
    assert "chmod 600" in capsys.readouterr().err


def test_doctor_before_the_first_start_finds_nothing_wrong(capsys: Printed, data_dir: Path) -> None:
    assert run(["doctor", "--json"]) == ExitCode.OK
    checks = json.loads(capsys.readouterr().out)
    assert all(check["passed"] for check in checks)
    assert not data_dir.exists()


def test_doctor_asks_the_issuers_for_their_keys(
    capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        issuer = f"http://127.0.0.1:{taken.getsockname()[1]}"
    monkeypatch.setenv("WARDBOOK_OIDC_ISSUERS", f"{issuer}=wardbook")
    assert run(["doctor", "--json"]) == ExitCode.REFUSED
    found = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert "token keys" not in found
    assert not found["OIDC issuer"]["passed"]
    assert found["OIDC issuer"]["found"].startswith(issuer)


def test_doctor_says_how_to_mend(
    capsys: Printed, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir.mkdir()
    data_dir.chmod(0o777)
    (data_dir / KEY_FILE).touch(mode=0o644)
    monkeypatch.setenv("WARDBOOK_PROT", "1")
    assert run(["doctor", "--json"]) == ExitCode.REFUSED
    mend = {check["name"]: check["mend"] for check in json.loads(capsys.readouterr().out)}
    assert mend["data folder"] == f"chmod o-w {data_dir}"
    assert mend["token keys"] == f"chmod 600 {data_dir / KEY_FILE}"
    assert mend["settings"] == "see README.md"
    assert mend["versions"] is None
    assert run(["doctor"]) == ExitCode.REFUSED
    assert "chmod 600" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["serve", "migrate", "doctor"])
def test_an_unreachable_database_is_said_so(
    name: str, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARDBOOK_PORT", str(free_port()))
    monkeypatch.setenv("WARDBOOK_DATABASE_URL", f"postgresql://a:geheim@127.0.0.1:{free_port()}/x")
    monkeypatch.setenv("WARDBOOK_ADMIN_DATABASE_URL", f"postgresql://a@127.0.0.1:{free_port()}/x")
    assert run([name]) == ExitCode.UNREACHABLE
    captured = capsys.readouterr()
    assert "cannot be reached" in captured.out + captured.err
    assert "geheim" not in captured.out + captured.err
    assert "Traceback" not in captured.err


def test_migrate_needs_an_admin(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["migrate", "--admin-url", "postgresql://a@b/c"]) == ExitCode.USAGE
    monkeypatch.setenv("WARDBOOK_DATABASE_URL", "postgresql://a:b@127.0.0.1/x")
    assert run(["migrate"]) == ExitCode.USAGE
    assert run(["migrate", "--admin-url", "nonsense"]) == ExitCode.USAGE
    assert capsys.readouterr().err.count("--admin-url: ") == 3


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (CommandFailed("x"), ExitCode.REFUSED),
        (CommandFailed("x", ExitCode.USAGE), ExitCode.USAGE),
        (NotPermitted(permission="importHistory"), ExitCode.REFUSED),
        (ConnectionRefusedError(111, "Connection refused"), ExitCode.UNREACHABLE),
        (TimeoutError(), ExitCode.UNREACHABLE),
    ],
)
def test_expected_failures_have_an_exit_code(error: Exception, exit_code: ExitCode) -> None:
    known = expected(error)
    assert known is not None
    assert known[0] == exit_code


def test_a_fault_of_ours_shows_where(capsys: Printed) -> None:
    assert cli.report(ZeroDivisionError("x")) == ExitCode.FAULT
    assert "ZeroDivisionError" in capsys.readouterr().err
