"""pelican-crosslinks in an ordinary blog: stock Pelican, its simple theme, articles in Markdown and reST."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.wheels.conftest import run

pytestmark = pytest.mark.slow

SETTINGS = """
PLUGINS = ["crosslinks"]
CROSSLINKS_RELATIONS = [
    {"name": "answers", "forward": "answers", "inverse": "is answered by"},
    {"name": "goes-with", "forward": "goes with", "symmetric": True},
]
THEME = "simple"
THEME_TEMPLATES_OVERRIDES = ["templates"]
SITEURL = "https://blog.example"
"""
STOCK = 'THEME = "simple"\nSITEURL = "https://blog.example"\nPLUGINS = []\n'
ARTICLE = """{% extends "!simple/article.html" %}
{% block content %}{{ super() }}{% include "crosslinks.html" %}{% endblock %}"""
CONTENT = {
    "rain.md": """
Title: Why does it rain?
Date: 2026-01-02
Category: sky
Slug: rain

A question & nothing more. `[[sun]]` is code.
""",
    "sun.md": """
Title: The sun did it
Date: 2026-01-03
Category: sky
Slug: sun
Answers: rain: The sun lifts the water.
    wind: Warm air rises.
Goes-With: wind

It began early. Then we read [[rain|a question]] & went out! Nobody came.
""",
    "wind.rst": """
Wind
####

:date: 2026-01-04
:slug: wind
:category: sky

Look at [[sun]], and mind ``[[rain]]``.
""",
    "pages/about.md": "Title: About\nSlug: about\n\nOf [[wind]].\n",
}


def blog(folder: Path, files: dict[str, str], settings: str = SETTINGS) -> None:
    """Write a blog."""
    for name, text in files.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
    (folder / "templates").mkdir()
    (folder / "templates" / "article.html").write_text(ARTICLE, encoding="utf-8")
    (folder / "pelicanconf.py").write_text(settings, encoding="utf-8")


def build(python: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Pelican as anybody does."""
    return run(python, folder, "-m", "pelican", "content", "-s", "pelicanconf.py", "-o", "output")


def page(folder: Path, name: str) -> BeautifulSoup:
    """Return a page of the built blog."""
    return BeautifulSoup((folder / "output" / name).read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def built(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the blog, built."""
    folder = tmp_path_factory.mktemp("blog")
    blog(folder, CONTENT)
    done = build(python, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_relations_are_shown_from_both_ends(built: Path) -> None:
    """Stated in one file, with reasons; read on both pages, under the wording of each end."""
    parts = page(built, "sun.html").select(".crosslinks")
    sun = [tuple(inner.get_text(" ", strip=True) for inner in part.select("h2, ul")) for part in parts]
    assert sun == [
        ("Answers", "Why does it rain? : The sun lifts the water. Wind : Warm air rises."),
        ("Goes with", "Wind"),
    ]
    rain = page(built, "rain.html").select_one(".crosslinks")
    assert rain is not None
    assert rain.get_text(" ", strip=True) == "Is answered by The sun did it : The sun lifts the water."
    links = [str(link["href"]) for link in rain.select("a")]
    assert links == ["https://blog.example/sun.html"]


def test_links_in_prose_are_links_and_code_is_code(built: Path) -> None:
    """With their words or the title of what they lead to, in Markdown, reST and pages alike."""
    for name, expected in (
        ("sun.html", [("https://blog.example/rain.html", "a question")]),
        ("wind.html", [("https://blog.example/sun.html", "The sun did it")]),
        ("pages/about.html", [("https://blog.example/wind.html", "Wind")]),
    ):
        found = [(str(link["href"]), link.get_text()) for link in page(built, name).select("a.crosslink")]
        assert found == expected
    assert "[[sun]]" in page(built, "rain.html").get_text()
    assert "[[rain]]" in page(built, "wind.html").get_text()
    assert "a question & went out!" in page(built, "sun.html").get_text()


def test_a_page_says_where_it_is_mentioned(built: Path) -> None:
    """With the sentence; a page that is there by a relation is not said again."""
    mentions = page(built, "wind.html").select(".crosslinks")[-1]
    assert mentions.get_text(" ", strip=True) == "Is mentioned in About : Of Wind."
    data = json.loads((built / "output" / "crosslinks.json").read_text(encoding="utf-8"))
    assert {"from": "sun", "type": "answers", "to": "wind", "because": "Warm air rises."} in data["relations"]
    sentence = "Then we read a question & went out!"
    assert {"from": "sun", "type": "mentions", "to": "rain", "because": sentence} in data["relations"]


def test_what_does_not_hold_stops_the_build_with_file_line_and_cure(python: Path, tmp_path: Path) -> None:
    """All of it at once."""
    changed = (
        CONTENT["sun.md"].replace("rain: The", "rian: The").replace("[[rain|", "[[plan|") + "\n[[sum]]\n"
    )
    draft = "Title: A plan\nDate: 2026-01-05\nSlug: plan\nStatus: draft\n\nSoon.\n"
    blog(tmp_path, {**CONTENT, "sun.md": changed, "plan.md": draft})
    done = build(python, tmp_path)
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 1, said
    for words in (
        "content/sun.md:5: 'answers' names no entry 'rian'. Did you mean 'rain'?",
        "content/sun.md:9: '[[…]]' names 'plan', which is not published yet.",
        "content/sun.md:11: '[[…]]' names no entry 'sum'. Did you mean 'sun'?",
    ):
        assert words in said


def test_a_site_without_links_is_what_it_was(python: Path, tmp_path: Path) -> None:
    """Enabled, the plugin adds its file, says that it has nothing to do, and changes no byte of another."""
    plain = {"one.md": 'Title: One\nDate: 2026-01-02\nCategory: x\n\nA "word" & *more* [not](one) of ours.\n'}
    for name, settings in (("with", STOCK.replace("[]", '["crosslinks"]')), ("without", STOCK)):
        (tmp_path / name).mkdir()
        blog(tmp_path / name, plain, settings)
        done = build(python, tmp_path / name)
        assert done.returncode == 0
        said = " ".join((done.stdout + done.stderr).split())
        assert ("so nothing is related" in said) is (name == "with")
    ours, theirs = (
        {
            path.relative_to(tmp_path / name).as_posix(): path.read_bytes()
            for path in (tmp_path / name / "output").rglob("*")
            if path.is_file()
        }
        for name in ("with", "without")
    )
    assert ours.pop("output/crosslinks.json")
    assert ours == theirs
