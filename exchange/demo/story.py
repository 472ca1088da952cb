"""How the day is told. Invariant: what is told goes to one stream, the document to the other."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from core.money import Money

T = TypeVar("T")


class Story:
    """A console that tells; quiet about nothing, and on standard error where JSON is asked for."""

    def __init__(self, *, json: bool) -> None:
        self.console = Console(file=sys.stderr if json else sys.stdout, highlight=False)

    def chapter(self, title: str) -> None:
        """Begin a part of the day."""
        self.console.print()
        self.console.rule(f"[bold]{title}", align="left")

    def say(self, text: str) -> None:
        """Tell one thing."""
        self.console.print(f"  {text}")

    def table(self, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Show rows; numbers stand to the right."""
        self.console.print(f"\n  [bold]{title}")
        shown = Table(show_edge=False, pad_edge=False)
        listed = [tuple(row) for row in rows]
        for place, head in enumerate(heads):
            numeric = bool(listed) and isinstance(listed[0][place], int | Money)
            shown.add_column(head, justify="right" if numeric else "left", overflow="fold")
        for row in listed:
            shown.add_row(*(str(cell) for cell in row))
        self.console.print(shown)

    def each(self, title: str, items: Sequence[T]) -> Iterator[T]:
        """Yield the items with a bar that tells how far it is."""
        with self.progress(title, len(items)) as advance:
            for item in items:
                yield item
                advance()

    @contextmanager
    def progress(self, title: str, total: int) -> Iterator[Any]:
        """Show a bar; what is yielded moves it on by one."""
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeElapsedColumn(), console=self.console) as bar:
            task = bar.add_task(title, total=total)
            yield lambda: bar.advance(task)
