"""``./publish.sh rename`` and ``retire``: an entry gets another name, or gives way to another entry.

Whatever names it follows, readers of its old address are led on, and either all of it happens or nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from plugins.common_thread.addresses import REDIRECTS, places
from plugins.common_thread.needs import NEEDED
from plugins.library.filters import today
from plugins.library.loader import SLUG, is_portable
from plugins.problems import Problem, did_you_mean, shown
from publish.journal import Change, RefusedError, change_files
from publish.references import Exchange, UnclearError
from publish.site_settings import site_kinds
from publish.sound import faults_of
from publish.sources import COVERAGE, Home, Sources, redirects_with

ROOT = Path(__file__).resolve().parent.parent
DRAWINGS = "theme/static/img/illustrations"


@dataclass
class Plan:
    """What every file is to hold (None: it goes), and where something in it is changed: (path, line)."""

    exchange: Exchange
    home: Home
    files: dict[str, bytes | None] = field(default_factory=dict)
    places: list[tuple[str, int]] = field(default_factory=list)
    redirect: bool = False

    def applied(self, sources: Sources) -> Sources:
        """Return the sources as they are afterwards."""
        after = {**sources.files, **self.files}
        return Sources({path: raw for path, raw in after.items() if raw is not None}, sources.kinds)


def plan_rename(sources: Sources, old: str, new: str, day: dt.date) -> Plan:
    """Return what giving ``old`` the name ``new`` takes; raises :class:`RefusedError`."""
    home = _find(sources, old, day)
    target = f"content/{home.kind.folder}/{new}{home.kind.suffix}"
    _require_free(sources, home, new, target)
    plan = Plan(Exchange(old, new, home.url, home.kind.url(new)), home)
    _rewrite(plan, sources)
    plan.files[target] = _with_slug(plan.files.get(home.path, sources.files[home.path]) or b"", old, new)
    plan.files[home.path] = None
    plan.files |= voices_moves(sources, old, new)
    plan.places = [(target if path == home.path else path, line) for path, line in plan.places]
    _redirect(plan, sources)
    return plan


def plan_retire(sources: Sources, old: str, other: str, day: dt.date) -> Plan:
    """Return what letting ``other`` stand for ``old`` takes; raises :class:`RefusedError`."""
    home, heir = _find(sources, old, day), _find(sources, other, day)
    if old == other:
        raise _refused(home.path, f"'{old}' can't stand for itself.", "Name another entry with --to.")
    if home.published and not heir.published:
        raise _refused(heir.path, f"'{other}' is not published.", "Publish it first, or name another one.")
    plan = Plan(Exchange(old, other, home.url, heir.url, merge=True), home)
    _rewrite(plan, sources, without=home.path, heir=heir.path)
    plan.files[home.path] = None
    plan.files |= voices_moves(sources, old)
    _redirect(plan, sources)
    return plan


def voices_moves(sources: Sources, old: str, new: str = "") -> dict[str, bytes | None]:
    """Return the changes that let what readers said of an entry go where it goes."""
    path = f"content/voices/{old}.yaml"
    if path not in sources.files:
        return {}
    return {path: None, **({f"content/voices/{new}.yaml": sources.files[path]} if new else {})}


def _find(sources: Sources, slug: str, day: dt.date) -> Home:
    home = sources.home(slug, day)
    if home is None:
        known = sources.slugs()
        raise _refused("content", f"there is no entry {shown(slug)}.", did_you_mean(slug, known))
    return home


def _require_free(sources: Sources, home: Home, new: str, target: str) -> None:
    """Raise :class:`RefusedError` unless an entry can be called ``new``."""
    taken, url = sources.slugs().get(new), home.kind.url(new)
    _require_own(home)
    if not SLUG.match(new) or not is_portable(PurePosixPath(target).name):
        raise _refused(home.path, f"{shown(new)} is no slug.", "Use lowercase words joined by hyphens.")
    if taken:
        raise _refused(home.path, f"the slug '{new}' is taken by {taken}.", "Choose another.")
    owner = places(sources.kinds.values()).get(url)
    if owner:
        raise _refused(home.path, f"at {url} stands {owner}.", "Choose another name.")


def _require_own(home: Home) -> None:
    if home.slug in NEEDED or home.slug in dict(home.kind.addresses):
        cure = "It keeps its name; its title can be any."
        raise _refused(home.path, f"the site itself names '{home.slug}', in its code.", cure)


def _rewrite(plan: Plan, sources: Sources, without: str = "", heir: str = "") -> None:
    """Plan every file in which something names the entry."""
    _require_own(plan.home)
    unclear = []
    no_list = (heir, COVERAGE)  # that a rule excepts the one entry says nothing of the other
    for path in sources.files:
        if path in (without, REDIRECTS):
            continue
        try:
            found = sources.rewritten(path, replace(plan.exchange, owner=path in no_list))
        except UnclearError as error:
            unclear.append(Problem(path, error.line, "unclear", f"{error}.", "Change it by hand first."))
            continue
        if found.lines:
            plan.files[path] = sources.bytes_of(path, found.text)
            plan.places += [(path, line) for line in found.lines]
    if unclear:
        raise RefusedError(unclear)


def _with_slug(raw: bytes, old: str, new: str) -> bytes:
    """Return the text of an entry with its own ``slug``, should it have that key, as the file is called."""
    head, mark, rest = raw.partition(b"\n---")
    rows = [
        b"slug: " + new.encode() if row.rstrip() == b"slug: " + old.encode() else row
        for row in head.split(b"\n")
    ]
    return b"\n".join(rows) + mark + rest


def _redirect(plan: Plan, sources: Sources) -> None:
    """Lead readers of the old address on, if there can have been any."""
    if REDIRECTS not in sources.files:
        raise _refused(REDIRECTS, "the file is missing.", "Put it back.")
    plan.redirect = plan.home.published
    leads = {plan.exchange.old_url: plan.exchange.new_url} if plan.redirect else {}
    before = sources.text(REDIRECTS)
    after = redirects_with(before, REDIRECTS, leads, dropped=plan.exchange.new_url)
    if after != before:
        plan.files[REDIRECTS] = sources.bytes_of(REDIRECTS, after)


def _refused(path: str, message: str, cure: str) -> RefusedError:
    return RefusedError([Problem(path, 1, "move", message, cure)])


# The commands --------------------------------------------------------------------


def run_rename(options: argparse.Namespace) -> int:
    """``./publish.sh rename OLD NEW``."""
    sources = Sources.read(ROOT, site_kinds())
    plan = plan_rename(sources, options.old, options.new, today())
    plan.files |= drawing_moves(ROOT, options.old, options.new)
    return carry_out(ROOT, plan, sources, dry_run=options.dry_run)


def run_retire(options: argparse.Namespace) -> int:
    """``./publish.sh retire SLUG --to OTHER``."""
    sources = Sources.read(ROOT, site_kinds())
    plan = plan_retire(sources, options.slug, options.to, today())
    plan.files |= drawing_moves(ROOT, options.slug)
    if plan.places and not options.rewrite:
        cure = f"Say --rewrite to let it name '{options.to}' instead, or change it by hand."
        raise RefusedError(
            Problem(path, line, "named", f"this names '{options.slug}'.", cure) for path, line in plan.places
        )
    return carry_out(ROOT, plan, sources, dry_run=options.dry_run)


def drawing_moves(project: Path, old: str, new: str = "") -> dict[str, bytes | None]:
    """Return the changes that let an entry's drawing go where it goes."""
    path = project / DRAWINGS / f"{old}.svg"
    if not path.is_file():
        return {}
    return {f"{DRAWINGS}/{old}.svg": None, **({f"{DRAWINGS}/{new}.svg": path.read_bytes()} if new else {})}


