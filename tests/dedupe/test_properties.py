"""What holds for every input: order, idempotence, conflicts in chains, no record lost, people above rules."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dedupe.pairs import PAIRS
from resift.dedupe import deduplicate


def table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame([{"record": f"file:{n}", **row} for n, row in enumerate(rows, 1)]).fillna("")


def test_all_hard_cases_in_one_table_keep_their_answers_mostly_apart() -> None:
    """The pairs share a paper; together they must not collapse into one group through each other."""
    rows = [side for pair in PAIRS for side in (pair.one, pair.two)]
    groups = deduplicate(table(rows))
    notices = [
        n
        for n, row in enumerate(rows)
        if str(row.get("title", "")).startswith(("Erratum", "Retraction", "Comment"))
    ]
    kept_paper = groups["group"][0]
    assert all(groups["group"][n] != kept_paper for n in notices)
