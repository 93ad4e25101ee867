"""What a scheduler needs, in numbers and in one paragraph."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.screening.people import human
from tests.screening.test_reread import candidate

from resift.runs.summary import Compared, summarise
from resift.screening.reread import odd_decisions

NOW, BEFORE = "a" * 64, "b" * 64


def test_decisions_that_fall_on_nothing_are_told_at_the_end_of_a_run() -> None:
    """`resift run` prints the paragraph; `summary.json` holds every line."""
    rows = [
        human("include", record="pubmed:999", line=2),  # type: ignore[arg-type]
        human("exclude", decided_at="2027-01-01", line=3),  # type: ignore[arg-type]
        human("include", line=4),  # type: ignore[arg-type]
    ]
    odd = odd_decisions([candidate()], rows, today="2026-03-01")
    run: Any = SimpleNamespace(
        name="r", protocol={"id": "x"}, started="", until=None, as_of=None, compare_with=None
    )
    lists = SimpleNamespace(unavailable="")
    flow: Any = SimpleNamespace(boxes=(), primary="main", reference_lists=lists, n=lambda box: 0)
    verdict: Any = SimpleNamespace(limits=(), outcome="Reproduced")
    summary = summarise(run, flow, Compared(), [], verdict, odd)
    assert [row.line for row in odd] == [2, 3]
    assert len(summary.decisions_on_nothing) == 2
    assert "pubmed:999 is not in this run" in summary.paragraph
    assert "dated 2027-01-01, after the run began; in force all the same" in summary.paragraph
