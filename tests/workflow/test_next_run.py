"""A later run of the same protocol lists what was gained and lost, and answers with its exit code."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.workflow.conftest import make_project, resift

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
    done = resift(project, "run", "--config", str(path.relative_to(project)), "--cores", "2")
    assert "Traceback" not in done.stderr
    folder = project / "results" / name
    with (folder / "changes.csv").open(encoding="utf-8", newline="") as file:
        return done.returncode, json.loads((folder / "summary.json").read_text()), list(csv.DictReader(file))


def test_a_longer_window_gains_and_the_same_window_gains_nothing(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    first, summary, changes = run(project, "first", "2008-12-31")
    assert (first, changes, summary["compared_with"]) == (0, [], None)

    second, summary, changes = run(project, "second", "2012-12-31")
    assert second == 10
    assert summary["exit_code"] == 10
    assert summary["compared_with"] == "first"
    gained = {row["record"] for row in changes if row["change"] == "gained"}
    assert gained
    assert {row["change"] for row in changes} == {"gained"}

    third, summary, changes = run(project, "third", "2012-12-31")
    assert (third, changes, summary["compared_with"]) == (0, [], "second")

    fourth, summary, changes = run(project, "fourth", "2008-12-31")
    assert fourth == 10
    assert {row["record"] for row in changes if row["change"] == "lost"} == gained

    with (project / "results/third/decisions.csv").open(encoding="utf-8", newline="") as file:
        seen = {row["record"]: row["first_seen"] for row in csv.DictReader(file)}
    assert seen[sorted(gained)[0]] == "second"
    assert {"first", "second"} <= set(seen.values())
    compared = resift(project, "compare", "first", "second")
    assert compared.returncode == 10
    assert f"{len(gained)} changes from first to second" in compared.stdout
