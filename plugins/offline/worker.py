"""The service worker ``/sw.js`` and ``/offline.json``, the list of what it may keep.

Both speak of the finished output, to the byte, so they are written last.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from plugins.library.natures import Natures, files_below
from plugins.library.pages import Page

TEMPLATE = Path(__file__).resolve().parents[2] / "theme" / "static" / "sw.js"
FOLDERS = ("assets", "images", "pagefind")
"""Beside the pages, what lies in these folders can be kept."""

LEFT_OUT = ("assets/card.", "assets/qr.")
"""Names that start like this are never kept: pictures for link previews and for paper."""


def write_worker(
    output: Path,
    pages: Iterable[Page],
    base: str = "",
    template: Path = TEMPLATE,
    natures: Natures | None = None,
) -> str:
    """Write the worker and its list into ``output``; return the version, a hash of both.

    ``base`` is the path the site lies under, without a slash at its end; ``natures`` are what is known
    of the files.
    """
    natures = natures or Natures()
    found = sorted(keepable(output, pages))
    # Pages are kept under their addresses, so the list has addresses, though its hashes are those of files.
    files = {base + address: fingerprint(path, natures) for address, path, _ in found}
    always = [base + address for address, _, is_kept_by_all in found if is_kept_by_all]
    source = template.read_text(encoding="utf-8").replace("%BASE%", base)
    # The version is a hash of all it stands for, the worker's own source included: a browser takes a worker
    # for a new one if a byte of ``sw.js`` changed, so it learns of new pages exactly when there are any.
    known = json.dumps([always, files, source], ensure_ascii=False)
    version = hashlib.sha256(known.encode()).hexdigest()[:12]
    listed = {"version": version, "always": always, "files": files}
    text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
    (output / "offline.json").write_text(text + "\n", encoding="utf-8")
    (output / "sw.js").write_text(source.replace("%VERSION%", version), encoding="utf-8")
    return version


def keepable(output: Path, pages: Iterable[Page]) -> Iterator[tuple[str, str, bool]]:
    """Yield (address, file, whether whoever keeps anything keeps it) of pages and of all they may load.

    Every reader keeps scripts, styles, fonts, the fallback page, and each page with a quick
    exit, so that finding such a page on a device does not tell that somebody has read it.
    """
    for page in pages:
        if page.url.endswith("/") and not page.copy_of:
            yield page.url, f"{output}/{page.save_as}", page.quick_exit or page.url == "/offline/"
    for folder in FOLDERS:
        below = files_below(output / folder) if (output / folder).is_dir() else ()
        for name, path in ((f"{folder}/{name}", path) for name, path in below):
            if not name.startswith(LEFT_OUT):
                # What every page is shown with; pictures belong to single pages and come with those.
                is_frame = name.endswith((".css", ".js", ".woff2")) or "/icon." in name
                yield f"/{name}", path, folder == "assets" and is_frame


def fingerprint(path: str, natures: Natures) -> tuple[str, int]:
    """Return (the first 16 digits of the SHA-256, the size in bytes)."""
    return natures.of(path)[:16], os.stat(path).st_size  # noqa: PTH116 — of many files
