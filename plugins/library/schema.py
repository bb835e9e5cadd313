"""The front matter of each kind, as strict pydantic models.

One class a kind: what is not named here is refused.
Lengths are in characters, dates are days (``2026-11-22``).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from plugins.library.problems import Problems, did_you_mean, shown
from plugins.library.source import YamlData

M = TypeVar("M", bound=BaseModel)

Fit = Literal["partner", "family", "friend", "coworker"]
Topic = Literal["basics", "everyday", "different-people", "hard-times", "safety-and-help", "quiz"]
Shape = Literal[
    "overview",
    "numbered-strategies",
    "ways-and-obstacles",
    "step-by-step",
    "fundamentals",
    "reference",
    "troubleshooting",
    "topic",
    "safety",
]


def _no_time(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        raise ValueError("a day is wanted, without a time of day")
    return value


Day = Annotated[dt.date, BeforeValidator(_no_time)]
Text = Annotated[str, Field(min_length=1, max_length=400)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Slugs = Annotated[list[Slug], Field(default_factory=list)]


class Strict(BaseModel):
    """Refuses unknown keys and silent conversions (``"5"`` is not 5)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Image(Strict):
    """A picture of an entry; ``src`` is its file below ``content/``, ``source`` where it was found."""

    src: Annotated[str, Field(pattern=r"^images/[\w./-]+\.(svg|png|jpe?g|webp|avif)$")]
    alt: Annotated[str, Field(min_length=5, max_length=250)]
    credit: Annotated[str, Field(min_length=3, max_length=160)]
    source: Annotated[str, Field(pattern=r"^https://\S+$")] | None = None


class Front(Strict):
    """What the front matter of every entry may hold."""

    title: Annotated[str, Field(min_length=2, max_length=60)]
    summary: Annotated[str, Field(min_length=60, max_length=155)]
    reviewed: Day
    slug: str | None = None
    status: Literal["published", "draft"] = "published"
    date: Day | None = None
    updated: Day | None = None
    safety: bool = False
    tab_title: Annotated[str, Field(min_length=2, max_length=60)] | None = None
    image: Image | None = None


class GuideFront(Front):
    """A longer read; its strategies are the cards placed in its text."""

    date: Day
    order: Annotated[int, Field(ge=1)]
    shape: Shape
    words: Annotated[str, Field(pattern=r"^\d+-\d+$")] | None = None
    obstacles: Slugs
    signs: Slugs
    benefits: Slugs
    faq: Slugs


class Reason(Strict):
    """That a strategy helps with an obstacle, and why."""

    obstacle: Slug
    because: Annotated[str, Field(min_length=20, max_length=240)]


class StrategyFront(Front):
    """Something you do."""

    time: Text
    minutes: Annotated[int, Field(ge=1, le=600)]
    fits: Annotated[list[Fit], Field(min_length=1)]
    first_step: Annotated[str, Field(min_length=10, max_length=160)]
    addresses: Annotated[list[Reason], Field(default_factory=list)]
    strengthens: Slugs
    related: Slugs
    benefits: Slugs


class ObstacleFront(Front):
    """Something that gets in the way."""

    first_step: Annotated[str, Field(min_length=10, max_length=160)]


class SignFront(Front):
    """How connection shows.  ``order`` is the fixed order in which signs are listed."""

    order: Annotated[int, Field(ge=1)] = 99
    plain_title: Annotated[str, Field(min_length=2, max_length=60)]
    try_first: Slugs
    obstacles: Slugs


class BenefitFront(Front):
    """What closeness gives."""


class FaqFront(Front):
    """One question (the title), one answer (the body)."""

    topic: Topic
    strategies: Slugs


class PageFront(Front):
    """Home, about, privacy and the like."""


class Evidence(Strict):
    """One published source: what it found and how far that goes."""

    id: Slug
    topic: Text
    cite: Annotated[str, Field(min_length=20, max_length=500)]
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    claim: Annotated[str, Field(min_length=20, max_length=400)]
    limits: Annotated[str, Field(min_length=10, max_length=400)]
    verified: Text


class Directory(Strict):
    """A directory of help lines, kept by somebody else."""

    id: Slug
    name: Text
    url: Annotated[str, Field(pattern=r"^https://\S+$")]
    covers: Text
    verified: Text
    checked_on: Day | None


