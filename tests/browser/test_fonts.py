"""What the browser tests measure depends on no font of the machine they run on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fonts import GENERIC

pytestmark = pytest.mark.browser


def fonts_of(page: Any, selector: str) -> set[tuple[str, bool]]:
    """Return the families that texts below the elements are drawn with, and whether the page brought them."""
    session = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
    found = [session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"] for node in nodes]
    return {(font["familyName"], font["isCustomFont"]) for fonts in found for font in fonts}


@pytest.mark.parametrize("family", [*GENERIC, "DejaVu Sans", "Arial", "Noto Serif", "no such font"])
def test_no_font_of_the_machine_is_seen(page: Any, family: str) -> None:
    """Whatever a style sheet asks for, known or not, one of the locked fonts is used.

    Also for signs few fonts have.
    """
    page.set_content(
        f"<p style=\"font-family: '{family}'\">Text ✓ ↩ שלום</p><p style='font-family: {family}'>Text</p>"
    )
    assert {name for name, _ in fonts_of(page, "p")} <= set(GENERIC.values())


def test_the_generic_families_are_what_they_are_meant_to_be(page: Any) -> None:
    """Each one is its own face: a serif is not drawn as a sans."""
    for generic, font in GENERIC.items():
        page.set_content(f"<p style='font-family: {generic}'>Text</p>")
        assert fonts_of(page, "p") == {(font, False)}, generic


def test_the_site_is_drawn_with_the_locked_fonts(page: Any) -> None:
    """Text and navigation use them, and headings the font that the site brings."""
    page.goto("/strategies/show-empathy/")
    page.evaluate("document.fonts.ready.then(() => true)")
    locked = {
        name.removesuffix(" SemiBold") for name, own in fonts_of(page, "main p, .site-nav a") if not own
    }
    assert locked == {"Source Serif Pro", "Manrope"}
    assert any(own for _, own in fonts_of(page, "h1"))
