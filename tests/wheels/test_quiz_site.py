"""pelican-quiz in an ordinary blog: what its README says, in the simple theme and in two of others."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.conftest import AXE, ROOT
from tests.wheels.conftest import run
from tests.wheels.themes import THEMES, fetched_themes

pytestmark = pytest.mark.slow

PLACES = ["simple", *THEMES]
STOCK = """
SITENAME = "A blog"
AUTHOR = "Ada"
TIMEZONE = "UTC"
SITEURL = ""
RELATIVE_URLS = True
USE_GOOGLE_FONTS = False
CC_LICENSE = {}
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
"""
ARTICLES = {
    "walk.md": "Title: A walk\nDate: 2026-01-03\nSlug: walk\n\nGo *out*.\n\nSee `{quiz:weather}`, "
    "[it]({filename}/quizzes/weather.yaml) and [[clouds]].\n\n{quiz:weather}\n\nThen come home.\n",
    "clouds.rst": "Clouds\n######\n\n:date: 2026-01-02\n:slug: clouds\n:answers: walk\n\n{quiz:weather}\n\n"
    "They pass.\n",
    "plain.md": 'Title: Plain\nDate: 2026-01-01\nSlug: plain\n\nA "word" & *more*.\n',
    "pages/about.md": "Title: About\nSlug: about\n\nOf us, and [[plain]].\n\n{quiz:weather}\n",
}


def block(name: str, language: str) -> str:
    """Return the first block of a language in the README of a plugin."""
    text = (ROOT / "plugins" / name / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"```{language}\n(.*?)```", text, re.S)
    assert found
    return found[1]


SETTINGS = [*block("crosslinks", "python").splitlines(), *block("quiz", "python").splitlines()]
BOTH = "\n".join(SETTINGS).replace('PLUGINS = ["quiz"]', 'PLUGINS += ["quiz"]')


def write_site(folder: Path, settings: str, files: dict[str, str]) -> None:
    """Write a blog with its quiz."""
    for name, text in {**files, "quizzes/weather.yaml": block("quiz", "yaml")}.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "templates").mkdir()
    (folder / "templates" / "article.html").write_text(block("crosslinks", "jinja"), encoding="utf-8")
    (folder / "pelicanconf.py").write_text(f"{STOCK}\n{settings}", encoding="utf-8")


def build(python: Path, folder: Path, theme: str, output: str, *, good: bool = True) -> str:
    """Run Pelican as anybody does; return what it said."""
    where = theme if theme == "simple" else str(folder / "themes" / THEMES[theme])
    words = ["-m", "pelican", "content", "-s", "pelicanconf.py", "-o", output, "-t", where]
    done = run(python, folder, *words)
    said = " ".join((done.stdout + done.stderr).split())
    assert (done.returncode == 0) is good, said
    return said


@pytest.fixture(scope="module")
def blog(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a blog, built in each theme."""
    folder = tmp_path_factory.mktemp("quizzes")
    write_site(folder, BOTH, ARTICLES)
    (folder / "themes").symlink_to(fetched_themes())
    for theme in PLACES:
        build(python, folder, theme, theme)
    return folder


@pytest.fixture(scope="module")
def address(blog: Path) -> Iterator[str]:
    """Serve the blog."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(blog)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def soup(blog: Path, name: str, theme: str = "simple") -> BeautifulSoup:
    """Return a page of the blog."""
    return BeautifulSoup((blog / theme / name).read_text(encoding="utf-8"), "html.parser")


def test_the_readmes_ask_for_no_more_than_ten_lines() -> None:
    """Relations, back-links and a quiz."""
    assert len(SETTINGS) <= 10
    assert 'PLUGINS = ["quiz"]' in SETTINGS


@pytest.mark.parametrize("theme", PLACES)
def test_relations_and_back_links_are_shown_in_a_theme(blog: Path, theme: str) -> None:
    """From both ends, and with the sentence."""
    for name, expected in (
        ("walk.html", ["Is answered by Clouds"]),
        ("clouds.html", ["Answers A walk"]),
        ("plain.html", ["Is mentioned in About : Of us, and Plain."]),
    ):
        shown = soup(blog, name, theme).select(".crosslinks")
        assert [part.get_text(" ", strip=True) for part in shown] == expected


@pytest.mark.parametrize("name", ["walk.html", "clouds.html", "pages/about.html"])
def test_a_quiz_stands_where_a_text_asks_for_it(blog: Path, name: str) -> None:
    """In Markdown, reST and on pages; style and script are found from there."""
    page = soup(blog, name)
    assert len(page.select("main self-quiz fieldset")) == 4
    assert "{quiz:weather}" not in re.sub(r"<code.*?</code>", "", str(page))
    for where, key in (("link[href$='quiz.css']", "href"), ("script[src]", "src")):
        (found,) = (str(tag[key]) for tag in page.select(where))
        assert (blog / "simple" / name).parent.joinpath(found).resolve().is_file(), found
    if name == "walk.html":
        assert page.select("main a[href='./quizzes/weather.html'], main a[href='quizzes/weather.html']")
        assert page.select_one("main code").get_text() == "{quiz:weather}"  # type: ignore[union-attr]
        assert page.select("a.crosslink[href$='clouds.html']")


def test_a_summary_leaves_the_quiz_out(blog: Path) -> None:
    """And keeps what stands before and after it, its links as they should be."""
    page = soup(blog, "index.html")
    assert not page.select("self-quiz, form")
    assert "Then come home" in page.get_text()
    assert page.select("a[href$='quizzes/weather.html']")
    assert "{filename}" not in str(page)


def test_the_rest_of_a_site_is_what_it_was(python: Path, blog: Path) -> None:
    """To the byte: readers, other pages, feeds; nothing is added but the quiz and what it needs."""
    folder = blog / "compared"
    plain = {name: text for name, text in ARTICLES.items() if "quiz" not in text}
    write_site(folder, "PLUGINS = []", plain)
    build(python, folder, "simple", "without")
    (folder / "pelicanconf.py").write_text(f'{STOCK}\nPLUGINS = ["quiz"]\n', encoding="utf-8")
    build(python, folder, "simple", "with")
    ours, theirs = (
        {
            path.relative_to(folder / name).as_posix(): path.read_bytes()
            for path in sorted((folder / name).rglob("*.*"))
        }
        for name in ("with", "without")
    )
    added = {name for name in set(ours) - set(theirs) if not name.startswith("theme/quiz/")}
    assert added == {"quizzes/weather.html"}
    assert {name: ours[name] for name in theirs} == theirs


def test_what_is_only_installed_does_nothing(python: Path, blog: Path) -> None:
    """Without PLUGINS Pelican loads all there is; a site that says no word of ours stays as it was."""
    folder = blog / "installed"
    texts = {"plain.md": ARTICLES["plain.md"] + "\n[[nothing]] and\n\n{quiz:nothing}\n"}
    write_site(folder, "PLUGINS = []", texts)
    shutil.rmtree(folder / "content" / "quizzes")
    shutil.rmtree(folder / "templates")
    build(python, folder, "simple", "without")
    (folder / "pelicanconf.py").write_text(STOCK, encoding="utf-8")
    said = build(python, folder, "simple", "with")
    assert not re.search("quiz|crosslink", said, re.I)
    ours, theirs = (
        {path.relative_to(folder / name): path.read_bytes() for path in (folder / name).rglob("*.*")}
        for name in ("with", "without")
    )
    assert ours == theirs


def test_what_is_only_installed_works_where_there_is_a_quiz(python: Path, blog: Path) -> None:
    """A folder of quizzes asks for them."""
    folder = blog / "found"
    write_site(folder, "", {"plain.md": ARTICLES["plain.md"]})
    shutil.rmtree(folder / "templates")
    build(python, folder, "simple", "output")
    assert (folder / "output" / "quizzes" / "weather.html").is_file()


def answer(page: Any) -> None:
    """Take the quiz by keyboard alone: the sunniest answer to each question."""
    page.locator("self-quiz:defined").wait_for()
    for item, value in (("warm", 3), ("inside", 1), ("early", 3), ("book", 1)):
        page.locator(f"[name={item}][value='{value}']").focus()
        page.keyboard.press("Space")
        page.locator("[data-slot=next]").focus()
        page.keyboard.press("Enter")
        if item != "book":
            page.locator(f"[data-current]:not([data-item={item}])").wait_for()
    page.locator("self-quiz[data-state=review]").wait_for()
    page.locator("[data-do=result]").focus()
    page.keyboard.press("Enter")
    page.locator("self-quiz[data-state=result]").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("theme", PLACES)
def test_the_quiz_works_in_a_theme(chromium: Any, address: str, theme: str) -> None:
    """By keyboard, one question at a time; only what holds is shown, and it is within reach of all."""
    context = chromium.new_context(viewport={"width": 390, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.route(
        "**/*", lambda route: route.continue_() if route.request.url.startswith(address) else route.abort()
    )
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}/{theme}/quizzes/weather.html")
    page.locator("self-quiz:defined").wait_for()
    assert page.locator("fieldset:visible").count() == 1
    assert page.locator("[data-worksheet]:visible").count() == 0
    answer(page)
    result = page.locator(".quiz__result")
    assert "Sun, 100 of 100" in result.inner_text()
    assert "Go out for a walk." in result.inner_text()
    assert "Stay in and read." not in result.inner_text()
    assert page.evaluate("document.activeElement.id") == "quiz-result"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.add_script_tag(path=AXE)
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}
    found = page.evaluate("rules => axe.run('.quiz-whole', rules)", rules)["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert faults == []
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("theme", PLACES)
def test_without_script_it_is_a_form_with_its_key(chromium: Any, address: str, theme: str) -> None:
    """Every question, the points beside the answers, what the sum means; no button that does nothing."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/{theme}/walk.html", wait_until="domcontentloaded")
    page.locator("fieldset").last.wait_for()
    assert page.locator("self-quiz button:visible").count() == 0
    assert page.locator("fieldset:visible").count() == 4
    text = page.locator("self-quiz").inner_text()
    assert "Add up the points beside your answers." in text
    assert "(5 to 8)" in text
    page.emulate_media(media="print")
    assert "(5 to 8)" in page.locator("self-quiz").inner_text()
    context.close()


