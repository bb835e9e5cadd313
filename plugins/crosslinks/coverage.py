"""Coverage rules, as data: how many relations a page ought to have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from ..problems import Problems, did_you_mean, shown, with_article
from ..problems.models import Slugs, Strict, Text, validate_items
from ..problems.yaml_data import YamlData
from .graph import Graph, N
from .nodes import Pages
from .relations import RelationType


class Rule(Strict):
    """Each of ``kind`` but the ``excepted`` has ``at_least`` so many of ``relation`` (either wording)."""

    kind: Text
    relation: Text
    at_least: Annotated[int, Field(ge=1)]
    why: Text
    excepted: Slugs


@dataclass(frozen=True)
class Coverage:
    """Rules, each with the line of its relation in the file at ``path``."""

    path: str = ""
    rules: tuple[tuple[Rule, int], ...] = ()


def read_coverage(data: YamlData, path: str, problems: Problems, *, kinds: Iterable[str]) -> Coverage:
    """Return the rules of a file; ``kinds`` are the names of the kinds there are."""
    known, rules = set(kinds), []
    for rule, part in validate_items(Rule, data, path, problems):
        if rule.kind not in known:
            message = f"there is no kind {shown(rule.kind)}."
            problems.add(path, part.line(("kind",)), "coverage", message, did_you_mean(rule.kind, known))
        rules.append((rule, part.line(("relation",))))
    return Coverage(path, tuple(rules))


def check_coverage(graph: Graph[N], pages: Pages[N], coverage: Coverage, problems: Problems) -> None:
    """Note each page that has fewer relations than a rule asks for."""
    for rule, line in coverage.rules:
        found = graph.types.by_wording(rule.relation)
        if found is None:
            cure = did_you_mean(rule.relation, graph.types.wordings)
            problems.add(coverage.path, line, "coverage", f"there is no relation '{rule.relation}'.", cure)
            continue
        relation, inverse = found
        for entry in pages.of_kind(rule.kind):
            links = graph.incoming(entry, relation.name) if inverse else graph.outgoing(entry, relation.name)
            is_sure = entry.slug not in graph.unsure and not pages.may_be_lost(entry.slug)
            if len(links) < rule.at_least and entry.slug not in rule.excepted and is_sure:
                has = f"'{entry.slug}' {rule.relation} {len(links) or 'nothing'}"
                message = f"{has}, at least {rule.at_least} wanted: {rule.why}."
                cure = _cure(relation, inverse=inverse, slug=entry.slug)
                problems.add(entry.path, 1, "coverage", message, cure)


def _cure(relation: RelationType, *, inverse: bool, slug: str) -> str:
    place = relation.field or ("cards" if relation.by_card else "items")
    return (
        f"Name '{slug}' in '{place}' of {with_article(relation.source)}." if inverse else f"Add to '{place}'."
    )
