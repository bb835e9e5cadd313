"""What is asked of a place before anything is made there, and what a system may refuse later."""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from plugins.problems import LibraryError, Problem, shown

_SOURCES = (
    "content", "theme", "plugins", "publish", "tests", "docs", "node_modules", ".git", ".venv", ".cache",
)  # fmt: skip


def refuse_odd_place(output: Path, root: Path, *sources: Path) -> None:
    """Raise :class:`LibraryError` unless a build may replace ``output``, which is absolute.

    ``root`` is the project; ``sources`` are folders a build reads beside those of the project.
    """
    fault = next(_faults(output, root, sources), None)
    if fault:
        cure = "Choose another --output, a folder of its own such as 'output'."
        raise LibraryError([Problem(_printable(output), 1, "output", fault, cure)])


def _faults(output: Path, root: Path, sources: tuple[Path, ...]) -> Iterator[str]:
    odd = next((letter for letter in str(output) if unicodedata.category(letter)[0] == "C"), None)
    if odd is not None:
        yield f"the output's name holds a character that can't be seen, U+{ord(odd):04X}."
        return
    if output.is_symlink() or (os.path.lexists(output) and not output.is_dir()):
        yield f"the output {shown(output, 200)} is not a folder."
    for guarded in (root, Path.home(), *sources):
        if _is_below(guarded, output):
            yield f"the output would take the place of {shown(guarded, 200)} and all around it."
    for guarded in (*(root / name for name in _SOURCES), *sources):
        if _is_below(output, guarded):
            yield f"the output would lie in {shown(guarded, 200)}, which the project needs."
    if output.is_dir() and os.path.ismount(output):
        yield "the output is a disk of its own, which can't change places with another folder."
    yield from _closed(output)


def _is_below(path: Path, folder: Path) -> bool:
    """Tell whether ``path`` is ``folder`` or in it, whatever links or spellings lead there."""
    if not folder.exists():
        return False
    path = path.resolve()
    return any(above.exists() and above.samefile(folder) for above in (path, *path.parents))


def _closed(output: Path) -> Iterator[str]:
    """Yield why nothing can be made beside ``output``, if so."""
    above = next(folder for folder in output.parents if os.path.lexists(folder))
    if not above.is_dir():
        yield f"{shown(above, 200)} is not a folder, so nothing can be in it."
    elif not os.access(above, os.R_OK | os.W_OK | os.X_OK):
        yield f"nothing can be written into {shown(above, 200)}."


def _printable(path: Path) -> str:
    return "".join(letter if unicodedata.category(letter)[0] != "C" else "?" for letter in str(path))


def system_problem(error: OSError, place: Path) -> Problem:
    """Say what the system would not do, and what helps."""
    cures = {
        errno.ENOSPC: "Make room on the disk (space, or the number of files), then build again.",
        errno.EDQUOT: "Make room in your share of the disk, then build again.",
        errno.EROFS: "Choose a folder that can be written to with --output.",
        errno.ENAMETOOLONG: "Choose a shorter --output.",
    }
    cure = cures.get(error.errno or 0, "Look at the rights of that place, then build again.")
    return Problem(str(error.filename or place), 1, "system", f"{error.strerror or error}.", cure)
