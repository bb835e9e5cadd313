"""Everything that can go wrong on the way, with readers on: they must not notice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from plugins.problems import LibraryError
from publish.deploy.engine import Wishes, deploy
from publish.deploy.outcome import DeployError
from publish.deploy.progress import Progress
from publish.deploy.ssh import SshTarget
from tests.publish.conftest import World, make_world
from tests.publish.faults import BadNetwork, curt_host, silent_host
from tests.publish.servers import IS_ROOT, ROOT, give_up, wait_for
from tests.publish.sites import make_site

pytestmark = pytest.mark.servers

_CORRUPTING = (
    'eval "$SSH_ORIGINAL_COMMAND"; s=$?; case $SSH_ORIGINAL_COMMAND in "rsync --server"*) '
    "[ ! -e BASE.corrupt ] || find BASE/incoming -name index.html -exec sh -c 'printf x >>$0' {} \\; ;"
    " [ ! -e BASE.once ] || rm -f BASE.corrupt ;; esac; exit $s"
)


@contextmanager
def undisturbed(world: World, *, works_again: bool = True) -> Iterator[None]:
    """Readers read during the block and see no break; afterwards the next deploy works.

    It may meet the lock of the one that broke, which the server frees when it notices.
    """
    before = world.live_build()
    with world.readers() as readers:
        yield
    assert readers.broken == []
    assert readers.builds == {before}
    if works_again:
        world.deploy(wishes=Wishes(patience=120))
        assert world.live_build() == world.builds
        assert sorted(path.name for path in (world.base / "incoming").iterdir()) == []


SLOWLY = 0.02
"""Seconds between two reads where a break would last until the next deploy, and not for a moment."""
CONTACT, FILE = (SshTarget, "_ssh"), (Progress, "advance")
"""What happens again and again in a deploy: contact with the server, and a file that has gone there."""


@contextmanager
def meeting(kind: tuple[type, str], meet: Callable[[], object]) -> Iterator[None]:
    """Call ``meet`` before each moment of a kind."""
    real = getattr(*kind)

    def met(*arguments: Any, **named: Any) -> Any:
        meet()
        return real(*arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(*kind, met)
        yield


def killed_at(kind: tuple[type, str], moment: int, world: World, *, with_children: bool) -> bool:
    """Deploy in a process of its own that is killed at a moment, with what it has started or alone.

    Tell whether it was.
    """
    site = world.new_site()
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    os.setsid()
    ahead = iter(range(moment - 1, -1, -1))

    def meet() -> None:
        if next(ahead, None) == 0:
            (os.killpg if with_children else os.kill)(os.getpid(), signal.SIGKILL)

    try:
        with meeting(kind, meet):
            world.deploy(site)
    finally:
        os._exit(0)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_killed_deploy_leaves_the_site_whole(world: World) -> None:
    """Kill -9 at every contact with the server and two files: no read breaks, the next deploy cleans up.

    In an ordinary run at every second contact, and at the last.
    """
    world.deploy()  # What was live without its mark would add contacts.
    met: list[None] = []
    with meeting(CONTACT, lambda: met.append(None)):
        world.deploy()
    assert len(met) >= 8
    contacts = range(1, len(met) + 1) if os.environ.get("EVERY_PAGE") else {*range(1, len(met), 2), len(met)}
    moments = [*((CONTACT, at) for at in sorted(contacts)), (FILE, 1), (FILE, 12)]
    with world.readers(pause=SLOWLY) as readers:
        for (kind, moment), with_children in zip(moments, cycle((False, True)), strict=False):
            assert killed_at(kind, moment, world, with_children=with_children), f"it never came to {moment}"
            wait_for(lambda: not (world.base / "deploying").is_symlink(), "the lock")
    assert readers.broken == []
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
        world.deploy(wishes=Wishes(patience=0))


def test_many_at_once_never_mix(world: World) -> None:
    """Of four deploys started together each one is done as a whole or refused."""
    sites = [world.new_site() for _ in range(4)]
    done: list[str] = []

    def try_it(site: Path) -> None:
        try:
            done.append(world.deploy(site, Wishes(patience=0)).release)
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
    assert not (world.base / "deploying").is_symlink()


def test_a_failing_smoke_test_takes_the_release_back(world: World) -> None:
    """A release that the live site does not show as it should is taken back by itself."""
    before = world.live_build()
    site = world.new_site()
    with world.target() as target:
        target.activate = _activate_and_spoil(target, world)  # type: ignore[method-assign, assignment]
        with (
            world.readers() as readers,
            pytest.raises(DeployError, match=r"failed its test: .*\n?") as caught,
        ):
            deploy(target, site, world.folder, Wishes(), world.said.append)
        assert (
            caught.value.ending
            == f"Nothing new is published; readers have release {target.state().live}, as before."
        )
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
    with (
        undisturbed(world),
        pytest.raises(LibraryError, match=r"host key of .* is not the one that is known"),
    ):
        world.deploy(known_hosts=str(known))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "is not there"),
        ("# none yet\n", "holds no key"),
        ("other.example.org ssh-ed25519 AAAA\n", "No .* host key is known"),
    ],
)
def test_a_host_key_that_nobody_knows_is_not_called_changed(
    world: World, text: str | None, words: str
) -> None:
    """Without a known key the words are about getting one, not about another machine."""
    known = world.folder / "no_hosts"
    known.unlink(missing_ok=True)
    if text is not None:
        known.write_text(text, encoding="utf-8")
    with pytest.raises(LibraryError, match=rf"not known yet: .*{words}") as caught:
        world.deploy(known_hosts=str(known))
    assert f"ssh-keyscan -p {world.sshd.port} 127.0.0.1 >> " in str(caught.value)


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


# A switch that nobody saw the end of -----------------------------------------------
@pytest.mark.parametrize("is_good", [True, False])
def test_a_switch_whose_end_nobody_saw_is_looked_at_by_the_next_deploy(world: World, is_good: bool) -> None:
    """With the way there gone once readers have it, nothing is claimed.

    The next deploy approves it or goes back.
    """
    world.deploy()
    before = world.live_build()
    site = world.new_site()
    with BadNetwork(world.sshd.port) as network, curt_host() as silent:
        with world.target(port=network.port, smoke_url=silent) as target:
            _fail_after_the_switch(target, network)
            with pytest.raises(DeployError, match=r"does not answer: .*\n.*on the way back") as caught:
                deploy(target, site, world.folder, Wishes(), world.said.append)
        assert caught.value.exitcode == 3
        assert caught.value.ending.startswith("What is live could not be found out: readers had release ")
    assert world.live_build() == world.builds
    with pytest.raises(DeployError, match="could not be tried out") as caught, curt_host() as silent:
        world.deploy(site, smoke_url=silent)
    if not is_good:
        for path in (world.base / "current" / "site" / "two").iterdir():
            path.unlink()
        with pytest.raises(LibraryError, match="would shrink"):
            world.deploy(world.new_site(pages=4))
        assert world.live_build() == before
        assert "which was live, fails its test: /two/ answers 40" in "".join(world.said)
        return
    assert world.deploy(site).release == ""
    assert "was live without having passed its test; it has passed now." in "".join(world.said)
    with world.target() as target:
        assert target.state().live in target.state().passed


def _fail_after_the_switch(target: SshTarget, network: BadNetwork) -> None:
    real = target.refresh

    def refresh() -> None:
        real()
        network.fail_after(0, "reset")

    target.refresh = refresh  # type: ignore[method-assign]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_kill_behind_the_switch_is_looked_at_by_the_next_deploy(world: World) -> None:
    """What went live just before a kill -9 is tried out by whoever deploys next."""
    site = world.new_site()
    if not (child := os.fork()):
        with world.target() as target:
            target.refresh = lambda: os._exit(9)  # type: ignore[method-assign]
            deploy(target, site, world.folder, Wishes(), lambda _: None)
    os.waitpid(child, 0)
    with world.target() as target:
        wait_for(lambda: not (world.base / "deploying").is_symlink(), "the lock")
        assert target.state().live not in target.state().passed
    assert world.live_build() == world.builds
    world.deploy(site)
    with world.target() as target:
        assert target.state().live in target.state().passed


# A request to end -----------------------------------------------------------------
def test_a_request_to_end_is_told_the_truth_and_leaves_nothing(tmp_path: Path) -> None:
    """SIGTERM in a deploy: the folders go, and the last line says what readers have."""
    temp = tmp_path / "tmp"
    temp.mkdir()
    config = tmp_path / "publish.toml"
    text = f"[targets.dir]\nkind = 'dir'\npath = '{tmp_path}/published'\nsmoke_url = 'SILENT'\n"
    site = make_site(tmp_path / "site", 1, "https://library.example.org")
    with silent_host() as silent:
        config.write_text(text.replace("SILENT", silent), encoding="utf-8")
        words = [sys.executable, "-m", "publish", "deploy", "--from", str(site), "--config", str(config)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temp)}
        with subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
            wait_for((tmp_path / "published" / "current").is_symlink, "the switch")
            process.terminate()
            assert process.stderr
            said = process.stderr.read()
        assert process.returncode == 128 + signal.SIGTERM
    assert said.rstrip().endswith("Stopped. Nothing new is published; readers have no release, as before.")
    assert list(temp.iterdir()) == []
    assert not (tmp_path / "published" / "current").exists()
