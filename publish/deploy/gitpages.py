"""A branch of a git remote, which a host publishes.

A release is a commit.  The branch moves in one step, and only from the commit that this
deploy has started from, so nobody's release is ever written over.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from plugins.problems import LibraryError
from publish.deploy.config import GitPagesConfig, stop
from publish.deploy.manifest import NAME, Manifest
from publish.deploy.progress import Progress
from publish.deploy.serve import serve
from publish.deploy.stage import Staged
from publish.deploy.target import State, Target
from publish.headers import is_immutable
from publish.scratch import scratch_folder

_DEPTH = 50
_PASSED = "refs/published/passed"
_LOG = (
    "%H%x09%ct%x09%(trailers:key=Release,valueonly,separator=%x2C)"
    "%x09%(trailers:key=Withdrawn,valueonly,separator=%x2C)"
)


class GitPagesTarget(Target):
    """Commits on a branch."""

    compresses = False
    prunes = False
    shows = ("the branch has", "the branch had")

    def __init__(self, name: str, config: GitPagesConfig) -> None:
        super().__init__(name, config)
        self.config = config
        if not shutil.which("git"):
            raise stop(
                "tool", f"target '{name}' needs git.", "Install it: apt-get install git, or brew install git."
            )
        self._folder = self.cleanup.enter_context(scratch_folder("git"))
        self._forget_all()

    def _forget_all(self) -> None:
        """Know nothing yet of what is over there."""
        self._tip = self._passed = ""
        self._commits: dict[str, str] = {}
        self._left: dict[str, int] = {}
        self._unsent: set[str] = set()
        self._withdrawn: set[str] = set()
        self._is_fetched = False

    @property
    def place(self) -> str:
        """Return remote and branch."""
        return f"{self.config.remote} ({self.config.branch})"

    # git ----------------------------------------------------------------------
    def _git(self, *words: str, tree: Path | None = None, given: str | None = None) -> str:
        """Run git in a repository of its own and return what it prints."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "GIT_DIR": str(self._folder / "repository"),
            "GIT_INDEX_FILE": str(self._folder / "index"),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ServerAliveInterval=5 "
            f"-o ConnectTimeout={self.config.timeout}",
            **({"GIT_WORK_TREE": str(tree)} if tree else {}),
        }
        slow = [
            "-c",
            "http.lowSpeedLimit=1",
            "-c",
            f"http.lowSpeedTime={self.config.timeout}",
            "-c",
            "gc.auto=0",
        ]
        exact = [
            "-c",
            "core.autocrlf=false",
            "-c",
            "core.safecrlf=false",
            "-c",
            "core.excludesFile=",
            "-c",
            "core.fileMode=false",
            "-c",
            "core.bare=false",
        ]
        done = subprocess.run(
            ["git", *slow, *exact, *words],
            capture_output=True,
            text=True,
            input=given or "",
            env=environment,
            check=False,
        )
        if done.returncode:
            raise self._complain(" ".join(done.stderr.split()))
        return done.stdout

    def _complain(self, said: str) -> LibraryError:
        if "stale info" in said or "[rejected]" in said or "fetch first" in said or "cannot lock ref" in said:
            return stop(
                "locked",
                f"somebody else has deployed to {self.place} meanwhile.",
                "Look at `./publish.sh releases`, then deploy again.",
            )
        if (
            "not appear to be a git repository" in said
            or "Could not read from remote" in said
            or "unable to access" in said
        ):
            cure = "Check the address, your rights and the network."
            return stop("network", f"{self.config.remote} cannot be reached: {said}.", cure)
        return stop("git", f"{self.place}: {said}.", "Mend it and deploy again.")

    def _fetch(self) -> None:
        """Bring the newest commits of the branch here, once."""
        if self._is_fetched:
            return
        self._git("init", "--quiet", "--bare", str(self._folder / "repository"))
        branch = f"refs/heads/{self.config.branch}"
        rows = self._git("ls-remote", self.config.remote, branch, _PASSED).splitlines()
        there = {name: commit for commit, name in (row.split("\t") for row in rows)}
        self._passed = there.get(_PASSED, "")
        if branch in there:
            depth = max(_DEPTH, 2 * self.config.keep)
            self._git(
                "fetch", "--quiet", f"--depth={depth}", self.config.remote, f"+{branch}:refs/published/tip"
            )
            self._tip = self._git("rev-parse", "refs/published/tip").strip()
            self._read_releases()
        self._is_fetched = True

    def _read_releases(self) -> None:
        rows = [
            row.split("\t") for row in self._git("log", f"--format={_LOG}", self._tip).splitlines() if row
        ]
        if not rows[0][2]:
            cure = "Give this target a branch of its own in publish.toml."
            raise stop("branch", f"{self.place} holds something else than this site.", cure)
        before = ""
        for commit, moment, release, withdrawn in reversed(rows):
            if before and before != release:
                self._left[before] = int(moment)
            before = release
            if release:
                self._commits[release] = commit
                self._withdrawn.discard(release)
            if withdrawn:
                self._withdrawn.add(withdrawn)

    # What a target does -------------------------------------------------------
    @contextmanager
    def lock(self) -> Iterator[None]:
        """Remember where the branch stands; git itself refuses to move it from anywhere else."""
        self._fetch()
        yield

    def state(self) -> State:
        """Return the releases that the branch has had."""
        self._fetch()
        live = (
            self._git("log", "-1", "--format=%(trailers:key=Release,valueonly)", self._tip).strip()
            if self._tip
            else ""
        )
        ago = time.time() - 60 * self.config.keep_minutes
        recent = frozenset(name for name, left in self._left.items() if left > ago)
        passed = frozenset(name for name, commit in self._commits.items() if commit == self._passed)
        there = self._commits.keys() - self._withdrawn - self._unsent
        return State(live or None, tuple(sorted(there)), passed, recent)

    def look_again(self) -> State:
        """Ask the remote anew."""
        self._forget_all()
        return self.state()

    def manifest(self, release: str) -> Manifest:
        """Read the manifest of a release."""
        self._fetch()
        return Manifest.from_json(self._git("show", f"{self._commits[release]}:{NAME}"))

    def upload(self, staged: Staged, progress: Progress) -> None:
        """Make the commit here; git hashes every byte of it, and nothing is sent yet."""
        with scratch_folder("tree") as tree:
            for part in (staged.site, staged.shared):
                shutil.copytree(part, tree, dirs_exist_ok=True)
            (tree / ".nojekyll").touch()
            if self.config.domain:
                (tree / "CNAME").write_text(f"{self.config.domain}\n", encoding="utf-8")
            self._git("read-tree", "--empty")
            self._git("add", "--all", "--force", ".", tree=tree)
            self._keep_shared_files(self._kept(self.config.keep - 1))
            self._commits[staged.release] = self._commit(f"Publish {staged.release}", staged.release)
            self._unsent.add(staged.release)
            self._withdrawn.discard(staged.release)
        progress.advance(progress.total)

    def _kept(self, count: int) -> list[str]:
        """Return the newest releases, and those that readers may still have open."""
        state = self.state()
        newest = state.releases[len(state.releases) - count :] if count else ()
        open_still = {*newest, *state.recent, *([state.live] if state.live else [])}
        return [name for name in state.releases if name in open_still]

    def _keep_shared_files(self, releases: Iterable[str]) -> None:
        """Add the shared files of these releases to the index.

        Pages of theirs may still be open somewhere.
        """
        present = set(self._git("ls-files").splitlines())
        rows: dict[str, str] = {}
        for release in releases:
            named = self.manifest(release).files
            for row in self._git("ls-tree", "-r", self._commits[release]).splitlines():
                path = row.partition("\t")[2]
                if is_immutable(path) and path in named and path not in present:
                    rows[path] = row
        self._git("update-index", "--index-info", given="".join(f"{row}\n" for row in rows.values()))

    def _commit(self, title: str, release: str, withdrawn: str = "") -> str:
        """Write the index as a commit on top of the branch; return its hash."""
        tree = self._git("write-tree").strip()
        trailers = f"Release: {release}\n" + (f"Withdrawn: {withdrawn}\n" if withdrawn else "")
        parent = ["-p", self._tip] if self._tip else []
        author = ["-c", "user.name=Common Thread", "-c", "user.email=publish@localhost"]
        return self._git(*author, "commit-tree", tree, *parent, given=f"{title}\n\n{trailers}").strip()

    def _push(self, commit: str) -> None:
        branch = f"refs/heads/{self.config.branch}"
        lease = f"--force-with-lease={branch}:{self._tip}"
        try:
            self._git("push", "--quiet", lease, self.config.remote, f"{commit}:{branch}")
        except LibraryError as error:
            if error.problems[0].rule != "locked":
                raise
            raise self._beaten() from error
        self._tip = commit

    def _beaten(self) -> LibraryError:
        """Say who moved the branch meanwhile."""
        self._git(
            "fetch",
            "--quiet",
            "--depth=1",
            self.config.remote,
            f"+refs/heads/{self.config.branch}:refs/beaten",
        )
        who = self._git("log", "-1", "--format=%an, %cd: %s", "refs/beaten").strip()
        cure = "Nothing of yours was published.  Look at `./publish.sh releases`, then deploy again."
        return stop("locked", f"somebody else has deployed to {self.place} meanwhile ({who}).", cure)

    @contextmanager
    def preview(self, release: str) -> Iterator[str | None]:
        """Serve the files of the commit on this machine for a moment: a host shows nothing but the branch."""
        with scratch_folder("preview") as folder:
            self._git("read-tree", self._commits[release])
            self._git("checkout-index", "--all", f"--prefix={folder}/", tree=folder)
            with serve(folder) as url:
                yield url

    def activate(self, release: str) -> None:
        """Move the branch to a release: to its new commit, or to a commit with the files of an old one."""
        if release not in self._commits:
            raise stop("release", f"there is no release {release}.", "`./publish.sh releases` lists them.")
        commit = self._commits[release]
        if self._tip and self._git("rev-list", "--parents", "-1", commit).split()[1:] != [self._tip]:
            self._git("read-tree", commit)
            self._keep_shared_files(self._kept(self.config.keep))
            commit = self._commit(f"Go back to {release}", release)
        self._push(commit)
        self._commits[release] = commit
        self._unsent.discard(release)

    def approve(self, release: str) -> None:
        """Note the commit that passed in a reference beside the branch."""
        del release
        self._git("push", "--quiet", "--force", self.config.remote, f"{self._tip}:{_PASSED}")
        self._passed = self._tip

    def forget(self, release: str) -> None:
        """Note in the history that a release proved bad; without an earlier one, remove the branch."""
        if release in self._unsent:
            return
        live = self.state().live
        if live == release:
            branch = f"refs/heads/{self.config.branch}"
            self._git(
                "push",
                "--quiet",
                f"--force-with-lease={branch}:{self._tip}",
                self.config.remote,
                f":{branch}",
            )
            self._forget_all()
        elif live and release in self._commits:
            self._git("read-tree", self._tip)
            commit = self._commit(f"Withdraw {release}", live, release)
            self._push(commit)
            self._commits[live] = commit
            self._withdrawn.add(release)

    def prune(self, releases: Iterable[str], minutes: int) -> int:
        """Remove nothing: the history of a branch stays, and each deploy leaves old shared files out."""
        del releases, minutes
        return 0
