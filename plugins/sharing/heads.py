"""What pages say about themselves to those who link to them: title, description, card.

A careful page says its neutral title only, and no two pages say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from plugins.library.card import Card
from plugins.library.code import code_of
from plugins.library.holding import Wanted, held_or_made
from plugins.library.natures import Former, Held
from plugins.library.pages import Frame, Page, Share
from plugins.library.store import Store, store
from plugins.problems import Problems, shown
from plugins.sharing.cards import CardMaker
from plugins.sharing.colours import theme_palette
from plugins.sharing.embedding import frame_code, oembed_url
from plugins.sharing.lettering import Lettering
from plugins.sharing.links import ShareLink, fill_links
from plugins.sharing.qr import qr_name, qr_svg
from plugins.sharing.raster import render_card


@dataclass(frozen=True)
class Sharing:
    """Gives pages what they are shared with; ``origin`` is the site's address without a slash at the end."""

    maker: CardMaker
    links: Sequence[ShareLink]
    origin: str
    cache: Path

    def dressed(self, page: Page) -> Page:
        """Return the page with its card, its share links and its QR code."""
        places = fill_links(self.links, page.title, self.origin + page.url)
        code = f"/assets/{qr_name(self.origin + page.url)}"
        framed = (frame_code(page, self.origin), oembed_url(page)) if page.framed_at else ()
        share = Share(tuple((place.name, place.url) for place in places), code, *framed)
        return replace(page, card=self.card(page), share=share)

    def card(self, page: Page) -> Card:
        """Return the card of a page; a careful page has the neutral one."""
        if page.careful or (page.robots and page.entry):
            return self.maker.neutral_card()
        return self.maker.card(
            page.name or page.title, page.label if page.og_type == "article" else "", page.drawings
        )

    def files(
        self, pages: Iterable[Page], former: Former | None = None
    ) -> Iterator[tuple[str, bytes | Held]]:
        """Yield (name, content) of every card and QR code, below the output folder; all are planned now.

        What ``former`` holds is not read.
        """
        self.maker.keeper.close()
        pages = [*pages]
        cards = {page.card.name: page.card for page in pages if page.card}
        # Those on one motif stand side by side, so that few processes draw the same one.
        in_order = sorted(cards.values(), key=lambda card: (card.motif, card.name))
        drawn = [(card.name, partial(render_card, card, self.cache / "cards")) for card in in_order]
        addresses = [self.origin + page.url for page in pages if page.card and not page.careful]
        codes = [(qr_name(address), partial(qr_svg, address)) for address in addresses]
        kept, code = self.cache / "kept", code_of(render_card, qr_svg)
        with (
            store(kept / "shared.sqlite", code) as known,
            store(kept / "shared-hashes.sqlite", code, at_hand=True) as hashes,
        ):

            def make(files: Sequence[Wanted]) -> list[bytes]:
                return known.get_all([(file.key, file.alone) for file in files])

            for files in (drawn, codes):
                wanted = [Wanted(f"assets/{name}", name.encode(), alone) for name, alone in files]
                yield from held_or_made(wanted, make, hashes, former)


def open_sharing(frame: Frame, static: Path, links: Sequence[ShareLink], cache: Path) -> Sharing:
    """Return what pages of a site are shared with; ``static`` holds the files of its theme."""
    drawings = static / "img" / "illustrations"
    titles = Store(cache / "kept" / "titles.sqlite", code_of(CardMaker), at_hand=True)
    maker = CardMaker(frame.site, theme_palette(static), drawings, Lettering("Semibold"), titles)
    return Sharing(maker, links, frame.origin, cache)


def check_heads(pages: Iterable[Page], problems: Problems) -> None:
    """Note pages that could not be told apart where they are shared."""
    for what in ("title", "description"):
        first: dict[str, Page] = {}
        for page in pages:
            words = getattr(page, what)
            other = first.setdefault(words, page)
            if other is not page:
                message = f"the {what} {shown(words)} of {page.url} stands on {other.url} too."
                problems.add(page.source, 1, "head", message, "Give each page its own.")
