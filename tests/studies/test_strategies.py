"""Real strategies as a study: the rerun finds the records of PubMed's own answer that are held."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.studies import strategies
from tests.studies.conftest import write_study

from resift.studies.gather import gather
from resift.studies.outcome import Ending
from resift.studies.plan import make_plan
from resift.studies.read import load_study

HELD = ("screening/cohen2006_as_pubmed",)


@pytest.mark.slow
def test_published_strategies_find_what_pubmed_found_of_the_records_held(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = {one["id"]: one for one in strategies.strategies(shared)}
    chosen = [every[name] for name in ("53", "10")]
    wanted = {str(pmid) for one in every.values() for pmid in one["retrieved"]}
    elements = strategies.elements_of(shared, HELD, wanted)
    strategies.write_archive(tmp_path / "archive", elements)
    rows = [strategies.row_of(one, len(set(map(str, one["retrieved"])) & set(elements))) for one in chosen]
    mesh = shared / "mesh" / "mtrees2019.bin.gz"
    write_study(tmp_path / "config" / "studies" / "real", rows, strategies.settings(mesh))
    monkeypatch.chdir(tmp_path)
    folder = Path("results/studies/real")
    study = load_study(Path("config/studies/real"))
    make_plan(study, folder, source=Path("config/studies/real"), cores=1)
    # In a process of its own: steps set up logging and signals.
    code = "import sys; from pathlib import Path; from resift.studies.batch import rerun_batch\n"
    code += "rerun_batch(Path(sys.argv[1]), 0)"
    subprocess.run([sys.executable, "-c", code, str(folder / "plan.json")], check=True)
    results = gather(study, folder)
    assert [search.ending for search in results.searches] == [Ending.REPRODUCED] * 2
