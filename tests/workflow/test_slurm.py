"""Through a real Slurm of one node: an archive, a search, a study; the bytes of a local run."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
import slurm
from tests.studies.conftest import SEARCH, write_study
from tests.workflow.conftest import make_project

from resift.archive.index import index_folder
from resift.archive.jobs import lists_of
from resift.archive.source import Archive
from resift.runs.replay import compare
from resift.studies.batch import rerun_batch
from resift.studies.gather import write_results
from resift.studies.plan import PLAN, make_plan, results_of
from resift.studies.read import load_study
from resift.studies.results import RESULT_FILES
from resift.tables import DUPLICATES

PROJECT = Path(__file__).resolve().parents[2]
EXECUTOR = PROJECT / ".cache" / "executors" / "slurm"  # from tests/executors/slurm.txt
ARCHIVE = Path("config/demo/corpus")
pytestmark = pytest.mark.slow

ROWS = [
    {**SEARCH, "search_date": "2008-12-31", "review": "one", "query": "octreotide[tiab]", "count": "20"},
    {**SEARCH, "search_date": "2008-12-31", "review": "two", "query": "interferon[tiabb]", "count": "3"},
]
SETTINGS = f"source: archive\narchive: {ARCHIVE}\ncounts_of: source\n"
ASKED = f"results/demo/{DUPLICATES.pattern.format(lane='databases')}"
SNAKEFILE, PROFILE = PROJECT / "workflow/Snakefile", PROJECT / "workflow/profiles/slurm"
COMMANDS = {
    "archive": ["resift", "archive", "add", "--profile", "slurm", "--files-per-job", "3", str(ARCHIVE)],
    "search": [
        *("snakemake", ASKED, "--configfile", "config/demo.yaml"),
        *("--snakefile", str(SNAKEFILE), "--workflow-profile", str(PROFILE)),
    ],
    "study": ["resift", "study", "run", "sample", "--profile", "slurm"],
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[slurm.Slurm]:
    """A Slurm that runs, with the executor that submits to it."""
    if lacking := slurm.missing():
        pytest.skip(f"needs Slurm and MariaDB: {', '.join(lacking)} missing (.ci/run installs them)")
    if not (EXECUTOR.is_dir() or find_spec("snakemake_executor_plugin_slurm")):
        pytest.skip("needs snakemake-executor-plugin-slurm (tests/executors/slurm.txt)")
    with contextlib.ExitStack() as stack:
        try:
            running = stack.enter_context(slurm.one_node())
        except slurm.DoesNotStartError as error:
            pytest.skip(f"the Slurm of this machine does not start: {error}")
        yield running


@dataclass(frozen=True)
class Submitting:
    """A command at work in a project of its own, whose jobs are at the cluster."""

    cluster: slurm.Slurm
    project: Path
    command: Future[subprocess.CompletedProcess[str]]

    def jobs(self) -> list[dict[str, str]]:
        """The jobs that the command submitted, once it has ended well."""
        done = self.command.result()
        logs = [*self.project.rglob("slurm_logs/**/*.log"), *self.project.rglob("snakemake.log")]
        said = "\n".join(path.read_text(errors="replace")[-2000:] for path in logs)
        assert done.returncode == 0, done.stdout + done.stderr + said
        jobs = [job for job in self.cluster.sacct() if job["WorkDir"] == str(self.project)]
        print(*jobs, sep="\n")  # Slurm's own account, shown by pytest -s
        assert {job["State"] for job in jobs} == {"COMPLETED"}
        return jobs


@pytest.fixture(scope="module")
def submitted(
    cluster: slurm.Slurm, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Submitting]]:
    """All three commands at once: most of their time they wait, for a job to end and to hear of it."""
    folder = tmp_path_factory.mktemp("slurm")
    environment = {**os.environ, **cluster.environment, "PYTHONPATH": str(EXECUTOR)}
    with ThreadPoolExecutor(len(COMMANDS)) as threads:
        started = {}
        for name, command in COMMANDS.items():
            project = make_project(folder / name)
            write_study(project / "config/studies/sample", ROWS, SETTINGS)
            whole = [sys.executable, "-m", *command]
            ran = threads.submit(
                subprocess.run,
                whole,
                cwd=project,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            started[name] = Submitting(cluster, project, ran)
        yield started


def test_an_archive_is_indexed_by_a_job_for_each_group_of_files(
    submitted: dict[str, Submitting], tmp_path: Path
) -> None:
    jobs, project = submitted["archive"].jobs(), submitted["archive"].project
    assert sorted(job["Comment"] for job in jobs) == [
        "rule_index_files_wildcards_0",
        "rule_index_files_wildcards_1",
    ]
    here = Archive.open(project / ARCHIVE, cache=tmp_path)
    assert len(here.files) == 6
    for file in here.files:
        one, two = (index_folder(cache, file.sha256) for cache in (tmp_path, project / ".cache/archive"))
        names = sorted(path.name for path in one.iterdir())
        assert names == sorted(path.name for path in two.iterdir())
        for name in names:
            assert (one / name).read_bytes() == (two / name).read_bytes(), f"{file.name}: {name}"
    listed = (lists_of(project / ARCHIVE, project / ".cache/archive") / "files.csv").read_text()
    assert listed.splitlines()[1:] == [f"{f.name},{f.sha256},{f.records},{f.deletions}" for f in here.files]


def test_a_search_and_its_duplicates_are_one_job(submitted: dict[str, Submitting], built: Path) -> None:
    jobs, project = submitted["search"].jobs(), submitted["search"].project
    assert [job["Comment"].startswith("rule_review") for job in jobs] == [True]
    names = [ASKED, "results/demo/search/hits.csv", "results/demo/records/databases.parquet"]
    for name in names:
        assert (project / name).read_bytes() == (built / name).read_bytes(), name


def test_a_batch_of_a_study_is_one_job(
    submitted: dict[str, Submitting], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = make_project(tmp_path / "local")
    write_study(local / "config/studies/sample", ROWS, SETTINGS)
    monkeypatch.chdir(local)
    study, results = load_study(Path("config/studies/sample")), results_of("sample")
    make_plan(study, results, source=Path("config/studies/sample"), cores=1)
    rerun_batch(results / PLAN, 0)
    write_results(study, results)

    jobs, project = submitted["study"].jobs(), submitted["study"].project
    assert [job["Comment"] for job in jobs] == ["rule_rerun_batch_wildcards_0"]
    for name in RESULT_FILES.values():
        assert (results / name).read_bytes() == (project / results / name).read_bytes(), name
    for run in ("sample-one", "sample-two"):
        # Files may differ in recorded times, so the manifest does, which hashes them.
        differing = {one.name for one in compare(local / "results" / run, project / "results" / run)}
        assert differing <= {"manifest.json"}
