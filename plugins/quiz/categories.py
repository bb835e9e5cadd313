"""Whether each category can come out alone, worked out for all answers at once.

A category wins by a lead over every other and by points enough; answers add up in all of these
together, and more is better in each.  So of two ways to answer the first items, one that is
nowhere better than the other can be forgotten: what is left are the ways that some other answers
may still complete.  They are few, however many answers there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..problems import Problems
from .model import Answer, Quiz, Scale
from .schema import CategorySource
from .score import score

MOST_WORK = 300_000
"""Ways to answer that are looked at or compared, for one category: half a second."""

Leads = tuple[int, ...]
"""By how much a category is ahead of what it needs: over each other category, then in points."""


class TooMuchError(Exception):
    """There are more ways to answer than can be looked at."""


@dataclass(frozen=True)
class _Way:
    """Answers so far: the last one, and those before it."""

    item: str = ""
    value: Answer = None
    before: _Way | None = None

    def answers(self) -> dict[str, Answer]:
        """Return them in the order of the items."""
        found: list[tuple[str, Answer]] = []
        way: _Way | None = self
        while way is not None and way.before is not None:
            found.append((way.item, way.value))
            way = way.before
        return dict(reversed(found))


def most_points(quiz: Quiz, scale: Scale) -> int:
    """Return the most points ``scale`` can get when any item may be skipped."""
    return sum(max(0, most) for _, _, most in quiz.spans[scale.id])


def category_example(quiz: Quiz, scale: Scale) -> dict[str, Answer] | None:
    """Return answers that make ``scale`` the only leading category, or None: there are none at all.

    Raises :class:`TooMuchError` where weights leave too many ways open to tell.
    """
    answers = _each_at_its_best(quiz, scale)
    return answers if score(quiz, answers).leading == (scale.id,) else _searched(quiz, scale)


def _each_at_its_best(quiz: Quiz, scale: Scale) -> dict[str, Answer]:
    """Return, for each item that can help, the answer that helps ``scale`` most and the others least.

    Nearly always that is enough, and then there is nothing to search.
    """
    answers: dict[str, Answer] = {}
    for item in quiz.items:
        gain, cost, at = max(
            (
                way.points.get(scale.id, 0),
                -max((points for name, points in way.points.items() if name != scale.id), default=0),
                at,
            )
            for at, way in enumerate(item.ways)
        )
        if gain > 0 and gain + cost >= 0:
            answers[item.id] = item.ways[at].answer
    return answers


def _searched(quiz: Quiz, scale: Scale) -> dict[str, Answer] | None:
    others = [other.id for other in quiz.scales if other.id != scale.id]
    moves = [
        (item.id, {way.answer: _leads(way.points, scale.id, others) for way in item.ways})
        for item in quiz.items
    ]
    rest = _best_rest([list(options.values()) for _, options in moves], len(others) + 1)
    ways, work = {_needs(quiz, scale, others): _Way()}, 0
    for at, (item, options) in enumerate(moves):
        grown = dict(ways)  # the item left out
        for leads, way in ways.items():
            for value, move in options.items():
                grown.setdefault(_added(leads, move), _Way(item, value, way))
        work += len(grown)
        open_ = [
            leads
            for leads in grown
            if all(lead + more >= 0 for lead, more in zip(leads, rest[at], strict=True))
        ]
        won = next((leads for leads in open_ if min(leads) >= 0), None)
        if won is not None:
            return grown[won].answers()
        best: list[Leads] = []
        for leads in sorted(open_, key=sum, reverse=True):
            work += len(best) + 1
            if work > MOST_WORK:
                raise TooMuchError
            if not any(_is_no_better(leads, other) for other in best):
                best.append(leads)
        ways = {leads: grown[leads] for leads in best}
    return None


def _leads(points: Mapping[str, int], own: str, others: Iterable[str]) -> Leads:
    mine = points.get(own, 0)
    return (*(mine - points.get(other, 0) for other in others), mine)


def _needs(quiz: Quiz, scale: Scale, others: list[str]) -> Leads:
    """Return where a category stands before any answer.

    One that is shown first of a tie needs no lead there.
    """
    order = quiz.ranked
    is_one = getattr(quiz.source, "show_at_most", 3) == 1
    behind = set(order[order.index(scale.id) :]) if is_one else set()
    return (*(0 if other in behind else -1 for other in others), -quiz.at_least)


def _best_rest(moves: list[list[Leads]], width: int) -> list[Leads]:
    """Return, for each item, the most that the items after it can add to each lead."""
    rest = [(0,) * width]
    for options in reversed(moves[1:]):
        most = [max(0, *column) for column in zip(*options, strict=True)]
        rest.append(_added(rest[-1], tuple(most)))
    return rest[::-1]


def _added(leads: Leads, move: Leads) -> Leads:
    return tuple(lead + more for lead, more in zip(leads, move, strict=True))


def _is_no_better(leads: Leads, other: Leads) -> bool:
    return all(one <= two for one, two in zip(leads, other, strict=True))


def check_categories(quiz: Quiz, problems: Problems) -> None:
    """Every category can come out alone, and has the same chance to."""
    source = quiz.source
    if not isinstance(source, CategorySource):
        return
    most = {scale.id: most_points(quiz, scale) for scale in quiz.scales}
    usual = max(most.values())
    for scale in quiz.scales:
        fault = next(_faults(quiz, scale, source, most[scale.id], usual), None)
        if fault:
            problems.add(quiz.path, scale.line, *fault)


def _faults(
    quiz: Quiz, scale: Scale, source: CategorySource, most: int, usual: int
) -> Iterator[tuple[str, str, str]]:
    """Yield (rule, what is wrong, cure) for a category, the root of it first."""
    if most < quiz.at_least:
        needed = quiz.plain(quiz.at_least)
        message = f"'{scale.id}' can get {quiz.plain(most)} points at most, but a result needs {needed}."
        yield "unreachable", message, "Point more answers to it."
    try:
        is_reached = category_example(quiz, scale) is not None
    except TooMuchError:
        message = f"whether '{scale.id}' can be the only result takes too long to work out."
        yield (
            "too-much",
            message,
            "Let each answer count for fewer categories, or use fewer different weights.",
        )
        return
    if not is_reached:
        yield (
            "unreachable",
            f"no answers make '{scale.id}' the only result.",
            "Point more answers to it alone.",
        )
    if source.even_chances and most != usual:
        message = f"'{scale.id}' can get {quiz.plain(most)} points, others {quiz.plain(usual)}."
        yield "uneven", message, "Give each the same number of items, or write 'even_chances: false'."