def carry_out(project: Path, plan: Plan, sources: Sources, *, dry_run: bool) -> int:
    """Make all changes, or say what they would be.

    Raises :class:`RefusedError` if the library would suffer.
    """
    faults = list(_new_faults(project, plan, sources))
    if faults:
        raise RefusedError(faults)
    for row in told(plan):
        print(row)
    if dry_run:
        print("Nothing was changed. Leave out --dry-run to do it.", file=sys.stderr)
        return 0
    change_files(project, changes_of(project, plan.files))
    print("Done. See it with ./publish.sh check.", file=sys.stderr)
    return 0


def changes_of(project: Path, files: Mapping[str, bytes | None]) -> dict[str, Change]:
    """Return each file's change, from what it holds now."""
    paths = {name: project / name for name in files}
    before = {name: path.read_bytes() if path.is_file() else None for name, path in paths.items()}
    return {name: Change(before[name], after) for name, after in files.items()}


def told(plan: Plan) -> Iterator[str]:
    """Yield what a plan changes, a line each."""
    exchange = plan.exchange
    for path, line in plan.places:
        yield f"{path}:{line}: '{exchange.old}' becomes '{exchange.new}'."
    gone = [path for path, raw in plan.files.items() if raw is None]
    new = [
        path
        for path, raw in plan.files.items()
        if raw is not None and PurePosixPath(path).stem == exchange.new
    ]
    for path in gone:
        after = next((one for one in new if PurePosixPath(one).suffix == PurePosixPath(path).suffix), None)
        is_moved = not exchange.merge and after
        yield f"{path} becomes {after}." if is_moved else f"{path} goes."
    if plan.redirect:
        yield f"{exchange.old_url} leads to {exchange.new_url} from now on."


def _new_faults(project: Path, plan: Plan, sources: Sources) -> Iterator[Problem]:
    """Yield what would be wrong with the library afterwards and is not now."""
    exchange = plan.exchange

    def key(problem: Problem) -> tuple[str, ...]:
        parts = (problem.path, problem.rule, problem.message)
        return parts if exchange.merge else tuple(part.replace(exchange.new, exchange.old) for part in parts)

    after = faults_of(project, plan.applied(sources).files)
    if after:
        before = {key(problem) for problem in faults_of(project, sources.files)}
        yield from (problem for problem in after if key(problem) not in before)
