"""The types of relation, each worded from both ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class RelationType:
    """One type of relation between two kinds of entry.

    ``field`` is the front-matter key that states it (``""``: stated elsewhere);
    ``forward`` and ``inverse`` word it from its source and from its target.
    ``symmetric`` relations hold in both directions once either side states them.
    An item of the key is the target's slug, or a mapping that names it under ``item_key``
    and says why under ``because``.  A ``by_card`` relation is stated by a card in the text.
    A ``hint`` is what readers see before its sources on the page of its target, where that page
    has a place for hints: so a new kind shows there without a word from the kind it leads to.
    """

    name: str
    source: str
    target: str
    field: str
    forward: str
    inverse: str
    symmetric: bool = False
    item_key: str = ""
    by_card: bool = False
    hint: str = ""


ANY = "entry"

MENTIONS = RelationType("mentions", ANY, ANY, "", "mentions", "is mentioned in")
"""What a link in prose makes; every site has it."""


class Relations(Mapping[str, RelationType]):
    """The relation types of a site by name, in its order; ``mentions`` is always the last."""

    def __init__(self, types: Iterable[RelationType]) -> None:
        self._types = {relation.name: relation for relation in (*types, MENTIONS)}

    def __getitem__(self, name: str) -> RelationType:
        return self._types[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)

    def of_source(self, kind: str) -> list[RelationType]:
        """Return the types a kind states in its front matter."""
        return [relation for relation in self.values() if relation.source in (kind, ANY) and relation.field]

    def hints_for(self, kind: str) -> list[RelationType]:
        """Return the types with a hint for the pages of a kind."""
        return [relation for relation in self.values() if relation.hint and relation.target == kind]

    def by_wording(self, words: str) -> tuple[RelationType, bool] | None:
        """Return (type, whether the words are the inverse ones), or None."""
        for relation in self.values():
            if words == relation.forward:
                return relation, False
            if words == relation.inverse:
                return relation, True
        return None

    @property
    def wordings(self) -> list[str]:
        """Return every wording of every type, from both ends."""
        return [words for relation in self.values() for words in (relation.forward, relation.inverse)]
