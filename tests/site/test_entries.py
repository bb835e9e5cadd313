"""Every content file, one by one: its page follows its pattern and shows what its front matter says."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from bs4 import BeautifulSoup

from plugins.common_thread.places import WHAT_WAS_READ
from plugins.common_thread.site import read
from plugins.problems import Problems
from publish.site_settings import site_settings
from tests.conftest import ROOT, Site, content_of

READ = read(site_settings(), Problems())
LIBRARY = READ.library
ENTRIES = sorted(LIBRARY.entries)
NOTED = ("guide", "strategy", "obstacle", "quiz", "talk", "route")


def words(text: str) -> str:
    """Return text with straight quotation marks and single spaces, for comparing."""
    for curly, straight in (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"), ("…", "...")):
        text = text.replace(curly, straight)
    return " ".join(text.split())


def test_the_library_is_complete(site: Site) -> None:
    """No kind is without an entry, and every study is cited by one of them."""
    assert [kind for kind in LIBRARY.kinds if not LIBRARY.of_kind(kind)] == []
    assert (
        set(READ.data.evidence.studies) == {study for study, by in site.graph.cited_by.items() if by} != set()
    )


def test_every_file_is_accounted_for() -> None:
    """What goes in comes out: each file below content/ is a page, data, a picture, a draft or scheduled."""
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "content").rglob("*") if path.is_file()}
    assert set(LIBRARY.accounts) == files


@pytest.mark.parametrize("slug", ENTRIES)
def test_entry_has_its_page(site: Site, slug: str) -> None:
    """Each entry has one page with one h1, a description, a canonical address and a main landmark."""
    entry = site.library.entries[slug]
    soup = site.soup(entry.url)
    assert len(soup.find_all("h1")) == 1
    assert len(soup.find_all("main")) == 1
    assert content_of(soup, "meta[name=description]")
    if slug != "404":
        assert content_of(soup, "link[rel=canonical]", "href").endswith(entry.url)


@pytest.mark.parametrize("slug", [entry.slug for entry in LIBRARY.entries.values() if entry.kind.headings])
def test_page_follows_its_pattern(site: Site, slug: str) -> None:
    """The headings of the kind's pattern stand on the page in their order."""
    entry = site.library.entries[slug]
    found = [words(heading.get_text()) for heading in site.soup(entry.url).select(".prose h2")]
    assert [heading for heading in found if heading in entry.kind.headings] == list(entry.kind.headings)


@pytest.mark.parametrize(
    "slug", [entry.slug for entry in LIBRARY.entries.values() if entry.kind.name != "page"]
)
def test_safety_note_stands_where_the_rules_say(site: Site, slug: str) -> None:
    """Guides, strategies, obstacles and hard answers carry the standard note once.

    Safety pages a way out instead.
    """
    entry = site.library.entries[slug]
    soup = site.soup(entry.url)
    wanted = entry.kind.name in NOTED or getattr(entry.front, "topic", "") in (
        "hard-times",
        "safety-and-help",
    )
    notes = [words(note.get_text()) for note in soup.select(".note--safety")]
    assert len(notes) == (wanted and not entry.front.safety), slug
    assert all("These ideas are for relationships where both people feel safe." in note for note in notes)
    if entry.front.safety:
        assert soup.title is not None
        assert entry.title not in words(soup.title.get_text())


@pytest.mark.parametrize("slug", [entry.slug for entry in LIBRARY.of_kind("strategy")])
def test_no_exercise_is_read_before_its_warnings(site: Site, slug: str) -> None:
    """A strategy's note precedes the first step, and a warning that leads to the safety guide the steps."""
    guide = site.library.entries["when-it-does-not-feel-safe"].url
    marks = (
        ".note--safety",
        ".first-step",
        "#when-not-to-do-this",
        f".prose a[href='{guide}']",
        "#how-to-do-it",
    )
    soup = site.soup(site.library.entries[slug].url)
    of_mark = {mark: soup.select(mark) for mark in marks}
    found = soup.select(", ".join(marks))
    assert [next(mark for mark in marks if tag in of_mark[mark]) for tag in found] == list(marks)


def test_safety_pages_give_nothing_away(site: Site) -> None:
    """Neither tab nor preview of a safety page shows its title."""
    safety = [entry for entry in site.library.entries.values() if entry.front.safety]
    assert {entry.slug for entry in safety} >= {"when-it-does-not-feel-safe", "afraid-of-them"}
    for entry in safety:
        soup = site.soup(entry.url)
        for meta in soup.select("title, meta[property^='og:'], meta[name^='twitter:']"):
            shown = words(meta.get_text() or str(meta.get("content", "")))
            assert entry.title.rstrip("?.") not in shown, shown


