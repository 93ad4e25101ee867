"""A small finished run that people decide on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.report.run_folder import make_run

from resift.runs.opened import OpenedRun, open_run
from resift.screening.human_decisions import HUMAN_COLUMNS

HEADING = ",".join(HUMAN_COLUMNS) + "\n"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one finished run of 60 records and nobody's decisions; only to read."""
    base = tmp_path_factory.mktemp("decided")
    (base / "human-decisions.csv").write_text(HEADING)
    folder = make_run(base, 60, people=False, changes={"decisions": "human-decisions.csv"})
    (folder / "manifest.json").write_text("{}")
    return base


@pytest.fixture
def project(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that project, as the current folder."""
    base = Path(shutil.copytree(made, tmp_path / "project"))
    monkeypatch.chdir(base)
    return base


@pytest.fixture
def opened(project: Path) -> OpenedRun:
    return open_run(None)
