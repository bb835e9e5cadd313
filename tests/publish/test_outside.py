"""Links to elsewhere: which there are, how they are asked, and what hosts of all sorts say."""

from __future__ import annotations

import argparse
import datetime as dt
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from publish import asking, outside
from publish.asking import LONGEST_PAUSE, PAUSE, Answer, Asker, Politeness
from publish.outside import (
    OFFLINE_AFTER,
    Answered,
    OfflineError,
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
from tests.publish.elsewhere import Host, host, plainly, say
from tests.publish.servers import make_certificate, need

NOW = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
PLACES = {
    "https://a.example/1": ("x.md:1",),
    "https://a.example/2": ("x.md:2",),
    "https://b.example/": ("y.md:1",),
}
GOOD = Answer("ok", "200 OK")


def asker(timeout: float = 20, **more: Any) -> Asker:
    """Return one that waits for nothing."""
    return Asker(
        "links; +https://library.example", Politeness(pause=0, sleep=lambda _s: None), timeout, **more
    )


def test_a_host_is_asked_for_the_head_and_only_then_for_more() -> None:
    """After its robots.txt, once; it learns who asks; a GET follows where HEAD is refused."""
    answers = {"/gone": ("404 Not Found",), "HEAD /only-get": ("405 Method Not Allowed",)}
    with host(plainly(answers)) as there:
        ask = asker()
        assert ask(f"{there.url}/good?x=1 2&y=\u00fc") == GOOD
        assert ask(f"{there.url}/only-get") == GOOD
        assert ask(f"{there.url}/gone") == Answer("silent", "404 Not Found")
    assert there.asked == [
        "GET /robots.txt", "HEAD /good?x=1%202&y=%C3%BC", "HEAD /only-get", "GET /only-get",
        "HEAD /gone", "GET /gone",
    ]  # fmt: skip
    assert there.agents == {"links; +https://library.example"}


def test_one_that_hangs_up_on_head_may_know_get() -> None:
    """Some servers have never heard of it."""

    def behaviour(_host: Host, line: socket.socket, method: str, _target: str) -> None:
        if method == "GET":
            say(line, "200 OK")

    with host(behaviour) as there:
        assert asker()(f"{there.url}/") == GOOD
    with host(lambda *_given: None) as there:
        assert asker()(f"{there.url}/") == Answer("silent", "it hung up without an answer")


def test_where_an_address_leads_is_followed_up_to_its_end() -> None:
    """A good end is good, a bad one is not; circles, chains without an end and other schemes lead nowhere."""
    answers = {
        "/moved": ("301 Moved Permanently", "Location: /new#part"),
        "/lost": ("302 Found", "Location: /gone"),
        "/gone": ("404 Not Found",),
        "/self": ("302 Found", "Location: /self#again"),
        "/a": ("302 Found", "Location: /b"),
        "/b": ("302 Found", "Location: /a"),
        **{f"/{n}": ("302 Found", f"Location: /{n + 1}") for n in range(9)},
        "/nowhere": ("301 Moved Permanently",),
        "/script": ("302 Found", "Location: javascript:alert(1)"),
    }
    with host(plainly(answers)) as there:
        said = {path: asker()(there.url + path) for path in ("/moved", "/lost", "/self", "/a", "/0")}
        said |= {path: asker()(there.url + path) for path in ("/nowhere", "/script")}
    assert said["/moved"] == Answer("ok", f"200 OK, at '{there.url}/new'")
    assert said["/lost"] == Answer("silent", f"404 Not Found, at '{there.url}/gone'")
    circle = Answer("silent", "302 Found, leads round in a circle")
    assert [said[path] for path in ("/self", "/a", "/0")] == [circle] * 3
    assert said["/nowhere"] == Answer("silent", "301 Moved Permanently, and leads nowhere")
    assert said["/script"] == Answer("silent", "302 Found, leads to 'javascript:alert(1)'")
    assert len(there.asked) < 40


def test_what_is_said_to_programs_alone_is_no_fault() -> None:
    """Whoever refuses a program may let people in; whoever wants a rest says how long."""
    answers = {
        "/login": ("401 Unauthorized",),
        "/bots": ("403 Forbidden",),
        "/strange": ("999 Request denied",),
        "/enough": ("429 Too Many Requests", "Retry-After: 120"),
        "/enough-too": ("429 Too Many Requests",),
        "/later": ("503 Service Unavailable", "Retry-After: Sun, 29 Nov 2026 12:00:00 GMT"),
        "/odd": ("503 Service Unavailable", "Retry-After: soon"),
        "/broken": ("500 Internal Server Error",),
    }
    with host(plainly(answers)) as there:
        found = {path: asker()(there.url + path) for path in answers}
    states = {path: (one.state, one.rest) for path, one in found.items()}
    assert states.pop("/later")[0] == "unsure"
    assert states == {
        "/login": ("unsure", None), "/bots": ("unsure", None), "/strange": ("unsure", None),
        "/enough": ("unsure", 120.0), "/enough-too": ("unsure", 0.0), "/odd": ("unsure", 0.0),
        "/broken": ("silent", None),
    }  # fmt: skip
    asked = [one for one in there.asked if "enough" in one or "later" in one]
    assert asked == ["HEAD /enough", "HEAD /enough-too", "HEAD /later"]
    assert asking._seconds("Sun, 29 Nov 2026 12:01:00 GMT", NOW.timestamp) == 60.0


def test_robots_txt_is_kept_to() -> None:
    """What it keeps programs away from is not asked, for us by name or for all; its delay is ours."""
    rules = "User-agent: *\nDisallow: /private\nCrawl-delay: 7\n"
    ask = asker()
    with host(plainly({}, rules)) as there:
        assert ask(f"{there.url}/open") == GOOD
        said = ask(f"{there.url}/private/x")
    assert (said.state, "robots.txt" in said.said) == ("unsure", True)
    assert there.asked == ["GET /robots.txt", "HEAD /open"]
    assert ask.politeness.pauses == {there.url.removeprefix("http://"): 7.0}
    with host(plainly({}, f"User-agent: {asking.NAME}\nDisallow: /\nCrawl-delay: 9999\n")) as there:
        assert ask(f"{there.url}/").state == "unsure"
    assert ask.politeness.pauses[there.url.removeprefix("http://")] == LONGEST_PAUSE
    with host(plainly({}, "\xff\xfe: ?\n")) as there:
        assert ask(f"{there.url}/") == GOOD


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nX: "], ids=["nothing", "drips"])
def test_a_host_that_never_comes_to_an_end_is_left(sent: bytes) -> None:
    """Silent for ever, or a byte now and then: one request takes no longer than it may."""

    def behaviour(there: Host, line: socket.socket, _method: str, target: str) -> None:
        if target == "/robots.txt":
            say(line, "404 Not Found")
            return
        line.sendall(sent)
        while not there.over.wait(0.02):
            if sent:
                line.sendall(b"x")

    with host(behaviour) as there:
        assert asker(timeout=0.3)(f"{there.url}/") == Answer("silent", "no answer within 0.3 s")


def test_a_body_without_end_is_not_read() -> None:
    """Neither of a page, where HEAD is refused, nor more of a robots.txt than anybody needs."""
    sent = list[int]()

    def behaviour(there: Host, line: socket.socket, method: str, _target: str) -> None:
        if method == "HEAD":
            say(line, "405 Method Not Allowed")
            return
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not there.over.is_set():
            line.sendall(b"#" * 65536)
            sent.append(65536)

    with host(behaviour) as there:
        assert asker()(f"{there.url}/") == GOOD
    assert sum(sent) < 64 << 20


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"\xff\xfe\x00 what?\r\n\r\n", "what it says is no HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "what it says is no HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "what it says is no HTTP"),
        (b"HTTP/1.1 302 Found\r\nLocation: \xff\x1b[31m\r\nContent-Length: 0\r\n\r\n", "circle"),
        (b"HTTP/1.1 200 \xe9\xff\r\nContent-Length: 0\r\n\r\n", "200 OK"),
    ],
)
def test_bytes_of_any_sort_are_no_fault_of_the_program(sent: bytes, said: str) -> None:
    """They are told in words, whatever they are."""

    def behaviour(_host: Host, line: socket.socket, _method: str, target: str) -> None:
        if target == "/robots.txt":
            say(line, "404 Not Found")
        else:
            line.sendall(sent)

    with host(behaviour) as there:
        answer = asker()(f"{there.url}/")
    assert said in answer.said
    assert "\x1b" not in answer.said


