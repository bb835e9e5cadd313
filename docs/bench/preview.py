"""How long it takes from a saved file to the page in the browser: ``python docs/bench/preview.py``.

A copy of the project is previewed, a page of it is open in Chromium, and its file is saved
twenty times with another title.  Printed is the median, and each of the twenty.

With ``--edits`` it is settings, a style sheet, a template and a plugin that are changed, broken and
mended, and a folder that is renamed and back, twenty times each: how long until the browser shows it.

With ``--rounds 200`` a file of a small library is saved so often instead, and the memory of
the processes that stay is printed on the way.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("content", "theme", "plugins", "publish", "pelican.conf.py", "publish.toml", "requirements.lock")
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ENTRY = "strategies/show-empathy"
SAVES = 20


@contextmanager
def previewed(project: Path, *, small: bool = False) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Preview a copy of the project and give its address and process, once all of it was built."""
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, project / name)
    if small:
        make_small(project)
    command = [sys.executable, "-u", "-m", "publish", "preview", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(project)}
    with subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield first_words(process), process
        finally:
            process.terminate()


def make_small(project: Path) -> None:
    """Put a small library in the place of ours."""
    shutil.rmtree(project / "content")
    shutil.copytree(ROOT / "tests" / "hostile" / "library", project / "content")
    settings = (project / "pelican.conf.py").read_text(encoding="utf-8")
    settings = re.sub(r"^MAIN_COUNTRIES = .*$", 'MAIN_COUNTRIES = ["GB"]', settings, flags=re.M)
    (project / "pelican.conf.py").write_text(settings, encoding="utf-8")


def first_words(process: subprocess.Popen[str]) -> str:
    """Return the address that the preview prints, when its first round is done."""
    address = ""
    for line in process.stdout or ():
        address = address or "".join(re.findall(r"http://\S+(?=/)", line))
        if " in all " in line:
            return address
    raise SystemExit("the preview ended")


def retitled(entry: Path, title: str) -> str:
    """Return the text of an entry with another title."""
    text = entry.read_text(encoding="utf-8")
    return re.sub(r"^title: .*$", f"title: {title}", text, count=1, flags=re.M)


def seconds_of_a_save(page: Page, entry: Path, number: int) -> float:
    """Save another title, and return after how many seconds the page in the browser had it."""
    title = f"Save number {number}"
    text = retitled(entry, title)
    started = time.monotonic()
    with page.expect_event("load"):
        entry.write_text(text, encoding="utf-8")
    while title not in page.title():
        page.wait_for_event("load")
    return time.monotonic() - started


@contextmanager
def shown(folder: Path) -> Iterator[tuple[Page, str]]:
    """Preview our own site and give a page of it in a browser, and the address of the preview."""
    browser_path = next(path for name in BROWSERS if (path := shutil.which(name)))
    with previewed(folder) as (address, _), sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{address}/{ENTRY}/")
        yield page, address
        browser.close()


def measure_saves() -> None:
    """Print how long saves take to be seen."""
    with tempfile.TemporaryDirectory() as folder, shown(Path(folder)) as (page, _):
        saves = []
        for number in range(SAVES):
            time.sleep(3.0)  # as somebody who writes: the round before is over
            saves.append(seconds_of_a_save(page, Path(folder) / "content" / f"{ENTRY}.md", number))
        say("saved to refreshed", saves)


def say(what: str, seconds: list[float]) -> None:
    """Print what was measured."""
    print(f"{what}: median {statistics.median(seconds):.2f} s, most {max(seconds):.2f} s of {len(seconds)}")
    print(" ".join(f"{one:.2f}" for one in seconds), flush=True)


Step = tuple[str, Callable[[], object], str]
"""What an edit is called, what it does, and what is so in the page once it is seen."""
_MENU = "document.querySelector('[data-preview]')?.shadowRoot.querySelector('.bar')?.dataset.state"
TOLD, MENDED = f"{_MENU} == 'problems'", f"{_MENU} && {_MENU} != 'problems'"


