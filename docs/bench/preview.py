"""How long it takes from a saved file to the page in the browser: ``python docs/bench/preview.py``.

A copy of the project is previewed, a page of it is open in Chromium, and its file is saved
twenty times with another title.  Printed is the median, and each of the twenty.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("content", "theme", "plugins", "publish", "pelican.conf.py", "publish.toml", "requirements.lock")
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ENTRY = "strategies/show-empathy"
SAVES = 20


@contextmanager
def previewed(project: Path) -> Iterator[str]:
    """Preview a copy of the project and give its address, once all of it was built."""
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, project / name)
    command = [sys.executable, "-u", "-m", "publish", "preview", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(project)}
    with subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield first_words(process)
        finally:
            process.terminate()


def first_words(process: subprocess.Popen[str]) -> str:
    """Return the address that the preview prints, when its first round is done."""
    address = ""
    for line in process.stdout or ():
        address = address or "".join(re.findall(r"http://\S+(?=/)", line))
        if " in all " in line:
            return address
    raise SystemExit("the preview ended")


def seconds_of_a_save(page: Page, entry: Path, number: int) -> float:
    """Save another title, and return after how many seconds the page in the browser had it."""
    text = entry.read_text(encoding="utf-8")
    title = f"Save number {number}"
    text = re.sub(r"^title: .*$", f"title: {title}", text, count=1, flags=re.M)
    started = time.monotonic()
    with page.expect_event("load"):
        entry.write_text(text, encoding="utf-8")
    while title not in page.title():
        page.wait_for_event("load")
    return time.monotonic() - started


def main() -> None:
    """Print the figures."""
    browser_path = next(path for name in BROWSERS if (path := shutil.which(name)))
    with (
        tempfile.TemporaryDirectory() as folder,
        previewed(Path(folder)) as address,
        sync_playwright() as tools,
    ):
        browser = tools.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{address}/{ENTRY}/")
        entry = Path(folder) / "content" / f"{ENTRY}.md"
        saves = []
        for number in range(SAVES):
            time.sleep(3.0)  # as somebody who writes: the round before is over
            saves.append(seconds_of_a_save(page, entry, number))
        browser.close()
        print(f"saved to refreshed: median {statistics.median(saves):.2f} s of {SAVES} saves")
        print(" ".join(f"{one:.2f}" for one in saves))


if __name__ == "__main__":
    main()
