"""CPU time: what work costs whatever else runs on the machine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil


@dataclass
class Cpu:
    """Seconds of CPU of the processes below each root; known once the measured block has ended."""

    roots: tuple[int, ...]
    used: tuple[float, ...] = ()

    def per(self, times: int) -> str:
        """Microseconds for each of so many times, one figure for each root."""
        return " + ".join(f"{seconds / times * 1e6:,.0f}" for seconds in self.used)


@contextmanager
def cpu_of(*roots: int) -> Iterator[Cpu]:
    """Measure a block: the processes with these ids, each with all below it.

    A process that ends inside the block is not counted.
    """
    measured = Cpu(roots)
    before = [_spent(root) for root in roots]
    yield measured
    after = [_spent(root) for root in roots]
    measured.used = tuple(
        sum(seconds - then.get(pid, 0) for pid, seconds in now.items())
        for then, now in zip(before, after, strict=True)
    )


def _spent(root: int) -> dict[int, float]:
    process = psutil.Process(root)
    below = [] if root == os.getpid() else process.children(recursive=True)
    spent = {}
    for one in (process, *below):
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            spent[one.pid] = times.user + times.system
    return spent
