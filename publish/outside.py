"""``./publish.sh links --external``: whether what our pages point to elsewhere still answers.

It asks on demand and politely: one request after the other, a pause between two to one host, only the head
of a page where that will do, nothing again that answered within the last week, and it says who is asking.
What came of it is kept in the cache, for the desk of the preview.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import ssl
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from plugins.common_thread.data import SiteData
from plugins.common_thread.site import read
from plugins.library.cache import cache_folder
from plugins.library.entries import Library
from plugins.library.filters import today
from plugins.library.text.tree import elements
from plugins.problems import Problems
from publish.site_settings import site_settings

FILE = "outside-links.json"
PAUSE = 2.0
"""Seconds between two requests to one host."""
TIMEOUT = 20.0
FRESH_DAYS = 7
"""So long nothing that answered is asked again."""
_ENOUGH = "429"
_AGENT = "Mozilla/5.0 (compatible; common-thread link check; +{})"
_NOT_FOR_HEAD = {400, 403, 404, 405, 406, 500, 501, 503}
"""What servers say to HEAD that may say something else to GET."""
Places = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Answered:
    """What an address said when it was asked, and on which day it last answered well (or nothing)."""

    said: str
    asked: str
    answered: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether the last answer was a good one."""
        return bool(self.asked) and self.asked == self.answered


def outside_links(library: Library, data: SiteData) -> Places:
    """Return every address elsewhere that our pages point to, with the places (path:line) where it stands."""
    found: dict[str, dict[str, None]] = {}
    for url, path, line in _stated(library, data):
        found.setdefault(url.partition("#")[0], {})[f"{path}:{line}"] = None
    return {url: tuple(places) for url, places in sorted(found.items())}


def _stated(library: Library, data: SiteData) -> Iterator[tuple[str, str, int]]:
    for slug, entry in library.entries.items():
        body = library.bodies.get(slug)
        for node in elements(body.nodes if body else ()):
            url = node.get("href") if node.tag == "a" else ""
            if url.startswith(("http://", "https://")):
                yield url, entry.path, entry.body_line + _row(entry.body, url)
        if entry.front.image and entry.front.image.source:
            yield entry.front.image.source, entry.path, entry.line("image")
    evidence = library.data.get("evidence.yaml")
    for study in data.evidence.studies.values() if evidence else ():
        if evidence and study.doi:
            yield f"https://doi.org/{study.doi}", evidence.path, 1 + _row(evidence.text, study.doi)
    lines = library.data.get("helplines.yaml")
    for one in data.helplines.lines if lines else ():
        if lines and one.is_shown and one.url:
            yield one.url, lines.path, 1 + _row(lines.text, one.url)


def _row(text: str, words: str) -> int:
    """Return on which row of a text something stands, from 0."""
    return text.count("\n", 0, max(text.find(words), 0))


# Asking --------------------------------------------------------------------------


@dataclass(frozen=True)
class Asker:
    """Asks an address; ``agent`` is who says it asks, ``open_to`` opens a connection to its host."""

    agent: str
    timeout: float = TIMEOUT

    def __call__(self, url: str) -> tuple[bool, str]:
        """Return whether an address answers well, and what it says."""
        try:
            status, where = self._ask("HEAD", url)
            if status in _NOT_FOR_HEAD:
                status, where = self._ask("GET", url)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return False, _reason(error)
        if 300 <= status < 400:
            return leads(url, status, where)
        return 200 <= status < 300, f"{status} {http.client.responses.get(status, '')}".strip()

    def _ask(self, method: str, url: str) -> tuple[int, str]:
        """Return the status, and where else it leads; nothing is read of a page but its head."""
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=self.timeout)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request(method, target, headers={"User-Agent": self.agent, "Accept": "*/*"})
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", "")
        finally:
            connection.close()


def leads(url: str, status: int, where: str) -> tuple[bool, str]:
    """Return whether a redirect leads anywhere, and where; it is not followed."""
    if not where:
        return False, str(status)
    there = urljoin(url, where)
    return (False, f"{status}, leads to itself") if there == url else (True, f"{status}, leads to {there}")


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not valid"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return getattr(error, "strerror", None) or type(error).__name__


