"""Code by others that scores what our quizzes score: from npm, locked by hash, fetched once."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path

from tests.conftest import ROOT
from tests.publish.servers import give_up

PACKAGE = "@bigfive-org/score@1.2.2"
"""What a large public test of five factors scores with (MIT)."""
SHA512 = "wf9jPCSaQkNoqBTSDPP1xFsNgwz6bGEOPpGw87AiVNtbfoDjjWByH45TwMaC3wcX9X0h3xAD3WoxtGTAdJE8cg=="


def fetched_scorer() -> Path:
    """Return the module; an npm package without dependencies is installed by taking it apart."""
    folder = ROOT / ".cache" / "foreign-code"
    stamp = folder / "ready"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != SHA512:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        npm = shutil.which("npm")
        words = [str(npm), "pack", "--silent", "--pack-destination", str(folder), PACKAGE]
        if npm is None or subprocess.run(words, cwd=folder, capture_output=True, check=False).returncode:
            give_up("the scoring code of others could not be fetched")
        (packed,) = folder.glob("*.tgz")
        found = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        assert found == SHA512, "the package is another one than the one that is locked"
        with tarfile.open(packed) as tar:
            tar.extractall(folder, filter="data")
        stamp.write_text(SHA512, encoding="utf-8")
    return folder / "package" / "index.js"
