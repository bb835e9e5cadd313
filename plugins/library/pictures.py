"""Pictures: raster ones in several sizes as AVIF and WebP, SVG ones checked for script.

What is published is always made anew from the pixels, so nothing a camera wrote into
the file (place, time, owner) goes out with it.  Results are kept under ``.cache/`` by
the hash of the file and of the recipe.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import PIL
from markupsafe import Markup as SafeText
from markupsafe import escape
from PIL import Image, ImageOps, UnidentifiedImageError

from plugins.library.cache import kept
from plugins.library.svg import MAX_BYTES as MAX_SVG_BYTES
from plugins.library.svg import Svg, SvgFault, read_svg
from plugins.library.text.tree import Element
from plugins.problems import Problems
from plugins.problems.files import read_bytes

WIDTHS = (480, 960, 1440)
"""Widths in pixels in which a raster picture comes out; the last stands for anything wider."""

FORMATS = {"avif": {"quality": 55, "speed": 6, "max_threads": 1}, "webp": {"quality": 76, "method": 6}}
MAX_BYTES = 30_000_000
MIN_SIDE, MAX_SIDE, MAX_PIXELS, MAX_PIXELS_OF_OTHERS = 16, 10_000, 24_000_000, 10_000_000
"""What a photo may measure: as much as a good camera makes, and what one build can hold in memory.

