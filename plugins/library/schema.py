"""What the front matter of every entry may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from plugins.problems.models import Address, Day, Slug, Strict


class Image(Strict):
    """A picture of an entry; ``src`` is its file below ``content/``, ``source`` where it was found."""

    src: Annotated[str, Field(pattern=r"^images/[\w./-]+\.(svg|png|jpe?g|webp|avif)$")]
    alt: Annotated[str, Field(min_length=5, max_length=250)]
    credit: Annotated[str, Field(min_length=3, max_length=160)]
    source: Address | None = None


class Allowed(Strict):
    """A rule that one entry may break, and why."""

    rule: Slug
    because: Annotated[str, Field(min_length=20, max_length=240)]


class Front(Strict):
    """What the front matter of every entry may hold."""

    title: Annotated[str, Field(min_length=2, max_length=60)]
    summary: Annotated[str, Field(min_length=60, max_length=155)]
    reviewed: Day
    reviewed_by: Annotated[str, Field(min_length=2, max_length=80)] | None = None
    slug: str | None = None
    status: Literal["published", "draft"] = "published"
    date: Day | None = None
    updated: Day | None = None
    safety: bool = False
    quick_exit: bool = False
    tab_title: Annotated[str, Field(min_length=2, max_length=60)] | None = None
    image: Image | None = None
    allow: list[Allowed] = Field(default_factory=list)
