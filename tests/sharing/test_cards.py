"""Card images: what they show, and that the same words always make the same bytes."""

from __future__ import annotations

import io
import re
import struct
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from plugins.library.cache import kept
from plugins.sharing.cards import HEIGHT, TITLE_SIZES, WIDTH, CardMaker
from plugins.sharing.colours import Palette, oklch_to_hex, read_palette
from plugins.sharing.lettering import Lettering, font_file
from plugins.sharing.raster import MARGIN, draw_motif, picture_key, render_card, render_png
from tests.conftest import ROOT, Site, content_of

DRAWINGS = ROOT / "theme" / "static" / "img" / "illustrations"
FACE = Lettering("Semibold")


@pytest.fixture(scope="module")
def maker() -> CardMaker:
    """Return a maker of cards in made-up colours."""
    palette = Palette(paper="#fffaf0", ink="#222233", soft="#555566", accent="#aa3322", night="#111122")
    return CardMaker("Common Thread", palette, DRAWINGS, FACE)


def size_of(png: bytes) -> tuple[int, ...]:
    """Return width and height from the header of a PNG."""
    return struct.unpack(">II", png[16:24])


def test_every_page_has_a_card_of_its_size(site: Site) -> None:
    """The picture each page names exists and is 1200 by 630."""
    pages = [path for path in sorted(site.output.rglob("index.html")) if path.parent.name != "embed"]
    assert len(pages) > 90
    for page in pages:
        soup = site.about("/" + page.relative_to(site.output).as_posix().removesuffix("index.html"))
        tag = soup.find("meta", property="og:image")
        if tag is None and soup.find("meta", attrs={"name": "robots"}):
            continue
        assert tag is not None, page
        png = site.output / content_of(soup, "meta[property='og:image']").removeprefix(
            "https://common-thread.example/"
        )
        assert size_of(png.read_bytes()) == (WIDTH, HEIGHT), page


def test_a_safety_page_has_the_neutral_card(site: Site, maker: CardMaker) -> None:
    """All safety pages share one picture, which names the site and nothing else."""
    safe = [entry for entry in site.library.entries.values() if entry.front.safety]
    assert len(safe) >= 3
    cards = {content_of(site.about(entry.url), "meta[property='og:image']") for entry in safe}
    alts = {content_of(site.about(entry.url), "meta[property='og:image:alt']") for entry in safe}
    assert len(cards) == 1
    assert alts == {"Common Thread"}
    assert [line.words for line in maker.neutral_card().lines] == ["Common Thread"]


def test_the_same_words_make_the_same_bytes(maker: CardMaker, tmp_path: Path) -> None:
    """Two renderings, with no cache in common, are equal to the byte."""
    card = maker.card("Listen to understand", "Strategy", ("strategy",))
    first = render_card(card, tmp_path / "one")
    second = render_card(card, tmp_path / "two")
    assert first == second
    assert maker.card("Listen to understand", "Strategy", ("strategy",)).name == card.name


def test_a_motif_is_drawn_once(maker: CardMaker, tmp_path: Path) -> None:
    """What lies in the cache under the hash of the drawing is taken as it is."""
    trust, hope = (maker.card(title, "Sign", ("trust",)) for title in ("Trust", "Hope"))
    kept(
        tmp_path / picture_key(trust.motif), lambda: render_png(hope.motif.replace("5", "9"), tmp_path / "x")
    )
    assert render_card(trust, tmp_path) != render_card(trust, tmp_path / "another")


def test_what_cards_have_in_common_is_drawn_once(maker: CardMaker, tmp_path: Path) -> None:
    """Two titles of as many lines of one size share their motif, and are two pictures."""
    trust, hope = (maker.card(title, "Sign", ("trust",)) for title in ("Trust", "Hope"))
    assert trust.motif == hope.motif
    assert trust.name != hope.name
    assert render_card(trust, tmp_path) != render_card(hope, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "title", ["Trust", "A title of so many words that it wants three lines, or even four"]
)
@pytest.mark.parametrize("drawing", ["strategy", "trust", "map", "none of these"])
def test_a_motif_is_the_same_drawn_in_part_or_whole(
    maker: CardMaker, tmp_path: Path, drawing: str, title: str
) -> None:
    """All of a drawing lies in the part that is drawn, and the thread runs on from there to both edges."""
    motif = maker.card(title, "Sign", (drawing,)).motif
    whole = re.sub(
        r'width="\d+" height="\d+" viewBox="[^"]*"',
        f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"', motif, count=1,
    )  # fmt: skip
    with Image.open(io.BytesIO(render_png(whole, tmp_path))) as opened:
        difference = ImageChops.difference(
            opened.convert("RGB"), draw_motif(motif, (WIDTH, HEIGHT), tmp_path)
        )
    # The renderer rounds edges a little otherwise where the corner lies elsewhere.
    assert difference.convert("L").point(lambda value: 255 if value > 40 else 0).getbbox() is None


