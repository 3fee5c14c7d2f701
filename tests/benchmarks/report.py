"""How benchmarks print what they measured."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table


def report(title: str, measured: Mapping[str, str]) -> None:
    """One table of names and figures."""
    table = Table(title=title, show_header=False, title_justify="left")
    for name, figure in measured.items():
        table.add_row(name, figure)
    Console().print(table)
