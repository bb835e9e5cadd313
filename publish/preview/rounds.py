"""Rounds: after every change the pages on the screen are shown, and then the whole site is made.

The last change wins: what comes while a round shows its first look is taken up by the
next round, what comes later stops the round.  What was good last stays on the screen.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publish.preview.jobs import Job
from publish.preview.server import Service
from publish.preview.watching import Snapshot, changes
from publish.preview.workers import JobError, JobStoppedError, Running

CODE = ("plugins/", "publish/")
"""A process has this as it was at its start; all else, the settings too, each job reads for itself."""
REBUILD = "publish.preview.rebuilding:rebuild"


@dataclass
class Rounds:
    """Keeps the preview as the files are."""

    service: Service
    snapshot: Snapshot
    _changed: set[str] = field(default_factory=set)
    _untold: set[str] = field(default_factory=set)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _given_up: asyncio.Event = field(default_factory=asyncio.Event)
    _following: set[asyncio.Task[None]] = field(default_factory=set)
    _running: Running | None = None
    _looked: bool = False

    async def keep(self) -> None:
        """Go on for ever."""
        await asyncio.to_thread(self.snapshot.refresh)
        self._wake.set()
        watch = asyncio.create_task(self._watch())
        try:
            while True:
                await self._wake.wait()
                await self._round()
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
            self._give_up()
            await asyncio.gather(*self._following)
            self.service.workers.close()

    async def _watch(self) -> None:
        async for names in changes(self.snapshot):
            self.again(names)

    def again(self, names: Collection[str] = ()) -> None:
        """Let another round follow, at once if this one has shown what it has to show, or not begun."""
        self._changed |= {*names}
        self._wake.set()
        if self._looked or (self._running and not self._running.pid):
            self._give_up()

    def _give_up(self) -> None:
        """Stop the round; nobody waits until it is gone."""
        if self._running:
            self._running.stop()
            self._given_up.set()

    def hear(self, message: dict[str, Any]) -> None:
        """Take what a page wants: to be shown with drafts, or as published."""
        if isinstance(message.get("with_held"), bool):
            self.service.state["with_held"] = message["with_held"]
            self.again()

    async def _round(self) -> None:
        """Take one round, and tell how it ended."""
        self._wake.clear()
        self._given_up.clear()
        names, self._changed = self._changed, set()
        self._untold |= names
        if any(name.startswith(CODE) for name in names):
            self.service.workers.renew()
        self._looked, self._running = False, self.service.workers.run(self._job())
        self.service.tell(building=True)
        follow = asyncio.create_task(self._follow(self._running, Line(self._untold, time.monotonic())))
        self._following.add(follow)
        follow.add_done_callback(self._following.discard)
        given_up = asyncio.create_task(self._given_up.wait())
        await asyncio.wait({follow, given_up}, return_when=asyncio.FIRST_COMPLETED)
        given_up.cancel()
        self._running = None
        self.service.tell(rounds=self.service.state["rounds"] + 1)
        if follow.done():
            self._untold = set()
            self.service.workers.remember()

    def _job(self) -> Job:
        service = self.service
        given = (str(service.shelf.folder), service.site_url, service.state["with_held"], service.on_screen())
        return Job(REBUILD, given)

    async def _follow(self, running: Running, line: Line) -> None:
        """Take what a round sends, up to its end or until it was given up."""
        try:
            async with aclosing(running.messages()) as messages:
                async for message in messages:
                    if not running.stopping:
                        self._take(line, *message)
        except JobStoppedError:
            pass
        except JobError as error:
            if not running.stopping:
                self._take(line, "problems", [_problem(error)])

    def _take(self, line: Line, kind: str, *values: Any) -> None:
        """Take a message of the round."""
        shelf = self.service.shelf
        if kind == "look":
            files, facts = values
            shelf.first, self._looked = files, True
            line.looked = time.monotonic()
            self.service.tell(**facts)
            if self._wake.is_set():
                self._give_up()
        elif kind == "done":
            shelf.first = {}
            made = self.service.state["made"] + 1
            self.service.tell(building=False, fresh=True, made=made, **values[0])
            line.print(values[0])
        else:
            self.service.tell(building=False, fresh=False, problems=values[0])
            line.print_problems(values[0])


@dataclass
class Line:
    """What a round prints: one line, after the problems if there are any."""

    names: Collection[str]
    started: float
    looked: float = 0.0

    def print(self, facts: dict[str, Any]) -> None:
        """Print how long it took, how many entries there are, and what had changed.

        Before that comes what keeps a draft from being shown.
        """
        print_errors(facts["problems"])
        seconds = time.monotonic() - self.started
        look = f"{self.looked - self.started:.2f} s on screen, " if self.looked else ""
        held = [shown for *_, shown in facts["held"].values()]
        more = f", {sum(held)} of them held back" if any(held) else ""
        left_out = len(facts["left_out"])
        more += f"; {left_out} left out until mended" if left_out else ""
        self._say(f"{look}{seconds:.2f} s in all  {facts['entries']} entries{more}")

    def print_problems(self, problems: list[dict[str, Any]]) -> None:
        """Print what is to be mended."""
        number = print_errors(problems)
        self._say(f"{number} problem{'s' if number != 1 else ''}; the last good build stays")

    def _say(self, words: str) -> None:
        names = sorted(self.names)
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        what = ", ".join(names[:3]) + more if names else "begun"
        print(f"{time.strftime('%H:%M:%S')}  {words}  {what}", flush=True)


def print_errors(problems: list[dict[str, Any]]) -> int:
    """Print what is to be mended now, and return how much that is."""
    errors = [one for one in problems if not one["warning"]]
    for one in errors:
        print(f"{one['path']}:{one['line']}: {one['message']} {one['cure']}".rstrip())
    return len(errors)


def _problem(error: JobError) -> dict[str, Any]:
    """Return a fault in the code as a problem."""
    cure = "Mend the code; the preview tries again on every change."
    path = error.path or "publish/preview"
    return {
        "path": Path(path).as_posix(),
        "line": error.line,
        "column": 0,
        "rule": "python",
        "message": f"{error.message}.",
        "cure": cure,
        "warning": False,
    }
