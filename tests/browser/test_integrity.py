"""A script that is loaded on use runs only if it is, to the byte, the one that the page was built with."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser
MORE = "\nwindow.isForeign = true;"


def exchange(page: Any, pattern: str) -> None:
    """Let a server give another script in the place of one, which does what it did and more."""

    def answer(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text() + MORE)

    page.route(pattern, answer)


@pytest.fixture
def reader(chromium: Any, served: str) -> Any:
    """Return an empty page, which may complain."""
    context = chromium.new_context(base_url=served, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("script", ["strategy-finder", "page"])
def test_an_exchanged_script_does_not_run(reader: Any, script: str) -> None:
    """Neither one that is loaded on use nor one that it imports; the page is as it is without script."""
    exchange(reader, f"**/assets/{script}.*.js")
    with reader.expect_event("console", lambda message: "integrity" in message.text):
        reader.goto("/finder/")
    assert reader.evaluate("window.isForeign") is None
    assert reader.evaluate("customElements.get('strategy-finder')") is None
    assert reader.locator(".found:visible").count() > 0


def test_an_exchanged_search_does_not_run(reader: Any) -> None:
    """Pagefind's own script is held to the page, too; the reader is told that the search can't be loaded."""
    exchange(reader, "**/pagefind/pagefind.js")
    reader.goto("/search/")
    reader.get_by_role("searchbox").fill("phone")
    reader.locator(".search__status", has_text="can’t be loaded").wait_for()
    assert reader.evaluate("window.isForeign") is None


def test_a_script_that_nobody_vouches_for_is_not_fetched(page: Any, served: str) -> None:
    """The servers' policy refuses it, even from this very site."""
    page.goto("/about/")
    fetched: list[str] = []
    page.on("response", lambda response: fetched.append(response.url))
    refused = page.evaluate("import('/pagefind/pagefind.js').then(() => false, () => true)")
    assert refused
    assert f"{served}/pagefind/pagefind.js" not in fetched
