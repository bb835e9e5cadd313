"""What our Markdown has more than others, and what it has not: links, citations, markers, no raw HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from plugins.library.text.marks import FENCE, MARK, PIPE, MarkingPreprocessor, Marks, bare, unmarked
from plugins.problems import did_you_mean, shown
from plugins.problems.characters import HIDDEN

FENCED = "fence"
"""Element of fenced code in Markdown's own tree."""
KIND = "data-kind"
"""Attribute that tells our elements apart until they become nodes: no text can write attributes."""

_LINK = rf"\[{MARK}\[{MARK}([^\[\]\n]*)\]{MARK}?\]"
_CITATION = rf" ?\[({MARK})@([^\[\]\n]*)\]"
_MARKER = re.compile(rf"^ {{0,3}}\[({MARK})\[{MARK}([^\[\]\n:|]*):([^\[\]\n]*)\]{MARK}?\] *$", re.M)
_ADDRESS = rf"<({MARK})((?:https?://|mailto:)[^<>\s]*|[^<>\s@:]+@[^<>\s@]+)>"
_ENTITY = rf"&({MARK})(?:#[0-9]{{1,9}}|#[xX][0-9a-fA-F]{{1,8}}|[A-Za-z][A-Za-z0-9]{{1,31}});"
_INLINE = re.compile(r"[`\\\[<&*_\x02]|  \n")
"""Without one of these, no inline rule applies, ours or Markdown's own."""
_ID = re.compile(r"[^\s,;@]+")
LINK_CURE = (
    "Write [[slug]], [[slug|words]] or [[slug#heading]] on one line; "
    "what is to be seen as it is stands in `code`."
)
CITATION_CURE = "Write [@id], one for each source; what is to be seen as it is stands in `code`."
MARKER_CURE = "Put it on a line of its own, outside of lists and quotations."


Found = tuple[Element | str | None, int | None, int | None]


class _Processor(InlineProcessor):
    """An inline processor that finds the marks of the text in hand."""

    def __init__(self, pattern: str, md: Markdown, preprocessor: MarkingPreprocessor) -> None:
        super().__init__(pattern, md)
        self.preprocessor = preprocessor

    @property
    def marks(self) -> Marks:
        """Return the marks of the text in hand."""
        return self.preprocessor.marks


class _LinkProcessor(_Processor):
    """``[[slug#fragment|words]]``; anything else between two pairs of brackets is told what it lacks."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]
        target, bar, words = unmarked(m[1]).partition(PIPE)
        slug, hash_, fragment = target.partition("#")
        message = _link_fault(slug, hash_, fragment, bar, words)
        if message:
            cure = MARKER_CURE if ":" in slug else LINK_CURE
            self.marks.fault(m[0], "half-written", f"{_as_written(self.marks, m[0], ']]')} {message}.", cure)
            return m[0], m.start(0), m.end(0)
        anchor = Element(
            "a", {KIND: "link", "slug": slug.strip(), "fragment": fragment.strip(), "mark": m[0][1]}
        )
        anchor.text = words.strip() or None
        return anchor, m.start(0), m.end(0)


def _link_fault(slug: str, hash_: str, fragment: str, bar: str, words: str) -> str:
    """Return what is wrong with the parts of a link, or nothing."""
    faults = {
        "stands in a line of text": ":" in slug,
        "names no entry": not slug.strip() or slug.strip().startswith("@"),
        "names no heading": bool(hash_) and not fragment.strip(),
        "has no words": bool(bar) and not words.strip(),
        "has more than one '|'": PIPE in words,
        "names more than one heading": "#" in fragment,
        "names an entry with symbols in it": re.search("[&<*`\x02\x03]", slug + fragment) is not None,
    }
    return next((message for message, holds in faults.items() if holds), "")


class _CitationProcessor(_Processor):
    """``[@id]``, one source each."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]
        if not _ID.fullmatch(bare(m[2])):
            written = _as_written(self.marks, m[1], "]")
            self.marks.fault(m[0], "half-written", f"{written} cites no one source.", CITATION_CURE)
            return m[0], m.start(0), m.end(0)
        return Element("sup", {KIND: "cite", "id": bare(m[2]), "mark": m[1]}), m.start(0), m.end(0)


class _AddressProcessor(_Processor):
    """``<https://…>`` and ``<name@host>``: the address is its own words."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]
        self.marks.settle(m[1])
        written = html.unescape(bare(m[2]))
        is_mail = "@" in written and not written.startswith(("http", "mailto:"))
        anchor = Element("a", {"href": f"{m[1]}{'mailto:' * is_mail}{written}"})
        anchor.text = AtomicString(written)
        return anchor, m.start(0), m.end(0)


class _EntityProcessor(_Processor):
    """``&amp;`` and the like to the character that is meant, so that nothing can hide behind one."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]
        meant = html.unescape(bare(m[0]))
        if HIDDEN.search(meant) or not meant:
            self.marks.fault(m[0], "hidden", f"{shown(bare(m[0]))} is an invisible character.", "Delete it.")
            return "", m.start(0), m.end(0)
        return m[1] + meant, m.start(0), m.end(0)


