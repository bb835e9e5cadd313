"""Card images: what a link looks like where somebody has shared it.

1200 by 630, in the site's own colours, lettering and line drawings: the kind, the title,
and the thread that runs through the drawing from edge to edge.  What many cards have in
common, the motif, is an SVG of its own, so that it is drawn once for all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from plugins.library.card import Card, CardLine
from plugins.library.store import Store, content_key
from plugins.library.svg import view_box
from plugins.library.text.quotes import curly
from plugins.sharing.colours import Palette
from plugins.sharing.lettering import Lettering
from plugins.sharing.raster import MARGIN, card_key

WIDTH, HEIGHT = 1200, 630
THREAD_AT = 520
ROUND_THE_DRAWING = 12
"""Pixels around a drawing that are drawn with it; there the thread runs straight."""
DRAWING_HEIGHTS = (230, 320)
"""Least and most; a short title leaves room for a larger drawing."""
TITLE_SIZES = (92, 80, 68, 58, 50)
"""Sizes tried for a title, largest first, with the most lines that each leaves room for below."""
MOST_LINES = (1, 2, 3, 3, 4)


@dataclass(frozen=True)
class Drawing:
    """What a card shows beside words, as SVG: ``box`` is (left, top, right, bottom) of all of it.

    Left and right of that the thread runs on to the edges of the card.
    """

    body: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class CardMaker:
    """Draws cards: ``drawings`` is the folder of the theme's line drawings, ``site`` the name of the site.

    ``keeper`` keeps how titles are broken into lines.
    """

    site: str
    palette: Palette
    drawings: Path
    title_face: Lettering
    keeper: Store = field(default_factory=lambda: Store(None))

    def card(self, title: str, kind: str, drawing_names: tuple[str, ...]) -> Card:
        """Return the card of a page; ``kind`` stands above the title and may be empty."""
        title = curly(title)
        sentence = title if title.endswith(("?", "!", ".", "…")) else f"{title}."
        alt = f"{kind}: {sentence} {self.site}" if kind else f"{sentence} {self.site}"
        kind = self.title_face.written(kind)
        written = self.title_face.written(title)
        size, lines = self.keeper.get(
            content_key(self.title_face.weight, written), lambda: self._fit(written)
        )
        first = (96 if kind else 60) + size * 1.08 + 8
        last = first + (len(lines) - 1) * size * 1.14
        words = self._words(kind, lines, size, first)
        return self._card(self._drawing(drawing_names, THREAD_AT - last), words, alt)

    def neutral_card(self) -> Card:
        """Return the card of pages about safety: the site's name, and nothing else."""
        words = [CardLine(300, 92, "Semibold", self.palette.ink, self.title_face.written(self.site))]
        return self._card(self._plain_thread(), words, self.site, signed=False)

    def _card(self, drawing: Drawing, words: list[CardLine], alt: str, *, signed: bool = True) -> Card:
        """Return a card; its file name holds the hash of everything that went into the picture.

        Its motif is no more than the drawing and what is around it: see :func:`draw_motif`.
        """
        left, top, right, bottom = drawing.box
        width, height = right - left, bottom - top
        motif = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="{left} {top} {width} {height}">'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{self.palette.paper}"/>'
            f"{drawing.body}</svg>"
        )
        site = self.title_face.written(self.site)
        signature = [CardLine(588, 32, "Semibold", self.palette.accent, site)] if signed and site else []
        lines = (*words, *signature)
        motif = self._motifs.setdefault(motif, motif)  # one for all that have it, of some 20,000 letters
        return Card(motif, lines, alt, f"card.{card_key(motif, lines)}.png", WIDTH, HEIGHT)

    def _words(self, kind: str, lines: list[str], size: float, first: float) -> list[CardLine]:
        label = [CardLine(96, 34, "Regular", self.palette.soft, kind)] if kind else []
        return label + [
            CardLine(first + number * size * 1.14, size, "Semibold", self.palette.ink, line)
            for number, line in enumerate(lines)
        ]

    def _fit(self, title: str) -> tuple[int, list[str]]:
        room = WIDTH - 2 * MARGIN
        for size, most in zip(TITLE_SIZES, MOST_LINES, strict=True):
            lines = self.title_face.lines(title, size, room)
            widest = max((self.title_face.width(line, size) for line in lines), default=0)
            if len(lines) <= most and widest <= room:
                return size, lines
        return min(size, int(size * room / widest)), lines

    def _plain_thread(self) -> Drawing:
        path = f'<path stroke="{self.palette.accent}" stroke-width="5" d="M0 {THREAD_AT}H{WIDTH}"/>'
        return Drawing(f'<g fill="none">{path}</g>', (0, THREAD_AT - 10, 10, THREAD_AT + 10))

    def _drawing(self, names: tuple[str, ...], room: float) -> Drawing:
        """Return the first drawing there is of ``names``, its thread drawn on to both edges of the card.

        ``room`` is the height between the title and the thread.
        In every drawing of the theme the thread enters and leaves 20 units above the foot.
        """
        path = next((found for name in names if (found := self.drawings / f"{name}.svg").is_file()), None)
        if path is None:
            return self._plain_thread()
        width, height, body = self._read(path)
        least, most = DRAWING_HEIGHTS
        scale = min(max(room, least), most) / height
        left, top = WIDTH - MARGIN - width * scale, THREAD_AT - (height - 20) * scale
        right, bottom = left + width * scale, top + height * scale
        ends = f"M0 {THREAD_AT}H{left:g}M{right:g} {THREAD_AT}H{WIDTH}"
        more = ROUND_THE_DRAWING
        box = (int(left) - more, int(top) - more, int(right) + more, min(int(bottom) + more, HEIGHT))
        body = (
            f'<g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke-width="{5 / scale:g}" '
            f'transform="translate({left:g} {top:g}) scale({scale:g})">{body}</g>'
            f'<path fill="none" stroke="{self.palette.accent}" stroke-width="5" d="{ends}"/>'
        )
        return Drawing(body, box)

    def _read(self, path: Path) -> tuple[float, float, str]:
        """Return width, height and the inside of a drawing, in the colours of the palette; read once."""
        if path not in self._drawings:
            text = path.read_text(encoding="utf-8")
            body = re.sub(r"^.*?<svg[^>]*>|</svg>.*$", "", text, flags=re.S)
            body = re.sub(r"\s+", " ", body).strip()
            for name, colour in (("ink", self.palette.ink), ("thread", self.palette.accent)):
                body = re.sub(rf'class="{name}" stroke="[^"]*"', f'stroke="{colour}"', body)
            self._drawings[path] = (*view_box(text), body)
        return self._drawings[path]

    @cached_property
    def _drawings(self) -> dict[Path, tuple[float, float, str]]:
        return {}

    @cached_property
    def _motifs(self) -> dict[str, str]:
        return {}