def edits(project: Path, number: int) -> Iterator[Step]:
    """Yield edits, one after the other; what is broken is mended."""

    def put(name: str, old: str, new: str) -> Callable[[], object]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return lambda: (project / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    name, sheet, template = "pelican.conf.py", "theme/static/css/base.css", "theme/templates/base.html"
    yield (
        "settings",
        put(name, '"Common Thread"', f'"Thread {number}"'),
        f"document.title.includes('Thread {number}')",
    )
    style = "getComputedStyle(document.querySelector('main')).orphans"
    rule = f"@layer base {{ main {{ orphans: {number + 3}; }} }}\n"
    yield "style sheet", put(sheet, "", rule), f"{style} == {number + 3}"
    yield (
        "template",
        put(template, "<html ", f"<html data-at='{number}' "),
        f"document.querySelector('[data-at=\"{number}\"]')",
    )
    for plugin, old, new, seen in PLUGINS:
        words = new.format(number)
        yield (
            f"{plugin} changed",
            put(plugin, old, words),
            f"document.documentElement.outerHTML.includes('{seen.format(number)}')",
        )
        yield f"{plugin} broken", put(plugin, "", "def broken(:\n"), TOLD
        yield f"{plugin} mended", put(plugin, "", ""), MENDED
    folder, away = project / "content", project / "away"
    yield "folder renamed", lambda: folder.rename(away), TOLD
    yield "folder back", lambda: away.rename(folder), MENDED


PLUGINS = (
    ("plugins/common_thread/structured.py", "https://schema.org", "https://schema{}.org", "schema{}.org"),
    ("plugins/common_thread/kinds/strategy.py", '    "Strategy",\n', '    "Practice {}",\n', "Practice {}"),
    ("plugins/library/text/as_html.py", "{attributes}>", "{{attributes}} data-to{}>", "data-to{}"),
    (
        "plugins/library/entries.py",
        "return self.front.title\n",
        'return self.front.title + " {}"\n',
        "fixes {}",
    ),
)
"""Plugins from the outside in: the last is imported by nearly all."""


def measure_edits(times: int) -> None:
    """Print how long each kind of edit takes to be seen."""
    with tempfile.TemporaryDirectory() as folder, shown(Path(folder)) as (page, address):
        seconds: dict[str, list[float]] = {}
        for number in range(times):
            for what, edit, seen in edits(Path(folder), number):
                settle(address)
                started = time.monotonic()
                edit()
                page.wait_for_function(f"() => !!({seen})", timeout=60_000)
                seconds.setdefault(what, []).append(time.monotonic() - started)
        for what, found in seconds.items():
            say(what, found)


def settle(address: str) -> None:
    """Wait until the preview has nothing to do."""
    while state(address)["building"]:
        time.sleep(0.05)
    time.sleep(1.0)  # as somebody who reads what came


def measure_memory(rounds: int) -> None:
    """Print the memory of the server and of the process that stays warm, as rounds go by."""
    with tempfile.TemporaryDirectory() as folder, previewed(Path(folder), small=True) as (address, process):
        entry = Path(folder) / "content" / "strategies" / "listen-well.md"
        for number in range(rounds + 1):
            if number % max(rounds // 10, 1) == 0:
                print(f"{number:>5} rounds: {memory(process.pid)}", flush=True)
            before = state(address)["rounds"]
            entry.write_text(retitled(entry, f"Save number {number}"), encoding="utf-8")
            while (now := state(address))["rounds"] == before or now["building"]:
                time.sleep(0.02)


def state(address: str) -> dict[str, int]:
    """Return what the preview tells."""
    with urllib.request.urlopen(f"{address}/_preview/state") as answer:  # noqa: S310 - our own server
        found: dict[str, int] = json.load(answer)
    return found


def memory(process: int) -> str:
    """Return the resident memory of the server, of the spare process and of the warm one."""
    own, *below = family(process)
    sizes = [own[1], *(size for _, size in below)]
    names = ("server", "spare", "warm")
    return ", ".join(f"{name} {size / 1024:.1f} MB" for name, size in zip(names, sizes, strict=False))


def family(process: int) -> list[tuple[int, int]]:
    """Return (number, kilobytes) of a process, its child, the child of that."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True)
    rows = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    found = [(number, size) for number, _, size in rows if number == process]
    while below := [(number, size) for number, parent, size in rows if parent == found[-1][0]]:
        found.append(below[0])
    return found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, help="measure memory over so many rounds instead")
    parser.add_argument("--edits", action="store_true", help="measure other edits than those of an entry")
    options = parser.parse_args()
    if options.edits:
        measure_edits(SAVES)
    elif options.rounds:
        measure_memory(options.rounds)
    else:
        measure_saves()


if __name__ == "__main__":
    main()
