"""What `resift doctor` finds of this machine, without a network."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from resift.doctor import machine as room
from resift.doctor.finding import Finding, Verdict
from resift.doctor.machine import machine


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def found(folder: Path) -> dict[str, Finding]:
    return {finding.name: finding for finding in machine(folder)}


def test_a_good_machine_has_nothing_to_advise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(9 << 30, 0, 9 << 30))
    monkeypatch.setattr(room.locale, "getpreferredencoding", lambda do_setlocale: "UTF-8")
    findings = machine(tmp_path)
    assert {finding.verdict for finding in findings} == {Verdict.OK}
    assert not any(finding.advice for finding in findings)
    assert list(tmp_path.iterdir()) == []


def test_each_fault_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "results").write_text("a file in the way")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(9 << 30, 0, 1 << 20))
    monkeypatch.setattr(room.locale, "getpreferredencoding", lambda do_setlocale: "US-ASCII")
    monkeypatch.setattr(room, "version", lambda name: "8.30.1")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    findings = found(tmp_path)
    verdicts = {
        name: finding.verdict for name, finding in findings.items() if finding.verdict is not Verdict.OK
    }
    assert verdicts == {
        "Snakemake": Verdict.FAILED,
        "disk": Verdict.DIFFERENT,
        "write permission (results/)": Verdict.FAILED,
        "cache folder": Verdict.NOTE,
        "locale": Verdict.NOTE,
    }
    assert all(findings[name].advice for name in verdicts)
    assert findings["Snakemake"].came == "8.30.1"
    assert findings["write permission (results/)"].came.endswith("results is a file")
