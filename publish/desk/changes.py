"""What changed in the content since the last release, as git tells it."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from pathlib import Path

from publish.desk.view import Changes

RELEASED = "released.json"
"""The file of the cache in which a deploy notes what it published last."""
_WHAT = {"A": "new", "M": "changed", "D": "gone", "R": "renamed", "?": "new, not committed"}


def note_release(cache: Path, target: str, commit: str, day: str) -> None:
    """Keep which commit was published; nothing depends on it, so a disk that refuses is no fault."""
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        note = {"target": target, "commit": commit, "day": day}
        (cache / RELEASED).write_text(json.dumps(note) + "\n", encoding="utf-8")


def changes_since(project: Path, cache: Path) -> Changes:
    """Return what was committed since the last release, or since the last tag if nobody has published here.

    What is not committed yet counts.
    """
    name, commit = _last_release(project, cache)
    if not commit:
        return Changes(why_not=name)
    names = _git(project, "diff", "--name-status", "--find-renames", commit, "--", "content")
    if names is None:
        return Changes(why_not=f"git knows nothing of {commit[:10]}, which was published last.")
    others = _git(project, "ls-files", "--others", "--exclude-standard", "--", "content") or ""
    rows = [*(_row(line) for line in names.splitlines()), *((_WHAT["?"], one) for one in others.splitlines())]
    log = _git(project, "log", "--format=%s", f"{commit}..HEAD", "--", "content") or ""
    return Changes(name, tuple(log.splitlines()), tuple(sorted(rows, key=lambda row: row[1])))


def _row(line: str) -> tuple[str, str]:
    what, *paths = line.split("\t")
    return _WHAT.get(what[:1], "changed"), " → ".join(paths)


def _last_release(project: Path, cache: Path) -> tuple[str, str]:
    """Return (what it is called, its commit), or why there is none and nothing."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        note = json.loads((cache / RELEASED).read_text(encoding="utf-8"))
        if note["commit"]:
            return f"the release to {note['target']} of {note['day']}", str(note["commit"])
    tag = _git(project, "describe", "--tags", "--abbrev=0")
    if tag:
        return f"the tag {tag.strip()}", tag.strip()
    return "Nothing was published from here yet, and git has no tag.", ""


def _git(project: Path, *words: str) -> str | None:
    """Return what git says, or None if it will not or is not there."""
    command = ["git", "-c", "core.quotePath=false", *words]
    try:
        done = subprocess.run(command, cwd=project, capture_output=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", errors="replace") if done.returncode == 0 else None
