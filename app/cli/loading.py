"""How far the demonstration district is loaded."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.console import err
from app.demo.loading import Told


@contextmanager
def progress_of_loading() -> Iterator[Told]:
    """A bar on standard error while the demonstration district is loaded."""
    columns = (TextColumn("loading the demonstration district"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=err, transient=True) as bars:
        bar = bars.add_task("loading", total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)
