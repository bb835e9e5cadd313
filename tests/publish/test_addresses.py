"""The look over a build's addresses finds whatever is on no list, however spelt, wherever it stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publish.addresses import Checker, address_faults

SITE = "https://a.example/sub"
LOOK = Checker(SITE)
SPELLINGS = (
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6a;avascript:alert(1)",
    "javascript&colon;alert(1)",
    "java&Tab;script:alert(1)",
    "java&#10;script:alert(1)",
    "&#1;javascript:alert(1)",
    " javascript:alert(1)",
    "vbscript:x",
    "data:text/html,x",
    "blob:x",
    "file:///etc/passwd",
    "view-source:x",
    "ftp://a.example/",
    "//a.example/",
    "/\\a.example/",
    "\\\\a.example",
    "https:a.example",
    "https:/a.example",
    "https:///a.example",
    "https://",
    "https://[::1",
    "https://a.example:port/",
    "https://me:secret@a.example/",
    "https://a.example/a b",
    "https://a.example/\u202e",
    "https://a.example/\u00a0",
    "",
)
"""Addresses that may stand nowhere."""
ELSEWHERE = (
    "https://b.example/",
    "https://a.example/",
    "https://a.example/subway/",
    "http://a.example/sub/",
    "mailto:me@a.example",
)
"""Addresses to which a link may lead, and from which nothing may be loaded."""
HERE = ("/sub/", "../x/", "#part", "?q=1", "x.svg", SITE, f"{SITE}/guides/")


def page(text: str) -> list[str]:
    """Return the faults of a piece of HTML."""
    return [str(fault) for fault in LOOK.html(f"<!doctype html><title>x</title>{text}")]


@pytest.mark.parametrize("address", SPELLINGS)
def test_no_spelling_passes_in_any_link(address: str) -> None:
    """In a page, inside a feed, in a twin and in data, once entities are resolved."""
    assert len(page(f'<a href="{address}">x</a>')) == 1
    assert len(page(f'<img src="{address}" alt="">')) == 1
    assert len(list(LOOK.json(json.dumps({"content_html": f'<a href="{address}">x</a>'})))) == 1


@pytest.mark.parametrize("address", [*ELSEWHERE, *HERE, "tel:116123", "sms:?&body=x%20y"])
def test_links_may_lead_on(address: str) -> None:
    """To pages of the site and of others, to a phone, to a letter."""
    assert page(f'<a href="{address}">x</a>') == []
    assert page(f'<link rel="alternate" href="{address}">') == []


LOADS = {
    "picture": '<img src="{}" alt="">',
    "set": '<img srcset="/a.webp 1x, {} 2x" alt="">',
    "source": '<picture><source srcset="{} 480w"></picture>',
    "script": '<script src="{}"></script>',
    "style sheet": '<link rel="stylesheet" href="{}">',
    "preload": '<link rel="Preload x" href="{}">',
    "form": '<form action="{}"></form>',
    "button": '<button formaction="{}">x</button>',
    "film": '<video poster="{}"></video>',
    "ping": '<a href="/sub/" ping="{}">x</a>',
    "drawing": '<svg><use href="{}"/></svg>',
    "old drawing": '<svg><image xlink:href="{}"/></svg>',
    "fill": '<svg><path fill="url({})"/></svg>',
    "FILL": "<svg><path FILL=\"URL('{}')\"/></svg>",
    "style": "<style>p{{background:url({})}}</style>",
    "inline style": '<p style="background:url({})">x</p>',
    "escaped style": "<style>p{{background:\\75 \\72l({})}}</style>",
    "import": '<style>@import "{}";</style>',
    "card": '<meta property="og:image" content="{}">',
    "quote": '<blockquote cite="{}">x</blockquote>',
}


@pytest.mark.parametrize("place", LOADS)
def test_nothing_is_loaded_from_elsewhere(place: str) -> None:
    """Whatever a browser loads, sends to or names as its own is of this site."""
    for address in ELSEWHERE:
        assert len(page(LOADS[place].format(address))) == 1, address
    for address in ("javascript:alert&lpar;1&rpar;", "data:text/html,x", "//b.example/"):
        assert page(LOADS[place].format(address)), address
    for address in (f"{SITE}/x", "/sub/x"):
        assert page(LOADS[place].format(address)) == [], address


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"<{tag}></{tag}>"
            for tag in ("iframe", "object", "embed", "base", "frame", "portal")
            if tag != "frame"
        ),
        '<p srcdoc="&lt;b>">x</p>',
        '<meta http-equiv="refresh" content="0; url=javascript:alert(1)">',
        '<meta http-equiv="refresh" content="0; url=//b.example/">',
        '<p data-exit="javascript:alert(1)">x</p>',
        '<meta name="description" content="javascript:alert(1)">',
        "<style>p{background:image-set('a.png' 1x)}</style>",
        '<script type="application/ld+json">{"url": "javascript:alert(1)"}</script>',
        '<script type="application/ld+json">{"a": [{"b": "javascript:alert(1)"}]}</script>',
        '<script type="application/ld+json">{"javascript:alert(1)": 1}</script>',
        '<script type="application/ld+json">{</script>',
    ],
)
def test_other_ways_out_of_a_page_are_found(text: str) -> None:
    """Pages in pages, refreshes, data for programs."""
    assert len(page(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<meta http-equiv="refresh" content="0; url=https://b.example/weather">',
        '<meta name="description" content="Note: data: what it is (and is not)">',
        '<p aria-label="Data: x">x</p>',
        '<svg><path fill="url(#a)" transform="scale(2)"/></svg>',
        '<script type="application/ld+json">{"@context": "https://schema.org", "url": "/sub/"}</script>',
        '<img srcset="/sub/a.webp 480w, /sub/b.webp 960w" alt="">',
    ],
)
def test_what_is_meant_passes(text: str) -> None:
    """The exit, words, gradients, sets of pictures."""
    assert page(text) == []


FEED = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'


@pytest.mark.parametrize(
    "text",
    [
        '<link href="javascript:alert(1)"/>',
        '<link href="//b.example/"/>',
        "<id>javascript:alert(1)</id>",
        "<author><uri>https://b.example/</uri></author>",
        '<content type="html">&lt;a href="&amp;#106;avascript:alert(1)"&gt;x&lt;/a&gt;</content>',
        '<content type="html">&lt;img src="https://b.example/x.png"&gt;</content>',
        "<!DOCTYPE x>",
    ],
)
def test_feeds_are_read_to_the_inner_text(text: str) -> None:
    """HTML in a feed is HTML; a feed that does not parse is a fault."""
    whole = FEED.format(text) if not text.startswith("<!") else text + FEED.format("")
    assert len(list(LOOK.xml(whole))) == 1
    assert (
        list(
            LOOK.xml(FEED.format('<id>tag:a.example,2026-11-22:/</id><link href="https://a.example/sub/"/>'))
        )
        == []
    )


@pytest.mark.parametrize(
    "text",
    [
        '<use href="https://b.example/x.svg#a"/>',
        '<use xmlns:x="http://www.w3.org/1999/xlink" x:href="/sub/x.svg"/>',
        '<a href="https://b.example/"/>',
        '<path fill="url(https://b.example/)"/>',
        "<style>@import '//b.example/x.css'</style>",
        "</svg>",
    ],
)
def test_a_drawing_leads_nowhere(text: str) -> None:
    """Only to its own parts."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
    assert len(list(LOOK.xml(drawing.format(text)))) == 1
    assert list(LOOK.xml(drawing.format('<use href="#a"/><path fill="url(#b)"/>'))) == []


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x]\n\n[x]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "[x](//b.example/)",
        "[x]()",
        "![x](https://b.example/x.png)",
        "![x](data:image/svg+xml,x)",
        "- a\n    - [x](vbscript:x)",
        "<b>x</b>",
        "<img src=x>",
    ],
)
def test_a_twin_is_read_as_its_readers_will(text: str) -> None:
    """CommonMark, nested lists and reference definitions included; raw HTML is none of it."""
    assert LOOK.site
    assert list(LOOK.markdown(f"# Title\n\n{text}\n")) != []


