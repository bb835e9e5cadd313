"""Decimals made whole: all points and cuts of a quiz are counted in parts small enough for every one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..problems.yaml_data import YamlData
from .model import Band, Item, Option, Scale
from .schema import BandSource, DimensionalSource, QuizSource

Weighed = Mapping[str, Fraction]
"""Points by scale id, as they are written."""
Loc = tuple[str | int, ...]


@dataclass(frozen=True)
class Draft:
    """An item whose points are as they are written."""

    item: Item
    options: tuple[tuple[Option, Weighed], ...]

    def whole(self, factor: int) -> Item:
        """Return the item with its points counted in parts of which ``factor`` are one."""
        options = (
            replace(option, points={name: int(value * factor) for name, value in points.items()})
            for option, points in self.options
        )
        return replace(self.item, options=tuple(options))


def made_whole(
    drafts: Sequence[Draft], cuts: Iterable[Fraction], *, neutral: bool
) -> tuple[tuple[Item, ...], int]:
    """Return the items with whole points, and how many parts are one point.

    Where an answer left out counts the middle, the middle of every item is whole as well.
    """
    points = (value for draft in drafts for _, given in draft.options for value in given.values())
    factor = math.lcm(1, *(value.denominator for value in (*points, *cuts)))
    items = tuple(draft.whole(factor) for draft in drafts)
    if neutral and any(sum(item.range(name) or ()) % 2 for item in items for name in _names(item)):
        factor *= 2
        items = tuple(draft.whole(factor) for draft in drafts)
    return items, factor


def _names(item: Item) -> set[str]:
    return {name for option in item.options for name in option.points}


def band_lists(source: QuizSource) -> Iterator[tuple[Loc, Sequence[BandSource]]]:
    """Yield every list of bands with its place: of the quiz, of its parts, of each dimension and part."""
    yield ("bands",), getattr(source, "bands", [])
    if isinstance(source, DimensionalSource):
        yield ("part_bands",), source.part_bands
        for at, one in enumerate(source.dimensions):
            yield ("dimensions", at, "bands"), one.bands
            for number, part in enumerate(one.parts):
                yield ("dimensions", at, "parts", number, "bands"), part.bands


def cuts_of(source: QuizSource) -> Iterator[Fraction]:
    """Yield every number that scores are compared with."""
    for _, bands in band_lists(source):
        for band in bands:
            yield from (Fraction(band.at_least), Fraction(band.below))
    yield Fraction(getattr(source, "at_least", 1))


def whole_bands(bands: Iterable[BandSource], factor: int, data: YamlData, loc: Loc) -> tuple[Band, ...]:
    """Return bands with whole cuts."""
    return tuple(
        Band(
            band.id,
            int(band.at_least * factor),
            int(band.below * factor),
            band.title,
            band.text or "",
            data.line((*loc, number)),
        )
        for number, band in enumerate(bands)
    )


def with_bands(source: QuizSource, scale: Scale, factor: int, data: YamlData) -> Scale:
    """Return a dimension or a part with the bands of its own; those of ``part_bands`` are of every part."""
    if not isinstance(source, DimensionalSource):
        return scale
    for at, one in enumerate(source.dimensions):
        if one.id == scale.id and not scale.parent:
            return replace(scale, bands=whole_bands(one.bands, factor, data, ("dimensions", at, "bands")))
        for number, part in enumerate(one.parts):
            if part.id == scale.id and scale.parent == one.id:
                own = ("dimensions", at, "parts", number, "bands")
                loc, bands = (own, part.bands) if part.bands else (("part_bands",), source.part_bands)
                return replace(scale, bands=whole_bands(bands, factor, data, loc))
    return scale
