"""What the preview adds to a page: problems and their cures, a ribbon, a switch; for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.publish.previews import Preview, previewing

pytestmark = pytest.mark.browser
PAGE = "<!doctype html><html lang=en><head><title>%s</title></head><body><h1>%s</h1></body></html>"
PROBLEM = {
    "path": "content/guides/x y.md", "line": 7, "column": 3, "rule": "unknown",
    "message": "'nosie' is unknown.", "cure": "Did you mean 'noise'?", "warning": False,
}  # fmt: skip


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    """Run a preview."""
    write(tmp_path, "First")
    with previewing(tmp_path) as preview:
        yield preview


def write(folder: Path, title: str) -> None:
    """Write the page."""
    (folder / "index.html").write_text(PAGE.replace("%s", title), encoding="utf-8")


def test_problems_are_shown_with_cure_and_editor(preview: Preview, chromium: Any, axe: str) -> None:
    """They are said once, led through by keyboard, and gone when they are mended."""
    page = chromium.new_context().new_page()
    page.goto(preview.address)
    button = page.get_by_role("button", name="Preview")
    preview.tell(building=False, fresh=False, problems=[PROBLEM])
    panel = page.get_by_role("region", name="Preview")
    link = panel.get_by_role("link", name="content/guides/x y.md:7")
    link.wait_for()
    assert link.get_attribute("href").endswith("/content/guides/x%20y.md:7:3")
    assert link.get_attribute("href").startswith("vscode://file/")
    assert "Did you mean 'noise'?" in panel.inner_text()
    assert "1 problem. content/guides/x y.md:7" in page.get_by_role("status").inner_text()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = faults(page, axe)
        assert found == [], (scheme, found)
    link.focus()
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert (
        page.evaluate("document.querySelector('[data-preview]').shadowRoot.activeElement.className") == "bar"
    )
    page.keyboard.press("Enter")
    panel.wait_for()
    page.get_by_role("switch", name="As published").click()
    write(preview.service.shelf.folder, "Second")
    preview.tell(
        building=False, fresh=True, problems=[], held={"/": ("draft", "Second", "content/x.md", True)}
    )
    page.get_by_role("heading", name="Second").wait_for()
    page.get_by_role("note").wait_for()
    assert page.get_by_role("note").inner_text() == "Draft: not published"
    assert preview.heard == [{"with_held": False}]
    assert button.inner_text() == "Preview: Up to date"
    page.context.close()


def faults(page: Any, axe: str) -> list[str]:
    """Return what axe finds in what the preview adds."""
    page.evaluate(axe)
    found = page.evaluate("axe.run('[data-preview]')")
    assert "link-name" in [one["id"] for one in found["passes"]]
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]
