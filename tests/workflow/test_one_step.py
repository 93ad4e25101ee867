"""`python scripts/screen.py results/demo`: one step by itself on a run that exists, for debugging."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.workflow.conftest import PROJECT


def alone(project: Path, step: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROJECT / "scripts" / f"{step}.py"), *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("step", "lane", "made"),
    [
        ("screen", ["lane=other"], "screening/other.csv"),
        ("compare", [], "changes.csv"),
    ],
)
def test_a_step_writes_its_file_again(demo: Path, step: str, lane: list[str], made: str) -> None:
    path = demo / "results" / "demo" / made
    before = path.read_bytes()
    path.unlink()
    done = alone(demo, step, "results/demo", *lane)
    assert done.returncode == 0, done.stderr
    assert path.read_bytes() == before


def test_a_step_without_a_run_says_what_it_needs(tmp_path: Path) -> None:
    for arguments, said in (([], "name a run"), (["results/none"], "results/none: is not a run")):
        done = alone(tmp_path, "screen", *arguments)
        assert done.returncode == 1
        assert said in done.stderr and len(done.stderr.splitlines()) == 1
