"""Renews a small folder again and again, each time stopped or signalled at another line.

Prints what readers saw.
Run as a program of its own, since it forks::

    python -m tests.publish.moments FOLDER SIGNAL [--two-steps] [--first]

Each trial is a process that stops itself before the n-th line it runs in ``publish/renewal.py``
or ``publish/owned.py``, waits there as long as readers look, then gets the signal.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from publish import renewal
from publish.renewal import renewal as renew
from publish.stops import raise_on_signals

NEVER = 10**9
WATCHED = ("renewal.py", "natures.py", "owned.py", "stops.py", "moments.py")
CLOSELY = ("put_in_place", "exchange", "undisturbed")
FILES = ("index.html", "a/index.html", "a/b.css")
SHARED = "a/c.css"
"""A file that both builds have, and of which the second only has another name."""


def write_site(folder: Path, build: str) -> None:
    """Write a site of a few files that all say which build they are of."""
    for name in FILES:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(build, encoding="utf-8")


def make(output: Path, build: str) -> None:
    """Build the small site at ``output``."""
    with renew(output) as work:
        write_site(work.new, build)
        if (output / SHARED).exists():
            os.link(output / SHARED, work.new / SHARED)
        else:
            (work.new / SHARED).write_text(SHARED, encoding="utf-8")
        work.put_in_place()


def seen(output: Path) -> str:
    """Return which build a reader of ``output`` sees: its name, ``nothing``, or what is wrong."""
    if not output.exists():
        return "nothing"
    found = {
        path.relative_to(output).as_posix(): path.read_text() for path in output.rglob("*") if path.is_file()
    }
    found.pop(".common-thread-build", None)
    whole = found.pop(SHARED, None) == SHARED and set(found) == set(FILES) and len(set(found.values())) == 1
    return found["index.html"] if whole else f"torn: {sorted(found.items())}"


def at_each_line(tell: Callable[[str], None]) -> Callable[[FrameType, str, Any], Any]:
    """Return a trace function that tells the name of the function before each line that is run."""

    def trace(frame: FrameType, event: str, _value: Any) -> Any:
        if not frame.f_code.co_filename.endswith(WATCHED):
            return None
        if event == "line":
            tell(frame.f_code.co_name)
        return trace

    return trace


def moments(folder: Path, start: int, every: int, *, first: bool) -> list[int]:
    """Return which lines to stop at: every n-th, and each one near the exchange."""
    output, lines = folder / "out", list[str]()
    folder.mkdir()
    if not first:
        make(output, "old")
    sys.settrace(at_each_line(lines.append))
    make(output, "new")
    sys.settrace(None)
    return [n for n, name in enumerate(lines, 1) if name in CLOSELY or n % every == start % every]


class Trial:
    """One process that renews the folder, and stops at one moment until it is told to go on."""

    def __init__(self, output: Path, moment: int, build: str = "new") -> None:
        self.stopped, say = os.pipe()
        hear, self.go = os.pipe()
        self.words, speak = os.pipe()
        self.process = os.fork()
        if self.process:
            for end in (say, hear, speak):
                os.close(end)
            return
        os.dup2(speak, sys.stderr.fileno())
        os.close(speak)
        raise_on_signals()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.close(self.go)

        ahead = iter(range(moment - 1, -1, -1))

        def pause(_name: str) -> None:
            if next(ahead, None) == 0:
                os.write(say, b"x")
                os.read(hear, 1)

        with suppress(KeyboardInterrupt):
            sys.settrace(at_each_line(pause))
            make(output, build)
        sys.settrace(None)
        os._exit(0)

    def wait_for_moment(self) -> bool:
        """Wait until it has stopped; False if it has ended before."""
        return os.read(self.stopped, 1) == b"x"

    def end(self, number: int = 0) -> None:
        """Send it a signal, let it go on, and wait for its end."""
        if number:
            os.kill(self.process, number)
        with suppress(BrokenPipeError):
            os.write(self.go, b"x")
        os.close(self.go)
        os.waitpid(self.process, 0)
        os.close(self.stopped)
        os.close(self.words)


def try_moment(folder: Path, moment: int, number: int, *, first: bool) -> dict[str, Any] | None:
    """Stop a build at one moment, look, signal it, look, and build again; None if there is no such moment."""
    output = folder / "out"
    if not first:
        make(output, "old")
    trial = Trial(output, moment)
    if not trial.wait_for_moment():
        trial.end()
        return None
    during = seen(output)
    trial.end(number)
    result = {"moment": moment, "during": during, "after": seen(output), "left": names(folder)}
    with suppress(ZeroDivisionError), renew(output):
        result["settled"] = seen(output)
        raise ZeroDivisionError
    result["failed"] = names(folder)
    make(output, "next")
    return {**result, "next": seen(output), "end": names(folder)}


def names(folder: Path) -> list[str]:
    """Return what stands in a folder."""
    return sorted(path.name for path in folder.iterdir())


def two_at_once(folder: Path, moment: int, number: int) -> dict[str, Any] | None:
    """Start a second build while the first is stopped at one moment.

    It goes on when the second waits, or is done.
    """
    output = folder / "out"
    make(output, "old")
    one = Trial(output, moment, "one")
    if not one.wait_for_moment():
        one.end()
        return None
    two = Trial(output, NEVER, "two")
    waited = os.read(two.words, 200).decode()
    during = seen(output)
    one.end(number)
    two.wait_for_moment()
    two.end()
    return {"moment": moment, "during": during, "waited": waited, "next": seen(output), "end": names(folder)}


def main() -> None:
    """Try every moment there is; print one JSON object a line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "signal", type=lambda name: int(getattr(signal, f"SIG{name}", 0)), help="INT … or NONE"
    )
    parser.add_argument("--two-steps", action="store_true", help="as where names can't be exchanged")
    parser.add_argument("--first", action="store_true", help="there is no output yet")
    parser.add_argument("--start", type=int, default=1, help="the first moment tried")
    parser.add_argument("--every", type=int, default=1, help="try every n-th moment only")
    parser.add_argument("--two-builds", action="store_true")
    options = parser.parse_args()
    if options.two_steps:
        setattr(renewal, "exchange", lambda _one, _other: False)  # noqa: B010 - mypy takes functions for constants
    for moment in moments(options.folder / "lines", options.start, options.every, first=options.first):
        place = options.folder / str(moment)
        place.mkdir(parents=True)
        found = (
            two_at_once(place, moment, options.signal)
            if options.two_builds
            else try_moment(place, moment, options.signal, first=options.first)
        )
        if found is None:
            return
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
