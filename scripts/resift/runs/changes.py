"""What changed between two runs of one protocol: records gained, lost, revised or retracted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from resift.records import natural_key
from resift.tables import ChangeRow
from resift.vocabulary import Cause, Change, State


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRecord:
    """What one run holds of a record: its hashed text, its end in that run, when it entered PubMed."""

    text_sha256: str
    retracted: bool
    state: State
    entered: str


def compare(now: Mapping[str, HeldRecord], before: Mapping[str, HeldRecord]) -> list[ChangeRow]:
    """The changes from `before` to `now` (record id -> what is held), sorted by record and change."""
    rows = []
    for record in now.keys() - before.keys():
        held = now[record]
        rows.append(_row(record, Change.GAINED, f"{held.state}; entered PubMed {held.entered or 'unknown'}"))
    for record in before.keys() - now.keys():
        rows.append(_row(record, Change.LOST, f"was {before[record].state}"))
    for record in now.keys() & before.keys():
        new, old = now[record], before[record]
        if new.retracted and not old.retracted:
            rows.append(_row(record, Change.RETRACTED, f"{new.state}"))
        if new.text_sha256 != old.text_sha256:
            moved = "" if new.state == old.state else f"; {old.state} before, {new.state} now"
            rows.append(
                _row(record, Change.REVISED, f"title, abstract, language, type or MeSH changed{moved}")
            )
    return sorted(rows, key=lambda r: (natural_key(r.record), r.change))


def _row(record: str, change: Change, detail: str) -> ChangeRow:
    return ChangeRow(record=record, change=change, cause=Cause.NOT_ATTRIBUTED, detail=detail)