def test_the_safety_guide_leads_on_to_safety_pages_only(site: Site) -> None:
    """A reader who is afraid is not sent from the guide to closeness tips."""
    safe = {entry.url for entry in site.library.entries.values() if entry.front.safety}
    links = site.soup("/guides/when-it-does-not-feel-safe/").select(".also a[href]")
    assert links
    assert {link["href"] for link in links} <= safe


@pytest.mark.parametrize("slug", [entry.slug for entry in LIBRARY.of_kind("faq")])
def test_question_stands_on_the_index_with_a_deep_link(site: Site, slug: str) -> None:
    """Each question has an element of its own on the index page, which its address can open."""
    assert slug in ids_of(site.file("/faq/"))


@cache
def ids_of(page: Path) -> set[str]:
    """Return every id of a page."""
    return {
        str(tag["id"])
        for tag in BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").select("[id]")
    }


def test_every_relation_appears_on_both_of_its_ends(site: Site) -> None:
    """Both pages of a relation link to each other, and a reason stands on both."""
    soups = {
        entry.slug: site.soup(entry.url)
        for entry in site.library.entries.values()
        if entry.kind.name != "quiz"
    }
    missing = []
    for relation in site.graph.relations:
        ends = ((relation.source, relation.target), (relation.target, relation.source))
        for here, there in ends:
            if here.slug not in soups or (relation.type.name == "mentions"):
                continue
            main = soups[here.slug].select_one("main")
            assert main is not None
            addresses = {str(link["href"]).partition("#")[0] for link in main.select("a[href]")}
            if there.url not in addresses:
                missing.append(f"{relation.type.name}: {here.slug} has no link to {there.slug}")
            if relation.type.name == "addresses" and words(relation.because) not in words(main.get_text()):
                missing.append(f"{here.slug} does not say why: {relation.because}")
    assert missing == []


def test_mentions_come_back_in_context(site: Site) -> None:
    """A link in somebody's prose shows on the linked page with the sentence it stands in."""
    checked = 0
    for entry in site.library.entries.values():
        for mention in site.graph.backlinks(entry):
            if entry.kind.name in ("quiz", "page") or entry.front.safety:
                continue
            assert words(mention.because) in words(site.soup(entry.url).get_text())
            checked += 1
    assert checked > 20


def test_citations_are_numbered_and_lead_there_and_back(site: Site) -> None:
    """Each number in the text leads to a source, each source back to the text, and to the evidence page."""
    evidence = site.soup("/evidence/")
    for entry in site.library.of_kind("strategy"):
        soup = site.soup(entry.url)
        sources = soup.select(".sources li")
        assert [str(item["id"]) for item in sources] == [f"source-{n}" for n in range(1, len(sources) + 1)]
        assert {str(a["href"]) for a in soup.select(".cite a")} == {f"#{item['id']}" for item in sources}
        for citation in site.graph.citations[entry.slug]:
            study = evidence.select_one(f"[id='{citation.id}']")
            assert study is not None
            assert study.find("a", href=lambda href, url=entry.url: bool(href) and href.startswith(url))


def test_a_study_says_what_of_it_was_read(site: Site) -> None:
    """The evidence page says of each study whether somebody read the paper, its summary, or neither."""
    page = site.soup("/evidence/")
    told = {str(study["id"]): study.select("dd")[2].get_text() for study in page.select(".study")}
    assert told == {study.id: WHAT_WAS_READ[study.read] for study in READ.data.evidence.studies.values()}


def test_map_shows_every_reason(site: Site) -> None:
    """Each pair of strategy and obstacle has its reason on the map, and a cell that leads there."""
    soup = site.soup("/map/")
    for relation in site.graph.relations:
        if relation.type.name == "addresses":
            anchor = f"{relation.source.slug}--{relation.target.slug}"
            reason = soup.select_one(f"[id='{anchor}']")
            assert reason is not None, anchor
            assert words(relation.because) in words(reason.get_text())
            assert soup.select_one(f"table a[href='#{anchor}']") is not None


def test_library_json_keeps_to_its_schema(site: Site) -> None:
    """The export validates, holds every entry and relation, and names only entries it holds."""
    data = json.loads((site.output / "library.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, json.loads((ROOT / "docs/library.schema.json").read_text(encoding="utf-8")))
    ids = {entry["id"] for entry in data["entries"]}
    assert ids == set(site.library.entries)
    assert len(data["relations"]) == len(site.graph.relations)
    assert {end for relation in data["relations"] for end in (relation["from"], relation["to"])} <= ids
    read = {study["id"]: study.get("read") for study in data["evidence"]}
    assert read == {study.id: study.read for study in READ.data.evidence.studies.values()}


def test_index_pages_list_every_entry(site: Site) -> None:
    """The index of each kind links to each of its entries."""
    for kind in site.library.kinds.values():
        if kind.name == "page":
            continue
        links = {str(link["href"]) for link in site.soup(kind.index_url).select("main a[href]")}
        assert {entry.url for entry in site.library.of_kind(kind.name)} <= links
