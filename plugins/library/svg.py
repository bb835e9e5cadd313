"""What an SVG file may hold: shapes, and nothing that runs, loads, hides or grows.

The file is parsed once, as a stream, so that it can be left at the first element too many.
"""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import InputSource

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from plugins.problems import shown
from plugins.problems.characters import HIDDEN, code

MAX_BYTES = 200_000
MAX_ELEMENTS = 3_000
MAX_DEPTH = 30
MAX_COPIES = 200
"""How many times shapes may be drawn again with <use>."""
MAX_SIDE = 10_000
MAX_FAULTS = 20
LONGEST_BOX = 100
"""Characters of a viewBox; a longer one is none."""


def _each(names: str, shape: re.Pattern[str]) -> dict[str, re.Pattern[str]]:
    return dict.fromkeys(names.split(), shape)


_SHAPES = {"circle", "ellipse", "line", "path", "polygon", "polyline", "rect", "text", "tspan"}
_AROUND = {"svg", "g", "defs", "symbol", "use", "title", "desc", "mask", "clipPath", "pattern", "marker"}
_GRADIENTS = {"linearGradient", "radialGradient"}
SAFE_TAGS = _SHAPES | _AROUND | _GRADIENTS | {"stop"}
"""Elements that draw or describe; everything else is refused."""

_ID = r"#[A-Za-z_][\w.-]*"
_WORDS = re.compile(r"[\w\s.,%#+'\"-]*")
_COLOUR = r"[A-Za-z]+|#[0-9A-Fa-f]{3,8}|(?:rgb|hsl)a?\([\d\s.,%/+-]*\)"
_PAINT = re.compile(rf"(?:{_COLOUR}|url\({_ID}\)(?:\s+(?:{_COLOUR}))?)")
_PART = re.compile(rf"none|url\({_ID}\)")
_LINK = re.compile(_ID)
_PATH = re.compile(r"[MmZzLlHhVvCcSsQqTtAaEe\d\s.,+-]*")
_MOVES = re.compile(r"(?:(?:matrix|translate|scale|rotate|skewX|skewY)\s*\([\d\s.,eE+-]*\)[\s,]*)*")
_ANYTHING = re.compile(r".*", re.S)
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_BOX = re.compile(rf"\s*({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*")

_ATTRIBUTES: dict[str, re.Pattern[str]] = {
    **_each(
        """
        aria-describedby aria-hidden aria-labelledby baseProfile class clip-rule clipPathUnits cx cy
        display dominant-baseline dx dy fill-opacity fill-rule focusable font-family font-size font-style
        font-weight fx fy gradientUnits height id lang lengthAdjust letter-spacing markerHeight
        markerUnits markerWidth maskContentUnits maskUnits offset opacity orient overflow paint-order
        pathLength patternContentUnits patternUnits points preserveAspectRatio r refX refY role rotate rx ry
        shape-rendering spreadMethod stop-opacity stroke-dasharray stroke-dashoffset stroke-linecap
        stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration
        text-rendering textLength vector-effect version viewBox visibility width word-spacing x x1 x2
        xml:lang xml:space y y1 y2
        """,
        _WORDS,
    ),
    **_each("color fill stop-color stroke", _PAINT),
    **_each("clip-path marker-end marker-mid marker-start mask", _PART),
    **_each("gradientTransform patternTransform transform", _MOVES),
    **_each("href xlink:href", _LINK),
    "d": _PATH,
    "aria-label": _ANYTHING,
}
"""Attributes by what their values may look like; none of these can name an address outside the file."""

_SVG = "http://www.w3.org/2000/svg"
_PREFIXES = {
    "http://www.w3.org/1999/xlink": "xlink:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
    None: "",
}


class SvgFault(NamedTuple):
    """What is wrong on a line, in an editor's words."""

    line: int
    words: str


@dataclass
class Svg:
    """What is known of an SVG file: its faults, and the size its ``viewBox`` gives."""

    faults: list[SvgFault] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


class _TooMuchError(Exception):
    """The rest of the file need not be looked at."""


def read_svg(text: str) -> Svg:
    """Return the size of an SVG and everything in it that is not safe to show."""
    reader = _Reader()
    if len(text) > MAX_BYTES:
        reader.fault(f"it has {len(text):,} characters, more than {MAX_BYTES:,}", 1)
        return reader.svg
    declared = re.match(r"\s*<\?xml[^>]*encoding=[\"']([^\"']*)", text)
    if declared and declared[1].lower() != "utf-8":
        reader.fault(f"it says that its encoding is {shown(declared[1])}, and it is UTF-8", 1)
        return reader.svg
    parser: Any = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(reader)
    source = InputSource()
    source.setByteStream(io.BytesIO(text.encode("utf-8", "replace")))
    try:
        parser.parse(source)
        reader.check_references()
    except DefusedXmlException:
        reader.fault("it has a document type or an entity")
    except SAXParseException as error:
        reader.fault(f"it is not well-formed: {error.getMessage()}", error.getLineNumber() or 1)
    except ValueError:  # Python's reader takes names apart at white space, and a namespace may hold any
        reader.fault("it has a namespace that is no address")
    except (SAXException, _TooMuchError):
        pass
    return reader.svg


