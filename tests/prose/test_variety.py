"""The library as a whole keeps some variety: what is charming once is a tic on every page."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from plugins.library.text.reading import Reader
from publish import prose
from tests.conftest import ROOT
from tests.prose.test_prose import PAGES

BODIES = {page.entry.slug: page.entry.body for page in PAGES}
TITLES = {page.entry.slug: f"{page.entry.title} {page.entry.front.summary}" for page in PAGES}
WORDS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
OBSTACLES = [page for page in PAGES if page.entry.kind.name == "obstacle"]
STRATEGIES = [page for page in PAGES if page.entry.kind.name == "strategy"]

# What it is, how to find it, and on how many pages in a hundred it may stand.  Each of the first three
# was on one page in six, and ", though" on two in five, when somebody first read all pages in a row.
TICS = {
    "tea, mugs and kettles": (r"\b(?:tea|mugs?|kettles?)\b", 6),
    "sinks and dishes": (r"\b(?:sinks?|washing-up|dishes|dishwashers?)\b", 6),
    "buses": (r"\bbus(?:es)?\b", 6),
    "sofas": (r"\bsofas?\b", 12),
    "soup": (r"\bsoup\b", 12),
    "tails with ', though'": (r", though\b", 12),
}
EITHER_OR = re.compile(r'"[^"\n]*\b[Oo]r\b[^".!?\n]*\?[^"\n]*"')
"""An offer with two ends, as in "Comfort, or ideas?"."""

HOUSEHOLDS = (
    {"Ines", "Marek", "Ewa", "Leo"},
    {"Grace", "Hana", "Esther", "Kofi"},
    {"Priya", "Omar", "Sam"},
)
PEOPLE_ONCE = 40
"""So many people may have a name and a single page; a reader can't get to know more than a few."""
NO_PEOPLE = {
    *calendar.day_name,
    *calendar.month_name,
    *{
        "American",
        "Bergen",
        "Canada",
        "Europe",
        "Germany",
        "Japan",
        "Lago",
        "Manila",
        "State",
        "United",
        "Vienna",
    },
    *{"Chromium", "Common", "Domestic", "Firefox", "Hotline", "Linux", "Safari", "Thread", "Violence"},
    *{"Auntie", "Dad", "Gran", "Grandad", "Grandma", "Mum", "Uncle", "You"},
}
"""Other words with a capital, without the "s" of a plural."""
_MID_SENTENCE = re.compile(r"(?<=[a-z,;:] )[A-Z][a-zà-ÿ]+")
_CITATION = re.compile(r"\[@([\w-]+)\]")
_FIGURE = re.compile(r"\d{2,}")
_NUMBERED = re.compile(r"^##+ (?:Step )?(\d+)\. ", re.M)
_TOTAL = re.compile(
    r"\b(?:[7-9]|\d{2,}|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six)ty(?:-\w+)?) "
    r"(?:short |quick |small )?"
    r"(?:strategies|obstacles|benefits|guides|talks|questions|answers|lines|sources|sub-steps)\b",
    re.I,
)
"""How much there is of something that editors add to: a page that names it is wrong after the next one."""


def share(pattern: str) -> float:
    """Return on how many pages in a hundred a pattern stands."""
    return 100 * sum(bool(re.search(pattern, body, re.I)) for body in BODIES.values()) / len(BODIES)


def people_on_one_page() -> set[str]:
    """Return the names that stand in the middle of a sentence, on one page only."""
    where: dict[str, set[str]] = defaultdict(set)
    for slug, body in BODIES.items():
        for name in _MID_SENTENCE.findall(body):
            where[name].add(slug)
    return {name for name, slugs in where.items() if len(slugs) == 1 and name.rstrip("s") not in NO_PEOPLE}


def figures(body: str) -> Iterator[str]:
    """Yield the id of each study that a text gives a figure of.

    The next that is cited after it, in its paragraph.
    """
    for paragraph in re.split(r"\n\s*\n", body):
        found = list(_CITATION.finditer(paragraph))
        plain = re.sub(r"\[\[[^\]]*\]\]|\[@[^\]]*\]", lambda match: " " * len(match[0]), paragraph)
        for figure in _FIGURE.finditer(plain):
            later = [match[1] for match in found if match.start() > figure.start()]
            if later:
                yield later[0]


def section(page: prose.Page, heading: str) -> str:
    """Return a section of a page as Markdown, or nothing."""
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page.entry.body, re.M | re.S)
    return found[1].strip() if found else ""


@pytest.mark.parametrize("tic", TICS)
def test_no_prop_is_on_every_page(tic: str) -> None:
    """Tea, sinks, buses and the like, and the tails of sentences, stand on a few pages only."""
    pattern, limit = TICS[tic]
    assert share(pattern) <= limit


