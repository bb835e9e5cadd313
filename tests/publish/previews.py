"""The server of the preview in a thread, with nobody who builds: its state is what the test says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from publish.preview.server import Service, Shelf, application
from publish.preview.workers import Workers


@dataclass(frozen=True)
class Preview:
    """A running preview, and what pages have said to it."""

    address: str
    service: Service
    loop: asyncio.AbstractEventLoop
    heard: list[dict[str, Any]]

    def tell(self, **state: Any) -> None:
        """Tell the pages."""
        self.loop.call_soon_threadsafe(lambda: self.service.tell(**state))


@contextmanager
def previewing(folder: Path) -> Iterator[Preview]:
    """Serve a folder on a free port."""
    loop = asyncio.new_event_loop()
    (socket,) = bind_sockets(0, "127.0.0.1")
    address = f"http://127.0.0.1:{socket.getsockname()[1]}"
    service = Service(Shelf(folder), Workers(), address)
    preview = Preview(address, service, loop, [])
    service.on_message = preview.heard.append
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        server = asyncio.run_coroutine_threadsafe(_start(service, socket), loop).result()
        yield preview
        asyncio.run_coroutine_threadsafe(_stop(service, server), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _start(service: Service, socket: Any) -> HTTPServer:
    server = HTTPServer(application(service))
    server.add_sockets([socket])
    return server


async def _stop(service: Service, server: HTTPServer) -> None:
    service.workers.close()
    server.stop()
    for line in [*service.lines]:
        line.close()
    await server.close_all_connections()
    await asyncio.get_running_loop().shutdown_default_executor()
