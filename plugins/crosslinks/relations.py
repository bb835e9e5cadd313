"""The types of relation, each worded from both ends."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RelationType:
    """One type of relation between two kinds of entry.

    ``field`` is the front-matter key that states it (``""``: stated elsewhere);
    ``forward`` and ``inverse`` word it from its source and from its target.
    ``symmetric`` relations hold in both directions once either side states them.
    """

    name: str
    source: str
    target: str
    field: str
    forward: str
    inverse: str
    symmetric: bool = False


ANY = "entry"

RELATION_TYPES = (
    RelationType("addresses", "strategy", "obstacle", "addresses", "addresses", "is addressed by"),
    RelationType("strengthens", "strategy", "sign", "strengthens", "strengthens", "is strengthened by"),
    RelationType("related", "strategy", "strategy", "related", "goes with", "goes with", symmetric=True),
    RelationType("leads-to", "strategy", "benefit", "benefits", "leads to", "comes from"),
    RelationType("starts-with", "sign", "strategy", "try_first", "starts with", "is tried first for"),
    RelationType("quieted-by", "sign", "obstacle", "obstacles", "can be quieted by", "can quiet"),
    RelationType("answers-with", "faq", "strategy", "strategies", "answers with", "helps to answer"),
    RelationType("gathers", "guide", "strategy", "", "gathers", "is gathered in"),
    RelationType("treats", "guide", "obstacle", "obstacles", "treats", "is treated in"),
    RelationType("explains", "guide", "sign", "signs", "explains", "is explained in"),
    RelationType("promises", "guide", "benefit", "benefits", "speaks of", "is spoken of in"),
    RelationType("includes", "guide", "faq", "faq", "includes", "is included in"),
    RelationType("measures", "quiz", "sign", "", "measures", "is measured by"),
    RelationType("names", "quiz", "obstacle", "", "names", "is named by"),
    RelationType("suggests", "quiz", "strategy", "", "suggests", "is suggested by"),
    RelationType("mentions", ANY, ANY, "", "mentions", "is mentioned in"),
)
BY_NAME = {relation.name: relation for relation in RELATION_TYPES}


def of_source(kind: str) -> list[RelationType]:
    """Return the types a kind states in its front matter."""
    return [relation for relation in RELATION_TYPES if relation.source == kind and relation.field]


def by_wording(words: str) -> tuple[RelationType, bool] | None:
    """Return (type, whether the words are the inverse ones), or None."""
    for relation in RELATION_TYPES:
        if words == relation.forward:
            return relation, False
        if words == relation.inverse:
            return relation, True
    return None
