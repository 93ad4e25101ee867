"""Which records an export holds, and what is noted on each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from resift.formats.export import Exported, to_bibtex, to_csv, to_nbib, to_ris
from resift.records import Record
from resift.screening.decisions import State

WRITERS: Mapping[str, Callable[[Iterable[Exported]], str]] = {
    "ris": to_ris,
    "nbib": to_nbib,
    "csv": to_csv,
    "bib": to_bibtex,
}
# "eligible" holds what passed title and abstract, whatever became of it after.
PARTS: Mapping[str, frozenset[State]] = {
    "all": frozenset(State),
    "eligible": frozenset((State.ELIGIBLE, State.NOT_RETRIEVED, State.EXCLUDED_FULL_TEXT, State.INCLUDED)),
    "included": frozenset((State.INCLUDED,)),
    "excluded": frozenset((State.EXCLUDED, State.EXCLUDED_FULL_TEXT)),
    "awaiting": frozenset((State.AWAITING,)),
}
NOTED = (
    "state",
    "criterion",
    "reason",
    "decided_by",
    "human_outcomes",
    "topics",
    "found_by",
    "lane",
    "group",
)


def exported(
    decisions: Sequence[Mapping[str, str]], records: Mapping[str, Record], *, part: str
) -> list[Exported]:
    """The records of one export in the order of `decisions.csv`, with the decision as notes.

    An id that the source counted and did not return has no record to export.
    """
    return [
        Exported(records[row["record"]], {name: row[name] for name in NOTED if row[name]})
        for row in decisions
        if State(row["state"]) in PARTS[part] and row["record"] in records
    ]
