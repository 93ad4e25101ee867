"""Records as files for Zotero, EndNote, Rayyan, Covidence and ASReview: RIS, nbib, CSV, BibTeX.

Text only: the caller writes it, in UTF-8 without a byte-order mark. The same items give the same bytes.
Reading a file back gives the same PMIDs, DOIs, titles, authors, years and pages (RIS and BibTeX write the
last page of a range in full: `514-23` comes back as `514-523`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from resift.formats import bibtex, csv, nbib, ris
from resift.records import Record


@dataclass(frozen=True, slots=True)
class Exported:
    """A record and what to say about it (`state: excluded`, `reason: not English`), in this order."""

    record: Record
    notes: Mapping[str, str] = field(default_factory=dict)


def to_ris(items: Iterable[Exported]) -> str:
    """RIS; each note is an `N1  - key: value` line."""
    return "".join(ris.write(item.record, item.notes) for item in items)


def to_nbib(items: Iterable[Exported]) -> str:
    """MEDLINE text as PubMed's own "PubMed" format; each note is a `GN  - key: value` line (general note)."""
    return "".join(nbib.to_nbib_record(item.record, item.notes) + "\n" for item in items)


def to_csv(items: Iterable[Exported]) -> str:
    """A table with a heading line, safe to open in a spreadsheet; notes are its last columns."""
    return csv.write([(item.record, item.notes) for item in items])


def to_bibtex(items: Iterable[Exported]) -> str:
    """BibTeX with unique keys; notes stand in `note`."""
    return bibtex.write([(item.record, item.notes) for item in items])
