"""The order of a deploy, the same for every target.

Plan, guards, lock, upload, verify, try out where no reader sees it, switch, try out
again, and back again by itself if the live site fails.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from plugins.problems import LibraryError, Problem, Problems
from publish.deploy.config import stop
from publish.deploy.guards import check_output, check_plan
from publish.deploy.manifest import Manifest, make_manifest
from publish.deploy.outcome import Seen, telling
from publish.deploy.plan import Plan, kilobytes, make_plan
from publish.deploy.progress import Progress
from publish.deploy.smoke import Findings, smoke_test
from publish.deploy.stage import Staged, stage
from publish.deploy.target import State, Target, choose_release, new_release
from publish.deploy.turn import PATIENCE, taking_turn
from publish.headers import stated_site_url
from publish.proof.attest import attest
from publish.scratch import scratch_folder

Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a deploy did; ``release`` is empty for a dry run and when there was nothing to do."""

    plan: Plan
    release: str = ""
    seconds: float = 0.0
    warnings: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """Return the one line that is said at the end."""
        name = f"release {self.release}" if self.release else "nothing sent"
        return f"{self.plan.counts()}, {name}, {self.seconds:.1f} s"


@dataclass(frozen=True)
class Wishes:
    """What whoever deploys has asked for; ``patience`` is for a lock, in seconds."""

    dry_run: bool = False
    allow_shrink: bool = False
    force: bool = False
    smoke: bool = True
    patience: float = PATIENCE


def deploy(target: Target, output: Path, root: Path, wishes: Wishes, say: Say) -> Outcome:
    """Publish the site at ``output``, built from the project at ``root``."""
    started = time.monotonic()
    judge(check_output(output, target.settings.site_url, root / "content"), say)
    manifest = make_manifest(output, target.settings.site_url or stated_site_url(output), root)
    if wishes.dry_run:
        plan = make_plan(target.live_manifest(), manifest)
        judge(check_plan(plan, allow_shrink=wishes.allow_shrink), say)
        for line in plan.lines():
            say(line)
        return Outcome(plan, seconds=time.monotonic() - started)
    with telling(target) as seen, taking_turn(target, say, wishes.patience):
        seen.before = target.state()
        run = Run(target, seen, say, smoke=wishes.smoke)
        state = run.settle(seen.before)
        plan = make_plan(target.manifest(state.live) if state.live else None, manifest)
        judge(check_plan(plan, allow_shrink=wishes.allow_shrink), say)
        if plan.is_empty and plan.live == manifest and not wishes.force:
            return Outcome(plan, "", time.monotonic() - started, run.warnings)
        release = run.publish(output, plan, state)
        return Outcome(plan, release, time.monotonic() - started, run.warnings)


def rollback(
    target: Target, wanted: str | None, *, smoke: bool = True, say: Say = print
) -> tuple[str, list[str]]:
    """Show an earlier release again; return its name and the warnings of its test."""
    with telling(target) as seen, taking_turn(target, say):
        seen.before = target.state()
        release = choose_release(seen.before, wanted)
        run = Run(target, seen, lambda _: None, smoke=smoke)
        manifest = target.manifest(release)
        run.try_before(release, manifest)
        run.show(release, manifest, seen.before.live)
        return release, run.warnings


def prune(target: Target, keep: int, *, even_recent: bool = False, say: Say = print) -> tuple[list[str], int]:
    """Remove all but the newest ``keep`` releases, the live one and those that readers may still have open.

    Return what went, and how many files.
    """
    if not target.prunes:
        raise stop("prune", f"target '{target.name}' keeps its whole history.", "There is nothing to prune.")
    with taking_turn(target, say):
        gone = spare(target.state(), keep, even_recent=even_recent)
        return gone, target.prune(gone, 0 if even_recent else target.settings.keep_minutes)


def spare(state: State, keep: int, *, even_recent: bool = False) -> list[str]:
    """Return the releases that nobody needs any more."""
    recent = set() if even_recent else state.recent
    return [name for name in state.releases[:-keep] if name != state.live and name not in recent]


def judge(problems: Problems, say: Say) -> None:
    """Say the warnings, and stop at errors."""
    for warning in problems.warnings:
        say(str(warning))
    problems.raise_errors()


