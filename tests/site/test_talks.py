"""Talks: written as paragraphs, checked with their lines, shown so that all can follow who speaks."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from plugins.common_thread.checks import check_texts
from plugins.common_thread.guidance import GraphGuidance
from plugins.common_thread.kinds import talk
from plugins.library.entries import Entry, Library
from plugins.library.kinds import Kinds
from plugins.library.text.body import Body
from plugins.library.text.document import Renderer
from plugins.library.text.reading import Reader
from plugins.library.text.tree import text_of
from plugins.problems import Problems
from tests.conftest import ROOT, Site

HEAD = "## When not to try this\n\nNot [[when-it-does-not-feel-safe|there]].\n\n"
SCENE = "**Ines:** Hello.\n\n> A note.\n\n**Bo (signing):** Hello.\n\nThey wait.\n\n"
TEXT = HEAD + "".join(f"## {scene}\n\n{SCENE}" for scene in talk.SCENES) + "## What to take along\n\nThat.\n"
OWN = {"plugins/common_thread/kinds/talk.py", "theme/templates/talk.html"}


def entry(text: str) -> Entry[talk.TalkFront]:
    """Return a talk with a text that begins on line 11 of its file."""
    front = talk.TalkFront(
        title="A talk",
        summary="A talk between two people who are there for the tests of talks and for no other reason.",
        reviewed=dt.date(2026, 11, 28),
        voices=["Ines", "Bo"],
        scene="Two people in a test",
        strategies=["listen-well"],
        obstacles=["noise"],
    )
    return Entry(talk.KIND, "a-talk", "content/talks/a-talk.md", front, text, 11)


def faults(text: str) -> list[tuple[int, str]]:
    """Return (line, rule) of every fault of a text."""
    problems = Problems()
    talk.check(entry(text), Reader().read(text, 11), problems)
    return [(problem.line, problem.rule) for problem in problems.errors]


def line_of(text: str, words: str) -> int:
    """Return the line of the first time that words stand in a text that begins on line 11."""
    return 11 + text[: text.index(words)].count("\n")


def test_a_talk_in_order_has_no_faults() -> None:
    """Two people speak in each scene, notes stand beside it, and the warning comes first."""
    assert faults(TEXT) == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "at"),
    [
        ("[[when-it-does-not-feel-safe|there]]", "there", "warning-first", "**Ines:**"),
        ("**Bo (signing):**", "**Bob (signing):**", "two-voices", "**Bob (signing):**"),
        ("**Ines:** Hello.", "Ines: Hello.", "whole-names", "Ines: Hello."),
        ("**Ines:** Hello.", "**Ines** hello.", "whole-names", "**Ines**"),
        ("> A note.", "A note.", "notes-beside", "## A bad start"),
        (f"{SCENE}## A wobble", "Nobody.\n\n## A wobble", "notes-beside", "## A bad start"),
        ("## A bad start\n\n", "## A bad start\n\n> Too soon.\n\n", "notes-beside", "## A bad start"),
        ("They wait.", "- They\n- wait.", "notes-beside", "## A bad start"),
        ("They wait.", "[[cards: listen-well]]", "notes-beside", "## A bad start"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, rule: str, at: str) -> None:
    """Each rule finds what it is there for, where it stands."""
    text = TEXT.replace(old, new, 1)
    assert (line_of(text, at), rule) in faults(text)


def test_a_voice_that_says_nothing_is_missed() -> None:
    """The front matter names who speaks, so one who does not is a slip."""
    rules = [rule for _, rule in faults(re.sub(r"\*\*Bo \(signing\):\*\* ", "", TEXT))]
    assert rules == ["two-voices"]


def test_the_build_asks_each_kind() -> None:
    """What a kind finds wrong with a text goes to the common list.

    A text that could not be read is left alone.
    """
    one = entry(TEXT.replace("> A note.", "A note.", 1))
    library = Library(Kinds([talk.KIND]), {one.slug: one})
    for body, rules in ((Reader().read(one.body, 11), ["notes-beside"]), (Body(unread=True), [])):
        library.bodies[one.slug] = body
        problems = Problems()
        check_texts(Kinds([talk.KIND]), library, problems)
        assert [problem.rule for problem in problems.errors] == rules


def test_turns_carry_their_notes() -> None:
    """A note belongs to what stands above it, two in a row are one; a section without speech has no turns."""
    document = Renderer().render(
        "a-talk", Reader().read("## A\n\n" + SCENE + "> One.\n\n> Two.\n\n## B\n\nThat.\n")
    )
    spoken, plain = (tuple(talk.turns(section)) for section in document.headed)
    assert [(turn.who, turn.html, len(turn.notes)) for turn in spoken] == [
        ("Ines:", "Hello.", 1),
        ("Bo (signing):", "Hello.", 0),
        ("", "They wait.", 1),
    ]
    assert plain == ()


def test_who_speaks_is_text_and_notes_follow_what_they_are_on(site: Site) -> None:
    """In reading order the page of a talk says what its source says: name, words, note."""
    for one in site.library.having(talk.TalkFront):
        prose = site.soup(one.url).select_one(".entry .prose")
        assert prose is not None
        shown, at = "".join(prose.get_text().split()), 0
        for node in site.library.documents[one.slug].nodes:
            words = "".join(text_of(getattr(node, "children", ())).split())
            assert words in shown[at:], f"{one.slug}: {words}"
            at = shown.index(words, at) + len(words)
        names = {
            name.get_text().split(" (")[0].rstrip(":") for name in site.soup(one.url).select(".turns__who")
        }
        assert names == set(one.front.voices)
        assert site.soup(one.url).select(".turns__note[role=note] .visually-hidden")


def test_talks_are_offered_where_they_help(site: Site) -> None:
    """Strategy, obstacle and quiz result say "Hear how it can go", and lead to a talk that shows it."""
    for relation in site.graph.relations:
        if relation.source.kind.name == "talk" and relation.type.hint:
            hints = site.soup(relation.target.url).select(".hint")
            assert any(hint.find("a", href=relation.source.url) for hint in hints), relation.target.slug
    for quiz in ("/quizzes/signs-of-connection/", "/quizzes/what-is-in-the-way/"):
        tips = [
            tip for tip in site.soup(quiz).select(".tip__facts") if "Hear how it can go" in tip.get_text()
        ]
        assert tips and all(tip.select_one("a[href^='/talks/']") for tip in tips), quiz


def test_a_result_offers_the_talk_about_its_obstacle(site: Site) -> None:
    """Of several talks that show a strategy, one with the same obstacle in its way is offered, if any is."""
    guidance = GraphGuidance(site.library, site.graph)
    met = {
        one.url: {x.slug for x in site.graph.targets(one, "meets")} for one in site.library.of_kind("talk")
    }
    shown = {
        one.url: {x.slug for x in site.graph.targets(one, "shows")} for one in site.library.of_kind("talk")
    }
    checked = 0
    for obstacle in site.library.of_kind("obstacle"):
        for tip in (tip for group in guidance.ways_past(obstacle.slug) for tip in group.tips):
            near = {url for url in met if obstacle.slug in met[url] and tip.slug in shown[url]}
            offered = {page.url for _, page in tip.hints}
            assert offered <= near or not near, (obstacle.slug, tip.slug)
            checked += bool(near)
    assert checked


def test_nothing_else_knows_of_talks() -> None:
    """The kind is one module, one template, one line of settings and content.

    No other code or template names it.
    """
    files = [
        path for folder in ("plugins", "publish", "theme/templates") for path in (ROOT / folder).rglob("*.*")
    ]
    named = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if path.suffix in (".py", ".html")
        and re.search(r"""["'/._]talks?["'/._]""", path.read_text(encoding="utf-8"))
    }
    assert named <= OWN
    settings = Path(ROOT / "pelican.conf.py").read_text(encoding="utf-8")
    assert re.findall(r".*\btalks?\b.*", settings) == ['    "plugins.common_thread.kinds.talk",']
