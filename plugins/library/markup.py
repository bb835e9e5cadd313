"""Markdown to safe HTML, cut into sections.

Raw HTML is not part of the language: it is reported and, if it ever got this far,
comes out escaped.  Links may only go to addresses of the schemes in ``SCHEMES``.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import markdown
import smartypants
from markdown.extensions import Extension
from markdown.extensions.toc import TocExtension, slugify
from markdown.treeprocessors import Treeprocessor

from plugins.problems import Problems, shown

SCHEMES = ("https:", "http:", "mailto:", "tel:")
_TAG = re.compile(r"<[a-zA-Z/!?][^>\n]*>?")
_CODE = re.compile(r"`[^`\n]*`")
_HEADING = re.compile(r'^<h2 id="([^"]+)">(.*?)</h2>$', re.M)
_BEFORE_SUBHEADING = re.compile(r'(?=^<h3 id=")', re.M)
_SUBHEADING = re.compile(r'^<h3 id="([^"]+)">(.*?)</h3>$', re.M)
_STEP = re.compile(r"(?:Step )?\d+\. ")
_TAGS = re.compile(r"<[^>]+>")
_QUOTES = smartypants.Attr.q | smartypants.Attr.e | smartypants.Attr.u


def curly(html: str) -> str:
    """Return ``html`` with typographic quotation marks and ellipses; tags and code stay as they are."""
    return str(smartypants.smartypants(html, _QUOTES))


def text_of(html: str) -> str:
    """Return the text of an HTML fragment on one line."""
    return " ".join(entities.unescape(_TAGS.sub("", html)).split())


@dataclass(frozen=True)
class Part:
    """A piece of a section: HTML, or the slugs of entries to show as cards, or a block of help lines, or the end of a step.

    ``help`` names the block (``helpdesk.BLOCKS``); ``step`` is (id, text) of the numbered heading whose text ends here.
    """

    html: str = ""
    cards: tuple[str, ...] = ()
    help: str = ""
    step: tuple[str, str] | None = None


@dataclass(frozen=True)
class Section:
    """What stands under one ``##`` heading; the first of a page has no heading.

    ``subheadings`` are (id, text) pairs of its ``###`` headings, ``steps`` those with a number.
    """

    id: str
    title: str
    parts: tuple[Part, ...]
    subheadings: tuple[tuple[str, str], ...] = ()

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Return its numbered ``###`` headings."""
        return tuple((id_, text) for id_, text in self.subheadings if is_step(text))


def is_step(heading: str) -> bool:
    """Tell whether a heading starts with a number: ``1. Listen``, ``Step 1. Talk openly``."""
    return _STEP.match(heading) is not None


