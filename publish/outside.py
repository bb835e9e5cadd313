"""``./publish.sh links --external``: whether what our pages point to elsewhere still answers.

It asks on demand and politely (:mod:`publish.asking`), and nothing again that answered within the last week.
What came of it is kept in the cache, for the desk of the preview.
Ends with 0 if nothing is silent, with 1 if something is, or if this computer is offline.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from plugins.common_thread.data import SiteData
from plugins.common_thread.site import read
from plugins.library.cache import cache_folder
from plugins.library.entries import Library
from plugins.library.text.tree import elements
from plugins.problems import Problems
from plugins.problems.characters import visible
from publish.asking import AGENT, PAUSE, Answer, Asker, Politeness, host_of
from publish.site_settings import site_settings

FILE = "outside-links.json"
FRESH_DAYS = 7
"""So long nothing that answered is asked again, nor what programs are kept away from."""
OFFLINE_AFTER = 5
"""So many hosts that nobody knows, before any other, and it is this computer that has no line."""
LONGEST_REST = 7 * 86_400.0
"""Seconds; whoever asks for a longer rest is asked again after this."""
Places = Mapping[str, tuple[str, ...]]


class OfflineError(Exception):
    """No host can be found."""


@dataclass(frozen=True)
class Answered:
    """What an address said when it was asked, and on which day it last answered well (or nothing).

    ``state`` is that of an :class:`Answer`; its host is left alone up to the moment ``rest_until`` (UTC).
    """

    said: str
    asked: str
    answered: str = ""
    state: str = ""
    rest_until: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether the last answer was a good one."""
        return self.state == "ok"


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


def in_turns(urls: Iterable[str]) -> list[str]:
    """Return addresses so that those of one host are as far apart as can be."""
    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(host_of(url), []).append(url)
    return [url for turn in zip_longest(*hosts.values()) for url in turn if url]


def ask_all(
    urls: Iterable[str], ask: Callable[[str], Answer], known: Mapping[str, Answered], now: dt.datetime
) -> Iterator[tuple[str, Answered]]:
    """Yield each address with what it said now; one that is silent keeps the day of its last good answer.

    A host that says it was asked too much is asked nothing more: what is left of it stays due.
    Raises :class:`OfflineError` if the first few hosts can't even be found.
    """
    had_enough, lost, day = set[str](), set[str](), str(now.date())
    any_found = False
    for url in in_turns(urls):
        if host_of(url) in had_enough:
            continue
        answer = ask(url)
        any_found = any_found or not answer.unknown
        lost |= {host_of(url)} if answer.unknown else set()
        if not any_found and len(lost) >= OFFLINE_AFTER:
            raise OfflineError
        rest = ""
        if answer.rest is not None:
            had_enough.add(host_of(url))
            rest = (now + dt.timedelta(seconds=min(answer.rest, LONGEST_REST))).isoformat()
        before = known.get(url, Answered("", ""))
        answered = day if answer.state == "ok" else before.answered
        yield url, Answered(answer.said, day, answered, answer.state, rest)


def to_ask(
    places: Places, known: Mapping[str, Answered], now: dt.datetime, *, again: bool
) -> tuple[list[str], list[str]]:
    """Return which addresses are due, and which would be but for their host, which asked to be left alone."""
    since = str(now.date() - dt.timedelta(days=FRESH_DAYS))
    resting = {host_of(url) for url, one in known.items() if one.rest_until > now.isoformat()}
    fresh = {url for url, one in known.items() if one.state in ("ok", "unsure") and one.asked > since}
    due = [url for url in places if again or url not in fresh]
    return [url for url in due if host_of(url) not in resting], [
        url for url in due if host_of(url) in resting
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
    cache, now = cache_folder(settings), dt.datetime.now(dt.UTC).replace(microsecond=0)
    content = read(settings, Problems())
    places, known = outside_links(content.library, content.data), read_answers(cache)
    due, left = to_ask(places, known, now, again=options.again)
    print(_plan(len(places), due))
    if left:
        print(f"{len(left)} are left for later: their hosts asked for a rest.")
    if options.dry_run:
        print("\n".join(in_turns(due)))
        return 0
    answers = {url: one for url, one in known.items() if url in places}
    asker = Asker(AGENT.format(settings["SITEURL"]), Politeness())
    try:
        for number, (url, answer) in enumerate(ask_all(due, asker, known, now), 1):
            answers[url] = answer
            print(
                visible(f"{number:{len(str(len(due)))}}/{len(due)}  {answer.state:6}  {url}: {answer.said}")
            )
    except OfflineError:
        words = f"None of the first {OFFLINE_AFTER} hosts could be found. Is this computer online?"
        print(f"{words} Nothing was kept.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        keep_answers(cache, answers)
        raise
    keep_answers(cache, answers)
    return _tell(places, answers)


def _plan(number: int, due: list[str]) -> str:
    """Return how much there is to ask, and how long that takes at least: each host has to be asked twice."""
    hosts = Counter(map(host_of, due))
    minutes = math.ceil(max(hosts.values(), default=0) * PAUSE / 60)
    length = f", which takes {minutes} min or more" if due else ""
    return f"{number} addresses elsewhere; {len(due)} to ask, at {len(hosts)} hosts{length}."


def _tell(places: Places, answers: Mapping[str, Answered]) -> int:
    """Print what to look at, and the sum; return the exit status."""
    by_state = {
        state: [url for url in places if url in answers and answers[url].state == state]
        for state in ("ok", "unsure", "silent")
    }
    silent, unsure = by_state["silent"], by_state["unsure"]
    for words, urls in (("may answer people, but not programs", unsure), ("does not answer", silent)):
        for url in urls:
            told = f"{', '.join(places[url])}: {url} {words}: {answers[url].said}."
            print(visible(told), file=sys.stderr)
    parts = [f"{len(by_state['ok'])} answer", f"{len(silent)} do not"]
    if unsure:
        parts.append(f"{len(unsure)} may answer people only: open those yourself")
    if never := len(places) - sum(map(len, by_state.values())):
        parts.append(f"{never} were not asked yet")
    print(f"{', '.join(parts)}.")
    return 1 if silent else 0
