"""What a Markdown text says, before anybody has looked where its links lead."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from plugins.library.text.tree import (
    HEADINGS,
    Citation,
    Element,
    Link,
    Marker,
    Node,
    Nodes,
    Packed,
    leaves,
    text_of,
    walk,
)
from plugins.problems import Problems

_SENTENCE_END = re.compile(r"""[.!?]["')]*\s+""")
_SENTENCE_STOP = re.compile(r"""[.!?]["')]*(?=\s|$)""")
_LINK = "\ue000"
_EDGE = "\ue001"
"""Stands where an element ends: a bold lead-in, point and all, belongs to the sentence after it."""


NOWHERE = "#"
"""The address of a link or picture whose own may not go out."""


@dataclass(frozen=True, slots=True)
class Fault(Packed):
    """Something an editor has to mend; as :class:`~plugins.problems.Problem`, but for any path."""

    line: int
    rule: str
    message: str
    cure: str


@dataclass(frozen=True, slots=True)
class Heading(Packed):
    """A heading: its level, the id that links may point to, its text and its line."""

    level: int
    id: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Reference(Packed):
    """A link, a citation or an entry named in a marker, where it stands.

    ``sentence`` is made of words and of links whose titles nobody knows yet;
    ``heading`` is the text of the heading above, ``section`` of the ``##`` heading.
    """

    node: Link | Citation | Marker
    slug: str
    line: int
    sentence: Nodes = ()
    heading: str = ""
    section: str = ""

    @property
    def role(self) -> Literal["link", "card", "source"]:
        """Return how it refers to what it means."""
        if isinstance(self.node, Citation):
            return "source"
        return "link" if isinstance(self.node, Link) else "card"

    @property
    def fragment(self) -> str:
        """Return the heading that a link leads to, or nothing."""
        return self.node.fragment if isinstance(self.node, Link) else ""

    def context(self, title_of: Callable[[str], str]) -> str:
        """Return the sentence in the words a reader sees; ``title_of`` gives the title of a slug."""
        return plain(self.sentence, title_of)


@dataclass(frozen=True)
class Body:
    """A text as a tree, with what was found in it.

    ``pictures`` and ``markers`` are those in its tree, in reading order; ``links`` and ``sources``
    name, once each, what its links lead to and what it cites.
    ``unread`` tells that it was too much to be read at all.
    ``key`` stands for the text, if its tree is to be had from a store: few pages need that,
    once what they show of it is kept as well.
    """

    faults: tuple[Fault, ...] = ()
    headings: tuple[Heading, ...] = ()
    references: tuple[Reference, ...] = ()
    ids: frozenset[str] = frozenset()
    unread: bool = False
    pictures: tuple[Element, ...] = ()
    markers: tuple[Marker, ...] = ()
    links: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    key: bytes = field(default=b"", compare=False)
    tree: Callable[[], Nodes] = field(default=tuple, repr=False)

    def __repr__(self) -> str:
        return f"<Body of {len(self.headings)} headings, {len(self.links)} links, {len(self.faults)} faults>"

    @property
    def nodes(self) -> Nodes:
        """Return the tree."""
        return self.tree()

    def without_tree(self) -> Body:
        """Return what is kept of it beside its tree."""
        return self if self.tree is tuple else replace(self, tree=tuple)

    def report(self, path: str, problems: Problems) -> None:
        """Note every fault as one of the file at ``path``."""
        for fault in self.faults:
            problems.add(path, fault.line, fault.rule, fault.message, fault.cure)


class Grown:
    """A tree that is there: as nodes, or packed as it came from another process, until somebody asks."""

    def __init__(self, nodes: Nodes | None = None, packed: bytes = b"") -> None:
        self._nodes, self._packed = nodes, packed

    def __call__(self) -> Nodes:
        """Return its nodes."""
        if self._nodes is None:
            self._nodes = pickle.loads(self._packed)  # noqa: S301 — packed by ourselves
        return self._nodes

    @property
    def packed(self) -> bytes:
        """Return it packed."""
        return self._packed or pickle.dumps(self._nodes, pickle.HIGHEST_PROTOCOL)

    def __reduce__(self) -> tuple[type, tuple[None, bytes]]:
        """Pack it, so that a process that only passes it on need not take it apart."""
        return Grown, (None, self.packed)

    def __eq__(self, other: object) -> bool:
        """Tell whether two have the same nodes."""
        return isinstance(other, Grown) and self() == other()

    def __hash__(self) -> int:
        return hash(self())


