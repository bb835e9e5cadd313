"""The command line: one parser, one function a command."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

from plugins.problems import LibraryError
from publish.deploy.commands import add_commands
from publish.journal import finish_changes
from publish.loading import loaded
from publish.place import system_problem
from publish.proof.commands import add_commands as add_proof_commands
from publish.stops import Stopped

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 problems, 2 wrong usage, 128 and more a signal."""
    options = make_parser().parse_args(arguments)
    try:
        for name in finish_changes(ROOT):
            print(f"{name}: changed now, as a command that was stopped had begun to.", file=sys.stderr)
        return int(options.run(options))
    except LibraryError as error:
        ending, count = getattr(error, "ending", "Nothing was published."), len(error.problems)
        if count:
            print(f"{error}\n\n{count} problem{'s' if count != 1 else ''}. ", end="", file=sys.stderr)
        print(ending, file=sys.stderr)
        return error.exitcode
    except OSError as error:
        print(system_problem(error, Path(tempfile.gettempdir())), file=sys.stderr)
        return 1
    except KeyboardInterrupt as stop:
        print("Stopped.", file=sys.stderr)
        return 128 + (stop.number if isinstance(stop, Stopped) else signal.SIGINT)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser with every command."""
    parser = argparse.ArgumentParser(
        prog="./publish.sh", description="Build, check and publish Common Thread."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_preview(commands)
    _add_build(commands)
    _add_check(commands)
    _add_test(commands)
    _add_new(commands)
    _add_moves(commands)
    _add_review(commands)
    _add_popular(commands)
    _add_voices(commands)
    _add_links(commands)
    audit = commands.add_parser("audit", help="look for known vulnerabilities in what we build on")
    audit.set_defaults(run=loaded("publish.audit", "run_audit"))
    add_commands(commands)
    add_proof_commands(commands)
    return parser


def _add_preview(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("preview", help="build, serve, and reload on every change")
    parser.add_argument("--port", type=int, default=8000, help="port on this machine (default: 8000)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument(
        "--editor",
        default=os.environ.get("PREVIEW_EDITOR", "vscode://file{path}:{line}:{column}"),
        metavar="ADDRESS",
        help="what opens a file in your editor (default: PREVIEW_EDITOR, or %(default)s)",
    )
    parser.set_defaults(run=loaded("publish.preview", "preview"))


def content_folder(value: str) -> Path:
    """Return a folder of entries as a full path; its name stands in every problem, so it has to be that."""
    folder = Path(value).resolve()
    if folder.name != "content" or not folder.is_dir():
        raise argparse.ArgumentTypeError(f"'{value}' is no folder called content")
    return folder


def _add_build(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("build", help="build the site; the last good build stays if this one fails")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "output", metavar="DIR", help="where to (default: output)"
    )
    address = parser.add_mutually_exclusive_group()
    address.add_argument(
        "--site-url", metavar="URL", help="the address the site will have (default: SITE_URL or settings)"
    )
    address.add_argument(
        "--target", metavar="TARGET", help="build for the address of this target of publish.toml"
    )
    parser.add_argument(
        "--content", type=content_folder, metavar="DIR", help="another folder called content (default: ours)"
    )
    parser.add_argument("--profile", action="store_true", help="print where the time went, stage by stage")
    parser.add_argument(
        "--no-cache", action="store_true", help="make everything anew, and keep nothing for next time"
    )
    parser.set_defaults(run=loaded("publish.build_command", "run_build"))


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "check",
        help="list every problem in content/ as path:line: message",
        epilog="Ends with 0 if nothing stops a deploy, 1 if something does, 2 on wrong usage; --watch as its "
        "last look does.",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "github", "sarif"),
        default="text",
        help="for whom (default: text)",
    )
    parser.add_argument("--explain", metavar="ID", help="print a rule, with a bad and a good example")
    parser.add_argument(
        "--explain-quiz", metavar="SLUG", help="show how each result of a quiz can be reached"
    )
    parser.add_argument("--strict", action="store_true", help="let advice count as errors")
    parser.add_argument("--watch", action="store_true", help="look again on every change, until Ctrl+C")
    parser.set_defaults(run=loaded("publish.check", "run_check"))


def _add_test(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("test", help="run every check and every test")
    parser.add_argument(
        "--only", metavar="STEP", action="append", help="run this step only (may be repeated)"
    )
    parser.add_argument("--list", action="store_true", help="list the steps")
    parser.add_argument(
        "--fast", action="store_true", help="leave out what takes long: for the loop while working"
    )
    parser.set_defaults(run=loaded("publish.tests", "run_tests"))


def _add_new(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("new", help="start an entry with every key in place; asks on a terminal")
    parser.add_argument("kind", nargs="?", metavar="KIND", help="what it is, such as strategy")
    parser.add_argument("title", nargs="?", metavar="TITLE", help="its title; its words make the slug")
    parser.add_argument("--slug", help="the file name, if it is to be another: lowercase words with hyphens")
    parser.add_argument(
        "--set", action="append", metavar="KEY=VALUE", help="what a key holds (may be repeated; see the docs)"
    )
    parser.add_argument("--no-questions", action="store_true", help="ask nothing, even on a terminal")
    parser.set_defaults(run=loaded("publish.new", "run_new"))


def _add_moves(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    dry_run = "say what would change, and change nothing"
    parser = commands.add_parser("rename", help="give an entry another slug, wherever it is named")
    parser.add_argument("old", metavar="OLD", help="the slug it has")
    parser.add_argument("new", metavar="NEW", help="the slug it gets; its old address leads to the new one")
    parser.add_argument("--dry-run", action="store_true", help=dry_run)
    parser.set_defaults(run=loaded("publish.moves", "run_rename"))
    parser = commands.add_parser("retire", help="remove an entry, and lead its readers to another")
    parser.add_argument("slug", metavar="SLUG", help="the slug of the entry that goes")
    parser.add_argument("--to", required=True, metavar="OTHER", help="the entry that readers find instead")
    parser.add_argument("--rewrite", action="store_true", help="let whatever names the one name the other")
    parser.add_argument("--dry-run", action="store_true", help=dry_run)
    parser.set_defaults(run=loaded("publish.moves", "run_retire"))


def _add_review(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("review", help="note that somebody has read entries against the house rules")
    parser.add_argument("slugs", nargs="+", metavar="SLUG", help="the slug of an entry that was read")
    parser.add_argument("--by", required=True, metavar="NAME", help="who read it")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    parser.set_defaults(run=loaded("publish.review", "run_review"))


def _add_popular(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "popular", help="add up how often pages were read, from logs that know nobody"
    )
    parser.add_argument(
        "logs", nargs="+", type=Path, metavar="LOG", help="a log of nginx's, or a table (CSV) of a host's"
    )
    parser.add_argument("--month", help="the month of a table that names none, such as 2026-10")
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be written, and write nothing"
    )
    parser.set_defaults(run=loaded("publish.popular", "run_popular"))


def _add_voices(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("voices", help="bring what readers sent, look at it, take it back")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    told = {
        "pull": "write what was approved on the server into content/voices/, and change nothing there",
        "check": "list what an editor has to look at, in the files and on the server",
        "retract": "take a comment out for good, of its file and of the server",
    }
    for name, words in told.items():
        action = actions.add_parser(name, help=words)
        if name == "retract":
            action.add_argument("id", metavar="ID", help="the id of the comment, such as isso-12-3f9a1c")
        action.add_argument(
            "--database",
            default=os.environ.get("VOICES_DATABASE", ""),
            metavar="PATH",
            help="Isso's database, or HOST:/path through ssh (default: VOICES_DATABASE)",
        )
        action.add_argument(
            "--content", type=content_folder, metavar="DIR", help="another folder called content"
        )
        if name != "check":
            action.add_argument(
                "--dry-run", action="store_true", help="say what would change, and change nothing"
            )
        action.set_defaults(run=loaded("publish.voices.commands", f"run_{name}"))


def _add_links(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "links",
        help="ask addresses elsewhere whether they still answer",
        epilog="Ends with 0 if nothing is silent, 1 if something is or this computer is offline, 2 on wrong "
        "usage, 130 if it is stopped; what was heard up to then is kept.",
    )
    parser.add_argument("--external", action="store_true", required=True, help="say that you mean it")
    parser.add_argument("--again", action="store_true", help="also those that answered within a week")
    parser.add_argument("--dry-run", action="store_true", help="list what would be asked, and ask nothing")
    parser.set_defaults(run=loaded("publish.outside", "run_links"))
