"""Renewing a folder: the new one is made beside it, and takes its place in one step.

Beside ``output`` stands ``.output.building`` as long as a build is at work: in it ``held``,
locked by the process that builds, and ``new``, which it makes.  A lock ends with its
process, however that ends, so whoever gets it knows that all it finds there is nobody's.
A second build waits for the first.

``new`` and ``output`` exchange their names in one call (Linux).  Where a system has no such
call, ``output`` becomes ``.output.building/old`` and then ``new`` becomes ``output``, with
signals held back; if the process is killed between the two, the next start finds ``old``
with no ``output`` and does the second step.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from plugins.library.natures import Natures
from plugins.problems import LibraryError, Problem, shown
from publish.owned import foreign_things, has_mark, remove_listed, write_mark
from publish.stops import undisturbed

HELD = "held-by-a-build"
_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of renameat2(2)."""
_UNKNOWN = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


def say_aside(words: str) -> None:
    """Tell somebody at a terminal what a build waits for."""
    print(words, file=sys.stderr, flush=True)


@dataclass
class Renewal:
    """One replacement of ``output``; make the folder :attr:`new`, then :meth:`put_in_place`."""

    output: Path
    folder: Path = field(init=False)
    lock: IO[str] | None = None
    natures: Natures = field(default_factory=Natures, repr=False)
    say: Callable[[str], object] = field(default=say_aside, repr=False)

    def __post_init__(self) -> None:
        self.folder = self.output.with_name(f".{self.output.name}.building")

    @property
    def new(self) -> Path:
        """Return where the new folder is made."""
        return self.folder / "new"

    @property
    def old(self) -> Path:
        """Return where the present folder is for a moment, if two names can't be exchanged."""
        return self.folder / "old"

    def hold(self) -> None:
        """Take the place beside the output; wait as long as another process has it."""
        while self.lock is None:
            with suppress(FileExistsError):
                self.folder.mkdir()
            self._refuse_foreign_place()
            with suppress(FileNotFoundError):  # whoever had it has just removed it
                self.lock = self._locked()

    def _refuse_foreign_place(self) -> None:
        try:
            is_folder = stat.S_ISDIR(self.folder.lstat().st_mode)
        except FileNotFoundError:
            return  # whoever had it has just removed it
        if not is_folder or set(_names(self.folder)) - {HELD, "new", "old"}:
            message = f"{shown(self.folder, 200)} stands where the build would work, and is none of its own."
            raise refusal(self.output, message, "Move it away, or choose another --output.")

    def _locked(self) -> IO[str] | None:
        lock = (self.folder / HELD).open("a+", encoding="utf-8")
        try:
            _wait_for(lock, self.output, self.say)
            if os.path.samestat(os.fstat(lock.fileno()), (self.folder / HELD).stat()):
                return lock
        except BaseException:
            lock.close()
            raise
        lock.close()
        return None

    def settle(self) -> None:
        """Finish or clear what a build that was killed has left."""
        if self.old.exists() and not self.output.exists():
            (self.new if has_mark(self.new) else self.old).rename(self.output)
        self.discard(self.old)
        self.discard(self.new)

    def put_in_place(self) -> None:
        """Let the new folder take the place of the output, whose list must name all that is in it."""
        write_mark(self.new, self.natures)
        refuse_foreign_folder(self.output, self.natures)
        if not has_mark(self.output):
            self.new.rename(self.output)  # in the place of nothing, or of an empty folder
        elif not exchange(self.new, self.output):
            with undisturbed():
                self.output.rename(self.old)
                self.new.rename(self.output)
        with undisturbed():
            self.discard(self.old)
            self.discard(self.new)
        self.natures.settle(self.output, str(self.folder / HELD))

    def discard(self, folder: Path) -> None:
        """Remove what we made.  What came into a finished folder meanwhile is kept, beside the output."""
        if not has_mark(folder):
            shutil.rmtree(folder, ignore_errors=True)
        elif not remove_listed(folder, self.natures):
            number = next(n for n in range(1, 10_000) if not self._kept(n).exists())
            folder.rename(self._kept(number))
            print(f"What no build wrote was kept: {self._kept(number)}", file=sys.stderr)

    def _kept(self, number: int) -> Path:
        return self.output.with_name(f"{self.output.name}.kept-{number}")

    def release(self) -> None:
        """Leave nothing beside the output."""
        if self.lock is not None:
            self.discard(self.new)
            (self.folder / HELD).unlink(missing_ok=True)
            self.lock.close()
        with suppress(OSError):
            self.folder.rmdir()


@contextmanager
def renewal(
    output: Path, natures: Natures | None = None, say: Callable[[str], object] = say_aside
) -> Iterator[Renewal]:
    """Give a place to make the next ``output`` in; whatever happens, nothing of it stays.

    ``natures`` are what is known of the files of ``output``; ``say`` is told what is waited for.
    Raises :class:`LibraryError` if ``output`` holds what no build wrote.
    """
    above = [folder for folder in output.parents if not folder.exists()]
    work = Renewal(output, natures=natures or Natures(), say=say)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        work.hold()
        work.settle()
        refuse_foreign_folder(output, work.natures)
        work.new.mkdir()
        yield work
    finally:
        with undisturbed():
            work.release()
            with suppress(OSError):
                for folder in above:
                    folder.rmdir()


def exchange(one: Path, other: Path) -> bool:
    """Let two folders exchange their names in one step; False if this system or disk can't."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), str(other))


def refuse_foreign_folder(output: Path, natures: Natures | None = None) -> None:
    """Raise :class:`LibraryError` if ``output`` holds what no build wrote, or what was changed since."""
    if not output.is_dir():
        return
    foreign = foreign_things(output, natures)
    if not foreign:
        return
    if not has_mark(output) and (output / "library.json").is_file() and (output / "index.html").is_file():
        message = "this may be a build of an earlier release, which kept no list of what it wrote."
        cure = "Look that nothing of yours is in it, remove it, and build again; or choose another --output."
        raise refusal(output, message, cure)
    more = f" and {len(foreign) - 3} more" if len(foreign) > 3 else ""
    first = ", ".join(map(shown, foreign[:3]))
    message = f"the output folder holds something else than an earlier build: {first}{more}."
    raise refusal(output, message, "Move that away, or choose an empty folder with --output.")


def refusal(output: Path, message: str, cure: str) -> LibraryError:
    """Return the one problem of an output that can't be used."""
    return LibraryError([Problem(str(output), 1, "output", message, cure)])


def _wait_for(lock: IO[str], output: Path, say: Callable[[str], object]) -> None:
    """Lock a file; where a disk knows no locks, go on without."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say(f"Another build of {output} is at work. Waiting for it …")
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP):
            raise


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []
