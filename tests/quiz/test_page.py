"""What the build makes of a quiz: its page, its data for the script, and how much script there is."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import brotli
import pytest
from bs4 import BeautifulSoup

from plugins.assets.bundle import fingerprint_scripts
from plugins.common_thread.quizzes import CARE, prove_quizzes
from plugins.common_thread.site import make_site, rendered
from plugins.library.entries import Library
from plugins.library.rendering import make_environment, render
from plugins.problems import Problems
from plugins.quiz.model import Option, Quiz
from plugins.quiz.page import Desk
from publish.looks import read_page
from publish.site_settings import site_kinds
from tests.conftest import Site
from tests.hostile.bench import set_up
from tests.quiz.helpers import HERE, ROOT, SHAPES, entry_of

OWN = ["how-well-do-you-listen", "signs-of-connection", "what-is-in-the-way"]
BUDGET = 9_216
"""Bytes after brotli, as in tests/budgets.toml: all the script of a quiz, the quick exit included."""


@pytest.mark.parametrize("slug", OWN)
def test_the_page_holds_what_the_script_scores(site: Site, quizzes: dict[str, Quiz], slug: str) -> None:
    """The data in the page are those of the proved quiz, and every answer of it is a radio."""
    soup = site.soup(f"/quizzes/{slug}/")
    island = soup.select_one(".quiz__data")
    assert island is not None
    assert json.loads(island.get_text()) == json.loads(json.dumps(quizzes[slug].to_data()))
    for item in quizzes[slug].items:
        values = [radio["value"] for radio in soup.select(f'input[name="{item.id}"]')]
        assert values == [*[str(option.value) for option in item.options], "skip"]


@pytest.mark.parametrize("slug", OWN)
def test_every_section_leads_on(site: Site, slug: str) -> None:
    """Each sign and obstacle names strategies with time, first step, mostly a reason, in working links."""
    soup = site.soup(f"/quizzes/{slug}/")
    for section in soup.select(".quiz__section"):
        tips = section.select(".tip")
        assert len(tips) >= 2, section["data-section"]
        for tip in tips:
            assert "Time:" in tip.get_text()
            assert "First step:" in tip.get_text()
            link = tip.select_one("a")
            assert link is not None
            assert (site.output / f"{str(link['href']).strip('/')}/index.html").is_file()
        assert slug == OWN[0] or section.select(".tip__because")


def test_nothing_on_the_page_claims_too_much(site: Site) -> None:
    """A quiz nobody has tested is not called validated, accurate or scientific."""
    for slug in OWN:
        article = site.soup(f"/quizzes/{slug}/").select_one("article")
        assert article is not None
        assert not re.search(
            r"validated|accurate|scientific|your total|overall score", article.get_text(), re.I
        )


CARE_LINES = {
    "privacy": "privacy: It stays here.",
    "limits": "limits: A fixture.",
    "not_for": "not_for: Nobody is kept out.",
    "safety_panel": "safety_panel: {text: Ask., guide: when-it-does-not-feel-safe}",
}
"""What this site asks of every quiz, and other sites do not."""


def test_quizzes_nobody_here_wrote_get_pages(content: Path) -> None:
    """Five factors with facets, eight axes with two ends, nine items in points, in one minute.

    Each has its page.
    """
    manual = (ROOT / "docs" / "quizzes.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```yaml\n(title: .*?)^```$", manual, re.S | re.M)
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (HERE / "foreign").glob("*.yaml")}
    texts |= {f"example-{at}": text for at, text in enumerate(examples)}
    for name, whole in texts.items():
        text = whole.replace("guide: safety-guide", "guide: when-it-does-not-feel-safe")
        text = text.replace("minutes: 2\n", "minutes: 1\n")
        text += "".join(f"{line}\n" for key, line in CARE_LINES.items() if f"\n{key}:" not in text)
        (content / "quizzes" / f"{name}.yaml").write_text(text, encoding="utf-8")
    bench = set_up(content)
    site = make_site(bench.settings, Problems(), bench.theme)
    quizzes = tuple(page for page in site.pages if page.url.startswith("/quizzes/"))
    pages = dict(rendered(replace(site, pages=quizzes)))
    counts = {}
    for name in texts:
        facts = read_page(pages[f"quizzes/{name}/index.html"].encode())
        assert (facts.faults, facts.twice) == ([], [])
        soup = BeautifulSoup(pages[f"quizzes/{name}/index.html"], "html.parser")
        counts[name] = (
            len(soup.select(".quiz__field")),
            len(soup.select(".quiz__section, [data-part]")),
        )
    assert counts == SHAPES | {"example-0": (4, 4), "example-1": (2, 3), "example-2": (2, 1)}
    assert "10 questions · about 1 minute<" in pages["quizzes/nine-items/index.html"]
    code = BeautifulSoup(pages["quizzes/right-or-wrong/index.html"], "html.parser")
    assert [one.get_text() for one in code.select("[data-item=c1] code")] == ['"a" * 3', '"aaa"', '"a3"']
    assert code.select_one("[data-item=c2] .quiz__code") is not None
    assert len(code.select("[data-remark]")) == 5
    assert len(code.select("[data-item=c4] input[type=checkbox]")) == 4


def marks_of(quiz: Quiz, points: list[dict[str, int]]) -> list[str]:
    """Return what the worksheet prints beside the answers of the first item, if they gave these points."""
    first = quiz.items[0]
    options = tuple(Option(number, "Words", given) for number, given in enumerate(points, 1))
    changed = replace(quiz, items=(replace(first, options=options), *quiz.items[1:]))
    nothing: Any = None
    return [option.mark for option in next(Desk(changed, nothing).items()).options]


def test_paper_counts_as_the_script_does(quizzes: dict[str, Quiz]) -> None:
    """A letter that counts twice says so, and an option that counts for nothing is worth nought."""
    way, signs = quizzes["what-is-in-the-way"], quizzes["signs-of-connection"]
    first, second = way.scales[0].id, way.scales[1].id
    assert marks_of(way, [{first: 1}, {second: 2}, {}]) == ["A", "B×2", ""]
    assert marks_of(signs, [{"trust": 4}, {}, {"trust": -1}]) == ["5", "1", "0"]


def test_the_script_stays_small() -> None:
    """All modules of a quiz page, as they are served."""
    scripts = fingerprint_scripts(ROOT / "theme/static/js", ROOT / "plugins/quiz/static/js")
    wanted, sizes = ["js/self-quiz.js", "js/quick-exit.js"], {}
    names = {asset.name: logical for logical, asset in scripts.items()}
    while wanted:
        logical = wanted.pop()
        sizes[logical] = len(brotli.compress(scripts[logical].content))
        imported = re.findall(r'"\./([^"]+)"', scripts[logical].content.decode())
        wanted += [names[name] for name in imported if names[name] not in sizes]
    assert set(sizes) == {"js/self-quiz.js", "js/page.js", "js/quick-exit.js"}
    assert sum(sizes.values()) <= BUDGET, sizes


def test_what_a_quiz_does_not_say_leaves_no_trace(site: Site) -> None:
    """Without promise, limits and panel there is no empty line and no link that leads nowhere."""
    page = next(page for page in site.planned.pages if page.url == "/quizzes/signs-of-connection/")
    words = replace(page.view.quiz.words, privacy="", limits="", panel="", not_for="")
    bare = replace(page.view.quiz, guide=None, words=words, safety_words="")
    environment = make_environment(site.planned.resolved.theme.templates, site.planned.frame)
    soup = BeautifulSoup(
        render(environment, replace(page, view=replace(page.view, quiz=bare))), "html.parser"
    )
    assert (
        soup.select(".quiz__promises li, .quiz__panel-link, .quiz__limits, .quiz__worksheet .quiz__panel")
        == []
    )
    assert len(site.soup(page.url).select(".quiz__promises li, .quiz__panel-link, .quiz__limits")) >= 3


def test_this_site_asks_every_quiz_for_a_promise_limits_and_a_way_to_safety() -> None:
    """The plugin does not; each that is missing is told at once."""
    library, problems = Library(site_kinds()), Problems()
    path = ROOT / "content" / "quizzes" / "signs-of-connection.yaml"
    text = re.sub(r"^(privacy|limits|not_for): .*\n", "", path.read_text(encoding="utf-8"), flags=re.M)
    text = re.sub(r"^safety_panel:\n(  .*\n)+", "", text, flags=re.M)
    entry = entry_of(text, "signs-of-connection", problems)
    assert entry is not None
    library.entries[entry.slug] = entry
    prove_quizzes(library, problems)
    missing = [problem.message for problem in problems.errors if "is missing" in problem.message]
    assert missing == [f"the key '{key}' is missing." for key in sorted(CARE)]
