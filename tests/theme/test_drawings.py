"""The line drawings: one family, small, safe, and joined by the thread."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugins.assets.drawings import FOLDER, Drawings, inline
from plugins.library.svg import svg_faults
from tests.conftest import ROOT, Site

FILES = sorted((ROOT / "theme" / "static" / FOLDER).glob("*.svg"))
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 16">{}</svg>'


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_drawing_is_small_and_safe(path: Path) -> None:
    """Every drawing has at most 1,024 bytes and holds nothing but shapes."""
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) <= 1024
    assert list(svg_faults(text)) == []


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
    """The first name that has a drawing wins; with none at all the template is wrong."""
    (tmp_path / "sign.svg").write_text(SVG.format('<path d="M1 1"/>'), encoding="utf-8")
    drawings = Drawings(tmp_path)
    assert "M1 1" in drawings("trust", "sign")
    with pytest.raises(KeyError, match="trust or guide"):
        drawings("trust", "guide")


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<path onclick="x()"/>', "'onclick'"),
        ('<path style="fill:red"/>', "'style'"),
        ('<use href="https://example.org/a.svg#b"/>', "example.org"),
        ('<a xmlns:x="http://www.w3.org/1999/xlink" x:href="javascript:x()"/>', "<a>"),
        ('<rect fill="url(https://example.org/x)"/>', "loads"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<image/>", "<image>"),
        ("<g>", "not well-formed"),
    ],
)
def test_svg_that_runs_or_loads_is_refused(bad: str, fault: str) -> None:
    """Scripts, event attributes, inline styles and addresses outside the file are faults."""
    assert any(fault in found for found in svg_faults(SVG.format(bad)))


def test_svg_with_an_entity_is_refused() -> None:
    """A document type could hide anything in its entities."""
    assert list(svg_faults('<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format(""))) != []
