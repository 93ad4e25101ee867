"""Hand-searched citations: the entries of a file that a person made, resolved where the source knows them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from resift.formats.citations import read_citations
from resift.identify.held_records import NONE, HeldRecords
from resift.identify.references import Followed, cited_work
from resift.identify.resolve import resolve
from resift.pubmed.source import Source
from resift.records import Record


def hand_searched(path: Path, source: Source, held: HeldRecords = NONE) -> Followed:
    """The entries of a hand-searched file as records `handsearched:<hash of the entry>`.

    An entry that is resolved takes its fields from the source's record; one that is not keeps what its
    string says. Raises `FormatError` when the file cannot be read whole.
    """
    entries = read_citations(path)
    outcomes = resolve([entry.citation for entry in entries], source, held)
    works = []
    records: dict[str, Record] = {}
    for entry, outcome in zip(entries, outcomes, strict=True):
        record = entry.record
        if outcome.record is not None:
            record = replace(outcome.record, record=entry.record.record, source="handsearched")
        records.setdefault(record.record, record)
        works.append(cited_work(0, "", entry.line, entry.citation.text, outcome, record))
    return Followed(works=tuple(works), records=tuple(records.values()))
