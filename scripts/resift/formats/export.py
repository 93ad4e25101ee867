"""Records as RIS, nbib, CSV and BibTeX, for reference managers and screening tools.

A run writes the same record into several files of each format: it is drafted once for all of them.

Text only: the caller writes it, in UTF-8 without a byte-order mark. The same items give the same bytes.
Reading a file back gives the same PMIDs, DOIs, titles, authors, years and pages (RIS and BibTeX write the
last page of a range in full: `514-23` comes back as `514-523`), and the notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from resift.formats import bibtex, csv, nbib, ris
from resift.records import Record
from resift.vocabulary import ExportFormat


@dataclass(frozen=True, slots=True)
class Exported:
    """A record, what to say about it (`state: excluded`, `reason: not English`) in this order, and
    whether it is relevant, as ASReview asks (None: not decided)."""

    record: Record
    notes: Mapping[str, str] = field(default_factory=dict)
    relevant: bool | None = None


def ris_entry(item: Exported) -> str:
    """The notes are one `N1` line, since some readers keep the last one only. It begins with ASReview's own
    mark (`ASReview_relevant`), by which ASReview LAB takes the label."""
    return ris.write(item.record, item.notes, item.relevant)


def nbib_entry(item: Exported) -> str:
    """The notes are one `GN` line (general note)."""
    return nbib.to_nbib_record(item.record, item.notes) + "\n"


def drafted(form: ExportFormat, item: Exported) -> str:
    """What an entry is in every file of a format: all of it, but for what `begun` settles of a file."""
    if form is ExportFormat.RIS:
        return ris_entry(item)
    if form is ExportFormat.NBIB:
        return nbib_entry(item)
    if form is ExportFormat.BIBTEX:
        return bibtex.write(item.record, item.notes)
    return csv.row(item.record)


def begun(form: ExportFormat, keys: Sequence[str]) -> tuple[str, Callable[[Exported, str], str]]:
    """How a file of a format begins, and what makes an entry of it from an item and its draft. In BibTeX no
    key stands twice; the notes of a table are its last columns.

    `keys` are those of all the notes that a table will hold, in the order in which they are met; other
    formats need none. Where there are any, `included` (1 or 0) is the label that ASReview LAB reads.
    """
    if form is ExportFormat.BIBTEX:
        unique = bibtex.unique_keys()
        return "", lambda item, draft: unique(draft, item.record)
    if form is ExportFormat.CSV:
        return csv.heading(keys), lambda item, draft: csv.noted(draft, item.notes, item.relevant, keys=keys)
    return "", lambda item, draft: draft


def read_notes(path: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """(record id, notes) of each entry of a file that resift wrote, in any of the four formats.

    Entries that others wrote are left out. Raises FormatError like `resift.formats.read_file`.
    """
    from resift.formats import read_entries

    for entry in read_entries(path):
        if entry.own_id:
            yield entry.own_id, entry.noted
