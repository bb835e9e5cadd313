"""Pages and the frame around them, as values.

A page is rendered from its own view, the frame and the templates, and from nothing else;
so the same three always give the same bytes, and a page can be made again alone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from plugins.library.card import Card
from plugins.library.code import code_of_modules
from plugins.library.entries import Entry
from plugins.library.filters import base_path, language_tag
from plugins.library.natures import Held
from plugins.library.store import content_key, digest
from plugins.library.text.document import Document
from plugins.library.text.tree import Packed

_CLASS = re.compile(rb"\x8c.([A-Za-z_][\w.]*)\x8c.[\w.]+\x93", re.DOTALL)
"""How a class stands in a pickle: two short texts, the first of which is its module."""


@dataclass(frozen=True, slots=True)
class Link(Packed):
    """A link to an entry: its kind (which colours it), its address without base path, its words."""

    kind: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Reason(Packed):
    """A link with the reason it stands here; ``id`` names its place on the page, if it has one."""

    link: Link
    because: str
    id: str = ""


@dataclass(frozen=True)
class Share:
    """How a page is passed on: (name, address) of each place to share to, and the address of its QR code.

    ``code`` is the HTML that shows it on another site, ``oembed`` where programs find that;
    both may be empty.
    """

    places: tuple[tuple[str, str], ...]
    qr: str
    code: str = ""
    oembed: str = ""


@dataclass(frozen=True)
class Page:
    """One HTML page of the site, planned.

    ``url`` is its address without base path; ``template`` the name of its template without ending;
    ``title`` and ``description`` are plain text; ``robots`` the content of its robots tag, if it has one.
    ``careful`` pages say nothing of what they are about outside of themselves.
    ``view`` is a frozen dataclass of plain values: what the template shows.
    ``source`` is the file it comes from, ``entry`` the slug of its entry, if it has one.
    ``name`` is what the page is called in full, ``label`` its kind in words; its ``card`` is made
    of both and of the first of ``drawings`` there is.  ``text`` is its text, for feeds.
    ``changed`` is the day of its own last change, ``lastmod`` that of the newest thing it shows.
    ``structured`` is JSON-LD, ``twin`` the page as Markdown; each is empty if there is none.
    ``framed_at`` is the address of a copy made for frames of other sites, ``copy_of`` that of the page of
    which this one is such a copy: it is in no list, and nobody shares it.
    """

    url: str
    template: str
    title: str
    description: str
    view: Any
    source: str
    robots: str = ""
    careful: bool = False
    quick_exit: bool = False
    entry: str = ""
    name: str = ""
    label: str = ""
    og_type: str = "website"
    published: dt.date | None = None
    changed: dt.date | None = None
    lastmod: dt.date | None = None
    text: Document = field(default=Document(), repr=False)
    drawings: tuple[str, ...] = ()
    card: Card | None = None
    share: Share | None = None
    structured: str = field(default="", repr=False)
    twin: str = field(default="", repr=False)
    framed_at: str = ""
    copy_of: str = ""

    @property
    def save_as(self) -> str:
        """Return the file this page is written to, relative to the output folder."""
        path = self.url.lstrip("/")
        return path if path.endswith(".html") else f"{path}index.html"

    @property
    def key(self) -> bytes:
        """Return what stands for all of it, and for the code of all that it shows: templates may run it."""
        content = content_key(self)
        return digest(content + code_of_modules(name.decode() for name in {*_CLASS.findall(content)}))

    def let_go(self) -> None:
        """Do without what only the HTML of the page shows, if that can be planned again."""

    @property
    def has_twin(self) -> bool:
        """Tell whether there is a Markdown twin beside the page."""
        return bool(self.twin)

    @property
    def twin_file(self) -> str | Held:
        """Return the content of the twin, or what stands for it."""
        return self.twin


@dataclass(frozen=True)
class AssetAddress:
    """Where an asset is, base path included, and its integrity value."""

    url: str
    integrity: str


@dataclass(frozen=True)
class Frame:
    """What stands around every page: names, navigation, wordings, addresses of assets.

    ``base`` is the path the site lies under, ``origin`` its address, both without a slash at
    the end.  ``main`` are the links of the main navigation, ``more`` those of the footer.
    """

    site: str
    slogan: str
    base: str
    origin: str
    language: str
    locale: str
    meta_policy: bool
    exit_url: str
    paper: str
    night: str
    main: tuple[Link, ...]
    more: tuple[Link, ...]
    assets: Mapping[str, AssetAddress]
    links: Mapping[str, Link] = field(default_factory=dict)


def link(entry: Entry) -> Link:
    """Return the link to an entry."""
    return Link(entry.kind.name, entry.url, entry.title)


def reasons(pairs: Iterable[tuple[Entry, str]]) -> tuple[Reason, ...]:
    """Return links to entries, each with its reason."""
    return tuple(Reason(link(entry), because) for entry, because in pairs)


def entry_page(entry: Entry, template: str, view: Any) -> Page:
    """Return the page of an entry, with all that follows from what its author wrote."""
    return Page(
        url=entry.url,
        template=template,
        title=entry.title,
        description=entry.front.summary,
        view=view,
        source=entry.path,
        entry=entry.slug,
        name=entry.title,
        label=entry.kind.label,
        og_type="article",
        published=entry.front.date,
        changed=entry.changed,
        lastmod=entry.changed,
    )


class Colours(Protocol):
    """The colours of the page, for browsers."""

    @property
    def paper(self) -> str:
        """Return that of a light page."""

    @property
    def night(self) -> str:
        """Return that of a dark one."""


def make_frame(
    settings: Mapping[str, Any],
    colours: Colours,
    assets: Mapping[str, AssetAddress],
    *,
    main: Iterable[Link],
    more: Iterable[Link],
    links: Mapping[str, Link],
) -> Frame:
    """Return the frame of a site with these settings."""
    language = language_tag(settings["DEFAULT_LANG"])
    return Frame(
        site=settings["SITENAME"],
        slogan=settings["SITESUBTITLE"],
        base=base_path(settings["SITEURL"]),
        origin=settings["SITEURL"].rstrip("/"),
        language=language,
        locale=language.replace("-", "_"),
        meta_policy=settings["META_POLICY"],
        exit_url=settings["EXIT_URL"],
        paper=colours.paper,
        night=colours.night,
        main=tuple(main),
        more=tuple(more),
        assets=assets,
        links=links,
    )
