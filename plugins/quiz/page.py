"""What a quiz page shows, as plain values; the template only has to show it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .categories import most_points
from .guidance import Group, Guidance, Target, Tip
from .model import Item, Quiz, Scale
from .proof import FULL, limits
from .schema import SafetyRule
from .told import NOTHING, Told, ToldBlocks
from .wordings import Wordings

NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}
"""Numbers that begin a sentence, by the names of their wordings."""


OURS = Wordings()


@dataclass(frozen=True)
class BandView:
    """A band of one dimension: what it means there, and its points on the worksheet."""

    id: str
    title: str
    text: ToldBlocks
    points: str


@dataclass(frozen=True)
class SectionView:
    """One dimension or category: what it is, how to add it up by hand, and where it leads.

    ``parts`` are (id, title, bands); ``lines`` the numbers of its items on the page; ``key`` the letter
    that stands for a category on the worksheet; ``most`` the points it can get there.
    """

    id: str
    title: str
    low: str
    high: str
    prompt: Told
    text: ToldBlocks
    target: Target | None
    parts: tuple[tuple[str, str, tuple[BandView, ...]], ...]
    lines: tuple[int, ...]
    key: str
    most: str
    bands: tuple[BandView, ...]
    route: tuple[Group, ...]

    @property
    def first_tries(self) -> tuple[str, ...]:
        """Return the titles of what the route offers to try, each once."""
        return tuple(dict.fromkeys(tip.title for group in self.route for tip in group.tips))


@dataclass(frozen=True)
class OptionView:
    """One answer; ``mark`` is what the worksheet counts: points, or the letter of a category.

    Whether it is the right one, and what to say to whoever chose it, is told with the result.
    """

    value: int
    label: Told
    mark: str
    is_right: bool = False
    advice: ToldBlocks = NOTHING


@dataclass(frozen=True)
class ItemView:
    """One question with its number; ``skip_counts`` if a safety rule counts it left out on purpose.

    ``choose`` is how many answers may be given at once.
    """

    id: str
    number: int
    text: Told
    skip_label: str
    options: tuple[OptionView, ...]
    skip_counts: bool = False
    choose: int = 1
    explanation: ToldBlocks = NOTHING

    @property
    def right(self) -> Told:
        """Return the words of what is right, if anything is."""
        return Told(" · ".join(option.label for option in self.options if option.is_right))

    @property
    def has_remarks(self) -> bool:
        """Tell whether a result says anything about the answer."""
        return bool(self.explanation or self.right or any(option.advice for option in self.options))


@dataclass(frozen=True)
class Words:
    """The quiz's own words; a note that is empty is not shown."""

    intro: ToldBlocks
    privacy: Told
    not_for: Told
    limits: Told
    panel: Told
    straight_line: Told
    several: Told
    nothing: Told
    even: Told
    steady: Told
    reveals: Told


@dataclass(frozen=True)
class QuizFields:
    """Everything ``quiz.html`` shows beside what every entry has.

    ``is_added_up`` tells whether a reader can work it out on paper: each item counts for
    one dimension; ``has_weights`` whether an answer counts more than once; ``can_plan`` whether
    there is anything to put into a plan; ``left_out`` what to do on paper about an answer left out.
    ``say`` holds the words of the page itself, and ``data`` is the JSON the script scores with.
    """

    type: str
    minutes: int
    left_out: str
    scale_labels: tuple[Told, ...]
    words: Words
    say: Wordings
    guide: Target | None
    items: tuple[ItemView, ...]
    sections: tuple[SectionView, ...]
    keep_going: tuple[Tip, ...]
    safety_words: str
    is_added_up: bool
    has_highlights: bool
    has_weights: bool
    can_compare: bool
    can_plan: bool
    differ_from: int
    least_words: str
    data: str


