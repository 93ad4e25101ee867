"""How far a run is, read from what it writes."""

from __future__ import annotations

import os
from pathlib import Path

from resift.runs.progress import STEPS, standing

PROJECT = Path(__file__).resolve().parents[2]


def write(path: Path, text: str, when: float = 0.0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if when:
        os.utime(path, (when, when))


def test_nothing_has_begun(tmp_path: Path) -> None:
    assert (
        str(standing(tmp_path / "run", tmp_path / "logs", 0.0)) == f"starting: step 0 of {STEPS}, 0 requests"
    )


def test_step_requests_and_plan_are_told(tmp_path: Path) -> None:
    run, logs = tmp_path / "run", tmp_path / "logs"
    write(logs / "old.log", "", 100.0)
    write(logs / "search.log", "", 2_000.0)
    write(logs / "fetch.log", "", 2_010.0)
    write(run / "search" / "hits.csv", "pmid,strategies\n" + "".join(f"{n},a\n" for n in range(1_200)))
    write(run / "raw" / "requests.csv", "request\nx\ny\nz\n")
    now = standing(run, logs, 1_999.0)
    assert (now.step, now.begun, now.requests, now.planned) == ("fetch", 2, 3, 5)
    assert str(now) == f"fetch: step 2 of {STEPS}, 3 of 5 requests"


def test_the_number_of_steps_is_that_of_the_rules() -> None:
    rules = [
        line
        for path in sorted((PROJECT / "workflow" / "rules").glob("*.smk"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    named = sum(line.startswith("rule ") for line in rules)
    in_both_lanes = sum("{{lane}}.log" in line for line in rules)
    assert named + in_both_lanes == STEPS
