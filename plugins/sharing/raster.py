"""SVG to PNG, once: the result is kept under the hash of all that went into it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import resvg_py

_START, _END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"


def picture_key(svg: str) -> str:
    """Return the name of the picture that ``svg`` makes, with this renderer and these fonts."""
    recipe = "\n".join([svg, version("resvg-py"), version("font-source-serif-pro")])
    return hashlib.sha256(recipe.encode()).hexdigest()[:16]


def render_png(svg: str, cache: Path, fonts: Sequence[Path] = ()) -> bytes:
    """Return ``svg`` as PNG at its own size, from ``cache`` if it was drawn before.

    The machine's own fonts are never looked at.
    """
    kept = cache / f"{picture_key(svg)}.png"
    if kept.is_file() and is_whole(png := kept.read_bytes()):
        return png
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=[str(font) for font in fonts]))
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=cache, suffix=".part", delete=False) as part:
        part.write(png)
    Path(part.name).replace(kept)
    return png


def is_whole(png: bytes) -> bool:
    """Tell whether ``png`` begins and ends as a PNG does: a build may have been stopped while it wrote."""
    return png.startswith(_START) and png.endswith(_END)
