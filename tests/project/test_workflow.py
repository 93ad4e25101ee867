"""What is told when a workflow stops, and where it is told to run."""

from __future__ import annotations

from pathlib import Path

import pytest

from resift.errors import SourceError
from resift.project.workflow import engine, profile_folder, told_in, why_it_stopped

# As Snakemake 9 prints a job of Slurm that failed.
FAILED = """Error in rule index_files:
    message: SLURM-job '7' failed, SLURM status is: 'TIMEOUT'. For further error details see the log files.
    jobid: 2
Shutting down, this might take some time.
WorkflowError:
At least one job did not complete successfully.
"""


def test_a_job_that_failed_is_told_by_what_the_executor_says_of_it() -> None:
    assert why_it_stopped(FAILED).startswith("SLURM-job '7' failed, SLURM status is: 'TIMEOUT'")


def test_the_line_of_a_step_in_its_log_goes_before_all_else() -> None:
    log = "Logfile group.0.log:\n========\nresift: x.xml.gz: is cut short; fetch it again\n========\n"
    assert why_it_stopped(FAILED + log + FAILED) == "x.xml.gz: is cut short; fetch it again"


def test_no_error_is_said_to_be_none() -> None:
    assert why_it_stopped("Building DAG of jobs...\n") == "Snakemake did not say why"


def test_a_step_leaves_its_line_in_its_log(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "step.log"
    with pytest.raises(SystemExit, match=r"a\.xml: is cut short"), told_in(log):
        raise SourceError("is cut short", where="a.xml")
    assert log.read_text() == "resift: a.xml: is cut short\n"


def test_cores_are_those_of_this_machine_unless_a_profile_says_where(tmp_path: Path) -> None:
    own = ["--workflow-profile", "none", "--cores", "3"]
    assert engine(None, 3)[:4] == own
    assert engine("slurm", None) == ["--workflow-profile", str(profile_folder("slurm"))]
    (tmp_path / "config.yaml").write_text("executor: slurm\n")
    assert engine(str(tmp_path), 8) == ["--workflow-profile", str(tmp_path), "--cores", "8"]
