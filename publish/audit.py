"""``./publish.sh audit``: known vulnerabilities in what we build on.

pip-audit and npm audit do the work.  Both can end well without having looked at
anything (no network, a package they skip), so what they did not look at is reported as
*not checked*, never as fine.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHOWN = 5
LOCKS = (
    "requirements.lock",
    "publish/deploy/s3.lock",
    "tests/publish/requirements-s3.lock",
    "tests/wheels/requirements-themes.lock",
)


@dataclass
class Finding:
    """What one lock file gave: packages looked at, vulnerabilities, and what was not checked and why."""

    name: str
    checked: int = 0
    vulnerable: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [
            f"{self.name}: {self.checked} packages checked, {len(self.vulnerable)} with known vulnerabilities"
        ]
        lines += [f"  vulnerable: {text}" for text in self.vulnerable]
        lines += [f"  NOT CHECKED: {text}" for text in self.not_checked[:SHOWN]]
        if len(self.not_checked) > SHOWN:
            lines.append(f"  NOT CHECKED: {len(self.not_checked) - SHOWN} more")
        return "\n".join(lines)


def read_pip_audit(name: str, output: str, error: str) -> Finding:
    """Read pip-audit's JSON; anything else it said means that nothing was checked."""
    finding = Finding(name)
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        finding.not_checked.append(_reason(error))
        return finding
    for package in packages:
        title = f"{package['name']} {package.get('version', '')}".strip()
        if "skip_reason" in package:
            finding.not_checked.append(f"{title}: {package['skip_reason']}")
            continue
        finding.checked += 1
        if package["vulns"]:
            finding.vulnerable.append(f"{title}: {', '.join(vuln['id'] for vuln in package['vulns'])}")
    if not packages:
        finding.not_checked.append("pip-audit looked at no package")
    return finding


def read_npm_audit(name: str, output: str, error: str) -> Finding:
    """Read npm audit's JSON; an answer without figures means that nothing was checked."""
    finding = Finding(name)
    try:
        report: dict[str, Any] = json.loads(output)
        finding.checked = int(report["metadata"]["dependencies"]["total"])
    except (ValueError, KeyError, TypeError):
        finding.not_checked.append(_reason(error))
        return finding
    finding.vulnerable = [
        f"{key}: {item['severity']}" for key, item in sorted(report["vulnerabilities"].items())
    ]
    if not finding.checked:
        finding.not_checked.append("npm audit looked at no package")
    return finding


def _reason(error: str) -> str:
    lines = [line.strip() for line in error.strip().splitlines() if line.strip()]
    return lines[-1][:200] if lines else "the tool gave no answer"


def _run(command: list[str]) -> tuple[str, str]:
    if shutil.which(command[0]) is None:
        return "", f"{command[0]} is not installed"
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    return done.stdout, done.stderr


def run_audit(_options: argparse.Namespace) -> int:
    """Exit 0 if all was checked and is fine, 1 if something is vulnerable, 3 if anything was not checked."""
    tool = Path(sys.executable).parent / "pip-audit"
    findings = []
    for lock in LOCKS:
        command = [str(tool), "--requirement", lock, "--disable-pip", "--require-hashes", "--format", "json"]
        findings.append(
            read_pip_audit(lock, *_run([*command, "--progress-spinner", "off", "--timeout", "15"]))
        )
    findings.append(read_npm_audit("package-lock.json", *_run(["npm", "audit", "--json"])))
    print("\n".join(str(finding) for finding in findings))
    if any(finding.vulnerable for finding in findings):
        return 1
    if any(finding.not_checked for finding in findings):
        print("Not everything was checked, so this is no clean bill.", file=sys.stderr)
        return 3
    return 0
