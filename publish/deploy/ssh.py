"""A server that is reached through ssh; rsync carries the files."""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from plugins.problems import LibraryError
from publish.deploy.config import ROOT, SshConfig, stop
from publish.deploy.progress import Progress
from publish.deploy.server import ServerTarget
from publish.deploy.stage import Staged
from publish.scratch import scratch_folder

_KEEPALIVES = 3
_CONNECTION_FAILED = 255
_RSYNC_NETWORK = (10, 12, 30, 35)
_OTHER_MACHINE = (
    "the host key of {host} is not the one that is known; it may be another machine.",
    "Ask its owner for the right key, then write it into the known hosts file.",
)
_NO_RSYNC = ("{host} has no rsync.", "Install it there.")
# What the other end says, and what it means: the rule, the message, the cure.
_COMPLAINTS = (
    ("IDENTIFICATION HAS CHANGED", "host-key", *_OTHER_MACHINE),
    ("Host key verification failed", "host-key", *_OTHER_MACHINE),
    (
        "This key is for deploys only",
        "gate",
        "the gate of {host} does not let this through.",
        "Write `gate = true` for this target, or make setup.sh anew and run it there.",
    ),
    (
        "Permission denied (",
        "ssh-login",
        "{host} does not let this key in: {said}.",
        "Add the public key to authorized_keys there.",
    ),
    ("rsync: command not found", "tool", *_NO_RSYNC),
    ("rsync: not found", "tool", *_NO_RSYNC),
)


