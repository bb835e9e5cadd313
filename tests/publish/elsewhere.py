"""Hosts elsewhere, as bad as they come, on this machine: for the tests of ``links --external``."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Behaviour = Callable[["Host", socket.socket, str, str], None]


@dataclass
class Host:
    """A server that answers each request as ``behaviour`` says, and remembers what it was asked."""

    behaviour: Behaviour
    url: str = ""
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)


@contextlib.contextmanager
def host(behaviour: Behaviour, *, family: int = socket.AF_INET, tls: Path | None = None) -> Iterator[Host]:
    """Give a host on the loopback interface; ``tls`` is a folder with ``cert.pem`` and ``key.pem``."""
    address = "::1" if family == socket.AF_INET6 else "127.0.0.1"
    found = Host(behaviour)
    with socket.create_server((address, 0), family=family) as server:
        name = f"[{address}]" if ":" in address else address
        found.url = f"{'https' if tls else 'http'}://{name}:{server.getsockname()[1]}"
        threads = [threading.Thread(target=_serve, args=(found, server, tls), daemon=True)]
        threads[0].start()
        try:
            yield found
        finally:
            found.over.set()
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            threads[0].join()


def _serve(found: Host, server: socket.socket, tls: Path | None) -> None:
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls / "cert.pem", tls / "key.pem")
    while not found.over.is_set():
        try:
            line, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(found, line, context), daemon=True).start()


def _answer(found: Host, line: socket.socket, context: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
        stack.enter_context(line)
        if context:
            line = stack.enter_context(context.wrap_socket(line, server_side=True))
        head = b""
        while b"\r\n\r\n" not in head and (more := line.recv(4096)):
            head += more
        method, target, *_ = head.decode("latin-1").split(" ", 2)
        agent = head.decode("latin-1").partition("User-Agent: ")[2].partition("\r\n")[0]
        found.asked.append(f"{method} {target}")
        found.agents.add(agent)
        found.behaviour(found, line, method, target)


def say(line: socket.socket, status: str, *headers: str, body: bytes = b"") -> None:
    """Send a whole answer."""
    rows = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    line.sendall("\r\n".join(rows).encode() + body)


def plainly(answers: Mapping[str, tuple[str, ...]], robots: str = "") -> Behaviour:
    """Return a behaviour: status and headers for each path, 200 for any other, and its ``robots.txt``.

    A key may begin with a method; ``GET`` of a path that only has ``HEAD /path`` is a good answer.
    """

    def behaviour(_host: Host, line: socket.socket, method: str, target: str) -> None:
        if target == "/robots.txt":
            say(line, "200 OK" if robots else "404 Not Found", body=robots.encode())
            return
        say(line, *(answers.get(f"{method} {target}") or answers.get(target) or ("200 OK",)))

    return behaviour