def quiz_fields(quiz: Quiz, guidance: Guidance, say: Wordings = OURS) -> QuizFields:
    """Return what the page of a proved quiz shows, and the words in which it does."""
    desk, source = Desk(quiz, guidance, say), quiz.source
    highlights, compare = getattr(source, "highlights", None), getattr(source, "compare", None)
    sections = tuple(desk.section(scale) for scale in quiz.tops)
    shared = getattr(source, "scale", None)
    return QuizFields(
        type=quiz.type,
        minutes=source.minutes,
        left_out=desk.left_out(),
        scale_labels=tuple(map(Told, shared.labels)) if shared else (),
        words=_words(source),
        say=say,
        guide=guidance.target(source.safety_panel.guide) if source.safety_panel else None,
        items=tuple(desk.items()),
        sections=sections,
        keep_going=guidance.tips(highlights.keep_going if highlights else ()),
        safety_words=desk.safety_words(),
        is_added_up=desk.is_added_up,
        has_highlights=highlights is not None,
        has_weights=any(
            value > quiz.factor
            for item in quiz.items
            for option in item.options
            for value in option.points.values()
        ),
        can_compare=compare is not None,
        can_plan=bool(highlights and highlights.keep_going) or any(section.route for section in sections),
        differ_from=compare.differ_from if compare else 0,
        least_words=desk.least_words(),
        data=json.dumps(quiz.to_data(), separators=(",", ":")).replace("<", "\\u003c"),
    )


def _words(source: Any) -> Words:
    highlights, compare = getattr(source, "highlights", None), getattr(source, "compare", None)
    return Words(
        intro=ToldBlocks(source.intro),
        privacy=Told(source.privacy or ""),
        not_for=Told(source.not_for or ""),
        limits=Told(source.limits or ""),
        panel=Told(source.safety_panel.text if source.safety_panel else ""),
        straight_line=Told(source.straight_line.text if source.straight_line else ""),
        several=Told(getattr(source, "several_text", "")),
        nothing=Told(getattr(source, "nothing_text", "")),
        even=Told(highlights.even_text if highlights else ""),
        steady=Told(highlights.steady_text if highlights else ""),
        reveals=Told(compare.reveals if compare else ""),
    )