@dataclass
class Run:
    """One deploy or rollback under way: the steps, and what they have seen."""

    target: Target
    seen: Seen
    say: Say
    smoke: bool
    warnings: list[str] = field(default_factory=list)

    @property
    def tries(self) -> bool:
        """Tell whether releases are tried out at all."""
        return self.smoke and self.target.settings.smoke

    # What is there already ------------------------------------------------------
    def settle(self, state: State) -> State:
        """Try out what is live and never passed; if it fails, show the newest release that did pass."""
        live = state.live
        if not live or live in state.passed or not self.tries:
            return state
        manifest = self.target.manifest(live)
        findings = self._look_at_live(manifest)
        if not findings.faults:
            self._approve(live)
            self.say(f"release {live} was live without having passed its test; it has passed now.")
            return self.target.state()
        if not findings.shown:
            raise _failed(
                f"release {live}, which is live and never passed its test, could not be tried out:", findings
            )
        others = [name for name in state.releases if name != live]
        if not others:
            self.warnings.append(f"release {live}, which was live, fails its test: {findings.faults[0]}")
            return state
        good = max(others, key=lambda name: (name in state.passed, name))
        self.show(good, self.target.manifest(good), None)
        self.target.forget(live)
        self.seen.before = self.target.state()
        self.say(
            f"release {live}, which was live, fails its test: {findings.faults[0]} Readers have {good} again."
        )
        return self.seen.before

    # A new release --------------------------------------------------------------
    def publish(self, output: Path, plan: Plan, state: State) -> str:
        """Upload, try out, switch, try out again, prune; return the release."""
        release = new_release(plan.new, state)
        proofs = attest(plan.new, self.target.settings.signing_key)
        with scratch_folder("release") as folder:
            staged = stage(
                output, folder, plan.new, release, compressed=self.target.compresses, beside=proofs
            )
            self._check_room(state, staged, plan)
            try:
                _upload(self.target, staged)
                self.try_before(release, plan.new)
            except (LibraryError, KeyboardInterrupt):
                self._forget_quietly(release)
                raise
        self.show(release, plan.new, state.live, is_new=True)
        if len(state.releases) >= self.target.settings.keep and self.target.prunes:
            self._prune_quietly()
        return release

    def _check_room(self, state: State, staged: Staged, plan: Plan) -> None:
        """Stop before anything is sent if it cannot fit."""
        free, need = state.room, staged.size_of({change.path for change in (*plan.added, *plan.changed)})
        if self.target.copies:
            need += staged.size_of(plan.new.files)
        if free is not None and need > free:
            words = f"the disk is full at {self.target.place}: the release needs {kilobytes(need)}"
            cure = "Free some space there, or `./publish.sh prune --keep 1`."
            raise stop("disk-full", f"{words}, {kilobytes(free)} are free.", cure)

    def _forget_quietly(self, release: str) -> None:
        """Leave nothing of a failed release behind; if the way there is gone, the next deploy clears up."""
        with contextlib.suppress(LibraryError):
            self.target.forget(release)

    def _prune_quietly(self) -> None:
        """Remove old releases; the new one is live whether that works or not."""
        settings = self.target.settings
        try:
            gone = spare(self.target.state(), settings.keep)
            if gone:
                self.target.prune(gone, settings.keep_minutes)
        except LibraryError as error:
            self.warnings.append(f"old releases were not removed: {error.problems[0].message}")

    # Trying out -----------------------------------------------------------------
    def try_before(self, release: str, manifest: Manifest) -> None:
        """Try a release out where readers do not see it; raise LibraryError if it fails."""
        if not self.tries:
            return
        with self.target.preview(release) as base:
            if base is None:
                return
            findings = smoke_test(base, manifest, self.target.settings.timeout)
        if findings.faults:
            raise _failed(f"release {release} failed its test before the switch:", findings)

    def show(self, release: str, manifest: Manifest, previous: str | None, *, is_new: bool = False) -> None:
        """Switch to a release and try it out; go back to ``previous`` if that fails."""
        self.seen.begun = release
        try:
            self.target.activate(release)
            self.target.refresh()
            self._pass(release, manifest)
        except (LibraryError, KeyboardInterrupt) as error:
            trouble = self._go_back(release, previous, is_new=is_new)
            if trouble and isinstance(error, LibraryError):
                raise LibraryError([*error.problems, *trouble]) from error
            raise

    def _pass(self, release: str, manifest: Manifest) -> None:
        """Try out what is live, and note that it passed."""
        if not self.tries:
            where = "--no-smoke" if self.target.settings.smoke else "smoke = false in publish.toml"
            self.warnings.append(f"the live site was not tried out: {where}.")
            return
        findings = self._look_at_live(manifest)
        if findings.faults:
            raise _failed("the live site failed its test:", findings)
        self.warnings += findings.warnings
        self._approve(release)

    def _look_at_live(self, manifest: Manifest) -> Findings:
        settings = self.target.settings
        with self.target.address() as base:
            if base is None:
                return Findings(warnings=["the live site was not tried out: the target has no site_url."])
            return smoke_test(base, manifest, settings.timeout, settings.smoke_wait)

    def _approve(self, release: str) -> None:
        try:
            self.target.approve(release)
        except LibraryError as error:
            words = f"release {release} is live and passed its test, but that could not be noted"
            self.warnings.append(
                f"{words} ({error.problems[0].message}); the next deploy tries it out again."
            )

    def _go_back(self, release: str, previous: str | None, *, is_new: bool) -> list[Problem]:
        """Undo a switch as far as that can be done; return what went wrong on the way back.

        A new release is removed only once readers do not get it any more, or if they got
        nothing before it either.
        """
        try:
            if previous:
                self.target.activate(previous)
            if is_new:
                self.target.forget(release)
            if previous:
                self.target.refresh()
            if not (previous and self.tries):
                return []
            findings = self._look_at_live(self.target.manifest(previous))
        except LibraryError as error:
            return [
                stop("way-back", f"on the way back: {fault.message}", fault.cure).problems[0]
                for fault in error.problems
            ]
        if findings.faults:
            return _failed(f"release {previous}, shown again, failed its test:", findings).problems
        self._approve(previous)
        return []


def _upload(target: Target, staged: Staged) -> None:
    total = sum(path.stat().st_size for path in staged.folder.rglob("*") if path.is_file())
    with Progress(total) as progress:
        target.upload(staged, progress)


def _failed(what: str, findings: Findings) -> LibraryError:
    return stop("smoke", f"{what} {' '.join(findings.faults[:3])}", "Look at the server.")
