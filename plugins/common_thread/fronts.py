"""Front matter that several kinds share, for whoever asks it of an entry of any kind."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from plugins.library.schema import Front


class SteppedFront(Front):
    """Of something with a first step."""

    first_step: Annotated[str, Field(min_length=10, max_length=160)]


class NamedFront(Front):
    """Of something that is also called by a plainer name."""

    plain_title: Annotated[str, Field(min_length=2, max_length=60)]


def first_step(front: Front) -> str:
    """Return the first step, or nothing for what has none."""
    return front.first_step if isinstance(front, SteppedFront) else ""
