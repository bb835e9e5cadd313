"""The manifest of a release: every file with its hash, the commit, the tools.

It is published as ``release.json``, so that anybody can tell which commit a site is
made of.  It holds no time, so one commit gives one manifest.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from publish.headers import read_redirects
from publish.owned import MARK

NAME = "release.json"
_TOOLS = ("pelican", "markdown", "jinja2", "pydantic", "pyyaml", "lightningcss", "rjsmin", "brotli")


@dataclass(frozen=True, order=True)
class FileFact:
    """The hash (sha256) and the size in bytes of a file."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What a site is made of; paths are relative to the output, redirects to the address of the site."""

    site_url: str
    files: Mapping[str, FileFact]
    commit: str = ""
    clean: bool = True
    tools: Mapping[str, str] = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)

    @property
    def build(self) -> str:
        """Return the build stamp: the hash of all hashes."""
        rows = "".join(f"{fact.sha256}  {path}\n" for path, fact in sorted(self.files.items()))
        return hashlib.sha256(rows.encode()).hexdigest()

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(fact.size for fact in self.files.values())

    def to_json(self) -> str:
        """Return the text of ``release.json``."""
        data = {
            "version": 1,
            "build": self.build,
            "commit": self.commit,
            "uncommitted_changes": not self.clean,
            "site_url": self.site_url,
            "tools": dict(sorted(self.tools.items())),
            "redirects": dict(sorted(self.redirects.items())),
            "files": {
                path: {"sha256": fact.sha256, "size": fact.size} for path, fact in sorted(self.files.items())
            },
        }
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read the text of ``release.json``; raises ValueError or KeyError if it is something else."""
        data: dict[str, Any] = json.loads(text)
        return cls(
            site_url=data["site_url"],
            files={path: FileFact(fact["sha256"], fact["size"]) for path, fact in data["files"].items()},
            commit=data["commit"],
            clean=not data["uncommitted_changes"],
            tools=data["tools"],
            redirects=data["redirects"],
        )


def sha256(data: bytes) -> str:
    """Return the hash of some bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def hash_file(path: Path) -> FileFact:
    """Return the hash and the size of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return FileFact(digest.hexdigest(), path.stat().st_size)


def make_manifest(output: Path, site_url: str, root: Path) -> Manifest:
    """Describe the site at ``output``, built from the project at ``root``."""
    files = {
        path.relative_to(output).as_posix(): hash_file(path)
        for path in sorted(output.rglob("*"))
        if path.is_file() and path not in (output / NAME, output / MARK)
    }
    commit, clean = git_state(root)
    base = urlsplit(site_url).path.rstrip("/")
    redirects = {
        old.removeprefix(base): new.removeprefix(base) for old, new in read_redirects(output).items()
    }
    return Manifest(site_url, files, commit, clean, tool_versions(), redirects)


def git_state(root: Path) -> tuple[str, bool]:
    """Return the commit that is checked out, and whether the tree is as committed."""
    commit = _git(root, "rev-parse", "HEAD")
    changes = _git(root, "status", "--porcelain")
    return commit or "", commit is not None and changes == ""


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False, timeout=60
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def tool_versions() -> dict[str, str]:
    """Return the versions of what the site is built with."""
    versions = {"python": platform.python_version()}
    for name in _TOOLS:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions
