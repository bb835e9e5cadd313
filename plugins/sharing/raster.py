"""SVG to PNG, once: the result is kept under the hash of all that went into it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import resvg_py

from plugins.library.cache import kept


@cache
def _versions(*packages: str) -> str:
    return " ".join(version(package) for package in packages)


def picture_key(svg: str) -> str:
    """Return the name of the picture that ``svg`` makes, with this renderer and these fonts."""
    recipe = f"{svg}\n{_versions('resvg-py', 'font-source-serif-pro')}"
    return hashlib.sha256(recipe.encode()).hexdigest()[:16]


def render_png(svg: str, folder: Path, fonts: Sequence[Path] = ()) -> bytes:
    """Return ``svg`` as PNG at its own size, from ``folder`` if it was drawn before.

    The machine's own fonts are never looked at.
    """

    def draw() -> bytes:
        files = [str(font) for font in fonts]
        return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=files))

    return kept(folder / picture_key(svg), draw)
