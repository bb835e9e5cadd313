"""What every page says about itself to those who link to it: title, description, card.

A safety page says its neutral title only, and no two pages say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from pathlib import Path

from plugins.library.entries import Entry, Library
from plugins.library.kinds import BY_FOLDER
from plugins.library.problems import Problems, shown
from plugins.sharing.cards import HEIGHT, WIDTH, Card, CardMaker
from plugins.sharing.links import FilledLink, fill_links
from plugins.sharing.qr import Code, kept_qr


@dataclass(frozen=True)
class Head:
    """The sharing side of one page; ``title`` and ``description`` are plain text."""

    url: str
    title: str
    description: str
    card: Card
    entry: Entry | None = None

    @property
    def careful(self) -> bool:
        """Tell whether the page must say nothing about itself."""
        return self.entry is not None and bool(self.entry.front.safety)

    @property
    def og_type(self) -> str:
        """Return the Open Graph type."""
        return "article" if self.entry is not None and self.entry.kind.name != "page" else "website"

    @property
    def changed(self) -> str:
        """Return the day of the last change in ISO form, or nothing for a page that is no entry."""
        return self.entry.changed.isoformat() if self.entry is not None else ""


class Sharing:
    """Templates find it as ``sharing``; it remembers the head of every page of the build."""

    width, height = WIDTH, HEIGHT

    def __init__(self, library: Library, maker: CardMaker, origin: str, language: str, cache: Path) -> None:
        self.library, self.maker, self.origin, self.cache = library, maker, origin, cache
        self.palette, self.language = maker.palette, language_tag(language)
        self.heads: dict[str, Head] = {}
        self.codes: dict[str, Code] = {}

    def head(self, url: str, title: str, description: str, entry: Entry | None = None) -> Head:
        """Return the head of the page at ``url``; title and description come escaped from the template.

        Whatever the template says, a safety page gets its neutral title and a neutral description.
        """
        title, description = unescape(title), unescape(description)
        if entry is not None and entry.front.safety:
            title = str(entry.front.tab_title)
            description = f"{title}, from the {self.maker.site} library: free, and without tracking."
        self.heads[url] = Head(url, title, description, self._card(url, title, entry), entry)
        return self.heads[url]

    def _card(self, url: str, title: str, entry: Entry | None) -> Card:
        if entry is None:
            folder = url.strip("/").split("/")[0]
            kind = BY_FOLDER.get(folder)
            names = (kind.name,) if kind else (folder, "page")
            return self.maker.card(title, "", names)
        if entry.front.safety or entry.slug == "404":
            return self.maker.neutral_card()
        label = "" if entry.kind.name == "page" else entry.kind.label
        return self.maker.card(entry.title, label, (entry.slug, entry.kind.name))

    def links(self, url: str) -> list[FilledLink]:
        """Return the share links of the page at ``url``."""
        return fill_links(self.library.share_links, self.heads[url].title, self.origin + url)

    def qr(self, url: str) -> str:
        """Return the address of the QR code of the page at ``url``: a file that only paper asks for."""
        code = kept_qr(self.origin + url, self.cache / "qr")
        self.codes[code.name] = code
        return f"/assets/{code.name}"

    def check(self, problems: Problems) -> None:
        """Note pages that could not be told apart where they are shared."""
        for what in ("title", "description"):
            first: dict[str, Head] = {}
            for head in self.heads.values():
                words = getattr(head, what)
                other = first.setdefault(words, head)
                if other is not head:
                    path = head.entry.path if head.entry else "theme/templates"
                    message = f"the {what} {shown(words)} of {head.url} stands on {other.url} too."
                    problems.add(path, 1, "head", message, "Give each page its own.")


def language_tag(code: str) -> str:
    """Return a language code as it is written, ``en-GB``; Pelican hands it on as ``en-gb``."""
    language, _, region = code.partition("-")
    return f"{language}-{region.upper()}" if region else language
