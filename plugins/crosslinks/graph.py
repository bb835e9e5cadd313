"""The typed graph: every relation with its reason, readable from both ends."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from plugins.crosslinks.relations import ANY, MENTIONS, Relations, RelationType
from plugins.library.entries import Declared, Entry, Library
from plugins.library.text.body import Body, Reference, plain
from plugins.library.text.tree import Citation as CitationNode
from plugins.library.text.tree import Link
from plugins.problems import Problems, did_you_mean, shown

EVIDENCE = "content/data/evidence.yaml"


@dataclass(frozen=True)
class Relation:
    """One relation that holds; ``because`` is its reason or the sentence it stands in.

    ``heading`` is the heading above that sentence, if it stands in a text.
    """

    type: RelationType
    source: Entry
    target: Entry
    because: str = ""
    path: str = ""
    line: int = 1
    heading: str = ""


@dataclass(frozen=True)
class Citation:
    """Evidence ``id`` is source number ``number`` of ``entry``; ``times`` it is cited there."""

    entry: Entry
    id: str
    number: int
    times: int


@dataclass
class Graph:
    """All relations, indexed by both ends.

    ``out`` and ``into`` map (slug, relation name) to relations in the order stated;
    ``citations`` maps a slug to its numbered sources; ``unsure`` are the slugs and sources that
    a faulty relation starts from or may have meant, so that they may have more than is here.
    """

    types: Relations
    relations: list[Relation] = field(default_factory=list)
    out: dict[tuple[str, str], list[Relation]] = field(default_factory=lambda: defaultdict(list))
    into: dict[tuple[str, str], list[Relation]] = field(default_factory=lambda: defaultdict(list))
    citations: dict[str, list[Citation]] = field(default_factory=lambda: defaultdict(list))
    cited_by: dict[str, list[Citation]] = field(default_factory=lambda: defaultdict(list))
    wanted_fragments: list[tuple[Entry, Link]] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)

    def add(self, relation: Relation) -> None:
        """Add a relation under both of its ends; the same one twice is kept once."""
        key = (relation.source.slug, relation.type.name)
        if any(known.target == relation.target for known in self.out[key]):
            return
        self.relations.append(relation)
        self.out[key].append(relation)
        self.into[(relation.target.slug, relation.type.name)].append(relation)

    def outgoing(self, entry: Entry, name: str) -> list[Relation]:
        """Return the relations of type ``name`` that start at ``entry``."""
        return list(self.out.get((entry.slug, name), ()))

    def incoming(self, entry: Entry, name: str) -> list[Relation]:
        """Return the relations of type ``name`` that end at ``entry``, sources in reading order of their titles."""
        found = self.into.get((entry.slug, name), ())
        return sorted(found, key=lambda relation: (getattr(relation.source.front, "order", 0), relation.source.title))

    def targets(self, entry: Entry, name: str) -> list[Entry]:
        """Return the entries that ``entry`` relates to by ``name``."""
        return [relation.target for relation in self.outgoing(entry, name)]

    def sources(self, entry: Entry, name: str) -> list[Entry]:
        """Return the entries that relate to ``entry`` by ``name``."""
        return [relation.source for relation in self.incoming(entry, name)]

    def partners(self, entry: Entry, name: str) -> list[Entry]:
        """Return both ends' partners of a symmetric relation, each once."""
        found = [*self.targets(entry, name), *self.sources(entry, name)]
        return list(dict.fromkeys(found))

    def reason(self, source: Entry, name: str, target: Entry) -> str:
        """Return why ``source`` relates to ``target`` by ``name``, or an empty string."""
        for relation in self.out.get((source.slug, name), ()):
            if relation.target == target:
                return relation.because
        return ""

    def backlinks(self, entry: Entry) -> list[Relation]:
        """Return the mentions of ``entry`` in other pages' prose, in context.

        Pages that already show the entry through a typed relation are left out.
        """
        typed = {
            relation.source
            for (slug, name), found in self.into.items()
            if slug == entry.slug and name != "mentions"
            for relation in found
        }
        typed |= {
            relation.target
            for (slug, name), found in self.out.items()
            if slug == entry.slug and name != "mentions"
            for relation in found
        }
        return [relation for relation in self.incoming(entry, "mentions") if relation.source not in typed]


def _meant(slug: str, known: Iterable[str]) -> list[str]:
    """Return what an unknown name was most likely meant to be, if there is such a thing."""
    return difflib.get_close_matches(slug, list(known), n=1)