def test_a_cut_off_picture_is_drawn_again(maker: CardMaker, tmp_path: Path) -> None:
    """A build that was stopped while it wrote leaves no broken card behind."""
    card = maker.card("Trust", "Sign", ("trust",))
    png = render_card(card, tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:500])
    assert render_card(card, tmp_path) == png


def test_the_letters_are_where_they_belong(maker: CardMaker, tmp_path: Path) -> None:
    """The words stand above the thread and inside the margins, and nothing else of the motif has changed."""
    card = maker.card("Trust", "Sign", ())
    with Image.open(io.BytesIO(render_card(card, tmp_path))) as opened:
        drawn = opened.convert("RGB")
    bare = draw_motif(card.motif, (WIDTH, HEIGHT), tmp_path)
    # Anti-aliased edges may be off by a shade; letters are off by far more.
    far_off = ImageChops.difference(drawn, bare).convert("L").point(lambda value: 255 if value > 24 else 0)
    changed = far_off.getbbox()
    assert changed is not None
    left, top, right, bottom = changed
    assert MARGIN - 2 <= left < right <= WIDTH - MARGIN
    assert 60 < top < bottom < HEIGHT - 30


def test_every_title_of_the_library_fits(site: Site, maker: CardMaker) -> None:
    """No title runs out of the card or into the drawing."""
    for entry in site.library.pages():
        size, lines = maker._fit(entry.title)
        assert size in TITLE_SIZES
        assert len(lines) <= 3
        assert all(FACE.width(line, size) <= WIDTH - 2 * MARGIN for line in lines), entry.title


def test_words_in_a_title_are_only_words(maker: CardMaker) -> None:
    """Markup in a title is shown as text, and its quotation marks are curly."""
    card = maker.card('Say "no" & <b>go</b>', "Guide", ("guide",))
    assert "Say “no” & <b>go</b>" in [line.words for line in card.lines]


@pytest.mark.parametrize("title", ["אמון בין אנשים", "الثقة", "信頼", "ความเชื่อใจ", "🤝👩‍👧"])
def test_a_title_the_font_cannot_write_is_left_to_the_drawing(maker: CardMaker, title: str) -> None:
    """No empty boxes: the card shows kind, drawing and name; its words for the blind have the whole title."""
    card = maker.card(title, "Sign", ("trust",))
    assert [line.words for line in card.lines] == ["Sign", "Common Thread"]
    assert title in card.alt


@pytest.mark.parametrize("title", ["Trust 🤝 each other", "Trust each other 👍🏽", "❤️ Trust each other"])
def test_pictograms_are_left_out_of_a_title(maker: CardMaker, title: str) -> None:
    """What is left says the same in words; letters that are taken apart are put together."""
    assert maker.card(title, "Sign", ("trust",)).lines[1].words == "Trust each other"
    assert maker.card("Cafe\u0301", "Sign", ("trust",)).lines[1].words == "Café"


def test_a_word_that_is_too_long_gets_smaller(maker: CardMaker) -> None:
    """No word runs out of the card."""
    size, lines = maker._fit("W" * 60)
    assert lines == ["W" * 60]
    assert FACE.width(lines[0], size) <= WIDTH - 2 * MARGIN


def test_a_title_breaks_into_even_lines() -> None:
    """The fewest lines are kept, and none of them is left with a single short word."""
    lines = FACE.lines("Is emotional intimacy the same as physical intimacy?", 80, 1040)
    assert len(lines) == 2
    assert min(FACE.width(line, 80) for line in lines) > 600


def test_colours_come_from_the_tokens() -> None:
    """The palette is the light one of tokens.css, in sRGB; a missing token is named."""
    assert oklch_to_hex(1, 0, 0) == "#ffffff"
    assert oklch_to_hex(0.6279, 0.2577, 29.23) == "#ff0000"
    palette = read_palette((ROOT / "theme/static/css/tokens.css").read_text(encoding="utf-8"))
    assert palette.paper > palette.night
    with pytest.raises(ValueError, match="--paper"):
        read_palette(":root { --ink: light-dark(oklch(0.2 0 0), oklch(0.9 0 0)); }")


def test_a_missing_font_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever builds without the font reads which package is missing."""
    monkeypatch.setattr("plugins.sharing.lettering.PACKAGE", "no_such_font")
    with pytest.raises(FileNotFoundError, match="font-source-serif-pro"):
        font_file("Semibold")
