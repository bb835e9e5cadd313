"""Texts of a quiz in Markdown: emphasis, code and links, and paragraphs and lists where there is room.

HTML never comes of what is written, and a link leads only where a link may lead.  Quotation marks are made
typographic by the site, if at all: never in code, and across emphasis as if it were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from ..problems.addresses import is_safe_address

_SOURCE = re.compile(r"^\{(filename|static|attach)\}(?=[^{}]+$)")
"""How Pelican names a file of the site."""


def may_lead_to(address: str) -> bool:
    """Tell whether a link of a quiz may lead there: where any text's may, or to a file of a Pelican site."""
    return is_safe_address(_SOURCE.sub("/", address, count=1))


class _Parser(MarkdownIt):
    """Reads what a quiz may hold; addresses stay as they are written, since a site knows names of its own."""

    def __init__(self, *more: str) -> None:
        super().__init__("zero")
        self.enable(["backticks", "emphasis", "escape", "fence", "link", *more])

    def validateLink(self, url: str) -> bool:
        """Tell whether a link may lead to an address; if not, it stays as it is written."""
        return may_lead_to(url)

    def normalizeLink(self, url: str) -> str:
        """Return an address as it is."""
        return url


_LINE, _BLOCKS = _Parser(), _Parser("list")
_INSIDE, _BEGINS = "\ue000", "\u2028"
"""Stand for a tag where quotation marks are made typographic: behind a letter, and behind a space."""

Part = tuple[str, str]
"""What is shown: ``words``, ready HTML as a ``tag`` or as ``code``, or the address of a ``link``."""


class Told(str):
    """A text of one paragraph, and blocks of code; as a string it is what an editor wrote."""

    __slots__ = ()
    has_blocks = False

    @property
    def is_block(self) -> bool:
        """Tell whether it is more than one paragraph."""
        kinds = [token.type for token in self._tokens]
        return kinds.count("paragraph_open") > 1 or any(kind.endswith("list_open") for kind in kinds)

    @property
    def _tokens(self) -> Sequence[Token]:
        return _tokens(str(self), self.has_blocks)

    @property
    def parts(self) -> list[Part]:
        """Return all it shows, in order."""
        is_block = self.is_block
        return [part for token in self._tokens for part in _parts(token, is_block=is_block)]

    @property
    def plain(self) -> str:
        """Return its words and its code, without any mark."""
        return "".join(text for token in self._tokens for text in _texts(token)).strip()

    @property
    def addresses(self) -> list[str]:
        """Return where its links lead."""
        return [text for kind, text in self.parts if kind == "link"]

    @property
    def words(self) -> str:
        """Return its words in one piece, a character of no meaning for each tag."""
        found = ""
        for kind, text in self.parts:
            begins = not found or found[-1].isspace() or found[-1] in "([{"
            found += text if kind == "words" else _BEGINS if kind != "code" and begins else _INSIDE
        return found

    def shown(self, words: str, root: str) -> Markup:
        """Return it as HTML, its words as the site wants them; ``root`` is where its paths begin."""
        pieces = re.split(f"[{_INSIDE}{_BEGINS}]", str(escape(words)))
        made = [_link(text, root) if kind == "link" else text for kind, text in self.parts if kind != "words"]
        return Markup("".join(piece + tag for piece, tag in zip(pieces, [*made, ""], strict=True)))  # noqa: S704


class ToldBlocks(Told):
    """A text that may have paragraphs and lists as well."""

    __slots__ = ()
    has_blocks = True


@lru_cache(maxsize=2048)
def _tokens(text: str, has_blocks: bool) -> Sequence[Token]:
    """Return what a text is made of; the same answers come again and again."""
    return (_BLOCKS if has_blocks else _LINE).parse(text)


SILENT, NOTHING = Told(), ToldBlocks()


def _link(address: str, root: str) -> str:
    return f'<a href="{escape(root + address[1:] if address.startswith("/") else address)}">'


def _parts(token: Token, *, is_block: bool) -> Iterator[Part]:
    """Yield what a token shows; a paragraph that is all there is has no tag of its own."""
    if token.type == "inline":
        for child in token.children or ():
            yield from _inline(child)
    elif token.type == "fence":
        yield "code", f' <code class="quiz__code">{escape(token.content)}</code>'
    elif is_block and not token.hidden:
        yield "tag", f"<{'/' if token.nesting < 0 else ''}{token.tag}>"


def _inline(token: Token) -> Iterator[Part]:
    if token.type == "code_inline":
        yield "code", f"<code>{escape(token.content)}</code>"
    elif token.type == "link_open":
        yield "link", str(token.attrs["href"])
    elif token.nesting:
        yield "tag", f"<{'/' if token.nesting < 0 else ''}{token.tag}>"
    else:
        yield "words", _words(token)


def _texts(token: Token) -> Iterable[str]:
    if token.type == "inline":
        return [_words(one) for one in token.children or ()]
    return [f" {token.content} " if token.type == "fence" else " " if token.type == "paragraph_close" else ""]


def _words(token: Token) -> str:
    """Return what a token says; a line end is a space, and so is what stands for a tag elsewhere."""
    content = "\n" if token.type.endswith("break") else token.content
    return re.sub(rf"\s*\n\s*|[{_INSIDE}{_BEGINS}]", " ", content)


def is_told(text: str) -> str:
    """Return a text of one paragraph, whose links lead somewhere; raise ValueError else."""
    if Told(text).is_block:
        raise ValueError("one paragraph, beside blocks of code")
    return _with_sound_links(text, Told(text))


def is_told_in_blocks(text: str) -> str:
    """Return a text whose links lead somewhere; raise ValueError else."""
    return _with_sound_links(text, ToldBlocks(text))


def is_told_without_links(text: str) -> str:
    """Return a text of one paragraph without links; raise ValueError else."""
    if Told(text).addresses:
        raise ValueError("no link, since this is pressed or is a link itself")
    return is_told(text)


def is_plain(text: str) -> str:
    """Return a text of one line that is no Markdown; raise ValueError else."""
    if "\n" in text or "](" in text:
        raise ValueError("plain words in one line")
    return text


def _with_sound_links(text: str, told: Told) -> str:
    shown = "".join(words for kind, words in told.parts if kind == "words")
    if "](" in shown:
        raise ValueError("links as [words](https://example.org), to the web, to mail or into the site")
    return text
