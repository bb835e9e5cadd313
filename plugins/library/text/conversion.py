"""Python-Markdown's element tree to nodes.

Marks become lines, and addresses are looked at as they will be read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree

from markdown.extensions.toc import slugify

from plugins.library.text.body import NOWHERE, Fault, Heading
from plugins.library.text.complaints import LEFT_OVER, written
from plugins.library.text.language import FENCED, KIND, LINK_CURE
from plugins.library.text.marks import FENCE, MARK, Marks, TooMuch, bare
from plugins.library.text.tree import (
    BLOCKS,
    HEADINGS,
    Citation,
    Element,
    Link,
    Marker,
    Node,
    Nodes,
    elements,
    text_of,
)
from plugins.problems import shown
from plugins.problems.addresses import is_safe_address

DEEPEST_TREE = 60
_ONLY_BLOCKS = frozenset(("blockquote", "div", "ol", "table", "tbody", "thead", "tr", "ul"))
_ALIGNMENTS = {f"text-align: {side};": f"cell--{side}" for side in ("left", "center", "right")}
"""What the table extension writes, which the content security policy blocks, and the class that says the
same."""
_LEADING_MARKS = re.compile(f"{MARK}*")
_ADDRESS_CURE = "Link to an https address, a page of this site as /folder/name/, or an entry as [[slug]]."
_PICTURE_CURE = "Put the file in content/images/ and write ![words](/images/name.svg)."


@dataclass
class Conversion:
    """One element tree on its way to nodes; ``line`` is that of the last mark that was met."""

    marks: Marks
    line: int = 1
    depth: int = 0
    in_link: bool = False
    headings: list[Heading] = field(default_factory=list)

    def converted(self, root: ElementTree.Element) -> Nodes:
        """Return the whole text."""
        self.line = self.marks.first_line
        nodes = self._children(root)
        return tuple(_with_steps(nodes, {heading.id for heading in self.headings}))

    def _fault(self, line: int, rule: str, message: str, cure: str) -> None:
        self.marks.faults.append(Fault(line, rule, message, cure))

    # Nodes ----------------------------------------------------------------------

    def _children(self, element: ElementTree.Element) -> Nodes:
        self.depth += 1
        if self.depth > DEEPEST_TREE:
            message = f"symbols are nested more than {DEEPEST_TREE} deep."
            raise TooMuch(Fault(self.line, "too-deep", message, "Make it simpler."))
        # White space between blocks is none of the text.
        words = element.tag not in _ONLY_BLOCKS
        nodes: list[Node] = [
            *self._text(element.text, keep=words and not (len(element) and _is_block(element[0])))
        ]
        for child in element:
            nodes += self._node(child)
            nodes += self._text(child.tail, keep=words and not _is_block(child))
        self.depth -= 1
        return tuple(nodes)

    def _text(self, text: str | None, *, keep: bool) -> Iterator[str]:
        """Yield a text without its marks, if it is one."""
        if not text:
            return
        if text.isascii():  # no marks, then, and no fences
            if keep or not text.isspace():
                yield text
            return
        self.line = self.marks.last_line(text, self.line)
        for character in FENCE.findall(text):
            line, _ = self.marks.fence(character)
            cure = "Put it behind fewer spaces, or outside of the list or quotation."
            self._fault(
                line, "fence", "the code that begins here stands where it is read as something else.", cure
            )
        clean = FENCE.sub("", bare(text))
        if clean and (keep or clean.strip()):
            yield clean

    def _node(self, element: ElementTree.Element) -> Iterator[Node]:
        kind = element.get(KIND)
        if kind == "marker":
            line = self._settled(element)
            yield Marker(element.get("name", ""), tuple(element.get("words", "").split("\n")), line)
        elif kind == "cite":
            yield from self._citation(element)
        elif element.tag == "a":
            yield from self._link(element)
        elif element.tag == "img":
            yield self._picture(element)
        elif element.tag == "code":
            yield self._code(element.text or "", is_meant=True)
        elif element.tag == "pre":
            codes = (f"{(code.text or '').rstrip()}\n" for code in element)
            yield Element("pre", (), tuple(self._code(code, is_meant=False) for code in codes))
        elif element.tag == FENCED:
            yield Element("pre", (), (Element("code", (), (element.text or "",)),))
        elif element.tag in HEADINGS:
            yield self._heading(element)
        else:
            yield Element(element.tag, tuple(_attributes(element)), self._children(element))

    def _settled(self, element: ElementTree.Element) -> int:
        """Take the mark of one of our own elements for accounted for, and return its line."""
        mark = element.get("mark", "")
        self.marks.settle(mark)
        self.line = self.marks.line(mark, self.line)
        return self.line

    def _citation(self, element: ElementTree.Element) -> Iterator[Node]:
        citation = Citation(element.get("id", ""), self._settled(element))
        if self.in_link:
            message = f"[@{citation.id}] stands in the words of a link."
            self._fault(citation.line, "half-written", message, "Put it behind the link.")
        else:
            yield citation

    def _code(self, text: str, *, is_meant: bool) -> Element:
        """Return code; what looks like a link in lines that are only indented is more likely meant as one."""
        if not is_meant:
            for mark, place in self.marks.claims(text):
                message = f"{written(place)} stands in a line indented by four spaces, which makes it code."
                self.marks.fault(
                    mark, "indented", message, "Take the spaces away, or put code between lines of ```."
                )
        self.marks.settle(text)
        return Element("code", (), tuple(self._text(html.unescape(text), keep=True)))

    def _heading(self, element: ElementTree.Element) -> Element:
        line = self.marks.line("".join(element.itertext()), self.line)
        children = tuple(_stripped(self._children(element)))
        text = text_of(children)
        id_ = slugify(text, "-") or "section"
        if not text:
            self._fault(line, "heading", "the heading has no words.", "Give it some, or remove it.")
        elif element.tag == "h1":
            message = f"the heading {shown(text)} is of the first level, which only the page's title is."
            self._fault(line, "heading", message, "Put '##' before it.")
        elif any(heading.id == id_ for heading in self.headings):
            message = f"the heading {shown(text)} has the same address as another, '#{id_}'."
            self._fault(line, "heading", message, "Word one of them differently.")
        self.headings.append(Heading(int(element.tag[1]), id_, text, line))
        return Element(element.tag, (("id", id_),), children, line)

    # Addresses ------------------------------------------------------------------

    def _link(self, element: ElementTree.Element) -> Iterator[Node]:
        marked = element.get("mark", "") + "".join(element.itertext())
        line = self.marks.line(marked, self.line)
        is_inside, self.in_link = self.in_link, True
        children = self._children(element)
        self.in_link = is_inside
        if is_inside:
            self.marks.settle(element.get("mark", ""))
            message = (
                f"a link stands in the words of a link: {shown(text_of(children) or element.get('slug'))}."
            )
            self._fault(line, "half-written", message, LINK_CURE)
            yield from children
        elif element.get(KIND) == "link":
            self._settled(element)
            yield Link(bare(element.get("slug", "")), bare(element.get("fragment", "")), children, line)
        else:
            address = self._address(element, "href", line)
            if not text_of(children) and not any(elements(children)):
                self._fault(
                    line, "address", f"the link to {shown(address)} has no words.", "Write [words](address)."
                )
            yield Element("a", (("href", address), *self._title(element, line)), children, line)

    def _picture(self, element: ElementTree.Element) -> Element:
        line = self.marks.line(element.get("alt", ""), self.line)
        address = self._address(element, "src", line)
        alt = self._words(element.get("alt", ""), line)
        if not alt.strip():
            message = f"the picture {shown(address)} has no alt text."
            self._fault(line, "alt", message, "Say what it shows: ![words](…).")
        return Element("img", (("src", address), ("alt", alt), *self._title(element, line)), (), line)

    def _title(self, element: ElementTree.Element, line: int) -> Iterator[tuple[str, str]]:
        if element.get("title"):
            yield "title", self._words(element.get("title", ""), line)

    def _address(self, element: ElementTree.Element, name: str, line: int) -> str:
        """Return an address as browsers will read it; one that may not go out is noted and leads nowhere."""
        raw = element.get(name, "")
        leading = _LEADING_MARKS.match(raw)
        self.marks.settle(leading[0] if leading else "")
        line = self.marks.line(raw, line)  # that of the definition, for an address that stands in one
        address = html.unescape(bare(raw)).strip()
        safe = is_safe_address(address)
        if name == "src" and not (safe and address.startswith("/")):
            self._fault(line, "address", f"the picture comes from {shown(address)}.", _PICTURE_CURE)
        elif not safe:
            self._fault(line, "address", f"the link goes to {shown(address)}.", _ADDRESS_CURE)
        else:
            return address
        return NOWHERE

    def _words(self, raw: str, line: int) -> str:
        """Return the words of an attribute, in which nothing works that works in a text."""
        words = html.unescape(bare(raw))
        found = LEFT_OVER.search(words)
        if found:
            self.marks.settle(raw)
            line = self.marks.line(raw, line)
            message = f"{shown(found[0])} stands in the description of a picture or in a title."
            self._fault(line, "half-written", message, "Write plain words there.")
        return words


def _is_block(element: ElementTree.Element) -> bool:
    return element.tag in BLOCKS or element.tag == FENCED


def _attributes(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield what stays of Markdown's own attributes.

    The first number of a list, and how a cell is aligned.
    """
    for name, value in element.items():
        if name == "start":
            yield name, value
        elif name == "style" and value in _ALIGNMENTS:
            yield "class", _ALIGNMENTS[value]


def _stripped(nodes: Nodes) -> Iterator[Node]:
    """Yield inline nodes without white space at either end."""
    for at, node in enumerate(nodes):
        if isinstance(node, str):
            node = node.lstrip() if at == 0 else node  # noqa: PLW2901 - the same, made shorter
            node = node.rstrip() if at == len(nodes) - 1 else node  # noqa: PLW2901
        if node:
            yield node


def _with_steps(blocks: Iterable[Node], taken: set[str]) -> Iterator[Node]:
    """Yield top-level blocks; an item of a numbered list is named after the heading above and its number."""
    heading, number = "step", 0
    for block in blocks:
        if isinstance(block, Element) and block.tag in ("h2", "h3"):
            heading, number = block.get("id"), 0
        if not isinstance(block, Element) or block.tag != "ol":
            yield block
            continue
        items: list[Node] = []
        for item in block.children:
            number += 1
            name = f"{heading}-{number}"
            items.append(item.having(id=name) if isinstance(item, Element) and name not in taken else item)
        yield replace(block, children=tuple(items))
