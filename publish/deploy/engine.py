"""The order of a deploy, the same for every target.

Plan, guards, lock, upload, verify, switch, smoke test, and back again by itself if the
live site fails it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from plugins.problems import LibraryError, Problem, Problems
from publish.deploy.config import stop
from publish.deploy.guards import check_output, check_plan
from publish.deploy.manifest import Manifest, make_manifest
from publish.deploy.plan import Plan, make_plan
from publish.deploy.progress import Progress
from publish.deploy.smoke import smoke_test
from publish.deploy.stage import Staged, stage
from publish.deploy.target import State, Target, choose_release, new_release
from publish.headers import stated_site_url
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
    """What whoever deploys has asked for."""

    dry_run: bool = False
    allow_shrink: bool = False
    force: bool = False
    smoke: bool = True


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
    with target.lock():
        state = target.state()
        plan = make_plan(target.manifest(state.live) if state.live else None, manifest)
        judge(check_plan(plan, allow_shrink=wishes.allow_shrink), say)
        if plan.is_empty and plan.live == manifest and not wishes.force:
            return Outcome(plan, seconds=time.monotonic() - started)
        release, warnings = _publish(target, output, plan, state, wishes)
    return Outcome(plan, release, time.monotonic() - started, warnings)


def judge(problems: Problems, say: Say) -> None:
    """Say the warnings, and stop at errors."""
    for warning in problems.warnings:
        say(str(warning))
    problems.raise_errors()


def _publish(target: Target, output: Path, plan: Plan, state: State, wishes: Wishes) -> tuple[str, list[str]]:
    """Upload, switch, try out, prune; return the release and the warnings."""
    release = new_release(plan.new, state)
    with scratch_folder("stage") as folder:
        staged = stage(output, folder, plan.new, release, compressed=target.compresses)
        _upload(target, staged)
    warnings = _switch(target, release, plan.new, state.live, smoke=wishes.smoke)
    keep = (*state.releases, release)[-target.settings.keep :]
    gone = [name for name in state.releases if name not in keep]
    if gone and target.prunes:
        target.prune(gone)
    return release, warnings


def _upload(target: Target, staged: Staged) -> None:
    total = sum(path.stat().st_size for path in staged.folder.rglob("*") if path.is_file())
    with Progress(total) as progress:
        target.upload(staged, progress)


def _switch(target: Target, release: str, manifest: Manifest, previous: str | None, *, smoke: bool) -> list[str]:
    """Show a new release and try it out; show the previous one again if that fails."""
    try:
        target.activate(release)
        return try_out(target, manifest) if smoke else ["the live site was not tried out: --no-smoke."]
    except LibraryError as error:
        back = _go_back(target, release, previous)
        raise LibraryError([*error.problems, back]) from error


def _go_back(target: Target, release: str, previous: str | None) -> Problem:
    """Undo a switch and say so; what does not work on the way back is said too."""
    trouble = ""
    for step, name in ((target.activate, previous), (target.forget, release)):
        try:
            if name:
                step(name)
        except LibraryError as error:
            trouble += f" On the way back: {error.problems[0].message}"
    live = f"the live site is {previous} again" if previous else "no release is live"
    cure = "Look at the server, then `./publish.sh rollback`." if trouble else "Mend it and deploy again."
    return Problem("publish.toml", 1, "taken-back", f"release {release} was taken back; {live}.{trouble}", cure)


def try_out(target: Target, manifest: Manifest) -> list[str]:
    """Run the smoke test; return its warnings, raise LibraryError for its faults."""
    if not target.settings.smoke:
        return ["the live site was not tried out: smoke = false in publish.toml."]
    with target.address() as base:
        if base is None:
            return ["the live site was not tried out: the target has no site_url."]
        findings = smoke_test(base, manifest, target.settings.timeout, target.settings.smoke_wait)
    if findings.faults:
        raise stop("smoke", f"the live site failed its test: {' '.join(findings.faults[:3])}", "Look at the server.")
    return findings.warnings


def rollback(target: Target, wanted: str | None) -> tuple[str, list[str]]:
    """Show an earlier release again; return its name and the warnings of its smoke test."""
    with target.lock():
        state = target.state()
        release = choose_release(state, wanted)
        manifest = target.manifest(release)
        target.activate(release)
        return release, try_out(target, manifest)


def prune(target: Target, keep: int) -> tuple[list[str], int]:
    """Remove all but the newest ``keep`` releases and the live one; return what went, and how many files."""
    if not target.prunes:
        raise stop("prune", f"target '{target.name}' keeps its whole history.", "There is nothing to prune.")
    with target.lock():
        state = target.state()
        gone = [name for name in state.releases[:-keep] if name != state.live]
        return gone, target.prune(gone)
