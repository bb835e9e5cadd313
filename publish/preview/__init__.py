"""``./publish.sh preview``: build, serve, and build again on every change."""

from __future__ import annotations

import argparse
import asyncio
import logging
import subprocess
import sys
from pathlib import Path

from watchfiles import awatch

from publish.preview.server import Service, Shelf, application
from publish.preview.workers import Workers

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / ".preview"
WATCHED = ("content", "theme", "plugins", "pelican.conf.py")


def rebuild(address: str) -> int:
    """Build once in a child process; problems are printed and the last good build stays."""
    command = [sys.executable, "-m", "publish", "build", "--preview", "--output", str(OUTPUT)]
    command += ["--site-url", address]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def preview(options: argparse.Namespace) -> int:
    """Serve the site until interrupted.  Exit 1 if there is nothing to serve, or the port is taken."""
    address = f"http://{options.host}:{options.port}"
    print("Building …", flush=True)
    if rebuild(address) != 0 and not (OUTPUT / "index.html").is_file():
        return 1
    logging.getLogger("tornado.access").setLevel(logging.ERROR)
    try:
        asyncio.run(_serve(options, address))
    except OSError as error:
        print(
            f"Port {options.port} can't be used ({error.strerror}). Try: ./publish.sh preview --port 8001",
            file=sys.stderr,
        )
        return 1
    return 0


async def _serve(options: argparse.Namespace, address: str) -> None:
    service = Service(Shelf(OUTPUT), Workers(), address, lambda _: None)
    application(service).listen(options.port, address=options.host)
    print(f"\n  {address}/\n\nReloads on every change.  Stop with Ctrl+C.", flush=True)
    async for _ in awatch(*(ROOT / name for name in WATCHED)):
        await asyncio.to_thread(rebuild, address)
        service.tell()
