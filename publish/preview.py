"""``./publish.sh preview``: build, serve, and build again on every change.

Each build is a process of its own, so a fault in it never takes the server down and a
changed plugin is used at once.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
from pathlib import Path

from livereload import Server

ROOT = Path(__file__).resolve().parent.parent
WATCHED = ("content", "theme", "plugins", "pelican.conf.py")


def rebuild(address: str) -> int:
    """Build once in a child process; problems are printed and the last good build stays."""
    command = [sys.executable, "-m", "publish", "build", "--preview", "--output", str(ROOT / ".preview")]
    command += ["--site-url", address]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def preview(options: argparse.Namespace) -> int:
    """Serve the site until interrupted.  Exit 1 if there is nothing to serve, or the port is taken."""
    address = f"http://{options.host}:{options.port}"
    print("Building …", flush=True)
    if rebuild(address) != 0 and not (ROOT / ".preview" / "index.html").is_file():
        return 1
    server = Server()
    for name in WATCHED:
        path = ROOT / name
        server.watch(
            str(path / "**" / "*") if path.is_dir() else str(path), lambda: rebuild(address), delay=0.2
        )
    logging.getLogger("tornado.access").setLevel(logging.ERROR)
    print(f"\n  {address}/\n\nReloads on every change.  Stop with Ctrl+C.", flush=True)
    try:
        server.serve(port=options.port, host=options.host, root=str(ROOT / ".preview"), open_url_delay=None)
    except OSError as error:
        print(
            f"Port {options.port} can't be used ({error.strerror}). Try: ./publish.sh preview --port 8001",
            file=sys.stderr,
        )
        return 1
    return 0
