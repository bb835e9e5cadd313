"""Which files are ours: the list that a build leaves in its output.

The list lies in the folder itself, so that the two are exchanged and moved together, and
can never speak of different builds.  It says nothing that is not public, and no deploy
sends it.  What is not on it, byte for byte, is somebody else's, and is never removed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from plugins.library.natures import FOLDER, Natures, below

MARK = ".common-thread-build"
_HEAD = "# What ./publish.sh build wrote here, and will remove again; nothing else is touched."


def write_mark(folder: Path, natures: Natures | None = None) -> None:
    """List everything in ``folder`` with its hash."""
    nature = _teller(natures)
    rows = [f"{nature(path, is_folder)}  {name}" for name, path, is_folder in _everything(folder)]
    text = "\n".join([_HEAD, *rows, ""])
    (folder / MARK).write_text(text, encoding="utf-8", errors="surrogateescape")


def has_mark(folder: Path) -> bool:
    """Tell whether a build has left its list in ``folder``."""
    try:
        with (folder / MARK).open(encoding="utf-8", errors="surrogateescape") as file:
            return file.readline().rstrip("\n") == _HEAD
    except OSError:
        return False


def foreign_things(folder: Path, natures: Natures | None = None) -> list[str]:
    """Return the names of all in ``folder`` that no build wrote, or that was changed since."""
    known, nature = _listed(folder), _teller(natures)
    return [
        name for name, path, is_folder in _everything(folder) if known.get(name) != nature(path, is_folder)
    ]


def remove_listed(folder: Path, natures: Natures | None = None) -> bool:
    """Remove ``folder`` and what its list names; return False if something else was in it, which stays.

    The list goes last: one that is stopped half-way is finished by the next.
    """
    if not has_mark(folder):
        return False
    known, nature = _listed(folder), _teller(natures)
    for name, path, is_folder in reversed(list(_everything(folder))):
        with suppress(OSError):  # a folder that is not empty stays
            found = nature(path, is_folder)
            if found == FOLDER:
                os.rmdir(path)  # noqa: PTH106 — of many files, a Path costs as much as the removal
            elif known.get(name) == found:
                os.unlink(path)  # noqa: PTH108
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


def _everything(folder: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield (name, path, whether it is a folder) of all in ``folder`` but the list itself.

    Each folder comes before what is in it.
    """
    return (found for found in below(str(folder)) if found[0] != MARK)


def _teller(natures: Natures | None) -> Callable[[str, bool], str]:
    """Return what tells the nature of a thing by its path, and by whether it is a folder."""
    natures = natures or Natures()
    return lambda path, is_folder: FOLDER if is_folder else natures.of(path)
