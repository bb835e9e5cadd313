"""Coverage rules, as data in ``content/data/coverage.yaml``."""

from __future__ import annotations

from plugins.crosslinks.graph import Graph
from plugins.crosslinks.relations import RelationType
from plugins.library.entries import Library
from plugins.problems import Problems, did_you_mean

COVERAGE = "content/data/coverage.yaml"


def check_coverage(graph: Graph, library: Library, problems: Problems) -> None:
    """Note each entry that has fewer relations than a rule asks for."""
    for rule, line in zip(library.coverage, library.coverage_lines, strict=True):
        found = graph.types.by_wording(rule.relation)
        if found is None:
            cure = did_you_mean(rule.relation, graph.types.wordings)
            problems.add(COVERAGE, line, "coverage", f"there is no relation '{rule.relation}'.", cure)
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
                    _cure(relation, inverse=inverse, slug=entry.slug),
                )


def _cure(relation: RelationType, *, inverse: bool, slug: str) -> str:
    place = relation.field or ("cards" if relation.by_card else "items")
    return f"Name '{slug}' in a {relation.source}'s '{place}'." if inverse else f"Add to '{place}'."
