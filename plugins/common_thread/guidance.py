"""Where a quiz result leads in this library: the answers of the graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plugins.common_thread.fronts import first_step
from plugins.common_thread.kinds.strategy import StrategyFront
from plugins.crosslinks.graph import Graph
from plugins.library.entries import Entry, Library
from plugins.quiz.guidance import Group, Target, Tip

STRATEGIES_EACH = 2
"""How many strategies a result shows for one obstacle of a sign."""
STRATEGIES_FOR_CATEGORY = 3
"""How many it shows for an obstacle that is itself the result."""


def target(entry: Entry) -> Target:
    """Return the page of an entry."""
    return Target(entry.url, entry.title, entry.front.summary, first_step(entry.front))


@dataclass(frozen=True)
class GraphGuidance:
    """Answers from the graph: sign → obstacle → strategy → first step."""

    library: Library
    graph: Graph[Entry]

    def target(self, slug: str) -> Target:
        """Return the page of ``slug``."""
        return target(self.library.entries[slug])

    def tips(self, slugs: Sequence[str]) -> tuple[Tip, ...]:
        """Return strategies without a reason or a guide: why they stand here is said above them."""
        found = (self.library.entries[slug].having(StrategyFront) for slug in slugs)
        return tuple(
            Tip(one.slug, one.url, one.title, "", one.front.time, one.front.first_step) for one in found
        )

    def route(self, target: str, in_the_way: Sequence[str], to_try: Sequence[str]) -> tuple[Group, ...]:
        """Return the obstacles of a dimension, each with the strategies that address it.

        A quiz's own suggestions come first; without them the sign's page gives both lists.
        """
        entries = self.library.entries
        obstacles = [entries[slug] for slug in in_the_way]
        strategies = [entries[slug].having(StrategyFront) for slug in to_try]
        if target and not strategies and not obstacles:
            first = self.graph.targets(entries[target], "starts-with")
            strategies = [one.having(StrategyFront) for one in first]
            obstacles = self.graph.targets(entries[target], "quieted-by")
        groups: list[Group] = []
        placed: set[Entry] = set()
        for obstacle in obstacles:
            fitting = [one for one in strategies if self.graph.reason(one, "addresses", obstacle)]
            fresh = [one for one in fitting if one not in placed] or fitting or self._addressing(obstacle)
            chosen = fresh[:STRATEGIES_EACH]
            placed.update(chosen)
            groups.append(self._group(obstacle, chosen))
        rest = [one for one in strategies if one not in placed]
        groups.append(Group(None, tuple(self._tip(one, None) for one in rest)))
        return tuple(group for group in groups if group.tips)

    def ways_past(self, target: str) -> tuple[Group, ...]:
        """Return the strategies that address an obstacle, those quickest to try first."""
        obstacle = self.library.entries[target]
        found = self._addressing(obstacle)[:STRATEGIES_FOR_CATEGORY]
        groups = (Group(None, tuple(self._tip(one, obstacle) for one in found)),)
        return tuple(group for group in groups if group.tips)

    def _group(self, obstacle: Entry, strategies: Sequence[Entry[StrategyFront]]) -> Group:
        return Group(target(obstacle), tuple(self._tip(one, obstacle) for one in strategies))

    def _addressing(self, obstacle: Entry) -> list[Entry[StrategyFront]]:
        found = [one.having(StrategyFront) for one in self.graph.sources(obstacle, "addresses")]
        return sorted(found, key=lambda entry: (entry.front.minutes, entry.title))

    def _tip(self, strategy: Entry[StrategyFront], obstacle: Entry | None) -> Tip:
        gathered = self.graph.incoming(strategy, "gathers")
        because = self.graph.reason(strategy, "addresses", obstacle) if obstacle else ""
        front = strategy.front
        told_in = target(gathered[0].source) if gathered else None
        hints = self._hints(strategy, obstacle)
        return Tip(
            strategy.slug, strategy.url, strategy.title, because, front.time, front.first_step, told_in, hints
        )

    def _hints(self, strategy: Entry, obstacle: Entry | None) -> tuple[tuple[str, Target], ...]:
        """Return one page for each hint: one that is about the obstacle too, if there is one."""
        nearer = {source for _, source in self._hinting(obstacle)} if obstacle else set()
        found = sorted(self._hinting(strategy), key=lambda pair: pair[1] not in nearer)
        first = dict(reversed(found))  # of the same words, the first in the list is kept
        return tuple((words, target(source)) for words, source in first.items())

    def _hinting(self, entry: Entry) -> Iterator[tuple[str, Entry]]:
        for relation in self.graph.types.hints_for(entry.kind.name):
            yield from ((relation.hint, source) for source in self.graph.sources(entry, relation.name))