@dataclass(frozen=True)
class Document:
    """A converted body: its sections, and the ids that links may point to."""

    sections: tuple[Section, ...] = ()
    ids: frozenset[str] = frozenset()
    words: int = 0

    @property
    def intro(self) -> Section | None:
        """Return the text before the first heading, if there is any."""
        return self.sections[0] if self.sections and not self.sections[0].id else None

    @property
    def headed(self) -> tuple[Section, ...]:
        """Return the sections that have a heading."""
        return tuple(section for section in self.sections if section.id)

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Return (id, text) of every numbered heading: what a reader can tick off."""
        return [part.step for section in self.sections for part in section.parts if part.step]

    @property
    def minutes(self) -> int:
        """Return the reading time in minutes, at 200 words a minute."""
        return max(1, round(self.words / 200))

    @property
    def html(self) -> str:
        """Return all of the text as one HTML string, without the cards."""
        blocks: list[str] = []
        for section in self.sections:
            if section.id:
                blocks.append(f'<h2 id="{section.id}">{section.title}</h2>')
            blocks.extend(part.html for part in section.parts if part.html)
        return "\n".join(blocks)


class _SafeLinks(Treeprocessor):
    """Notes links and images whose address has a scheme that is not allowed, and disarms them.

    Puts the site's base path before addresses that start at its root.
    """

    def __init__(self, md: markdown.Markdown, rules: _NoRawHtml) -> None:
        super().__init__(md)
        self.rules = rules

    def run(self, root: Element) -> None:
        for element in root.iter():
            for name in ("href", "src"):
                address = element.get(name)
                if address is None:
                    continue
                if not is_safe_address(address):
                    self.rules.refused.append(address)
                    element.set(name, "#")
                elif name == "src":
                    self.rules.images.append((address, element.get("alt", "")))
                if address.startswith("/"):
                    element.set(name, self.rules.base + address)


class _NoRawHtml(Extension):
    """Takes raw HTML out of the language, so that it can only ever be shown as text."""

    def __init__(self, base: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.base = base
        self.refused: list[str] = []
        self.images: list[tuple[str, str]] = []

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(_SafeLinks(md, self), "safe_links", 0)


def is_safe_address(address: str) -> bool:
    """Tell whether a link may go to ``address``: a path, a fragment, or one of ``SCHEMES``."""
    bare = re.sub(r"[\x00-\x20\xad\u200b]", "", address).lower()
    scheme = re.match(r"^([^/?#]*?):", bare)
    return scheme is None or f"{scheme[1]}:" in SCHEMES


@dataclass
class Markup:
    """The one Markdown converter of a build; ``extensions`` add to the language.

    ``base`` is put before addresses that start at the root of the site.
    """

    base: str = ""
    extensions: Iterable[Extension] = ()
    _markdown: markdown.Markdown | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._safety = _NoRawHtml(self.base)

    def convert(self, body: str, path: str, first_line: int, problems: Problems, slug: str = "") -> Document:
        """Convert a Markdown body; faults are reported at their line of ``path``.

        Extensions find ``slug`` as ``md.entry_slug``.
        """
        report_raw_html(body, path, first_line, problems)
        if self._markdown is None:
            toc = TocExtension(slugify=_slugify, marker="", toc_depth="2-3")
            self._markdown = markdown.Markdown(extensions=[*self.extensions, "tables", "sane_lists", toc, self._safety])
        self._safety.refused.clear()
        self._safety.images.clear()
        setattr(self._markdown, "entry_slug", slug)  # noqa: B010 - the class does not declare it
        html = curly(self._markdown.reset().convert(body))
        for address in self._safety.refused:
            line = line_of(body, address, first_line)
            cure = "Link to an https address, a page of this site, or an entry as [[slug]]."
            problems.add(path, line, "address", f"the link goes to {shown(address)}.", cure)
        for source, alt in self._safety.images:
            if not alt.strip():
                line = line_of(body, source, first_line)
                problems.add(
                    path,
                    line,
                    "alt",
                    f"the picture {shown(source)} has no alt text.",
                    "Say what it shows: ![words](…).",
                )
        return _cut(html)

    @property
    def images(self) -> list[str]:
        """Return the picture addresses of the last conversion."""
        return [source for source, _ in self._safety.images]


def _slugify(value: str, separator: str) -> str:
    return slugify(value, separator) or "section"


def line_of(body: str, needle: str, first_line: int) -> int:
    """Return the line on which ``needle`` first stands in ``body``, or the body's first line."""
    at = body.find(needle)
    return first_line + (body.count("\n", 0, at) if at >= 0 else 0)


def report_raw_html(body: str, path: str, first_line: int, problems: Problems) -> None:
    """Note every HTML tag outside code spans and indented or fenced code."""
    fenced = False
    for number, line in enumerate(body.split("\n"), first_line):
        if line.startswith("```"):
            fenced = not fenced
        if fenced or line.startswith("    "):
            continue
        for match in _TAG.finditer(_CODE.sub("", line)):
            if re.match(r"<(https?:|mailto:)", match[0]):
                continue
            problems.add(
                path,
                number,
                "html",
                f"raw HTML {shown(match[0])} is not allowed.",
                "Use Markdown; see docs/editing.md.",
            )


_BLOCK = re.compile(r'^<p data-(cards|help)="([^"]*)"></p>$', re.M)


def _cut(html: str) -> Document:
    """Cut converted HTML at its ``h2`` headings and at its blocks of cards and help lines."""
    pieces = _HEADING.split(html)
    sections = [_section("", "", pieces[0])] if pieces[0].strip() else []
    for at in range(1, len(pieces), 3):
        sections.append(_section(pieces[at], pieces[at + 1], pieces[at + 2]))
    ids = frozenset(re.findall(r'\bid="([^"]+)"', html))
    return Document(tuple(sections), ids, len(re.findall(r"[\w'’-]+", text_of(html))))


def _section(id_: str, title: str, html: str) -> Section:
    parts: list[Part] = []
    for piece in _BEFORE_SUBHEADING.split(html):
        parts += _parts(piece)
        heading = _SUBHEADING.match(piece)
        if heading and is_step(heading[2]):
            parts.append(Part(step=(heading[1], heading[2])))
    if is_step(title):
        parts.append(Part(step=(id_, title)))
    return Section(id_, title, tuple(parts), tuple(_SUBHEADING.findall(html)))


def _parts(html: str) -> Iterator[Part]:
    text, *blocks = _BLOCK.split(html)
    if text.strip():
        yield Part(html=text.strip())
    for kind, value, rest in zip(blocks[::3], blocks[1::3], blocks[2::3], strict=True):
        yield Part(help=value) if kind == "help" else Part(cards=tuple(value.split()))
        if rest.strip():
            yield Part(html=rest.strip())


def embedded(html: str, url: str) -> str:
    """Return the HTML of one page for showing on another: no ids, and its own fragments lead to ``url``."""
    return re.sub(r' href="#', f' href="{url}#', re.sub(r' id="[^"]*"', "", html))
