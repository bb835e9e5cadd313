"""The lettering of pictures: one font from a package, never the machine's own.

Source Serif Pro (SIL Open Font License 1.1) comes with the package
``font-source-serif-pro``; widths are read from the font, so that lines break in the
same place on every machine.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from PIL import ImageFont

PACKAGE = "font_source_serif_pro"
_EM = 1000
"""Size at which widths are measured: the font's own units, so that nothing is rounded."""


def font_file(weight: str) -> Path:
    """Return the file of a weight (``Regular`` …); raises FileNotFoundError without the package."""
    spec = importlib.util.find_spec(PACKAGE)
    path = (
        Path(spec.origin).parent / "files" / f"SourceSerifPro-{weight}.ttf" if spec and spec.origin else None
    )
    if path is None or not path.is_file():
        raise FileNotFoundError(f"the package font-source-serif-pro has no weight '{weight}'")
    return path


def _is_pictogram(letter: str) -> bool:
    """Tell whether a character is a symbol, or one that only changes the symbol before it."""
    return unicodedata.category(letter) in ("So", "Sk", "Cf", "Mn") and not unicodedata.combining(letter)


@dataclass(frozen=True)
class Lettering:
    """One weight of the font, and how wide words are in it."""

    weight: str

    @cached_property
    def _letters(self) -> frozenset[int]:
        from fontTools.ttLib import TTFont  # only for lines that are not kept yet

        with TTFont(font_file(self.weight), lazy=True) as font:
            return frozenset(font.getBestCmap())

    @cached_property
    def _lengths(self) -> dict[str, float]:
        return {}

    @cached_property
    def _ruler(self) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(font_file(self.weight), _EM, layout_engine=ImageFont.Layout.BASIC)

    def width(self, text: str, size: float) -> float:
        """Return the width of ``text`` at ``size``, in the unit of ``size``."""
        if text not in self._lengths:
            self._lengths[text] = self._ruler.getlength(text)
        return self._lengths[text] * size / _EM

    def written(self, text: str) -> str:
        """Return ``text`` as this font writes it: without pictograms, or not at all if letters are missing.

        No line of empty boxes is ever drawn: what is left says the same in words, or there are none.
        """
        letters = self._letters
        composed = unicodedata.normalize("NFC", text)
        words = "".join(letter for letter in composed if ord(letter) in letters or not _is_pictogram(letter))
        words = " ".join(words.split())
        return words if all(ord(letter) in letters for letter in words) else ""

    def lines(self, text: str, size: float, room: float) -> list[str]:
        """Break ``text`` into lines no wider than ``room``, as even as the fewest lines allow."""
        fewest = self._fill(text.split(), size, room)
        low, high = room / 2, room
        while high - low > 4:
            middle = (low + high) / 2
            lines = self._fill(text.split(), size, middle)
            fits = len(lines) <= len(fewest) and all(self.width(line, size) <= middle for line in lines)
            low, high = (low, middle) if fits else (middle, high)
        return self._fill(text.split(), size, high)

    def _fill(self, words: list[str], size: float, room: float) -> list[str]:
        lines: list[str] = []
        for word in words:
            if lines and self.width(f"{lines[-1]} {word}", size) <= room:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines
