"""Jobs: functions that run in a process of their own and send what they find as they go.

What is sent is made of plain values (text, bytes, numbers, tuples, dictionaries), since
the code at the other end may be older.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LENGTH = struct.Struct(">Q")
STARTED, SENT, END, FAILED = "started", "sent", "end", "failed"
Send = Callable[[Any], None]


@dataclass(frozen=True)
class Job:
    """A function, named as ``package.module:name``, and what it is given after ``send``."""

    function: str
    arguments: tuple[Any, ...] = ()


def framed(value: object) -> bytes:
    """Return a value with its length before it."""
    content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(content)) + content


def work(job: Job, results: int) -> None:
    """Do a job here and now; what it sends goes to the file descriptor ``results``."""
    with suppress(BrokenPipeError, KeyboardInterrupt), os.fdopen(results, "wb", buffering=0) as stream:

        def tell(kind: str, value: object) -> None:
            content = memoryview(framed((kind, value)))
            while content:
                content = content[stream.write(content) :]

        tell(STARTED, os.getpid())
        try:
            module, _, name = job.function.partition(":")
            getattr(import_module(module), name)(lambda value: tell(SENT, value), *job.arguments)
            tell(END, None)
        except (BrokenPipeError, KeyboardInterrupt):
            raise  # nobody wants to hear any more
        except BaseException as error:  # whatever it is, it is told
            tell(FAILED, told(error))


def told(error: BaseException) -> tuple[str, int, str]:
    """Return where an exception comes from (file, line), and what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT)] or frames
    name, line = (ours[-1].filename, ours[-1].lineno or 1) if ours else ("", 1)
    if isinstance(error, SyntaxError) and error.filename:
        name, line = error.filename, error.lineno or 1
    path = Path(name)
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else name
    return name, line, f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    from publish.stops import raise_on_signals

    raise_on_signals()
    work(pickle.loads(sys.stdin.buffer.read()[LENGTH.size :]), int(sys.argv[1]))  # noqa: S301 - ours
