"""Everything that can go wrong on the way, with readers on: they must not notice."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from plugins.problems import LibraryError
from publish.deploy.engine import Wishes
from publish.deploy.ssh import SshTarget
from tests.publish.conftest import SOAK, World, make_world
from tests.publish.faults import BadNetwork, small_disk
from tests.publish.servers import IS_ROOT, give_up, wait_for

pytestmark = pytest.mark.servers

_CORRUPTING = (
    'eval "$SSH_ORIGINAL_COMMAND"; s=$?; case $SSH_ORIGINAL_COMMAND in "rsync --server"*) '
    "[ ! -e BASE.corrupt ] || find BASE/incoming -name index.html -exec sh -c 'printf x >>$0' {} \\; ;"
    " [ ! -e BASE.once ] || rm -f BASE.corrupt ;; esac; exit $s"
)


@contextmanager
def undisturbed(world: World, *, works_again: bool = True) -> Iterator[None]:
    """Readers read during the block and see no break; afterwards the next deploy works."""
    before = world.live_build()
    with world.readers() as readers:
        yield
    assert readers.broken == []
    assert readers.builds == {before}
    if works_again:
        world.deploy()
        assert world.live_build() == world.builds
        assert sorted(path.name for path in (world.base / "incoming").iterdir()) == []


def start(world: World, site: Path) -> int:
    """Start a deploy in a process of its own, and return its number."""
    if child := os.fork():
        return child
    os.setsid()
    try:
        world.deploy(site)
    finally:
        os._exit(0)


def kill_after(seconds: float, child: int, *, with_children: bool) -> bool:
    """Kill a process, and what it started, after so many seconds; tell whether it was still at work."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
        time.sleep(0.005)
    (os.killpg if with_children else os.kill)(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_killed_deploy_leaves_the_site_whole(world: World) -> None:
    """Kill -9 at ten random moments: no read breaks, and the next deploy cleans up."""
    chance = random.Random(6)
    started = time.monotonic()
    world.deploy()
    whole = time.monotonic() - started
    killed = tries = 0
    with world.readers() as readers:
        while killed < 10 * SOAK and tries < 30 * SOAK:
            tries += 1
            seconds = chance.uniform(0.05, 1.0) * whole
            if kill_after(seconds, start(world, world.new_site()), with_children=bool(killed % 2)):
                killed += 1
            else:
                whole = max(0.3, whole * 0.9)
    assert readers.broken == []
    assert killed == 10 * SOAK
    world.deploy_when_free()
    assert world.live_build() == world.builds
    assert list((world.base / "incoming").iterdir()) == []


@pytest.mark.parametrize("count", [2_000, 40_000])
def test_a_reset_connection_leaves_the_site_whole(world: World, count: int) -> None:
    """A connection that is reset in the middle ends the deploy with clear words."""
    with undisturbed(world), BadNetwork(world.sshd.port) as network:
        network.fail_after(count, "reset")
        with pytest.raises(LibraryError, match=r"connection to .* failed or fell silent"):
            world.deploy(port=network.port)


def test_a_black_hole_leaves_the_site_whole(world: World) -> None:
    """A network that swallows everything ends the deploy, and its lock does not stay."""
    with undisturbed(world, works_again=False), BadNetwork(world.sshd.port) as network:
        network.fail_after(20_000, "black hole")
        with pytest.raises(LibraryError, match="failed or fell silent"):
            world.deploy(port=network.port, timeout=3)
    world.deploy_when_free()
    assert world.live_build() == world.builds


def test_of_two_at_once_the_second_is_told_who_is_first(world: World) -> None:
    """A second deploy is refused with the name of the holder, and the first one is not disturbed."""
    refused = pytest.raises(LibraryError, match=r"locked by \w+ on .* since 20")
    with undisturbed(world), world.target() as target, target.lock(), refused:
        world.deploy()


def test_many_at_once_never_mix(world: World) -> None:
    """Of four deploys started together each one is done as a whole or refused."""
    sites = [world.new_site() for _ in range(4)]
    done: list[str] = []

    def try_it(site: Path) -> None:
        try:
            done.append(world.deploy(site).release)
        except LibraryError as error:
            assert error.problems[0].rule in {"locked", "lock-lost"}, error

    with world.readers() as readers:
        threads = [threading.Thread(target=try_it, args=(site,)) for site in sites]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    assert readers.broken == []
    assert done
    with world.target() as target:
        assert target.state().live == max(done)
    assert not (world.base / "lock").exists()


def test_a_failing_smoke_test_takes_the_release_back(world: World) -> None:
    """A release that the live site does not show as it should is taken back by itself."""
    before = world.live_build()
    site = world.new_site()
    with world.target() as target:
        target.activate = _activate_and_spoil(target, world)  # type: ignore[method-assign, assignment]
        with world.readers() as readers, pytest.raises(LibraryError, match=r"failed its test: .*\n?") as caught:
            from publish.deploy.engine import deploy

            deploy(target, site, world.folder, Wishes(), world.said.append)
    assert "was taken back; the live site is" in str(caught.value)
    assert world.live_build() == before
    assert [line for line in readers.broken if "/two/" not in line] == []
    world.deploy()
    assert world.live_build() == world.builds


def _activate_and_spoil(target: SshTarget, world: World) -> Callable[[str], None]:
    """Return an ``activate`` after which the newest release lacks a page that it should have."""
    real = target.activate
    done: list[str] = []

    def activate(release: str) -> None:
        real(release)
        if not done:
            for path in (world.base / "releases" / release / "site" / "two").iterdir():
                path.unlink()
        done.append(release)

    return activate


def test_an_empty_output_is_not_published(world: World) -> None:
    """An empty or a missing output stops the deploy before anything is sent."""
    empty = world.folder / "empty"
    empty.mkdir(exist_ok=True)
    with undisturbed(world):
        for output in (empty, world.folder / "missing"):
            with pytest.raises(LibraryError, match="there is no site in this folder"):
                world.deploy(output)


def test_a_shrunken_site_needs_a_word(world: World) -> None:
    """A site that lost more than a fifth is refused, and published with --allow-shrink."""
    with undisturbed(world, works_again=False), pytest.raises(LibraryError, match=r"would shrink by \d+ %"):
        world.deploy(world.new_site(pages=6))
    assert world.deploy(world.new_site(pages=6), Wishes(allow_shrink=True)).release


def test_a_wrong_host_key_stops_the_deploy(world: World) -> None:
    """A server with another host key gets nothing."""
    known = world.folder / "other_hosts"
    key = (world.sshd.identity.with_name("user.pub")).read_text(encoding="utf-8").split()[:2]
    known.write_text(f"* {' '.join(key)}\n", encoding="utf-8")
    with undisturbed(world), pytest.raises(LibraryError, match=r"host key of .* is not the one that is known"):
        world.deploy(known_hosts=str(known))


def test_an_unwritable_folder_is_named(world: World) -> None:
    """A target that cannot be written to is named, with what to do."""
    (world.folder / "a-file").write_text("", encoding="utf-8")
    with undisturbed(world), pytest.raises(LibraryError, match=r"a-file/srv cannot be written to"):
        world.deploy(path=str(world.folder / "a-file" / "srv"))


def test_a_folder_of_somebody_else_is_named() -> None:
    """A folder that belongs to somebody else is named, with what to do."""
    if not IS_ROOT:
        give_up("only root can become somebody else")
    command = 'exec setpriv --reuid=65534 --regid=65534 --clear-groups sh -c "$SSH_ORIGINAL_COMMAND"'
    with pytest.raises(LibraryError, match="cannot be written to: mkdir"), make_world(force_command=command):
        pytest.fail("this must not work")


def test_a_strict_umask_does_not_hide_the_site() -> None:
    """With umask 077 on both sides, the web server's own user still reads every file."""
    before = os.umask(0o077)
    try:
        with make_world(force_command='umask 077; eval "$SSH_ORIGINAL_COMMAND"') as world:
            world.folder.chmod(0o755)
            world.deploy()
            with world.readers() as readers:
                world.deploy()
                wait_for(lambda: readers.reads > 10, "ten reads")
            assert readers.broken == []
    finally:
        os.umask(before)


def test_a_corrupted_upload_is_sent_again_or_refused() -> None:
    """A byte that changes on the way is noticed: sent once more, and if it stays wrong, refused."""
    with make_world(force_command=_CORRUPTING) as world:
        corrupt, once = world.base.with_name("srv.corrupt"), world.base.with_name("srv.once")
        corrupt.touch()
        with undisturbed(world, works_again=False), pytest.raises(LibraryError, match="is not what was sent"):
            world.deploy()
        once.touch()
        world.deploy()
        assert not corrupt.exists()
        assert world.live_build() == world.builds


def test_a_full_disk_leaves_the_site_whole() -> None:
    """A disk that fills up in the middle ends the deploy with clear words; the next small one works."""
    refused = pytest.raises(LibraryError, match="the disk is full")
    with make_world(prepare=small_disk("3m")) as world, undisturbed(world), refused:
        world.deploy(world.new_site(ballast=6_000_000))