def test_a_certificate_has_to_be_good(tmp_path: Path) -> None:
    """One that nobody vouches for, and one of another name, are told as what they are; a good one is good."""
    need("openssl")
    make_certificate(tmp_path)
    with host(plainly({}), tls=tmp_path) as there:
        said = asker()(f"{there.url}/")
        assert (said.state, said.said.partition(":")[0]) == ("silent", "its certificate is not valid")
        assert "self" in said.said
        trusting = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
        other = asker(tls=trusting)(f"{there.url}/")
        assert (other.state, "IP address mismatch" in other.said) == ("silent", True)
        trusting.check_hostname = False
        assert asker(tls=trusting)(f"{there.url}/") == GOOD
    with host(plainly({})) as there:
        said = asker()(there.url.replace("http:", "https:"))
    assert said.state == "silent"


def test_hosts_of_any_address_are_asked_and_those_without_are_not() -> None:
    """IPv6 alone will do; a name that nobody knows, a closed port and no address at all are told apart."""
    try:
        with host(plainly({}), family=socket.AF_INET6) as there:
            assert asker()(f"{there.url}/") == GOOD
    except OSError:  # pragma: no cover - a machine without IPv6
        assert (
            not socket.has_ipv6 or Path("/proc/sys/net/ipv6/conf/lo/disable_ipv6").read_text().strip() == "1"
        )
    assert asker()("http://127.0.0.1:1/") == Answer("silent", "Connection refused")
    assert asker()("http://nobody.invalid/").unknown
    assert asker()("http://[bad/").state == "silent"
    assert asker()("http://" + "a" * 70 + ".example/").state == "silent"


