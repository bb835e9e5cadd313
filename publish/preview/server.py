"""The server of the preview: the built site as hosts send it, its live line, and the extras.

What the preview adds to a page is put in as the page is sent; no file has it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from tornado import web, websocket

from publish.headers import IMMUTABLE, content_type, headers_for, is_immutable
from publish.preview.extras import EXTRAS, Extra, Request, extra_for
from publish.preview.jobs import ROOT, Job
from publish.preview.workers import JobError, Workers

STATIC = Path(__file__).parent / "static"
PREFIX = "/_preview/"
HERE = ("127.0.0.1", "localhost", "[::1]")
"""Names of this machine; asked for by another one, a page elsewhere has found a way to lead here."""
NOT_SENT = {"strict-transport-security", "cache-control"}
EDITOR = "vscode://file{path}:{line}:{column}"
"""What opens a file in an editor; the path begins with a slash."""
_HEAD_END = b"</head>"
_NOTHING_YET = b"""<!doctype html>
<html lang="en-gb"><head><meta charset="utf-8"><title>Preview</title></head>
<body><p>There is nothing to show yet.</p></body></html>"""


def beginning() -> dict[str, Any]:
    """Return what there is to tell before anything was built."""
    empty: dict[str, Any] = {"problems": [], "held": {}, "sources": {}, "entries": 0}
    return {**empty, "building": True, "fresh": False, "with_held": True, "rounds": 0, "made": 0}


@dataclass
class Shelf:
    """The files that are shown: those of ``first``, which are on their way, or else those in ``folder``."""

    folder: Path
    first: dict[str, bytes | None] = field(default_factory=dict)

    def read(self, name: str) -> bytes | None:
        """Return a file by its name below the folder, or None."""
        if name in self.first:
            return self.first[name]
        if any(part.startswith(".") for part in Path(name).parts if part != ".well-known"):
            return None
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            return None

    def print_of(self, path: str) -> str:
        """Return the hash of the page at an address as it is now."""
        return print_of(self.read(file_of(path)) or self.missing())

    def missing(self) -> bytes:
        """Return the page that tells of a page that is not there."""
        return self.read("404.html") or _NOTHING_YET


def file_of(path: str) -> str:
    """Return the file of an address, relative to the output."""
    name = unquote(path).lstrip("/")
    return f"{name}index.html" if not name or name.endswith("/") else name


def print_of(content: bytes) -> str:
    """Return a short hash."""
    return hashlib.sha256(content).hexdigest()[:16]


@dataclass
class Service:
    """What the handlers share: ``state`` is what pages are told, ``asked`` what was asked for of late."""

    shelf: Shelf
    workers: Workers
    site_url: str
    editor: str = EDITOR
    on_message: Callable[[dict[str, Any]], None] = lambda _message: None
    state: dict[str, Any] = field(default_factory=beginning)
    lines: set[Line] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def note(self, path: str) -> None:
        """Remember that a page was asked for."""
        self.asked = [path, *(one for one in self.asked if one != path)][:4]

    def on_screen(self) -> list[str]:
        """Return the addresses of the pages that somebody looks at, or has just asked for."""
        return [*dict.fromkeys([*(line.page for line in self.lines), *self.asked])]

    def tell(self, **state: Any) -> None:
        """Change the state and tell every page."""
        self.state.update(state)
        for line in [*self.lines]:
            line.tell()

    def print_of(self, page: str) -> str:
        """Return what tells a page from an older one at its address."""
        return f"made {self.state['made']}" if extra_for(page) else self.shelf.print_of(page)

    def state_for(self, page: str) -> dict[str, Any]:
        """Return what a page is told."""
        state, held = self.state, self.state["held"]
        path = state["sources"].get(page, "")
        names = ("url", "status", "title", "path", "shown")
        return {
            **{name: state[name] for name in ("building", "fresh", "with_held", "entries", "rounds")},
            "print": self.print_of(page),
            "problems": [{**one, "href": self.link(**one)} for one in state["problems"]],
            "held": [dict(zip(names, (url, *rest), strict=True)) for url, rest in held.items()],
            "page": {
                "status": held[page][0] if page in held else "",
                "shown": page not in held or held[page][3],
                "path": path,
                "href": self.link(path, 1) if path else "",
            },
            "extras": [{"prefix": one.prefix, "label": one.label} for one in EXTRAS if one.label],
        }

    def link(self, path: str, line: int, column: int = 0, **_others: Any) -> str:
        """Return the address that opens the editor at a place."""
        parts = {"path": quote(str(ROOT / path)), "line": str(line), "column": str(column or 1)}
        return re.sub(r"\{(path|line|column)\}", lambda found: parts[found[1]], self.editor)


class _Handler(web.RequestHandler):
    """What all handlers have in common: the service, and who may ask."""

    service: Service

    def initialize(self, service: Service) -> None:
        """Take what the handlers share."""
        self.service = service

    def prepare(self) -> None:
        """Refuse what a page of another site has sent here, by its name or by its form."""
        mine = urlsplit(self.service.site_url)
        local = {f"{name}:{mine.port}" for name in HERE} if is_here(mine.hostname) else set()
        origin = self.request.headers.get("Origin")
        host_is_known = not local or self.request.host in local
        if not host_is_known or (origin is not None and urlsplit(origin).netloc != self.request.host):
            raise web.HTTPError(403, reason="This is the preview of another address")

    def send_headers(self, headers: Mapping[str, str]) -> None:
        """Set headers."""
        for name, value in headers.items():
            self.set_header(name, value)


def is_here(host: str | None) -> bool:
    """Tell whether a server at ``host`` is for this machine alone."""
    return host is None or host in ("localhost", "::1") or host.startswith("127.")


class PageHandler(_Handler):
    """Sends the files of the site with the headers of the real hosts."""

    def get(self, path: str) -> None:
        """Send a file, lead on, or say that there is none."""
        shelf = self.service.shelf
        content, name = shelf.read(file_of(path)), file_of(path)
        if content is None:
            if shelf.read(f"{name}/index.html") is not None:
                self.redirect(f"{path}/")
                return
            self.set_status(404)
            content, name = shelf.missing(), "404.html"
        self.send_headers(
            {key: value for key, value in headers_for(path).items() if key.lower() not in NOT_SENT}
        )
        kept = IMMUTABLE if is_immutable(name) else "no-cache"
        self.send_headers({"Content-Type": content_type(name), "Cache-Control": kept})
        if name.endswith(".html"):
            self.service.note(path)
            content = tagged(content, print_of(content))
        self.finish(content)

    head = get


def tagged(content: bytes, page: str) -> bytes:
    """Return a page with the script in its head; ``page`` is what its print is."""
    return content.replace(_HEAD_END, _tag(page) + _HEAD_END, 1)


def _tag(page: str) -> bytes:
    """Return what is put into a page: the script, by an address and a hash that any policy lets through."""
    content = (STATIC / "overlay.js").read_bytes()
    integrity = base64.b64encode(hashlib.sha256(content).digest()).decode()
    source, kept = f"{PREFIX}overlay.js?{print_of(content)}", f"sha256-{integrity}"
    tag = f'<script async src="{source}" crossorigin integrity="{kept}" data-print="{escape(page)}"></script>'
    return tag.encode()


class OwnHandler(_Handler):
    """Sends the files of the preview itself."""

    def get(self, name: str) -> None:
        """Send one of them."""
        path = STATIC / name
        if not path.is_file():
            raise web.HTTPError(404)
        self.send_headers({"Content-Type": content_type(name), "Cache-Control": "no-cache"})
        self.finish(path.read_bytes())


class StateHandler(_Handler):
    """Tells the state of a page to whoever has no line: a test, or a program."""

    def get(self) -> None:
        """Send it."""
        page = self.get_query_argument("page", "/")
        self.service.note(page)
        self.finish(self.service.state_for(page))


class ExtraHandler(_Handler):
    """Lets an extra answer, in a process of its own."""

    async def get(self, path: str) -> None:
        """Ask the extra for this address."""
        extra = extra_for(path)
        if extra is None:
            self.redirect(f"{path}/")
            return
        request = Request(
            self.request.method or "GET",
            path.removeprefix(extra.prefix),
            {name: self.get_query_argument(name) for name in self.request.query_arguments},
            self.request.body,
            self.service.site_url,
        )
        before = self.service.print_of(path)
        try:
            status, headers, content = await self._answer(extra, request)
        except JobError as error:
            status, headers, content = 500, {"Content-Type": "text/plain; charset=utf-8"}, str(error).encode()
        self.set_status(status)
        self.send_headers(headers)
        self.finish(tagged(content, before) if extra.follows else content)

    async def _answer(self, extra: Extra, request: Request) -> tuple[int, dict[str, str], bytes]:
        job = Job("publish.preview.server:send_answer", (extra.prefix, request))
        async with aclosing(self.service.workers.run(job).messages()) as answers:
            answer: tuple[int, dict[str, str], bytes] = await anext(answers)
            return answer

    post = put = delete = get


def send_answer(send: Callable[[Any], None], prefix: str, request: Request) -> None:
    """Let an extra answer; in the process that the server has started for it."""
    from publish.preview.extras import answer, extra_for

    extra = extra_for(prefix)
    if extra is None:
        raise LookupError(f"no extra answers for {prefix}")
    found = answer(extra, request)
    content = found.body.encode() if isinstance(found.body, str) else found.body
    send((found.status, {"Content-Type": found.content_type, **found.headers}, content))


class Line(websocket.WebSocketHandler):
    """The line to one page in a browser."""

    page = "/"
    service: Service

    def initialize(self, service: Service) -> None:
        """Take what the handlers share."""
        self.service = service

    def open(self, *_: str, **__: str) -> None:
        """Remember who listens, and tell it how things are."""
        self.page = self.get_query_argument("page", "/")
        self.service.lines.add(self)
        self.tell()

    def tell(self) -> None:
        """Send the state, with the print of this page as it is now."""
        try:
            self.write_message(json.dumps(self.service.state_for(self.page)))
        except websocket.WebSocketClosedError:
            self.service.lines.discard(self)

    def on_message(self, message: str | bytes) -> None:
        """Take what a page wants."""
        self.service.on_message(json.loads(message))

    def on_close(self) -> None:
        """Forget it."""
        self.service.lines.discard(self)


def application(service: Service) -> web.Application:
    """Return the server's application."""
    shared = {"service": service}
    return web.Application([*_routes(shared)])


def _routes(shared: dict[str, Service]) -> Iterator[tuple[str, type[web.RequestHandler], dict[str, Service]]]:
    yield rf"{PREFIX}line", Line, shared
    yield rf"{PREFIX}state", StateHandler, shared
    yield rf"{PREFIX}([\w.-]+)", OwnHandler, shared
    for extra in EXTRAS:
        yield rf"({extra.prefix[:-1]}(?:/.*)?)", ExtraHandler, shared
    yield r"(/.*)", PageHandler, shared
