"""Links to elsewhere: which there are, and how they are asked."""

from __future__ import annotations

import argparse
import datetime as dt
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from publish import outside
from publish.outside import (
    PAUSE,
    Answered,
    Asker,
    Politeness,
    ask_all,
    in_turns,
    keep_answers,
    outside_links,
    read_answers,
    run_links,
    to_ask,
)
from publish.site_settings import site_settings
from tests.conftest import Site
from tests.hostile.table import LIBRARY

DAY = dt.date(2026, 11, 29)
PLACES = {
    "https://a.example/1": ("x.md:1",),
    "https://a.example/2": ("x.md:2",),
    "https://b.example/": ("y.md:1",),
}


class _Host(http.server.BaseHTTPRequestHandler):
    """Answers as several hosts would, and remembers who asked for what."""

    asked: list[tuple[str, str, str]]

    def _answer(self) -> None:
        self.asked.append((self.command, self.path, self.headers["User-Agent"]))
        status = {
            "/gone": 404, "/moved": 301, "/round": 302, "/enough": 429, "/nowhere": 301,
            "/only-get": 405 if self.command == "HEAD" else 200,
        }  # fmt: skip
        self.send_response(status.get(self.path, 200))
        where = {"/moved": "/new", "/round": "/round"}.get(self.path)
        if where:
            self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET = _answer

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def host() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Give a host, and what was asked of it."""
    asked: list[tuple[str, str, str]] = []
    server = http.server.HTTPServer(("127.0.0.1", 0), type("Host", (_Host,), {"asked": asked}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_host_is_asked_for_the_head_and_only_then_for_more(
    host: tuple[str, list[tuple[str, str, str]]],
) -> None:
    """It learns who asks; a page that has moved answers, one that is gone does not."""
    url, asked = host
    ask = Asker("link check; +https://library.example", timeout=20)
    assert ask(f"{url}/good?x=1") == (True, "200 OK")
    assert ask(f"{url}/only-get") == (True, "200 OK")
    assert ask(f"{url}/moved") == (True, f"301, leads to {url}/new")
    assert ask(f"{url}/gone") == (False, "404 Not Found")
    assert [(method, path) for method, path, _ in asked] == [
        ("HEAD", "/good?x=1"), ("HEAD", "/only-get"), ("GET", "/only-get"), ("HEAD", "/moved"),
        ("HEAD", "/gone"), ("GET", "/gone"),
    ]  # fmt: skip
    assert {agent for *_, agent in asked} == {"link check; +https://library.example"}


def test_a_host_that_is_not_there_is_no_fault_of_the_program() -> None:
    """It is told in words."""
    ok, said = Asker("x", timeout=20)("http://127.0.0.1:1/")
    assert (ok, said) == (False, "Connection refused")
    assert Asker("x")("http://[bad/")[0] is False


def test_a_host_that_has_had_enough_is_left_alone(host: tuple[str, list[tuple[str, str, str]]]) -> None:
    """It is not asked again in another way, nor for anything else; what leads nowhere is told."""
    url, asked = host
    paths = ["/round", "/nowhere", "/enough", "/good"]
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    politeness = Politeness(lambda: now[0], sleep)
    answers = dict(ask_all([url + path for path in paths], Asker("x"), {}, DAY, politeness))
    assert {one.removeprefix(url): (answer.ok, answer.said) for one, answer in answers.items()} == {
        "/round": (False, "302, leads to itself"),
        "/nowhere": (False, "301"),
        "/enough": (False, "429 Too Many Requests"),
    }
    assert [path for _, path, _ in asked] == ["/round", "/nowhere", "/enough"]


def test_what_is_no_secure_host_is_told(host: tuple[str, list[tuple[str, str, str]]]) -> None:
    """A fault of the line is one of the address, and does not end the command."""
    url, asked = host
    ok, said = Asker("x")(url.replace("http:", "https:"))
    assert not ok
    assert said
    assert asked == []


def test_hosts_take_turns_and_each_has_a_pause() -> None:
    """What is waited for is the rest of the pause, and only for a host that was asked before."""
    assert in_turns(PLACES) == ["https://a.example/1", "https://b.example/", "https://a.example/2"]
    now, slept = [100.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    politeness = Politeness(lambda: now[0], sleep)
    for url in in_turns(PLACES):
        politeness.wait_for(url)
        now[0] += 0.5
    assert slept == [PAUSE - 1.0]


def test_one_that_is_silent_keeps_the_day_of_its_last_answer(tmp_path: Path) -> None:
    """What was found is there again next time; what answered this week is not asked; ``again`` asks all."""
    before = {"https://a.example/1": Answered("200 OK", "2026-11-01", "2026-11-01")}
    silent = ask_all(
        PLACES, lambda url: ("b." in url, "no"), before, DAY, Politeness(sleep=lambda _seconds: None)
    )
    found = dict(silent)
    assert found["https://a.example/1"] == Answered("no", "2026-11-29", "2026-11-01")
    assert found["https://b.example/"].ok
    assert not found["https://a.example/1"].ok
    keep_answers(tmp_path, found)
    known = read_answers(tmp_path)
    assert known == found
    assert to_ask(PLACES, known, DAY, again=False) == ["https://a.example/1", "https://a.example/2"]
    assert to_ask(PLACES, known, DAY + dt.timedelta(days=7), again=False) == [*PLACES]
    assert to_ask(PLACES, known, DAY, again=True) == [*PLACES]
    (tmp_path / outside.FILE).write_text("{", encoding="utf-8")
    assert read_answers(tmp_path) == {}


def test_addresses_stand_where_they_are_said_to(site: Site) -> None:
    """Those of texts, of evidence and of help lines that readers see: each at its file and line."""
    found = outside_links(site.library, site.planned.resolved.data)
    assert any(url.startswith("https://doi.org/10.") for url in found)
    folder = Path(str(site_settings()["PATH"])).parent
    for url, places in found.items():
        for place in places:
            path, _, line = place.rpartition(":")
            row = (folder / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]
            assert url.removeprefix("https://doi.org/") in row, place


def test_the_command_asks_what_is_due_and_ends_with_what_is_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dry run asks nothing; a run keeps the answers, names the place of what is silent, and ends with 1."""
    settings = {**site_settings(), "PATH": str(LIBRARY), "KEPT_IN": str(tmp_path)}
    monkeypatch.setattr(outside, "site_settings", lambda: settings)
    monkeypatch.setattr(outside, "PAUSE", 0.0)
    asked: list[str] = []

    class Silent(Asker):
        def __call__(self, url: str) -> tuple[bool, str]:
            asked.append(url)
            return len(asked) > 1, "404 Not Found"

    monkeypatch.setattr(outside, "Asker", Silent)
    assert run_links(argparse.Namespace(again=False, dry_run=True)) == 0
    listed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("http")]
    assert (asked, bool(listed)) == ([], True)
    assert run_links(argparse.Namespace(again=False, dry_run=False)) == 1
    said = capsys.readouterr()
    assert sorted(asked) == sorted(listed)
    assert f"{asked[0]} does not answer: 404 Not Found." in said.err
    assert said.err.startswith("library/data/")
    assert set(read_answers(tmp_path)) == set(listed)
