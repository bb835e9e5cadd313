"""The commands ``verify-live`` and ``health``: both look at a site from outside, and change nothing."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from publish.proof.report import Report

SKIPPABLE = ("certificate", "files", "headers", "redirects", "missing-page", "feeds", "help")
_STATUS = "Exit status: 0 all well, 1 something is wrong, 3 something could not be found out."


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the parser of ``publish.sh``."""
    parser = _add(
        subparsers, "verify-live", "compare a live site with its release.json, hash by hash", run_verify
    )
    words = "build this checkout, which has to be of the site's commit, and compare with that too"
    parser.add_argument("--build", action="store_true", help=words)
    words = "who may sign releases, as ssh-keygen(1) says under ALLOWED SIGNERS (default: publish.signers)"
    parser.add_argument("--signers", type=Path, metavar="FILE", help=words)
    parser = _add(subparsers, "health", "look whether a live site is well, for a timer", run_health)
    words = "leave a thing out (may be repeated): headers, for a host that sends none of its own"
    parser.add_argument("--skip", action="append", choices=SKIPPABLE, default=[], help=words)


def _add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    words: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(
        name, help=words, description=f"{words[0].upper()}{words[1:]}.", epilog=_STATUS
    )
    parser.add_argument("url", metavar="URL", help="the address of the site")
    parser.add_argument("--json", action="store_true", help="say it for programs")
    parser.set_defaults(run=run)
    return parser


def run_verify(options: argparse.Namespace) -> int:
    """Run the command `verify-live`."""
    from publish.deploy.config import ROOT, stop
    from publish.proof.live import verify_live
    from publish.proof.signing import SIGNERS

    if options.signers and not options.signers.is_file():
        raise stop("signers", f"there is no file '{options.signers}'.", "Correct --signers.")
    return _tell(
        verify_live(options.url, options.signers or SIGNERS, ROOT if options.build else None), options
    )


def run_health(options: argparse.Namespace) -> int:
    """Run the command `health`."""
    from publish.proof.health import health

    return _tell(health(options.url, options.skip), options)


def _tell(report: Report, options: argparse.Namespace) -> int:
    print(report.json() if options.json else report.text())
    return report.status
