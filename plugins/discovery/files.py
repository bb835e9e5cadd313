"""The files about the site as a whole, and the twin of every page, from the planned pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from plugins.discovery import feeds
from plugins.discovery.icons import Draw, make_icons, make_manifest
from plugins.discovery.sitemap import to_sitemap
from plugins.library.natures import Held
from plugins.library.pages import Frame, Page


def discovery_files(
    pages: Sequence[Page], frame: Frame, icon: Path, draw: Draw
) -> Iterator[tuple[str, str | bytes | Held]]:
    """Yield (name, content) of sitemap, robots, feeds, twins, icons and manifest, below the output folder."""
    yield "sitemap.xml", to_sitemap(pages, frame.origin)
    yield "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {frame.origin}/sitemap.xml\n"
    for feed in (feeds.article_feed(pages, frame), feeds.change_feed(pages, frame)):
        yield f"{feed.path}.atom.xml", feeds.to_atom(feed, frame)
        yield f"{feed.path}.json", feeds.to_json(feed, frame)
    for page in pages:
        if page.has_twin:
            yield f"{page.url.lstrip('/')}index.md", page.twin_file
    yield from make_icons(icon.read_text(encoding="utf-8"), draw).items()
    yield "site.webmanifest", make_manifest(frame)
