"""Asking addresses elsewhere whether they answer, politely: for ``./publish.sh links --external``.

One request after the other, and a pause between two to one host; only the head of a page where that will do,
and never its body.  ``robots.txt`` is kept to, and so is ``Retry-After``.  It says who asks.
"""

from __future__ import annotations

import email.utils
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote, urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from plugins.problems import shown

NAME = "common-thread-links"
"""What ``robots.txt`` calls it."""
AGENT = f"Mozilla/5.0 (compatible; {NAME}/1.0; +{{}})"
PAUSE = 2.0
"""Seconds between two requests to one host; ``Crawl-delay`` can make it longer."""
LONGEST_PAUSE = 30.0
TIMEOUT = 20.0
"""Seconds for one request, from the first step of it to the last."""
MOST_HOPS = 5
MOST_OF_ROBOTS = 500 << 10
"""Bytes of ``robots.txt`` that are read: what RFC 9309 asks for."""
_NOT_FOR_HEAD = {400, 403, 404, 405, 406, 500, 501, 503}
"""What servers say to HEAD that may say something else to GET."""
_UNSURE = {401, 403, 429, 451, 503, 999}
"""What is said to programs, and may not be said to people."""
_SAFE = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True)
class Answer:
    """What an address said; ``state`` is ``ok``, ``silent``, or ``unsure`` if people may fare better.

    A host that wants to be left alone has ``rest`` seconds; one that could not even be found is ``unknown``.
    """

    state: str
    said: str
    rest: float | None = None
    unknown: bool = False


