"""Which records an export holds, and what is noted on each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from resift.errors import FormatError
from resift.files import replaced
from resift.formats.export import Exported, begun, drafted, read_notes
from resift.records import Record
from resift.tables import ChangeRow, DecisionRow
from resift.vocabulary import Change, ExportFormat, ExportPart, State

# "eligible" holds what passed title and abstract, whatever became of it after.
STATES: Mapping[ExportPart, frozenset[State]] = {
    ExportPart.ALL: frozenset(State),
    ExportPart.ELIGIBLE: frozenset(
        (State.ELIGIBLE, State.NOT_RETRIEVED, State.EXCLUDED_FULL_TEXT, State.INCLUDED)
    ),
    ExportPart.INCLUDED: frozenset((State.INCLUDED,)),
    ExportPart.EXCLUDED: frozenset((State.EXCLUDED, State.EXCLUDED_FULL_TEXT)),
    ExportPart.AWAITING: frozenset((State.AWAITING,)),
    ExportPart.NEW: frozenset(State),
}


# ASReview's label: what was judged relevant so far, and what was judged not to be.
RELEVANT = frozenset((State.ELIGIBLE, State.NOT_RETRIEVED, State.INCLUDED))
IRRELEVANT = frozenset((State.EXCLUDED, State.EXCLUDED_FULL_TEXT, State.REMOVED))


def relevance(state: State) -> bool | None:
    """ASReview's label for a state; None for what nobody has judged or stands for another record."""
    return True if state in RELEVANT else False if state in IRRELEVANT else None


def exported(row: DecisionRow, record: Record) -> Exported:
    """A record with its decision as notes."""
    return Exported(record, _notes(row), relevance(row.state))


def write_exports(
    paths: Iterable[Path],
    decisions: Sequence[DecisionRow],
    records: Iterable[Record],
    changes: Iterable[ChangeRow],
    *,
    held: Collection[str],
    progress: Callable[[int], object] = lambda done: None,
) -> None:
    """Write each of `paths`, which name part and format, as in `exports/eligible.ris`: record by record, in
    the order of `records`, whose ids are `held`.

    `new` holds what was gained since the earlier run, and is empty for a first run. An id that the source
    counted and did not return has no record to export. `progress` is told how many records are done.
    """
    gained = {row.record for row in changes if row.change is Change.GAINED}
    decided = {row.record: row for row in decisions if row.record in held}
    with ExitStack() as files:
        opened: list[_File] = []
        keys = _keys(decided.values(), gained)
        for path in paths:
            part, form = ExportPart(path.stem), ExportFormat(path.suffix.removeprefix("."))
            heading, entry = begun(form, keys[part])
            file = files.enter_context(replaced(path))
            stream = files.enter_context(file.open("w", _BUFFER, encoding="utf-8", newline="\n"))
            stream.write(heading)
            opened.append(_File(part, form, stream, entry))
        for done, record in enumerate(records, 1):
            row = decided[record.record]
            parts = _parts(row, gained)
            item = exported(row, record)
            drafts: dict[ExportFormat, str] = {}
            for one in opened:
                if one.part in parts:
                    if one.form not in drafts:
                        drafts[one.form] = drafted(one.form, item)
                    one.stream.write(one.entry(item, drafts[one.form]))
            progress(done)


_BUFFER = 1 << 18
"""Bytes of each file that are written at a time."""


@dataclass(frozen=True, slots=True)
class _File:
    part: ExportPart
    form: ExportFormat
    stream: TextIO
    entry: Callable[[Exported, str], str]


def _parts(row: DecisionRow, gained: Collection[str]) -> frozenset[ExportPart]:
    """The parts that a record belongs to."""
    parts = _PARTS[row.state]
    return parts if row.record in gained else parts - {ExportPart.NEW}


_PARTS = {state: frozenset(part for part, states in STATES.items() if state in states) for state in State}


def _keys(rows: Iterable[DecisionRow], gained: Collection[str]) -> dict[ExportPart, tuple[str, ...]]:
    """The keys of the notes in each part, in the order in which they are met."""
    keys: dict[ExportPart, dict[str, None]] = {part: {} for part in ExportPart}
    for row in rows:
        noted = _notes(row)
        for part in _parts(row, gained):
            keys[part].update(dict.fromkeys(noted))
    return {part: tuple(found) for part, found in keys.items()}


def _notes(row: DecisionRow) -> dict[str, str]:
    """What a reference manager shows of a decision; what is empty is left out."""
    notes = {
        "state": row.state.value,
        "criterion": row.criterion,
        "reason": row.reason,
        "decided_by": row.decided_by,
        "human_outcomes": row.human_outcomes,
        "topics": ";".join(row.topics),
        "found_by": ";".join(row.found_by),
        "lane": row.lane.value,
        "group": row.group,
    }
    return {name: text for name, text in notes.items() if text}


def decisions_in(path: Path) -> dict[str, dict[str, str]]:
    """Record id -> what was noted on it (`state`, `reason`, ...), read back from one of our exports.

    Raises FormatError where the file cannot be read, and for a state that there is not.
    """
    found = {}
    for record, notes in read_notes(path):
        state = notes.get("state", "")
        if state and state not in set(State):
            raise FormatError(
                f"'{state}' is not a state of a record",
                where=f"{path}, {record}",
                fix=f"known: {', '.join(State)}",
            )
        found[record] = dict(notes)
    return found
