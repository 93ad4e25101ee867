"""What people decided, made up."""

from __future__ import annotations

from resift.screening.human_decisions import HumanDecision


def human(outcome: str, *, by: str = "AB", stage: str = "title_abstract", **more: str | int) -> HumanDecision:
    values = {"decided_at": "2026-01-01", "role": "reviewer", "record": "pubmed:1", "line": 2, **more}
    return HumanDecision(reviewer=by, stage=stage, outcome=outcome, **values)  # type: ignore[arg-type]