A JPEG is opened at the size that is wanted; others have to be unpacked as they are.
"""

_READABLE = ("AVIF", "JPEG", "PNG", "WEBP")
_MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr"}
SIZES = "(min-width: 42rem) 38rem, calc(100vw - 2rem)"
"""How wide a picture is shown: as wide as the column of text."""


def decode(raw: bytes) -> Image.Image:
    """Return the pixels of a photo, upright, as RGB or RGBA; raises an exception that says why not.

    All that its head says is looked at before the first pixel is made.
    """
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(raw), formats=_READABLE) as opened:
        width, height = opened.size
        most = MAX_PIXELS if opened.format == "JPEG" else MAX_PIXELS_OF_OTHERS
        if not MIN_SIDE <= min(width, height) <= max(width, height) <= MAX_SIDE or width * height > most:
            limits = f"{MIN_SIDE} to {MAX_SIDE:,} on a side and {most // 1_000_000} million in all"
            raise ValueError(f"it has {width:,} × {height:,} pixels, and {limits} can be shown")
        if getattr(opened, "is_animated", False):
            raise ValueError("it moves, and readers could not stop it")
        if opened.mode not in _MODES:
            raise ValueError(f"its colours are kept as '{opened.mode}', not in 8 bits each")
        opened.draft(None, (WIDTHS[-1], WIDTHS[-1]))
        ImageOps.exif_transpose(opened, in_place=True)
        mode = "RGBA" if opened.has_transparency_data else "RGB"
        opened.load()
        return opened if opened.mode == mode else opened.convert(mode)


@dataclass(frozen=True)
class Picture:
    """One picture as pages show it.

    ``width`` and ``height`` are its own, in pixels; ``files`` maps the path below the
    output folder to the bytes; ``sets`` maps a format to its (address, width) pairs.
    """

    width: int
    height: int
    src: str
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    sets: dict[str, list[tuple[str, int]]] = field(default_factory=dict, repr=False)

    @property
    def stated(self) -> tuple[object, ...]:
        """Return all that pages say of it."""
        return self.width, self.height, self.src, self.sets

    def html(self, alt: str, lazy: bool = True) -> SafeText:
        """Return the picture with its size, so that nothing moves when it comes.

        ``lazy`` for below the fold.
        """
        sources = SafeText("").join(
            SafeText('<source type="image/{}" srcset="{}" sizes="{}">').format(kind, srcset(found), SIZES)
            for kind, found in self.sets.items()
        )
        wait = SafeText(' loading="lazy"') if lazy else ""
        return SafeText(
            '<picture>{}<img src="{}" alt="{}" width="{}" height="{}"{} decoding="async"></picture>'
        ).format(sources, self.src, escape(alt), self.width, self.height, wait)


def srcset(found: list[tuple[str, int]]) -> str:
    """Return (address, width) pairs as a ``srcset``."""
    return ", ".join(f"{address} {width}w" for address, width in found)


@dataclass
class Shelf:
    """Every picture of the library, made ready when it is first asked for.

    ``paths`` maps names (``images/kettle.jpg``) to files, ``base`` is put before addresses.
    """

    paths: dict[str, Path]
    cache: Path
    base: str
    problems: Problems
    made: dict[str, Picture | None] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Picture:
        """Return a picture; raises KeyError for one that does not exist or cannot be shown."""
        picture = self.find(name)
        if picture is None:
            raise KeyError(name)
        return picture

    def find(self, name: str) -> Picture | None:
        """Return a picture, or None after noting what is wrong with its file."""
        if name not in self.made:
            path = self.paths.get(name)
            make = self._drawing if name.endswith(".svg") else self._photo
            self.made[name] = make(name, path) if path else None
        return self.made[name]

    def _drawing(self, name: str, path: Path) -> Picture | None:
        raw = read_bytes(path, f"content/{name}", self.problems, MAX_SVG_BYTES)
        if raw is None:
            return None
        try:
            svg = read_svg(raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            svg = Svg([SvgFault(1, f"byte 0x{raw[error.start]:02x} is not UTF-8")])
        for line, words in svg.faults:
            self.problems.add(
                f"content/{name}", line, "svg", f"{words}.", "Save it as plain SVG: shapes only."
            )
        if svg.faults:
            return None
        return Picture(round(svg.width), round(svg.height), f"{self.base}/{name}", {name: raw})

    def _photo(self, name: str, path: Path) -> Picture | None:
        raw = read_bytes(path, f"content/{name}", self.problems, MAX_BYTES)
        if raw is None:
            return None
        try:
            image = decode(raw)
        except UnidentifiedImageError:
            self.problems.add(
                f"content/{name}",
                1,
                "picture",
                "this is no picture.",
                f"Save it as {' or '.join(_READABLE)}.",
            )
            return None
        except Exception as error:  # decoders raise whatever they like over bytes that others chose
            self.problems.add(
                f"content/{name}", 1, "picture", f"the picture can't be shown: {error}.", "Save it anew."
            )
            return None
        digest = hashlib.sha256(raw).hexdigest()[:10]
        files: dict[str, bytes] = {}
        sets: dict[str, list[tuple[str, int]]] = {kind: [] for kind in FORMATS}
        widths = sorted({min(width, image.width) for width in WIDTHS})
        for kind in FORMATS:
            for width in widths:
                target = f"{Path(name).with_suffix('')}.{digest}-{width}.{kind}"
                files[target] = self._encoded(raw, image, width, kind)
                sets[kind].append((f"{self.base}/{target}", width))
        middle = sets["webp"][min(1, len(widths) - 1)][0]
        return Picture(image.width, image.height, middle, files, sets)

    def _encoded(self, raw: bytes, image: Image.Image, width: int, kind: str) -> bytes:
        recipe = f"{width} {kind} {FORMATS[kind]} {PIL.__version__}".encode()

        def encode() -> bytes:
            height = max(1, round(image.height * width / image.width))
            result = io.BytesIO()
            image.resize((width, height), Image.Resampling.LANCZOS).save(
                result, kind.upper(), **FORMATS[kind]
            )
            return result.getvalue()

        return kept(self.cache / hashlib.sha256(raw + recipe).hexdigest()[:24], encode)


def dressed(img: Element, picture: Picture) -> Element:
    """Return a picture of a text with its size, its other formats, and time to load."""
    sources = tuple(
        Element("source", (("type", f"image/{kind}"), ("srcset", srcset(pairs)), ("sizes", SIZES)))
        for kind, pairs in picture.sets.items()
    )
    shown = img.having(
        src=picture.src,
        width=str(picture.width),
        height=str(picture.height),
        loading="lazy",
        decoding="async",
    )
    return Element("picture", (), (*sources, shown))
