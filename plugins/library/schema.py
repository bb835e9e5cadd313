"""What the front matter of every entry, and the data files, may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from plugins.problems.models import Address, Day, Slug, Slugs, Strict, Text, is_address


class Image(Strict):
    """A picture of an entry; ``src`` is its file below ``content/``, ``source`` where it was found."""

    src: Annotated[str, Field(pattern=r"^images/[\w./-]+\.(svg|png|jpe?g|webp|avif)$")]
    alt: Annotated[str, Field(min_length=5, max_length=250)]
    credit: Annotated[str, Field(min_length=3, max_length=160)]
    source: Address | None = None


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
    quick_exit: bool = False
    tab_title: Annotated[str, Field(min_length=2, max_length=60)] | None = None
    image: Image | None = None


class Evidence(Strict):
    """One published source: what it found and how far that goes."""

    id: Slug
    cite: Annotated[str, Field(min_length=20, max_length=500)]
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,9}/[^\s\"<>\\^`{|}]+$")] | None = None
    claim: Annotated[str, Field(min_length=20, max_length=400)]
    limits: Annotated[str, Field(min_length=10, max_length=400)]
    verified: Text


class ShareLink(Strict):
    """One place to share a page to; ``link`` is its address with ``{url}`` and ``{title}`` to fill in."""

    id: Slug
    name: Annotated[str, Field(min_length=1, max_length=24)]
    link: Annotated[
        str,
        Field(pattern=r"^(https://|mailto:|sms:)[^\s<>\"]*\{url\}[^\s<>\"]*$", max_length=200),
        AfterValidator(is_address),
    ]


class CoverageRule(Strict):
    """Each of ``kind`` but the ``excepted`` has ``at_least`` so many links of ``relation`` (either wording)."""

    kind: Text
    relation: Text
    at_least: Annotated[int, Field(ge=1)]
    why: Text
    excepted: Slugs
