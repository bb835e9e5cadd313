"""The workflows: what they may do is read off, and their steps are run here as a runner would."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from publish.deploy.manifest import Manifest
from tests.publish.servers import ROOT, need
from tests.publish.sites import make_site

FOLDER = ROOT / ".github" / "workflows"
NAMES = tuple(path.name for path in sorted(FOLDER.glob("*.yml")))
URL = "https://library.example.org"
REPOSITORY = "someone/common-thread"
WORKFLOW = f"{REPOSITORY}/.github/workflows/deploy.yml@refs/heads/main"
GITHUB = {
    "GITHUB_REPOSITORY": REPOSITORY,
    "GITHUB_WORKFLOW_REF": WORKFLOW,
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@example.org",
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@example.org",
}
CONFIG = f'[targets.server]\nkind = "dir"\nsite_url = "{URL}"\npath = "{{}}"\n'

PYTHON = """#!/bin/sh
# Stands for what is installed: it builds the small site of the tests, and does everything else itself.
printf '%s\\n' "$*" >> "$CALLS"
printf '%s' "${DEPLOY_KEY:-}" >> "$KEYS_SEEN"
case $3 in
    build) cp -R "$SMALL_SITE" output ;;
    check | test) ;;
    *) exec "$REAL_PYTHON" "$@" ;;
esac
"""


def workflow(name: str) -> dict[str, Any]:
    """Return a workflow as it stands."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return found


def jobs() -> list[tuple[str, str, dict[str, Any]]]:
    """Return (file, name, job) of every job."""
    return [(name, key, job) for name in NAMES for key, job in workflow(name)["jobs"].items()]


# What they say ------------------------------------------------------------------
@pytest.mark.parametrize(("name", "key", "job"), jobs())
def test_whatever_a_job_runs_on_or_with_is_pinned(name: str, key: str, job: dict[str, Any]) -> None:
    """A tag can be moved; a digest or a commit cannot."""
    container = job["container"]
    image = container if isinstance(container, str) else container["image"]
    assert re.search(r"@sha256:[0-9a-f]{64}$", image), f"{name}: {key}"
    for step in job["steps"]:
        assert re.search(r"^actions/[\w-]+@[0-9a-f]{40}$", step.get("uses", "actions/x@" + 40 * "0")), step[
            "name"
        ]


