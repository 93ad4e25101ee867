"""A batch in one process: full runs, one of which fails; what ended is not done again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.studies.conftest import SEARCH, write_study

from resift.rows import read_document
from resift.studies.batch import rerun
from resift.studies.gather import gather, write_results
from resift.studies.model import Study
from resift.studies.outcome import Ending
from resift.studies.plan import Ended, ended_file, load_plan, make_plan, results_of
from resift.studies.read import load_study
from resift.studies.results import RESULT_FILES, StudyResults

CORPUS = Path(__file__).resolve().parents[2] / "config" / "demo" / "corpus"
DATED = {**SEARCH, "search_date": "2008-12-31"}
ROWS = [
    {
        **DATED,
        "review": "right",
        "query": "octreotide[tiab]",
        "count": "20",
        "included": "90000052 90000053 5",
    },
    {**DATED, "review": "broken", "query": "interferon[tiab]", "count": "3"},
    {**DATED, "review": "message", "query": "interferon[tiabb]", "count": "900"},
    {**DATED, "review": "elsewhere", "database": "Embase", "platform": "Ovid", "query": "exp x/"},
]
SETTINGS = f"source: archive\narchive: {CORPUS}\ncounts_of: source\n"
pytestmark = pytest.mark.slow  # the command with Snakemake, two runs of seventeen steps each


class Done:
    """A study that the command has run."""

    def __init__(self, project: Path) -> None:
        self.project = project
        write_study(project / "config" / "studies" / "sample", ROWS, SETTINGS)
        self.study: Study = load_study(Path("config/studies/sample"))
        self.folder = project / results_of("sample")
        (project / "results").mkdir()
        (project / "results" / "sample-broken").write_text("a file where the run's folder would be")
        done = subprocess.run(
            [sys.executable, "-m", "resift", "study", "run", "sample", "--cores", "1"],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        self.code, self.said = done.returncode, done.stdout + done.stderr
        names = ("right", "broken", "message")
        self.first = [read_document(Ended, ended_file(self.folder, name)) for name in names]
        self.results: StudyResults = gather(self.study, results_of("sample"))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    project = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        return Done(project)


def test_a_failing_review_is_a_row_with_its_cause_and_stops_nothing(done: Done) -> None:
    assert [(one.name, bool(one.cause)) for one in done.first] == [
        ("right", False),
        ("broken", True),
        ("message", False),
    ]
    (row,) = [s for s in done.results.searches if s.review == "broken"]
    assert row.ending is Ending.FAILED
    assert "results/sample-broken" in row.because[0]
    assert "Traceback" not in row.because[0]
    assert done.code == 1 and "resift: broken, PubMed: " in done.said
    assert "2 of 4 searches were rerun" in done.said


def test_each_rerun_is_a_full_run_with_its_page(done: Done) -> None:
    for name in ("right", "message"):
        run = done.project / "results" / f"sample-{name}"
        manifest = json.loads((run / "manifest.json").read_text())
        assert {"report.html", "verdict.json", "flow.json"} <= set(manifest["files"])
        assert f"../../sample-{name}/report.html" in (done.folder / "study.html").read_text()


def test_counts_messages_and_recall_stand_in_the_tables(done: Done) -> None:
    by_review = {s.review: s for s in done.results.searches}
    right = by_review["right"]
    assert right.now is not None and right.as_of_possible is not None and right.as_of_certain is not None
    assert right.as_of_certain <= right.as_of_possible <= right.now
    assert by_review["message"].messages and by_review["message"].ending is Ending.DIFFERS
    assert by_review["elsewhere"].ending is Ending.NOT_ATTEMPTED
    (review,) = [r for r in done.results.reviews if r.review == "right"]
    assert (review.included, review.included_held) == (3, 2)
    share = next(s for s in done.results.verdicts.shares if s.name == "searches reproduced")
    assert share.n == 2 and "of 4 searches" in share.of


def test_an_unchanged_row_keeps_its_run_and_a_changed_one_gets_another(
    done: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(done.project)
    source = Path("config/studies/sample")
    before = {one.name: one.run for one in load_plan(done.folder / "plan.json").batches[0]}
    assert before == {name: f"sample-{name}" for name in ("right", "broken", "message")}
    changed = write_study(Path("elsewhere/sample"), [{**ROWS[0], "count": "21"}, *ROWS[1:]], SETTINGS)
    plan = make_plan(load_study(changed), results_of("sample"), source=source, cores=1)
    assert {one.name: one.run for one in plan.batches[0]} == {**before, "right": "sample-right-2"}


def test_what_ended_is_not_done_again(done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(done.project)
    make_plan(done.study, Path("results/studies/sample"), source=Path("config/studies/sample"), cores=1)
    planned = next(one for one in load_plan(done.folder / "plan.json").batches[0] if one.name == "message")
    written = (Path("results") / planned.run / "manifest.json").stat().st_mtime_ns
    assert rerun(planned, Path("results/studies/sample")) == next(
        one for one in done.first if one.name == "message"
    )
    assert (Path("results") / planned.run / "manifest.json").stat().st_mtime_ns == written


def test_the_results_are_the_same_bytes_again(done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(done.project)
    before = {name: (done.folder / name).read_bytes() for name in RESULT_FILES.values()}
    write_results(done.study, Path("results/studies/sample"))
    assert {name: (done.folder / name).read_bytes() for name in RESULT_FILES.values()} == before
