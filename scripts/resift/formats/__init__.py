"""Files of records, in and out: RIS, nbib, CSV, BibTeX, EndNote XML, and reference strings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from resift.errors import FormatError
from resift.formats.entry import to_records
from resift.formats.sniff import Format, format_of
from resift.formats.text import read_text
from resift.records import Record

__all__ = ["read_file"]


def read_file(path: Path, *, source: str = "", columns: Mapping[str, str] | None = None) -> list[Record]:
    """The records of one exported file (RIS, nbib, CSV or TSV, BibTeX, EndNote XML; gzipped or not).

    The content decides the format and must agree with the name's ending. `source` names the database
    (`embase`) and begins each record id: `embase:<accession number>`, or `embase:<hash of the entry>`
    where the entry has none. Without it, files written by resift keep their ids and any other file is
    its own source. `columns` maps columns of the record to the headings of a table (CSV only).
    Raises FormatError, with the line where there is one, unless every entry the file declares was read.
    """
    text = read_text(path)
    form = format_of(text, path)
    where = str(path)
    if columns and form is not Format.CSV:
        raise FormatError(
            f"is {form.value}, which has no columns to map",
            where=where,
            fix="take `columns` out of the import",
        )
    if form is Format.RIS:
        from resift.formats import ris

        entries = ris.read(text, where=where)
    elif form is Format.NBIB:
        from resift.formats import nbib

        entries = nbib.read(text, where=where)
    elif form is Format.CSV:
        from resift.formats import csv

        entries = csv.read(text, where=where, columns=columns)
    elif form is Format.BIBTEX:
        from resift.formats import bibtex

        entries = bibtex.read(text, where=where)
    else:
        from resift.formats import endnote_xml

        entries = endnote_xml.read(text, where=where)
    return to_records(entries, source=source, where=where)
