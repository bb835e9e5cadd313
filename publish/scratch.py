"""Folders for the time of one command.

``tempfile`` removes its folders when a program ends, but not when it is killed.  These hold a
mark that is locked as long as their program lives; the next one that needs a folder removes
those whose mark nobody holds any more.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PREFIX = "common-thread-"
MARK = ".held"


@contextmanager
def scratch_folder(purpose: str) -> Iterator[Path]:
    """Give an empty folder in the system's temp folder, named for its purpose, until the block ends."""
    remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{purpose}-"))
    try:
        with _held_mark(folder):
            inner = folder / "x"
            inner.mkdir()
            yield inner
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _held_mark(folder: Path) -> Iterator[None]:
    """Lock a mark in ``folder``.  It gets its name when it is locked, so nobody ever sees it free."""
    nameless = folder / f"{MARK}.new"
    with nameless.open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        nameless.rename(folder / MARK)
        yield


def remove_abandoned() -> None:
    """Remove the folders that killed programs of this user have left."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            facts = folder.lstat()
            if stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid():
                with (folder / MARK).open() as mark:
                    _remove_if_free(folder, mark)
        except OSError:
            continue  # held, or gone meanwhile


def _remove_if_free(folder: Path, mark: IO[str]) -> None:
    """Remove ``folder`` unless its mark is held; then OSError is raised."""
    fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    shutil.rmtree(folder, ignore_errors=True)