@pytest.mark.parametrize(("name", "key", "job"), jobs())
def test_a_secret_is_seen_by_one_step_that_installs_and_builds_nothing(
    name: str, key: str, job: dict[str, Any]
) -> None:
    """It is in no job's environment, and only in jobs from main that wait for the environment's rules."""
    around = {part: value for part, value in job.items() if part != "steps"}
    assert "secrets." not in str(around), f"{name}: {key}"
    with_secret = [step for step in job["steps"] if "secrets." in str(step)]
    if with_secret:
        assert job["environment"] == "production"
        assert job["if"] == "github.ref == 'refs/heads/main'"
        assert job["needs"] == "build"
    for step in with_secret:
        assert "publish.sh build" not in step["run"]
        assert "--from" in step["run"]


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_may_read_and_nothing_else(name: str) -> None:
    """The token that GitHub gives it writes nowhere."""
    assert workflow(name)["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in workflow(name)["jobs"].values())


@pytest.mark.parametrize("name", NAMES)
def test_no_expression_stands_in_a_script(name: str) -> None:
    """What somebody typed reaches a step as a variable, never as a part of its text."""
    scripts = [step.get("run", "") for job in workflow(name)["jobs"].values() for step in job["steps"]]
    assert [script for script in scripts if "${{" in script] == []


# What they do -------------------------------------------------------------------
@dataclass
class Runner:
    """A machine that runs the steps of a job.

    Its folders, the artifacts between jobs, and what was called.
    """

    folder: Path
    server: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def calls(self) -> list[str]:
        """Return what was asked of publish.sh, in order."""
        lines = (self.folder / "calls").read_text(encoding="utf-8").splitlines()
        return [line.removeprefix("-m publish ") for line in lines]

    def run(self, name: str, key: str, ref: str, inputs: dict[str, str], secrets: dict[str, str]) -> Path:
        """Run a job for a ref, if its condition holds; return the folder that it ran in."""
        job = workflow(name)["jobs"][key]
        place = self.folder / f"{key}-{ref.replace('/', '-')}"
        place.mkdir()
        if job.get("if", "github.ref == 'x'").removeprefix("github.ref == ") not in (f"'{ref}'", "'x'"):
            return place
        commit = git(self.server, "rev-parse", ref)
        values = {f"inputs.{key}": value for key, value in inputs.items()}
        values |= {f"secrets.{key}": value for key, value in secrets.items()}
        for step in job["steps"]:
            own = {key: fill(text, values) for key, text in step.get("env", {}).items()}
            env = {**self.env, **own, "GITHUB_REF": ref, "GITHUB_SHA": commit}
            self.step(step, place, env)
        return place

    def step(self, step: dict[str, Any], place: Path, env: dict[str, str]) -> None:
        """Run one step, by the shell that a container has."""
        given = step.get("with", {})
        if "upload-artifact" in step.get("uses", ""):
            shutil.copy(place / given["path"], self.folder)
        elif "download-artifact" in step.get("uses", ""):
            shutil.copy(self.folder / "site.tar", place / given["path"])
        else:
            self.equip(place)
            done = subprocess.run(
                ["sh", "-e", "-c", step["run"]],
                cwd=place,
                env=env,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{step['name']}: {done.stdout}{done.stderr}"

    def equip(self, place: Path) -> None:
        """Put in place what publish.sh would install, once there is a publish.sh."""
        python = place / ".venv" / "bin" / "python"
        if not (place / "publish.sh").is_file() or python.exists():
            return
        python.parent.mkdir(parents=True)
        python.write_text(PYTHON, encoding="utf-8")
        python.chmod(0o755)
        shutil.copy(place / "requirements.lock", place / ".venv" / ".ready")
        (place / ".cache").mkdir()


def fill(text: str, values: dict[str, str]) -> str:
    """Return a text with its expressions worked out."""
    return re.sub(r"\$\{\{ ([\w.]+) \}\}", lambda match: values[match[1]], text)


def git(folder: Path, *words: str) -> str:
    """Run git and return what it says."""
    env = {**os.environ, **GITHUB}
    done = subprocess.run(
        ["git", "-C", str(folder), *words], env=env, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """A bare repository with a main branch, the merge of a pull request, a machine that can reach it."""
    need("git", "ssh-agent", "ssh-add", "ssh-keygen")
    folder = tmp_path_factory.mktemp("runner")
    work, server = folder / "work", folder / "github" / REPOSITORY
    ignored = shutil.ignore_patterns(
        ".git", ".venv", ".cache", "node_modules", "output*", ".output*", "published", "__pycache__"
    )
    shutil.copytree(ROOT, work, ignore=ignored, symlinks=True)
    (work / "publish.toml").write_text(CONFIG.format(folder / "published"), encoding="utf-8")
    git(folder, "init", "--quiet", "--initial-branch=main", "work")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "The project")
    git(folder, "clone", "--quiet", "--bare", "work", str(server))
    (work / "CHANGELOG.md").write_text("a change that is proposed\n", encoding="utf-8")
    git(work, "commit", "--quiet", "--all", "--message", "A merge that is on no branch")
    git(work, "push", "--quiet", str(server), "HEAD:refs/pull/7/merge")
    tools = folder / "bin"
    tools.mkdir()
    (tools / "apt-get").symlink_to("/bin/true")
    env = {
        **GITHUB,
        "PATH": f"{tools}:{os.environ['PATH']}",
        "HOME": str(folder),
        "GITHUB_SERVER_URL": f"file://{folder}/github",
        "CALLS": str(folder / "calls"),
        "KEYS_SEEN": str(folder / "keys"),
        "SMALL_SITE": str(make_site(folder / "small", 1, URL)),
        "REAL_PYTHON": sys.executable,
    }
    yield Runner(folder, server, env)


@pytest.mark.slow
@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/pull/7/merge"])
def test_the_tests_run_on_the_commit_they_are_asked_for(runner: Runner, ref: str) -> None:
    """A branch, and the merge of a pull request, which a clone has not."""
    place = runner.run("test.yml", "test", ref, {}, {})
    assert git(place, "rev-parse", "HEAD") == git(runner.server, "rev-parse", ref)
    assert runner.calls[-1] == "test"


@pytest.mark.slow
def test_what_one_job_builds_the_other_publishes(runner: Runner) -> None:
    """The key is loaded in the last step only, with nothing but the deploy, and is in no variable then."""
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(runner.folder / "key")], check=True
    )
    key = (runner.folder / "key").read_text(encoding="utf-8").strip()
    main, inputs = "refs/heads/main", {"target": "server"}
    runner.run("deploy.yml", "build", main, inputs, {})
    place = runner.run("deploy.yml", "deploy", main, inputs, {"DEPLOY_KEY": key, "RELEASE_SIGNING_KEY": key})
    assert runner.calls[-4:] == [
        "check",
        "build --target server",
        "deploy --help",
        "deploy server --from output",
    ]
    assert (runner.folder / "keys").read_text(encoding="utf-8") == ""
    live = runner.folder / "published" / "current" / "site" / "release.json"
    manifest = Manifest.from_json(live.read_text(encoding="utf-8"))
    assert manifest.commit == git(place, "rev-parse", "HEAD")
    assert manifest.clean
    assert live.with_name("release.json.sig").is_file()
    statement = json.loads(live.with_name("provenance.json").read_text(encoding="utf-8"))
    assert (
        statement["predicate"]["runDetails"]["builder"]["id"]
        == f"{runner.env['GITHUB_SERVER_URL']}/{WORKFLOW}"
    )


def test_nothing_is_published_from_another_ref(runner: Runner) -> None:
    """Neither job does anything there."""
    other = "refs/pull/7/merge"
    for key in ("build", "deploy"):
        assert list(runner.run("deploy.yml", key, other, {"target": "server"}, {}).iterdir()) == []
