"""The look that a timer takes: what is wrong is named, what is only worth knowing wakes nobody."""

from __future__ import annotations

import configparser
import datetime as dt
import functools
import http.server
import json
import re
import shutil
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from publish.cli import make_parser
from publish.deploy.manifest import NAME, make_manifest
from publish.deploy.serve import serve
from publish.proof.commands import SKIPPABLE
from publish.proof.health import _CHECKS, certificate_state, health
from publish.proof.report import Report
from tests.publish.servers import ROOT, make_certificate
from tests.publish.sites import make_site

URL = "https://library.example.org"
NOW = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
HELP = "guides/when-it-does-not-feel-safe"


def make_library(
    folder: Path, item: str = "2026-11-22", told: str = "live page on 22 November 2026."
) -> Path:
    """Write a small site with a feed and help lines, and the stamp of its release."""
    site = make_site(folder / "site", 1, URL)
    shutil.rmtree(site / "feeds", ignore_errors=True)
    (site / "feeds").mkdir()
    items = [{"date_published": "2026-01-02T00:00:00Z"}, {"date_modified": f"{item}T00:00:00Z"}]
    (site / "feeds" / "changes.json").write_text(json.dumps({"items": items}), encoding="utf-8")
    (site / HELP).mkdir(parents=True)
    (site / HELP / "index.html").write_text(f"<p>Checked on the operator’s {told}</p>", encoding="utf-8")
    (site / NAME).write_text(make_manifest(site, URL, folder).to_json(), encoding="utf-8")
    return site


def states(report: Report) -> dict[str, str]:
    """Return how each thing is."""
    return {check.name: check.state for check in report.checks}


def test_a_site_that_is_well_is_well(tmp_path: Path) -> None:
    """Everything was looked at; there is no certificate on this machine."""
    with serve(make_library(tmp_path)) as base:
        report = health(base, now=NOW)
    found = states(report)
    assert found.pop("certificate") == "note"
    assert set(found.values()) == {"ok"}
    assert len(found) == 1 + len(_CHECKS)


def spoil_style(site: Path) -> None:
    """Change a style sheet."""
    next((site / "assets").glob("*.css")).write_text("p{}", encoding="utf-8")


def spoil_redirect(site: Path) -> None:
    """Let an old address lead to another place."""
    (site / "old-name" / "index.html").write_text("<p>nothing</p>", encoding="utf-8")


def spoil_feed(site: Path) -> None:
    """Cut a feed short."""
    (site / "feeds" / "changes.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "fault"), [(spoil_style, "files"), (spoil_redirect, "redirects"), (spoil_feed, "feeds")]
)
def test_what_is_wrong_is_named(tmp_path: Path, spoil: Callable[[Path], None], fault: str) -> None:
    """And only that."""
    site = make_library(tmp_path)
    spoil(site)
    with serve(site) as base:
        report = health(base, now=NOW)
    assert {name for name, state in states(report).items() if state == "fault"} == {fault}
    assert report.status == 1


class _Bare(http.server.SimpleHTTPRequestHandler):
    """A host without our headers, which has a page for every address."""

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def send_error(self, code: int, *_arguments: object) -> None:
        """Answer that all is well."""
        self.send_response(200 if code == 404 else code)
        self.end_headers()


@contextmanager
def bare(site: Path) -> Iterator[str]:
    """Serve a folder as a careless host would."""
    handler = functools.partial(_Bare, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_host_that_sends_no_headers_is_told_unless_that_is_known(tmp_path: Path) -> None:
    """And one whose missing pages are there after all."""
    with bare(make_library(tmp_path)) as base:
        report = health(base, now=NOW)
        assert "headers" not in states(health(base, ["headers"], NOW))
    assert {states(report)[name] for name in ("headers", "missing page")} == {"fault"}
    details = next(check for check in report.checks if check.name == "headers").details
    assert "/: Content-Security-Policy is missing." in details


@pytest.mark.parametrize(
    ("item", "days", "expected"),
    [("2026-11-22", 0, "ok"), ("2026-11-22", 400, "note"), ("2026-12-05", 0, "fault")],
)
def test_a_feed_may_be_old_but_not_of_tomorrow(tmp_path: Path, item: str, days: int, expected: str) -> None:
    """Nothing new for a year is worth knowing."""
    with serve(make_library(tmp_path, item)) as base:
        assert states(health(base, now=NOW + dt.timedelta(days)))["feeds"] == expected


@pytest.mark.parametrize(
    ("told", "days", "expected"),
    [
        ("live page on 22 November 2026.", 0, "ok"),
        ("live page on 22 November 2026.", 200, "note"),
        ("live page on 22 November 2026.", 400, "fault"),
        ("page of 2024; not checked live.", 0, "note"),
        ("number.", 0, "fault"),
    ],
)
def test_the_age_of_help_lines_is_told(tmp_path: Path, told: str, days: int, expected: str) -> None:
    """After half a year that is worth knowing, after a whole one it is wrong, as are none at all."""
    with serve(make_library(tmp_path, told=told)) as base:
        assert states(health(base, now=NOW + dt.timedelta(days)))["help lines"] == expected


# The certificate ----------------------------------------------------------------
@pytest.mark.parametrize(("days", "expected"), [(60, "ok"), (20, "note"), (6, "fault"), (-1, "fault")])
def test_a_certificate_has_to_be_renewed_in_time(days: int, expected: str) -> None:
    """A week before its end somebody has to look."""
    assert certificate_state(days) == expected


@pytest.mark.parametrize(
    ("trusted", "words"), [(True, "it is valid for 0 more days."), (False, "it is not valid")]
)
def test_a_certificate_is_read_from_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, trusted: bool, words: str
) -> None:
    """One that nobody vouches for is a fault of its own."""
    make_certificate(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            for _ in range(2):
                try:
                    context.wrap_socket(listener.accept()[0], server_side=True).close()
                except OSError:
                    continue

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        report = health(f"https://localhost:{listener.getsockname()[1]}")
        thread.join()
    assert report.checks[0].state == "fault"
    assert report.checks[0].words.startswith(words)


# The command and the timer ------------------------------------------------------
def test_everything_that_is_looked_at_can_be_left_out() -> None:
    """The command knows the names without loading what looks."""
    assert ("certificate", *_CHECKS) == SKIPPABLE


def test_the_timer_of_the_docs_calls_the_command() -> None:
    """Its units parse, belong together, and start what there is."""
    text = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
    units = dict(re.findall(r"```ini\n# /etc/systemd/system/(\S+)\n(.*?)```", text, re.DOTALL))
    assert {name.partition(".")[0] for name in units} == {"common-thread-health"}
    parsed = {name.partition(".")[2]: configparser.ConfigParser(interpolation=None) for name in units}
    for name, unit in units.items():
        parsed[name.partition(".")[2]].read_string(unit)
    command = parsed["service"]["Service"]["ExecStart"].split()
    assert command[0].endswith("/publish.sh")
    assert make_parser().parse_args(command[1:]).url == URL
    assert parsed["timer"]["Timer"]["OnCalendar"] == "hourly"
