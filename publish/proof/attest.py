"""What stands beside ``release.json`` on the live site: its provenance, and the signatures of both."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from publish.deploy.manifest import NAME, Manifest
from publish.proof.provenance import PROVENANCE, make_provenance
from publish.proof.signing import SUFFIX, sign, signing_key


def attest(manifest: Manifest, stated: Path | None) -> Mapping[str, bytes]:
    """Return the files by name; ``stated`` is the key that the target names, if it names one."""
    texts = {NAME: manifest.to_json().encode(), PROVENANCE: make_provenance(manifest).encode()}
    files = {PROVENANCE: texts[PROVENANCE]}
    with signing_key(stated) as key:
        if key is not None:
            files |= {name + SUFFIX: sign(text, key) for name, text in texts.items()}
    return files