def test_hosts_take_turns_and_each_has_a_pause() -> None:
    """What is waited for is the rest of the pause, and only for a host that was asked before."""
    assert in_turns(PLACES) == ["https://a.example/1", "https://b.example/", "https://a.example/2"]
    now, slept = [100.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    politeness = Politeness(clock=lambda: now[0], sleep=sleep)
    for url in (*in_turns(PLACES), "https://A.example/3"):
        politeness.wait_for(url)
        now[0] += 0.5
    assert slept == [PAUSE - 1.0, PAUSE - 0.5]
    politeness.pauses["a.example"] = 9.0
    politeness.wait_for("https://a.example/4")
    assert slept[-1] == 8.5


def test_every_request_to_a_host_waits_its_turn() -> None:
    """That for robots.txt, a GET after a HEAD, and one that a redirect leads to, too."""
    slept = list[float]()
    politeness = Politeness(clock=lambda: 0.0, sleep=slept.append)
    answers = {"/a": ("302 Found", "Location: /b"), "HEAD /b": ("405 Method Not Allowed",)}
    with host(plainly(answers)) as there:
        assert Asker("x", politeness)(f"{there.url}/a").state == "ok"
    assert there.asked == ["GET /robots.txt", "HEAD /a", "HEAD /b", "GET /b"]
    assert slept == [PAUSE] * 3


def test_a_host_that_has_had_enough_is_left_alone() -> None:
    """For nothing else, neither now nor before its time is over, which is kept."""
    enough = Answer("unsure", "429 Too Many Requests", rest=3600.0)
    found = dict(ask_all(PLACES, lambda url: enough if "a." in url else GOOD, {}, NOW))
    assert [*found] == ["https://a.example/1", "https://b.example/"]
    assert found["https://a.example/1"].rest_until == "2026-11-29T13:00:00+00:00"
    assert to_ask(PLACES, found, NOW, again=True) == (
        ["https://b.example/"], ["https://a.example/1", "https://a.example/2"],
    )  # fmt: skip
    assert to_ask(PLACES, found, NOW + dt.timedelta(hours=1), again=False) == (["https://a.example/2"], [])


def test_a_computer_that_is_offline_blames_nobody() -> None:
    """If none of the first hosts can be found, the rest is not asked; one that is found tells otherwise."""
    urls = [f"https://{number}.example/" for number in range(OFFLINE_AFTER + 3)]
    lost, asked = Answer("silent", "no such host", unknown=True), list[str]()

    def ask(url: str) -> Answer:
        asked.append(url)
        return lost

    with pytest.raises(OfflineError):
        dict(ask_all(urls, ask, {}, NOW))
    assert len(asked) == OFFLINE_AFTER
    assert len(dict(ask_all(urls, lambda url: GOOD if "//1." in url else lost, {}, NOW))) == len(urls)


def test_one_that_is_silent_keeps_the_day_of_its_last_answer(tmp_path: Path) -> None:
    """What was found is there again next time; what answered this week is not asked; ``again`` asks all."""
    before = {"https://a.example/1": Answered("200 OK", "2026-11-29", "2026-11-29", "ok")}
    no = Answer("silent", "no")
    found = dict(ask_all(PLACES, lambda url: GOOD if "b." in url else no, before, NOW))
    assert found["https://a.example/1"] == Answered("no", "2026-11-29", "2026-11-29", "silent")
    assert found["https://b.example/"].ok
    assert not found["https://a.example/1"].ok
    keep_answers(tmp_path, found)
    known = read_answers(tmp_path)
    assert known == found
    assert to_ask(PLACES, known, NOW, again=False)[0] == ["https://a.example/1", "https://a.example/2"]
    assert to_ask(PLACES, known, NOW + dt.timedelta(days=7), again=False)[0] == [*PLACES]
    assert to_ask(PLACES, known, NOW, again=True)[0] == [*PLACES]
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


def options(**given: bool) -> argparse.Namespace:
    """Return what somebody typed."""
    return argparse.Namespace(**{"again": False, "dry_run": False, **given})


@pytest.fixture
def answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Answer]:
    """Return a list of what is said next, in the place of all hosts; the last is said again and again."""
    settings = {**site_settings(), "PATH": str(LIBRARY), "KEPT_IN": str(tmp_path)}
    monkeypatch.setattr(outside, "site_settings", lambda: settings)
    left = [GOOD]

    class Said(Asker):
        def __call__(self, url: str) -> Answer:
            return left.pop(0) if len(left) > 1 else left[0]

    monkeypatch.setattr(outside, "Asker", Said)
    return left


