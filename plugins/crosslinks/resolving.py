"""From what files state to the graph; whatever does not hold is a problem of its file."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Generic

from ..problems import Problems, did_you_mean, shown
from .graph import Citation, Graph, N, Relation
from .nodes import Pages, Reference, Sources, Stated
from .relations import ANY, MENTIONS, Relations


def resolve_relations(
    pages: Pages[N], types: Relations, sources: Sources, stated: Iterable[Stated], problems: Problems
) -> Graph[N]:
    """Return the graph of all that front matter and prose of ``pages`` state, and ``stated`` beside it."""
    return _Resolver(pages, types, sources, problems).resolve(stated)


def _meant(slug: str, known: Iterable[str]) -> list[str]:
    """Return what an unknown name was most likely meant to be, if there is such a thing."""
    return difflib.get_close_matches(slug, list(known), n=1)


class _Resolver(Generic[N]):
    """What resolving needs at hand, and the graph as far as it is made."""

    def __init__(self, pages: Pages[N], types: Relations, sources: Sources, problems: Problems) -> None:
        self.pages, self.sources, self.problems = pages, sources, problems
        self.graph: Graph[N] = Graph(types)

    def resolve(self, stated: Iterable[Stated]) -> Graph[N]:
        """Read every relation, link and citation."""
        for entry in self.pages.pages():
            for one in self._stated_in_front_matter(entry):
                self._relate(one)
        for one in stated:
            if one.source in self.pages.entries:
                self._relate(one)
        for entry in self.pages.pages():
            self._read_prose(entry)
        return self.graph

    def _stated_in_front_matter(self, entry: N) -> Iterator[Stated]:
        for relation in self.graph.types.of_source(entry.kind.name):
            seen: set[str] = set()
            for slug, because, line in entry.named(relation.field, relation.item_key):
                if slug in seen:
                    self.problems.add(
                        entry.path,
                        line,
                        "twice",
                        f"'{relation.field}' names '{slug}' twice.",
                        "Keep one of them.",
                    )
                seen.add(slug)
                yield Stated(relation.name, entry.slug, slug, entry.path, line, because, relation.field)

    def _relate(self, stated: Stated) -> None:
        relation = self.graph.types[stated.type]
        source = self.pages.entries[stated.source]
        target = self._find(stated.target, relation.target, stated)
        if target is None:
            return
        if target.slug == source.slug:
            self.problems.add(
                stated.path,
                stated.line,
                "self",
                f"'{stated.field or relation.name}' names the entry itself, '{stated.target}'.",
                "Remove it.",
            )
            return
        self.graph.add(Relation(relation, source, target, stated.because, stated.path, stated.line))

    def _known(self, slug: str, kind: str) -> N | None:
        """Return the entry of a slug if there is nothing to be said about it, as is mostly so."""
        target = self.pages.entries.get(slug)
        is_fine = target is not None and slug not in self.pages.broken and kind in (ANY, target.kind.name)
        return target if is_fine else None

    def _find(self, slug: str, kind: str, stated: Stated) -> N | None:
        """Return the entry a relation names, or None after saying what is wrong with it."""
        target = self._known(slug, kind)
        if target is not None:
            return target
        if slug in self.pages.broken:
            self.graph.unsure.add(stated.source)
            return None
        where = stated.field or self.graph.types[stated.type].name
        target = self.pages.entries.get(slug)
        of_kind = [entry.slug for entry in self.pages.entries.values() if kind in (ANY, entry.kind.name)]
        if target is not None:
            message = f"'{where}' names '{slug}', which is of the kind {target.kind.name}, not {kind}."
            cure = did_you_mean(slug, of_kind)
        elif slug in self.pages.held:
            message = f"'{where}' names '{slug}', which is not published yet."
            cure = f"Publish {self.pages.held[slug].path} or leave the link out."
        else:
            message = f"'{where}' names no {kind} '{slug}'."
            cure = did_you_mean(slug, of_kind)
        self.problems.add(stated.path, stated.line, "unknown", message, cure)
        self.graph.unsure.update([stated.source, *_meant(slug, of_kind)])
        return None

    def _read_prose(self, entry: N) -> None:
        text = self.pages.bodies.get(entry.slug)
        if text is None:
            return
        if text.unread:
            self.graph.unsure.add(entry.slug)
        cited: Counter[str] = Counter()
        for found in text.references:
            if found.role == "source":
                cited.update(self._known_source(entry, found))
            elif found.role == "link":
                self._mention(entry, found)
            else:
                self._place_card(entry, found)
        for number, (evidence_id, times) in enumerate(cited.items(), 1):
            citation = Citation(entry, evidence_id, number, times)
            self.graph.citations[entry.slug].append(citation)
            self.graph.cited_by[evidence_id].append(citation)

    def _known_source(self, entry: N, found: Reference) -> Iterator[str]:
        """Yield the id of the evidence that is cited, if there is any of that id."""
        if found.slug in self.sources.lines:
            yield found.slug
            return
        if self.pages.may_be_lost(found.slug, self.sources.path):
            return
        self.graph.unsure.update(_meant(found.slug, self.sources.lines))
        cure = did_you_mean(found.slug, self.sources.lines)
        self.problems.add(
            entry.path, found.line, "unknown", f"[@…] cites no evidence {shown(found.slug)}.", cure
        )

    def _place_card(self, entry: N, found: Reference) -> None:
        stated = Stated("mentions", entry.slug, found.slug, entry.path, found.line, field="[[cards: …]]")
        target = self._find(found.slug, ANY, stated)
        if target is None:
            return
        for relation in self.graph.types.values():
            if relation.by_card and (relation.source, relation.target) == (entry.kind.name, target.kind.name):
                self.graph.add(Relation(relation, entry, target, "", entry.path, found.line, found.heading))

    def _mention(self, entry: N, found: Reference) -> None:
        target = self._known(found.slug, ANY)
        if target is None:
            stated = Stated("mentions", entry.slug, found.slug, entry.path, found.line, field="[[…]]")
            self._find(found.slug, ANY, stated)
            return
        if found.fragment:
            self.graph.wanted_fragments.append((entry, found))
        if target.slug == entry.slug:
            if not found.fragment:
                self.problems.add(
                    entry.path,
                    found.line,
                    "self",
                    f"[[{found.slug}]] links to its own page.",
                    "Remove the link.",
                )
            return
        context = found.context(self._title)
        self.graph.add(Relation(MENTIONS, entry, target, context, entry.path, found.line, found.heading))

    def _title(self, slug: str) -> str:
        entry = self.pages.entries.get(slug)
        return entry.title if entry else slug


def check_graph(graph: Graph[N], pages: Pages[N], sources: Sources, problems: Problems) -> None:
    """Note links to headings that are not there, and sources that nobody cites."""
    for entry, link in graph.wanted_fragments:
        text = pages.bodies.get(link.slug)
        ids = text.ids if text else ()
        if link.fragment not in ids and not (text and text.unread):
            message = f"[[{link.slug}#{link.fragment}]]: that page has no heading '{link.fragment}'."
            problems.add(entry.path, link.line, "fragment", message, did_you_mean(link.fragment, ids))
    for source, line in sources.lines.items():
        is_sure = source not in graph.unsure and not pages.may_be_lost(source)
        if source not in graph.cited_by and is_sure:
            message, cure = f"no page cites the evidence '{source}'.", f"Cite it as [@{source}] or remove it."
            problems.add(sources.path, line, "unused", message, cure)
