"""The order of steps names what the rules of the workflow write."""

from __future__ import annotations

from pathlib import Path

from resift.runs.made_by import SOURCE, STEPS, place, step_of
from resift.tables import LANES, RUN_FILES

RULES = Path(__file__).resolve().parents[2] / "workflow" / "rules"


def test_every_file_of_a_run_has_its_step() -> None:
    for file in RUN_FILES:
        names = {"lane": LANES[0], "request": "0" * 64, "strategy": "a", "part": "all", "format": "ris"}
        assert step_of(file.pattern.format(**names)), f"name the step of {file.pattern} in STEPS"


def test_every_step_is_a_rule() -> None:
    rules = "".join(path.read_text(encoding="utf-8") for path in sorted(RULES.glob("*.smk")))
    assert {step for step, _ in STEPS} - {SOURCE} <= {
        line.split()[1].rstrip(":") for line in rules.splitlines() if line.startswith("rule ")
    }


def test_files_stand_in_the_order_in_which_they_are_made() -> None:
    names = [
        "report.html",
        "screening/other.csv",
        "run.yaml",
        "decisions.csv",
        "screening/databases.csv",
        "notes.txt",
    ]
    assert sorted(names, key=place) == [names[2], names[4], names[1], names[3], names[0], names[5]]
