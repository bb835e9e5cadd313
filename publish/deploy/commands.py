"""The commands ``deploy``, ``rollback``, ``releases`` and ``prune``, and what may be said with them.

What they do is in :mod:`publish.deploy.runs`, loaded when one of them is asked for.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from publish.loading import loaded

CONFIG = Path(__file__).resolve().parents[2] / "publish.toml"


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the parser of ``publish.sh``."""
    parser = _add(subparsers, "deploy", "build and publish the site", "run_deploy")
    parser.add_argument(
        "target", nargs="?", metavar="TARGET", help="a target of publish.toml (default: its default)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and send nothing")
    parser.add_argument(
        "--allow-shrink", action="store_true", help="let the site lose more than a fifth of itself"
    )
    parser.add_argument(
        "--force", action="store_true", help="publish even if the live site has the same bytes"
    )
    words = "do not try the live site out: for the first deploy, before the web server is set up"
    parser.add_argument("--no-smoke", dest="smoke", action="store_false", help=words)
    parser.add_argument(
        "--from", dest="output", type=Path, metavar="DIR", help="publish this output instead of building"
    )
    parser = _add(subparsers, "rollback", "show an earlier release again", "run_rollback")
    parser.add_argument(
        "release", nargs="?", metavar="RELEASE", help="which one (default: the one before the live one)"
    )
    parser.add_argument(
        "--no-smoke", dest="smoke", action="store_false", help="go back without trying anything out"
    )
    _add_target(parser)
    _add_target(_add(subparsers, "releases", "list the releases of a target", "run_releases"))
    _add_setup(subparsers)
    parser = _add(subparsers, "prune", "remove old releases", "run_prune")
    parser.add_argument(
        "--keep", type=_positive, metavar="N", help="how many to keep (default: the target's keep)"
    )
    parser.add_argument("--now", action="store_true", help="also those that readers had a short while ago")
    _add_target(parser)


def _add_setup(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(
        subparsers, "server-setup", "print the script that sets a server up for a target", "run_setup"
    )
    parser.add_argument("target", nargs="?", metavar="TARGET", help="an ssh target of publish.toml")
    words = "the public key of whoever deploys (may be repeated)"
    parser.add_argument("--key", type=Path, action="append", required=True, metavar="FILE.pub", help=words)


def _add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str, run: str
) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
    parser.add_argument("--config", type=Path, default=CONFIG, metavar="FILE", help=argparse.SUPPRESS)
    parser.set_defaults(run=loaded("publish.deploy.runs", run))
    return parser


def _add_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--target", metavar="TARGET", help="a target of publish.toml (default: its default)")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("keep at least one release")
    return number
