"""What readers said, as files: what may stand there, and what a page shows of it."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

import brotli
import pytest

from plugins.common_thread.export import export_library
from plugins.common_thread.site import make_site, rendered
from plugins.common_thread.voices import NEXT, RULES, may_have_voices
from plugins.problems import LibraryError, Problems
from plugins.problems.yaml_data import parse_yaml
from plugins.voices.flags import flags_in
from plugins.voices.said import Voice, Voices, read_voices
from plugins.voices.shown import OPEN, VoicesView, view
from publish.deploy.nginx import HERE as ON_SERVER
from tests.conftest import ROOT, Site
from tests.hostile.bench import set_up
from tests.hostile.table import LIBRARY
from tests.site.test_budgets import first_part, rule_for, weigh

TODAY = dt.date(2026, 11, 28)
GOOD = """- id: one
  date: 2026-11-02
  name: Ana
  text:
    - We tried it after supper.
    - The first week felt silly.
- id: two
  date: 2026-10-03
  text: [It helped.]
  reply: [Thank you!]
"""
FAULTS = {
    "  text: [see www.spam.example]\n": (3, "contact"),
    "  text: [fine, 'mail ana@b.org']\n": (3, "contact"),
    "  text: [ask @ana_b about it]\n": (3, "contact"),
    "  text:\n    - fine\n    - <b>bold</b>\n": (5, "markup"),
    "  text:\n    - '[x](https://a.example)'\n": (4, "markup"),
    '  text:\n    - fine\n    - "a\u202eb"\n': (5, "hidden"),
    "  text: [a\u200bb]\n": (3, "hidden"),
    '  text: ["a\\u202Eb"]\n': (3, "hidden"),
    "  text: ['']\n": (3, "string_too_short"),
    "  text: []\n": (3, "too_short"),
    "  text: words\n": (3, "list_type"),
    "  text: [" + "x" * 1_501 + "]\n": (3, "string_too_long"),
    "  text: [" + "x" * 900 + ", " + "y" * 900 + "]\n": (3, "long"),
    "  text: [Call 020 7946 0018 after six.]\n": (3, "phone"),
    "  text: [We live at 12 Long Lane.]\n": (3, "postal"),
    "  text:\n    - It was fine.\n    - Then he hit me.\n": (5, "danger"),
    "  text: [fine]\n  email: a@b.org\n": (4, "extra_forbidden"),
    "  text: [fine]\n  reply: [see https://a.org/]\n": (4, "contact"),
    "  text: [fine]\n  name: www.spam.example\n": (4, "contact"),
}


def read(text: str) -> tuple[Voices, list[tuple[int, str]]]:
    """Return what a file holds, and the line and rule of each fault in it."""
    problems = Problems()
    data = parse_yaml(text, "content/voices/x.yaml", problems)
    found = read_voices(data, "content/voices/x.yaml", problems, today=TODAY) if data else ()
    return found, [(problem.line, problem.rule) for problem in problems]


def test_comments_are_read_oldest_first() -> None:
    """By their day, whatever order they stand in."""
    found, faults = read(GOOD)
    assert [voice.id for voice in found] == ["two", "one"]
    assert faults == []


@pytest.mark.parametrize(("row", "fault"), FAULTS.items())
def test_what_may_not_stand_there_is_told_with_its_line(row: str, fault: tuple[int, str]) -> None:
    """HTML, links, addresses, hidden characters, too much, words of danger."""
    assert fault in read(f"- id: one\n  date: 2026-11-02\n{row}")[1]


def test_a_day_to_come_is_refused() -> None:
    """Nobody can have written then."""
    assert (2, "future") in read("- id: one\n  date: 2027-11-02\n  text: [fine]\n")[1]


def test_what_an_editor_has_looked_at_is_set_aside() -> None:
    """With the reason; but no reason lets a link through."""
    aside = "  allow:\n    - rule: {}\n      because: Looked at, and it is about a board game only.\n"
    one = "- id: one\n  date: 2026-11-02\n  text: ['{}']\n"
    assert read(one.format("We were killing time.") + aside.format("danger"))[1] == []
    assert read(one.format("See www.a.example") + aside.format("contact"))[1] == [(3, "contact")]


def test_names_of_others_are_advice() -> None:
    """A person decides; the writer's own name is no name of another."""
    problems = Problems()
    data = parse_yaml(GOOD.replace("We tried it", "My sister Jane tried it"), "x.yaml", problems)
    assert data
    read_voices(data, "x.yaml", problems, today=TODAY)
    assert [(one.rule, one.warning) for one in problems] == [("person", True)]


@pytest.mark.parametrize(
    "text",
    [
        "We talked for 10 minutes every evening in 2025, and on 3 May too.",
        "I was afraid to ask, and then I asked. It hit home.",
        "Thank you. Reading this on Sunday helped us both. I liked step 2.",
        "She said yes! e.g. tea at 5. That was 3.5 years ago.",
    ],
)
def test_everyday_words_raise_no_flag(text: str) -> None:
    """Otherwise nobody would look at the flags."""
    assert list(flags_in(text)) == []


def test_comments_stand_where_they_may(site: Site) -> None:
    """Never on a safety page, beside a quick exit, on hard questions, in a quiz, on a page of no kind."""
    planned = site.planned
    quiet = {
        page.entry
        for page in planned.pages
        if page.entry and getattr(page.view, "from_readers", None) is None
    }
    for entry in planned.resolved.library.entries.values():
        careful = entry.front.safety or entry.has_exit or entry.kind.name in ("quiz", "page")
        hard = getattr(entry.front, "topic", "") in ("hard-times", "safety-and-help")
        assert (entry.slug in quiet) == bool(careful or hard), entry.slug
        assert may_have_voices(planned.resolved.kinds, entry) == (entry.slug not in quiet)


