"""What only the preview has, and no reader may get: its rooms (the desk …), its overlay, links to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from plugins.problems import Problem, shown

PREFIXES = ("/_preview/", "/_desk/", "/admin/")
"""Where the preview has pages of its own.  Not asked of the preview itself: a deploy loads no server."""
_NAMES = "|".join(re.escape(prefix.strip("/")) for prefix in PREFIXES)
_TRACE = re.compile(rf"""["'(=](?:https?://[^/\s"'<>]*)?(/(?:{_NAMES})/)""".encode())


def rooms_in(output: Path) -> Iterator[Problem]:
    """Yield each folder of the output that is a room of the preview."""
    for prefix in PREFIXES:
        name = prefix.strip("/")
        if (output / name).exists():
            yield _problem(name, f"the output holds {shown(prefix)}, which only the preview may have.")


def traces_in(path: Path, name: str) -> Iterator[Problem]:
    """Yield the first place where a page, a script or a style names a room of the preview."""
    if path.suffix in (".html", ".js", ".css", ".xml", ".json"):
        raw = path.read_bytes()
        found = _TRACE.search(raw)
        if found:
            what = found[1].decode()
            yield _problem(
                name, f"this names {shown(what)}, of the preview.", raw.count(b"\n", 0, found.start())
            )


def _problem(name: str, message: str, rows: int = 0) -> Problem:
    return Problem(
        name, rows + 1, "preview", message, "Publish what ./publish.sh build makes, not a preview."
    )
