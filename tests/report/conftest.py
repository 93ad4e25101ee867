from pathlib import Path

import pytest

from report.run_folder import make_run, screening_of
from resift.report.page import ReportData, load, render


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 120 records with people's decisions, both lanes and a notice; the run folder."""
    base = tmp_path_factory.mktemp("report")
    return make_run(base, notice="Synthetic records: these are not real papers.")


@pytest.fixture(scope="session")
def data(folder: Path) -> ReportData:
    return load(folder, screening=screening_of(folder.parents[1]))


@pytest.fixture(scope="session")
def html(data: ReportData) -> str:
    return render(data)
