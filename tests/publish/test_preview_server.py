"""The preview's server: the site with the headers of the real hosts, and rooms of its own."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from publish.preview import extras, workers
from publish.preview.extras import Answer, Extra, Request
from publish.preview.server import STATIC
from publish.preview.workers import Workers
from tests.publish.previews import previewing

PAGE = b"<!doctype html><html><head><title>x</title></head><body>Words</body></html>"


def ask(
    address: str, headers: Mapping[str, str] | None = None, data: bytes | None = None
) -> tuple[int, Message, bytes]:
    """Return status, headers and content."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data, dict(headers or {}))) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a site of two pages."""
    for name in ("index.html", "guides/index.html", "404.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PAGE)
    (tmp_path / ".secret").write_text("hidden")
    return tmp_path


def test_pages_are_sent_with_the_real_headers_and_one_script_more(folder: Path) -> None:
    """The script is asked for by address and hash, so the strict policy lets it through; no file has it."""
    with previewing(folder) as preview:
        address = preview.address
        status, headers, content = ask(f"{address}/guides/")
        assert (status, headers["Cache-Control"]) == (200, "no-cache")
        assert "script-src 'self';" in headers["Content-Security-Policy"]
        assert content.count(b"/_preview/overlay.js?") == 1
        assert b"integrity=" in content
        assert ask(f"{address}/guides")[2] == content
        assert ask(f"{address}/nothing/")[0] == 404
        assert ask(f"{address}/.secret")[0] == 404
        assert ask(f"{address}/%2e%2e/{folder.name}/index.html")[0] == 404
    assert (folder / "guides" / "index.html").read_bytes() == PAGE


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}]
)
def test_no_page_elsewhere_can_ask(folder: Path, headers: dict[str, str]) -> None:
    """Neither under a name that leads here nor with a form."""
    with previewing(folder) as preview:
        address = preview.address
        assert ask(f"{address}/", headers)[0] == 403
        assert ask(f"{address}/", headers, b"x")[0] == 403


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG reckons it."""
    digits = colour if len(colour) == 6 else "".join(2 * one for one in colour)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper", "least"),
    [
        ("ink", "paper", 7),
        ("link", "paper", 7),
        ("bad", "paper", 4.5),
        ("on-draft", "draft", 7),
        ("line", "paper", 3),
    ],
)
def test_what_the_preview_adds_can_be_read(ink: str, paper: str, least: float, scheme: int) -> None:
    """In both schemes: axe can't tell colours in a shadow tree that lies above a page."""
    style = (STATIC / "overlay.css").read_text(encoding="utf-8")
    colours = {name: both for name, *both in re.findall(r"--([\w-]+): light-dark\(#(\w+), #(\w+)\)", style)}
    one, other = sorted(luminance(colours[name][scheme]) for name in (ink, paper))
    assert (other + 0.05) / (one + 0.05) >= least


def echo(request: Request) -> Answer:
    """Answer with what was asked."""
    if request.path == "fail":
        raise ValueError("no such room")
    if request.path == "page":
        return Answer(PAGE)
    return Answer(f"{request.method} {request.path} {request.query} {request.body!r}", "text/plain", 201)


@pytest.fixture
def echoing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add an extra, here and in the processes that answer for it."""
    mine = (Extra("/_echo/", f"{__name__}:echo", follows=True),)
    monkeypatch.setattr(extras, "EXTRAS", mine)
    monkeypatch.setattr("publish.preview.server.EXTRAS", mine)
    run: Callable[..., Any] = Workers.run

    def handed(self: Workers, job: Any) -> Any:
        return run(self, type(job)(f"{__name__}:send_echo", job.arguments))

    monkeypatch.setattr(Workers, "run", handed)


def send_echo(send: Callable[[Any], None], prefix: str, request: Request) -> None:
    """Answer in the process of the job, where the list of extras is the real one."""
    from publish.preview import server

    extras.EXTRAS = (Extra(prefix, f"{__name__}:echo"),)
    server.send_answer(send, prefix, request)


@pytest.mark.slow
@pytest.mark.usefixtures("echoing")
@pytest.mark.parametrize("has_fork", [True, False])
def test_an_extra_answers_in_a_process_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch, has_fork: bool
) -> None:
    """With what was asked; one that fails says so and the server goes on."""
    monkeypatch.setattr(workers, "HAS_FORK", has_fork)
    with previewing(folder) as preview:
        address = preview.address
        assert ask(f"{address}/_echo/a/b?c=d")[::2] == (201, b"GET a/b {'c': 'd'} b''")
        assert ask(f"{address}/_echo", data=b"words")[0] == 201
        assert ask(f"{address}/_echo/a", data=b"words")[::2] == (201, b"POST a {} b'words'")
        told = json.loads(ask(f"{address}/_preview/state?page=/_echo/page")[2])["print"]
        assert f'data-print="{told}"'.encode() in ask(f"{address}/_echo/page")[2]
        preview.service.state["made"] += 1
        assert json.loads(ask(f"{address}/_preview/state?page=/_echo/page")[2])["print"] != told
        status, _, content = ask(f"{address}/_echo/fail")
        assert (status, content) == (500, b"ValueError: no such room")
        assert ask(f"{address}/")[0] == 200
