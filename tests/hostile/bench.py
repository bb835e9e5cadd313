"""A process that tries hostile inputs, each in a child with bounds: ``python -m tests.hostile.bench``.

It reads names of cases, one a line, and answers each with one line of JSON; with ``--table`` it
tries them all and prints what each took, the worst first.  The library's modules are loaded once;
a child that hangs, dies or takes too much memory is the result of its case, and nothing else.
"""

from __future__ import annotations

import io
import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pelican.settings import read_settings

from plugins.assets.theme import Theme, read_theme
from plugins.common_thread.site import make_site, rendered
from plugins.problems import LibraryError, Problems
from publish import build, cli
from tests.conftest import ROOT
from tests.hostile.table import LIBRARY, Hostile, read_table, spoil

SECONDS = 60
"""A guard against hanging, not a measure: busy machines are slow."""
ROOM = 400 << 20
"""How much more address space a case may take than the process that tries it."""
NOBODY = 65534
SETTINGS: dict[str, Any] = {"MAIN_COUNTRIES": ("GB",)}
"""What the small library wants other than the site."""


@dataclass(frozen=True)
class Bench:
    """What all cases share: the site's settings, but for the place of the library, and its theme."""

    settings: dict[str, Any]
    theme: Theme


def set_up(content: Path, wanted: Mapping[str, Any] = SETTINGS) -> Bench:
    """Read settings and theme once."""
    settings = read_settings(str(ROOT / "pelican.conf.py"), override={"PATH": str(content), **wanted})
    return Bench(settings, read_theme(settings, ROOT / ".cache"))


def look(content: Path, bench: Bench, wanted: str = "") -> tuple[list[str], str]:
    """Return the problems of a library, or if there are none the page that is ``wanted``."""
    try:
        site = make_site({**bench.settings, "PATH": str(content)}, Problems(), bench.theme)
    except LibraryError as error:
        return [str(problem) for problem in error.problems], ""
    one = replace(site, pages=tuple(page for page in site.pages if page.save_as == wanted))
    return [], "".join(html for _, html in rendered(one))


def run_command(content: Path) -> tuple[int, str]:
    """Return exit status and words of ``./publish.sh build`` for a library of its own."""
    whole = build.build
    build.build = lambda output, site_url=None, **more: whole(output, site_url, **{**more, **SETTINGS})
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        status = cli.main(["build", "--content", str(content), "--output", str(content.parent / "output")])
    return status, said.getvalue()


def attempt(case: Hostile, content: Path, bench: Bench) -> dict[str, Any]:
    """Return what comes of one case, in this process."""
    if "rights" in str(case.how.get("make")) and os.geteuid() == 0:
        os.seteuid(NOBODY)  # root may read everything
    problems, page = look(content, bench, case.page)
    return {"problems": problems, "missing": [words for words in case.reads if words not in page]}


def bounded(work: Any) -> dict[str, Any]:
    """Return what ``work`` gives in a child with bounds, with its time on the processor and its memory."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _work_and_tell(work, theirs)
    os.close(theirs)
    answer = b""
    with os.fdopen(ours, "rb") as pipe:
        while select.select([pipe], [], [], SECONDS)[0] and (more := os.read(pipe.fileno(), 1 << 16)):
            answer += more
        if not answer:
            os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    result = json.loads(answer) if answer else {"died": f"status {status}"}
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {**result, "seconds": used.ru_utime + used.ru_stime, "bytes": peak}


def _work_and_tell(work: Any, pipe: int) -> None:
    """The child: never comes back."""
    try:
        _limit_memory()
        result = work()
    except BaseException:
        result = {"died": traceback.format_exc()}
    os.write(pipe, json.dumps(result).encode())
    os._exit(0)


def _limit_memory() -> None:
    table = Path("/proc/self/statm")
    if table.is_file():
        used = int(table.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, used + ROOM))


def try_case(case: Hostile, bench: Bench) -> dict[str, Any]:
    """Spoil a copy of the small library as the case says, and look what comes of it."""
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    try:
        folder.chmod(0o777)
        content = Path(shutil.copytree(LIBRARY, folder / "content"))
        spoil(case, content)
        before = {path: path.lstat().st_mtime_ns for path in content.rglob("*")}
        result = bounded(lambda: attempt(case, content, bench))
        after = {path: path.lstat().st_mtime_ns for path in content.rglob("*")}
        beside = sorted(path.name for path in folder.iterdir() if path.name not in ("content", ".cache"))
        return {**result, "touched": before != after, "left": beside}
    finally:
        shutil.rmtree(folder)


def warm_up(bench: Bench) -> None:
    """Load all that is loaded late, so that no case has to (some may read nothing outside their folder)."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        content = Path(shutil.copytree(LIBRARY, Path(folder, "content")))
        problems, page = look(content, bench, "index.html")
        assert (problems, bool(page)) == ([], True), problems


def print_table(cases: dict[str, Hostile], bench: Bench) -> None:
    """Print what each case takes in seconds of the processor and in megabytes, the slowest first."""
    rows = [(name, try_case(case, bench)) for name, case in cases.items()]
    print("seconds      MB  case")
    for name, result in sorted(rows, key=lambda row: -row[1]["seconds"]):
        print(f"{result['seconds']:7.2f} {result['bytes'] / 1e6:7.0f}  {name}{'  DIED' * ('died' in result)}")


def main() -> None:
    """Answer every line, or print the table."""
    bench, cases = set_up(LIBRARY), read_table()
    warm_up(bench)
    if "--table" in sys.argv:
        print_table(cases, bench)
        return
    for line in sys.stdin:
        print(json.dumps(try_case(cases[line.strip()], bench)), flush=True)


if __name__ == "__main__":
    main()
