"""The theme's colours for pictures: read from ``tokens.css``, so that there is one source.

The pictures need sRGB; the tokens are in OKLCH.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_OKLCH = r"oklch\(([\d.]+)\s+([\d.]+)\s+([\d.]+)\)"
_TOKEN = re.compile(rf"--([a-z0-9-]+):\s*light-dark\(\s*{_OKLCH},\s*{_OKLCH}\s*\)")


@dataclass(frozen=True)
class Palette:
    """What pictures and browsers are told, as ``#rrggbb``; light but for ``night``, the dark paper."""

    paper: str
    ink: str
    soft: str
    accent: str
    night: str


def read_palette(css: str) -> Palette:
    """Return the palette of a tokens file; raises ValueError if a colour is not there."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for name, *numbers in _TOKEN.findall(css):
        values = [float(number) for number in numbers]
        light.setdefault(name, oklch_to_hex(*values[:3]))
        dark.setdefault(name, oklch_to_hex(*values[3:]))
    return Palette(
        paper=_take(light, "paper"),
        ink=_take(light, "ink"),
        soft=_take(light, "ink-soft"),
        accent=_take(light, "accent"),
        night=_take(dark, "paper"),
    )


def theme_palette(static: Path) -> Palette:
    """Return the palette of a theme; ``static`` is the folder of its files."""
    return read_palette((static / "css" / "tokens.css").read_text(encoding="utf-8"))


def _take(found: Mapping[str, str], name: str) -> str:
    if name not in found:
        raise ValueError(f"tokens.css has no '--{name}: light-dark(oklch(…), oklch(…))'")
    return found[name]


def oklch_to_hex(lightness: float, chroma: float, hue: float) -> str:
    """Return an OKLCH colour (lightness 0 to 1, hue in degrees) as sRGB, clipped to what sRGB can show.

    The matrices are Björn Ottosson's, https://bottosson.github.io/posts/oklab/.
    """
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _gamma(value)):02x}" for value in linear)


def _gamma(value: float) -> float:
    value = min(max(value, 0.0), 1.0)
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
