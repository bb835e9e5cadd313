"""What the commands ``deploy``, ``rollback``, ``releases`` and ``prune`` do."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plugins.library.filters import today
from publish.deploy.config import (
    CONFIG,
    ROOT,
    DirConfig,
    GitPagesConfig,
    S3Config,
    SshConfig,
    read_target,
    stop,
)
from publish.deploy.engine import Wishes, deploy, prune, rollback
from publish.deploy.target import Target
from publish.desk.changes import note_release
from publish.scratch import scratch_folder


@contextmanager
def open_target(name: str | None, config: Path = CONFIG) -> Iterator[Target]:
    """Give the target with this name, the default one for None."""
    target = make_target(*read_target(name, config))
    try:
        yield target
    finally:
        target.close()


def make_target(name: str, settings: DirConfig | SshConfig | S3Config | GitPagesConfig) -> Target:
    """Return the target for these settings; tools are loaded only when they are needed."""
    if isinstance(settings, DirConfig):
        from publish.deploy.server import DirTarget

        return DirTarget(name, settings, str((ROOT / settings.path).resolve()))
    if isinstance(settings, SshConfig):
        from publish.deploy.ssh import SshTarget

        return SshTarget(name, settings)
    if isinstance(settings, S3Config):
        from publish.deploy.s3 import S3Target

        return S3Target(name, settings)
    from publish.deploy.gitpages import GitPagesTarget

    return GitPagesTarget(name, settings)


def _say(text: str) -> None:
    print(text, file=sys.stderr if text.startswith(("publish", "release.json")) else sys.stdout, flush=True)


def run_deploy(options: argparse.Namespace) -> int:
    """Run the command `deploy`."""
    wishes = Wishes(options.dry_run, options.allow_shrink, options.force, options.smoke)
    with open_target(options.target, options.config) as target, _site(options.output, target) as output:
        outcome = deploy(target, output, ROOT, wishes, _say)
        for warning in outcome.warnings:
            print(f"warning: {warning}", file=sys.stderr)
        if outcome.release:
            note_release(ROOT / ".cache", target.name, outcome.plan.new.commit, str(today()))
        print(f"{target.name}: {outcome.summary()}")
    return 0


@contextmanager
def _site(given: Path | None, target: Target) -> Iterator[Path]:
    """Give the output to publish: the one given, or one built aside for the address of the target."""
    if given:
        if not given.is_dir():
            raise stop("empty", f"there is no folder '{given}'.", "Run `./publish.sh build` first.")
        yield given.resolve()
        return
    from publish.build import build
    from publish.due import require_reviewed
    from publish.prose import require_prose

    require_prose()
    require_reviewed()
    with scratch_folder("build") as folder:
        output = folder / "output"
        build(output, target.settings.site_url)
        yield output


def run_rollback(options: argparse.Namespace) -> int:
    """Run the command `rollback`."""
    with open_target(options.target, options.config) as target:
        release, warnings = rollback(target, options.release, smoke=options.smoke, say=_say)
        for warning in warnings:
            print(f"warning: {warning}", file=sys.stderr)
        print(f"{target.name}: release {release} is live again")
    return 0


def run_releases(options: argparse.Namespace) -> int:
    """Run the command `releases`."""
    with open_target(options.target, options.config) as target:
        state = target.state()
        for release in state.releases:
            manifest = target.manifest(release)
            mark = "live" if release == state.live else "    "
            tried = "passed" if release in state.passed else "not tried out"
            print(
                f"{mark}  {release}  {manifest.commit[:10] or 'no commit'}  {len(manifest.files)} files  "
                f"{tried}"
            )
        if state.switching_to:
            print(
                f"A switch to {state.switching_to} was begun and not finished; the next deploy or rollback "
                f"ends it."
            )
        if not state.releases:
            print(f"There is no release at {target.place} yet.")
    return 0


def run_prune(options: argparse.Namespace) -> int:
    """Run the command `prune`."""
    with open_target(options.target, options.config) as target:
        gone, files = prune(target, options.keep or target.settings.keep, even_recent=options.now, say=_say)
        for release in gone:
            print(f"removed {release}")
        print(f"{target.name}: {len(gone)} releases and {files} old assets removed")
    return 0


def run_setup(options: argparse.Namespace) -> int:
    """Run the command `server-setup`."""
    from publish.deploy.setup import setup_script

    name, settings = read_target(options.target, options.config)
    if not isinstance(settings, SshConfig):
        raise stop("setup", f"target '{name}' is no server.", "Name a target whose kind is ssh.")
    print(setup_script(settings, options.key), end="")
    return 0
