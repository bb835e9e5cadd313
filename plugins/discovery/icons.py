"""Icons in every size that is asked for, and the web manifest, all from ``icon.svg``."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable

from plugins.library.pages import Frame

Draw = Callable[[str], bytes]
"""Turns an SVG into a PNG."""


def make_icons(svg: str, draw: Draw) -> dict[str, bytes]:
    """Return icon files by name.  Systems that cut icons to a shape get one without round corners."""
    square = re.sub(r'(<rect[^>]*) rx="[^"]*"', r"\1", svg, count=1)
    return {
        "favicon.ico": to_ico(draw(_sized(svg, 32)), 32),
        "apple-touch-icon.png": draw(_sized(square, 180)),
        "icon-192.png": draw(_sized(svg, 192)),
        "icon-512.png": draw(_sized(svg, 512)),
        "icon-maskable-512.png": draw(_sized(square, 512)),
    }


def _sized(svg: str, size: int) -> str:
    return svg.replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)


def to_ico(png: bytes, size: int) -> bytes:
    """Wrap one PNG (at most 256 pixels wide) as a Windows icon."""
    header = struct.pack("<HHH", 0, 1, 1)
    entry = struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(png), len(header) + 16)
    return header + entry + png


def make_manifest(frame: Frame) -> str:
    """Return the web manifest."""
    base = frame.base
    data = {
        "id": f"{base}/",
        "name": frame.site,
        "short_name": frame.site,
        "description": frame.slogan,
        "lang": frame.language,
        "dir": "ltr",
        "start_url": f"{base}/",
        "scope": f"{base}/",
        "display": "minimal-ui",
        "background_color": frame.paper,
        "theme_color": frame.paper,
        "icons": [
            _icon(base, "icon-192.png", 192, "any"),
            _icon(base, "icon-512.png", 512, "any"),
            _icon(base, "icon-maskable-512.png", 512, "maskable"),
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _icon(base: str, name: str, size: int, purpose: str) -> dict[str, str]:
    return {"src": f"{base}/{name}", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
