"""Pages in frames of other sites: the HTML to paste, and oEmbed's answers (https://oembed.com)."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator

from plugins.library.pages import Frame, Page

FOLDER = "oembed"
WIDTH, HEIGHT = 600, 640
"""The room a copy asks for, in pixels; it takes any width from 320 on, and scrolls."""


def oembed_url(page: Page) -> str:
    """Return where oEmbed's answer for a page is."""
    return f"/{FOLDER}/{page.entry}.json"


def frame_code(page: Page, origin: str) -> str:
    """Return the HTML that shows the copy of a page; it tells us nothing of the site it stands on."""
    return (
        f'<iframe src="{origin}{page.framed_at}" title="{html.escape(page.title)}" width="100%" '
        f'height="{HEIGHT}" loading="lazy" referrerpolicy="no-referrer" style="border:0"></iframe>'
    )


def embedding_files(pages: Iterable[Page], frame: Frame) -> Iterator[tuple[str, str]]:
    """Yield (name, content) of oEmbed's answer for each page that has a copy."""
    for page in pages:
        if page.framed_at:
            text = json.dumps(_answer(page, frame), ensure_ascii=False, indent=1)
            yield oembed_url(page).lstrip("/"), f"{text}\n"


def _answer(page: Page, frame: Frame) -> dict[str, str | int]:
    card = page.card
    picture: dict[str, str | int] = {}
    if card:
        picture = {
            "thumbnail_url": f"{frame.origin}/assets/{card.name}",
            "thumbnail_width": card.width,
            "thumbnail_height": card.height,
        }
    return {
        "version": "1.0",
        "type": "rich",
        "provider_name": frame.site,
        "provider_url": f"{frame.origin}/",
        "title": page.title,
        "html": frame_code(page, frame.origin),
        "width": WIDTH,
        "height": HEIGHT,
        **picture,
    }