class _MarkerProcessor(BlockProcessor):
    """``[[name: words, words]]`` on a line of its own, between other lines or alone."""

    def __init__(self, md: Markdown, preprocessor: MarkingPreprocessor, names: Collection[str]) -> None:
        super().__init__(md.parser)
        self.preprocessor, self.names = preprocessor, names

    def test(self, parent: Element, block: str) -> bool:
        return parent is self.parser.root and _MARKER.search(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        block = blocks.pop(0)
        match = _MARKER.search(block)
        if match is None:
            return
        before, after = block[: match.start()].rstrip("\n"), block[match.end() :].lstrip("\n")
        if before:
            self.parser.parseBlocks(parent, [before])
        name, words = match[2].strip(), [bare(word).strip() for word in match[3].split(",")]
        marks = self.preprocessor.marks
        if name not in self.names:
            message = f"there is no marker {shown(bare(name) + ':')}."
            marks.fault(match[0], "unknown", message, did_you_mean(name, self.names))
        elif not all(words):
            message = f"{shown(bare(match[0]).strip())} names nothing, or has a comma too many."
            marks.fault(match[0], "half-written", message, f"Write [[{name}: one, another]].")
        else:
            SubElement(
                parent, "p", {KIND: "marker", "name": name, "words": "\n".join(words), "mark": match[1]}
            )
        if after:
            blocks.insert(0, after)


class _FenceProcessor(BlockProcessor):
    """The code that was taken out of a text comes back where it stood."""

    def __init__(self, md: Markdown, preprocessor: MarkingPreprocessor) -> None:
        super().__init__(md.parser)
        self.preprocessor = preprocessor

    def test(self, parent: Element, block: str) -> bool:
        return FENCE.fullmatch(block.strip()) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        # No <pre>: to that, Markdown would add any indented lines that follow.
        code = self.preprocessor.marks.fence(blocks.pop(0).strip())[1]
        SubElement(parent, FENCED).text = AtomicString(code)


class _PlainTreeprocessor(Treeprocessor):
    """Leaves out texts that have nothing Markdown would look for: about half, with 15 rules for each."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.text and not _INLINE.search(element.text):
                element.text = AtomicString(element.text)


class Definitions(dict[str, tuple[str, str]]):
    """``[id]: address`` by id, whatever marks stand in it.

    Knows where each was written, and which were used.
    """

    def __init__(self, preprocessor: MarkingPreprocessor) -> None:
        super().__init__()
        self.preprocessor = preprocessor
        self.unused: dict[str, str] = {}

    def clear(self) -> None:
        """Forget the definitions of the text before."""
        super().clear()
        self.unused.clear()

    def __setitem__(self, key: str, value: tuple[str, str]) -> None:
        marks = self.preprocessor.marks
        mark = re.search(MARK, key)
        marks.settle(value[0][:1])
        self.unused[_id(key)] = mark[0] if mark else ""
        super().__setitem__(_id(key), ((mark[0] if mark else "") + value[0], value[1]))

    def __contains__(self, key: object) -> bool:
        return super().__contains__(_id(str(key)))

    def __getitem__(self, key: str) -> tuple[str, str]:
        self.unused.pop(_id(key), None)
        return super().__getitem__(_id(key))


def _id(key: str) -> str:
    return " ".join(bare(key).split())


def _as_written(marks: Marks, text: str, end: str) -> str:
    """Return what stands at the first mark of ``text`` up to ``end``, as a message shows it."""
    place = marks.place(text)
    source = place.text if place else bare(text)
    return shown(source[: source.find(end) + len(end)] if end in source else source)


class Language(Extension):
    """Teaches a converter our language, with ``markers`` of these names.

    ``preprocessor`` has the marks of the text in hand.
    """

    def __init__(self, markers: Collection[str]) -> None:
        super().__init__()
        self.markers = markers
        self.preprocessor: MarkingPreprocessor

    def extendMarkdown(self, md: Markdown) -> None:
        """Take raw HTML and pretty printing out, and put links, citations, markers and fences in."""
        self.preprocessor = marking = MarkingPreprocessor(md)
        md.preprocessors.deregister("html_block")
        for name in ("html", "autolink", "automail", "entity"):
            md.inlinePatterns.deregister(name)
        md.treeprocessors.deregister("prettify")
        md.treeprocessors.register(_PlainTreeprocessor(md), "library_plain", 21)
        md.references = Definitions(marking)
        md.preprocessors.register(marking, "marks", 25)
        md.inlinePatterns.register(_CitationProcessor(_CITATION, md, marking), "library_citation", 176)
        md.inlinePatterns.register(_LinkProcessor(_LINK, md, marking), "library_link", 175)
        md.inlinePatterns.register(_AddressProcessor(_ADDRESS, md, marking), "library_address", 120)
        md.inlinePatterns.register(_EntityProcessor(_ENTITY, md, marking), "library_entity", 80)
        md.parser.blockprocessors.register(_MarkerProcessor(md, marking, self.markers), "library_marker", 95)
        md.parser.blockprocessors.register(_FenceProcessor(md, marking), "library_fence", 85)
