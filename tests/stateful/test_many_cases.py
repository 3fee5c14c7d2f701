"""Whatever people ask of many cases, in whatever order: every promise of the service holds."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from rich.console import Console

from tests.servers import Server
from tests.stateful.machine import ManyCases
from tests.stateful.reached import Reached
from tests.stateful.world import World

LONG = 40
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.mark.parametrize(
    ("examples", "steps"),
    [
        (3, 20),
        pytest.param(200, LONG, marks=[pytest.mark.faults, pytest.mark.timeout(3600)]),
    ],
)
def test_random_commands_by_random_people(server: Server, examples: int, steps: int) -> None:
    """The long run gives every command that there is, and tells how far it got."""
    console = Console(width=160, markup=False, highlight=False)
    with asyncio.Runner() as runner:

        class OnThisServer(ManyCases):
            reached = Reached(console.print if steps >= LONG else str)

            @staticmethod
            @contextmanager
            def begin() -> Iterator[World]:
                name = runner.run(server.copy())
                world = World(runner, server.service_dsn(name))
                try:
                    yield world
                finally:
                    world.close()
                    runner.run(server.drop(name))

        run_state_machine_as_test(
            OnThisServer,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=SLOW,
                print_blob=True,
                # Making a failure small takes minutes: the long run does.
                phases=PHASES if steps < LONG else tuple(Phase),
            ),
        )
    if steps >= LONG:
        console.print(OnThisServer.reached.table())
        assert OnThisServer.reached.missing() == []
