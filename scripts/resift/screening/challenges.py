"""Challenges to a strategy: would another word have found more, and would any of it have been eligible?

`(suggested) NOT (strategy)` within the window and languages, on the source of the run. What comes back
is what the strategy misses for want of the words suggested; the rules say how much of it would have passed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from resift.formats.by_hand import read_rows
from resift.rows import columns_of, restore, to_csv
from resift.tables import ChallengeRow

if TYPE_CHECKING:
    from resift.query.mesh import MeshTree
    from resift.records import Record
    from resift.screening.criteria import Screening

LISTED = 50
"""So many records of a challenge are named in its row, those that would pass first."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One record that a challenge found: what the rules alone say of it, and for which criterion."""

    record: Record
    outcome: str
    criterion: str


def judge(records: Sequence[Record], screening: Screening, *, mesh: MeshTree | None) -> list[Judged]:
    """The rules' outcome (include, unclear, exclude) for each record; those that would pass come first."""
    from resift.query.table import QueryTable
    from resift.screening.criteria import screen
    from resift.screening.decisions import apply_rules

    found = []
    table = QueryTable.from_records(records)
    for record, (answers, _) in zip(records, screen(records, table, screening, mesh=mesh), strict=True):
        rules = apply_rules([[(row.criterion, row.answer) for row in answers]])
        found.append(Judged(record, rules.outcome, rules.criterion))
    order = ("include", "unclear", "exclude")
    return sorted(found, key=lambda one: order.index(one.outcome))


def row_of(
    *,
    asked_at: str,
    run: str,
    source: str,
    strategy: str,
    query: str,
    sent: str,
    count: int,
    judged: Sequence[Judged],
    version: str,
    verdict: str,
    by: str,
) -> ChallengeRow:
    """The row that is filed. Records that were not fetched are counted and not judged."""
    outcomes = Counter(one.outcome for one in judged)
    return ChallengeRow(
        asked_at=asked_at,
        run=run,
        source=source,
        strategy=strategy,
        query=query,
        sent=sent,
        found=count,
        judged=len(judged),
        would_pass=outcomes["include"],
        would_await=outcomes["unclear"],
        would_be_excluded=outcomes["exclude"],
        records=tuple(one.record.record for one in judged[:LISTED]),
        criteria_version=version,
        verdict=verdict,
        by=by,
    )


def read_challenges(path: Path | None) -> list[ChallengeRow]:
    """The challenges filed so far, also as a spreadsheet has saved them. Raises `ConfigError`, `RunError`."""
    if path is None:
        return []
    from resift.rows import parse_rows

    names = columns_of(ChallengeRow)
    rows = read_rows(path, names, names[:8])
    return parse_rows(
        ChallengeRow, [({n: restore(v) for n, v in row.items()}, line) for line, row in rows], path
    )


def text_with(rows: Iterable[ChallengeRow]) -> str:
    """The file with all its rows."""
    return to_csv(ChallengeRow, rows)