class SshTarget(ServerTarget):
    """Releases in a folder of a server."""

    def __init__(self, name: str, config: SshConfig) -> None:
        super().__init__(name, config, config.path.rstrip("/"))
        self.config = config
        self.copies = config.gate
        for tool in ("ssh", "rsync"):
            if not shutil.which(tool):
                raise stop(
                    "tool",
                    f"target '{name}' needs {tool}.",
                    f"Install it: apt-get install {tool}, or brew install {tool}.",
                )
        self._check_known_hosts()
        # One connection for all commands; the path of its socket may have about a hundred characters.
        self._sockets = self.cleanup.enter_context(scratch_folder("ssh"))
        self.cleanup.callback(self._hang_up)

    def _check_known_hosts(self) -> None:
        """Say so when there is no known key at all: that is not a key that has changed."""
        if not self.config.known_hosts:
            return
        path = ROOT / self.config.known_hosts
        rows = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
        if not any(row.strip() and not row.startswith("#") for row in rows):
            what = "holds no key" if path.is_file() else "is not there"
            raise self._unknown_host(f"{self.config.known_hosts} {what}")

    def _unknown_host(self, what: str) -> LibraryError:
        port = f"-p {self.config.port} " if self.config.port != 22 else ""
        name = self.config.host.rpartition("@")[2]
        file = self.config.known_hosts or "~/.ssh/known_hosts"
        cure = (
            f"Run `ssh-keyscan {port}{name} >> {file}`, and compare the key with what the server's owner "
            "tells you."
        )
        return stop("host-key", f"the host key of {name} is not known yet: {what}.", cure)

    @property
    def place(self) -> str:
        """Return host and folder."""
        return f"{self.config.host}:{self.base}"

    def _ssh(self) -> list[str]:
        alive = max(1, self.config.timeout // _KEEPALIVES)
        options = {
            "BatchMode": "yes",
            "ConnectTimeout": str(self.config.timeout),
            "ServerAliveInterval": str(alive),
            "ServerAliveCountMax": str(_KEEPALIVES),
            "StrictHostKeyChecking": "yes",
            "ControlMaster": "auto",
            "ControlPath": f"{self._sockets}/s",
            "ControlPersist": str(self.config.timeout),
        }
        if self.config.known_hosts:
            options["UserKnownHostsFile"] = f'"{(ROOT / self.config.known_hosts).resolve()}"'
        words = ["ssh", "-p", str(self.config.port)]
        identity = self.config.identity and self.config.identity.expanduser()
        if identity and identity.is_file():
            words += ["-i", str(identity), "-o", "IdentitiesOnly=yes"]
        for name, value in options.items():
            words += ["-o", f"{name}={value}"]
        return words

    def command(self, *words: str) -> list[str]:
        """Return the command that runs ``words`` on the server."""
        return [*self._ssh(), self.config.host, shell_words(words)]

    def words(self, action: str, *arguments: str) -> list[str]:
        """Return the command for a step; a server with a gate has the script and its folder already."""
        if not self.config.gate:
            return super().words(action, *arguments)
        # The gate lets through no quotation mark, so no blank within a word either.
        plain = (re.sub(r"[^A-Za-z0-9._:/@,=%+-]", "_", word) for word in arguments)
        return [*self._ssh(), self.config.host, " ".join(("common-thread", action, *plain))]

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(
                [*self._ssh(), "-O", "exit", self.config.host], capture_output=True, check=False, timeout=5
            )

    def send(self, staged: Staged, progress: Progress, *, afresh: bool) -> None:
        """Send with rsync; what the live release has already becomes a link to it."""
        incoming = f"{self.base}/incoming/{staged.release}"
        # Behind a gate the files there belong to somebody else, so they are copied, not linked.
        same = "--copy-dest" if self.config.gate else "--link-dest"
        known = ["--checksum", f"{same}={self.base}/current/"]
        known_shared = ["--checksum", f"{same}={self.base}/shared/"]
        self._rsync(staged.folder, incoming, progress, ["--exclude=/shared/", *([] if afresh else known)])
        self._rsync(staged.shared, f"{incoming}/shared", progress, [] if afresh else known_shared)

    def _rsync(self, source: Path, target: str, progress: Progress, options: Iterable[str]) -> None:
        words = [
            "rsync",
            "--recursive",
            "--perms",
            "--chmod=D775,F444" if self.config.gate else "--chmod=D755,F444",
            f"--timeout={self.config.timeout}",
            "--out-format=%l",
            *([] if self.config.gate else ["--protect-args"]),
            *options,
            "-e",
            shell_words(self._ssh()),
            f"{source}/",
            f"{self.config.host}:{target}/",
        ]
        pipe = subprocess.PIPE
        with (
            tempfile.TemporaryFile("w+") as errors,
            subprocess.Popen(words, stdout=pipe, stderr=errors, text=True) as process,
        ):
            assert process.stdout  # noqa: S101
            for row in process.stdout:
                progress.advance(int(row) if row.strip().isdigit() else 0)
            if code := process.wait():
                errors.seek(0)
                raise self.complain(_CONNECTION_FAILED if code in _RSYNC_NETWORK else code, errors.read())

    @contextlib.contextmanager
    def preview(self, release: str) -> Iterator[str | None]:
        """Have the web server show the release under ``preview_url``, if the settings name it."""
        if not self.config.preview_url:
            yield None
            return
        self.run("try", self._token, release)
        try:
            yield self.config.preview_url.rstrip("/")
        finally:
            self.run("try", self._token)

    def refresh(self) -> None:
        """Have root install headers and redirects, or run what the settings say."""
        if self.config.gate:
            self.run("refresh")
        if not self.config.after:
            return
        done = subprocess.run(
            self.command("sh", "-c", self.config.after),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            said = " ".join(done.stderr.split()) or f"exit status {done.returncode}"
            raise stop(
                "after",
                f"'{self.config.after}' failed on the server: {said}.",
                "Run it there by hand and look.",
            )

    def explain(self, code: int, complaint: str) -> LibraryError | None:
        """Put what ssh says into words."""
        host, said = self.config.host, " ".join(complaint.split())
        if "host key is known for" in complaint:
            return self._unknown_host(said)
        for sign, rule, message, cure in _COMPLAINTS:
            if sign in complaint:
                return stop(rule, message.format(host=host, said=said), cure)
        if code == _CONNECTION_FAILED:
            message = f"the connection to {host} failed or fell silent: {said}."
            return stop("network", message, "Check the network and deploy again.")
        return None


def shell_words(words: Iterable[str]) -> str:
    """Quote words for the shell at the other end."""
    return " ".join(shlex.quote(word) for word in words)
