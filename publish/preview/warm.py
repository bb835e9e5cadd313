"""The process that stays warm: everything is imported, and what was read of the content is at hand.

It does no job itself.  Each runs in a fork of it, so that no fault, no leak and nothing
that a job changes outlives the job.  When the code changes, it is replaced by another fork
of the process that has nothing of ours (:mod:`.spare`).
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module

from publish.preview.jobs import LENGTH, ROOT, Job, work
from publish.stops import SIGNALS, raise_on_signals

WORK = "publish.preview.rebuilding"


def main(control: socket.socket, imported: Callable[[], object]) -> None:
    """Serve until nobody holds the other end; ``imported`` is called once all modules are there."""
    before = code_print()
    gc.disable()
    with suppress(Exception):  # the job that needs it will meet the fault again, and tell
        import_module(WORK)
        import_module("plugins.library.code").code_version()
    gc.enable()
    if code_print() != before:
        return  # half of it is older than the rest
    imported()
    sys.dont_write_bytecode = True  # two versions of the settings may be of one second and one size
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    steps: Iterator[None] = iter(())
    while True:
        job, results = receive(control)
        if job is None:
            return
        if results is None:
            steps = remembering()
        else:
            start(job, results, control)
        while not is_waiting(control) and next(steps, control) is not control:
            pass


def is_waiting(control: socket.socket) -> bool:
    """Tell whether there is something to receive."""
    return bool(select.select([control], [], [], 0)[0])


def receive(control: socket.socket) -> tuple[Job | None, int | None]:
    """Return the next job, and where its results go; one that goes nowhere is to remember, None the end."""
    head, descriptors, _, _ = socket.recv_fds(control, LENGTH.size, 1)
    with control.makefile("rb", buffering=0) as stream:
        while head and len(head) < LENGTH.size:
            head += stream.read(LENGTH.size - len(head)) or b""
        content = b""
        while head and len(content) < LENGTH.unpack(head)[0]:
            more = stream.read(LENGTH.unpack(head)[0] - len(content))
            if not more:
                return None, None
            content += more
    job: Job | None = pickle.loads(content) if content else None  # noqa: S301 - from the server we belong to
    return job, descriptors[0] if descriptors else None


def start(job: Job, results: int, control: socket.socket) -> None:
    """Let a fork do a job."""
    if os.fork():
        os.close(results)
        return
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        raise_on_signals()
        control.close()
        work(job, results)
        status = 0
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def remembering() -> Iterator[None]:
    """Have at hand what the next job will need, and keep the collector off it; jobs may come between."""
    gc.unfreeze()
    with suppress(Exception):
        steps = import_module(WORK).remembering()
        while _done(steps):
            yield
    gc.collect()
    gc.freeze()


def _done(steps: Iterator[None]) -> bool:
    """Take a step; it may start processes, and wants to know how they end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        return next(steps, steps) is not steps
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def code_print() -> bytes:
    """Return a hash of our code as it is on the disk."""
    digest = hashlib.sha256((ROOT / "pelican.conf.py").read_bytes())
    for folder in ("plugins", "publish"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            with suppress(OSError):
                digest.update(str(path).encode() + path.read_bytes())
    return digest.digest()
