"""The typed graph: every relation with its reason, readable from both ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from .nodes import Node, Reference
from .relations import MENTIONS, Relations, RelationType

N = TypeVar("N", bound=Node)
Hear = Callable[[Mapping[Any, Any], Callable[[Any, Any], Iterable[str]]], Any]
"""See :meth:`Graph.heard`."""


@dataclass(frozen=True)
class Relation(Generic[N]):
    """One relation that holds; ``because`` is its reason or the sentence it stands in.

    ``heading`` is the heading above that sentence, if it stands in a text.
    """

    type: RelationType
    source: N
    target: N
    because: str = ""
    path: str = ""
    line: int = 1
    heading: str = ""


@dataclass(frozen=True)
class Citation(Generic[N]):
    """Evidence ``id`` is source number ``number`` of ``entry``; ``times`` it is cited there."""

    entry: N
    id: str
    number: int
    times: int


@dataclass
class Graph(Generic[N]):
    """All relations, indexed by both ends.

    ``out`` and ``into`` map (slug, relation name) to relations in the order stated;
    ``citations`` maps a slug to its numbered sources; ``unsure`` are the slugs and sources that
    a faulty relation starts from or may have meant, so that they may have more than is here.
    """

    types: Relations
    relations: list[Relation[N]] = field(default_factory=list)
    out: dict[tuple[str, str], list[Relation[N]]] = field(default_factory=lambda: defaultdict(list))
    into: dict[tuple[str, str], list[Relation[N]]] = field(default_factory=lambda: defaultdict(list))
    citations: dict[str, list[Citation[N]]] = field(default_factory=lambda: defaultdict(list))
    cited_by: dict[str, list[Citation[N]]] = field(default_factory=lambda: defaultdict(list))
    wanted_fragments: list[tuple[N, Reference]] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    _stated: set[tuple[str, str, str]] = field(default_factory=set, repr=False)

    def __repr__(self) -> str:
        return f"<Graph of {len(self.relations)} relations>"

    def add(self, relation: Relation[N]) -> None:
        """Add a relation under both of its ends; the same one twice is kept once."""
        name, source, target = relation.type.name, relation.source.slug, relation.target.slug
        stated = (name, source, target)
        if stated in self._stated:
            return
        self._stated.add(stated)
        self.relations.append(relation)
        self.out[source, name].append(relation)
        self.into[target, name].append(relation)

    def heard(self, hear: Hear) -> Graph[N]:
        """Return the graph with every index as ``hear`` gives it, for whoever wants to know what is asked.

        ``hear`` takes an index, and what gives the names of a question by its key and the answer:
        ``links x`` for all that is said of a slug, ``cited x`` of a source, ``entry x`` of a page at an end.
        """

        def relations(key: tuple[str, str], found: list[Relation[N]] | None) -> Iterator[str]:
            yield f"links {key[0]}"
            for one in found or ():
                yield from (f"entry {one.source.slug}", f"entry {one.target.slug}")

        def citations(slug: str, _found: object) -> Iterator[str]:
            yield f"links {slug}"

        def citing(source: str, found: list[Citation[N]] | None) -> Iterator[str]:
            yield f"cited {source}"
            yield from (f"entry {one.entry.slug}" for one in found or ())

        return Graph(
            self.types,
            out=hear(self.out, relations),
            into=hear(self.into, relations),
            citations=hear(self.citations, citations),
            cited_by=hear(self.cited_by, citing),
        )

    @cached_property
    def _said(self) -> dict[str, list[tuple[object, ...]]]:
        """Return all relations and citations of each slug as plain values, in the order stated."""
        said: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        for one in self.relations:
            source, target = one.source.slug, one.target.slug
            plain = one.type.name, source, target, one.because, one.path, one.line, one.heading
            said[source].append(plain)
            said[target].append(plain)
        for slug, citations in self.citations.items():
            said[slug] += [(one.id, one.number, one.times) for one in citations]
        return said

    def said_of(self, slug: str) -> list[tuple[object, ...]]:
        """Return all that the graph says of a slug, as plain values: what ``links`` of it stands for.

        To be asked of a graph that is whole.
        """
        return self._said.get(slug, [])

    def outgoing(self, entry: N, name: str) -> list[Relation[N]]:
        """Return the relations of type ``name`` that start at ``entry``."""
        return list(self.out.get((entry.slug, name), ()))

    def incoming(self, entry: N, name: str) -> list[Relation[N]]:
        """Return the relations of type ``name`` that end at ``entry``, in reading order of their sources."""
        found = self.into.get((entry.slug, name), [])
        if len(found) < 2:
            return [*found]
        return sorted(found, key=lambda relation: (relation.source.order, relation.source.title))

    def targets(self, entry: N, name: str) -> list[N]:
        """Return the entries that ``entry`` relates to by ``name``."""
        return [relation.target for relation in self.outgoing(entry, name)]

    def sources(self, entry: N, name: str) -> list[N]:
        """Return the entries that relate to ``entry`` by ``name``."""
        return [relation.source for relation in self.incoming(entry, name)]

    def partners(self, entry: N, name: str) -> list[N]:
        """Return both ends' partners of a symmetric relation, each once."""
        found = [*self.targets(entry, name), *self.sources(entry, name)]
        return list(dict.fromkeys(found))

    def reason(self, source: N, name: str, target: N) -> str:
        """Return why ``source`` relates to ``target`` by ``name``, or an empty string."""
        for relation in self.out.get((source.slug, name), ()):
            if relation.target == target:
                return relation.because
        return ""

    def both_ends(self, entry: N) -> Iterator[tuple[str, list[tuple[N, str]]]]:
        """Yield the wording of each typed relation, and what it joins ``entry`` to with reasons."""
        for name, relation in self.types.items():
            if name == MENTIONS.name:
                continue
            out = [(one.target, one.because) for one in self.outgoing(entry, name)]
            into = [(one.source, one.because) for one in self.incoming(entry, name)]
            if relation.symmetric:
                out, into = [(one, "") for one in self.partners(entry, name)], []
            yield from (
                (words, found)
                for words, found in ((relation.forward, out), (relation.inverse, into))
                if found
            )

    def numbers(self, slug: str) -> dict[str, int]:
        """Return the number of each source on the page of ``slug``."""
        return {citation.id: citation.number for citation in self.citations.get(slug, ())}

    def backlinks(self, entry: N) -> list[Relation[N]]:
        """Return the mentions of ``entry`` in other pages' prose, in context.

        Pages that already show the entry through a typed relation are left out.
        """
        names = [name for name in self.types if name != MENTIONS.name]
        typed = {one.source for name in names for one in self.into.get((entry.slug, name), ())}
        typed |= {one.target for name in names for one in self.out.get((entry.slug, name), ())}
        return [relation for relation in self.incoming(entry, MENTIONS.name) if relation.source not in typed]
