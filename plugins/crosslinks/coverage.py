"""Coverage rules, as data in ``content/data/coverage.yaml``."""

from __future__ import annotations

from plugins.crosslinks.graph import Graph
from plugins.crosslinks.relations import RELATION_TYPES, by_wording
from plugins.library.entries import Library
from plugins.problems import Problems, did_you_mean

COVERAGE = "content/data/coverage.yaml"


def check_coverage(graph: Graph, library: Library, problems: Problems) -> None:
    """Note each entry that has fewer relations than a rule asks for."""
    for rule in library.coverage:
        found = by_wording(rule.relation)
        if found is None:
            wordings = [words for relation in RELATION_TYPES for words in (relation.forward, relation.inverse)]
            cure = did_you_mean(rule.relation, wordings)
            problems.add(COVERAGE, 1, "coverage", f"there is no relation '{rule.relation}'.", cure)
            continue
        relation, inverse = found
        for entry in library.of_kind(rule.kind):
            links = graph.incoming(entry, relation.name) if inverse else graph.outgoing(entry, relation.name)
            is_sure = entry.slug not in graph.unsure and not library.may_be_lost(entry.slug)
            if len(links) < rule.at_least and entry.slug not in rule.excepted and is_sure:
                problems.add(
                    entry.path,
                    1,
                    "coverage",
                    f"'{entry.slug}' {rule.relation} {len(links)}, wants {rule.at_least}: {rule.why}.",
                    _cure(rule.kind, relation.source, relation.field, inverse, entry.slug),
                )


def _cure(kind: str, source: str, field: str, inverse: bool, slug: str) -> str:
    if inverse:
        return f"Name '{slug}' in a {source}'s '{field or relation_place(source)}'."
    return f"Add to '{field or relation_place(kind)}'."


def relation_place(kind: str) -> str:
    """Return where a relation without a front-matter key is stated."""
    return "items" if kind == "quiz" else "cards"