class Number(Strict):
    """One help line. ``region`` is an ISO 3166 country code, or ``EU``."""

    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    name: Text
    phone: Text | None
    url: Annotated[str, Field(pattern=r"^https://\S+$")] | None
    verified: Text
    checked_on: Day | None


class Helplines(Strict):
    """``content/data/helplines.yaml``; only entries with a ``checked_on`` are ever shown."""

    directories: list[Directory]
    numbers: list[Number]


class ShareLink(Strict):
    """One place a page can be shared to; ``link`` is its address with ``{url}`` and ``{title}`` to fill in."""

    id: Slug
    name: Annotated[str, Field(min_length=1, max_length=24)]
    link: Annotated[str, Field(pattern=r"^(https://|mailto:|sms:)[^\s<>\"]*\{url\}", max_length=200)]


class CoverageRule(Strict):
    """Every entry of ``kind`` but the ``excepted`` has ``at_least`` so many links of type ``relation`` (either wording)."""

    kind: Text
    relation: Text
    at_least: Annotated[int, Field(ge=1)]
    why: Text
    excepted: Slugs


def validate(model: type[M], data: YamlData, name: str, problems: Problems) -> M | None:
    """Return ``data`` as ``model``, or None after noting every fault with its line, value and cure."""
    if not isinstance(data.value, dict):
        problems.add(name, data.line(()), "type", f"a mapping of keys is wanted, not {shown(data.value)}.", "")
        return None
    try:
        return model.model_validate(data.value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            message, cure = explain(detail, model)
            problems.add(name, data.line(detail["loc"]), detail["type"], message, cure)
        return None


def explain(detail: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:  # noqa: PLR0911 - one row a fault
    """Turn one pydantic fault into (what is wrong, what to do), in an editor's words."""
    where = ".".join(str(part + 1 if isinstance(part, int) else part) for part in detail["loc"])
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    value = shown(detail["input"])
    kind = detail["type"]
    if kind == "missing":
        return f"the key '{where}' is missing.", f"Add a line '{key}: …'."
    if kind == "extra_forbidden":
        return f"'{where}' is not a key of this kind.", did_you_mean(key, _keys_at(model, detail["loc"]))
    if kind == "literal_error":
        return f"'{where}' is {value}.", f"It must be one of {detail['ctx']['expected']}."
    if kind == "string_type":
        return f"'{where}' is {value}, not text.", "Write words, in quotes if they look like a number or a date."
    if kind in ("date_type", "date_from_datetime_parsing", "date_parsing"):
        return f"'{where}' is {value}, not a day.", "Write it as year-month-day, like 2026-11-22, without quotes."
    if kind == "string_too_long":
        return f"'{where}' has {len(str(detail['input']))} characters.", f"The limit is {detail['ctx']['max_length']}."
    if kind == "string_too_short":
        least = detail["ctx"]["min_length"]
        return f"'{where}' is {value}, {len(str(detail['input']))} characters.", f"At least {least} are wanted."
    if kind == "string_pattern_mismatch":
        return f"'{where}' is {value}.", _pattern_cure(detail["ctx"]["pattern"])
    return f"'{where}' is {value}.", f"{detail['msg']}."


def _pattern_cure(pattern: str) -> str:
    if "a-z0-9" in pattern:
        return "Use the slug of an entry: lowercase words joined by hyphens."
    if pattern.startswith("^https"):
        return "Write the whole address, starting with https://."
    return f"It must match {pattern}."


def _keys_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys allowed at ``loc``: those of the model, or of the model inside it."""
    current: Any = model
    for part in loc[:-1]:
        if isinstance(part, str) and isinstance(current, type) and issubclass(current, BaseModel):
            current = _inner_model(current, part)
    return list(current.model_fields) if isinstance(current, type) and issubclass(current, BaseModel) else []


def _inner_model(model: type[BaseModel], key: str) -> Any:
    todo: list[Any] = [model.model_fields[key].annotation] if key in model.model_fields else []
    while todo:
        current = todo.pop()
        if isinstance(current, type) and issubclass(current, BaseModel):
            return current
        todo.extend(getattr(current, "__args__", ()))
    return None
