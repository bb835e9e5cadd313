"""``./publish.sh preview``: build, serve, and build again on every change.

The server (:mod:`.server`) only shows things, and has none of the site's code in it.  A
process that stays warm (:mod:`.warm`) forks one for each round (:mod:`.rounds`,
:mod:`.rebuilding`), so nothing leaks and nothing stale survives.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from contextlib import suppress
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from publish.preview.jobs import ROOT
from publish.preview.rounds import Rounds
from publish.preview.server import Service, Shelf, application
from publish.preview.watching import Snapshot
from publish.preview.workers import Workers

OUTPUT = ROOT / ".preview"


def preview(options: argparse.Namespace) -> int:
    """Serve the site until interrupted.  Exit 1 if the port is taken."""
    logging.getLogger("tornado.access").setLevel(logging.ERROR)
    try:
        sockets = bind_sockets(options.port, options.host)
    except OSError as error:
        print(
            f"Port {options.port} can't be used ({error.strerror}). Try: ./publish.sh preview --port 8001",
            file=sys.stderr,
        )
        return 1
    port = sockets[0].getsockname()[1]
    asyncio.run(serve(sockets, f"http://{options.host}:{port}", options.editor))
    return 0


async def serve(sockets: list[Any], address: str, editor: str) -> None:
    """Serve, and keep what is served as the files are, until a signal ends it."""
    service = Service(Shelf(OUTPUT), Workers(), address, editor)
    rounds = Rounds(service, Snapshot(ROOT))
    service.on_message = rounds.hear
    server = HTTPServer(application(service))
    server.add_sockets(sockets)
    print(f"\n  {address}/\n\nReloads on every change.  Stop with Ctrl+C.", flush=True)
    keeping = asyncio.create_task(rounds.keep())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, keeping.cancel)
    with suppress(asyncio.CancelledError):
        await keeping
    server.stop()