def test_few_offers_have_two_ends() -> None:
    """At most one page in eight has a line to say of the kind "this, or that?"."""
    having = [slug for slug, body in BODIES.items() if EITHER_OR.search(body)]
    assert len(having) <= len(BODIES) / 8, having


def test_people_come_back() -> None:
    """Each household is met on a dozen pages, each of its people on more than one; few others have a name."""
    for household in HOUSEHOLDS:
        pages = {
            name: {slug for slug, body in BODIES.items() if re.search(rf"\b{name}\b", body)}
            for name in household
        }
        assert {name for name, slugs in pages.items() if len(slugs) < 2} == set()
        assert len(set().union(*pages.values())) >= 12
    once = people_on_one_page()
    assert len(once) < PEOPLE_ONCE, sorted(once)


def test_no_page_names_a_total() -> None:
    """Neither a text, nor a summary, nor a quiz says how many lines, questions or strategies there are."""
    texts = {page.entry.slug: f"{page.entry.front.summary}\n{page.entry.body}" for page in PAGES}
    for path in sorted((ROOT / "content/quizzes").glob("*.yaml")):
        texts[path.stem] = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
    assert {slug: found for slug, text in texts.items() if (found := _TOTAL.findall(text))} == {}


def test_a_title_counts_what_stands_below_it() -> None:
    """Seven habits are numbered up to seven, and the guide to the signs has a sign more when there is one."""
    signs = sum(page.entry.kind.name == "sign" for page in PAGES)
    assert f"the {WORDS[signs]} signs" in TITLES["the-six-signs"].lower()
    numbered = {slug: [int(one) for one in _NUMBERED.findall(body)] for slug, body in BODIES.items()}
    steps = {slug: numbers for slug, numbers in numbered.items() if numbers}
    assert len(steps) > 1
    for slug, numbers in steps.items():
        assert numbers == list(range(1, len(numbers) + 1)), slug
        assert re.search(rf"\b{WORDS[len(numbers)]}\b", TITLES[slug], re.I), slug


def test_a_study_is_told_once() -> None:
    """The figures of a study stand on one page; elsewhere it has half a sentence and its number."""
    where: dict[str, set[str]] = defaultdict(set)
    for slug, body in BODIES.items():
        for study in figures(body):
            where[study].add(slug)
    assert {study: slugs for study, slugs in where.items() if len(slugs) > 1} == {}


def test_studies_take_little_room() -> None:
    """Sentences with a source in them are at most a tenth of all words."""
    cited = total = 0
    for body in BODIES.values():
        for line in body.split("\n"):
            for sentence in re.split(r"(?<=[.!?]) ", line):
                count = len(_CITATION.sub("", sentence).split())
                total += count
                cited += count * bool(_CITATION.search(sentence))
    assert cited / total <= 0.1


def test_pages_use_words_of_their_own() -> None:
    """Runs of seven words that stand on two pages are fewer than one for five pages.

    What pages about danger say is the same on purpose, and so is what pages about the site say of it.
    """
    where: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for page in PAGES:
        if page.entry.kind.name == "page" or page.entry.front.safety:
            continue
        for part in re.split(r"\n|\[\[[^\]|]*\]\]", _CITATION.sub("", page.entry.body)):
            words = re.findall(r"[\w']+", re.sub(r"\[\[[^\]|]*\|", "", part).lower())
            for start in range(len(words) - 6):
                where[tuple(words[start : start + 7])].add(page.entry.slug)
    shared = {" ".join(run): slugs for run, slugs in where.items() if len(slugs) > 1}
    assert len(shared) < len(PAGES) / 5, shared


@pytest.mark.parametrize("page", STRATEGIES, ids=lambda page: page.entry.slug)
def test_a_strategy_says_first_what_it_is(page: prose.Page) -> None:
    """Its first sentence says what it is, with no scene, no person and nobody speaking."""
    first = re.split(r"(?<=[.!?]) |\n", section(page, "What it is"))[0]
    assert re.search(r"\b(?:is|are|means)\b", first), first
    assert not set(re.findall(r"\w+", first)) & set().union(*HOUSEHOLDS), first
    assert not first.startswith('"'), first


@pytest.mark.parametrize("page", STRATEGIES, ids=lambda page: page.entry.slug)
def test_research_reads_easily(page: prose.Page) -> None:
    """What the research says is at grade 8 at most."""
    assert prose.grade(prose.plain_text(Reader().read(section(page, "What the research says")), {})) <= 8


@pytest.mark.parametrize(("words", "limit"), [("doctor", 1 / 2), ("low mood", 1 / 3)])
def test_obstacles_do_not_close_alike(words: str, limit: float) -> None:
    """The doctor closes half of them at most, low mood a third; all still lead to the safety guide."""
    closing = {page.entry.slug: section(page, "When it is something else") for page in OBSTACLES}
    assert sum(words in text for text in closing.values()) <= limit * len(closing)
    assert [slug for slug, text in closing.items() if "[[when-it-does-not-feel-safe" not in text] == []
