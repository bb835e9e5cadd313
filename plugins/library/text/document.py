"""A text with everything filled in, cut into the sections and parts that pages show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import pairwise
from typing import Protocol, TypeVar

from plugins.library.code import code_of
from plugins.library.pictures import Shelf, dressed
from plugins.library.text.as_html import to_html
from plugins.library.text.body import Body
from plugins.library.text.quotes import with_curly_quotes
from plugins.library.text.tree import Change, Element, Marker, Node, Nodes, changed, leaves, text_of

_STEP = re.compile(r"(?:Step )?\d+\. ")
_WORD = re.compile(r"[\w'’-]+")
_ADDRESSES = ("href", "src")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Part:
    """A piece of a section: nodes, or a marker such as that for cards, or the end of a step.

    ``step`` is (id, HTML) of the numbered heading whose text ends here.
    """

    nodes: Nodes = ()
    marker: Marker | None = None
    step: tuple[str, str] | None = None

    @property
    def cards(self) -> tuple[str, ...]:
        """Return the slugs of the entries to show as cards."""
        return self.marker.words if self.marker and self.marker.name == "cards" else ()


@dataclass(frozen=True)
class Section:
    """What stands under one ``##`` heading; the first of a page has no heading.

    ``title`` is HTML; ``subheadings`` are (id, HTML) pairs of its ``###`` headings, ``steps`` those with a
    number.
    """

    id: str
    heading: Nodes
    parts: tuple[Part, ...]
    subheadings: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """Return the words of the heading as HTML."""
        return _title(self.heading[0]) if self.heading else ""

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Return its numbered ``###`` headings."""
        return tuple((id_, text) for id_, text in self.subheadings if is_step(text))


def is_step(heading: str) -> bool:
    """Tell whether a heading starts with a number: ``1. Listen``, ``Step 1. Talk openly``."""
    return _STEP.match(heading) is not None


class Keeper(Protocol):
    """Keeps what was made of a document."""

    def get(self, content: bytes, make: Callable[[], Made]) -> Made:
        """Return what ``make`` gives, or what it gave for the same ``content`` before."""


@dataclass(frozen=True)
class Document:
    """The text of a page: its sections, the ids that links may point to, and all of its nodes.

    ``tree`` gives the nodes when somebody asks.  ``key`` stands for all that they are made from,
    if what is made of them is to be kept by ``keeper``.
    """

    ids: frozenset[str] = frozenset()
    key: bytes = b""
    tree: Callable[[], Nodes] = field(default=tuple, compare=False, repr=False)
    keeper: Keeper | None = field(default=None, compare=False, repr=False)

    def __getstate__(self) -> dict[str, object]:
        """Return what tells it from any other: there is mostly no need to fill it in for that."""
        return {"key": self.key} if self.key else {"nodes": self.nodes, "ids": self.ids}

    def kept(self, name: str, make: Callable[[Document], Made]) -> Made:
        """Return what ``make`` makes of this document, and of nothing else, under a name of its own.

        What it makes is told apart by its code too, so ``make`` is a function in a module.
        """
        if not self.key or self.keeper is None:
            return make(self)
        return self.keeper.get(self.kept_as(name, make), lambda: make(self))

    def kept_as(self, name: str, make: Callable[[Document], object]) -> bytes:
        """Return the key of what ``make`` makes, which is kept under a name."""
        return name.encode() + b"\0" + code_of(make) + self.key

    @cached_property
    def nodes(self) -> Nodes:
        """Return everything in it."""
        return self.tree()

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Return it in sections."""
        return tuple(_sections(self.nodes))

    @property
    def headed(self) -> tuple[Section, ...]:
        """Return the sections that have a heading."""
        return tuple(section for section in self.sections if section.id)

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Return (id, HTML) of every numbered heading: what a reader can tick off."""
        return [part.step for section in self.sections for part in section.parts if part.step]

    @property
    def text(self) -> str:
        """Return the words readers see, without source numbers, one block a line."""
        return self.kept("text", _text)

    @property
    def minutes(self) -> int:
        """Return the reading time in minutes, at 200 words a minute."""
        return max(1, round(len(_WORD.findall(self.text)) / 200))

    @property
    def html(self) -> str:
        """Return all of the text as HTML, without what markers stand for."""
        return to_html(self.nodes)


