"""Waiting for a page, never for a time."""

from __future__ import annotations

from typing import Any

_LONGEST = 30_000
"""Milliseconds in which anything has to come true."""
_SETTLED = """() => new Promise(done => {
    const later = () => requestAnimationFrame(() => setTimeout(() => requestIdleCallback(done)));
    requestAnimationFrame(later);
})"""


def until(page: Any, holds: str, arg: object = None) -> None:
    """Wait until ``holds``, a function in the page's own language, gives something true.

    It is handed over once and asked from then on in the page: asking anew each time, as Playwright does,
    is what the pages' policy forbids, and works only if it holds at once.
    """
    page.evaluate(
        f"arg => new Promise((done, fail) => {{ const holds = {holds}, end = performance.now() + {_LONGEST}; "
        "const look = async () => await holds(arg) ? done() : performance.now() > end "
        "? fail(new Error('it never came true')) : setTimeout(look, 20); look(); })",
        arg,
    )


def settle(page: Any) -> None:
    """Wait until the page has loaded, drawn what it has to show, and is idle.

    What it was going to ask for is asked.
    """
    page.wait_for_load_state("load")
    page.evaluate(_SETTLED)


def layouts(page: Any, script: str) -> tuple[int, int]:
    """Run a script that acts and then asks for the layout, several times over.

    Return how often, and the layouts made.
    """
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def count() -> int:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(int(metric["value"]) for metric in metrics if metric["name"] == "LayoutCount")

    settle(page)
    before = count()
    times = int(page.evaluate(script))
    return times, count() - before
