"""Jobs: functions that run in a process of their own and send what they find as they go.

What is sent is made of plain values (text, bytes, numbers, tuples, dictionaries), since
the code at the other end may be older.
"""

from __future__ import annotations

import pickle
import struct
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

ROOT = Path(__file__).resolve().parents[2]
Send = Callable[[Any], None]
_LENGTH = struct.Struct(">Q")
END, FAILED = "end", "failed"


@dataclass(frozen=True)
class Job:
    """A function, named as ``package.module:name``, and what it is given after ``send``."""

    function: str
    arguments: tuple[Any, ...] = ()


def framed(value: object) -> bytes:
    """Return a value with its length before it."""
    content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(content)) + content


def read_framed(stream: BinaryIO) -> Any:
    """Return the next value; raises EOFError at the end."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return pickle.loads(_exactly(stream, length))  # noqa: S301 — comes from a process of ours


def _exactly(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content


def work(job: Job, results: int) -> None:
    """Do a job here and now; what it sends goes to the file descriptor ``results``."""
    with open(results, "wb", buffering=0) as stream:

        def send(value: object) -> None:
            content = memoryview(framed(value))
            while content:
                content = content[stream.write(content) :]

        try:
            module, _, name = job.function.partition(":")
            getattr(import_module(module), name)(send, *job.arguments)
            send((END, None))
        except KeyboardInterrupt:
            return  # whoever stopped it wants to hear nothing
        except Exception as error:  # whatever it is, it is told
            send((FAILED, told(error)))


def told(error: BaseException) -> tuple[str, int, str]:
    """Return where an exception comes from (file, line) and what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    here = [frame for frame in frames if frame.filename.startswith(str(ROOT))] or frames
    name, line = (here[-1].filename, here[-1].lineno or 1) if here else ("", 1)
    if isinstance(error, SyntaxError) and error.filename:
        name, line = error.filename, error.lineno or 1
    return name, line, f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    work(read_framed(sys.stdin.buffer), int(sys.argv[1]))
