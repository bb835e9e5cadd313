"""Provenance: how a release was made, in the form of SLSA (https://slsa.dev/spec/v1.0/provenance).

It is an in-toto statement about ``release.json``, which names every other file by its hash.
Like that file it holds no time, so one commit gives one statement on one kind of machine.
"""

from __future__ import annotations

import json
import os
from typing import Any

from publish.deploy.config import ROOT
from publish.deploy.manifest import NAME, Manifest, hash_file, sha256

PROVENANCE = "provenance.json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/provenance/v1"
_BUILD = "urn:common-thread:build:1"
_BY_HAND = "urn:common-thread:by-hand"


def make_provenance(manifest: Manifest) -> str:
    """Return the statement about a release."""
    lock = hash_file(ROOT / "requirements.lock")
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": NAME, "digest": {"sha256": sha256(manifest.to_json().encode())}}],
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": _BUILD,
                "externalParameters": {
                    "site_url": manifest.site_url,
                    "uncommitted_changes": not manifest.clean,
                },
                "internalParameters": {"tools": dict(sorted(manifest.tools.items()))},
                "resolvedDependencies": [
                    *_source(manifest.commit),
                    {"name": "requirements.lock", "digest": {"sha256": lock.sha256}},
                ],
            },
            "runDetails": {"builder": {"id": _builder()}},
        },
    }
    return json.dumps(statement, indent=1, ensure_ascii=False) + "\n"


def provenance_faults(text: str, stamp: bytes, manifest: Manifest) -> list[str]:
    """Return how a statement does not fit the release it stands beside; ``stamp`` is its ``release.json``."""
    try:
        statement = json.loads(text)
        subject = statement["subject"][0]["digest"]["sha256"]
        materials = statement["predicate"]["buildDefinition"]["resolvedDependencies"]
        commits = [one["digest"]["gitCommit"] for one in materials if one["name"] == "source"]
        kinds = statement["_type"], statement["predicateType"]
    except (ValueError, KeyError, IndexError, TypeError):
        return [f"{PROVENANCE} is no statement of provenance."]
    faults = [] if kinds == (STATEMENT, PREDICATE) else [f"{PROVENANCE} is of another form."]
    if subject != sha256(stamp):
        faults.append(f"{PROVENANCE} speaks of another {NAME}.")
    if commits != [manifest.commit][: bool(manifest.commit)]:
        faults.append(
            f"{PROVENANCE} names {commits or 'no commit'}, {NAME} names {manifest.commit or 'none'}."
        )
    return faults


def _source(commit: str) -> list[dict[str, Any]]:
    """Return the commit, if there is one, and where it lies, if a runner says so.

    The address of a git remote is not asked: it may hold a password.
    """
    if not commit:
        return []
    server, name = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
    place = {"uri": f"git+{server}/{name}"} if server and name else {}
    return [{"name": "source", **place, "digest": {"gitCommit": commit}}]


def _builder() -> str:
    """Return who made it: the workflow, or somebody at their own machine."""
    server, workflow = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_WORKFLOW_REF")
    return f"{server}/{workflow}" if server and workflow else _BY_HAND
