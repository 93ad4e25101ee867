"""A later run of the same protocol lists what was gained and lost, and answers with its exit code."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from command_line import called, run_here
from tests.workflow.conftest import make_project

CONFIG = """\
protocol: config/demo/protocol.yaml
source: archive
archive: config/demo/corpus
run: {run}
until: {until}
"""


def run(project: Path, name: str, until: str) -> tuple[int, dict[str, object], list[dict[str, str]]]:
    path = project / "config" / f"{name}.yaml"
    path.write_text(CONFIG.format(run=name, until=until))
    folder = project / "results" / name
    done = run_here(project, str(path.relative_to(project)))
    assert "Traceback" not in done.stderr
    summary = json.loads((folder / "summary.json").read_text())
    with (folder / "changes.csv").open(encoding="utf-8", newline="") as file:
        return done.returncode, summary, list(csv.DictReader(file))


def records_of(changes: list[dict[str, str]], change: str) -> set[str]:
    """The records that changed so, known items apart."""
    return {row["record"] for row in changes if row["change"] == change and row["lane"] != "known items"}


def test_a_longer_window_gains_and_the_same_window_gains_nothing(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    first, summary, changes = run(project, "first", "2008-12-31")
    assert (first, changes, summary["compared_with"]) == (0, [], None)

    second, summary, changes = run(project, "second", "2012-12-31")
    assert second == summary["exit_code"] == 20  # people included some of what the longer window holds
    assert summary["compared_with"] == "first"
    gained = records_of(changes, "gained")
    assert gained
    causes = {row["cause"] for row in changes if row["change"] == "gained"}
    assert causes <= {"window_changed", "seed_changed"}
    assert "unexplained" not in {row["cause"] for row in changes}
    new = (project / "results/second/exports/new.csv").read_text(encoding="utf-8")
    assert all(record in new for record in gained)
    assert summary["to_screen"] and summary["included_affected"]
    update = (project / "results/second/flow-update.svg").read_text(encoding="utf-8")
    assert "Studies included in previous version of review: n =" in update
    latest = project / "results/_latest/rossi-2014-demo"
    assert latest.resolve() == (project / "results/second").resolve()

    third, summary, changes = run(project, "third", "2012-12-31")
    assert (third, changes, summary["compared_with"]) == (0, [], "second")

    fourth, summary, changes = run(project, "fourth", "2008-12-31")
    assert fourth == summary["exit_code"]
    assert records_of(changes, "lost") == gained
    assert "unexplained" not in {row["cause"] for row in changes}

    with (project / "results/third/decisions.csv").open(encoding="utf-8", newline="") as file:
        seen = {row["record"]: row["first_seen"] for row in csv.DictReader(file)}
    assert seen[min(gained)] == "second"
    assert {"first", "second"} <= set(seen.values())
    compared = called(project, "compare", "first", "second")
    assert compared.returncode == 10
    assert " changes from first to second, 0 unexplained" in compared.stdout
    # Everything that is compared was kept: no request is made, and the answer is that of the run itself.
    with (project / "results/second/changes.csv").open(encoding="utf-8", newline="") as file:
        own = {(row["record"], row["change"], row["cause"]) for row in csv.DictReader(file)}
    asked = json.loads(called(project, "compare", "first", "second", "--json").stdout)
    assert {(row["record"], row["change"], row["cause"]) for row in asked} == own
