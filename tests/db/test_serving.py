"""The service as a process: it starts by itself, keeps what it acknowledged, and stops in order."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from app.cli.exit_codes import ExitCode
from app.database import Database
from app.database.embedded import EmbeddedServer
from app.demo.loading import COMPLETE
from app.demo.plan import LAST_COMMAND
from tests.servers import NO_IDLE_CONNECTIONS, free_port, remove

REGISTER = """
mutation ($id: UUID!) {
  registerCase(input: { commandId: $id, channel: HOTLINE, title: "Street lamp out" }) {
    ... on CaseChanged { position case { caseNo stage } }
    ... on CommandError { code message }
  }
}
"""
WAIT = 120
"""Seconds: far more than anything here takes."""


@dataclass
class Service:
    """`wardbook serve` as a process of its own, and the client that its output speaks of."""

    process: subprocess.Popen[str]
    client: httpx.Client

    def register(self) -> tuple[int, str]:
        """Position and number of a case registered just now."""
        answer = self.client.post("/graphql", json={"query": REGISTER, "variables": new_id()})
        changed = answer.json()["data"]["registerCase"]
        return int(changed["position"]), str(changed["case"]["caseNo"])

    def ready(self) -> bool:
        """Whether it says that it can serve."""
        return self.client.get("/readyz").status_code == HTTPStatus.OK

    def numbers(self) -> set[str]:
        """The numbers of all cases."""
        query = "{ cases(first: 100) { nodes { caseNo } } }"
        answer = self.client.post("/graphql", json={"query": query})
        return {node["caseNo"] for node in answer.json()["data"]["cases"]["nodes"]}

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(WAIT)


def new_id() -> dict[str, str]:
    return {"id": str(uuid4())}


@dataclass
class Place:
    """A data folder and a port, for one service after another."""

    data_dir: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """What `wardbook` is started with."""
        return {
            "PATH": os.environ["PATH"],
            "WARDBOOK_DATA_DIR": str(self.data_dir),
            "WARDBOOK_PORT": str(self.port),
            "WARDBOOK_DEMO": "0",
        }

    @property
    def log(self) -> Path:
        """What its services said on standard error, one after another."""
        return self.data_dir.with_name("service.log")

    def command(
        self, *arguments: str, log: Path | None = None, **environment: str
    ) -> subprocess.Popen[str]:
        """Start a `wardbook` command; what it says on standard error may go to a file."""
        with nullcontext(subprocess.PIPE) if log is None else log.open("a") as errors:
            return subprocess.Popen(
                [sys.executable, "-m", "app.cli.main", *arguments],
                env=self.environment | environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    @contextmanager
    def service(self, **environment: str) -> Iterator[Service]:
        """A service that has said it is ready."""
        process = self.command("serve", "--json", log=self.log, **environment)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, self.log.read_text()
            said = json.loads(line)
            headers = {"Authorization": f"Bearer {said['token']}"}
            with httpx.Client(
                base_url=said["address"], headers=headers, timeout=WAIT, limits=NO_IDLE_CONNECTIONS
            ) as client:
                yield Service(process, client)
        finally:
            process.kill()
            process.communicate(timeout=WAIT)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    data_dir = tmp_path / "data"
    yield Place(data_dir, free_port())
    server = EmbeddedServer(data_dir)
    server.start()
    server.stop()
    assert not server.cluster.running()
    remove(server.cluster)


def server_pid(place: Place) -> int | None:
    """The process id of the embedded PostgreSQL, if it runs."""
    server = EmbeddedServer(place.data_dir)
    return server.look().pid()


def test_a_stop_signal_ends_it_in_order_and_keeps_everything(place: Place) -> None:
    with place.service() as service:
        assert service.ready()
        _, number = service.register()
        assert service.stop() == ExitCode.OK
    assert server_pid(place) is None
    set_up = place.log.read_text().count("migrated")
    assert set_up > 0
    with place.service() as service:
        assert place.log.read_text().count("migrated") == set_up, "a second start sets up nothing"
        assert service.numbers() == {number}
        assert service.stop(signal.SIGINT) == ExitCode.OK


def test_after_kill_nothing_acknowledged_is_lost_and_positions_go_on(place: Place) -> None:
    with place.service() as service:
        position, first = service.register()
        service.process.kill()
        service.process.wait(WAIT)
    left_behind = server_pid(place)
    assert left_behind is not None
    with place.service() as service:
        assert server_pid(place) == left_behind
        assert service.register()[0] == position + 1
        assert first in service.numbers()
        os.kill(left_behind, signal.SIGKILL)
        service.process.kill()
        service.process.wait(WAIT)
    with place.service() as service:
        assert service.register()[0] == position + 2
        assert service.stop() == ExitCode.OK
    assert server_pid(place) is None


def test_a_killed_database_is_started_again_under_a_running_service(place: Place) -> None:
    with place.service() as service:
        position, _ = service.register()
        killed = server_pid(place)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        until = time.monotonic() + WAIT
        # Backends outlive their server for a moment, and answer that all is well until they end.
        while server_pid(place) in (None, killed) or not service.ready():
            assert time.monotonic() < until
            time.sleep(0.05)
        assert service.register()[0] == position + 1
        assert service.stop() == ExitCode.OK
    assert server_pid(place) is None


def test_other_commands_share_the_database_with_it(place: Place) -> None:
    with place.service() as service:
        service.register()
        verify = place.command("verify", "--json")
        out, err = verify.communicate(timeout=WAIT)
        assert verify.returncode == ExitCode.OK, err
        assert json.loads(out)
        service.register()
        assert service.stop() == ExitCode.OK


def test_a_taken_port_is_said_so_before_anything_is_made(place: Place) -> None:
    with place.service() as service:
        other = Place(place.data_dir.with_name("other"), place.port)
        second = other.command("serve")
        _, err = second.communicate(timeout=WAIT)
        assert second.returncode == ExitCode.REFUSED
        assert "cannot listen on 127.0.0.1" in err
        assert "Traceback" not in err
        assert not other.data_dir.exists()
        assert service.stop() == ExitCode.OK


def test_a_lost_key_file_is_not_replaced(place: Place) -> None:
    with place.service() as service:
        service.register()
        assert service.stop() == ExitCode.OK
    key = place.data_dir / "key-encryption-key"
    kept = key.read_bytes()
    key.unlink()
    process = place.command("serve")
    _, err = process.communicate(timeout=WAIT)
    assert process.returncode == ExitCode.REFUSED
    assert "put the right file back" in err
    assert not key.exists()
    key.touch(mode=0o600)
    key.write_bytes(kept)
    with place.service() as service:
        assert len(service.numbers()) == 1
        assert service.stop() == ExitCode.OK


def test_the_first_queries_of_the_readme_get_the_answers_it_shows(place: Place) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## A first query")[2].partition("\n## ")[0]
    queries = re.findall(r"```graphql\n(.*?)```", section, re.DOTALL)
    answers = re.findall(r"```json\n(.*?)```", section, re.DOTALL)
    assert len(queries) == len(answers) == 2
    with place.service() as service:
        for query, answer in zip(queries, answers, strict=True):
            for _ in range(2):
                given = service.client.post("/graphql", json={"query": query}).json()
                assert without_numbers(given) == without_numbers(json.loads(answer))
        assert service.stop() == ExitCode.OK


def test_a_district_killed_while_it_was_loaded_is_complete_when_it_is_served(place: Place) -> None:
    said(place, "migrate")
    size = ("demo", "--cases", "600", "--json")
    loading = place.command(*size)
    try:
        until = time.monotonic() + WAIT
        while not loaded_a_part(place):
            assert loading.poll() is None
            assert time.monotonic() < until
    finally:
        loading.kill()
        loading.communicate(timeout=WAIT)
    assert not complete(place)
    with place.service(WARDBOOK_DEMO="1") as service:
        assert complete(place)
        headers = {"Authorization": f"Bearer {said(place, 'token', '--role', 'AUDITOR')}"}
        # Parts that were split off, and histories from before, are cases too. Totals follow.
        until = time.monotonic() + WAIT
        while (cases := counted(service.client, headers)) < 600 and time.monotonic() < until:
            time.sleep(0.1)
        assert 600 <= cases < 640
        query = {"query": "{ viewer { principal roles } }"}
        viewer = service.client.post("/graphql", json=query, headers=headers).json()["data"]
        assert viewer["viewer"]["roles"] == ["AUDITOR", "REPORTER"]
        assert viewer["viewer"]["principal"].startswith("p-")
        assert service.stop() == ExitCode.OK
    assert json.loads(said(place, *size))["entries"] > 5000


def counted(client: httpx.Client, headers: dict[str, str]) -> int:
    """How many cases whoever it is sees, by the totals."""
    query = {"query": "{ cases(first: 1) { totalCount } }"}
    answer = client.post("/graphql", json=query, headers=headers).json()
    count: int = answer["data"]["cases"]["totalCount"]
    return count


def said(place: Place, *arguments: str) -> str:
    """What a command prints, once it has ended well."""
    process = place.command(*arguments)
    printed, _ = process.communicate(timeout=WAIT)
    assert process.returncode == ExitCode.OK
    return printed.strip()


def asked(place: Place, query: str, *parameters: object) -> object:
    """The answer of the embedded database, which runs."""

    server = EmbeddedServer(place.data_dir)
    server.look()

    async def ask() -> object:
        connection = await Database(server.service_dsn).connect()
        try:
            return await connection.fetchval(query, *parameters)
        finally:
            await connection.close()

    return asyncio.run(ask())


def loaded_a_part(place: Place) -> bool:
    """Whether some of its year is recorded."""
    try:
        return bool(asked(place, "SELECT size > 1000 FROM journal.head"))
    except (OSError, asyncpg.PostgresError):
        return False


def complete(place: Place) -> bool:
    """Whether the last command of a district is recorded."""
    return bool(asked(place, COMPLETE, LAST_COMMAND))


def without_numbers(answer: object) -> object:
    """The answer, with case numbers left out: they are drawn by chance."""
    return json.loads(re.sub(r"\d{8}-[0-9A-Z]{8}", "NUMBER", json.dumps(answer)))


BRING = """
mutation { registerCase(input: { channel: WEB }) { ... on CaseChanged { case { caseId } } } }
"""


def test_an_upload_killed_in_the_middle_leaves_what_was_recorded_whole(place: Place) -> None:
    listing = "query ($id: ID!) { case(id: $id) { evidence { id sha256 } } }"
    document = b"%PDF-1.7\n" + os.urandom(600_000)
    evidence = place.data_dir / "evidence"
    with place.service() as service:
        answer = service.client.post("/graphql", json={"query": BRING}).json()
        case_id = answer["data"]["registerCase"]["case"]["caseId"]
        url = f"/cases/{case_id}/evidence"
        assert service.client.post(url, content=document).status_code == HTTPStatus.CREATED

        def half() -> Iterator[bytes]:
            yield document + b"other"
            until = time.monotonic() + WAIT
            while not list(evidence.glob("incoming/*")):
                assert time.monotonic() < until
            service.process.kill()
            yield b"the rest"

        with pytest.raises(httpx.TransportError):
            service.client.post(url, content=half())
        service.process.wait(WAIT)
    assert len(list(evidence.glob("incoming/*"))) == 1
    with place.service() as service:
        query = {"query": listing, "variables": {"id": case_id}}
        listed = service.client.post("/graphql", json=query).json()["data"]["case"]["evidence"]
        assert [each["sha256"] for each in listed] == [sha256(document).hexdigest()]
        assert service.client.get(f"/evidence/{listed[0]['id']}").content == document
        checked = json.loads(said(place, "verify", "--evidence", "--json"))
        assert checked["intact"]
        assert checked["evidence"] == {"pieces": 1, "bytes": len(document), "erased": 0}
        assert {path.stat().st_mode & 0o077 for path in [evidence, *evidence.rglob("*")]} == {0}
        next(evidence.glob(f"*/*/{sha256(document).hexdigest()}")).unlink()
        verify = place.command("verify", "--evidence", "--json")
        printed, _ = verify.communicate(timeout=WAIT)
        assert verify.returncode == ExitCode.REFUSED
        assert [each["code"] for each in json.loads(printed)["findings"]] == ["EVIDENCE_MISSING"]
        assert service.stop() == ExitCode.OK
