"""An audit that could not look says so."""

from __future__ import annotations

import json

import pytest

from publish.audit import read_npm_audit, read_pip_audit

FINE = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1"}]}
SKIPPED = {"name": "c", "skip_reason": "not on PyPI"}


def test_pip_findings_are_told_apart() -> None:
    """Checked, vulnerable and skipped packages are three different things."""
    finding = read_pip_audit("lock", json.dumps({"dependencies": [FINE, BAD, SKIPPED]}), "")
    assert finding.checked == 2
    assert finding.vulnerable == ["b 2: PYSEC-1"]
    assert finding.not_checked == ["c: not on PyPI"]


@pytest.mark.parametrize("output", ["", "oops", "{}", "[]", json.dumps({"dependencies": []})])
def test_pip_audit_without_an_answer_is_not_checked(output: str) -> None:
    """No network, no JSON or no package is never a clean bill."""
    finding = read_pip_audit("lock", output, "connection refused")
    assert finding.checked == 0
    assert finding.not_checked


@pytest.mark.parametrize("output", ["", "{}", json.dumps({"error": {"code": "ENOAUDIT"}})])
def test_npm_audit_without_figures_is_not_checked(output: str) -> None:
    """An error object in the place of a report is never a clean bill."""
    assert read_npm_audit("lock", output, "").not_checked


def test_npm_findings_are_listed() -> None:
    """Each vulnerable package stands there with its severity."""
    report = {"metadata": {"dependencies": {"total": 9}}, "vulnerabilities": {"x": {"severity": "high"}}}
    finding = read_npm_audit("lock", json.dumps(report), "")
    assert (finding.checked, finding.vulnerable, finding.not_checked) == (9, ["x: high"], [])
