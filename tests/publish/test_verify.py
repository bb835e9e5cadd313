"""The look over a finished build finds what a reader would stumble over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from plugins.common_thread.kinds.benefit import KIND, BenefitFront
from plugins.library.entries import Entry, Library
from plugins.library.text.body import Body
from plugins.library.text.reading import Reader
from plugins.problems import Problems
from publish.looks import place_of, read_page
from publish.verify import verify_output

FRONT = BenefitFront(title="Support", summary="s" * 70, reviewed=dt.date(2026, 1, 1))
NO_TEXT = Body()
GOOD = '<main id="main"><a href="/benefits/support/">x</a></main>'


def look(
    folder: Path, home: str, page: str = "<p>hello</p>", base: str = "", body: Body = NO_TEXT
) -> list[str]:
    """Return the problems of a two-page site."""
    entry = Entry(KIND, "support", "content/benefits/support.md", FRONT)
    library = Library(entries={"support": entry}, bodies={"support": body})
    (folder / "benefits/support").mkdir(parents=True)
    (folder / "index.html").write_text(home, encoding="utf-8")
    (folder / "benefits/support/index.html").write_text(page, encoding="utf-8")
    problems = Problems()
    verify_output(folder, library, f"https://a.example{base}", problems)
    return [str(problem) for problem in problems.errors]


def test_a_good_site_has_no_problem(tmp_path: Path) -> None:
    """Nothing is found where nothing is wrong."""
    assert (
        look(
            tmp_path,
            GOOD,
            '<a href="../../#main">home</a><a href="?x#y" id="y">self</a><form method="dialog"></form>',
        )
        == []
    )


def test_an_orphan_is_named(tmp_path: Path) -> None:
    """A page no path leads to is a problem of its source."""
    (found,) = look(tmp_path, "<p>no link</p>")
    assert found.startswith("content/benefits/support.md:1: no path of 3 clicks")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ('<a href="/gone/">x</a>', "'/gone/' leads nowhere"),
        ('<script src="/_preview/overlay.js"></script>', "'/_preview/overlay.js' leads nowhere"),
        ('<img src="/gone.svg" alt="">', "'/gone.svg' leads nowhere"),
        ('<a href="/#gone">x</a>', "no '#gone'"),
        ('<a href="&#106;avascript:x">x</a>', "'javascript:x' begins with 'javascript:'"),
        ('<a href="https://[::1">x</a>', "'https://[::1' does not parse"),
        ('<img src="https://b.example/x.png" alt="">', "is not of this site"),
        ("<script>x()</script>", "inline script"),
        ('<p onclick="x()">', "inline script"),
        ('<p style="color:red">', "inline style"),
        ("<style>p{}</style>", "inline style"),
        ('<p id="a"></p><p id="a"></p>', "twice"),
        ("<form></form>", "<form> could send"),
        ('<form action="/" method="dialog"></form>', "<form> could send"),
        ('<button formmethod="get">x</button>', "<button> could send"),
    ],
)
def test_a_fault_is_named_with_its_page(tmp_path: Path, page: str, words: str) -> None:
    """Dead links, dead fragments, inline script and style, doubled ids and forms that send are found."""
    found = look(tmp_path, GOOD, page)
    assert any(words in message and "content/benefits/support.md" in message for message in found), found


def test_a_heading_worded_as_one_of_the_page_is_named_with_its_line(tmp_path: Path) -> None:
    """Two ids from text and template are a problem of the text: it can be worded otherwise."""
    page = '<main id="main"><h2 id="sources">Sources</h2><h2 id="sources">Sources</h2></main>'
    (found,) = look(tmp_path, GOOD, page, body=Reader().read("Words.\n\n## Sources\n", 9))
    assert found == (
        "content/benefits/support.md:11: the heading 'Sources' has the address '#sources', which the page "
        "itself uses."
        " Word it differently."
    )


def test_a_lost_page_is_named(tmp_path: Path) -> None:
    """An entry without its file is a problem, whatever else is fine."""
    library = Library(entries={"support": Entry(KIND, "support", "content/benefits/support.md", FRONT)})
    (tmp_path / "index.html").write_text("<p>x</p>", encoding="utf-8")
    problems = Problems()
    verify_output(tmp_path, library, "https://a.example", problems)
    assert any("has no page" in problem.message for problem in problems.errors)


def test_links_outside_the_base_path_lead_nowhere(tmp_path: Path) -> None:
    """A site under a path must not link to the root of its host."""
    found = look(
        tmp_path, '<a href="/sub/benefits/support/">x</a>', '<a href="/benefits/support/">x</a>', base="/sub"
    )
    assert any("leads nowhere" in message for message in found)


def test_data_blocks_are_no_script() -> None:
    """JSON for programs may stand in a page."""
    assert read_page(b'<script type="application/ld+json">{}</script>').faults == []


PIECES = st.sampled_from(
    [
        "/",
        "a",
        "b-c",
        ".",
        "..",
        "#",
        "x",
        "~",
        "%41",
        "?q",
        "//",
        "1.html",
        ":~:text=a",
        "_",
        " ",
        "é",
        ":",
        "http:",
    ]
)


@settings(max_examples=1000, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6).map("".join))
@example("/a/../b/")
@example("/a#b")
@example("#a:~:text=b")
def test_a_link_leads_where_a_browser_would_go(address: str) -> None:
    """Also one whose address is so plain that nothing has to be worked out."""
    assume("//" not in address)  # without a host a fault by itself, and read in several ways
    parts = urlsplit(urljoin("http://a.invalid/guides/one/", address))
    expected = (unquote(parts.path), unquote(parts.fragment).split(":~:")[0])
    found = place_of(address, "/guides/one/")
    assert found == (expected if parts.netloc == "a.invalid" else None)
