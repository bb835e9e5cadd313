"""Changing several files of the project as one: all of them or none, even when killed half-way.

What the files are to hold is written aside first, with the plan.  Then the folder gets its name, in one
step: from there on the change is made, and whoever finds the folder carries it out.  Every command does
so before anything else.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from plugins.problems import LibraryError, Problem
from plugins.problems.characters import visible
from publish.stops import undisturbed

FOLDER = ".common-thread-changes"
_PLAN = "plan.json"


@dataclass(frozen=True)
class Change:
    """What a file held and is to hold; None is no file."""

    before: bytes | None
    after: bytes | None


WHOLE = "content"
"""The path of a problem that stands in no file."""


class RefusedError(LibraryError):
    """Raised when files can't be changed as asked; none is."""

    ending = "Nothing was changed."

    def __str__(self) -> str:
        """Return all problems; what is wrong with the command itself stands in no file."""
        return "\n".join(str(one) if one.path != WHOLE else _told(one) for one in self.problems)


def _told(problem: Problem) -> str:
    words = f"{problem.message} {problem.cure}".rstrip()
    return visible(words[:1].upper() + words[1:])


@dataclass(frozen=True)
class _Step:
    """One file of a plan: its path, hashes of what it held and is to hold, and where that is kept."""

    path: str
    before: str
    after: str
    kept: str


def change_files(project: Path, changes: Mapping[str, Change]) -> None:
    """Make all changes (path in the project → change), or none of them.

    Raises :class:`RefusedError` if a file is no longer what it was when the change was planned.
    """
    with _alone(project):
        _finish(project)
        moved = [
            Problem(name, 1, "changed", "the file was changed just now.", "Run the command again.")
            for name, change in changes.items()
            if _content(project / name) != change.before
        ]
        if moved:
            raise RefusedError(moved)
        aside = project / f"{FOLDER}.new"
        shutil.rmtree(aside, ignore_errors=True)
        with undisturbed():
            try:
                _write_plan(aside, changes)
            except OSError:
                shutil.rmtree(aside, ignore_errors=True)
                raise
            aside.rename(project / FOLDER)
            _finish(project)


def finish_changes(project: Path) -> list[str]:
    """Carry out what a command that was killed has left; return the files it was to change."""
    if not (project / FOLDER).is_dir():
        return []
    with _alone(project), undisturbed():
        return _finish(project)


def _write_plan(aside: Path, changes: Mapping[str, Change]) -> None:
    """Write what files are to hold, and the plan, so that no power cut loses half of it."""
    aside.mkdir()
    plan = []
    # What goes is last: whoever looks meanwhile finds an entry twice rather than not at all.
    for number, (name, change) in enumerate(sorted(changes.items(), key=lambda item: item[1].after is None)):
        kept = "" if change.after is None else str(number)
        plan.append([name, _hash(change.before), _hash(change.after), kept])
        if change.after is not None:
            _write(aside / kept, change.after)
    _write(aside / _PLAN, json.dumps(plan).encode())


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _finish(project: Path) -> list[str]:
    folder = project / FOLDER
    if not folder.is_dir():
        return []
    steps = [_Step(*step) for step in json.loads((folder / _PLAN).read_bytes())]
    _require_untouched(project, steps)
    for step in steps:
        target = project / step.path
        if not step.kept:
            target.unlink(missing_ok=True)
        elif (folder / step.kept).exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            (folder / step.kept).replace(target)
    # Under its first name it is nothing but rubbish, however much of it is left.
    aside = project / f"{FOLDER}.new"
    folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)
    return [step.path for step in steps]


def _require_untouched(project: Path, steps: list[_Step]) -> None:
    """Raise :class:`LibraryError` if somebody has worked on a file since the command was killed."""
    cure = f"Put it back as it was, or remove {FOLDER}, which holds the rest of the change."
    touched = [
        Problem(step.path, 1, "changed", "the file was changed while a rename was half done.", cure)
        for step in steps
        if _hash(_content(project / step.path)) not in (step.before, step.after)
    ]
    if touched:
        raise LibraryError(touched)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _hash(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()


@contextmanager
def _alone(project: Path) -> Iterator[None]:
    """Hold the content, so that two commands never change it at once."""
    handle = os.open(project / "content", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