def test_a_sound_twin_passes() -> None:
    """Code stays code."""
    text = f"[x](https://b.example/) [y]({SITE}/)\n\n`<b>[x](javascript:y)`\n\n    <b>\n\n![x](/sub/x.png)\n"
    assert list(LOOK.markdown(text)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("library.json", '{"entries": [{"url": "javascript:alert(1)"}]}'),
        ("feeds/guides.json", '{"items": [{"url": "//b.example/"}]}'),
        ("site.webmanifest", '{"start_url": "data:text/html,x"}'),
        ("a/index.md", "[x](javascript:x)"),
        ("llms.txt", "[x](javascript:x)"),
        ("assets/a.css", "p{background:url(https://b.example/)}"),
        ("a.svg", "<svg/>x"),
        (
            "sitemap.xml",
            '<u xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><loc>https://b.example/</loc></u>',
        ),
        ("_redirects", "/sub/old/ https://b.example/ 301"),
        ("404.html", '<a href="javascript:x">x</a>'),
    ],
)
def test_every_kind_of_file_is_looked_into(tmp_path: Path, name: str, text: str) -> None:
    """By its name."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text, encoding="utf-8")
    ((found, _),) = address_faults(tmp_path, SITE)
    assert found == name


PIECES = st.sampled_from(
    [
        "[", "]", "(", ")", "](", "]:", "![", "[a](", "[a]: ", "<", ">", "\\", "`", "```\n", "&", ":", "a",
        "&#106;", "&colon;", " ", "\n", "\n\n", "    ", "> ", "- ", '"t"', "\t", "\0", "\x01", "\u00a0",
        "/sub/", "/x/", "//", "https://b.example/", "javascript:", "alert(1)", "mailto:", "me@a.example",
        "<b", "</", "<!--", "<https://",
    ]
)  # fmt: skip


@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_a_twin_is_parsed_wherever_a_parser_would_find_something(text: str) -> None:
    """Whatever the pieces are put together to: what is passed over holds nothing that a parser finds."""
    assert [*LOOK.markdown(text)] == [*LOOK.parsed(text)]


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("# A\n\n- [a](/sub/b/), [c](https://b.example/) and `[d](x)`\n", True),
        ("![a](/sub/b.svg)", True),
        ("![a](https://b.example/b.svg)", False),
        ('[a](/b/ "t")', False),
        ("[a](</b/>)", False),
        ("[a](/b\\)/)", False),
        ("[a](/b/(c)/)", False),
        ("[a]\n\n[a]: /b/", False),
        ("<https://b.example/>", False),
        ("[a](javascript:b)", False),
        ("2 < 3 [a]", True),
    ],
)
def test_a_twin_of_plain_links_needs_no_parser(text: str, is_plain: bool) -> None:
    """And no other: a title, a bracket, an escape or a name for a link is for the parser."""
    assert LOOK.is_plain(text) == is_plain
