"""A project of its own in a temporary folder, and one finished demo run that many tests read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

PROJECT = Path(__file__).resolve().parents[2]


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
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project folder of a finished demo run, made once for all processes of a test run; only to read."""
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent  # each worker has a folder of its own in the one of the test run
    project, finished = base / "demo", base / "demo.finished"
    with FileLock(base / "demo.lock"):
        if not finished.exists():
            shutil.rmtree(project, ignore_errors=True)
            make_project(project)
            done = resift(project, "run", "--config", "config/demo.yaml", "--cores", "2")
            assert done.returncode == 0, done.stdout + done.stderr
            finished.touch()
    return project


@pytest.fixture(scope="session")
def demo(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This process's own copy of the finished demo: calls of two processes on one run would meet."""
    return Path(shutil.copytree(built, tmp_path_factory.mktemp("demo") / "project", symlinks=True))
