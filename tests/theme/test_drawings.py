"""The line drawings: one family, small, safe, and joined by the thread."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugins.assets.drawings import FOLDER, THREAD, Drawings, inline
from plugins.library.svg import svg_faults
from tests.conftest import ROOT, Site

FILES = sorted((ROOT / "theme" / "static" / FOLDER).glob("*.svg"))
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 16">{}</svg>'


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_drawing_is_small_and_safe(path: Path) -> None:
    """Every drawing has at most 1,024 bytes and holds nothing but shapes."""
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) <= 1024
    assert svg_faults(text) == []


@pytest.mark.parametrize("path", [path for path in FILES if path.stem != "home"], ids=lambda path: path.stem)
def test_thread_comes_in_and_leaves_at_the_same_height(path: Path) -> None:
    """Drawings stand side by side because the thread crosses both edges on the ground line, at 140 of 160."""
    text = path.read_text(encoding="utf-8")
    assert 'viewBox="0 0 240 160"' in text
    thread = re.search(r'class="thread"[^>]* d="([^"]+)"', text)
    assert thread is not None
    assert thread[1].startswith("M0 140")


def test_every_sign_and_guide_has_a_drawing_of_its_own(site: Site) -> None:
    """Each sign and each guide shows its own drawing at the head of its page, hidden from screen readers."""
    drawings = Drawings(ROOT / "theme" / "static" / FOLDER)
    assert drawings.problems == []
    for entry in [*site.library.of_kind("sign"), *site.library.of_kind("guide")]:
        assert entry.slug in drawings
        if entry.front.safety:
            continue  # numbers come first there
        shown = site.soup(entry.url).select_one(".entry > .thread > svg[aria-hidden=true]")
        assert shown is not None
        path = shown.select_one(".drawing__thread")
        assert path is not None
        assert str(path["d"]) in str(drawings(entry.slug))


def test_inline_drawing_takes_its_colours_from_the_style_sheet() -> None:
    """No colour, no namespace and no line break stays in the drawing a page holds."""
    text = SVG.format('\n  <path class="ink" stroke="#2c2840" d="M0 0"/>\n')
    assert inline(text) == (
        '<svg class="drawing" viewBox="0 0 24 16" aria-hidden="true" focusable="false">'
        '<path class="drawing__ink" d="M0 0"/></svg>'
    )


def test_drawing_falls_back_to_its_kind(tmp_path: Path) -> None:
    """The first name that has a drawing wins; with none at all the thread runs through alone."""
    (tmp_path / "sign.svg").write_text(SVG.format('<path d="M1 1"/>'), encoding="utf-8")
    drawings = Drawings(tmp_path)
    assert "M1 1" in drawings("trust", "sign")
    assert drawings("a-new-guide", "guide") == THREAD
    assert "M0 140" in THREAD


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<path onclick="x()"/>', "'onclick'"),
        ('<path style="fill:red"/>', "'style'"),
        ('<use href="https://example.org/a.svg#b"/>', "example.org"),
        ('<a xmlns:x="http://www.w3.org/1999/xlink" x:href="javascript:x()"/>', "<a>"),
        ('<rect fill="url(https://example.org/x)"/>', "'fill' is"),
        ('<rect fill="URL(https://example.org/x)"/>', "'fill' is"),
        (r'<rect fill="\75rl(https://example.org/x)"/>', "'fill' is"),
        ('<rect fill="u&#114;l(//example.org/x)"/>', "'fill' is"),
        ('<rect fill="url(#a) url(//example.org)"/>', "'fill' is"),
        ('<rect mask="image-set(url(x) 1x)"/>', "'mask' is"),
        ("<rect fill=\"image('//example.org/x')\"/>", "'fill' is"),
        ('<g xml:base="https://example.org/"><path d="M0 0"/></g>', "'xml:base'"),
        ('<rect filter="url(#a)"/>', "'filter'"),
        ('<rect class="a;b:c(d)"/>', "'class' is"),
        ('<animate attributeName="href" to="x"/>', "<animate>"),
        ('<set attributeName="href" to="x"/>', "<set>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<image/>", "<image>"),
        ("<style>@import 'x'</style>", "<style>"),
        ('<x:path xmlns:x="https://example.org/"/>', "<path>"),
        ('<path xmlns:x="https://example.org/" x:d="M0 0"/>', "'…:d'"),
        ("<g>", "not well-formed"),
        ("<title>turn \u202e around</title>", "U+202E"),
        ("<title>turn &#8238; around</title>", "U+202E"),
        ("<g>" * 40 + "</g>" * 40, "in each other"),
        ('<path d="M0 0"/>' * 3001, "3,000 elements"),
        ('<use href="#a"/>' * 201, "<use>"),
        ('<g id="a"><use href="#b"/><use href="#b"/></g><g id="b"/><use href="#a"/>', "'#b'"),
        ('<use id="a" href="#b"/><use href="#a"/>', "'#b'"),
        ('<pattern id="a"><rect fill="url(#b)"/></pattern><pattern id="b"/><rect fill="url(#a)"/>', "'#b'"),
    ],
)
def test_svg_that_runs_loads_or_grows_is_refused(bad: str, fault: str) -> None:
    """What is not on the list of elements, attributes and values is one fault, on its line."""
    (found,) = svg_faults(SVG.format(f"\n{bad}"))
    assert fault in found.words
    assert found.line >= 2


@pytest.mark.parametrize(
    "good",
    [
        '<defs><linearGradient id="a"><stop offset=".5" stop-color="#fff"/></linearGradient></defs>'
        '<rect id="b" width="2" height="2" fill="url(#a)"/>'
        '<use href="#b" x="3" transform="translate(1 2) scale(2)"/>',
        '<text x="1" y="2" font-family="Georgia, \'Times\', serif">Tea &amp; cake</text>',
        '<clipPath id="c"><circle r="4"/></clipPath><g clip-path="url(#c)"><path d="M0,0 1e1-2 Z"/></g>',
        "<!-- a remark --><title>A cup</title>"
        '<path data-name="x" stroke="rgb(1 2 3 / 50%)" aria-label="tea: hot"/>',
    ],
)
def test_svg_of_shapes_is_read(good: str) -> None:
    """Shapes, gradients, clips and copies of shapes are what drawings are made of."""
    assert svg_faults(SVG.format(good)) == []


@pytest.mark.parametrize(
    "box",
    [
        "",
        "0 0 24",
        "0 0 24 16 8",
        "0 0 0 16",
        "0 0 -24 16",
        "0 0 1e9 16",
        "0 0 nan 16",
        "a b c d",
        "0 0 1e999 1",
    ],
)
def test_svg_without_a_size_is_refused(box: str) -> None:
    """A picture has a width and a height, within reason."""
    (found,) = svg_faults(SVG.format("").replace("0 0 24 16", box))
    assert "viewBox" in found.words


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE svg [<!ENTITY a "b">]>',
        '<!DOCTYPE svg PUBLIC "x" "https://example.org/x.dtd">',
        '<?xml version="1.0" encoding="UTF-16"?>',
        '<?xml-stylesheet href="https://example.org/x.css"?>',
    ],
)
def test_svg_with_a_head_of_its_own_is_refused(head: str) -> None:
    """A document type, another encoding or a style sheet could hide anything."""
    assert len(svg_faults(head + SVG.format(""))) == 1