class Resolver:
    """Turns what files state into a graph, noting everything that does not hold."""

    def __init__(self, library: Library, types: Relations, problems: Problems) -> None:
        self.library, self.problems = library, problems
        self.graph = Graph(types)

    def resolve(self) -> Graph:
        """Read every relation, link and citation of the library."""
        for entry in self.library.pages():
            for declared in self._stated_in_front_matter(entry):
                self._relate(declared)
        for declared in self.library.declared:
            if declared.source in self.library.entries:
                self._relate(declared)
        for entry in self.library.pages():
            self._read_prose(entry)
        return self.graph

    def _stated_in_front_matter(self, entry: Entry) -> Iterator[Declared]:
        for relation in self.graph.types.of_source(entry.kind.name):
            seen: set[str] = set()
            for index, item in enumerate(getattr(entry.front, relation.field)):
                slug = item if isinstance(item, str) else getattr(item, relation.item_key)
                line = entry.line(relation.field, index)
                because = "" if isinstance(item, str) else item.because
                if slug in seen:
                    self.problems.add(
                        entry.path, line, "twice", f"'{relation.field}' names '{slug}' twice.", "Keep one of them."
                    )
                seen.add(slug)
                yield Declared(relation.name, entry.slug, slug, entry.path, line, because, relation.field)

    def _relate(self, declared: Declared) -> None:
        relation = self.graph.types[declared.type]
        source = self.library.entries[declared.source]
        target = self._find(declared.target, relation.target, declared)
        if target is None:
            return
        if target == source:
            self.problems.add(
                declared.path,
                declared.line,
                "self",
                f"'{declared.field or relation.name}' names the entry itself, '{declared.target}'.",
                "Remove it.",
            )
            return
        self.graph.add(
            Relation(relation, source, target, declared.because, declared.path, declared.line, declared.anchor)
        )

    def _find(self, slug: str, kind: str, declared: Declared) -> Entry | None:
        """Return the entry a relation names, or None after saying what is wrong with it."""
        if slug in self.library.broken:
            self.graph.unsure.add(declared.source)
            return None
        where = declared.field or self.graph.types[declared.type].name
        target = self.library.entries.get(slug)
        if target is not None and kind in (ANY, target.kind.name):
            return target
        of_kind = [entry.slug for entry in self.library.entries.values() if kind in (ANY, entry.kind.name)]
        if target is not None:
            message = f"'{where}' names '{slug}', which is of the kind {target.kind.name}, not {kind}."
            cure = did_you_mean(slug, of_kind)
        elif slug in self.library.held:
            message = f"'{where}' names '{slug}', which is not published yet."
            cure = f"Publish {self.library.held[slug].path} or leave the link out."
        else:
            message = f"'{where}' names no {kind} '{slug}'."
            cure = did_you_mean(slug, of_kind)
        self.problems.add(declared.path, declared.line, "unknown", message, cure)
        self.graph.unsure.update([declared.source, *_meant(slug, of_kind)])
        return None

    def _read_prose(self, entry: Entry) -> None:
        body = self.library.bodies.get(entry.slug, Body())
        if body.unread:
            self.graph.unsure.add(entry.slug)
        cited: Counter[str] = Counter()
        for found in body.references:
            if isinstance(found.node, CitationNode):
                cited.update(self._known_source(entry, found))
            elif isinstance(found.node, Link):
                self._mention(entry, found, found.node)
            else:
                self._place_card(entry, found)
        for number, (evidence_id, times) in enumerate(cited.items(), 1):
            citation = Citation(entry, evidence_id, number, times)
            self.graph.citations[entry.slug].append(citation)
            self.graph.cited_by[evidence_id].append(citation)

    def _known_source(self, entry: Entry, found: Reference) -> Iterator[str]:
        """Yield the id of the evidence that is cited, if there is any of that id."""
        if found.slug in self.library.evidence:
            yield found.slug
            return
        if self.library.may_be_lost(found.slug, EVIDENCE):
            return
        self.graph.unsure.update(_meant(found.slug, self.library.evidence))
        cure = did_you_mean(found.slug, self.library.evidence)
        self.problems.add(entry.path, found.line, "unknown", f"[@…] cites no evidence {shown(found.slug)}.", cure)

    def _place_card(self, entry: Entry, found: Reference) -> None:
        declared = Declared("mentions", entry.slug, found.slug, entry.path, found.line, field="[[cards: …]]")
        target = self._find(found.slug, ANY, declared)
        if target is None:
            return
        for relation in self.graph.types.values():
            if relation.by_card and (relation.source, relation.target) == (entry.kind.name, target.kind.name):
                self.graph.add(Relation(relation, entry, target, "", entry.path, found.line, found.heading))

    def _mention(self, entry: Entry, found: Reference, link: Link) -> None:
        declared = Declared("mentions", entry.slug, found.slug, entry.path, found.line, field="[[…]]")
        target = self._find(found.slug, ANY, declared)
        if target is None:
            return
        if link.fragment:
            self.graph.wanted_fragments.append((entry, link))
        if target == entry:
            if not link.fragment:
                self.problems.add(
                    entry.path, found.line, "self", f"[[{found.slug}]] links to its own page.", "Remove the link."
                )
            return
        context = plain(found.sentence, self._title)
        self.graph.add(Relation(MENTIONS, entry, target, context, entry.path, found.line, found.heading))

    def _title(self, slug: str) -> str:
        entry = self.library.entries.get(slug)
        return entry.title if entry else slug


def check_fragments(graph: Graph, library: Library, problems: Problems) -> None:
    """Note each ``[[slug#heading]]`` whose page has no such heading."""
    for entry, link in graph.wanted_fragments:
        body = library.bodies.get(link.slug, Body())
        if link.fragment not in body.ids and not body.unread:
            message = f"[[{link.slug}#{link.fragment}]]: that page has no heading '{link.fragment}'."
            problems.add(entry.path, link.line, "fragment", message, did_you_mean(link.fragment, body.ids))


def check_citations(graph: Graph, library: Library, problems: Problems) -> None:
    """Note each piece of evidence that no published page cites."""
    for evidence_id, line in library.evidence_lines.items():
        is_sure = evidence_id not in graph.unsure and not library.may_be_lost(evidence_id)
        if evidence_id not in graph.cited_by and is_sure:
            problems.add(
                EVIDENCE,
                line,
                "unused",
                f"no page cites the evidence '{evidence_id}'.",
                f"Cite it as [@{evidence_id}] or remove it.",
            )


__all__ = [
    "Citation",
    "Graph",
    "Relation",
    "Resolver",
    "check_citations",
    "check_fragments",
]
