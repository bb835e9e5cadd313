"""A bare server inside this machine: the same disk, but nothing written to it stays.

Its own processes and network.
It needs root, and the kernel's namespaces and overlays; where they are missing, tests are skipped by name.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.publish.servers import IS_ROOT, give_up, need, wait_for

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_SPACES = ("--mount", "--net", "--pid", "--uts", "--ipc")
_INIT = """
made=$1
shift
mount --make-rprivate /
mount -t tmpfs tmpfs "$made"
mkdir "$made/upper" "$made/work" "$made/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$made/upper,workdir=$made/work" "$made/root"
mount -t proc proc "$made/root/proc"
mount --rbind /dev "$made/root/dev"
for folder in /tmp /run; do mount -t tmpfs -o mode=1777 tmpfs "$made/root$folder"; done
for folder in "$@"; do
    mkdir -p "$made/root$folder"
    mount --bind "$folder" "$made/root$folder"
    mount -o remount,bind,ro "$made/root$folder"
done
ip link set lo up
exec sleep 600
"""


class Sandbox:
    """A running sandbox: commands can be run in it, as any user."""

    def __init__(self, process: int, root: Path) -> None:
        self.process, self.root = process, root

    def run(
        self, script: str, *, user: str = "root", check: bool = True, given: str = "", seconds: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run a shell script in there and return what it said."""
        words = ["nsenter", "--target", str(self.process), *_SPACES, "--", "chroot", str(self.root)]
        shell = ["sh", "-c", script] if user == "root" else ["runuser", "-u", user, "--", "sh", "-c", script]
        done = subprocess.run(
            [*words, *shell],
            capture_output=True,
            text=True,
            input=given,
            env={"PATH": _PATH, "HOME": "/root"},
            check=False,
            timeout=seconds,
        )
        assert not check or done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done


@contextmanager
def sandbox(*shown: Path) -> Iterator[Sandbox]:
    """Give a bare server for the time of a block; ``shown`` can be read in it wherever they lie."""
    need("unshare", "nsenter", "runuser", "chroot", "ip")
    if not IS_ROOT:
        give_up("only root can make a server inside this machine")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sandbox-")))
        log = stack.enter_context(tempfile.TemporaryFile())
        words = ["unshare", *_SPACES, "--fork", "--kill-child", "--", "sh", "-ec", _INIT, "init", str(folder)]
        process = stack.enter_context(subprocess.Popen([*words, *map(str, shown)], stderr=log))
        stack.callback(process.kill)
        inner = _child_of(process)
        if inner is None:
            log.seek(0)
            # No package mends that, so it is said and no failure, unlike a tool that is not there.
            pytest.skip(f"this kernel lets nobody make a server inside this machine: {log.read().decode()}")
        yield Sandbox(inner or 0, folder / "root")


def _child_of(process: subprocess.Popen[bytes]) -> int | None:
    """Wait until the first process in there is ready; return its number out here, None if it has ended."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    found: list[str] = []

    def ready() -> bool:
        with suppress(OSError, IndexError):
            found[:] = children.read_text(encoding="ascii").split()
            return Path(f"/proc/{found[0]}/comm").read_text(encoding="ascii").strip() == "sleep"
        return process.poll() is not None

    wait_for(ready, "the server inside this machine")
    return int(found[0]) if found and process.poll() is None else None
