"""The process that stays warm: everything is imported, and what was read of the content is at hand.

It does no job itself.  Each runs in a fork of it, so that no fault, no leak and nothing
that a job changes outlives the job.  When the code changes, it is replaced.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module

from publish.preview.jobs import LENGTH, ROOT, Job, work
from publish.stops import SIGNALS, raise_on_signals

WORK = "publish.preview.rebuilding"


def main(control: socket.socket) -> None:
    """Serve until nobody holds the other end."""
    before = code_print()
    with suppress(Exception):  # the job that needs it will meet the fault again, and tell
        import_module(WORK)
        import_module("plugins.library.code").code_version()
    if code_print() != before:
        return  # half of it is older than the rest
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        job, results = receive(control)
        if job is None:
            return
        if results is None:
            remember()
        else:
            start(job, results, control)


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


def remember() -> None:
    """Have at hand what the next job will need, and keep the collector away from it."""
    gc.unfreeze()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # it may start processes, and wants to know how they end
    with suppress(Exception):
        import_module(WORK).remember()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    gc.collect()
    gc.freeze()


def code_print() -> bytes:
    """Return a hash of our code as it is on the disk."""
    digest = hashlib.sha256((ROOT / "pelican.conf.py").read_bytes())
    for folder in ("plugins", "publish"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            with suppress(OSError):
                digest.update(str(path).encode() + path.read_bytes())
    return digest.digest()


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
