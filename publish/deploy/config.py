"""``publish.toml``: which targets there are, checked before anything else happens."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from plugins.problems import LibraryError, Problem, did_you_mean, shown

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "publish.toml"

Seconds = Annotated[int, Field(gt=0)]


class TargetConfig(BaseModel):
    """What every target may say.

    ``smoke_url`` is where the published site is tried out, if that is not ``site_url``,
    and ``smoke_wait`` how many seconds a host may take to show a release.
    ``timeout`` is how many seconds a silent network is waited for, ``lock_seconds`` how
    long a lock outlives a deploy that stopped answering.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    site_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+(/[^\s]*[^/\s])?/?$")] | None = None
    smoke_url: str | None = None
    smoke: bool = True
    smoke_wait: Annotated[int, Field(ge=0)] = 0
    keep: Annotated[int, Field(ge=1)] = 5
    timeout: Seconds = 30
    lock_seconds: Seconds = 60


class DirConfig(TargetConfig):
    """Releases in a folder on this disk."""

    kind: Literal["dir"]
    path: Path


class SshConfig(TargetConfig):
    """Releases in a folder of a server; ``after`` is run there once a release is in place."""

    kind: Literal["ssh"]
    host: Annotated[str, Field(pattern=r"^[\w.-]+(@[\w.:-]+)?$")]
    path: Annotated[str, Field(pattern=r"^/.+$")]
    port: int = 22
    known_hosts: Path | None = None
    identity: Path | None = None
    after: str | None = None


class S3Config(TargetConfig):
    """An S3-compatible store."""

    kind: Literal["s3"]
    bucket: str
    region: str = "us-east-1"
    endpoint: str | None = None


class GitPagesConfig(TargetConfig):
    """A branch of a git remote; ``domain`` goes into a CNAME file."""

    kind: Literal["git-pages"]
    remote: str
    branch: str = "pages"
    smoke_wait: Annotated[int, Field(ge=0)] = 300
    domain: str | None = None


AnyTarget = Annotated[DirConfig | SshConfig | S3Config | GitPagesConfig, Field(discriminator="kind")]
_ADAPTER: TypeAdapter[DirConfig | SshConfig | S3Config | GitPagesConfig] = TypeAdapter(AnyTarget)


def read_target(name: str | None, path: Path = CONFIG) -> tuple[str, DirConfig | SshConfig | S3Config | GitPagesConfig]:
    """Return the name and the settings of a target, the default one for None.

    Raises LibraryError that names the file, the line and the cure.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        data = {"default": "dir", "targets": {"dir": {"kind": "dir", "path": "published"}}}
    except tomllib.TOMLDecodeError as error:
        raise stop("config", f"this is not TOML: {error}.", "Correct it; docs/publishing.md has examples.") from error
    targets = data.get("targets", {})
    chosen = name or str(data.get("default", "dir"))
    if chosen not in targets:
        raise stop("config", f"there is no target {shown(chosen)}.", did_you_mean(chosen, targets))
    try:
        return chosen, _ADAPTER.validate_python(targets[chosen])
    except ValidationError as error:
        line = _line_of(path, chosen)
        raise LibraryError(
            Problem(
                path.name,
                line,
                "config",
                f"target '{chosen}': {'.'.join(str(part) for part in fault['loc'][1:]) or 'kind'}: {fault['msg']}.",
                "See docs/publishing.md.",
            )
            for fault in error.errors()
        ) from error


def _line_of(path: Path, target: str) -> int:
    rows = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, row in enumerate(rows, 1) if row.strip() == f"[targets.{target}]"), 1)


def stop(rule: str, message: str, cure: str = "", path: str = "publish.toml") -> LibraryError:
    """Return the error that ends a command: one problem with its cure."""
    return LibraryError([Problem(path, 1, rule, message, cure)])
