"""Pictures as PNG, each drawn once: kept under the hash of all that went into it.

The machine's own fonts are never looked at.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path

import resvg_py
from PIL import Image, ImageColor, ImageDraw, ImageFont

from plugins.library.cache import kept
from plugins.library.card import Card, CardLine
from plugins.sharing.lettering import font_file

MARGIN = 80
"""Pixels between the left edge of a card and its words."""
_ANY = [0] + [255] * 255
"""All or nothing, for each of 256 degrees."""
_LAYOUT = ImageFont.Layout.BASIC
"""The layout that is in every build of Pillow, so that letters stand alike everywhere."""


@cache
def _versions(*packages: str) -> str:
    return " ".join(version(package) for package in packages)


def picture_key(svg: str) -> str:
    """Return the name of the picture that ``svg`` makes, with this renderer."""
    return hashlib.sha256(f"{svg}\n{_versions('resvg-py')}".encode()).hexdigest()[:16]


def card_key(motif: str, lines: Sequence[CardLine]) -> str:
    """Return the name of the card with these lines on this motif, with these renderers and these fonts."""
    recipe = f"{motif}\n{lines!r}\n{_versions('resvg-py', 'pillow', 'font-source-serif-pro')}"
    return hashlib.sha256(recipe.encode()).hexdigest()[:16]


def render_png(svg: str, folder: Path) -> bytes:
    """Return ``svg``, which has no words, as PNG at its own size; from ``folder`` if it was drawn before."""

    def draw() -> bytes:
        return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))

    return kept(folder / picture_key(svg), draw)


def render_card(card: Card, folder: Path) -> bytes:
    """Return a card as PNG; its motif comes from ``folder`` if it was drawn before.

    It has few colours: a tenth of the time and a third of the bytes of a picture in full colour, and the
    eye sees no difference.
    """
    colours = re.findall(r"#[0-9a-f]{6}", card.motif) + [line.colour for line in card.lines]
    shades = _shades(tuple(dict.fromkeys(colours)))
    picture = _ground(card.motif, (card.width, card.height), shades, folder).copy()
    for line in card.lines:
        _letter(picture, line, shades)
    picture.putpalette(shades.values)
    result = io.BytesIO()
    # A drawing of lines has hardly more to gain from a thorough search for repetitions than from runs.
    picture.save(result, "PNG", compress_type=zlib.Z_RLE)
    return result.getvalue()


def draw_motif(svg: str, size: tuple[int, int], folder: Path) -> Image.Image:
    """Return a motif on the whole of a card."""
    return _spread(_drawn(svg, folder), svg, size, re.findall(r"#[0-9a-f]{6}", svg)[0])


def _drawn(svg: str, folder: Path) -> Image.Image:
    with Image.open(io.BytesIO(render_png(svg, folder))) as opened:
        return opened.convert("RGB")


def _spread(drawn: Image.Image, svg: str, size: tuple[int, int], ground: str | int) -> Image.Image:
    """Return what was drawn of a motif on the whole of a card: left and right of it, its edges go on."""
    box = re.search(r'viewBox="(\d+) (\d+) ', svg)
    left, top = (int(number) for number in box.groups()) if box else (0, 0)
    whole = Image.new(drawn.mode, size, ground)
    whole.paste(drawn, (left, top))
    right = left + drawn.width
    for at, column, width in ((0, 0, left), (right, drawn.width - 1, size[0] - right)):
        if width > 0:
            edge = drawn.crop((column, 0, column + 1, drawn.height))
            whole.paste(edge.resize((width, drawn.height)), (at, top))
    return whole


@dataclass(frozen=True)
class Shades:
    """The way from the first of ``colours``, the ground, to each of the others, in as many steps as fit."""

    colours: tuple[str, ...]

    @cached_property
    def steps(self) -> int:
        """Return how many shades there are of each colour."""
        return 255 // max(1, len(self.colours) - 1)

    @cached_property
    def values(self) -> list[int]:
        """Return red, green and blue of each shade, the ground first."""
        ground, *inks = (ImageColor.getrgb(colour)[:3] for colour in self.colours)
        mixed = (
            round(ground[channel] + (ink[channel] - ground[channel]) * step / self.steps)
            for ink in inks
            for step in range(1, self.steps + 1)
            for channel in range(3)
        )
        return [*ground, *mixed]

    @cache  # noqa: B019 — of the same few for as long as there are cards
    def numbers(self, colour: str) -> list[int]:
        """Return the shade for each of 256 degrees to which ``colour`` covers the ground."""
        first = (self.colours.index(colour) - 1) * self.steps
        return [0, *(first + max(1, round(degree * self.steps / 255)) for degree in range(1, 256))]


@cache
def _shades(colours: tuple[str, ...]) -> Shades:
    """Return the shades of these colours, the same for all cards that have them."""
    return Shades(colours)


@lru_cache(maxsize=64)
def _ground(svg: str, size: tuple[int, int], shades: Shades, folder: Path) -> Image.Image:
    """Return a motif as the numbers of its shades."""
    palette = Image.new("P", (1, 1))
    palette.putpalette(shades.values)

    def in_shades(picture: Image.Image) -> Image.Image:
        numbers = picture.quantize(palette=palette, dither=Image.Dither.NONE)
        return Image.frombytes("L", numbers.size, numbers.tobytes())

    ground = in_shades(Image.new("RGB", (1, 1), shades.colours[0])).tobytes()[0]
    return _spread(in_shades(_drawn(svg, folder)), svg, size, ground)


def _letter(picture: Image.Image, line: CardLine, shades: Shades) -> None:
    """Write a line over a picture of shades."""
    written = _written(line, picture.width, shades)
    if written:
        letters, mask, at = written
        picture.paste(letters, at, mask)


@lru_cache(maxsize=64)
def _written(
    line: CardLine, room: int, shades: Shades
) -> tuple[Image.Image, Image.Image, tuple[int, int]] | None:
    """Return a line as the numbers of its shades, where these are, and its place; the same on many cards."""
    # No letter reaches further up than twice its size; whole pixels further down, it looks the same.
    top = math.floor(line.y - 2 * line.size)
    covered = Image.new("L", (room, math.ceil(3 * line.size)))
    pen = ImageDraw.Draw(covered)
    pen.text((MARGIN, line.y - top), line.words, 255, _face(line.weight, line.size), anchor="ls")
    box = covered.getbbox()
    if not box:
        return None
    letters = covered.crop(box)
    at = (box[0], top + box[1])
    return letters.point(shades.numbers(line.colour)), letters.point(_ANY), at


@cache
def _face(weight: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_file(weight), size, layout_engine=_LAYOUT)
