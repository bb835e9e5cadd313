"""Every page is valid HTML, by the W3C's Nu checker."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from tests.conftest import ROOT, Site

pytestmark = pytest.mark.slow

VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def test_every_page_is_valid(site: Site) -> None:
    """The checker finds no error in any page, style sheet or drawing."""
    if not VNU.is_file() or shutil.which("java") is None:
        message = "the Nu checker needs npm ci and a Java runtime (apt-get install default-jre-headless)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    files = [str(path) for path in sorted(site.output.rglob("*.html")) if "pagefind" not in path.parts]
    command = [
        "java",
        "-XX:-UsePerfData",
        "-Xss4m",
        "-jar",
        str(VNU),
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
        *files,
    ]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    messages = json.loads(done.stdout)["messages"]
    errors = [f"{m['url']}:{m.get('lastLine')}: {m['message']}" for m in messages if m["type"] == "error"]
    assert errors == []
