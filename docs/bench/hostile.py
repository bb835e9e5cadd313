"""Hostile edits at random, seen in a browser: ``python docs/bench/hostile.py``.

A small library, its theme, its code and its settings are spoilt and mended a hundred times,
as the test of the preview does it.  Printed is, for each kind of edit, after how many seconds
the page in the browser was right again: median and worst.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import tempfile
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def measure_edits(number: int) -> None:
    """Print how long it takes from the last save of an edit until the browser has the right page."""
    sys.path.insert(0, str(ROOT))
    from tests.publish.test_preview import PAGE, SURVIVED, Project, previewed

    class InBrowser(Project):
        def page(self, address: str = PAGE) -> str:
            return content_of(page) if address == PAGE else super().page(address)

    edits = random.Random(number).choices(SURVIVED, k=number)  # noqa: S311 - no secret
    taken = defaultdict[str, list[float]](list)
    chromium = next(path for name in BROWSERS if (path := shutil.which(name)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        with previewed(InBrowser(Path(folder)), ROOT / ".cache") as project:
            page.goto(project.address + PAGE)
            for edit in edits:
                edit(project)
                taken[edit.__name__].append(project.seconds[-1])
                project.settle()
        browser.close()
    taken["all"] = [one for seconds in taken.values() for one in seconds]
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        print(f"{name:16} {len(seconds):4}: median {middle:.2f} s, worst {max(seconds):.2f} s")


def content_of(page: Page) -> str:
    """Return what is in the browser, once it is not on its way to another page."""
    while True:
        with suppress(Error):
            return str(page.content()).replace('=""', "")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--edits", type=int, default=100)
    measure_edits(parser.parse_args().edits)


if __name__ == "__main__":
    main()
