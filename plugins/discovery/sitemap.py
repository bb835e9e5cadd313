"""The sitemap: every page a reader can land on, with the day it last changed."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from plugins.library.pages import Page


def to_sitemap(pages: Iterable[Page], origin: str) -> str:
    """Return the sitemap of the pages that want to be found, by address."""
    listed = sorted((page for page in pages if "noindex" not in page.robots), key=lambda page: page.url)
    urls = "".join(
        f"  <url><loc>{escape(origin + page.url)}</loc>"
        f"{f'<lastmod>{page.lastmod.isoformat()}</lastmod>' if page.lastmod else ''}</url>\n"
        for page in listed
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    )
