"""The table of hostile inputs, as data: ``inputs/*.toml``, one table a case.

``file`` is what is spoilt (below ``content/``); how is one of

``write``    the whole file: text, in which ``⟦9000×ab⟧`` stands for 9,000 times ``ab``
``replace``  a pair: what to look for as a regular expression, what to put there
``append``   text for the end of the file
``hex``      the whole file in bytes; ``head`` and ``tail`` put bytes before and behind it
``picture``  a picture: width, height, type, colour mode
``make``     something that is no file: see ``MAKERS``
``files``    more files to write, name to text

What comes of it is one problem at ``line`` of ``at`` (``file``, if not said), whose text holds
all of ``says``; or, with ``reads``, no problem and these words in the page ``page``.
"""

from __future__ import annotations

import io
import os
import re
import socket
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

HERE = Path(__file__).parent
LIBRARY = HERE / "library"
_TIMES = re.compile(r"⟦(\d+)×(.*?)⟧", re.S)


@dataclass(frozen=True)
class Hostile:
    """One case: how a file is spoilt, and what has to come of it."""

    name: str
    file: str
    line: int = 1
    says: tuple[str, ...] = ()
    at: str = ""
    reads: tuple[str, ...] = ()
    page: str = ""
    how: dict[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Return where the problem has to point."""
        return f"content/{self.at or self.file}:{self.line}: "


def read_table() -> dict[str, Hostile]:
    """Return every case by name."""
    found: dict[str, Hostile] = {}
    for path in sorted((HERE / "inputs").glob("*.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["input"]:
            told: dict[str, Any] = {
                key: row.pop(key) for key in ("name", "file", "line", "at", "page") if key in row
            }
            told |= {key: tuple(row.pop(key)) for key in ("says", "reads") if key in row}
            case = Hostile(**told, how=row)
            assert case.name not in found, f"{case.name} stands in the table twice"
            assert bool(case.says) != bool(case.reads), f"{case.name} has to say or to read something"
            found[case.name] = case
    return found


def written(text: str) -> str:
    """Return ``text`` with what is to be repeated written out."""
    return _TIMES.sub(lambda match: match[2] * int(match[1]), text)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)
    os.chdir(here)


def _locked(path: Path) -> None:
    path.touch()
    path.chmod(0)


def _locked_folder(path: Path) -> None:
    path.mkdir()
    path.chmod(0)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


MAKERS: dict[str, Callable[[Path], None]] = {
    "pipe": lambda path: os.mkfifo(path),
    "socket": _socket,
    "huge file with nothing in it": _sparse,
    "folder": lambda path: path.mkdir(),
    "link to a file": lambda path: path.symlink_to("/etc/passwd"),
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
    "link to nothing": lambda path: path.symlink_to("nowhere"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "link to the folder above": lambda path: path.symlink_to(".."),
    "without rights": _locked,
    "folder without rights": _locked_folder,
    "deep folders": lambda path: (path / Path(*["a"] * 200)).mkdir(parents=True),
}


def spoil(case: Hostile, content: Path) -> None:
    """Do to ``content`` what a case says."""
    how, path = dict(case.how), content / case.file
    for name, text in how.pop("files", {}).items():
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        (content / name).write_bytes(written(text).encode("utf-8"))
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = path.read_bytes() if path.is_file() else b""
    if "make" in how:
        path.unlink(missing_ok=True)
        MAKERS[how.pop("make")](path)
        return
    if "picture" in how:
        raw = _picture(*how.pop("picture"))
    if "write" in how:
        raw = written(how.pop("write")).encode("utf-8")
    if "hex" in how:
        raw = bytes.fromhex(how.pop("hex"))
    for pair in (how.pop(key) for key in ("replace", "replace2") if key in how):
        old, new = pair
        changed = re.sub(old, written(new).replace("\\", r"\\"), raw.decode("utf-8"), count=1, flags=re.M)
        assert changed.encode("utf-8") != raw, f"{case.name}: {case.file} holds nothing like {old}"
        raw = changed.encode("utf-8")
    if "line_ends" in how:
        raw = raw.replace(b"\n", how.pop("line_ends").encode())
    raw = bytes.fromhex(how.pop("head", "")) + raw + bytes.fromhex(how.pop("tail", ""))
    raw += written(how.pop("append", "")).encode("utf-8")
    assert not how, f"{case.name}: nobody knows {sorted(how)}"
    path.write_bytes(raw)


def _picture(width: int, height: int, kind: str, mode: str) -> bytes:
    result = io.BytesIO()
    Image.new(mode, (width, height)).save(result, kind)
    return result.getvalue()
