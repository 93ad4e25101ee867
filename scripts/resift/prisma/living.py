"""The flow of an updated review: what is new since an earlier run, beside what people had included by then.

A living review is drawn in two ways (as livingPRISMAflow does): the latest update against everything before
it, and all updates together against the base version. Both are the same flow with another earlier run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from resift.documents import FlowDocument
from resift.prisma.updated import Previous, update
from resift.records import natural_key
from resift.tables import DecisionRow
from resift.vocabulary import Box, Column, FullText, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier run: its flow, and every record that it had identified."""

    name: str
    flow: FlowDocument
    records: frozenset[str]


def since(
    earlier: Earlier,
    decisions: Sequence[DecisionRow],
    assembled: Callable[[Collection[str]], FlowDocument],
) -> FlowDocument:
    """The flow of what is new since an earlier run, as an updated review's.

    `assembled(records)` is the flow of some of this run's records. What the earlier version included is what
    people included on full text then, by its primary strategy; where full texts were not assessed, its
    numbers read "not reported". A report included now that had been identified before and not included
    counts with the update, and a footnote says so. Raises `FlowError`.
    """
    kept = {row.group: row for row in decisions if row.state not in (State.DUPLICATE, State.ALREADY_KNOWN)}
    ends = {row.record: kept[row.group] for row in decisions}
    assessed = earlier.flow.full_text is FullText.ASSESSED

    def now(record: str) -> str:
        """The record that stands today for a report of the earlier version."""
        return ends[record].record if record in ends else record

    included = {now(record) for record in _box(earlier.flow, Box.INCLUDED_REPORTS)}
    studies = {
        ends[record].study if record in ends else record
        for record in _box(earlier.flow, Box.INCLUDED_STUDIES)
    }
    held = {row.record for row in decisions if row.state is State.INCLUDED}
    again = {row.record for row in decisions if now(row.record) in included}
    late = {record for record in held - included if record in earlier.records}
    new = {row.record for row in decisions if row.record not in earlier.records}
    flow = assembled((new | late) - again)
    standing = {kept_row.study for kept_row in kept.values() if kept_row.state is State.INCLUDED}
    made = update(
        flow,
        Previous(
            studies=_sorted(studies) if assessed else None,
            reports=_sorted(included) if assessed else None,
            dropped_studies=_sorted(studies - standing) if assessed else (),
            dropped_reports=_sorted(included - held) if assessed else (),
            study_of={row.record: row.study for row in decisions},
        ),
    )
    notes = [f"Counted here: records identified since run {earlier.name}."]
    if late:
        notes.append(f"Identified before and included since: {len(late)}, counted with what is new.")
    return replace(made, footnotes=(*notes, *made.footnotes))


def _box(flow: FlowDocument, box: Box) -> tuple[str, ...]:
    found = flow.find(box, Column.BOTH)
    return found.records if found else ()


def _sorted(records: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(records, key=natural_key))