def test_what_is_wrong_stops_the_build_at_once(python: Path, blog: Path) -> None:
    """All of it, each with its place and its cure."""
    folder = blog / "wrong"
    wrong = {
        "walk.md": ARTICLES["walk.md"]
        .replace("[[clouds]]", "")
        .replace("\n{quiz:weather}\n", "\n{quiz:weathers}\n"),
        "plain.md": ARTICLES["plain.md"] + "\nTake {quiz:weather} here.\n",
        "clouds.rst": ARTICLES["clouds.rst"] + "\n{quiz:weather}\n",
        "quizzes/broken.yaml": block("quiz", "yaml").replace("minutes: 1", "minutes: soon"),
    }
    write_site(folder, 'PLUGINS = ["quiz"]\nQUIZ_PATHS = ["quizzes", "gone"]', wrong)
    said = build(python, folder, "simple", "output", good=False)
    rows = (folder / "pelicanconf.py").read_text(encoding="utf-8").split("\n")
    line = next(at for at, row in enumerate(rows, 1) if row.startswith("QUIZ_PATHS"))
    for words in (
        "content/walk.md:9: {quiz:weathers} is no quiz of this site. Did you mean 'weather'?",
        "content/plain.md:7: {quiz:weather} stands within a paragraph. Give it a paragraph of its own.",
        "content/clouds.rst:8: {quiz:weather} is a second quiz on one page. Keep one of them.",
        "content/quizzes/broken.yaml:3: 'minutes' is 'soon'.",
        f"pelicanconf.py:{line}: QUIZ_PATHS names 'gone', and there is no quiz in content/gone.",
    ):
        assert words in said
    shutil.rmtree(folder / "content" / "quizzes")
    (folder / "pelicanconf.py").write_text(f'{STOCK}\nPLUGINS = ["quiz"]\n', encoding="utf-8")
    assert "QUIZ_PATHS names 'quizzes', and there is no quiz" in build(
        python, folder, "simple", "output", good=False
    )


def test_settings_that_do_not_hold_are_told(python: Path, blog: Path) -> None:
    """All at once, and none as an error of Python."""
    folder = blog / "settings"
    settings = """PLUGINS = ["quiz"]
QUIZ_PATHS = 3
QUIZ_URL = "q/{slg}.html"
QUIZ_WORDINGS = {"nxt": "x"}
"""
    write_site(folder, settings, {"walk.md": "Title: A\nDate: 2026-01-03\n\nGo.\n"})
    said = build(python, folder, "simple", "output", good=False)
    rows = (folder / "pelicanconf.py").read_text(encoding="utf-8").split("\n")
    first = rows.index("QUIZ_PATHS = 3") + 1
    for words in (
        f"py:{first}: QUIZ_PATHS is '3', and no list of folders and files. Write a list: ['quizzes'].",
        f"py:{first + 1}: QUIZ_URL is 'q/{{slg}}.html'. Its one gap is {{slug}}: 'quizzes/{{slug}}.html'.",
        f"py:{first + 2}: QUIZ_WORDINGS has 'nxt', which is no wording. Did you mean 'next'?",
    ):
        assert words in said
    again = [
        'PLUGINS = ["crosslinks"]',
        'CROSSLINKS_RELATIONS = [{"name": "to", "forward": "to"}, {"name": "to", "forward": "on"}]',
    ]
    (folder / "pelicanconf.py").write_text("\n".join([STOCK, *again]), encoding="utf-8")
    assert "CROSSLINKS_RELATIONS names 'to' twice." in build(python, folder, "simple", "output", good=False)
