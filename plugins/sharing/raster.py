"""Pictures as PNG, each drawn once: kept under the hash of all that went into it.

The machine's own fonts are never looked at.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

import resvg_py
from PIL import Image, ImageColor, ImageDraw, ImageFont

from plugins.library.cache import kept
from plugins.library.pages import Card, CardLine
from plugins.sharing.lettering import font_file

MARGIN = 80
"""Pixels between the left edge of a card and its words."""
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
    """Return a card as PNG; its motif comes from ``folder`` if it was drawn before."""
    picture = _motif(card.motif, folder).copy()
    pen = ImageDraw.Draw(picture)
    for line in card.lines:
        pen.text((MARGIN, line.y), line.words, line.colour, _face(line.weight, line.size), anchor="ls")
    result = io.BytesIO()
    colours = re.findall(r"#[0-9a-f]{6}", card.motif) + [line.colour for line in card.lines]
    # A tenth of the time and a third of the bytes of a picture in full colour, and the eye sees no
    # difference.
    picture.quantize(palette=_shades(tuple(dict.fromkeys(colours))), dither=Image.Dither.NONE).save(
        result, "PNG"
    )
    return result.getvalue()


@cache
def _shades(colours: tuple[str, ...]) -> Image.Image:
    """Return a palette with the way from the first of ``colours``, the ground, to each of the others."""
    ground, *inks = (ImageColor.getrgb(colour) for colour in colours)
    steps = 255 // max(1, len(inks))
    shades = [
        round(ground[channel] + (ink[channel] - ground[channel]) * step / steps)
        for ink in inks
        for step in range(1, steps + 1)
        for channel in range(3)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette([*ground[:3], *shades])
    return palette


@lru_cache(maxsize=64)
def _motif(svg: str, folder: Path) -> Image.Image:
    with Image.open(io.BytesIO(render_png(svg, folder))) as opened:
        return opened.convert("RGB")


@cache
def _face(weight: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_file(weight), size, layout_engine=_LAYOUT)