class Desk:
    """Looks things up for one page."""

    def __init__(self, quiz: Quiz, guidance: Guidance, say: Wordings = OURS) -> None:
        self.quiz, self.guidance, self.say = quiz, guidance, say
        self.numbers = {item.id: number for number, item in enumerate(quiz.items, 1)}
        self.letters = {scale.id: chr(ord("A") + at) for at, scale in enumerate(quiz.scales[:26])}
        tops = {scale.id for scale in quiz.tops}
        self.is_added_up = quiz.type != "category" and all(
            len(tops & {name for option in item.options for name in option.points}) <= 1
            for item in quiz.items
        )

    def items(self) -> Iterator[ItemView]:
        """Yield the questions in the order of the file."""
        rules = self.quiz.source.safety_rules
        counting = {name for rule in rules if rule.or_skipped for name in rule.items}
        for item in self.quiz.items:
            options = tuple(
                OptionView(
                    one.value, Told(one.label), self._mark(item, at), one.right, ToldBlocks(one.advice)
                )
                for at, one in enumerate(item.options)
            )
            yield ItemView(
                id=item.id,
                number=self.numbers[item.id],
                text=Told(item.text),
                skip_label=self.skip_label(item),
                options=options,
                skip_counts=item.id in counting,
                choose=item.choose,
                explanation=ToldBlocks(item.explanation),
            )

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
        return self.quiz.plain(points.get(name, 0) - low)

    def _letter(self, name: str, value: int) -> str:
        """Return a category's letter, with a number if an answer counts for it more than once."""
        times = self.quiz.plain(value)
        return self.letters.get(name, "") + (f"×{times}" if times != "1" else "")

    def least_words(self) -> str:
        """Return how many points a category needs, as the start of a sentence."""
        least = getattr(self.quiz.source, "at_least", 1)
        return getattr(self.say, NUMBERS[least]) if least in NUMBERS else self.quiz.plain(self.quiz.at_least)

    def left_out(self) -> str:
        """Return what to do about an answer left out, for a reader with a pencil."""
        say, quiz = self.say, self.quiz
        known = {"zero": say.left_out_zero, "neutral": say.left_out_neutral, "prorate": say.left_out_prorate}
        least = quiz.least(quiz.tops[0])
        if quiz.missing in known or least >= len(quiz.items_of(quiz.tops[0].id)):
            return known.get(quiz.missing, say.left_out)
        return (say.left_out_blank_one if least == 1 else say.left_out_blank).plain(count=least)

    def safety_words(self) -> str:
        """Return the safety rules as a reader with a pencil can follow them: '"Yes" to line 10'."""
        rules = [self._rule_words(rule) for rule in self.quiz.source.safety_rules]
        return self.say.if_answered.plain(answers=self.say.or_else.joined(rules)) if rules else ""

    def _rule_words(self, rule: SafetyRule) -> str:
        say, item = self.say, next(one for one in self.quiz.items if one.id == rule.items[0])
        said = [Told(option.label).plain for option in item.options if rule.counts(option.value)]
        said += [self.skip_label(item)] if rule.or_skipped else []
        answers = say.either.joined(say.quoted.plain(answer=label) for label in said)
        lines = [str(self.numbers[name]) for name in rule.items]
        if rule.at_least == 1:
            return say.answered_to.plain(answers=answers, lines=say.either.joined(lines))
        if rule.at_least == len(lines):
            return say.answered_to_each.plain(answers=answers, lines=say.both.joined(lines))
        return say.answered_to_some.plain(answers=answers, count=rule.at_least, lines=", ".join(lines))

    def skip_label(self, item: Item) -> str:
        """Return the words of the answer that leaves an item out."""
        return item.skip_label or self.say.skip

    def section(self, scale: Scale) -> SectionView:
        """Return the section of a dimension, a category or the one score."""
        quiz = self.quiz
        target = self.guidance.target(scale.target) if scale.target else None
        low, high = limits(quiz, scale)
        is_category = quiz.type == "category"
        return SectionView(
            id=scale.id,
            title=scale.title or (target.title if target else quiz.title),
            low=scale.low,
            high=scale.high,
            prompt=Told(scale.prompt),
            text=ToldBlocks(scale.text),
            target=target,
            parts=tuple((part.id, part.title, tuple(self._bands(part))) for part in quiz.parts(scale)),
            lines=tuple(self.numbers[item.id] for item in quiz.items_of(scale.id)),
            key=self.letters.get(scale.id, "") if is_category else "",
            most=quiz.plain(
                most_points(quiz, scale) if is_category else high - (low if quiz.unit == "percent" else 0)
            ),
            bands=tuple(self._bands(scale)),
            route=self._route(scale, is_category=is_category),
        )

    def _route(self, scale: Scale, *, is_category: bool) -> tuple[Group, ...]:
        if is_category and scale.target:
            return self.guidance.ways_past(scale.target)
        return self.guidance.route(scale.target or "", scale.in_the_way, scale.to_try)

    def _bands(self, scale: Scale) -> Iterator[BandView]:
        low, high = limits(self.quiz, scale)
        factor = self.quiz.factor
        for band in self.quiz.bands_of(scale):
            first, last = band.at_least, band.below - factor
            if self.quiz.unit == "percent":
                parts = FULL * factor
                first = -(-band.at_least * (high - low) // parts)
                last = min(-(-band.below * (high - low) // parts) - 1, high - low)
            ends = [self.quiz.plain(first), self.quiz.plain(last)]
            points = self.say.points_range.plain(first=ends[0], last=ends[1]) if first < last else ends[0]
            if factor > 1 and self.quiz.unit == "points":
                points = self.say.points_below.plain(first=ends[0], last=self.quiz.plain(band.below))
            yield BandView(band.id, band.title, ToldBlocks(scale.texts.get(band.id) or band.text), points)
