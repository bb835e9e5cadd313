"""Links, cards and citations in prose.

``[[slug]]``, ``[[slug|words]]``, ``[[slug#heading]]``, ``[[cards: a, b]]`` on a line of
its own, and ``[@evidence-id]``.
:func:`find_links` reads them off the source, with lines; :class:`LinkExtension` turns
them into HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor

LINK = r"\[\[(?!(?:cards|help):)([^\]\[|#\n]+)(?:#([^\]\[|\n]+))?(?:\|([^\]\[\n]+))?\]\]"
CITATION = r" ?\[@([^\]\s]+)\]"
CARDS = re.compile(r"^\[\[cards:([^\]]*)\]\][ ]*$")
_ANY = re.compile(f"{LINK}|{CITATION}")
_CODE = re.compile(r"`[^`\n]*`")


@dataclass(frozen=True)
class Found:
    """One link, card or citation as it stands in the source."""

    kind: str
    slug: str
    line: int
    fragment: str = ""
    words: str = ""
    context: str = ""
    heading: str = ""


def find_links(body: str, first_line: int) -> Iterator[Found]:
    """Yield every link, card and citation of a Markdown body with line, sentence and heading."""
    heading, fenced = "", False
    for number, line in enumerate(body.split("\n"), first_line):
        if line.startswith("```"):
            fenced = not fenced
        if fenced or line.startswith("    "):
            continue
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
        cards = CARDS.match(line)
        if cards:
            for slug in filter(None, (part.strip() for part in cards[1].split(","))):
                yield Found("card", slug, number, heading=heading)
            continue
        bare = _CODE.sub(lambda match: "`" * len(match[0]), line)
        for match in _ANY.finditer(bare):
            if match[4] is not None:
                yield Found("cite", match[4], number, context=line, heading=heading)
            else:
                sentence = sentence_around(line, match.start(), match.end())
                yield Found("link", match[1].strip(), number, match[2] or "", match[3] or "", sentence, heading)


def sentence_around(line: str, start: int, end: int) -> str:
    """Return the sentence of ``line`` that holds the span, still in Markdown."""
    left = max((match.end() for match in re.finditer(r'[.!?]["\')]*\s+', line[:start])), default=0)
    right = re.search(r'[.!?]["\')]*(?=\s|$)', line[end:])
    stop = end + right.end() if right else len(line)
    return re.sub(r"^\s*(?:[-*>]|\d+\.|#+)\s+", "", line[left:stop]).strip()


def plain_words(markdown: str, title_of: Callable[[str], str]) -> str:
    """Return a sentence of Markdown as plain words, links replaced by what the reader sees."""
    text = re.sub(CITATION, "", markdown)
    text = re.sub(LINK, lambda match: match[3] or title_of(match[1].strip()), text)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[*_`]", "", text).strip()


class _LinkProcessor(InlineProcessor):
    """``[[slug#fragment|words]]`` to an anchor that carries the kind as a class."""

    def __init__(self, md: Markdown, extension: LinkExtension) -> None:
        super().__init__(LINK, md)
        self.extension = extension

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]
        target = self.extension.target(m[1].strip())
        if target is None:
            return None, None, None
        kind, url, title = target
        anchor = Element("a", {"class": f"link link--{kind}", "href": url + (f"#{m[2]}" if m[2] else "")})
        anchor.text = (m[3] or title).strip()
        return anchor, m.start(0), m.end(0)


class _CitationProcessor(InlineProcessor):
    """``[@id]`` to a small number that leads to the source at the foot of the page."""

    def __init__(self, md: Markdown, extension: LinkExtension) -> None:
        super().__init__(CITATION, md)
        self.extension = extension

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]
        found = self.extension.cite(str(getattr(self.md, "entry_slug", "")), m[1])
        if found is None:
            return None, None, None
        number, anchor_id = found
        sup = Element("sup", {"class": "cite"})
        anchor = SubElement(sup, "a", {"href": f"#source-{number}", "id": anchor_id, "role": "doc-noteref"})
        anchor.set("aria-label", f"Source {number}")
        anchor.text = str(number)
        return sup, m.start(0), m.end(0)


class _CardProcessor(BlockProcessor):
    """A line of ``[[cards: a, b]]`` to a placeholder the page is cut at."""

    def test(self, parent: Element, block: str) -> bool:
        return CARDS.match(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        match = CARDS.match(blocks.pop(0))
        slugs = [part.strip() for part in match[1].split(",")] if match else []
        SubElement(parent, "p", {"data-cards": " ".join(slugs)})


class LinkExtension(Extension):
    """The Markdown extension; ``target`` and ``cite`` answer from the graph.

    ``target(slug)`` gives (kind, url, title) or None; ``cite(entry slug, evidence id)``
    gives (number, id of this reference) or None.
    """

    def __init__(
        self,
        target: Callable[[str], tuple[str, str, str] | None],
        cite: Callable[[str, str], tuple[int, str] | None],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.target, self.cite = target, cite

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors."""
        md.inlinePatterns.register(_CitationProcessor(md, self), "library_citation", 176)
        md.inlinePatterns.register(_LinkProcessor(md, self), "library_link", 175)
        md.parser.blockprocessors.register(_CardProcessor(md.parser), "library_cards", 95)
