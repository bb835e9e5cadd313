"""Builds one corpus with us, with stock Pelican and with Hugo, in turn, and compares their processor time.

    python docs/bench/beside.py 1000 --rounds 3 --hugo path/to/hugo

The same work for each: a page for every entry with its headings, the relations of both ends and
who mentions it; lists of all in pages of 50; a feed of the newest 20.  Each is built **cold**, then
with **nothing changed**, then with one entry **touched**: a new title and a new line, which must
show on its page, on all that link to it, and in the lists.  The output is looked at each time: who
leaves something out is named, and its time is worth nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_KILOBYTES_OF_ONE = 1024 if sys.platform != "darwin" else 1024 * 1024
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
_TEXT = """after again ask bench bread bridge call careful chair clear close cup door early evening far field
first friend garden give glass hand hear hold home hour kind kitchen late laugh letter light line
listen long look lunch make meet morning near open own paper plain play quiet rain read river room
say short side sit slow small song speak stay step still stone story street sun table take talk tea
tell thank think time tired trust turn wait walk wall warm week while window wish word work write"""


@dataclass(frozen=True)
class Entry:
    """One entry of the corpus; a ``body`` names others as ``{slug}``."""

    slug: str
    kind: str
    title: str
    summary: str
    addresses: tuple[str, ...]
    mentions: tuple[str, ...]
    body: str

    @property
    def url(self) -> str:
        """Return its address."""
        return f"/{self.kind}/{self.slug}/"


def corpus(number: int) -> list[Entry]:
    """Return ``number`` entries of some 800 words; the same number always gives the same ones."""
    chance = random.Random(number)  # noqa: S311 — nothing secret
    kinds = ["strategies" if at % 10 < 7 else "obstacles" for at in range(number)]
    slugs = [f"{kind}-{at}" for at, kind in enumerate(kinds)]
    obstacles = [slug for slug, kind in zip(slugs, kinds, strict=True) if kind == "obstacles"]
    entries = []
    for at, (slug, kind) in enumerate(zip(slugs, kinds, strict=True)):
        others = tuple(one for one in chance.sample(slugs, 5) if one != slug)[:4]
        addresses = tuple(chance.sample(obstacles, 2)) if kind == "strategies" else ()
        summary = f"What number {at} of the {kind} says to all those who come and ask for it, in one line."
        title = f"Number {at} of the {kind}"
        entries.append(Entry(slug, kind, title, summary, addresses, others, _body(chance, others)))
    return entries


def _body(chance: random.Random, links: tuple[str, ...]) -> str:
    parts = []
    for at in range(8):
        if at % 2:
            parts.append(f"## {' '.join(chance.sample(_TEXT.split(), 3)).capitalize()}")
        words = chance.choices(_TEXT.split(), k=100)
        if at < len(links):
            words.insert(50, f"{{{links[at]}}}")
        parts.append(" ".join(words).capitalize() + ".")
    return "\n\n".join(parts) + "\n"


@dataclass
class Tool:
    """A generator in the comparison: how it is given the corpus, and how it is run."""

    name: str
    command: list[str]
    write: Callable[[Entry, Path], None]
    prepare: Callable[[Path], None]
    index: str
    feed: str
    output: str = "output"
    times: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    memory: int = 0
    """Megabytes of its largest process."""

    def run(self, folder: Path, step: str) -> None:
        """Build once, and note processor and wall seconds."""
        started = time.monotonic()
        environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "PYTHONUTF8": "1"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # whoever builds has compiled modules
        process = os.fork()
        if process == 0:
            os.chdir(folder)
            log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.execvpe(self.command[0], self.command, environment)  # noqa: S606 — no shell is wanted
        _, status, usage = os.wait4(process, 0)
        if status:
            sys.exit(f"{self.name} failed:\n{(folder / 'log').read_text()[-2000:]}")
        seconds = usage.ru_utime + usage.ru_stime, time.monotonic() - started
        self.times.setdefault(step, []).append(seconds)
        self.memory = max(self.memory, usage.ru_maxrss // _KILOBYTES_OF_ONE)


def _yaml(entry: Entry, *more: str) -> str:
    rows = [f"title: {entry.title}", f"summary: {entry.summary}", *more]
    if entry.addresses:
        rows.append(f"addresses: [{', '.join(entry.addresses)}]")
    return "\n".join(["---", *rows, "---", ""])


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _linked(entry: Entry, link: Callable[[str], str]) -> str:
    body = entry.body
    for slug in entry.mentions:
        body = body.replace(f"{{{slug}}}", link(slug))
    return body


def write_ours(entry: Entry, folder: Path) -> None:
    """Write an entry as we read it."""
    text = _yaml(entry, "reviewed: 2026-11-01", "date: 2026-11-01")
    _put(folder / f"content/{entry.kind}/{entry.slug}.md", text + _linked(entry, lambda slug: f"[[{slug}]]"))


def write_stock(entry: Entry, folder: Path) -> None:
    """Write an entry as stock Pelican reads it."""
    rows = [f"Title: {entry.title}", f"Slug: {entry.slug}", "Date: 2026-11-01", f"Summary: {entry.summary}"]
    for at, slug in enumerate(entry.addresses):
        rows.append(f"    {slug}" if at else f"Addresses: {slug}")
    text = "\n".join([*rows, "", ""]) + _linked(entry, lambda slug: f"[[{slug}]]")
    _put(folder / f"content/{entry.kind}/{entry.slug}.md", text)


def write_hugo(entry: Entry, folder: Path) -> None:
    """Write an entry as Hugo reads it; it is told whom the text mentions, which it could not find out."""
    text = _yaml(entry, "date: 2026-11-01", f"mentions: [{', '.join(entry.mentions)}]")
    body = _linked(entry, lambda slug: f'{{{{< link "{slug}" >}}}}')
    _put(folder / f"content/{entry.kind}/{entry.slug}.md", text + body)


def tools(hugo: str) -> Iterator[Tool]:
    """Yield those that are there."""
    ours = [sys.executable, "build.py"]
    stock = [sys.executable, "-m", "pelican", "-s", "pelicanconf.py", "-q"]
    yield Tool("ours", ours, write_ours, _copier("common"), "index.html", "feeds/changes.atom.xml")
    yield Tool("stock Pelican", stock, write_stock, _copier("stock"), "index.html", "feeds/all.atom.xml")
    if hugo:
        command = [hugo, "--quiet", "--destination", "output", "--cleanDestinationDir"]
        yield Tool("Hugo", command, write_hugo, _copier("hugo"), "index.html", "index.xml")


def _copier(name: str) -> Callable[[Path], None]:
    return lambda folder: shutil.copytree(HERE / name, folder, dirs_exist_ok=True) and None


def check(tool: Tool, folder: Path, entries: list[Entry], touched: Entry | None = None) -> None:
    """Stop if a page, a list, the feed, a relation or a mention is not there."""
    output = folder / tool.output
    by_slug = {entry.slug: entry for entry in entries}
    if touched:
        by_slug[touched.slug] = touched
    seen = entries if touched is None else [one for one in entries if touched.slug in one.mentions]
    for entry in seen:
        page = (output / f"{entry.kind}/{entry.slug}/index.html").read_text(encoding="utf-8")
        for slug in (*entry.addresses, *entry.mentions):
            _demand(by_slug[slug].title in page, tool, f"{entry.slug} does not show the title of {slug}")
    for entry in entries[:: max(1, len(entries) // 50)]:
        for slug in entry.mentions:
            page = (output / by_slug[slug].url.strip("/") / "index.html").read_text(encoding="utf-8")
            _demand(entry.url in page, tool, f"{slug} does not say that {entry.slug} mentions it")
    _demand(
        (output / tool.index).is_file() and (output / tool.feed).is_file(), tool, "there is no list or feed"
    )
    if touched:
        page = (output / touched.url.strip("/") / "index.html").read_text(encoding="utf-8")
        _demand(touched.title in page and "One line more." in page, tool, "the touched page is an old one")
        lists = [*output.glob("index*.html"), *output.glob("page/*/index.html")]
        lists_text = "".join(path.read_text(encoding="utf-8") for path in lists)
        _demand(touched.title in lists_text, tool, "no list has the new title")


def _demand(holds: bool, tool: Tool, words: str) -> None:
    if not holds:
        sys.exit(f"{tool.name}: {words}.")


def compare(number: int, rounds: int, found: list[Tool], folder: Path) -> None:
    """Build the corpus with every tool, in turn, ``rounds`` times."""
    entries = corpus(number)
    at = next(at for at, entry in enumerate(entries) if entry.kind == "obstacles")
    old = entries[at]
    new = Entry(
        old.slug, old.kind, f"{old.title}, anew", old.summary, old.addresses, old.mentions,
        f"{old.body}\nOne line more.\n",
    )  # fmt: skip
    for tool in found:
        place = folder / tool.name.replace(" ", "-")
        tool.prepare(place)
        for entry in entries:
            tool.write(entry, place)
    for turn in range(rounds):
        for tool in found:
            place = folder / tool.name.replace(" ", "-")
            tool.write(old, place)
            for name in ("output", "kept", "resources", "__pycache__"):
                shutil.rmtree(place / name, ignore_errors=True)
            for step, touched in (("cold", None), ("nothing changed", None), ("one touched", new)):
                if touched:
                    tool.write(touched, place)
                tool.run(place, step)
                check(tool, place, entries, touched)
            print(f"round {turn + 1}: {tool.name}", file=sys.stderr, flush=True)


def table(found: list[Tool]) -> str:
    """Return the medians as Markdown: processor seconds, and wall seconds in brackets; and the memory."""
    steps = [*found[0].times]
    rows = [f"| | {' | '.join(steps)} | memory |", f"| --- |{' --- |' * (len(steps) + 1)}"]
    for tool in found:
        cells = []
        for step in steps:
            cpu, wall = (statistics.median(one) for one in zip(*tool.times[step], strict=True))
            cells.append(f"{cpu:.2f} ({wall:.2f})")
        rows.append(f"| {tool.name} | {' | '.join(cells)} | {tool.memory} MB |")
    return "\n".join(rows)


def main() -> None:
    """Run the comparison and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("number", type=int, help="how many entries")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is built (3)")
    parser.add_argument("--hugo", default=shutil.which("hugo") or "", help="the program, if it is on no path")
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="leave out all others; may be said again"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="beside-") as folder:
        found = [tool for tool in tools(options.hugo) if not options.only or tool.name in options.only]
        compare(options.number, options.rounds, found, Path(folder))
        print(table(found))


if __name__ == "__main__":
    main()
