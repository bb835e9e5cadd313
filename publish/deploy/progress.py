"""Progress on long uploads: a bar on a terminal, silence elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar


class Progress:
    """Counts bytes towards a total; shows them if standard error is a terminal."""

    def __init__(self, total: int, words: str = "Uploading", *, shown: bool | None = None) -> None:
        self.total = total
        self.done = 0
        is_shown = sys.stderr.isatty() if shown is None else shown
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=Console(stderr=True), disable=not is_shown, transient=True)
        self._task = self._bar.add_task(words, total=total)

    def advance(self, size: int) -> None:
        """Note that ``size`` bytes more have gone."""
        self.done += size
        self._bar.update(self._task, completed=min(self.done, self.total))

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._bar.stop()
