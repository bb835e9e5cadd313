"""``publish.toml``: which targets there are, checked before anything else happens."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from plugins.problems import LibraryError, Problem, Problems, did_you_mean, shown

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "publish.toml"
_SEE = "docs/publishing.md has examples."
# Folders that no site belongs into, on a server.
_SYSTEM = {
    "bin",
    "boot",
    "dev",
    "etc",
    "home",
    "lib",
    "proc",
    "root",
    "run",
    "sbin",
    "srv",
    "sys",
    "tmp",
    "usr",
    "var",
}


def _own_folder(path: Path) -> Path:
    """Refuse a folder on this disk in which a release would lie among other things."""
    place = (ROOT / path).resolve()
    if not str(path).strip() or str(path) == ".":
        raise ValueError("name a folder; an empty one is the project itself")
    if place == ROOT or place in ROOT.parents:
        raise ValueError(f"{shown(path)} holds the project itself")
    if ROOT in place.parents:
        first = ROOT / place.relative_to(ROOT).parts[0]
        if first.exists() and not (place / "releases").is_dir():
            raise ValueError(f"{shown(path)} is in a folder of the project")
    return path


def _own_server_folder(path: str) -> str:
    """Refuse a folder of the server's system."""
    parts = PurePosixPath(path).parts[1:]
    if ".." in parts or not parts or (len(parts) == 1 and parts[0] in _SYSTEM):
        raise ValueError(f"{shown(path)} is not a folder of its own, such as '/srv/common-thread'")
    return path


Address = Annotated[str, Field(pattern=r"^https?://[^\s/]+(/[^\s]*[^/\s])?/?$")]
Seconds = Annotated[int, Field(gt=0)]
Word = Annotated[str, Field(min_length=1, pattern=r"^[^\s-]\S*$")]


class TargetConfig(BaseModel):
    """What every target may say.

    ``smoke_url`` is where the published site is tried out, if that is not ``site_url``,
    and ``smoke_wait`` how many seconds a host may take to show a release.
    ``timeout`` is how many seconds a silent network is waited for, ``lock_seconds`` how
    long a lock outlives a deploy that stopped answering.
    The newest ``keep`` releases stay, and each one that readers had less than
    ``keep_minutes`` ago.
    ``signing_key`` is the ssh key that releases are signed with (see :mod:`publish.proof.signing`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    site_url: Address | None = None
    smoke_url: Address | None = None
    smoke: bool = True
    smoke_wait: Annotated[int, Field(ge=0)] = 0
    keep: Annotated[int, Field(ge=1)] = 5
    keep_minutes: Annotated[int, Field(ge=0)] = 60
    timeout: Seconds = 30
    lock_seconds: Seconds = 60
    signing_key: Path | None = None


class DirConfig(TargetConfig):
    """Releases in a folder on this disk."""

    kind: Literal["dir"]
    path: Annotated[Path, AfterValidator(_own_folder)]


class SshConfig(TargetConfig):
    """Releases in a folder of a server; ``after`` is run there once a release is in place.

    ``gate`` says that the server was set up with ``server-setup``: the key may do the steps
    of a deploy there and nothing else, and headers and redirects are installed by root.
    ``preview_url`` is where the web server shows the release that is being tried out.
    """

    kind: Literal["ssh"]
    site_url: Address
    host: Annotated[str, Field(pattern=r"^\w[\w.-]*(@\w[\w.:-]*)?$")]
    path: Annotated[str, Field(pattern=r"^/"), AfterValidator(_own_server_folder)]
    port: Annotated[int, Field(gt=0, lt=65536)] = 22
    known_hosts: Path | None = None
    identity: Path | None = None
    gate: bool = False
    after: str | None = None
    preview_url: Address | None = None

    @model_validator(mode="after")
    def _behind_the_gate(self) -> Self:
        """A key that may do nothing else cannot run a command."""
        if self.gate and self.after:
            raise ValueError("'after' cannot be run through the gate; leave it out")
        return self


class S3Config(TargetConfig):
    """An S3-compatible store; ``preview_url`` is where its folder ``.try/`` can be seen."""

    kind: Literal["s3"]
    site_url: Address
    bucket: Word
    region: Word = "us-east-1"
    endpoint: Address | None = None
    preview_url: Address | None = None


class GitPagesConfig(TargetConfig):
    """A branch of a git remote; ``domain`` goes into a CNAME file."""

    kind: Literal["git-pages"]
    site_url: Address
    remote: Word
    branch: Word = "pages"
    smoke_wait: Annotated[int, Field(ge=0)] = 300
    domain: Word | None = None


Settings = DirConfig | SshConfig | S3Config | GitPagesConfig
_ADAPTER: TypeAdapter[Settings] = TypeAdapter(Annotated[Settings, Field(discriminator="kind")])
_NONE: dict[str, Any] = {"default": "dir", "targets": {"dir": {"kind": "dir", "path": "published"}}}


def read_target(name: str | None, path: Path = CONFIG) -> tuple[str, Settings]:
    """Return the name and the settings of a target, the default one for None.

    Raises LibraryError that names the file, the line and the cure.
    """
    text = _read(path)
    data = _NONE if text is None else _parse(text)
    _check_top(data, text or "")
    targets, chosen = data["targets"], name or str(data.get("default", "dir"))
    if chosen not in targets:
        line = 1 if name else _line(text or "", "", "default")
        raise stop("config", f"there is no target {shown(chosen)}.", did_you_mean(chosen, targets), line)
    try:
        return chosen, _ADAPTER.validate_python(targets[chosen])
    except ValidationError as error:
        raise LibraryError(_problem(fault, chosen, text or "") for fault in error.errors()) from error


def _read(path: Path) -> str | None:
    """Return the text, None if there is no file."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise stop("config", "this is not UTF-8.", "Save the file as UTF-8.", line) from error
    except OSError as error:
        raise stop("config", f"{shown(path)} cannot be read: {error.strerror}.", _SEE) from error


