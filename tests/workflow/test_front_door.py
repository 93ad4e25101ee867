"""`resift run` and plain Snakemake: the same result, one-line errors, nothing passed off as new."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import called, run_here
from filelock import FileLock
from tests.faults.damaged import DAMAGES, damage
from tests.faults.small import differences
from tests.workflow.conftest import PROJECT, make_project, resift

from resift.commands.run import reason

SNAKEMAKE = [sys.executable, "-m", "snakemake", "--snakefile", str(PROJECT / "workflow" / "Snakefile")]


def snakemake(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SNAKEMAKE, "--workflow-profile", "none", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(demo: Path, tmp_path: Path) -> Path:
    """A copy of the finished demo, to be changed."""
    return Path(shutil.copytree(demo, tmp_path / "copy", symlinks=True))


def test_a_finished_run_is_left_alone(demo: Path) -> None:
    report = demo / "results" / "demo" / "report.html"
    before = report.stat().st_mtime_ns
    done = resift(demo, "run", "--config", "config/demo.yaml", "--cores", "2")
    assert done.returncode == 0
    assert "results/demo/report.html" in done.stdout
    assert report.stat().st_mtime_ns == before


def test_plain_snakemake_finds_nothing_to_do_after_resift_run(demo: Path) -> None:
    done = snakemake(demo, "--cores", "2", "--configfile", "config/demo.yaml")
    assert done.returncode == 0
    assert "Nothing to be done" in done.stdout + done.stderr


def test_a_dry_run_lists_the_steps_and_writes_nothing(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    config = project / "config/demo.yaml"
    config.write_text(config.read_text().replace("run: demo", "run: 2021"))
    done = resift(project, "run", "--config", "config/demo.yaml", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "results/2021/decisions.csv" in done.stdout + done.stderr
    assert not (project / "results" / "2021" / "run.yaml").exists()


def test_a_failing_step_fails_again_and_the_old_report_is_not_passed_off(copy: Path) -> None:
    with (copy / "config/demo/human-decisions.csv").open("a") as file:
        for reviewer, outcome in (("one", "same"), ("two", "different")):
            file.write(
                f"2026-03-01,{reviewer},reviewer,pubmed:90000001,duplicate,{outcome},,pubmed:90000002\n"
            )
    for _ in range(2):
        done = called(copy, "run", "--config", "config/demo.yaml", "--cores", "2")
        assert done.returncode == 1
        lines = done.stderr.strip().splitlines()
        assert len(lines) == 2, done.stderr
        assert "reviewers disagree whether pubmed:90000001 and pubmed:90000002" in lines[0]
        assert "report.html is of an earlier call" in lines[1]


def test_a_wrong_criterion_is_said_before_anything_runs(copy: Path) -> None:
    screening = copy / "config/reviews/rossi-2014/screening.yaml"
    text = screening.read_text()
    screening.write_text(text.replace("exclude_if: >-", "exclude_if: >-\n      cats[tiba] OR", 1))
    done = called(copy, "run", "--config", "config/demo.yaml", "--cores", "2")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "config/reviews/rossi-2014/screening.yaml: criterion '" in done.stderr
    assert "tiba" in done.stderr


WRONG = [
    (("run: demo", "runn: demo"), "unknown key 'runn'; did you mean 'run'?"),
    (("config/demo/corpus", "config/demo/corpse"), "no such folder: config/demo/corpse"),
    (("config/demo/protocol.yaml", "config/demo/protcol.yaml"), "did you mean config/demo/protocol.yaml?"),
]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which nothing was run."""
    return make_project(tmp_path_factory.mktemp("fresh") / "project")


def wrong(project: Path, edit: tuple[str, str]) -> str:
    """The demo's configuration with one thing changed."""
    path = project / f"config/wrong-{edit[1].rpartition('/')[2].partition(':')[0]}.yaml"
    path.write_text((project / "config/demo.yaml").read_text().replace(*edit))
    return path.relative_to(project).as_posix()


