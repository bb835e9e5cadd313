"""Whether the library would be sound with other texts, found out without building it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from plugins.assets.theme import read_theme
from plugins.common_thread.site import check, read, resolve
from plugins.library.cache import cache_folder
from plugins.problems import LibraryError, Problem, Problems
from publish.scratch import scratch_folder
from publish.site_settings import site_settings


def faults_of(project: Path, texts: Mapping[str, bytes]) -> list[Problem]:
    """Return what would stop a build if the content held ``texts`` (by path) beside its pictures."""
    with scratch_folder("sound") as folder:
        shutil.copytree(
            project / "content", folder / "content", ignore=shutil.ignore_patterns("*.md", "*.yaml")
        )
        for name, raw in texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(raw)
        return content_faults(folder / "content", project / ".cache")


def content_faults(content: Path, cache: Path) -> list[Problem]:
    """Return what would stop a build of ``content``, as far as its texts and their relations go."""
    settings = {**site_settings(), "PATH": str(content), "KEPT_IN": str(cache)}
    problems = Problems()
    try:
        theme = read_theme(settings, cache_folder(settings))
        check(resolve(read(settings, problems), settings, theme, problems), settings, problems)
    except LibraryError as error:
        return error.problems
    return problems.errors
