"""What a quiz page shows, worked out here so that the template only has to show it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from plugins.crosslinks.graph import Graph
from plugins.library.entries import Entry, Library
from plugins.quiz.model import Item, Quiz, Scale
from plugins.quiz.proof import FULL, limits, most_points

NUMBERS = {1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five"}
"""Numbers at the start of a sentence."""
STRATEGIES_EACH = 2
"""How many strategies a result shows for one obstacle of a sign."""
STRATEGIES_FOR_CATEGORY = 3
"""How many it shows for an obstacle that is itself the result."""


@dataclass(frozen=True)
class Tip:
    """One strategy with the reason it stands here, and the guide section that tells more."""

    entry: Entry
    because: str
    guide: Entry | None
    section: str


@dataclass(frozen=True)
class Group:
    """Tips under the obstacle they help with; ``obstacle`` is None for the rest."""

    obstacle: Entry | None
    tips: tuple[Tip, ...]


@dataclass(frozen=True)
class BandView:
    """A band of one dimension: what it means there, and its points on the worksheet."""

    id: str
    title: str
    text: str
    own_text: str
    points: str


@dataclass(frozen=True)
class Section:
    """One dimension or category: what it is, how to add it up by hand, and where it leads.

    ``lines`` are the numbers of its items on the page; ``key`` is the letter that stands
    for a category on the worksheet; ``most`` the points it can get there.
    """

    scale: Scale
    title: str
    entry: Entry | None
    parts: tuple[Scale, ...]
    lines: tuple[int, ...]
    key: str
    most: int
    bands: tuple[BandView, ...]
    route: tuple[Group, ...]

    @property
    def first_tries(self) -> tuple[Entry, ...]:
        """Return the strategies of the route, each once."""
        return tuple(dict.fromkeys(tip.entry for group in self.route for tip in group.tips))


@dataclass(frozen=True)
class OptionView:
    """One answer; ``mark`` is what the worksheet counts: points, or the letter of a category."""

    value: int
    label: str
    mark: str


@dataclass(frozen=True)
class ItemView:
    """One question with its number on the page."""

    item: Item
    number: int
    options: tuple[OptionView, ...]


@dataclass(frozen=True)
class QuizPage:
    """Everything ``quiz.html`` shows.

    ``is_added_up`` tells whether a reader can work it out on paper: each item counts for
    one dimension; ``has_weights`` whether an answer counts more than once; ``can_plan`` whether
    there is anything to put into a plan.  ``data`` is the JSON the script scores with.
    """

    quiz: Quiz
    source: Any
    items: tuple[ItemView, ...]
    sections: tuple[Section, ...]
    guide: Entry
    keep_going: tuple[Entry, ...]
    safety_words: tuple[str, ...]
    is_added_up: bool
    has_highlights: bool
    has_weights: bool
    can_compare: bool
    can_plan: bool
    least_words: str
    data: str


def build_quiz_page(quiz: Quiz, library: Library, graph: Graph) -> QuizPage:
    """Return the page of a proved quiz; every slug in it is known to exist."""
    builder = PageBuilder(quiz, library, graph)
    highlights = getattr(quiz.source, "highlights", None)
    sections = tuple(builder.section(scale, at) for at, scale in enumerate(quiz.tops))
    least = getattr(quiz.source, "at_least", 1)
    return QuizPage(
        quiz=quiz,
        source=quiz.source,
        items=tuple(builder.items()),
        sections=sections,
        guide=library.entries[quiz.source.safety_panel.guide],
        keep_going=tuple(library.entries[slug] for slug in (highlights.keep_going if highlights else ())),
        safety_words=tuple(builder.safety_words()),
        is_added_up=builder.is_added_up,
        has_highlights=highlights is not None,
        has_weights=any(
            value > 1 for item in quiz.items for option in item.options for value in option.points.values()
        ),
        can_compare=getattr(quiz.source, "compare", None) is not None,
        can_plan=bool(highlights and highlights.keep_going) or any(section.route for section in sections),
        least_words=NUMBERS.get(least, str(least)),
        data=json.dumps(quiz.to_data(), separators=(",", ":")).replace("<", "\\u003c"),
    )


class PageBuilder:
    """Looks things up for one page."""

    def __init__(self, quiz: Quiz, library: Library, graph: Graph) -> None:
        self.quiz, self.library, self.graph = quiz, library, graph
        self.numbers = {item.id: number for number, item in enumerate(quiz.items, 1)}
        self.letters = {scale.id: chr(ord("A") + at) for at, scale in enumerate(quiz.scales[:26])}
        tops = {scale.id for scale in quiz.tops}
        self.is_added_up = quiz.type != "category" and all(
            len(tops & {name for option in item.options for name in option.points}) <= 1 for item in quiz.items
        )

    def items(self) -> Iterator[ItemView]:
        """Yield the questions in the order of the file."""
        for item in self.quiz.items:
            options = tuple(
                OptionView(one.value, one.label, self._mark(item, at)) for at, one in enumerate(item.options)
            )
            yield ItemView(item, self.numbers[item.id], options)

    def _mark(self, item: Item, at: int) -> str:
        """Return what an answer counts on paper: points from nought up, or its category's letter."""
        points = item.options[at].points
        if self.quiz.type == "category":
            return " ".join(self._letter(name, value) for name, value in points.items() if value > 0)
        if not self.is_added_up or not item.scored:
            return ""
        used = {name for option in item.options for name in option.points}
        name = next(scale.id for scale in self.quiz.tops if scale.id in used)
        low = 0 if self.quiz.unit == "points" else min(one.points.get(name, 0) for one in item.options)
        return str(points.get(name, 0) - low)

    def _letter(self, name: str, value: int) -> str:
        """Return a category's letter, with a number if an answer counts for it more than once."""
        return self.letters.get(name, "") + (f"×{value}" if value > 1 else "")

    def safety_words(self) -> Iterator[str]:
        """Yield the safety rules as a reader with a pencil can follow them: '"Yes" to line 10'."""
        by_id = {item.id: item for item in self.quiz.items}
        for rule in self.quiz.source.safety_panel.show_when:
            options = by_id[rule.items[0]].options
            labels = " or ".join(f'"{option.label}"' for option in options if option.value >= rule.value)
            lines = [str(self.numbers[name]) for name in rule.items]
            if rule.at_least == 1:
                yield f"{labels} to line {' or '.join(lines)}"
            elif rule.at_least == len(lines):
                yield f"{labels} to each of the lines {' and '.join(lines)}"
            else:
                yield f"{labels} to at least {rule.at_least} of the lines {', '.join(lines)}"

    def section(self, scale: Scale, at: int) -> Section:
        """Return the section of a dimension, a category or the one score."""
        entry = self.library.entries.get(scale.target or "")
        low, high = limits(self.quiz, scale)
        is_category = self.quiz.type == "category"
        most = most_points(self.quiz, scale) if is_category else high - (low if self.quiz.unit == "percent" else 0)
        return Section(
            scale=scale,
            title=scale.title or (entry.title if entry else self.quiz.title),
            entry=entry,
            parts=self.quiz.parts(scale),
            lines=tuple(self.numbers[item.id] for item in self.quiz.items_of(scale.id)),
            key=self.letters.get(scale.id, "") if is_category else "",
            most=most,
            bands=tuple(self._bands(scale)),
            route=self._category_route(entry) if is_category and entry else self._route(scale, entry),
        )

    def _bands(self, scale: Scale) -> Iterator[BandView]:
        low, high = limits(self.quiz, scale)
        for band in self.quiz.bands:
            first, last = band.at_least, band.below - 1
            if self.quiz.unit == "percent":
                first = -(-band.at_least * (high - low) // FULL)
                last = min(-(-band.below * (high - low) // FULL) - 1, high - low)
            points = f"{first} to {last}" if first < last else str(first)
            yield BandView(band.id, band.title, band.text, scale.texts.get(band.id, ""), points)

    def _route(self, scale: Scale, sign: Entry | None) -> tuple[Group, ...]:
        """Return what leads on from a dimension: its obstacles, each with the strategies that address it.

        A quiz's own suggestions come first; without them the sign's page gives both lists.
        """
        entries = self.library.entries
        strategies = [entries[slug] for slug in scale.strategies]
        obstacles = [entries[slug] for slug in scale.obstacles]
        if sign is not None and not strategies and not obstacles:
            strategies = self.graph.targets(sign, "starts-with")
            obstacles = self.graph.targets(sign, "quieted-by")
        groups, placed = [], set()
        for obstacle in obstacles:
            fitting = [one for one in strategies if self.graph.reason(one, obstacle)]
            fresh = [one for one in fitting if one not in placed] or fitting or self._addressing(obstacle)
            chosen = fresh[:STRATEGIES_EACH]
            placed.update(chosen)
            groups.append(Group(obstacle, tuple(self._tip(one, obstacle) for one in chosen)))
        rest = [one for one in strategies if one not in placed]
        if rest:
            groups.append(Group(None, tuple(self._tip(one, None) for one in rest)))
        return tuple(group for group in groups if group.tips)

    def _category_route(self, obstacle: Entry) -> tuple[Group, ...]:
        found = self._addressing(obstacle)[:STRATEGIES_FOR_CATEGORY]
        return (Group(None, tuple(self._tip(one, obstacle) for one in found)),)

    def _addressing(self, obstacle: Entry) -> list[Entry]:
        """Return the strategies that address ``obstacle``, those quickest to try first."""
        found: Iterable[Entry] = self.graph.sources(obstacle, "addresses")
        return sorted(found, key=lambda entry: (entry.front.minutes, entry.title))

    def _tip(self, strategy: Entry, obstacle: Entry | None) -> Tip:
        gathered = self.graph.incoming(strategy, "gathers")
        because = self.graph.reason(strategy, obstacle) if obstacle else ""
        if not gathered:
            return Tip(strategy, because, None, "")
        return Tip(strategy, because, gathered[0].source, gathered[0].heading)
