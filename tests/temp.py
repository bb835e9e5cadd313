"""Hooks that give a test run a temp folder of its own, and see to it that nothing is left in it."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from publish.scratch import scratch_folder

_CLEANUP = pytest.StashKey[ExitStack]()
_KEPT_BY_PYTEST = "pytest-of-"


def pytest_configure(config: pytest.Config) -> None:
    """Let everything that this run starts, workers and browsers too, keep its temp files in one folder."""
    if hasattr(config, "workerinput"):
        return
    config.stash[_CLEANUP] = stack = ExitStack()
    folder = stack.enter_context(scratch_folder("tests"))
    for part in (folder.parent, folder):
        part.chmod(0o711)  # a web server's own user finds its way through
    patch = stack.enter_context(pytest.MonkeyPatch.context())
    patch.setenv("TMPDIR", str(folder))
    patch.setattr(tempfile, "tempdir", None)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the run fail if a test, or what it tried out, has left something behind."""
    if hasattr(session.config, "workerinput"):
        return
    left = sorted(path.name for path in Path(os.environ["TMPDIR"]).iterdir())
    left = [name for name in left if not name.startswith(_KEPT_BY_PYTEST)]
    if left:
        session.config.get_terminal_writer().line(f"\nLeft in the temp folder: {', '.join(left)}.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder of this run, and what pytest has kept in it."""
    if stack := config.stash.get(_CLEANUP, None):
        stack.close()
