"""Which records an export holds, and what is noted on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from resift.errors import FormatError
from resift.files import write_text
from resift.formats.export import (
    Exported,
    nbib_entry,
    read_notes,
    ris_entry,
    to_bibtex,
    to_csv,
    to_nbib,
    to_ris,
)
from resift.records import Record
from resift.tables import ChangeRow, DecisionRow
from resift.vocabulary import Change, ExportFormat, ExportPart, State

WRITERS: Mapping[ExportFormat, Callable[[Iterable[Exported]], str]] = {
    ExportFormat.RIS: to_ris,
    ExportFormat.NBIB: to_nbib,
    ExportFormat.CSV: to_csv,
    ExportFormat.BIBTEX: to_bibtex,
}
# Formats in which an entry is the same whatever stands beside it.
ENTRIES: Mapping[ExportFormat, Callable[[Exported], str]] = {
    ExportFormat.RIS: ris_entry,
    ExportFormat.NBIB: nbib_entry,
}
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


def exported(
    decisions: Sequence[DecisionRow],
    records: Mapping[str, Record],
    *,
    part: ExportPart,
    gained: Collection[str] = (),
) -> list[Exported]:
    """The records of one export in the order of `decisions.csv`, with the decision as notes.

    `new` holds those `gained` since the earlier run, and is empty for a first run. An id that the
    source counted and did not return has no record to export.
    """
    return [
        Exported(records[row.record], _notes(row), relevance(row.state))
        for row in decisions
        if row.state in STATES[part] and row.record in records
        if part is not ExportPart.NEW or row.record in gained
    ]


def write_exports(
    paths: Iterable[Path],
    decisions: Sequence[DecisionRow],
    records: Iterable[Record],
    changes: Iterable[ChangeRow],
) -> None:
    """Write each of `paths`, which name part and format, as in `exports/eligible.ris`."""
    held = {record.record: record for record in records}
    gained = {row.record for row in changes if row.change is Change.GAINED}
    by_format: dict[ExportFormat, list[Path]] = defaultdict(list)
    for path in paths:
        by_format[ExportFormat(path.suffix.removeprefix("."))].append(path)
    for form, named in by_format.items():
        entry = _once(ENTRIES[form]) if form in ENTRIES else None
        for path in named:
            items = exported(decisions, held, part=ExportPart(path.stem), gained=gained)
            write_text(path, "".join(map(entry, items)) if entry else WRITERS[form](items))


def _once(write: Callable[[Exported], str]) -> Callable[[Exported], str]:
    """Each record stands in two exports at least: its entry is written once, and kept for the others."""
    written: dict[str, str] = {}

    def entry(item: Exported) -> str:
        name = item.record.record
        if name not in written:
            written[name] = write(item)
        return written[name]

    return entry


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