def body_of(
    nodes: Nodes, faults: tuple[Fault, ...], headings: tuple[Heading, ...], references: tuple[Reference, ...]
) -> Body:
    """Return the text that ``nodes`` make up."""
    found = [*walk(nodes)]
    return Body(
        faults,
        headings,
        references,
        frozenset(name for node in found if isinstance(node, Element) and (name := node.get("id"))),
        pictures=tuple(node for node in found if isinstance(node, Element) and node.tag == "img"),
        markers=tuple(node for node in found if isinstance(node, Marker)),
        links=tuple(dict.fromkeys(node.slug for node in found if isinstance(node, Link))),
        sources=tuple(dict.fromkeys(node.id for node in found if isinstance(node, Citation))),
        tree=Grown(nodes),
    )


def references_of(nodes: Nodes, markers: Collection[str]) -> Iterator[Reference]:
    """Yield what a text refers to, in reading order; ``nodes`` are its top-level blocks.

    ``markers`` names those whose words are slugs.
    """
    heading = section = ""
    for block in nodes:
        if isinstance(block, Marker):
            if block.name in markers:
                yield from (Reference(block, word, block.line, (), heading, section) for word in block.words)
            continue
        if isinstance(block, Element) and block.tag in HEADINGS:
            heading = text_of(block.children)
            section = heading if block.tag in ("h1", "h2") else section
        for leaf in leaves((block,)):
            yield from _references_of_leaf(leaf, heading, section)


def _references_of_leaf(leaf: Nodes, heading: str, section: str) -> Iterator[Reference]:
    flat = tuple(_flat(leaf))
    links = [node for node in flat if isinstance(node, Link)]
    text = "".join(
        node if isinstance(node, str) else _LINK for node in flat if not isinstance(node, Citation)
    )
    places = (match.start() for match in re.finditer(_LINK, text))
    for node in flat:
        if isinstance(node, Citation):
            yield Reference(node, node.id, node.line, (), heading, section)
        elif isinstance(node, Link):
            sentence = tuple(_sentence(text, next(places), links))
            yield Reference(node, node.slug, node.line, sentence, heading, section)


def _flat(nodes: Iterable[Node]) -> Iterator[str | Link | Citation]:
    """Yield inline nodes as words, links and citations."""
    for node in nodes:
        if isinstance(node, str | Link | Citation):
            yield node
        elif isinstance(node, Element):
            yield from _flat(node.children)
            yield "\n" if node.tag == "br" else _EDGE


def _sentence(text: str, at: int, links: list[Link]) -> Iterator[Node]:
    """Yield the sentence around ``text[at]``: never more than its line, for a line is a sentence."""
    start = text.rfind("\n", 0, at) + 1
    line_end = text.find("\n", at)
    end = len(text) if line_end < 0 else line_end
    start = max((match.end() for match in _SENTENCE_END.finditer(text, start, at)), default=start)
    stop = _SENTENCE_STOP.search(text, at, end)
    end = stop.end() if stop else end
    first = text.count(_LINK, 0, start)
    for number, piece in enumerate(text[start:end].replace(_EDGE, "").split(_LINK)):
        if number:
            yield links[first + number - 1]
        yield piece


def plain(nodes: Iterable[Node], title_of: Callable[[str], str]) -> str:
    """Return inline nodes as the words a reader sees; ``title_of`` gives the title of a slug."""
    words: list[str] = []
    _add_words(words, nodes, title_of)
    return "".join(words).strip()


def _add_words(words: list[str], nodes: Iterable[Node], title_of: Callable[[str], str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            words.append(node)
        elif isinstance(node, Link) and not node.children:
            words.append(title_of(node.slug))
        elif isinstance(node, Element | Link):
            if isinstance(node, Element) and node.tag == "br":
                words.append("\n")
            _add_words(words, node.children, title_of)
