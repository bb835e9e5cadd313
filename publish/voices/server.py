"""The comments on the server: asked for where its database lies, on this machine or through ssh."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import json
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from plugins.problems import Problem, shown
from publish.journal import RefusedError

SCRIPT = Path(__file__).with_name("at_server.py")
APPROVED, WAITING = 1, 2
_REMOTE = re.compile(r"^(?!-)([\w.@-]+):(/.*)$")


@dataclass(frozen=True)
class Sent:
    """One comment on the server; ``mode`` is Isso's: approved or waiting.

    Isso gives the number of a deleted comment away again; ``mark`` tells the two apart.
    """

    number: int
    mark: str
    uri: str
    day: dt.date
    name: str
    paragraphs: tuple[str, ...]
    mode: int

    @property
    def id(self) -> str:
        """Return what it is called in our files."""
        return f"isso-{self.number}-{self.mark}"


def ask(database: str, action: str, number: int = 0) -> list[Sent]:
    """Return all comments; ``action`` lists, cleans what nobody wants, or deletes one.

    ``database`` is a path, or ``HOST:/path`` for one that ssh reaches.
    """
    if not database:
        cure = "Name it with --database, or in VOICES_DATABASE."
        raise RefusedError(
            [Problem("content/voices", 1, "server", "nobody said where the database is.", cure)]
        )
    remote, words = _REMOTE.match(database), [action, *([str(number)] if number else [])]
    if remote:
        command = ["ssh", "-o", "BatchMode=yes", remote[1], shlex.join(["python3", "-", remote[2], *words])]
    else:
        command = [sys.executable, "-", database, *words]
    done = subprocess.run(
        command, input=SCRIPT.read_text("utf-8"), capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        cure = "Look at the path, and at who may read it; see docs/voices.md."
        raise RefusedError([Problem(database, 1, "server", f"{shown(said, 200)}.", cure)])
    return [_sent(row) for row in json.loads(done.stdout)]


def _sent(row: dict[str, object]) -> Sent:
    day = dt.datetime.fromtimestamp(float(str(row["created"])), dt.UTC).date()
    parts = re.split(r"\n\s*\n", str(row["text"]).replace("\r\n", "\n").strip())
    paragraphs = tuple(re.sub(r"[ \t]*\n[ \t]*", " ", part).strip() for part in parts)
    # Isso keeps names with the three characters of HTML written out.
    name = html.unescape(str(row["name"] or "")).strip()
    mark = hashlib.sha256(repr(row["created"]).encode()).hexdigest()[:6]
    return Sent(int(str(row["number"])), mark, str(row["uri"]), day, name, paragraphs, int(str(row["mode"])))
