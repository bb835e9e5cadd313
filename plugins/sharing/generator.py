"""Writes the card images and QR codes of the pages that have been written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pelican.generators import Generator

from plugins.sharing.cards import CardMaker
from plugins.sharing.colours import read_palette
from plugins.sharing.heads import Sharing
from plugins.sharing.lettering import Lettering, font_file
from plugins.sharing.raster import render_png


class SharingGenerator(Generator):  # type: ignore[misc]
    """Puts ``sharing`` in the context; stands after every generator that writes pages."""

    sharing: Sharing

    def generate_context(self) -> None:
        """Make what templates need to say how a page is shared."""
        static = Path(self.settings["THEME"], "static")
        palette = read_palette((static / "css" / "tokens.css").read_text(encoding="utf-8"))
        maker = CardMaker(self.settings["SITENAME"], palette, static / "img" / "illustrations", Lettering("Semibold"))
        settings = self.settings
        cache = Path(settings["PATH"]).parent / ".cache"
        self.sharing = Sharing(self.context["library"], maker, settings["SITE_ORIGIN"], settings["DEFAULT_LANG"], cache)
        self.context["sharing"] = self.sharing

    def generate_output(self, _writer: Any) -> None:
        """Write the card and the QR code of every page, and check that no two pages look alike when shared."""
        folder = Path(self.output_path, "assets")
        folder.mkdir(parents=True, exist_ok=True)
        fonts = [font_file("Regular"), font_file("Semibold")]
        for card in dict.fromkeys(head.card for head in self.sharing.heads.values()):
            (folder / card.name).write_bytes(render_png(card.svg, self.sharing.cache / "cards", fonts))
        for code in self.sharing.codes.values():
            (folder / code.name).write_bytes(code.svg)
        self.sharing.check(self.context["problems"])
