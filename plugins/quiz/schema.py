"""What an editor may write in ``content/quizzes/*.yaml``: one strict model per type.

The types differ in what a question leads to: ``dimensional`` to a picture of several
dimensions, ``single`` to one of them, ``category`` to the category named most often.
All three are compiled into one :class:`~.model.Quiz`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from ..problems.models import Id, Slug, Slugs, Strict
from .exact import ANSWER, number
from .told import is_plain, is_told, is_told_in_blocks, is_told_without_links

_MARKS = "*emphasis*, **more of it**, `code`"
_LINE = f"Markdown in one paragraph: {_MARKS}, [links](https://example.org), and blocks of code."
_BLOCKS = f"Markdown: paragraphs, lists, {_MARKS}, [links](https://example.org), and blocks of code."
_CHOICE = f"Markdown in one paragraph, without links: {_MARKS}, and blocks of code."
Line = Annotated[str, Field(min_length=1, max_length=400, description=_LINE), AfterValidator(is_told)]
LongLine = Annotated[str, Field(min_length=1, max_length=1200, description=_LINE), AfterValidator(is_told)]
Passage = Annotated[
    str, Field(min_length=1, max_length=1200, description=_BLOCKS), AfterValidator(is_told_in_blocks)
]
Choice = Annotated[
    str, Field(min_length=1, max_length=400, description=_CHOICE), AfterValidator(is_told_without_links)
]
ShortChoice = Annotated[
    str, Field(min_length=1, max_length=120, description=_CHOICE), AfterValidator(is_told_without_links)
]
Label = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(is_plain)]
"""Plain words, since they stand in titles and on buttons."""
Weight = Annotated[Fraction, number(-100, 100)]
Weights = Annotated[dict[Id, Weight], Field(min_length=1)]
Value = Annotated[int, Field(ge=-100, le=100)]
Percent = Annotated[int, Field(ge=0, le=100)]
Count = Annotated[int, Field(ge=1, le=500)]
Enough = Annotated[Fraction, number(0.001, 500)]
"""The points that a result needs."""
Points = Annotated[Fraction, number(-1_000_000, 1_000_000)]
"""A sum of points, or a bound of them; what the proof takes grows with it."""
Order = list[Id] | None
"""In which order those come that tie; without it, in the order in which they stand."""


class ScaleSource(Strict):
    """The answers that all items share, in the order in which they are shown.

    Each has a whole number of its own and its words; where it counts for something else than that
    number, its ``points``.
    """

    values: Annotated[list[Value], Field(min_length=2, max_length=11)]
    labels: Annotated[list[ShortChoice], Field(min_length=2, max_length=11)]
    points: Annotated[list[Weight], Field(min_length=2, max_length=11)] | None = None


class OptionSource(Strict):
    """One answer of an item with answers of its own.

    It counts for one ``category`` (one point), or for several through signed ``weights``, or it is
    ``right`` (one point).  ``advice`` is told with the result to whoever chose it.
    """

    text: Choice
    category: Id | None = None
    weights: Weights | None = None
    right: bool = False
    advice: Passage | None = None


class ItemSource(Strict):
    """One question.

    On a scale it counts for one ``dimension`` (``reverse`` turns it round) or, through
    signed ``weights``, for several; or it has ``options`` of its own.  Of these up to ``choose`` may
    be chosen at once.  ``explanation`` is told with the result.
    """

    id: Id
    text: LongLine
    dimension: Id | None = None
    reverse: bool = False
    weights: Weights | None = None
    options: Annotated[list[OptionSource], Field(min_length=2, max_length=11)] | None = None
    choose: Annotated[int, Field(ge=1, le=11)] = 1
    unscored: bool = False
    explanation: Passage | None = None
    skip_label: Label | None = None


class BandSource(Strict):
    """A stretch of scores, ``at_least`` included and ``below`` excluded, and what it means."""

    id: Id
    at_least: Points
    below: Points
    title: Label
    text: Passage | None = None


class Suggestions(Strict):
    """Pages of what to try, and of what may be in the way, best first."""

    to_try: Slugs
    in_the_way: Slugs


Bands = Annotated[list[BandSource], Field(default_factory=list, max_length=20)]
"""Lowest first."""


class Part(Strict):
    """A dimension inside a dimension (a facet); its items count for both."""

    id: Id
    title: Label
    bands: Bands


class DimensionSource(Strict):
    """One dimension of the picture.

    ``id`` may be the slug of a page of what is measured: its title and suggestions then come
    from that page.  ``low`` and ``high`` name the two ends where neither is better.
    Without ``bands`` of its own it has those of the quiz.
    """

    id: Id
    title: Label | None = None
    low: Label | None = None
    high: Label | None = None
    text: dict[Id, Passage] = Field(default_factory=dict)
    prompt: Line | None = None
    suggestions: Suggestions | None = None
    bands: Bands
    parts: Annotated[list[Part], Field(default_factory=list, max_length=30)]


class Highlights(Strict):
    """Which dimensions a result names first.

    Within ``even_within`` points from highest to lowest the picture counts as even.
    ``first_if_low`` leads the places to start whenever it is in the lowest band.
    """

    at_most: Annotated[int, Field(ge=1, le=5)] = 2
    even_within: Percent = 10
    even_text: Line
    first_if_low: Id | None = None
    steady_text: Line
    keep_going: Slugs


class StraightLine(Strict):
    """What to say when all answers are the same and there are ``at_least`` so many."""

    at_least: Count
    text: Line


class SafetyRule(Strict):
    """Holds when ``at_least`` so many of ``items`` are answered ``value`` or higher.

    With ``or_lower`` it is ``value`` or lower; with ``or_skipped`` an item left out on purpose counts too.
    An item with options of its own counts them from 1.
    """

    items: Annotated[list[Id], Field(min_length=1)]
    value: Value
    at_least: Count
    or_lower: bool = False
    or_skipped: bool = False

    def counts(self, answer: int | Sequence[int] | None) -> bool:
        """Tell whether an answer counts, or one of several; None is an item left out on purpose."""
        if answer is None:
            return self.or_skipped
        if isinstance(answer, Sequence):
            return any(self.counts(one) for one in answer)
        return answer <= self.value if self.or_lower else answer >= self.value


class SafetyPanel(Strict):
    """The panel that stands above everything when any rule in ``show_when`` holds."""

    text: LongLine
    guide: Slug
    show_when: Annotated[list[SafetyRule], Field(default_factory=list, max_length=50)]


class Compare(Strict):
    """Comparing with one trusted person; ``differ_from`` so many points a prompt is shown."""

    differ_from: Percent = 20
    reveals: LongLine


class Vector(Strict):
    """Answers and what must come out of them; whatever is not named is not compared.

    ``answers`` maps item ids to values (to a list, where several were chosen), or holds ``all: 3``, or
    ``forward: 5`` and ``reversed: 1``.
    """

    name: Label
    answers: dict[Id, Annotated[int | tuple[int, ...] | None, ANSWER]]
    percent: dict[Id, Percent | None] | None = None
    points: dict[Id, Points | None] | None = None
    bands: dict[Id, Id | None] | None = None
    even: bool | None = None
    steady: bool | None = None
    starts: list[Id] | None = None
    strengths: list[Id] | None = None
    straight_line: bool | None = None
    safety: bool | None = None
    leading: list[Id] | None = None
    several: bool | None = None


class QuizSource(Strict):
    """What every type has.  ``version`` goes up whenever scores would change.

    A site may ask for more than is asked for here.
    """

    version: Annotated[int, Field(ge=1, le=999)] = 1
    minutes: Annotated[int, Field(ge=1, le=120)]
    intro: Passage
    privacy: Line | None = None
    not_for: Choice | None = None
    limits: Line | None = None
    skip_label: Label | None = None
    safety_panel: SafetyPanel | None = None
    straight_line: StraightLine | None = None
    vectors: Annotated[list[Vector], Field(default_factory=list, max_length=200)]

    @property
    def safety_rules(self) -> list[SafetyRule]:
        """Return what brings up the safety panel; nothing, if there is none."""
        return self.safety_panel.show_when if self.safety_panel else []


class ScaledSource(QuizSource):
    """What ``dimensional`` and ``single`` share.

    ``unit`` is what bands count in: ``percent`` of the possible, or the sum of ``points``.
    ``missing`` tells what an answer left out counts: nothing (``skip``), the middle (``neutral``),
    ``zero``, or as much as those given (``prorate``); ``rounding`` makes what is prorated whole.
    Without ``min_answered``, a score needs every answer.
    ``balanced_keys`` asks for items worded both ways, so that agreeing to everything
    flatters nobody.
    """

    scale: ScaleSource | None = None
    unit: Literal["percent", "points"] = "percent"
    bands: Bands
    items: Annotated[list[ItemSource], Field(min_length=1, max_length=500)]
    min_answered: Count | None = None
    missing: Literal["skip", "neutral", "zero", "prorate"] = "skip"
    rounding: Literal["nearest", "up"] | None = None
    balanced_keys: bool = True


class DimensionalSource(ScaledSource):
    """Several dimensions, shown side by side and never added up."""

    type: Literal["dimensional"]
    dimensions: Annotated[list[DimensionSource], Field(min_length=1, max_length=30)]
    part_bands: Bands
    tie_order: Order = None
    highlights: Highlights | None = None
    compare: Compare | None = None


class SingleSource(ScaledSource):
    """One score."""

    type: Literal["single"]
    bands: Annotated[list[BandSource], Field(min_length=2, max_length=20)]
    suggestions: Suggestions


class CategoryEntry(Strict):
    """One category: a page of what may be in the way, or a title of its own, with what it means."""

    id: Id
    title: Label | None = None
    text: Passage | None = None
    suggestions: Suggestions | None = None


def _by_id(value: object) -> object:
    """Return a category that is only named as one that says no more."""
    return {"id": value} if isinstance(value, str) else value


class CategorySource(QuizSource):
    """The categories named most often, at most ``show_at_most``, each at least ``at_least`` times."""

    type: Literal["category"]
    categories: Annotated[
        list[Annotated[CategoryEntry, BeforeValidator(_by_id, json_schema_input_type=Id | CategoryEntry)]],
        Field(min_length=2, max_length=50),
    ]
    tie_order: Order = None
    at_least: Annotated[Enough, Field(default_factory=lambda: Fraction(2))]
    show_at_most: Count = 3
    even_chances: bool = True
    several_text: Line
    nothing_text: Line
    items: Annotated[list[ItemSource], Field(min_length=1, max_length=500)]


TYPES: dict[str, type[QuizSource]] = {
    "dimensional": DimensionalSource,
    "single": SingleSource,
    "category": CategorySource,
}
