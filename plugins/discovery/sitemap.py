"""The sitemap: every page a reader can land on, with the day it last changed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from plugins.library.entries import Library
from plugins.library.kinds import KINDS
from plugins.sharing.heads import Head

_NOINDEX = re.compile(r'<meta name="robots" content="[^"]*\bnoindex\b')


def is_listed(output: Path, url: str) -> bool:
    """Tell whether the page written for ``url`` wants to be found."""
    path = output / url.lstrip("/")
    page = path / "index.html" if url.endswith("/") else path
    return not _NOINDEX.search(page.read_text(encoding="utf-8")[:8_000])


def last_change(head: Head, library: Library) -> dt.date | None:
    """Return the day a page last changed; a page that gathers others changes with the newest of them."""
    if head.entry is not None and head.url != "/":
        return head.entry.changed
    gathered = next((library.of_kind(kind.name) for kind in KINDS.values() if kind.index_url == head.url != "/"), None)
    return max((entry.changed for entry in gathered or library.pages()), default=None)


def to_sitemap(pages: Iterable[tuple[str, dt.date | None]]) -> str:
    """Return a sitemap of (absolute address, day of the last change) pairs, in the order given."""
    urls = "".join(
        f"  <url><loc>{escape(url)}</loc>{f'<lastmod>{day.isoformat()}</lastmod>' if day else ''}</url>\n"
        for url, day in pages
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    )