def in_turns(urls: Iterable[str]) -> list[str]:
    """Return addresses so that those of one host are as far apart as can be."""
    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(urlsplit(url).netloc, []).append(url)
    return [url for turn in zip_longest(*hosts.values()) for url in turn if url]


@dataclass
class Politeness:
    """Waits until a host may be asked again."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep

    def __post_init__(self) -> None:
        self._last: dict[str, float] = {}

    def wait_for(self, url: str) -> None:
        """Return when at least the pause has passed since its host was asked."""
        host, now = urlsplit(url).netloc, self.clock()
        if host in self._last and (left := self._last[host] + PAUSE - now) > 0:
            self.sleep(left)
        self._last[host] = self.clock()


def ask_all(
    urls: Iterable[str],
    ask: Callable[[str], tuple[bool, str]],
    known: Mapping[str, Answered],
    day: dt.date,
    politeness: Politeness,
) -> Iterator[tuple[str, Answered]]:
    """Yield each address with what it said now; one that is silent keeps the day of its last good answer.

    A host that says it was asked too much is asked nothing more: what is left of it stays due.
    """
    had_enough: set[str] = set()
    for url in in_turns(urls):
        host = urlsplit(url).netloc
        if host in had_enough:
            continue
        politeness.wait_for(url)
        ok, said = ask(url)
        if said.startswith(_ENOUGH):
            had_enough.add(host)
        before = known.get(url, Answered("", ""))
        yield url, replace(before, said=said, asked=str(day), answered=str(day) if ok else before.answered)


def to_ask(places: Places, known: Mapping[str, Answered], day: dt.date, *, again: bool) -> list[str]:
    """Return which addresses are due."""
    since = str(day - dt.timedelta(days=FRESH_DAYS))
    return [
        url for url in places if again or url not in known or not known[url].ok or known[url].asked <= since
    ]


# Keeping -------------------------------------------------------------------------


def read_answers(cache: Path) -> dict[str, Answered]:
    """Return what is known of each address; nothing if nobody has asked, or the file can't be read."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        data: dict[str, Any] = json.loads((cache / FILE).read_text(encoding="utf-8"))
        return {url: Answered(**one) for url, one in data.items()}
    return {}


def keep_answers(cache: Path, answers: Mapping[str, Answered]) -> None:
    """Write what is known."""
    cache.mkdir(parents=True, exist_ok=True)
    data = {url: asdict(one) for url, one in sorted(answers.items())}
    aside = cache / f"{FILE}.new"
    aside.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    aside.replace(cache / FILE)


# The command ---------------------------------------------------------------------


def run_links(options: argparse.Namespace) -> int:
    """Ask what is due, or say with ``--dry-run`` what would be asked; 1 if anything did not answer well."""
    settings = site_settings()
    cache, day = cache_folder(settings), today()
    content = read(settings, Problems())
    places, known = outside_links(content.library, content.data), read_answers(cache)
    due = to_ask(places, known, day, again=options.again)
    hosts = len({urlsplit(url).netloc for url in due})
    print(f"{len(places)} addresses elsewhere; {len(due)} to ask, at {hosts} hosts.")
    if options.dry_run:
        print("\n".join(in_turns(due)))
        return 0
    agent = _AGENT.format(settings["SITEURL"])
    answers = {url: one for url, one in known.items() if url in places}
    try:
        for url, answer in ask_all(due, Asker(agent), known, day, Politeness()):
            answers[url] = answer
            print(f"{'ok  ' if answer.ok else 'FAIL'} {url}: {answer.said}", flush=True)
    finally:
        keep_answers(cache, answers)
    silent = [url for url in places if url in answers and not answers[url].ok]
    for url in silent:
        print(f"{', '.join(places[url])}: {url} does not answer: {answers[url].said}.", file=sys.stderr)
    return 1 if silent else 0
