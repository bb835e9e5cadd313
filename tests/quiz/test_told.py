"""Texts of a quiz in Markdown: what may be written where, what comes of it, and what never does."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from markupsafe import Markup

from plugins.common_thread.schemas import schema_of
from plugins.library.filters import smart
from plugins.problems import Problems
from plugins.problems.yaml_data import parse_yaml
from plugins.quiz.blog import Desk
from plugins.quiz.guidance import Guidance, Target
from plugins.quiz.loader import QuizFile, load_quiz
from plugins.quiz.told import Told, ToldBlocks
from publish.site_settings import site_kinds
from tests.quiz.helpers import KNOWN, ROLES, entry_of, file_of

EVERYWHERE = """title: Do you read *this*?
summary: Every text that may be Markdown is Markdown here, and every place of it is looked at below.
reviewed: 2026-11-28
type: dimensional
minutes: 1
balanced_keys: false
intro: |-
  First *one*.

  - a `"list"`
  - with [a link](https://example.org/a?b=1&c=2)
privacy: It *stays* here.
limits: It knows **nothing** of you.
scale: {values: [1, 2, 3], labels: ["*Never*", '`"x"`', Always]}
bands:
  - {id: low, at_least: 0, below: 50, title: Low, text: "Read *more*."}
  - id: high
    at_least: 50
    below: 101
    title: High
    text: |-
      Well read:

      1. rest
      2. sleep
dimensions:
  - {id: eyes, title: Eyes, prompt: "Talk of *it*."}
items:
  - {id: one, dimension: eyes, text: 'Is "*this*" [here](/about/) `"so"`?'}
  - id: two
    dimension: eyes
    reverse: true
    text: |-
      What of

      ```
      print("*<b>*")
      ```
    explanation: |-
      Two things:

      - one
      - two
"""
SAFE_TAGS = {"a", "code", "em", "strong", "p", "ul", "ol", "li"}


class Nowhere(Guidance):
    """Nothing leads on."""

    def target(self, slug: str) -> Target:
        """Return the front page."""
        return Target("/", slug)


def shown(told: Told, *, curly: bool = True) -> str:
    """Return a text as a page has it."""
    return str(told.shown(smart(told.words) if curly else told.words, "/base/"))


def test_every_text_that_may_be_markdown_is_shown_as_such() -> None:
    """In its place, and beside the marks of the page itself."""
    problems = Problems()
    entry = entry_of(EVERYWHERE, "every", problems)
    assert entry is not None
    quiz = load_quiz(file_of(entry), KNOWN, ROLES, problems)
    assert quiz is not None, [str(one) for one in problems]
    desk = Desk({"QUIZ_WORDINGS": {}, "THEME_TEMPLATES_OVERRIDES": []}, None)
    page = BeautifulSoup(desk.render(quiz, Nowhere()), "html.parser")
    for selector, expected in (
        ("div.quiz__intro > p em", "one"),
        ("div.quiz__intro > ul > li > code", '"list"'),
        ("div.quiz__intro a[href='https://example.org/a?b=1&c=2']", "a link"),
        (".quiz__promises em", "stays"),
        (".quiz__limits strong", "nothing"),
        (".quiz__scale em", "Never"),
        ("[data-item=one] .quiz__label code", '"x"'),
        ("[data-item=one] .quiz__text a[href='/about/']", "here"),
        ("[data-item=two] .quiz__text .quiz__code", 'print("*<b>*")\n'),
        ("[data-band=low] span.quiz__band-text em", "more"),
        ("[data-band=high] div.quiz__band-text > ol > li", "rest"),
        ("[data-remark=two] div > ul > li", "one"),
    ):
        found = page.select_one(selector)
        assert found is not None, selector
        assert found.get_text() == expected
    question = page.select_one("[data-item=two] .quiz__text")
    assert question is not None
    assert question.get_text().startswith("What of print"), "as a result names it"
    for paragraph in page.select("p, span, legend, label"):
        assert not paragraph.select("p, ul, ol, div"), paragraph


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "*yes*" and "no".', "He said “<em>yes</em>” and “no”."),
        ('*"Yes"* `"no"` "x"', "<em>“Yes”</em> <code>&#34;no&#34;</code> “x”"),
        ('**It\'s "so..."** then', "<strong>It’s “so…”</strong> then"),
        ('"[Go](/x/)"', '“<a href="/base/x/">Go</a>”'),
        (
            "[a](mailto:a@b.example) [b](tel:+123)",
            '<a href="mailto:a@b.example">a</a> <a href="tel:+123">b</a>',
        ),
        ("[a]({filename}x.md)", '<a href="{filename}x.md">a</a>'),
        (r"\*no\* 2 * 3 * 4, snake_case_name", "*no* 2 * 3 * 4, snake_case_name"),
        ("- no list\n1. nor this", "- no list 1. nor this"),
        ("a & b < c", "a &amp; b &lt; c"),
    ],
)
def test_a_line_is_shown(text: str, expected: str) -> None:
    """Its quotation marks as if nothing were emphasised, and those in code straight."""
    assert shown(Told(text)) == expected


HOSTILE = [
    "<script>alert(1)</script>", "<b onclick=x>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:1)",
    "[x](data:text/html,1)", "[x](//evil.example)", "[x](java\tscript:1)", "[x](<javascript:1>)",
    '[x](https://a.example"onclick=1)', "[x](&#106;avascript:1)", "![x](https://a.example/x.png)",
    "[x][y]\n\n[y]: javascript:1", "`<img src=x onerror=1>`", "```\n</code><script>\n```", "<https://a.example>",
    "[a](/x/ \"ti'tle\")", "*" * 300, "[" * 300, "`" * 301, "- " * 200, "\ue000\u2028<b>", "[x](vbscript:1)",
    "[<b>](https://a.example)", "[x]({filename}//evil.example)", "[x]({evil}y)", "{{ 7*7 }}{% raw %}",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", [Told, ToldBlocks])
def test_nothing_but_what_is_allowed_comes_of_a_text(kind: type[Told], text: str) -> None:
    """No tag but ours, no attribute but an address, and none of an address that a browser would run."""
    soup = BeautifulSoup(shown(kind(text)), "html.parser")
    for tag in soup.find_all(True):
        assert tag.name in SAFE_TAGS
        assert set(tag.attrs) <= {"href", "class"}
        assert re.match(r"https?://a\.example|/base/x/", str(tag.get("href", "/base/x/")))
    assert Markup(shown(kind(text))).striptags() is not None


SINGLE = """
type: single
minutes: 1
intro: Think of a page.
scale: {values: [1, 2], labels: [Seldom, Often]}
min_answered: 2
not_for: Nobody.
bands:
  - {id: low, at_least: 0, below: 60, title: Low, text: Low.}
  - {id: high, at_least: 60, below: 101, title: High, text: High.}
suggestions: {}
items:
  - {id: one, text: Is it short?}
  - {id: two, text: Is it long?, reverse: true}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "cure"),
    [
        ("Is it short?", "'[x](javascript:alert)'", 13, "links as [words]"),
        ("Is it short?", "'[x](//evil.example)'", 13, "links as [words]"),
        ("intro: Think of a page.", "intro: '[x](data:1)'", 4, "links as [words]"),
        ("title: Low", "title: '[x](/y/)'", 9, "plain words in one line"),
        ("[Seldom, ", "['[Seldom](/y/)', ", 5, "no link"),
        ("not_for: Nobody.", "not_for: '[You](/y/)'", 7, "no link"),
        ("Is it short?", '"One.\\n\\nTwo."', 13, "one paragraph"),
        ("text: High.", "text: '<b>High</b>'", 10, "Write words, or Markdown"),
    ],
)
def test_what_a_text_may_not_hold_is_told(old: str, new: str, line: int, cure: str) -> None:
    """With its line and what is wanted."""
    problems = Problems()
    text = "title: A quiz of a page\n" + SINGLE.lstrip().replace(old, new)
    assert text.count(new)
    data = parse_yaml(text, "q.yaml", problems, plain={"title"})
    if data is not None:
        del data.value["title"]
        load_quiz(QuizFile("q", "Q", "q.yaml", data), KNOWN, ROLES, problems)
    (problem,) = problems.found
    assert (problem.line, cure in problem.cure) == (line, True), str(problem)


def test_an_editor_is_told_where_markdown_may_stand() -> None:
    """In what hovers over a key."""
    kind = next(kind for kind in site_kinds().values() if kind.name == "quiz")
    parts = schema_of(kind, {})["$defs"]
    assert "lists" in parts["BandSource"]["properties"]["text"]["anyOf"][0]["description"]
    assert "without links" in parts["OptionSource"]["properties"]["text"]["description"]
    assert "description" not in parts["BandSource"]["properties"]["title"]
