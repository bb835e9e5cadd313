"""The plan of the site: every page as a value, before the first byte is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from plugins.common_thread import indexes, places
from plugins.common_thread.kind import AnyKind, Wording
from plugins.common_thread.planner import Planner
from plugins.common_thread.wordings import PLACES, counted
from plugins.library.entries import Entry
from plugins.library.pages import Page, entry_page
from plugins.library.plans import Unit

PLACE_VIEWS: dict[str, Callable[[Planner], Any]] = {
    "map": places.map_view,
    "evidence": places.evidence_view,
    "finder": places.finder_view,
    "search": places.search_view,
    "offline": lambda _planner: places.OfflineView(),
}
FRAMED = "embed/"
"""Below a page, where its copy for frames of other sites stands."""
OWN_TEMPLATES = ("home", "404")
"""Pages of no kind with a template of their own."""


@dataclass(frozen=True)
class SiteWords:
    """What pages say of the site: its name, for neutral descriptions and the home page's title."""

    name: str


def plan(planner: Planner, words: SiteWords) -> Iterator[Unit]:
    """Yield what plans the pages of the site, each unit under the address of the first of its pages.

    A unit looks up all that it needs itself, so that its questions can be noted.
    """
    for entry in planner.library.pages():
        yield Unit(entry.url, partial(_entry_pages, planner, words, entry.slug), entry.slug)
    for kind in planner.kinds.values():
        if kind.index is not None:
            yield Unit(kind.index_url, partial(_index_pages, planner, kind, kind.index))
    for name in PLACE_VIEWS:
        yield Unit(f"/{name}/", partial(_place_pages, planner, name))


def wanted(units: Iterable[Unit], addresses: Container[str]) -> Iterator[Unit]:
    """Yield the units of pages at these addresses, copies for frames included."""
    return (unit for unit in units if unit.name in addresses or f"{unit.name}{FRAMED}" in addresses)


def _place_pages(planner: Planner, name: str) -> Iterator[Page]:
    wording = PLACES[name]
    yield Page(
        url=f"/{name}/",
        template=name,
        title=wording.title,
        description=wording.description,
        view=PLACE_VIEWS[name](planner),
        source="theme/templates",
        robots="noindex" if name == "offline" else "",
        drawings=(name, "page"),
        lastmod=_newest(planner.library.pages()),
    )


def _entry_pages(planner: Planner, words: SiteWords, slug: str) -> Iterator[Page]:
    """Yield the page of an entry, and its copy for frames of other sites if it has one."""
    entry = planner.library.entries[slug]
    page, template = _entry_page(planner, words, entry), planner.kinds[entry.kind.name].framed
    if not template or page.careful:
        yield page
        return
    framed_at = f"{page.url}{FRAMED}"
    yield replace(page, framed_at=framed_at)
    yield Page(
        url=framed_at,
        template=template,
        title=page.title,
        description=page.description,
        view=page.view,
        source=page.source,
        robots="noindex",
        quick_exit=page.quick_exit,
        copy_of=page.url,
    )


def _entry_page(planner: Planner, words: SiteWords, entry: Entry) -> Page:
    title, description = _head(words, entry)
    page = entry_page(
        entry,
        entry.slug if entry.slug in OWN_TEMPLATES else entry.kind.name,
        planner.kinds[entry.kind.name].view(planner, entry),
    )
    return replace(
        page,
        title=title,
        description=description,
        robots="noindex" if entry.slug == "404" else "",
        careful=entry.front.safety,
        quick_exit=entry.has_exit or entry.kind.name == "quiz",
        og_type="website" if entry.kind.at_root else "article",
        drawings=(entry.slug, entry.kind.name),
        lastmod=_newest(planner.library.pages()) if entry.slug == "home" else entry.changed,
        text=planner.document(entry),
    )


def _newest(entries: Iterable[Entry]) -> dt.date | None:
    return max((entry.changed for entry in entries), default=None)


def _head(words: SiteWords, entry: Entry) -> tuple[str, str]:
    """Return (title, description) for tabs and link previews; a safety page says its neutral title only."""
    front = entry.front
    if front.safety:
        return str(
            front.tab_title
        ), f"{front.tab_title}, from the {words.name} library: free, and without tracking."
    if entry.slug == "home":
        return f"{words.name}: {entry.title.lower()}", front.summary
    return str(front.tab_title or entry.title), front.summary


def _index_pages(planner: Planner, kind: AnyKind, wording: Wording) -> Iterator[Page]:
    entries = planner.library.of_kind(kind.name)
    yield Page(
        url=kind.index_url,
        template=kind.index_template or f"{kind.name}_index",
        title=wording.title,
        description=counted(wording.description, len(entries)),
        view=(kind.index_view or indexes.card_index)(planner, kind, wording.heading or wording.title),
        source="theme/templates",
        drawings=(kind.name,),
        lastmod=_newest(entries),
    )
