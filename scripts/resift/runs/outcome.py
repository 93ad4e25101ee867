"""What a run means for a scheduler: its exit code, and the records that gave it.

Codes are those of `resift run`, the first that applies: 1 failure or unfinished, 40 a side service was down,
and against an earlier run only: 30 the search is anomalous, 20 the included set is affected, 10 something new
to screen. Else 0; a first run ends with 0 whatever awaits a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

from resift.records import natural_key
from resift.tables import ChangeRow, DecisionRow, NoticeRow
from resift.vocabulary import Change, ChangedIn, State

WAITING = (State.AWAITING, State.ELIGIBLE)
"""Somebody has to read a record that ends so."""


class ExitCode(IntEnum):
    """What `resift run` answers with; a step that fails, or a run that is unfinished, is FAILED."""

    NOTHING_NEW = 0
    FAILED = 1
    TO_SCREEN = 10
    INCLUDED_AFFECTED = 20
    ANOMALOUS = 30
    SERVICE_DOWN = 40


MEANING: Mapping[ExitCode, str] = {
    ExitCode.NOTHING_NEW: "nothing new",
    ExitCode.FAILED: "failed or unfinished",
    ExitCode.TO_SCREEN: "something new to screen",
    ExitCode.INCLUDED_AFFECTED: "the included set is affected",
    ExitCode.ANOMALOUS: "the search is anomalous; the earlier run stays the latest",
    ExitCode.SERVICE_DOWN: "a side service was down; run the same command again to complete the run",
}


def exit_code(
    *, unavailable: bool, compared: bool, anomalies: bool, affected: bool, to_screen: bool
) -> ExitCode:
    """The first code that applies. Without an earlier run (`compared`) only 40 and 0 can."""
    if unavailable:
        return ExitCode.SERVICE_DOWN
    if compared and anomalies:
        return ExitCode.ANOMALOUS
    if compared and affected:
        return ExitCode.INCLUDED_AFFECTED
    if compared and to_screen:
        return ExitCode.TO_SCREEN
    return ExitCode.NOTHING_NEW


def included_affected(
    changes: Sequence[ChangeRow],
    notices: Iterable[NoticeRow],
    before: Mapping[str, DecisionRow],
    now: Mapping[str, DecisionRow],
) -> tuple[str, ...]:
    """Included records that came, went, were retracted or questioned, or were decided otherwise."""

    def included(rows: Mapping[str, DecisionRow], record: str) -> bool:
        return record in rows and rows[record].state is State.INCLUDED

    found = {
        row.record
        for row in _of_records(changes)
        if included(before, row.record) != included(now, row.record)
        or (row.change in (Change.RETRACTED, Change.CONCERN) and included(now, row.record))
    }
    found |= {
        notice.record
        for notice in notices
        if notice.since_earlier and State.INCLUDED in (notice.before, notice.now)
    }
    return tuple(sorted(found, key=natural_key))


def to_screen(
    changes: Sequence[ChangeRow],
    notices: Iterable[NoticeRow],
    before: Mapping[str, DecisionRow],
    now: Mapping[str, DecisionRow],
) -> tuple[str, ...]:
    """Records that wait for somebody and did not, or of which the rules say another thing than before."""

    def calls(row: ChangeRow) -> bool:
        new, old = now.get(row.record), before.get(row.record)
        if new is None:
            return False
        if row.change is Change.REVISED:
            return old is not None and old.automated_outcome != new.automated_outcome
        return new.state in WAITING and (old is None or old.state is not new.state)

    found = {row.record for row in _of_records(changes) if calls(row)}
    found |= {notice.record for notice in notices if notice.since_earlier and notice.now in WAITING}
    return tuple(sorted(found, key=natural_key))


def _of_records(changes: Sequence[ChangeRow]) -> list[ChangeRow]:
    return [row for row in changes if row.lane is not ChangedIn.KNOWN_ITEMS]
