"""Ways to go wrong: a network that fails in the middle, a disk that is full."""

from __future__ import annotations

import contextlib
import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from tests.publish.servers import IS_ROOT, give_up, need

Mode = Literal["pass", "reset", "black hole"]


class BadNetwork:
    """A way to a port that, after so many bytes from the client, resets or swallows everything."""

    def __init__(self, port: int) -> None:
        self.mode: Mode = "pass"
        self.budget = 0
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._closed = False

    def fail_after(self, count: int, mode: Mode) -> None:
        """Let ``count`` more bytes through, then fail."""
        self.budget, self.mode = count, mode

    def _serve(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            self._open += [client, server]
            self._start(self._carry, client, server, True)
            self._start(self._carry, server, client, False)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _carry(self, source: socket.socket, target: socket.socket, is_upload: bool) -> None:
        with contextlib.suppress(OSError, ValueError):
            while data := source.recv(8192):
                if self.mode != "pass" and is_upload:
                    with self._lock:
                        self.budget -= len(data)
                if self.mode == "reset" and self.budget < 0:
                    source.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    source.close()
                    target.shutdown(socket.SHUT_RDWR)
                    return
                if self.mode == "black hole" and self.budget < 0:
                    continue
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def __enter__(self) -> BadNetwork:
        self._start(self._serve)
        return self

    def __exit__(self, *_error: object) -> None:
        self._closed = True
        for link in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)
        for link in (self._listener, *self._open):
            link.close()


def small_disk(size: str) -> Callable[[Path], Callable[[], None]]:
    """Return what mounts a small disk at a folder and gives a way to undo that."""

    def mount(folder: Path) -> Callable[[], None]:
        need("mount", "umount")
        if not IS_ROOT:
            give_up("only root can mount a small disk")
        words = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(folder)]
        if subprocess.run(words, capture_output=True, check=False).returncode:
            give_up("a small disk cannot be mounted here")

        def unmount() -> None:
            subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)

        return unmount

    return mount


@contextlib.contextmanager
def silent_host() -> Iterator[str]:
    """Give the address of a host that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextlib.contextmanager
def curt_host() -> Iterator[str]:
    """Give the address of a host that takes connections and ends them without a word."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                listener.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=5)
