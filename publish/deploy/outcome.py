"""What a command may say at its end: what was seen to succeed, and nothing else.

After a fault the target is asked once more which release it shows; only that answer
becomes a sentence about readers.
"""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from plugins.problems import LibraryError, Problem
from publish.deploy.target import State, Target
from publish.stops import Stopped

FAILED = 1
"""Exit status: not done; readers have what they had before."""
LOOK = 3
"""Exit status: somebody has to look: what readers have is not what was asked for, nor what it was."""


class DeployError(LibraryError):
    """A command that did not do what was asked; ``ending`` is the last sentence it says."""

    def __init__(self, problems: Iterable[Problem], ending: str, exitcode: int) -> None:
        super().__init__(problems)
        self.ending = ending
        self.exitcode = exitcode


@dataclass
class Seen:
    """What a command has seen so far: the state it found, and the last switch that it began."""

    target: Target
    before: State | None = None
    begun: str = ""

    def ending(self) -> tuple[str, int]:
        """Return the last sentence after a fault, and the exit status that goes with it."""
        if self.before is None:
            return "Nothing was published.", FAILED
        had = f"{self.target.shows[1]} {named(self.before.live)}"
        try:
            now = self.target.look_again()
        except LibraryError:
            if not self.begun:
                return f"Nothing was published; {had} before.", FAILED
            asked = f"{had} before, and the switch to release {self.begun} was begun"
            return f"What is live could not be found out: {asked}. {_NEXT}", LOOK
        return self._compared(now)

    def _compared(self, now: State) -> tuple[str, int]:
        """Return the sentence and the status for what the target shows now."""
        assert self.before  # noqa: S101
        have = f"{self.target.shows[0]} {named(now.live)}"
        if now.switching_to:
            switch = f"The switch to release {now.switching_to} was begun and not finished"
            return f"{switch}: readers may get pages of it and of {named(now.live)}. {_NEXT}", LOOK
        if now.live == self.before.live:
            return f"Nothing new is published; {have}, as before.", FAILED
        if not self.begun:
            return f"Nothing was published; {have}, which somebody else has switched to.", FAILED
        if now.live == self.begun and now.live not in now.passed:
            return f"Look at the site: {have}, which has not passed its test. {_NEXT}", LOOK
        return f"{have[0].upper()}{have[1:]}.", LOOK


_NEXT = "The next deploy tries it out; `./publish.sh rollback` goes back."


def named(release: str | None) -> str:
    """Return the words for a release, or for none."""
    return f"release {release}" if release else "no release"


@contextmanager
def telling(target: Target) -> Iterator[Seen]:
    """Give what a command notes down in what it sees; a fault then ends with the truth about readers."""
    seen = Seen(target)
    try:
        yield seen
    except LibraryError as error:
        raise DeployError(error.problems, *seen.ending()) from error
    except OSError as error:
        here = Problem(
            "publish.toml", 1, "this-machine", f"this machine: {error}.", "Mend it and run this again."
        )
        raise DeployError([here], *seen.ending()) from error
    except KeyboardInterrupt as error:
        ending, _ = seen.ending()
        number = error.number if isinstance(error, Stopped) else signal.SIGINT
        raise DeployError([], f"Stopped. {ending}", 128 + number) from error
