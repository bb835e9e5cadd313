"""Where jobs run: in forks of a process that stays warm; in fresh processes where a system has no fork."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import subprocess
import sys
import sysconfig
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from publish.preview.jobs import END, FAILED, LENGTH, ROOT, STARTED, Job, framed

HAS_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")
_PAUSE, _NUDGES = 0.5, 6
"""A job that is to stop is asked so often, with so many seconds between; then it is made to."""


class JobError(Exception):
    """A job failed; ``path`` and ``line`` tell where, if anybody knows."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(message)
        self.path, self.line, self.message = path, line, message


class JobStoppedError(Exception):
    """A job ended because it was told to."""


@dataclass
class Running:
    """A job at work."""

    results: int
    process: subprocess.Popen[bytes] | None = None
    pid: int = 0
    stopping: bool = False
    ended: bool = False

    async def messages(self) -> AsyncGenerator[Any, None]:
        """Yield what it sends; raises :class:`JobError`, or :class:`JobStoppedError`."""
        loop, stream = asyncio.get_running_loop(), asyncio.StreamReader()
        pipe = os.fdopen(self.results, "rb", buffering=0)
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), pipe)
        try:
            while True:
                (length,) = LENGTH.unpack(await stream.readexactly(LENGTH.size))
                kind, value = pickle.loads(await stream.readexactly(length))  # noqa: S301 - a job of ours
                if kind == STARTED:
                    self._begin(value)
                elif kind == FAILED:
                    self.ended = True
                    raise JobError(*value)
                elif kind == END:
                    self.ended = True
                    return
                else:
                    yield value
        except asyncio.IncompleteReadError:
            if self.stopping:
                raise JobStoppedError from None
            raise JobError("", 1, "the process that was at work has ended") from None
        finally:
            await self._end(stream)
            transport.close()

    async def _end(self, stream: asyncio.StreamReader) -> None:
        """Wait until the process has let go of its end; one that nobody listens to any more is told to."""
        if not self.ended:
            self.stop()
        while await stream.read(LENGTH.size << 10):
            pass
        if self.process:
            await asyncio.to_thread(self.process.wait)
        self.pid = 0

    def _begin(self, pid: int) -> None:
        self.pid = pid
        if self.stopping:
            self._nudge(pid)

    def stop(self) -> None:
        """Let the job tidy up and end."""
        if not self.stopping:
            self.stopping = True
            self._nudge(self.pid)

    def _nudge(self, pid: int, times: int = 0) -> None:
        """Send a signal, and again as long as the process lives: Python can lose one."""
        if pid and pid == self.pid and _lives(pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if times > _NUDGES else signal.SIGTERM)
            asyncio.get_running_loop().call_later(_PAUSE, self._nudge, pid, times + 1)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Workers:
    """Starts jobs: in forks of a warm process, which is itself a fork of the spare one."""

    _control: socket.socket | None = field(default=None, repr=False)
    _spare: Spare | None = field(default=None, repr=False)

    def run(self, job: Job) -> Running:
        """Start a job."""
        reading, writing = os.pipe()
        try:
            return Running(reading, None if HAS_FORK and self._hand(job, writing) else _fresh(job, writing))
        finally:
            os.close(writing)

    def remember(self) -> None:
        """Let the warm process learn what the last job has found."""
        if self._control is not None:
            self._hand(Job(""), None)

    def _hand(self, job: Job, results: int | None) -> bool:
        """Hand a job to the warm process, a new one if the old is gone; tell whether somebody took it."""
        for _ in range(2):
            try:
                control = self._control or self._warm_up()
                content = framed(job)
                socket.send_fds(control, [content[: LENGTH.size]], [] if results is None else [results])
                control.sendall(content[LENGTH.size :])
            except OSError:
                self.renew()
            else:
                return True
        return False

    def _warm_up(self) -> socket.socket:
        if self._spare is None or self._spare.packages != packages():
            self._end_spare()
            self._spare = Spare()
        self._control, other = socket.socketpair()
        with other:
            try:
                socket.send_fds(self._spare.control, [b"+"], [other.fileno()])
            except OSError:
                self._end_spare()
                raise
        return self._control

    def renew(self) -> None:
        """Let the next job start another warm process, with the code as it is then."""
        if self._control is not None:
            self._control.close()
        self._control = None

    def close(self) -> None:
        """Let all processes end that stay."""
        self.renew()
        self._end_spare()

    def _end_spare(self) -> None:
        if self._spare is not None:
            self._spare.close()
        self._spare = None


def packages() -> list[str]:
    """Return the names of what is installed, which hold versions: a process has those of its start."""
    return sorted(os.listdir(sysconfig.get_path("purelib")))


class Spare:
    """The process that has all foreign code at hand (:mod:`.spare`), and the line to it."""

    def __init__(self) -> None:
        self.packages = packages()
        self.control, other = socket.socketpair()
        with other:
            command = [sys.executable, "-m", "publish.preview.spare", str(other.fileno())]
            self._process = subprocess.Popen(
                command, cwd=ROOT, pass_fds=[other.fileno()], start_new_session=True
            )

    def close(self) -> None:
        """Let it end, and what it has forked; it waits for nothing."""
        self.control.close()
        try:
            self._process.wait(_PAUSE * _NUDGES)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _fresh(job: Job, results: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "publish.preview.jobs", str(results)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, pass_fds=[results])
    if process.stdin is not None:
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(framed(job))
    return process