class Reply(NamedTuple):
    """The head of what a server sent; the body only where it was asked for."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def words(self) -> str:
        """Return the status with its name."""
        return f"{self.status} {http.client.responses.get(self.status, '')}".strip()


def host_of(url: str) -> str:
    """Return the host of an address, with its port."""
    return urlsplit(url).netloc.lower()


@dataclass
class Politeness:
    """Waits until a host may be asked again."""

    pause: float = PAUSE
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    pauses: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._last: dict[str, float] = {}

    def wait_for(self, url: str) -> None:
        """Return when at least the pause has passed since its host was asked."""
        host, now = host_of(url), self.clock()
        pause = max(self.pause, self.pauses.get(host, 0.0))
        if host in self._last and (left := self._last[host] + pause - now) > 0:
            self.sleep(left)
        self._last[host] = self.clock()


@dataclass
class Asker:
    """Asks addresses; ``agent`` is who says it asks, ``timeout`` is for one request, in seconds."""

    agent: str
    politeness: Politeness
    timeout: float = TIMEOUT
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _robots: dict[str, RobotFileParser | None] = field(default_factory=dict)

    def __call__(self, url: str) -> Answer:
        """Return what an address says, following where it leads."""
        try:
            return self._follow(url)
        except (OSError, http.client.HTTPException, ValueError) as error:
            unknown = isinstance(error, socket.gaierror)
            return Answer("silent", _reason(error, self.timeout), unknown=unknown)

    def _follow(self, url: str) -> Answer:
        seen, there = [url], url
        while True:
            if not self._may(there):
                return Answer("unsure", f"robots.txt of {host_of(there)} keeps programs away")
            reply = self._head(there)
            if not 300 <= reply.status < 400 or reply.status == 304:
                return _judged(reply, there if len(seen) > 1 else "")
            where = reply.headers.get("Location", "")
            if not where:
                return Answer("silent", f"{reply.words}, and leads nowhere")
            there = urldefrag(urljoin(there, where)).url
            if urlsplit(there).scheme not in ("http", "https"):
                return Answer("silent", f"{reply.words}, leads to {shown(there, 100)}")
            if there in seen or len(seen) > MOST_HOPS:
                return Answer("silent", f"{reply.words}, leads round in a circle")
            seen.append(there)

    def _head(self, url: str) -> Reply:
        """Return the answer to HEAD, or to GET where a server may know that better."""
        try:
            reply = self._ask("HEAD", url)
        except http.client.RemoteDisconnected:
            return self._ask("GET", url)
        if reply.status in _NOT_FOR_HEAD and "Retry-After" not in reply.headers:
            return self._ask("GET", url)
        return reply

    def _may(self, url: str) -> bool:
        """Tell whether ``robots.txt`` of its host lets us ask; one that is not there, or fails, does."""
        parts = urlsplit(url)
        top = f"{parts.scheme}://{parts.netloc}"
        if top not in self._robots:
            self._robots[top] = self._read_robots(f"{top}/robots.txt")
            delay = (rules := self._robots[top]) and rules.crawl_delay(NAME)
            self.politeness.pauses[host_of(url)] = min(float(delay or 0), LONGEST_PAUSE)
        rules = self._robots[top]
        return rules is None or rules.can_fetch(NAME, url)

    def _read_robots(self, url: str) -> RobotFileParser | None:
        for _ in range(MOST_HOPS):
            reply = self._ask("GET", url, MOST_OF_ROBOTS)
            if 300 <= reply.status < 400 and reply.headers.get("Location"):
                url = urljoin(url, reply.headers["Location"])
            elif reply.status == 200:
                rules = RobotFileParser()
                rules.parse(reply.body.decode("utf-8", "replace").splitlines())
                return rules
            else:
                break
        return None

    def _ask(self, method: str, url: str, most: int = 0) -> Reply:
        """Return what a server sends: its head, and at most so many bytes of the body."""
        self.politeness.wait_for(url)
        parts = urlsplit(url)
        target = quote(parts.path or "/", _SAFE) + (f"?{quote(parts.query, _SAFE)}" if parts.query else "")
        connection = self._connection(parts.scheme, parts.netloc)
        with _in_time(connection, self.timeout):
            connection.request(method, target, headers={"User-Agent": self.agent, "Accept": "*/*"})
            reply = connection.getresponse()
            return Reply(reply.status, reply.headers, reply.read(most) if most else b"")

    def _connection(self, scheme: str, netloc: str) -> http.client.HTTPConnection:
        if scheme == "https":
            return http.client.HTTPSConnection(netloc, timeout=self.timeout, context=self.tls)
        return http.client.HTTPConnection(netloc, timeout=self.timeout)


@contextmanager
def _in_time(connection: http.client.HTTPConnection, timeout: float) -> Iterator[None]:
    """Close a connection at the end, and cut it off before if it takes too long.

    A socket's own timeout is for each step: a server that sends a byte now and then would never meet it.
    """
    late = threading.Event()

    def cut_off() -> None:
        late.set()
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(timeout, cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield
        if late.is_set():  # what was cut off may look like an end
            raise TimeoutError
    except (http.client.HTTPException, OSError, ValueError) as error:
        if late.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        connection.close()


def _judged(reply: Reply, there: str) -> Answer:
    said = f"{reply.words}, at {shown(there, 200)}" if there else reply.words
    rest = _seconds(reply.headers.get("Retry-After"))
    if 200 <= reply.status < 300 or reply.status == 304:
        return Answer("ok", said)
    if reply.status == 429 or (reply.status == 503 and rest is not None):
        return Answer("unsure", said, rest=rest or 0.0)
    return Answer("unsure" if reply.status in _UNSURE else "silent", said)


def _seconds(said: str | None, now: Callable[[], float] = time.time) -> float | None:
    """Return how long ``Retry-After`` asks to wait: it is a number of seconds, or a moment."""
    if not said:
        return None
    if said.strip().isdecimal():
        return float(said)
    with suppress(ValueError, TypeError):
        return max(email.utils.parsedate_to_datetime(said).timestamp() - now(), 0.0)
    return 0.0


_REASONS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (ssl.SSLCertVerificationError, "its certificate is not valid: {error.verify_message}"),
    (ssl.SSLError, "no secure line to it: {error.reason}"),
    (TimeoutError, "no answer within {timeout:g} s"),
    (socket.gaierror, "no such host, as far as names are known here"),
    ((http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError), "it hung up without an answer"),
    (http.client.InvalidURL, "that is no address"),
    (http.client.HTTPException, "what it says is no HTTP"),
    (UnicodeError, "its name can't be looked up"),
    (OSError, "{error.strerror}"),
)
"""Why nothing came, in words; the first that fits."""


def _reason(error: Exception, timeout: float) -> str:
    words = next((words for kind, words in _REASONS if isinstance(error, kind)), "it can't be asked: {error}")
    return words.format(error=error, timeout=timeout)
