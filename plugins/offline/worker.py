"""The service worker ``/sw.js`` and ``/offline.json``, the list of what it may keep.

Both speak of the finished output, to the byte, so they are written last.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parents[2] / "theme" / "static" / "sw.js"
FOLDERS = ("assets", "images", "pagefind")
"""Beside the pages, what lies in these folders can be kept."""

LEFT_OUT = ("404.html", "exit/", "assets/card.", "assets/qr.")
"""Names that start like this are never kept: the error page, the way out, pictures for link previews and for paper."""


def write_worker(output: Path, base: str = "", template: Path = TEMPLATE) -> str:
    """Write the worker and its list into ``output``; return the version, a hash of both.

    ``base`` is the path the site lies under, without a slash at its end.
    """
    files = {base + address: fingerprint(path) for address, path in sorted(keepable(output))}
    always = [base + address for address, path in sorted(keepable(output)) if _is_kept_by_all(address, path)]
    source = template.read_text(encoding="utf-8").replace("%BASE%", base)
    known = json.dumps([always, files, source], ensure_ascii=False)
    version = hashlib.sha256(known.encode()).hexdigest()[:12]
    listed = {"version": version, "always": always, "files": files}
    text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
    (output / "offline.json").write_text(text + "\n", encoding="utf-8")
    (output / "sw.js").write_text(source.replace("%VERSION%", version), encoding="utf-8")
    return version


def keepable(output: Path) -> Iterator[tuple[str, Path]]:
    """Yield (address, file) of every page and of everything a page may load."""
    for path in output.rglob("*"):
        name = path.relative_to(output).as_posix()
        if not path.is_file() or name.startswith((".", "_", *LEFT_OUT)):
            continue
        if path.suffix == ".html" and not _is_redirect(path):
            yield f"/{name.removesuffix('index.html')}", path
        elif name.split("/")[0] in FOLDERS:
            yield f"/{name}", path


def fingerprint(path: Path) -> tuple[str, int]:
    """Return (the first 16 digits of the SHA-256, the size in bytes)."""
    content = path.read_bytes()
    return hashlib.sha256(content).hexdigest()[:16], len(content)


def _is_redirect(path: Path) -> bool:
    return 'http-equiv="refresh"' in path.read_text(encoding="utf-8")


def _is_kept_by_all(address: str, path: Path) -> bool:
    """Tell whether every reader who keeps anything keeps this file.

    Scripts, styles, fonts and the fallback page; and every page with a quick exit, so that
    finding such a page on a device does not tell that somebody has read it.
    """
    if address.startswith("/assets/"):
        return path.suffix in (".css", ".js", ".woff2") or path.name.startswith("icon.")
    return address == "/offline/" or (path.suffix == ".html" and "<quick-exit" in path.read_text(encoding="utf-8"))
