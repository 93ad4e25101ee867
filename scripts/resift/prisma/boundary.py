"""Records on the edge of the window: in by one date and out by the other, or dated on its first or last day.

PubMed's `[dp]` finds a record by its print or its electronic date (PubMed User Guide, "Date of
publication"); a review that names no field, or another, may have had these records or not.
"""

from __future__ import annotations

from collections.abc import Iterable

from resift.records import Record
from resift.tables import BoundaryRecord
from resift.text.dates import first_day, last_day
from resift.vocabulary import Inside

BOTH_DATES = ("dp", "epdat", "ppdat")
"""Date fields that a reader may take for one another."""

DATED_BY = (
    "record", "source", "pmid", "print_date", "electronic_date", "entered", "entrez_date", "mesh_date",
)  # fmt: skip
"""Columns of a record that are read here."""


def boundary_records(
    records: Iterable[Record], *, start: str | None, until: str | None, field: str, as_of: str | None
) -> list[BoundaryRecord]:
    """PubMed's records whose place in the window hangs on the field's meaning, or on a day at its edge."""
    found = []
    for record in records:
        if record.source != "pubmed":
            continue
        printed = inside(record.print_date, start, until)
        electronic = inside(record.electronic_date, start, until)
        why = []
        if (start or until) and field in BOTH_DATES:
            held = {printed, electronic} - {Inside.NONE}
            if Inside.EITHER in held:
                why.append("its date is too coarse to say")
            elif len(held) > 1:
                why.append("print and electronic date differ in it")
        edges = (("first", start), ("last", until))
        why += [f"dated on the {name} day" for name, day in edges if day and day in _dates(record, field)]
        if as_of and record.entered[:10] == as_of:
            why.append(f"entered PubMed on {as_of} itself")
        if why:
            found.append(
                BoundaryRecord(
                    record=record.record,
                    pmid=record.pmid,
                    print_date=record.print_date,
                    electronic_date=record.electronic_date,
                    by_print_date=printed,
                    by_electronic_date=electronic,
                    why="; ".join(why),
                )
            )
    return found


def inside(date: str, start: str | None, until: str | None) -> Inside:
    """Whether a day, month or year lies in the window; both of its ends belong to it."""
    if not date:
        return Inside.NONE
    first, last = first_day(date), last_day(date)
    begins = first_day(start) if start else "0000-00-00"
    ends = last_day(until) if until else "9999-99-99"
    if begins <= first and last <= ends:
        return Inside.IN
    return Inside.OUT if last < begins or first > ends else Inside.EITHER


def _dates(record: Record, field: str) -> set[str]:
    """The days that a date field looks at."""
    own = {
        "epdat": (record.electronic_date,),
        "ppdat": (record.print_date,),
        "edat": (record.entrez_date,),
        "crdt": (record.entered,),
        "mhda": (record.mesh_date,),
    }
    return {date[:10] for date in own.get(field, (record.print_date, record.electronic_date)) if date}