def svg_faults(text: str) -> list[SvgFault]:
    """Return what is wrong with an SVG file; nothing if it is safe to show."""
    return read_svg(text).faults


def view_box(text: str) -> tuple[float, float]:
    """Return width and height of an SVG's ``viewBox``."""
    svg = read_svg(text)
    return svg.width, svg.height


class _Reader(ContentHandler):
    """Looks at every element, attribute and word as it comes."""

    def __init__(self) -> None:
        super().__init__()
        self.svg = Svg()
        self.locator: Any = None
        self.elements = 0
        self.open: list[str] = []
        self.tags: dict[str, set[str]] = {}
        self.references: list[tuple[int, str, tuple[str, ...]]] = []
        self.copies = 0
        self.refused = 0
        """How deep the refused element lies that is open, or 0."""

    def fault(self, words: str, line: int = 0) -> None:
        """Note a fault once, where it is met first."""
        if all(fault.words != words for fault in self.svg.faults):
            self.svg.faults.append(SvgFault(line or self._line(), words))
        if len(self.svg.faults) >= MAX_FAULTS:
            raise _TooMuchError

    def _line(self) -> int:
        return int(self.locator.getLineNumber() or 1) if self.locator else 1

    def setDocumentLocator(self, locator: Any) -> None:
        """Keep who knows the line."""
        self.locator = locator

    def processingInstruction(self, target: str, _data: str) -> None:
        """Nothing is processed: a style sheet could be."""
        self.fault(f"it has the instruction <?{target}?>")

    def startElementNS(self, name: tuple[str | None, str], _qname: str | None, attributes: Any) -> None:
        """Look at an element that begins."""
        self.elements += 1
        uri, tag = name
        if self.elements == 1:
            self._check_root(uri, tag, attributes)
        id_ = str(attributes.get((None, "id"), ""))
        self.open.append(id_)
        self.tags.setdefault(id_, set()).add(tag)
        self.copies += tag == "use"
        self._check_growth()
        if self.refused:
            return  # what stands in a refused element goes with it
        if uri not in (_SVG, None) or tag not in SAFE_TAGS:
            self.fault(f"it has the element <{tag}>")
            self.refused = len(self.open)
            return
        for (space, local), value in attributes.items():
            self._check_attribute(
                f"{_PREFIXES[space]}{local}" if space in _PREFIXES else f"…:{local}", str(value)
            )

    def endElementNS(self, _name: tuple[str | None, str], _qname: str | None) -> None:
        """Leave an element."""
        if self.refused == len(self.open):
            self.refused = 0
        self.open.pop()

    def characters(self, content: str) -> None:
        """Look at words."""
        if not self.refused:
            self._check_words(content)

    def _check_words(self, words: str) -> None:
        hidden = HIDDEN.search(words)
        if hidden:
            self.fault(f"it has a character that readers can't see, {code(hidden[0])}")

    def _check_growth(self) -> None:
        """Stop at the first element too many or too deep."""
        for count, most, what in (
            (self.elements, MAX_ELEMENTS, "elements"),
            (len(self.open), MAX_DEPTH, "elements in each other"),
            (self.copies, MAX_COPIES, "copies made with <use>"),
        ):
            if count > most:
                self.fault(f"it has more than {most:,} {what}")
                raise _TooMuchError

    def _check_root(self, uri: str | None, tag: str, attributes: Any) -> None:
        value = str(attributes.get((None, "viewBox"), ""))
        box = _BOX.fullmatch(value) if len(value) <= LONGEST_BOX else None
        if uri != _SVG or tag != "svg" or not box:
            self.fault("its root is not an <svg> with a viewBox of four numbers")
            raise _TooMuchError
        left, top, width, height = (float(number) for number in box.groups())
        if not (
            1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE and math.hypot(left, top) <= 10 * MAX_SIDE
        ):
            self.fault(f"its viewBox is {shown(box[0])}, not from 1 to {MAX_SIDE:,} wide and high")
            raise _TooMuchError
        self.svg.width, self.svg.height = width, height

    def _check_attribute(self, name: str, value: str) -> None:
        shape = _ATTRIBUTES.get(name)
        if shape is None and not re.fullmatch(r"data-[a-z-]+", name):
            self.fault(f"it has the attribute '{name}'")
            return
        self._check_words(value)
        if shape is None:
            return
        if not shape.fullmatch(value):
            self.fault(f"its attribute '{name}' is {shown(value)}")
            return
        target = re.search(_ID, value) if shape in (_PAINT, _PART, _LINK) else None
        if target and (shape is _LINK or "url(" in value):
            self.references.append((self._line(), target[0][1:], tuple(id_ for id_ in self.open if id_)))

    def check_references(self) -> None:
        """What a reference draws has no reference in it, or few lines could draw billions."""
        drawn = {target for _, target, _ in self.references if not self._is_gradient(target)}
        for line, target, around in self.references:
            if not self._is_gradient(target) and drawn.intersection(around):
                self.fault(f"it draws '#{target}' inside of what is drawn by reference itself", line)

    def _is_gradient(self, id_: str) -> bool:
        return self.tags.get(id_, {"?"}) <= _GRADIENTS
