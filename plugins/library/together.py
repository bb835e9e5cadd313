"""On all cores: what is made of many things, each by itself.

Each further process is a fork of this one, made for one list of things and gone with it, so
nothing has to be sent to it, and nothing of it stays.  What it gives comes back through a
pipe.  Whatever goes wrong there is done again here, where the true error is raised.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")
LEAST = 24
"""Things for which another process is worth its while; fewer are made before it is there."""
_MINE = 0.75
"""What this process does itself for each thing that another one does."""
_PR_SET_PDEATHSIG = 1
"""Of prctl(2): the signal to get when the parent has ended."""


def each(make: Callable[[Thing], Made], things: Sequence[Thing]) -> list[Made]:
    """Return what ``make`` gives for each of ``things``, in their order.

    ``make`` may be anything, a closure too; what it gives has to be picklable.
    It runs in another process, or here: what it changes may be lost.
    """
    mine, *parts = _shared(things, _processes(len(things)))
    others = [_start(make, part) for part in parts]
    try:
        made = [make(thing) for thing in mine]
        for other, part in zip(others, parts, strict=True):
            done = other.result()
            made += [make(thing) for thing in part] if done is None else done
    finally:
        for other in others:
            other.end()
    return made


def _shared(things: Sequence[Thing], processes: int) -> list[Sequence[Thing]]:
    """Return a part for each process; this one, which takes in what the others send, has the smallest."""
    if processes == 1:
        return [things]
    mine = int(len(things) * _MINE / (processes - 1 + _MINE))
    size = -(-(len(things) - mine) // (processes - 1))
    return [things[:mine], *(things[at : at + size] for at in range(mine, len(things), size))]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processes(things: int) -> int:
    """Return how many processes to share the work between, this one included.

    One where the system can't fork, or where another thread may hold a lock that no fork would ever get.
    """
    if not hasattr(os, "fork") or sys.platform == "darwin" or threading.active_count() > 1:
        return 1
    return max(1, min(_cores(), things // LEAST))


@dataclass
class _Fork:
    """A process that makes a part, and the end of the pipe that it comes back through."""

    process: int
    pipe: int

    def result(self) -> list[Any] | None:
        """Return what was made; None if the process failed."""
        with os.fdopen(self.pipe, "rb") as pipe:
            self.pipe = -1
            sent = pipe.read()
        _, status = os.waitpid(self.process, 0)
        self.process = 0
        if status == 0:
            with suppress(EOFError, pickle.UnpicklingError):
                return list(pickle.loads(sent))  # noqa: S301 — sent by ourselves
        return None

    def end(self) -> None:
        """Leave nothing of the process, whether it is done or not."""
        if self.pipe >= 0:
            os.close(self.pipe)
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)


def _start(make: Callable[[Thing], Any], part: Sequence[Thing]) -> _Fork:
    ours, theirs = os.pipe()
    parent = os.getpid()
    process = os.fork()
    if process:
        os.close(theirs)
        return _Fork(process, ours)
    status = 1
    try:
        os.close(ours)
        _end_with(parent)
        sent = pickle.dumps([make(thing) for thing in part], pickle.HIGHEST_PROTOCOL)
        with os.fdopen(theirs, "wb") as pipe:
            pipe.write(sent)
        status = 0
    finally:  # an error too ends here: the parent does it again, and sees
        os._exit(status)  # nothing that the parent has begun is ended here


def _end_with(parent: int) -> None:
    """Let this process end when ``parent`` does, however that ends."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
