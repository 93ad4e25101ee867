"""A project of its own in a temporary folder, and one finished demo run that many tests read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here share the demo run, so one worker has them all."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("workflow"))


def make_project(folder: Path) -> Path:
    """A folder to run in: a copy of `config/`, nothing else."""
    folder.mkdir(parents=True)
    shutil.copytree(PROJECT / "config", folder / "config", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def resift(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a project."""
    return subprocess.run(
        [sys.executable, "-m", "resift", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project folder of a finished demo run."""
    project = make_project(tmp_path_factory.mktemp("demo") / "project")
    done = resift(project, "run", "--config", "config/demo.yaml", "--cores", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    return project
