"""Reading files that somebody else wrote: only real files, never more than asked for, never an exception."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from . import Problems, shown
from .characters import hidden_in

MAX_BYTES = 1_000_000
MAX_LINE = 20_000
_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
    stat.S_IFDIR: "a folder",
}
_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


def is_usable(path: Path, name: str, problems: Problems) -> bool:
    """Tell whether ``path`` is a file that can be opened; note why not.  Nothing is opened to find out."""
    try:
        mode = path.lstat().st_mode
        target = f" to {shown(os.readlink(path))}" if stat.S_ISLNK(mode) else ""
    except OSError as error:
        add_unreadable(name, error, problems)
        return False
    if stat.S_ISREG(mode):
        return True
    what = _KINDS.get(stat.S_IFMT(mode), "no file") + target
    rule = "symlink" if target else "no-file"
    problems.add(name, 1, rule, f"this is {what}.", "Put the file itself here.")
    return False


def add_unreadable(name: str, error: OSError, problems: Problems) -> None:
    """Note that a file or folder can't be read, in the system's own words."""
    reason = error.strerror or str(error)
    problems.add(
        name, 1, "unreadable", f"this can't be read: {reason}.", "Look at its rights, or put it here again."
    )


def read_bytes(path: Path, name: str, problems: Problems, limit: int = MAX_BYTES) -> bytes | None:
    """Return the bytes of ``path``, or None after noting why not; at most ``limit`` bytes are ever read.

    The size is asked of the open file, so that a file that grows or is exchanged meanwhile changes nothing.
    """
    if not is_usable(path, name, problems):
        return None
    try:
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            raw = file.read(limit + 1) if size <= limit else b""
    except OSError as error:
        add_unreadable(name, error, problems)
        return None
    size = max(size, len(raw))
    if size > limit:
        problems.add(
            name,
            1,
            "size",
            f"the file has {size:,} bytes.",
            f"The limit is {limit:,}: split it, or make it smaller.",
        )
        return None
    return raw


def read_text(path: Path, name: str, problems: Problems, limit: int = MAX_BYTES) -> str | None:
    """Return the text of ``path`` with plain line ends, or None after noting why it can't be used.

    A byte order mark and Windows line ends are read as if they were not there.
    Refused, each with its cure: files that are empty, too big or not UTF-8, and overlong
    lines or characters nobody can see.
    """
    raw = read_bytes(path, name, problems, limit)
    if raw is None:
        return None
    raw = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not raw.strip():
        problems.add(name, 1, "empty", "the file is empty.", "Write the entry, or remove the file.")
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        bad = f"0x{raw[error.start]:02x}"
        problems.add(name, line, "encoding", f"byte {bad} is not UTF-8.", "Save the file as UTF-8.")
        return None
    return text if _is_clean(text, name, problems) else None


def _is_clean(text: str, name: str, problems: Problems) -> bool:
    lines = text.split("\n")
    if max(map(len, lines)) <= MAX_LINE and not hidden_in(text):  # as nearly always
        return True
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            message = f"the line has {len(line):,} characters."
            problems.add(name, number, "line-length", message, "Write one sentence a line.")
            return False
        hidden = hidden_in(line)
        if hidden:
            message = f"there is a character that readers can't see, {hidden}."
            problems.add(name, number, "hidden", message, "Delete it.")
            return False
    return True
