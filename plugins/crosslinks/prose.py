"""``[[slug]]``, ``[[slug#heading]]`` and ``[[slug|words]]`` in HTML that somebody else's reader has made.

A parser walks the HTML, so that what stands in code, in a link or in a script stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import Literal

LINK = re.compile(r"\[\[([^\s\[\]|#]+)(?:#([^\s\[\]|]+))?(?:\|([^\[\]\n]+))?\]\]")
LOOKS_LIKE_ONE = re.compile(r"\[\[[^\[\]\n]*\]\]")
_QUIET = frozenset(("a", "code", "kbd", "pre", "samp", "script", "style", "textarea", "tt"))
_BLOCKS = frozenset(("p", "li", "dd", "dt", "td", "th", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"))
_STOP = re.compile(r"(?<=[.!?])[\"”’)]*\s+")


@dataclass(frozen=True)
class Mention:
    """A link as it stands in a text; ``sentence`` is the one around it, links and all."""

    slug: str
    fragment: str
    words: str
    sentence: str
    heading: str
    line: int = 1
    role: Literal["link"] = "link"

    def context(self, title_of: Callable[[str], str]) -> str:
        """Return the sentence in the words a reader sees."""
        return LINK.sub(lambda found: found[3] or title_of(found[1]), self.sentence)


class _Walker(HTMLParser):
    """Goes through HTML; keeps its links, its ids, and the HTML with each link as ``change`` gives it."""

    def __init__(self, change: Callable[[str, str, str], str]) -> None:
        super().__init__()
        self.change = change
        self.pieces: list[str] = []
        self.mentions: list[Mention] = []
        self.odd: list[str] = []
        self.made: list[str] = []
        self.ids: set[str] = set()
        self.quiet = 0
        self.heading = self.block = ""
        self.tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag; a block begins anew."""
        self.pieces.append(self.get_starttag_text() or "")
        self.ids |= {value for name, value in attrs if name == "id" and value}
        self.quiet += tag in _QUIET
        if tag in _BLOCKS:
            self._end_block()
            self.tag = tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag that is closed at once."""
        self.block += " "
        self.pieces.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        """Keep an end; that of a block is that of its sentences."""
        self.pieces.append(f"</{tag}>")
        self.quiet -= tag in _QUIET and self.quiet > 0
        if tag in _BLOCKS:
            self._end_block()

    def handle_data(self, data: str) -> None:
        """Change the links of a piece of text, unless it is to be seen as it is."""
        if self.cdata_elem is not None:  # a script or a style sheet: nothing in it is text
            self.pieces.append(data)
        elif self.quiet:
            self.pieces.append(escape(data, quote=False))
            self.block += data.replace("[[", "[\u200b[")
        else:
            self.pieces += self._changed(data)
            self.block += data

    def handle_comment(self, data: str) -> None:
        """Keep a comment."""
        self.pieces.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        """Keep a declaration."""
        self.pieces.append(f"<!{decl}>")

    def _changed(self, text: str) -> Iterator[str]:
        end = 0
        for found in LINK.finditer(text):
            yield escape(text[end : found.start()], quote=False)
            self.made.append(" ".join(found[0].split()))
            yield self.change(found[1], found[2] or "", (found[3] or "").strip())
            end = found.end()
        yield escape(text[end:], quote=False)

    def _end_block(self) -> None:
        text, self.block = " ".join(self.block.split()), ""
        self.odd += (one for one in LOOKS_LIKE_ONE.findall(text) if one not in self.made)
        if self.tag.startswith("h") and text:
            self.heading = LINK.sub(lambda found: found[3] or found[1], text)
        for sentence in _STOP.split(text):
            for slug, fragment, words in LINK.findall(sentence):
                clean = sentence.replace("\u200b", "")
                self.mentions.append(Mention(slug, fragment, words, clean, self.heading))

    def finish(self) -> None:
        """Come to the end, where a last block may be open."""
        self.close()
        self._end_block()


@dataclass(frozen=True)
class Prose:
    """The text of a page: what it mentions, the ids that links may lead to.

    ``odd`` is what looks like a link and is none.
    """

    references: tuple[Mention, ...] = ()
    ids: frozenset[str] = frozenset()
    unread: bool = False
    odd: tuple[str, ...] = ()


def read_prose(html: str) -> Prose:
    """Return what ``html`` mentions, and its ids."""
    walker = _Walker(lambda *_: "")
    walker.feed(html)
    walker.finish()
    return Prose(tuple(walker.mentions), frozenset(walker.ids), odd=tuple(dict.fromkeys(walker.odd)))


def with_links(html: str, address_of: Callable[[str], tuple[str, str] | None]) -> str:
    """Return ``html`` with its links; ``address_of`` gives (address, title) of a slug, if it has one."""

    def change(slug: str, fragment: str, words: str) -> str:
        found = address_of(slug)
        if found is None:
            return escape(words or slug, quote=False)
        address = found[0] + (f"#{fragment}" if fragment else "")
        return f'<a class="crosslink" href="{escape(address)}">{escape(words or found[1], quote=False)}</a>'

    walker = _Walker(change)
    walker.feed(html)
    walker.finish()
    return "".join(walker.pieces)
