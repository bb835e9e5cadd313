"""What a target must be able to do."""

from __future__ import annotations

import datetime as dt
import getpass
import secrets
import socket
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from plugins.problems import LibraryError, did_you_mean
from publish.deploy.config import TargetConfig, stop
from publish.deploy.manifest import Manifest
from publish.deploy.progress import Progress
from publish.deploy.stage import Staged


@dataclass(frozen=True)
class State:
    """The releases a target has, oldest first, and the one readers see.

    ``passed`` were live and passed their test; ``recent`` may still be open in somebody's
    browser.  ``switching_to`` is the release of a switch that was begun and not ended, ``room``
    how many bytes are free there, None where there is no end to it.
    """

    live: str | None
    releases: tuple[str, ...]
    passed: frozenset[str] = frozenset()
    recent: frozenset[str] = frozenset()
    switching_to: str | None = None
    room: int | None = None


class Target(ABC):
    """A place to publish to.  Every method raises LibraryError with words that say what to do.

    ``compresses`` tells whether the server there hands out files that were compressed before,
    ``copies`` whether a release lies there twice for a while, ``prunes`` whether old releases
    can be removed from it; ``shows`` are the words for who has what it shows, now and before.
    """

    compresses = True
    copies = False
    prunes = True
    shows = ("readers have", "readers had")

    def __init__(self, name: str, config: TargetConfig) -> None:
        self.name = name
        self.settings = config
        self.cleanup = ExitStack()

    @property
    @abstractmethod
    def place(self) -> str:
        """Where this is, for people."""

    @abstractmethod
    def lock(self) -> AbstractContextManager[None]:
        """Keep everybody else out, and clear away what a deploy that was killed has left."""

    @abstractmethod
    def state(self) -> State:
        """Return the releases; changes nothing."""

    def look_again(self) -> State:
        """Return the releases as they are now, whatever was remembered."""
        return self.state()

    @abstractmethod
    def manifest(self, release: str) -> Manifest:
        """Return the manifest of a release."""

    @abstractmethod
    def upload(self, staged: Staged, progress: Progress) -> None:
        """Bring a release there and verify its checksums; readers see nothing of it yet."""

    @abstractmethod
    def preview(self, release: str) -> AbstractContextManager[str | None]:
        """Give an address at which a release can be tried out that readers do not get, or None."""

    @abstractmethod
    def activate(self, release: str) -> None:
        """Show this release to readers."""

    def refresh(self) -> None:  # noqa: B027 - most have nothing to do
        """Have the server take notice of the release that is live now."""

    @abstractmethod
    def approve(self, release: str) -> None:
        """Note that this release was live and passed its test."""

    @abstractmethod
    def forget(self, release: str) -> None:
        """Remove a release that proved bad."""

    @abstractmethod
    def prune(self, releases: Iterable[str], minutes: int) -> int:
        """Remove releases and the shared files that only they used; return how many files those were.

        A shared file that is younger than so many minutes stays in any case.
        """

    @contextmanager
    def address(self) -> Iterator[str | None]:
        """Give the address under which to try the live site out, or None."""
        url = self.settings.smoke_url or self.settings.site_url
        yield url.rstrip("/") if url else None

    def live_manifest(self) -> Manifest | None:
        """Return the manifest of what readers see, or None."""
        live = self.state().live
        return self.manifest(live) if live else None

    def close(self) -> None:
        """Let go of connections."""
        self.cleanup.close()


def new_release(manifest: Manifest, state: State) -> str:
    """Return a name for a release: the second in UTC and the build stamp; it sorts after all others."""
    moment = dt.datetime.now(dt.UTC)
    while True:
        name = f"{moment:%Y-%m-%dT%H%M%SZ}-{manifest.build[:8]}"
        if not state.releases or name[:18] > max(state.releases)[:18]:
            return name
        moment = dt.datetime.strptime(max(state.releases)[:18], "%Y-%m-%dT%H%M%SZ") + dt.timedelta(seconds=1)


def holder() -> str:
    """Return who is deploying, and since when, for whoever finds the lock."""
    try:
        who = getpass.getuser()
    except (KeyError, OSError):
        who = "somebody"
    return f"{who} on {socket.gethostname()} since {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"


def new_token() -> str:
    """Return a name for one lock that nobody else has."""
    return secrets.token_hex(8)


def held(name: str, who: str) -> LibraryError:
    """Return the error for a lock that somebody else has."""
    return stop(
        "locked",
        f"target '{name}' is locked by {who}.",
        "Wait until that deploy has ended; a lock that nobody keeps alive is freed by itself.",
    )


def choose_release(state: State, wanted: str | None) -> str:
    """Return the release to go back to: the one wanted, or the newest before the live one that has passed."""
    if wanted:
        matches = [name for name in state.releases if name.startswith(wanted)]
        if len(matches) == 1:
            return matches[0]
        raise stop("release", f"there is no release '{wanted}'.", did_you_mean(wanted, state.releases))
    earlier = [name for name in state.releases if state.live and name < state.live]
    if not earlier:
        raise stop(
            "release", "there is no earlier release to go back to.", "`./publish.sh releases` lists them."
        )
    return max(earlier, key=lambda name: (name in state.passed, name))
