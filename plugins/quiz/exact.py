"""Numbers with up to three decimals, exactly as they are written: read, made whole, shown again."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError

FINEST = 1000
"""Nothing is finer than one part of a thousand."""


def number(least: float, most: float) -> PlainValidator:
    """Return how a number is read: 0.1 is a tenth, and not what a machine makes of it."""

    def read(value: object) -> Fraction:
        if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
            raise PydanticCustomError("number_type", "no number")
        if not math.isfinite(value):
            raise PydanticCustomError("number_type", "no number")
        exact = Fraction(str(value))
        if exact < least:
            raise PydanticCustomError("greater_than_equal", "too low", {"ge": least})
        if exact > most:
            raise PydanticCustomError("less_than_equal", "too high", {"le": most})
        if FINEST % exact.denominator:
            raise PydanticCustomError("too_fine", "too fine", {"finest": len(str(FINEST)) - 1})
        return exact

    written: Any = Annotated[float, Field(ge=least, le=most)]
    return PlainValidator(read, json_schema_input_type=written)


def _answer(value: Any) -> int | tuple[int, ...] | None:
    """Return the value of an answer, or several, or None for one left out."""
    values = tuple(value) if isinstance(value, list | tuple) else (value,)
    if value is None:
        return None
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in values):
        raise PydanticCustomError("int_type", "no whole number")
    return values if isinstance(value, list | tuple) else values[0]


ANSWER = PlainValidator(_answer, json_schema_input_type=int | list[int] | None)
"""How an answer in a test vector is read."""


def plain(value: Fraction) -> str:
    """Return a number as one writes it, to at most three decimals: 3, 0.5, 2.333."""
    return f"{float(value):.3f}".rstrip("0").rstrip(".")
