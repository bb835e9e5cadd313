"""What the deploy tests share: a world of one ssh server, one nginx and one folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from plugins.problems import LibraryError
from publish.deploy.config import SshConfig
from publish.deploy.engine import Outcome, Wishes, deploy
from publish.deploy.ssh import SshTarget
from tests.publish.readers import Readers
from tests.publish.servers import Nginx, Ports, Sshd, free_port, nginx, public_folder, sshd, wait_for
from tests.publish.sites import PAGES, make_site
from tests.publish.store import s3_server

# By hand, `SOAK=10` makes the long tests ten times as long.
SOAK = int(os.environ.get("SOAK", "1"))


@dataclass
class World:
    """A server that readers read from, and a way to deploy to it."""

    folder: Path
    base: Path
    sshd: Sshd
    url: str
    nginx: Nginx | None = None
    builds: int = 0
    said: list[str] = field(default_factory=list)

    def settings(self, **more: Any) -> SshConfig:
        """Return the settings of this server as an ssh target."""
        return SshConfig.model_validate(
            {
                "kind": "ssh",
                "site_url": self.url,
                "host": self.sshd.host,
                "port": self.sshd.port,
                "path": str(self.base),
                "known_hosts": str(self.sshd.known_hosts),
                "identity": str(self.sshd.identity),
                "timeout": 20,
                "lock_seconds": 4,
                **more,
            }
        )

    def new_site(self, **more: Any) -> Path:
        """Write the next build of the small site."""
        self.builds += 1
        return make_site(self.folder / f"site-{self.builds}", self.builds, self.url, **more)

    @contextmanager
    def target(self, **more: Any) -> Iterator[SshTarget]:
        """Give the target."""
        target = SshTarget("server", self.settings(**more))
        try:
            yield target
        finally:
            target.close()

    def deploy(self, output: Path | None = None, wishes: Wishes | None = None, **more: Any) -> Outcome:
        """Deploy a build, the next one if none is given."""
        with self.target(**more) as target:
            return deploy(
                target, output or self.new_site(), self.folder, wishes or Wishes(), self.said.append
            )

    def deploy_when_free(self) -> None:
        """Deploy the next build as soon as nobody, dead or alive, holds the lock."""
        site = self.new_site()
        when_free(lambda: self.deploy(site))

    def readers(self, **more: Any) -> Readers:
        """Return readers of this world."""
        return Readers(self.url, PAGES, **more)

    def live_build(self) -> int:
        """Return which build readers see."""
        with self.readers(count=1) as readers:
            wait_for(lambda: readers.reads > 0, "a reader")
        assert not readers.broken, readers.broken[:5]
        assert len(readers.builds) == 1
        return readers.builds.pop()


def when_free(deploy_it: Callable[[], object]) -> None:
    """Try to deploy until nobody, dead or alive, holds the lock."""

    def try_it() -> bool:
        try:
            deploy_it()
        except LibraryError as error:
            assert error.problems[0].rule == "locked", error
            return False
        return True

    wait_for(try_it, "the lock")


@contextmanager
def make_world(
    *, force_command: str | None = None, prepare: Callable[[Path], object] | None = None
) -> Iterator[World]:
    """Give a world with one release live; ``prepare`` may do something to the base folder first."""
    with ExitStack() as stack:
        folder = stack.enter_context(public_folder())
        base = folder / "srv"
        base.mkdir()
        base.chmod(0o755)
        if prepare:
            undo = prepare(base)
            if callable(undo):
                stack.callback(undo)
        ports = Ports(free_port(), free_port(), free_port())
        command = force_command.replace("BASE", str(base)) if force_command else None
        server = stack.enter_context(sshd(folder / "sshd", command))
        world = World(folder, base, server, f"http://127.0.0.1:{ports.plain}")
        world.deploy(wishes=Wishes(smoke=False))
        world.nginx = stack.enter_context(nginx(folder / "nginx", base, ports))
        yield world


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A world with one release live, for the tests of a module to share."""
    with make_world() as made:
        yield made


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run an S3 server on this machine, for all tests to share."""
    with s3_server(tmp_path_factory.mktemp("moto")) as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def _no_agent() -> Iterator[None]:
    """Keep the ssh agent and settings of whoever runs the tests out of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSH_AUTH_SOCK", raising=False)
        yield
