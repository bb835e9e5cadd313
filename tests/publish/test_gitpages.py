"""The git-pages target, against a real bare repository."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from plugins.problems import LibraryError
from publish.deploy.config import GitPagesConfig
from publish.deploy.engine import Outcome, Wishes, deploy, prune, rollback
from publish.deploy.gitpages import GitPagesTarget
from publish.deploy.outcome import DeployError
from tests.publish.servers import need
from tests.publish.sites import make_site

pytestmark = pytest.mark.servers

URL = "https://someone.example.org/library"


class Remote:
    """A bare repository and a way to deploy to it."""

    def __init__(self, folder: Path) -> None:
        need("git")
        self.folder, self.builds = folder, 0
        self.path = folder / "remote.git"
        self.git("init", "-q", "--bare", str(self.path))

    def git(self, *words: str) -> str:
        """Run git on the repository."""
        place = [] if words[0] == "init" else ["--git-dir", str(self.path)]
        return subprocess.run(["git", *place, *words], check=True, capture_output=True, text=True).stdout

    @contextmanager
    def target(self, **more: object) -> Iterator[GitPagesTarget]:
        """Give the target."""
        settings = {"kind": "git-pages", "site_url": URL, "remote": str(self.path), "smoke": False, "keep": 2}
        settings |= {"keep_minutes": 0, **more}
        target = GitPagesTarget("pages", GitPagesConfig.model_validate(settings))
        try:
            yield target
        finally:
            target.close()

    def new_site(self) -> Path:
        """Write the next build."""
        self.builds += 1
        return make_site(self.folder / f"site-{self.builds}", self.builds, URL)

    def deploy(self, **more: object) -> Outcome:
        """Deploy the next build."""
        with self.target(**more) as target:
            return deploy(target, self.new_site(), self.folder, Wishes(), print)

    def files(self) -> set[str]:
        """Return the paths on the branch."""
        return set(self.git("ls-tree", "-r", "--name-only", "pages").splitlines())

    def page(self) -> str:
        """Return the home page on the branch."""
        return self.git("show", "pages:index.html")


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """A bare repository."""
    return Remote(tmp_path)


def _assets(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in (site / "assets").iterdir()}


def test_the_branch_has_the_site_and_the_assets_of_kept_releases(remote: Remote) -> None:
    """Every file is there byte for byte, with the assets of the release before, and no older ones."""
    for _ in range(3):
        remote.deploy(domain="library.example.org")
    files = remote.files()
    site = remote.folder / "site-3"
    ours = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert (
        ours | _assets(remote.folder / "site-2") | {"release.json", "provenance.json", ".nojekyll", "CNAME"}
        == files
    )
    assert remote.page() == (site / "index.html").read_text(encoding="utf-8")


def test_rollback_brings_the_old_pages_and_keeps_the_new_assets(remote: Remote) -> None:
    """After a rollback the old pages are live, and pages of the newer release that are still open work."""
    for _ in range(2):
        remote.deploy()
    with remote.target() as target:
        rollback(target, None)
    assert 'content="1"' in remote.page()
    assert _assets(remote.folder / "site-1") | _assets(remote.folder / "site-2") <= remote.files()
    with remote.target() as target:
        state = target.state()
    assert state.live == state.releases[0]
    assert remote.deploy().release > max(state.releases)


def test_nobody_is_written_over(remote: Remote) -> None:
    """Of two that started from the same commit, the second is told who was faster, and changes nothing."""
    remote.deploy()
    with remote.target() as slow, slow.lock():
        slow.state()
        remote.deploy()
        live = remote.git("rev-parse", "pages")
        with pytest.raises(
            LibraryError, match=r"somebody else has deployed .* \(Common Thread, .*: Publish 20"
        ):
            deploy(slow, remote.new_site(), remote.folder, Wishes(), print)
    assert remote.git("rev-parse", "pages") == live
    assert remote.deploy().release


def test_a_failing_smoke_test_takes_the_release_back(remote: Remote) -> None:
    """A release that does not show is taken back, and never offered for a rollback."""
    first = remote.deploy().release
    with pytest.raises(DeployError, match="the live site failed its test") as caught:
        remote.git("update-ref", "refs/published/passed", "pages")
        remote.deploy(smoke=True, smoke_url="http://127.0.0.1:9", smoke_wait=0)
    assert caught.value.ending == f"Nothing new is published; the branch has release {first}, as before."
    assert 'content="1"' in remote.page()
    with remote.target() as target:
        assert target.state().releases == (first,)
    assert remote.deploy().release


def test_a_branch_with_something_else_is_refused(remote: Remote) -> None:
    """A branch that holds other work is not written over."""
    tree = remote.git("hash-object", "-t", "tree", "-w", "/dev/null").strip()
    words = ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit-tree", "-m", "My work", tree]
    remote.git("update-ref", "refs/heads/pages", remote.git(*words).strip())
    with pytest.raises(LibraryError, match="holds something else than this site"):
        remote.deploy()


def test_an_unreachable_remote_is_named(remote: Remote, tmp_path: Path) -> None:
    """A remote that is not there is named."""
    with pytest.raises(LibraryError, match="cannot be reached"):
        remote.deploy(remote=str(tmp_path / "nowhere.git"))


def test_dry_run_leaves_the_branch_alone(remote: Remote) -> None:
    """A dry run makes no branch."""
    with remote.target() as target:
        outcome = deploy(target, remote.new_site(), remote.folder, Wishes(dry_run=True), print)
    assert outcome.release == ""
    assert remote.git("branch", "--list") == ""


def test_history_is_not_pruned(remote: Remote) -> None:
    """Prune says that there is nothing to do here."""
    remote.deploy()
    with remote.target() as target, pytest.raises(LibraryError, match="keeps its whole history"):
        prune(target, 1)


def test_pages_that_may_still_be_open_keep_their_assets(remote: Remote) -> None:
    """What readers had less than an hour ago keeps its assets, however many releases came since."""
    for _ in range(4):
        remote.deploy(keep=1, keep_minutes=60)
    assert _assets(remote.folder / "site-1") <= remote.files()
    remote.deploy(keep=1)
    assert not _assets(remote.folder / "site-1") & remote.files()