def _text(document: Document) -> str:
    return "\n".join(text for leaf in leaves(document.nodes) if (text := text_of(leaf)))


@dataclass
class Renderer:
    """Fills texts in; ``changes`` give, for the slug of an entry, what its links and citations become.

    ``base`` is put before addresses that start at the root of the site.
    """

    base: str = ""
    shelf: Shelf | None = None
    changes: list[Callable[[str], Change]] = field(default_factory=list)

    def render(self, slug: str, body: Body, key: bytes = b"", keeper: Keeper | None = None) -> Document:
        """Return the text of an entry, filled in when somebody asks; see :class:`Document`."""
        return Document(body.ids, key, partial(self._filled, slug, body), keeper)

    def _filled(self, slug: str, body: Body) -> Nodes:
        nodes = body.nodes
        for make in self.changes:
            nodes = changed(nodes, make(slug))
        return with_curly_quotes(changed(nodes, self._placed))

    def _placed(self, node: Node) -> Iterable[Node] | None:
        """Give an address its base, and a picture its sizes."""
        if not isinstance(node, Element) or node.tag not in ("a", "img"):
            return None
        picture = (
            self.shelf.find(node.get("src").removeprefix("/")) if self.shelf and node.tag == "img" else None
        )
        return [dressed(node, picture) if picture else with_addresses(node, self._with_base)]

    def _with_base(self, address: str) -> str:
        return self.base + address if address.startswith("/") else address


def with_addresses(element: Element, change: Callable[[str], str]) -> Element:
    """Return an element with its own addresses changed."""
    attributes = (
        (name, change(value) if name in _ADDRESSES else value) for name, value in element.attributes
    )
    return replace(element, attributes=tuple(attributes))


def embedded(nodes: Iterable[Node], url: str) -> Nodes:
    """Return the nodes of one page for showing on another: no ids, and its own fragments lead to ``url``."""

    def change(node: Node) -> Iterable[Node] | None:
        if not isinstance(node, Element):
            return None
        without_id = replace(node, attributes=tuple(pair for pair in node.attributes if pair[0] != "id"))
        return [
            with_addresses(without_id, lambda address: url + address if address.startswith("#") else address)
        ]

    return changed(nodes, change)


def _sections(nodes: Nodes) -> Iterator[Section]:
    starts = [at for at, node in enumerate(nodes) if isinstance(node, Element) and node.tag == "h2"]
    if nodes and starts[:1] != [0]:
        yield _section((), nodes[: starts[0] if starts else len(nodes)])
    for start, end in pairwise((*starts, len(nodes))):
        yield _section(nodes[start : start + 1], nodes[start + 1 : end])


def _section(heading: Nodes, nodes: Nodes) -> Section:
    starts = [at for at, node in enumerate(nodes) if isinstance(node, Element) and node.tag == "h3"]
    parts: list[Part] = []
    for start, end in zip([0, *starts], [*starts, len(nodes)], strict=True):
        parts += _parts(nodes[start:end])
        parts += _step(nodes[start:end]) if start in starts else ()
    parts += _step(heading)
    subheadings = tuple((_id(nodes[at]), _title(nodes[at])) for at in starts)
    return Section(_id(heading[0]) if heading else "", heading, tuple(parts), subheadings)


def _step(nodes: Nodes) -> list[Part]:
    """Return the end of the step that the heading at the start of ``nodes`` begins, if it begins one."""
    title = _title(nodes[0]) if nodes else ""
    return [Part(step=(_id(nodes[0]), title))] if is_step(title) else []


def _parts(nodes: Nodes) -> Iterator[Part]:
    start = 0
    for at, node in enumerate(nodes):
        if isinstance(node, Marker):
            if at > start:
                yield Part(nodes[start:at])
            yield Part(marker=node)
            start = at + 1
    if start < len(nodes):
        yield Part(nodes[start:])


def _id(node: Node) -> str:
    return node.get("id") if isinstance(node, Element) else ""


def _title(node: Node) -> str:
    return to_html(node.children) if isinstance(node, Element) else ""
