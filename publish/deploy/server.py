"""A folder with releases: on this disk, or on a server that is reached through ssh.

What happens there is in ``server.sh``; this module says when, and puts its complaints
into words.
"""

from __future__ import annotations

import subprocess
import threading
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from plugins.problems import LibraryError
from publish.deploy.config import TargetConfig, stop
from publish.deploy.manifest import Manifest
from publish.deploy.progress import Progress
from publish.deploy.serve import serve
from publish.deploy.stage import Staged
from publish.deploy.target import State, Target, held, holder, new_token
from publish.headers import SHARED_FOLDERS

SCRIPT = Path(__file__).with_name("on_server") / "server.sh"

PRUNE = "Free some space there, or `./publish.sh prune --keep 1`."
_UNWRITABLE, _BAD_SUMS, _HELD, _LOST = 73, 74, 75, 76


class ServerTarget(Target):
    """Releases in a folder; subclasses know how to get there."""

    def __init__(self, name: str, config: TargetConfig, base: str) -> None:
        super().__init__(name, config)
        self.base = base
        self._token = ""

    # What subclasses bring ----------------------------------------------------
    @abstractmethod
    def command(self, *words: str) -> list[str]:
        """Return the command that runs ``words`` over there."""

    @abstractmethod
    def send(self, staged: Staged, progress: Progress, *, afresh: bool) -> None:
        """Copy the staged folder into ``incoming``; ``afresh`` trusts nothing that is there."""

    def explain(self, code: int, complaint: str) -> LibraryError | None:
        """Return the error for a fault of the way there, or None."""
        return None

    # The script ---------------------------------------------------------------
    def words(self, action: str, *arguments: str) -> list[str]:
        """Return the command that runs an action of the script over there."""
        script = SCRIPT.read_text(encoding="utf-8")
        return self.command("sh", "-c", script, "server.sh", action, self.base, *arguments)

    def run(self, action: str, *arguments: str) -> str:
        """Run an action of the script and return what it prints."""
        done = subprocess.run(
            self.words(action, *arguments),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise self.complain(done.returncode, done.stderr)
        return done.stdout

    def complain(self, code: int, complaint: str) -> LibraryError:
        """Return what went wrong, in words that say what to do."""
        said = " ".join(complaint.split()) or f"exit status {code}"
        if "No space left on device" in complaint or "Disk quota exceeded" in complaint:
            return stop("disk-full", f"the disk is full at {self.place}.", PRUNE)
        if error := self.explain(code, complaint):
            return error
        if code == _UNWRITABLE or "Permission denied" in complaint or "Read-only file system" in complaint:
            return stop(
                "unwritable",
                f"{self.place} cannot be written to: {said}.",
                "Create it, owned by whoever deploys.",
            )
        if code == _BAD_SUMS:
            return stop(
                "corrupted",
                f"what arrived at {self.place} is not what was sent: {said}.",
                "Deploy again; check that disk.",
            )
        if code == _LOST:
            return stop("lock-lost", f"the lock at {self.place} was lost on the way.", "Deploy again.")
        return stop("server", f"{self.place}: {said}.", "Deploy again; if it stays, look there.")

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock through a process over there that ends when this one does."""
        self._token = new_token()
        words = self.words("lock", self._token, str(self.settings.lock_seconds), holder())
        pipe = subprocess.PIPE
        with subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
            assert process.stdin and process.stdout and process.stderr  # noqa: S101
            if process.stdout.readline().strip() != "locked":
                complaint = process.stderr.read()
                if process.wait() == _HELD:
                    raise held(self.name, complaint.strip())
                raise self.complain(process.returncode, complaint)
            stopped = threading.Event()
            beat = threading.Thread(target=self._keep_alive, args=(process, stopped), daemon=True)
            beat.start()
            try:
                yield
            finally:
                stopped.set()
                beat.join()
                self._let_go(process)

    def _keep_alive(self, process: subprocess.Popen[str], stopped: threading.Event) -> None:
        assert process.stdin  # noqa: S101
        while not stopped.wait(max(0.5, self.settings.lock_seconds / 4)):
            try:
                process.stdin.write("\n")
                process.stdin.flush()
            except OSError:
                return

    def _let_go(self, process: subprocess.Popen[str]) -> None:
        """End the process that holds the lock, the hard way if the network is gone."""
        assert process.stdin  # noqa: S101
        try:
            process.stdin.close()
            process.wait(timeout=self.settings.timeout)
        except OSError:
            process.kill()
        except subprocess.TimeoutExpired:
            process.kill()

    # What a target does -------------------------------------------------------
    def state(self) -> State:
        """Return the releases over there."""
        rows = [row.split(" ", 1) for row in self.run("state", str(self.settings.keep_minutes)).splitlines()]
        releases = tuple(sorted(name for kind, name in rows if kind == "release"))
        live = next((name for kind, name in rows if kind == "current" and name in releases), None)
        passed, recent = ({name for kind, name in rows if kind == wanted} for wanted in ("passed", "recent"))
        room = next(
            (int(number) * 1024 for kind, number in rows if kind == "room" and number.isdigit()), None
        )
        return State(live, releases, frozenset(passed), frozenset(recent), room=room)

    def manifest(self, release: str) -> Manifest:
        """Read the manifest of a release."""
        try:
            return Manifest.from_json(self.run("manifest", release))
        except (ValueError, KeyError) as error:
            raise stop(
                "manifest", f"the manifest of release {release} cannot be read.", "Roll back to another one."
            ) from error

    def upload(self, staged: Staged, progress: Progress) -> None:
        """Send the release and have it checked; a corrupted one is sent once more, from nothing."""
        self.send(staged, progress, afresh=False)
        try:
            self._place(staged.release)
        except LibraryError as error:
            if error.problems[0].rule != "corrupted":
                raise
            self.forget(staged.release)
            self.send(staged, progress, afresh=True)
            self._place(staged.release)

    def _place(self, release: str) -> None:
        self.run("place", self._token, release, *SHARED_FOLDERS)

    def activate(self, release: str) -> None:
        """Switch by rename."""
        self.run("activate", self._token, release)

    def approve(self, release: str) -> None:
        """Note it beside the releases."""
        self.run("passed", self._token, release)

    def forget(self, release: str) -> None:
        """Remove a release."""
        self.run("forget", self._token, release)

    def prune(self, releases: Iterable[str], minutes: int) -> int:
        """Remove releases and the shared files that only they used."""
        return len(self.run("prune", self._token, str(minutes), *releases).splitlines())


class DirTarget(ServerTarget):
    """Releases in a folder on this disk."""

    @property
    def place(self) -> str:
        """Return the folder."""
        return self.base

    def command(self, *words: str) -> list[str]:
        """Return the command as it is."""
        return list(words)

    def send(self, staged: Staged, progress: Progress, *, afresh: bool) -> None:
        """Copy the files; a file that the live release has already becomes a link to it."""
        base = Path(self.base)
        incoming = base / "incoming" / staged.release
        try:
            for source in sorted(staged.folder.rglob("*")):
                if not source.is_file():
                    continue
                name = source.relative_to(staged.folder)
                same = base / name if name.parts[0] == "shared" else base / "current" / name
                _place(source, incoming / name, None if afresh else same)
                progress.advance(source.stat().st_size)
        except OSError as error:
            raise self.complain(1, str(error)) from error

    @contextmanager
    def preview(self, release: str) -> Iterator[str | None]:
        """Serve the release on this machine for a moment."""
        self.run("try", self._token, release)
        try:
            with serve(Path(self.base) / "try" / "site") as url:
                yield url
        finally:
            self.run("try", self._token)

    @contextmanager
    def address(self) -> Iterator[str | None]:
        """Give the configured address, or serve the live release on this machine for a moment."""
        if self.settings.smoke_url:
            yield self.settings.smoke_url.rstrip("/")
            return
        with serve(Path(self.base) / "current" / "site") as url:
            yield url


def _place(source: Path, target: Path, same: Path | None) -> None:
    """Put a file in place in one step, readable for a web server whatever the umask is."""
    for folder in reversed([folder for folder in target.parents if not folder.exists()]):
        folder.mkdir()
        folder.chmod(0o755)
    data = source.read_bytes()
    if same and same.is_file() and same.read_bytes() == data:
        target.unlink(missing_ok=True)
        target.hardlink_to(same)
        return
    aside = target.with_name(target.name + ".part")
    aside.write_bytes(data)
    aside.chmod(0o444)
    aside.replace(target)
