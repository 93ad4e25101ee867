"""The version ledger: one row for each run of a protocol, from the first to this one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from resift.documents import Summary
from resift.tables import ChangeRow, DecisionRow, HistoryRow
from resift.vocabulary import Change, ChangedIn, State


def history(
    before: Iterable[HistoryRow],
    summary: Summary,
    decisions: Iterable[DecisionRow],
    changes: Iterable[ChangeRow],
) -> list[HistoryRow]:
    """The rows of the runs before, and this run's own at the end."""
    states = [row.state for row in decisions]
    gained = [row for row in changes if row.change is Change.GAINED and row.lane is not ChangedIn.KNOWN_ITEMS]
    own = HistoryRow(
        run=summary.run,
        started=summary.started,
        until=summary.until,
        records=len(states),
        new=len(gained),
        awaiting=states.count(State.AWAITING),
        included=states.count(State.INCLUDED),
        exit_code=summary.exit_code,
    )
    return [*(row for row in before if row.run != own.run), own]


def in_words(rows: Sequence[HistoryRow]) -> list[str]:
    """One line a run, for a person."""
    return [
        f"{row.run} ({row.started[:10]}): {row.records} records, {row.new} new, {row.awaiting} awaiting, "
        f"{row.included} included, code {row.exit_code}"
        for row in rows
    ]