def test_without_a_server_a_mail_says_the_rules(site: Site) -> None:
    """The name of the page, its address and each rule; no form."""
    soup = site.soup("/strategies/show-empathy/")
    (link,) = soup.select('.voices a[href^="mailto:"]')
    href = unquote(str(link["href"]))
    assert href.startswith("mailto:readers@common-thread.example?subject=From a reader: Show empathy")
    assert all(words in href for words in (*RULES, NEXT, "/strategies/show-empathy/"))
    assert not soup.select("voice-form, .voices form, .voices__item")


def test_the_manual_shows_the_settings_of_a_server() -> None:
    """What it tells to put on a server is what the tests run."""
    text = (ROOT / "docs" / "voices.md").read_text(encoding="utf-8")
    for name in ("voices.conf", "isso.cfg", "isso.service"):
        assert (ON_SERVER / name).read_text(encoding="utf-8") in text, name


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small library in which readers have said more than is open."""
    folder = Path(shutil.copytree(LIBRARY, tmp_path_factory.mktemp("voices") / "content"))
    (folder / "voices").mkdir()
    rows = [
        f"- id: said-{n}\n  date: 2025-{n % 9 + 1:02}-{n + 1:02}\n  name: Reader {n}\n"
        f"  text: ['We tried it, and \"{n}\" is our number & <3 it.', Second part.]\n"
        for n in range(OPEN + 5)
    ]
    (folder / "voices" / "listen-well.yaml").write_text("".join(rows), encoding="utf-8")
    return folder


def test_a_page_shows_them_and_folds_the_earlier_ones(library: Path) -> None:
    """As text, oldest first, twenty open; counted for other programs; not in the search."""
    bench = set_up(library)
    site = make_site(bench.settings, Problems(), bench.theme)
    page = next(page for page in site.pages if page.entry == "listen-well")
    ((_, html),) = list(rendered(replace(site, pages=(page,))))
    items = re.findall(r'id="?voice-(said-\d+)', html)
    days = {f"said-{n}": (n % 9 + 1, n + 1) for n in range(OPEN + 5)}
    assert items == sorted(days, key=lambda one: days[one])
    assert html.index("Five earlier comments") < html.index(items[0])
    assert html.index(items[4]) < html.index("</details>", html.index(items[0])) < html.index(items[5])
    assert "&amp; &lt;3 it." in html and "data-pagefind-ignore" in html
    assert re.search(r'<time datetime="?2025-09"?>September 2025</time>', html)
    (thing,) = [one for one in json.loads(page.structured)["@graph"] if one["@type"] == "Article"]
    assert thing["commentCount"] == OPEN + 5
    assert [one["@id"].rpartition("#voice-")[2] for one in thing["comment"]] == items[5:]
    resolved = site.resolved
    data = export_library(
        resolved.library, resolved.graph, resolved.data.evidence, "https://a.example", resolved.data.voices
    )
    assert {one["id"]: one["voices"] for one in data["entries"]}["listen-well"] == OPEN + 5


def test_the_heaviest_guide_keeps_its_budget_with_comments_and_a_form(site: Site, tmp_path: Path) -> None:
    """Twenty-five comments and the form come after what the first screen waits for."""
    weights = {page.url: weigh(site, page.url)[0] for page in site.planned.pages if page.template == "guide"}
    url = max(weights, key=weights.__getitem__)
    (page,) = (page for page in site.planned.pages if page.url == url)
    words = [f"{n} {sha256(bytes([n])).hexdigest()} and other words of their own." for n in range(25)]
    said = tuple(Voice(id=f"v{n}", date=TODAY, text=[text] * 3) for n, text in enumerate(words))
    shown = view(said, VoicesView(mail="mailto:a@b.example", post="/voices/new", rules=RULES, next=NEXT))
    dressed = replace(page, view=replace(page.view, from_readers=shown))
    ((_, html),) = rendered(replace(site.planned, pages=(dressed,)))
    path = tmp_path / "index.html"
    path.write_text(html, encoding="utf-8")
    whole, without = first_part(path), len(brotli.compress(site.soup(url).encode()))
    assert html.count("voices__item") == 25 and "voice-form" in html
    assert whole < without, "what stands behind the comments is not waited for"
    head = weights[url] - first_part(site.output / f"{url}index.html".lstrip("/"))
    assert head + whole <= rule_for(url)["first_paint"]
    assert head + len(brotli.compress(html.encode())) <= rule_for(url)["commented"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("when-it-does-not-feel-safe", "nothing that readers say is shown"),
        ("when-to-get-help", "nothing that readers say is shown"),
        ("signs-of-connection", "nothing that readers say is shown"),
        ("nobody", "there is no entry 'nobody'"),
        ("trust", "the id 'said-3' is taken, in content/voices/listen-well.yaml"),
    ],
)
def test_a_file_in_the_wrong_place_stops_the_build(library: Path, name: str, words: str) -> None:
    """Of nothing, of a quiet page, or with an id that is taken."""
    bench, path = set_up(library), library / "voices" / f"{name}.yaml"
    path.write_text("- {id: said-3, date: 2025-01-02, text: [fine]}\n", encoding="utf-8")
    try:
        with pytest.raises(LibraryError, match=words):
            make_site(bench.settings, Problems(), bench.theme)
    finally:
        path.unlink()
