"""Files of records, in and out: what databases, reference managers and screening tools save."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from resift.errors import FormatError
from resift.formats.entry import Entry, to_records
from resift.formats.notes import Notes
from resift.formats.repair import undo_mojibake
from resift.formats.sniff import Format, format_of
from resift.formats.suspicion import find_suspicious
from resift.formats.text import decode, read_bytes
from resift.formats.workbook import is_workbook
from resift.records import Record

__all__ = ["Export", "read_entries", "read_export", "read_file"]


# PubMed and we write these, and never in the wrong encoding.
_ALWAYS_RIGHT = (Format.NBIB, Format.PUBMED_XML)


@dataclass(frozen=True, slots=True)
class Export:
    """The records of one file, and what there is to say of how it was read."""

    records: list[Record]
    notes: Notes


def read_file(path: Path, *, source: str = "", columns: Mapping[str, str] | None = None) -> list[Record]:
    """The records of one exported file, as `read_export` reads it; what it has to say goes to the log
    `resift.formats` (what was taken from where as information, what was dropped or is doubtful as warning).
    Raises `FormatError` for a file that cannot be read whole.
    """
    export = read_export(path, source=source, columns=columns)
    export.notes.tell()
    return export.records


def read_export(path: Path, *, source: str = "", columns: Mapping[str, str] | None = None) -> Export:
    """The records of one exported file (docs/file-formats.md lists what is read), gzipped or not.

    The content decides the format. `source` names the database (`embase`) and begins each record id:
    `embase:<accession number>`, or `embase:<hash of the entry>` where the entry has none. Without it,
    files written by resift keep their ids and any other file is its own source. `columns` maps columns of
    the record to the headings of a table. Raises FormatError, with the line where there is one, for what
    cannot be read or is cut off.
    """
    notes = Notes(str(path))
    entries = _opened(path, notes, columns)
    records = to_records(entries, source=source, where=notes.where, notes=notes)
    notes.records = len(records)
    find_suspicious(records, notes)
    return Export(records, notes)


def read_entries(path: Path) -> Iterator[Entry]:
    """The entries of one exported file as its reader finds them, before they become records."""
    return _opened(path, Notes(str(path)), None)


def _opened(path: Path, notes: Notes, columns: Mapping[str, str] | None) -> Iterator[Entry]:
    where = notes.where
    data = read_bytes(path)
    if is_workbook(data):
        form, text = Format.XLSX, ""
    else:
        text = decode(data, where=where, notes=notes)
        form, remark = format_of(text, path)
        if remark:
            notes.doubt(remark)
        if form not in _ALWAYS_RIGHT:
            text = undo_mojibake(text, notes)
    if columns and form not in (Format.CSV, Format.XLSX):
        raise FormatError(
            f"is {form.value}, which has no columns to map",
            where=where,
            fix="take `columns` out of the import",
        )
    notes.form = form.value
    return _entries(form, text, data, where, notes, columns)


def _entries(  # noqa: C901 - one case for each format
    form: Format, text: str, data: bytes, where: str, notes: Notes, columns: Mapping[str, str] | None
) -> Iterator[Entry]:
    """The reader of each format, imported when it is needed."""
    from resift.formats import bibtex, csl_json, csv, endnote_xml, nbib, pubmed_text, ris, tagged

    match form:
        case Format.RIS:
            return ris.read(text, where=where, notes=notes)
        case Format.NBIB:
            return nbib.read(text, where=where, notes=notes)
        case Format.CSV:
            return csv.read(text, where=where, notes=notes, columns=columns)
        case Format.XLSX:
            return csv.read_workbook(data, where=where, notes=notes, columns=columns)
        case Format.EMBASE_ROWS:
            return csv.read_fields_by_row(text, where=where, notes=notes)
        case Format.TRIALS_XML:
            return csv.from_rows(csl_json.trial_rows(text, where), where=where, notes=notes)
        case Format.BIBTEX:
            return bibtex.read(text, where=where, notes=notes)
        case Format.CSL_JSON:
            return csl_json.read(text, where=where, notes=notes)
        case Format.PUBMED_XML:
            return pubmed_text.read_xml(text, where=where, notes=notes)
        case Format.PUBMED_ABSTRACT:
            return pubmed_text.read_abstracts(text, where=where, notes=notes)
        case Format.PUBMED_SUMMARY:
            return pubmed_text.read_summaries(text, where=where, notes=notes)
        case Format.PMIDS:
            return pubmed_text.read_pmids(text, where=where, notes=notes)
        case Format.WOS_TEXT:
            return tagged.read(text, tagged.WEB_OF_SCIENCE, where=where, notes=notes)
        case Format.ENW:
            return tagged.read(text, tagged.ENDNOTE, where=where, notes=notes)
        case Format.REFWORKS:
            return tagged.read(text, tagged.REFWORKS, where=where, notes=notes)
        case Format.OVID_TEXT:
            return tagged.read(text, tagged.OVID, where=where, notes=notes)
    return endnote_xml.read(text, where=where, notes=notes)
