"""Changes a few files as one again and again, each time killed before another line of ``publish/journal.py``.

Prints one JSON object a trial: what stood there after the kill, and after the next command.
Run as a program of its own, since it forks: ``python -m tests.publish.killed FOLDER EVERY``.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from publish.journal import Change, change_files, finish_changes

CHANGES = {
    "content/a.md": Change(b"names old", b"names new"),
    "content/b.md": Change(b"names old", b"names new"),
    "content/new.md": Change(None, b"the entry"),
    "content/old.md": Change(b"the entry", None),
}
BEFORE = {name: change.before for name, change in CHANGES.items() if change.before is not None}
AFTER = {name: change.after for name, change in CHANGES.items() if change.after is not None}


def seen(project: Path) -> str:
    """Return which state the files are in: before, after, or neither."""
    found = {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in (project / "content").rglob("*")
        if path.is_file()
    }
    return {True: "half"}.get(found not in (BEFORE, AFTER), "before" if found == BEFORE else "after")


def killed_at(project: Path, moment: int) -> bool:
    """Make the changes in a process that is gone before its n-th line; False if it ended before."""
    for name, content in BEFORE.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_bytes(content)
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    ahead = iter(range(moment - 1, -1, -1))

    def trace(frame: FrameType, event: str, _value: Any) -> Any:
        if not frame.f_code.co_filename.endswith("journal.py"):
            return None
        if event == "line" and next(ahead, None) == 0:
            os._exit(9)
        return trace

    sys.settrace(trace)
    change_files(project, CHANGES)
    os._exit(0)


def main(folder: Path, every: int) -> None:
    """Try every n-th moment there is."""
    moment = 1
    while killed_at(folder, moment):
        during = seen(folder)
        finish_changes(folder)
        left = sorted(path.name for path in folder.iterdir() if path.name != "content")
        print(json.dumps({"moment": moment, "killed": during, "next": seen(folder), "left": left}))
        shutil.rmtree(folder)
        folder.mkdir()
        moment += every


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