def _parse(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise stop("config", f"this is not TOML: {error}.", f"Correct it; {_SEE}", line) from error


def _check_top(data: dict[str, Any], text: str) -> None:
    """Stop at anything but a default and tables of targets."""
    problems = Problems()

    def add(key: str, message: str, cure: str) -> None:
        problems.add("publish.toml", _line(text, "", key), "config", message, cure)

    for key in data.keys() - {"default", "targets"}:
        add(key, f"there is no setting {shown(key)} here.", did_you_mean(key, ("default", "targets")))
    if not isinstance(data.get("default", ""), str):
        add("default", "'default' is the name of a target.", 'Write it as in: default = "dir".')
    targets = data.setdefault("targets", {})
    if not isinstance(targets, dict):
        add("targets", f"'targets' is {shown(targets)}, not a table.", "Write each target as [targets.NAME].")
    elif wrong := [name for name, found in targets.items() if not isinstance(found, dict)]:
        add("targets", f"target {shown(wrong[0])} is not a table.", f"Write it as [targets.{wrong[0]}].")
    problems.raise_errors()


def _problem(fault: Any, target: str, text: str) -> Problem:
    """Say what is wrong with one setting of a target, with its own line."""
    key = ".".join(str(part) for part in fault["loc"][1:]) or "kind"
    known = {name for kind in (DirConfig, SshConfig, S3Config, GitPagesConfig) for name in kind.model_fields}
    cure = did_you_mean(key, known) if fault["type"] == "extra_forbidden" else _SEE
    if fault["type"] == "missing" and key == "site_url":
        cure = "Write the address that readers will use; every page names it."
    reason = str(fault["msg"]).removeprefix("Value error, ")
    return Problem(
        "publish.toml", _line(text, target, key), "config", f"target '{target}': {key}: {reason}.", cure
    )


def _line(text: str, target: str, key: str) -> int:
    """Return the line of a setting, or else of its table."""
    table, found = "", 1
    for number, row in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\s*([^]]+?)\s*\]", row):
            table = header[1].replace('"', "").replace("'", "")
            if table == f"targets.{target}" or (not target and table.startswith(key)):
                found = number
        elif (table == f"targets.{target}" or not (table or target)) and re.match(
            rf"""\s*["']?{re.escape(key)}\b""", row
        ):
            return number
    return found


def stop(rule: str, message: str, cure: str = "", line: int = 1, path: str = "publish.toml") -> LibraryError:
    """Return the error that ends a command: one problem with its cure."""
    return LibraryError([Problem(path, line, rule, message, cure)])
