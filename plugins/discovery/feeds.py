"""Feeds: the guides in full, and every change in short, each as Atom and as JSON.

Safety pages are in none of them: a feed reader shows titles where others may see them.
"""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

from feedgenerator import Atom1Feed

from plugins.library.pages import Frame, Page
from plugins.library.text.as_html import to_html
from plugins.library.text.document import with_addresses
from plugins.library.text.tree import Element, Node, Nodes, changed

RIGHTS = "CC BY-SA 4.0, https://creativecommons.org/licenses/by-sa/4.0/"
MOST_CHANGES = 60


@dataclass(frozen=True)
class Item:
    """One thing to read in a feed; ``content`` is HTML with absolute addresses, ``summary`` plain text."""

    id: str
    url: str
    title: str
    summary: str
    published: dt.date
    updated: dt.date
    content: str = ""
    image: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Feed:
    """One feed, before it is put into a format; ``path`` is without its ending.

    ``changed`` is the day of the newest page of the site: the date of a feed that has no item.
    """

    path: str
    title: str
    description: str
    items: tuple[Item, ...]
    changed: dt.date


class _DatedAtom(Atom1Feed):  # type: ignore[misc]
    """Atom that never carries the time of the build."""

    def latest_post_date(self) -> dt.datetime:
        """Return the date of the newest item, or that of the feed."""
        newest: dt.datetime = max((item["updateddate"] for item in self.items), default=self.feed["changed"])
        return newest


def article_feed(pages: Sequence[Page], frame: Frame) -> Feed:
    """Return the dated pages in full, newest first."""
    dated = [
        (page.published, page) for page in _public(pages) if page.published and page.og_type == "article"
    ]
    items = tuple(
        Item(
            frame.origin + page.url,
            frame.origin + page.url,
            page.name,
            page.description,
            day,
            page.changed or day,
            to_html(with_absolute_addresses(page.text.nodes, frame.origin + page.url)),
            f"{frame.origin}/assets/{page.card.name}" if page.card else "",
            page.label,
        )
        for day, page in sorted(dated, key=lambda pair: pair[0], reverse=True)
    )
    return Feed(
        "feeds/guides",
        f"{frame.site}: guides",
        "Longer reads on feeling closer, in full.",
        items,
        _newest(pages),
    )


def change_feed(pages: Sequence[Page], frame: Frame) -> Feed:
    """Return the latest changes of every kind in short; a page that changes again is a new item."""
    changed = [(page.changed, page) for page in _public(pages) if page.changed and page.entry]
    changed.sort(key=lambda pair: (-pair[0].toordinal(), pair[1].url))
    items = tuple(
        Item(
            f"{_tag(frame.origin, day)}:{page.url}",
            frame.origin + page.url,
            f"{page.label}: {page.name}",
            page.description,
            day,
            day,
            tag=page.label,
        )
        for day, page in changed[:MOST_CHANGES]
    )
    description = "Every page that is new or has changed."
    return Feed("feeds/changes", f"{frame.site}: all changes", description, items, _newest(pages))


def _newest(pages: Iterable[Page]) -> dt.date:
    return max((page.lastmod for page in pages if page.lastmod), default=dt.date(1970, 1, 1))


def _public(pages: Iterable[Page]) -> list[Page]:
    return [page for page in pages if not page.careful and "noindex" not in page.robots]


def _tag(origin: str, day: dt.date) -> str:
    """Return the start of a tag URI (RFC 4151)."""
    return f"tag:{urlsplit(origin).hostname},{day.isoformat()}"


def with_absolute_addresses(text: Nodes, page: str) -> Nodes:
    """Return a text whose addresses all work outside of ``page``.

    Of a picture, the one every reader can show.
    """

    def change(node: Node) -> Iterable[Node] | None:
        if not isinstance(node, Element):
            return None
        if node.tag == "source":
            return ()
        return [with_addresses(node, partial(urljoin, page))]

    return changed(text, change)


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.timezone.utc)


def to_atom(feed: Feed, frame: Frame) -> str:
    """Return ``feed`` as Atom (RFC 4287)."""
    origin, site = frame.origin, frame.site
    address = f"{origin}/{feed.path}.atom.xml"
    atom = _DatedAtom(
        title=feed.title,
        link=f"{origin}/",
        description=None,
        subtitle=feed.description,
        language=frame.language,
        author_name=site,
        author_link=f"{origin}/",
        feed_url=address,
        feed_guid=address,
        feed_copyright=RIGHTS,
        changed=_moment(feed.changed),
    )
    for item in feed.items:
        atom.add_item(
            title=item.title,
            link=item.url,
            description=html.escape(item.summary, quote=False),
            unique_id=item.id,
            pubdate=_moment(item.published),
            updateddate=_moment(item.updated),
            content=item.content or None,
            categories=[item.tag],
        )
    return str(atom.writeString("utf-8")) + "\n"


def to_json(feed: Feed, frame: Frame) -> str:
    """Return ``feed`` as JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/."""
    origin, site = frame.origin, frame.site
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{origin}/",
        "feed_url": f"{origin}/{feed.path}.json",
        "description": feed.description,
        "icon": f"{origin}/icon-512.png",
        "favicon": f"{origin}/icon-192.png",
        "authors": [{"name": site, "url": f"{origin}/"}],
        "language": frame.language,
        "items": [_json_item(item) for item in feed.items],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _json_item(item: Item) -> dict[str, Any]:
    content = {"content_html": item.content} if item.content else {"content_text": item.summary}
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        **content,
        "date_published": _moment(item.published).isoformat(),
        "date_modified": _moment(item.updated).isoformat(),
        "tags": [item.tag],
        **({"image": item.image} if item.image else {}),
    }