def test_the_command_asks_what_is_due_and_ends_with_what_is_silent(
    tmp_path: Path, answers: list[Answer], capsys: pytest.CaptureFixture[str]
) -> None:
    """A dry run asks nothing; a run keeps the answers, names the place of what is silent, and sums up."""
    assert run_links(options(dry_run=True)) == 0
    said = capsys.readouterr().out
    listed = [line for line in said.splitlines() if line.startswith("http")]
    assert listed
    assert f"{len(listed)} to ask, at " in said
    assert read_answers(tmp_path) == {}
    answers.insert(0, Answer("silent", "404 Not Found"))
    assert run_links(options()) == 1
    told = capsys.readouterr()
    assert f"{listed[0]} does not answer: 404 Not Found." in told.err
    assert told.err.startswith("library/data/")
    assert f"1/{len(listed)}  silent  {listed[0]}: 404 Not Found" in told.out
    assert told.out.splitlines()[-1] == f"{len(listed) - 1} answer, 1 do not."
    assert set(read_answers(tmp_path)) == set(listed)
    assert run_links(options()) == 0
    assert " 1 to ask, at 1 hosts" in capsys.readouterr().out


def test_what_only_people_may_open_is_told_and_is_no_fault(
    answers: list[Answer], capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends with 0, and is not asked again this week."""
    answers.insert(0, Answer("unsure", "403 Forbidden"))
    assert run_links(options()) == 0
    told = capsys.readouterr()
    assert "may answer people, but not programs: 403 Forbidden." in told.err
    assert "1 may answer people only: open those yourself." in told.out
    assert run_links(options()) == 0
    assert " 0 to ask, at 0 hosts." in capsys.readouterr().out


def test_a_command_that_is_stopped_keeps_what_it_has_heard(
    tmp_path: Path, answers: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was asked need not be asked again; offline, nothing is kept."""
    lost = Answer("silent", "no such host", unknown=True)
    monkeypatch.setattr(outside, "OFFLINE_AFTER", 1)
    answers[:] = [lost]
    assert run_links(options()) == 1
    assert read_answers(tmp_path) == {}

    def stop(*_given: Any) -> Any:
        yield "https://a.example/", Answered("200 OK", "2026-11-29", "2026-11-29", "ok")
        raise KeyboardInterrupt

    monkeypatch.setattr(outside, "ask_all", stop)
    with pytest.raises(KeyboardInterrupt):
        run_links(options())
    assert [*read_answers(tmp_path)] == ["https://a.example/"]
