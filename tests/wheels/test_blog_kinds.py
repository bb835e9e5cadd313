"""Hidden pages, drafts, translations and `{filename}` links as Pelican has them; reST fields; coverage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.wheels.test_blog import SETTINGS, blog, build, page

pytestmark = pytest.mark.slow

CONTENT = {
    "sea.md": "Title: The sea\nDate: 2026-01-02\nSlug: sea\nGoes-With: cave\n\n"
    "Deep. See [[tide]] and [the tide]({filename}tide.rst).\n",
    "tide.rst": "Tide\n####\n\n:date: 2026-01-03\n:slug: tide\n"
    ":answers:\n    - sea: It comes and goes.\n"
    "    - shore: It wets it.\n\nWater.\n",
    "shore.md": "Title: The shore\nDate: 2026-01-04\nSlug: shore\nLang: en\n\n"
    "Sand. [[sea|The sea]] is near.\n",
    "shore-de.md": "Title: Der Strand\nDate: 2026-01-04\nSlug: shore\nLang: de\n\nSand. [[sea]], [[wave]].\n",
    "wave.md": "Title: The wave\nDate: 2026-01-05\nSlug: wave\nLang: en\n\nIt breaks.\n",
    "wave-de.md": "Title: Die Welle\nDate: 2026-01-05\nSlug: wave\nLang: de\n\nSie bricht.\n",
    "soon.md": "Title: Soon\nDate: 2026-01-06\nSlug: soon\nStatus: draft\n\n"
    "Of [[sea]], [[later]] and [[nothing]].\n",
    "later.md": "Title: Later\nDate: 2026-01-06\nSlug: later\nStatus: draft\n\nLater.\n",
    "pages/cave.md": "Title: The cave\nSlug: cave\nStatus: hidden\n\nDark. Far from [[wave]].\n",
}
RULES = """
CROSSLINKS_COVERAGE = [
    {"kind": "article", "relation": "is answered by", "at_least": 1,
     "why": "a question wants an answer", "excepted": ["tide"]},
]
"""


@pytest.fixture(scope="module")
def built(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the blog, built."""
    folder = tmp_path_factory.mktemp("kinds")
    blog(folder, CONTENT, SETTINGS)
    done = build(python, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def related(folder: Path, name: str) -> list[str]:
    """Return what a page shows of its relations."""
    return [part.get_text(" ", strip=True) for part in page(folder, name).select(".crosslinks")]


def test_rest_fields_are_lists_too(built: Path) -> None:
    """One slug an item, with its reason."""
    assert related(built, "tide.html")[0] == "Answers The sea : It comes and goes. The shore : It wets it."


def test_a_hidden_page_is_shown_only_where_another_names_it(built: Path) -> None:
    """The sea names the cave; the wave does not, and does not tell of it."""
    assert related(built, "sea.html")[0] == "Is answered by Tide : It comes and goes."
    assert related(built, "sea.html")[1] == "Goes with The cave"
    assert related(built, "wave.html") == []
    data = json.loads((built / "output" / "crosslinks.json").read_text(encoding="utf-8"))
    assert [one["to"] for one in data["relations"] if one["from"] == "cave"] == []
    links = page(built, "pages/cave.html").select("a.crosslink")
    assert [str(link["href"]) for link in links] == ["https://blog.example/wave.html"]


def test_a_draft_may_link_and_is_linked_from_nowhere(built: Path) -> None:
    """What is not there yet stays in words, since nobody has published it."""
    links = page(built, "drafts/soon.html").select("a.crosslink")
    expected = [("sea.html", "The sea"), ("drafts/later.html", "Later")]
    assert [(str(link["href"]).partition("example/")[2], link.get_text()) for link in links] == expected
    assert "nothing" in page(built, "drafts/soon.html").get_text()
    for path in (built / "output").rglob("*.*"):
        if "drafts" not in path.parts:
            assert "drafts/" not in path.read_text(encoding="utf-8"), path


def test_a_translation_links_within_its_language(built: Path) -> None:
    """As far as there is one; the relations are those of the original."""
    links = page(built, "shore-de.html").select("a.crosslink")
    expected = [("sea.html", "The sea"), ("wave-de.html", "Die Welle")]
    assert [(str(link["href"]).partition("example/")[2], link.get_text()) for link in links] == expected
    assert related(built, "shore-de.html") == ["Is answered by Tide : It wets it."]
    assert related(built, "shore.html") == ["Is answered by Tide : It wets it."]
    assert "Is mentioned in The shore" in " ".join(related(built, "sea.html"))


def test_filename_links_are_what_they_were(built: Path) -> None:
    """In one paragraph with a link by slug; both lead to the same page."""
    links = [str(link["href"]) for link in page(built, "sea.html").select("p a")]
    assert links.count("https://blog.example/tide.html") == 2


def test_a_blog_can_ask_for_relations(python: Path, tmp_path: Path) -> None:
    """A rule that is not kept, or that means nothing, stops the build; so does a translation's dead link."""
    german = CONTENT["shore-de.md"].replace("[[wave]]", "[[weave]]")
    odd = '{"kind": "article", "relation": "is asked by", "at_least": 1, "why": "so"}'
    rules = RULES.replace("\n]", f"\n    {odd},\n]")
    blog(tmp_path, {**CONTENT, "shore-de.md": german}, SETTINGS + rules)
    done = build(python, tmp_path)
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 1, said
    rows = (tmp_path / "pelicanconf.py").read_text(encoding="utf-8").split("\n")
    line = next(at for at, row in enumerate(rows, 1) if "is asked by" in row)
    for words in (
        "content/wave.md:1: 'wave' is answered by nothing, at least 1 wanted: a question wants an answer. "
        "Name 'wave' in 'answers' of an entry.",
        f"pelicanconf.py:{line}: there is no relation 'is asked by'. Did you mean 'is answered by'?",
        "content/shore-de.md:6: '[[…]]' names no entry 'weave'. Did you mean 'wave'?",
    ):
        assert words in said
    assert "'tide' is answered by" not in said
    assert "'sea' is answered by" not in said


def test_slips_that_nothing_would_come_of_are_told(python: Path, tmp_path: Path) -> None:
    """A mistyped key, a relation without a name, and what is nearly a link: each is warned of at its line."""
    slips = {
        "sea.md": "Title: The sea\nDate: 2026-01-02\nSlug: sea\nGoes-Wth: cave\nAnswers:\nSeries: one\n\n"
        "Deep [[shore|]] and [[]].\n\nOf [[tide|the *tide*]], not `[[code|]]`, and [[tide]].\n",
    }
    blog(tmp_path, {**CONTENT, **slips}, SETTINGS)
    done = build(python, tmp_path)
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 0, said
    for words in (
        "content/sea.md:4: 'goes-wth' is no relation of CROSSLINKS_RELATIONS. Did you mean 'goes-with'?",
        "content/sea.md:5: 'answers' names nothing. Name a slug, or take the line out.",
        "content/sea.md:8: '[[shore|]]' makes no link. Write [[slug]],",
        "content/sea.md:8: '[[]]' makes no link.",
        "content/sea.md:10: '[[tide|the tide]]' makes no link.",
    ):
        assert words in said
    assert "series" not in said
    assert "code" not in said.replace("mark it as code", "")
