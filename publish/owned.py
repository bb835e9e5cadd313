"""Which files are ours: the list that a build leaves in its output.

The list lies in the folder itself, so that the two are exchanged and moved together, and
can never speak of different builds.  It says nothing that is not public, and no deploy
sends it.  What is not on it, byte for byte, is somebody else's, and is never removed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MARK = ".common-thread-build"
_HEAD = "# What ./publish.sh build wrote here, and will remove again; nothing else is touched."
_FOLDER = "folder"


def write_mark(folder: Path) -> None:
    """List everything in ``folder`` with its hash."""
    rows = [f"{_nature(path)}  {name}" for name, path in _everything(folder)]
    text = "\n".join([_HEAD, *rows, ""])
    (folder / MARK).write_text(text, encoding="utf-8", errors="surrogateescape")


def has_mark(folder: Path) -> bool:
    """Tell whether a build has left its list in ``folder``."""
    try:
        with (folder / MARK).open(encoding="utf-8", errors="surrogateescape") as file:
            return file.readline().rstrip("\n") == _HEAD
    except OSError:
        return False


def foreign_things(folder: Path) -> list[str]:
    """Return the names of all in ``folder`` that no build wrote, or that was changed since."""
    known = _listed(folder)
    return [name for name, path in _everything(folder) if known.get(name) != _nature(path)]


def remove_listed(folder: Path) -> bool:
    """Remove ``folder`` and what its list names; return False if something else was in it, which stays.

    The list goes last: one that is stopped half-way is finished by the next.
    """
    if not has_mark(folder):
        return False
    known = _listed(folder)
    for name, path in reversed(list(_everything(folder))):
        with suppress(OSError):  # a folder that is not empty stays
            if stat.S_ISDIR(path.lstat().st_mode):
                path.rmdir()
            elif known.get(name) == _nature(path):
                path.unlink()
    if os.listdir(folder) != [MARK]:
        return False
    shutil.rmtree(folder)
    return True


def _listed(folder: Path) -> dict[str, str]:
    if not has_mark(folder):
        return {}
    text = (folder / MARK).read_text(encoding="utf-8", errors="surrogateescape")
    rows = (row.split("  ", 1) for row in text.split("\n")[1:] if "  " in row)
    return {name: nature for nature, name in rows}


def _everything(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield (name, path) of all below ``folder`` but the list itself, each folder before what is in it."""
    for path in sorted(folder.rglob("*")):
        if path != folder / MARK:
            yield path.relative_to(folder).as_posix(), path


def _nature(path: Path) -> str:
    """Return the SHA-256 of a file, a word for a folder, nothing for what no build makes (a link, a pipe)."""
    mode = path.lstat().st_mode
    if stat.S_ISDIR(mode):
        return _FOLDER
    if not stat.S_ISREG(mode):
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
