"""``./publish.sh test``: every check, side by side, then every test.

What is missing on the machine is installed where that is allowed (Debian packages as
root, npm packages from ``package-lock.json``), while the checks run that do without it;
otherwise it is named, with the command that would install it.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NODE = ROOT / "node_modules"

DEBIAN_PACKAGES = {
    "chromium-headless-shell": "chromium-headless-shell",
    "java": "default-jre-headless",
    "node": "nodejs",
    "npm": "npm",
    "shellcheck": "shellcheck",
    "nginx": "nginx",
    "rsync": "rsync",
    "ssh": "openssh-client",
    "sshd": "openssh-server",
    "openssl": "openssl",
    "git": "git",
    "sudo": "sudo",
    "curl": "curl",
    "ip": "iproute2",
    "/usr/lib/*/libatomic.so.1": "libatomic1",  # of the program that drives the browser
    "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so": "libnginx-mod-http-brotli-static",
}
"""The command (or file, or pattern of files) a check needs, and the Debian package that brings it."""


@dataclass(frozen=True)
class Step:
    """One check: its name, what it looks at, the command it runs, and whether ``--fast`` has it too.

    ``needs`` names what has to be installed before: a key of ``INSTALLS``, or nothing.
    """

    name: str
    purpose: str
    command: Callable[[], list[str]]
    needs: str = ""
    fast: bool = True


def _scripts() -> list[str]:
    """Return every shell script git would keep."""
    found = [
        *ROOT.glob("*.sh"),
        *ROOT.glob(".ci/*"),
        *(ROOT / "publish").rglob("*.sh"),
        *(ROOT / "tests").rglob("*.sh"),
    ]
    return [str(path.relative_to(ROOT)) for path in sorted(found)]


def _tool(name: str, *arguments: str) -> Callable[[], list[str]]:
    return lambda: [str(BIN / name), *arguments]


def _node(script: str, *arguments: str) -> Callable[[], list[str]]:
    return lambda: ["node", str(NODE / script), *arguments]


def _pytest(workers: int, *arguments: str) -> Callable[[], list[str]]:
    return lambda: [sys.executable, "-m", "pytest", "-n", str(workers), "--dist", "worksteal", *arguments]


CORES = os.cpu_count() or 1
WORKERS = CORES + max(2, CORES // 2)
"""So many workers run all tests: many a one waits for a browser or a server, while another can work."""
PACKAGES, CHECKERS, TESTS = "packages", "checkers", "tests"
TSC, STYLELINT = "typescript/bin/tsc", "stylelint/bin/stylelint.mjs"
FAST = "not browser and not servers and not slow"
"""The tests that ``--fast`` runs: their markers are explained in ``pyproject.toml``."""
STEPS = (
    # The longest first: what comes last is waited for.
    Step(
        "content",
        "the library has no problems",
        lambda: [sys.executable, "-m", "publish", "check"],
        fast=False,
    ),
    Step("types", "Python is typed", _tool("mypy")),
    Step("format", "Python is formatted", _tool("ruff", "format", "--check", "--quiet", ".")),
    Step("lint", "Python is tidy", _tool("ruff", "check", "--quiet", ".")),
    Step(
        "templates",
        "templates are tidy",
        _tool("djlint", "theme/templates", "plugins/quiz/templates", "--lint", "--quiet"),
    ),
    Step("spelling", "no common misspellings", _tool("codespell", ".")),
    Step("shell", "shell scripts are sound", lambda: ["shellcheck", *_scripts()], PACKAGES),
    Step("scripts", "scripts are typed", _node(TSC, "--project", "tsconfig.json"), CHECKERS),
    Step("worker", "the service worker is typed", _node(TSC, "--project", "tsconfig.worker.json"), CHECKERS),
    Step(
        "styles",
        "style sheets keep the rules",
        _node(STYLELINT, "theme/static/css/*.css", "plugins/quiz/static/*.css"),
        CHECKERS,
    ),
    Step(TESTS, "everything behaves", _pytest(WORKERS), CHECKERS),
)


def _which(command: str) -> str | None:
    """Return where a command or file is, also where only root looks."""
    if command.startswith("/"):
        return next((str(path) for path in Path("/").glob(command.lstrip("/"))), None)
    return shutil.which(command) or shutil.which(command, path="/usr/sbin:/sbin")


def install_debian_packages() -> None:
    """Install missing commands as root; elsewhere say how."""
    missing = {command: package for command, package in DEBIAN_PACKAGES.items() if _which(command) is None}
    if not missing:
        return
    packages = " ".join(sorted(set(missing.values())))
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(
            f"Missing: {', '.join(missing)}. On Debian or Ubuntu: sudo apt-get install {packages}",
            file=sys.stderr,
        )
        return
    print(f"Installing {packages} …", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], env=env, check=False)
    install = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600", "install", "-y", "--no-install-recommends"]
    subprocess.run([*install, *packages.split()], env=env, check=False, stdout=subprocess.DEVNULL)


def install_npm_packages() -> None:
    """Install the checkers that come from npm, unless the lock file is the one already installed."""
    lock, stamp = ROOT / "package-lock.json", NODE / ".installed-lock.json"
    if (stamp.is_file() and filecmp.cmp(lock, stamp, shallow=False)) or shutil.which("npm") is None:
        return
    print("Installing the checkers from package-lock.json …", flush=True)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode == 0:
        shutil.copyfile(lock, stamp)


INSTALLS: dict[str, tuple[Callable[[], None], ...]] = {
    PACKAGES: (install_debian_packages,),
    CHECKERS: (install_debian_packages, install_npm_packages),
}
"""What a step may need, and what is done for it, in that order: npm comes from Debian."""


@dataclass(frozen=True)
class Result:
    """What came of a step: whether all was well, what it said, and how many seconds it took."""

    ok: bool
    said: str
    seconds: float


def run_step(step: Step, *, live: bool = False) -> Result:
    """Run one step; what it says is kept, or with ``live`` shown as it comes."""
    started = time.monotonic()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(
            step.command(), cwd=ROOT, env=env, check=False, encoding="utf-8", capture_output=not live
        )
        said, ok = (done.stdout or "") + (done.stderr or ""), done.returncode == 0
    except FileNotFoundError as error:
        said, ok = f"{error.filename} is not installed.\n", False
    return Result(ok, said, time.monotonic() - started)


def run_steps(steps: Collection[Step]) -> list[str]:
    """Run all of ``steps`` side by side, then the tests.

    Return the names of those that failed, the output is shown.
    """
    quick = [step for step in steps if step.name != TESTS]
    failed = []
    with ThreadPoolExecutor(1) as installer, ThreadPoolExecutor(os.cpu_count()) as pool:
        ready = _install(installer, {step.needs for step in steps})
        for step, result in zip(
            quick, pool.map(lambda step: _run_when_ready(step, ready), quick), strict=True
        ):
            _tell(step, result)
            failed += [] if result.ok else [step.name]
    for step in steps:
        if step.name == TESTS:
            print(f"── {step.name}: {step.purpose} …", flush=True)
            failed += [] if run_step(step, live=True).ok else [step.name]
    return failed


def _install(installer: ThreadPoolExecutor, needs: Collection[str]) -> dict[str, Future[None]]:
    """Have installed one after the other what is needed; return what tells that a need is met."""
    work = dict.fromkeys(install for need in needs for install in INSTALLS.get(need, ()))
    order = [install for install in INSTALLS[CHECKERS] if install in work]
    done = {install: installer.submit(install) for install in order}
    return {need: done[INSTALLS[need][-1]] for need in needs if need}


def _run_when_ready(step: Step, ready: Mapping[str, Future[None]]) -> Result:
    if step.needs:
        ready[step.needs].result()
    return run_step(step)


def _tell(step: Step, result: Result) -> None:
    end = "ok" if result.ok else f"FAILED\n{result.said}"
    print(f"── {step.name}: {step.purpose}: {end} ({result.seconds:.1f} s)", flush=True)


def wanted_steps(only: Collection[str], *, fast: bool) -> list[Step]:
    """Return the steps to run: those in ``only`` or all; ``fast`` leaves out what takes long."""
    steps = [step for step in STEPS if not only or step.name in only]
    if not fast:
        return steps
    return [
        replace(step, command=_pytest(CORES, "-m", FAST)) if step.name == TESTS else step
        for step in steps
        if step.fast
    ]


def run_tests(options: argparse.Namespace) -> int:
    """Run the steps asked for (all, if none is named); exit 1 if any of them fails."""
    if options.list:
        print("\n".join(f"{step.name:10} {step.purpose}" for step in STEPS))
        return 0
    names = [step.name for step in STEPS]
    unknown = [name for name in options.only or () if name not in names]
    if unknown:
        print(f"There is no step '{unknown[0]}'. Steps: {', '.join(names)}.", file=sys.stderr)
        return 2
    failed = run_steps(wanted_steps(options.only or (), fast=options.fast))
    print(f"\nFailed: {', '.join(failed)}." if failed else "\nAll is well.")
    return 1 if failed else 0
