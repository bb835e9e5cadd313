"""What an SVG file may hold: shapes, and nothing that runs, loads or hides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"}
_AROUND = {"svg", "g", "defs", "symbol", "use", "title", "desc", "mask", "clipPath", "pattern", "marker"}
SAFE_TAGS = _SHAPES | _AROUND | {"linearGradient", "radialGradient", "stop"}
"""Elements that draw or describe; everything else is refused."""

_SVG = "{http://www.w3.org/2000/svg}"


def svg_faults(text: str) -> Iterator[str]:
    """Yield what is wrong with an SVG file, in an editor's words; nothing if it is safe to show.

    Refused: entities, any element outside ``SAFE_TAGS``, event attributes, inline styles
    (the page's policy blocks them) and every address that leads out of the file.
    """
    if re.search(r"<!(DOCTYPE|ENTITY)|<\?xml-stylesheet", text, re.I):
        yield "it has a document type, an entity or a style sheet"
        return
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as error:
        yield f"it is not well-formed: {error}"
        return
    if root.tag != f"{_SVG}svg" or "viewBox" not in root.attrib:
        yield "its root is not an <svg> with a viewBox"
    for element in root.iter():
        tag = str(element.tag).removeprefix(_SVG)
        if tag not in SAFE_TAGS:
            yield f"it has the element <{tag}>"
        for name, value in element.attrib.items():
            yield from _attribute_faults(name.rsplit("}", 1)[-1], value)


def _attribute_faults(name: str, value: str) -> Iterator[str]:
    if name.lower().startswith("on") or name == "style":
        yield f"it has the attribute '{name}'"
    elif name in ("href", "src") and not value.startswith("#"):
        yield f"it leads to '{value}'"
    elif re.search(r"url\(\s*['\"]?(?!['\"]?#)", value):
        yield f"it loads '{value}'"


def view_box(text: str) -> tuple[float, float]:
    """Return width and height of an SVG's ``viewBox``."""
    match = re.search(r"viewBox=[\"']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)", text)
    return (float(match[1]), float(match[2])) if match else (0.0, 0.0)