@pytest.mark.parametrize(("edit", "said"), WRONG)
def test_a_wrong_configuration_is_one_line(fresh: Path, edit: tuple[str, str], said: str) -> None:
    config = wrong(fresh, edit)
    done = called(fresh, "run", "--config", config)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_wrong_configuration_stops_plain_snakemake_with_the_same_line(fresh: Path) -> None:
    """All of them to one Python, which calls Snakemake for each."""
    calls = [
        [*SNAKEMAKE[3:], "--workflow-profile", "none", "--cores", "1", "--configfile", wrong(fresh, edit)]
        for edit, _ in WRONG
    ]
    code = (
        "import json, sys\nfrom snakemake.cli import main\n"
        "for call in json.loads(sys.argv[1]):\n"
        "    try:\n        main(call)\n"
        "    except SystemExit as ended:\n        print(json.dumps(ended.code))\n"
    )
    plain = subprocess.run(
        [sys.executable, "-c", code, json.dumps(calls)],
        cwd=fresh,
        capture_output=True,
        text=True,
        check=False,
    )
    # A code that is text is what Python prints as it ends with 1.
    answers = [json.loads(line) for line in plain.stdout.splitlines()]
    for answer, (_, said) in zip(answers, WRONG, strict=True):
        assert said in answer and "\n" not in answer
    assert "Traceback" not in plain.stderr


def test_a_missing_configuration_names_its_neighbour(demo: Path) -> None:
    done = called(demo, "run", "--config", "config/dmo.yaml")
    assert done.returncode == 1
    assert done.stderr.strip() == "resift: config/dmo.yaml: no such file; did you mean config/demo.yaml?"


def test_two_calls_of_one_run_do_not_meet(demo: Path) -> None:
    lock = demo / "results" / "demo" / ".lock"
    with FileLock(lock, preserve_lock_file=True):
        lock.write_text(str(os.getpid()))
        done = resift(demo, "run", "--config", "config/demo.yaml")
    assert done.returncode == 1
    assert "run 'demo' is going on in another process" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_run_killed_at_any_moment_and_damaged_is_continued(demo: Path, tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    command = [sys.executable, "-m", "resift", "run", "--config", "config/demo.yaml", "--cores", "2"]
    # The wrapper alone, then everything, each in the midst of the steps: neither leaves anything to unlock.
    for kill, after in ((os.kill, "raw/requests.csv"), (os.killpg, "records/databases.parquet")):
        process = subprocess.Popen(
            command, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        while not (project / "results" / "demo" / after).exists():
            assert process.poll() is None, f"it ended without {after}"
            time.sleep(0.05)
        kill(process.pid, signal.SIGKILL)
        process.wait()
    run = project / "results" / "demo"
    assert not (run / "report.html").exists()
    for n, name in enumerate(
        ("run.yaml", "raw/requests.csv", "search/hits.csv", "records/databases.parquet")
    ):
        damage(run / name, DAMAGES[n % 3], keep_time=n % 2 == 0)
    done = resift(project, "run", "--config", "config/demo.yaml", "--cores", "2")
    assert done.returncode == 0, done.stderr
    assert differences(demo / "results" / "demo", run) == [], done.stderr
    requests = (run / "raw/requests.csv").read_text().splitlines()
    assert len({line.split(",")[0] for line in requests}) == len(requests)


def test_a_change_of_criteria_asks_the_source_nothing_again(copy: Path) -> None:
    requests = (copy / "results/demo/raw/requests.csv").read_bytes()
    screening = copy / "config/reviews/rossi-2014/screening.yaml"
    screening.write_text(screening.read_text().replace('version: "1"', 'version: "2"'))
    planned = resift(copy, "run", "--config", "config/demo.yaml", "--dry-run").stdout
    rules = set(re.findall(r"^(?:local)?rule (\w+):", planned, flags=re.M))
    assert "screen" in rules and not rules & {"start", "search"}, planned
    done = run_here(copy, "config/demo.yaml")
    assert done.returncode == 0, done.stderr
    assert (copy / "results/demo/raw/requests.csv").read_bytes() == requests


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        (
            "Building DAG of jobs...\nWorkflowError in rule search:\nOutput a is older than input b\n"
            "Removing output files of failed job search\nExiting because a job execution failed.\n",
            "the workflow stopped: WorkflowError in rule search: Output a is older than input b; all that",
        ),
        ("OSError: [Errno 28] No space left on device\n", "OSError: [Errno 28] No space left on device; all"),
        ("", "Snakemake did not say why"),
    ],
)
def test_what_stops_snakemake_is_said_in_one_line(tmp_path: Path, printed: str, said: str) -> None:
    log = tmp_path / "snakemake.log"
    log.write_text(printed)
    line = reason(log)
    assert said in line and str(log) in line and "\n" not in line
