"""A challenge is judged by the rules, filed, read back, and shown by the next run."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.report.run_folder import draw

from resift.errors import RunError
from resift.runs.opened import OpenedRun
from resift.screening.challenges import judge, read_challenges, row_of, text_with
from resift.tables import ChallengeRow


def challenge(opened: OpenedRun, verdict: str = "none relevant") -> ChallengeRow:
    return row_of(
        asked_at="2026-03-05T00:00:00Z",
        run=opened.run.name,
        source="archive",
        strategy="narrow",
        query="haemorrhage[tiab]",
        sent="((haemorrhage[tiab]) NOT (x[tiab]))",
        count=99,
        judged=judge(draw(40, seed=3), opened.screening, mesh=None),
        version=opened.screening.version,
        verdict=verdict,
        by="AB",
    )


def test_what_a_challenge_finds_is_judged_by_the_rules_likeliest_first(opened: OpenedRun) -> None:
    judged = judge(draw(40, seed=3), opened.screening, mesh=None)
    outcomes = [one.outcome for one in judged]
    assert outcomes == sorted(outcomes, key=("include", "unclear", "exclude").index)
    row = challenge(opened)
    assert (row.found, row.judged) == (99, 40)
    assert (row.would_pass, row.would_await, row.would_be_excluded) == tuple(
        map(outcomes.count, ("include", "unclear", "exclude"))
    )
    assert row.records[0] == judged[0].record.record


def test_challenges_are_filed_and_read_back(opened: OpenedRun, tmp_path: Path) -> None:
    rows = [challenge(opened, "=no; 40 read"), challenge(opened, "")]
    path = tmp_path / "challenges.csv"
    path.write_text(text_with(rows))
    assert read_challenges(path) == rows
    assert read_challenges(None) == []
    path.write_text(path.read_text().replace(",99,", ",many,"))
    with pytest.raises(RunError, match="line 2, column found"):
        read_challenges(path)
