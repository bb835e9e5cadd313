"""Each kind of page fits its content."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from bs4 import BeautifulSoup

from plugins.assets.fonts import CHARACTERS, cut
from plugins.common_thread.kinds.strategy import StrategyFront
from plugins.library.text.as_html import to_html
from plugins.library.text.document import Renderer, embedded
from plugins.library.text.reading import Reader
from plugins.library.text.tree import text_of
from tests.conftest import ROOT, Site


def words_of(html: str) -> list[str]:
    """Return the words of an HTML text, without what the build puts beside headings."""
    soup = BeautifulSoup(html, "html.parser")
    for extra in soup.select(".anchor"):
        extra.decompose()
    return soup.get_text(" ").split()


def test_home_says_what_this_is_and_where_to_start(site: Site) -> None:
    """Heading, one sentence, and the three doors come before anything else.

    The safety guide is one of the first links.
    """
    home = site.soup("/")
    hero = home.select_one(".home__hero")
    assert hero is not None
    assert hero.h1 is not None
    assert len(hero.select(".home__lede")) == 1
    assert [link["href"] for link in hero.select("a")] == [
        "/quizzes/signs-of-connection/",
        "/finder/",
        "#guides",
        "/guides/when-it-does-not-feel-safe/",
    ]
    assert {"in-the-way", "guides"} <= {str(tag["id"]) for tag in home.select("[id]")}


def test_steps_are_the_numbered_headings() -> None:
    """Numbered headings of both levels can be ticked off, each at the end of its own text; others can't."""
    body = "## 1. One\n\na\n\n## Two\n\n### 1. In two\n\nb\n\n### Rest\n\nc\n\n## Step 3. Three\n\nd\n"
    document = Renderer().render("x", Reader().read(body))
    assert [text for _, text in document.steps] == ["1. One", "1. In two", "Step 3. Three"]
    two = document.headed[1]
    assert [
        part.step[1] if part.step else "".join(text_of([node]) for node in part.nodes) for part in two.parts
    ] == [
        "1. In twob",
        "1. In two",
        "Restc",
    ]


def test_guide_has_a_table_of_contents_a_tick_for_each_step_and_neighbours(site: Site) -> None:
    """Every entry of the table leads to a heading; every step has one tick, named after it."""
    guides = site.library.of_kind("guide")
    for at, guide in enumerate(guides):
        page = site.soup(guide.url)
        toc = [str(link["href"]).removeprefix("#") for link in page.select(".toc .toc__item > a")]
        assert toc == [section.id for section in site.library.documents[guide.slug].headed]
        assert {str(tag["id"]) for tag in page.select("h2[id], h3[id]")} >= set(toc)
        ticks = [str(box["value"]) for box in page.select(".tick input[type=checkbox]")]
        assert ticks == [step for step, _ in site.library.documents[guide.slug].steps]
        turns = [link["rel"] for link in page.select(".turn a")]
        assert turns == [["prev"]] * (at > 0) + [["next"]] * (at + 1 < len(guides))


def test_obstacle_opens_with_what_it_looks_like_and_leads_to_a_first_step(site: Site) -> None:
    """What it looks like comes first, then the safety note.

    The first step stands in the section of that name.
    """
    for obstacle in site.library.of_kind("obstacle"):
        page = site.soup(obstacle.url)
        headings = [heading.get_text(" ", strip=True) for heading in page.select(".entry .prose h2")]
        assert headings[0] == "What it looks like"
        assert page.select_one("section:has(> .first-step) h2")["id"] == "a-first-step"  # type: ignore[index]
        html = str(page)
        assert (
            html.index('id="what-it-looks-like"')
            < html.index("note--safety")
            < html.index('id="why-it-happens"')
        )


def test_no_heading_stands_over_nothing(site: Site) -> None:
    """An obstacle that no guide or sign speaks of has no list of them, and no heading for it."""
    for obstacle in site.library.of_kind("obstacle"):
        assert all(part.select("a") for part in site.soup(obstacle.url).select(".also")), obstacle.slug


def test_a_page_that_is_not_there_was_never_reviewed(site: Site) -> None:
    """The 404 page has no review date; every other page has."""
    assert site.soup("/404.html").select(".reviewed") == []
    assert site.soup("/about/").select(".reviewed") != []


def test_strategies_are_grouped_by_the_sign_they_feed_most(site: Site) -> None:
    """Every strategy stands once, under its first sign, as a card with time, use and a first step."""
    page = site.soup("/strategies/")
    shown = Counter(str(link["href"]) for link in page.select(".index__group .card__link"))
    strategies = site.library.having(StrategyFront)
    assert shown == Counter(strategy.url for strategy in strategies)
    for strategy in strategies:
        card = page.select_one(f'.card:has([href="{strategy.url}"])')
        assert card is not None
        group = card.find_parent("section")
        assert group is not None
        assert group["aria-labelledby"] == f"for-{strategy.front.strengthens[0]}"
        assert strategy.front.time in card.get_text()
        assert "First step:" in card.get_text()
        helps = card.select_one(".card__helps")
        assert helps is not None
        for obstacle in site.graph.targets(strategy, "addresses"):
            assert obstacle.title.lower() in helps.get_text().lower()


def test_faq_index_holds_every_answer_whole(site: Site) -> None:
    """Each answer stands in full under its question, named by its slug, and no name is there twice."""
    page = site.soup("/faq/")
    names = Counter(str(tag["id"]) for tag in page.select("[id]"))
    assert [name for name, times in names.items() if times > 1] == []
    for answer in site.library.of_kind("faq"):
        shown = page.select_one(f"details.answer > div#{answer.slug}")
        assert shown is not None
        assert " ".join(words_of(site.library.documents[answer.slug].html)) in " ".join(words_of(str(shown)))


def test_text_shown_on_another_page_keeps_its_links() -> None:
    """Names go, and links to them lead to the page they are on."""
    body = Reader().read("1. x [1](#source-1) [y](/about/)")
    shown = '<ol>\n<li>x <a href="/faq/q/#source-1">1</a> <a href="/about/">y</a></li>\n</ol>'
    assert to_html(embedded(body.nodes, "/faq/q/")) == shown


def test_heading_font_has_every_letter_of_every_title(site: Site) -> None:
    """No heading mixes two fonts; the cut is the same bytes each time."""
    wanted = "".join(entry.title for entry in site.library.pages())
    wanted += "".join(
        text_of(section.heading)
        for document in site.library.documents.values()
        for section in document.headed
    )
    assert set(wanted) - set(CHARACTERS) - set("\xa0") == set()


def test_font_cut_is_reproducible() -> None:
    """The same font and the same letters give the same bytes."""
    from plugins.assets.fonts import _source

    source = _source().read_bytes()
    assert cut(source, "abc") == cut(source, "abc")
    assert len(cut(source, "abc")) < len(cut(source, "abcdef"))


@pytest.mark.parametrize(
    "path", sorted((ROOT / "theme" / "static" / "css").glob("*.css")), ids=lambda path: path.stem
)
def test_raw_colours_stand_in_the_tokens_only(path: object) -> None:
    """Every other style sheet takes its colours from custom properties, or black on white for paper."""
    from pathlib import Path

    text = re.sub(r"/\*.*?\*/", "", Path(str(path)).read_text(encoding="utf-8"), flags=re.S)
    if Path(str(path)).name in ("tokens.css", "tokens-contrast.css", "print.css", "quiz.css"):
        return
    assert re.findall(r"oklch\(|rgba?\(|hsla?\(|#[0-9a-f]{3,8}\b(?=[;\s,)])", text) == []
