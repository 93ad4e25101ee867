"""Hand-searched references: a file of reference strings, or records in RIS, CSV and the like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from resift.errors import FormatError
from resift.files import sha256_text
from resift.formats import csv, document, workbook
from resift.formats.citations.lists import split_strings
from resift.formats.citations.model import Citation, Kind
from resift.formats.citations.parse import parse_citation
from resift.formats.citations.render import citation_of
from resift.formats.entry import SHORT_HASH, Entry, to_records
from resift.formats.notes import Notes
from resift.formats.sniff import READABLE, Format, sniff
from resift.formats.text import decode, read_bytes
from resift.records import Record
from resift.text.dates import as_iso_date
from resift.text.fold import fold, one_line
from resift.text.identifiers import as_pmid

_NUMBERED = re.compile(r"^\s*[\[(]?(\d{1,4})\s?[\]).:]\s+(?=\S)")
_NUMBERED_SAVES = (Format.PUBMED_SUMMARY, Format.PUBMED_ABSTRACT)
_STRING_HEADINGS = ("citation", "reference", "reference string", "full citation", "bibliography entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsearchedEntry:
    """One entry of a hand-searched file: its parts, and itself as a record should nothing held match it."""

    line: int
    citation: Citation
    record: Record


def read_citations(path: Path, *, source: str = "handsearched") -> list[HandsearchedEntry]:
    """The entries of a hand-searched file in its order, with ids `<source>:<hash of the entry>`.

    Text or a Word document: a list as people paste it (`lists.split_strings`); lines that begin with `#` are
    remarks. A table or workbook with a column of reference strings (`citation`, and perhaps `pmid`), RIS,
    nbib, CSV, BibTeX and EndNote XML work too. A file with nothing but remarks has no entries. What was left
    out of a list is told in the log `resift.formats`.
    Raises FormatError when the file is missing, empty or in another format.
    """
    where = str(path)
    data = read_bytes(path)
    if workbook.is_workbook(data):
        form: Format | None = Format.XLSX
        text = ""
        tables = list(workbook.sheets(data, where))
    elif document.is_document(data):
        form, text, tables = Format.CITATIONS, document.text_of(data, where), []
    else:
        text = decode(data, where=where)
        form = sniff(text)
        is_table = form is Format.CSV or (form in (None, Format.CITATIONS) and _is_string_table(text))
        tables = [("", csv.rows(text, where, _STRING_HEADINGS))] if is_table else []
    for name, rows in tables:
        notes = Notes(where, form=(form or Format.CSV).value)
        if strings := _string_table(rows, notes):
            for other in (sheet for sheet, _ in tables if sheet != name):
                notes.doubt("only the first sheet of reference strings is read", f"not {other!r}")
            return _told(_entries(strings, source, where), notes)
    if form in READABLE and not (form in _NUMBERED_SAVES and _is_pasted(text)):
        return _records(path, source)
    if form is not None and form is not Format.CITATIONS and form not in _NUMBERED_SAVES:
        raise FormatError(
            f"is {form.value}, not reference strings",
            where=where,
            fix="give one reference a line, or RIS, nbib, CSV, BibTeX or EndNote XML",
        )
    notes = Notes(where, form=Format.CITATIONS.value)
    strings = [(line, string, "") for line, string in split_strings(text, notes)]
    return _told(_entries(strings, source, where), notes)


def _told(entries: list[HandsearchedEntry], notes: Notes) -> list[HandsearchedEntry]:
    notes.records = len(entries)
    notes.tell()
    return entries


def _records(path: Path, source: str) -> list[HandsearchedEntry]:
    """Records of a file, as entries."""
    from resift.formats import read_file

    return [
        HandsearchedEntry(line=0, citation=replace(citation_of(record), text=_as_text(record)), record=record)
        for record in read_file(path, source=source)
    ]


def _is_pasted(text: str) -> bool:
    """Whether a numbered list with PMIDs is no save of PubMed's: a Summary has a PMID in every entry, an
    Abstract has it in a paragraph of its own."""
    strings = [string for _, string in split_strings(text)]
    paragraphs = [p for p in re.split(r"\n[ \t]*\n", text) if re.match(r"\s*\d{1,4}[.:] ", p)]
    own = re.search(r"(?m)^PMID: ", text) is not None and not any("PMID: " in p for p in paragraphs)
    return not own and not all("PMID: " in string for string in strings)


def to_record(citation: Citation, *, source: str = "handsearched") -> Record:
    """A citation that no record held matches, as a record of its own: `<source>:<hash of the entry>`."""
    entry = _entry(citation, 0)
    return to_records([entry], source=source, where="")[0]


def to_ecitmatch(citation: Citation, key: str) -> str:
    """The line that NCBI's ecitmatch looks a reference up by: `journal|year|volume|first page|author|key|`.

    NBK25499, ECitMatch: `bdata`. Empty where the string does not say; `|` within a part becomes a blank.
    """
    parts = (
        citation.journal,
        str(citation.year or ""),
        citation.volume,
        citation.first_page,
        citation.authors[0] if citation.authors else "",
        key,
    )
    return "|".join(one_line(part.replace("|", " ")) for part in parts) + "|"


def _is_string_table(text: str) -> bool:
    """Whether the first line with text heads a column of reference strings, quoted or beside others."""
    lines = [line for line in text[:100_000].split("\n") if line.strip()][:2]
    for sign in ("\t", ",", ";", "|"):
        cells = [fold(cell) for cell in lines[0].split(sign)] if lines else []
        if any(name in cells for name in _STRING_HEADINGS) and (len(cells) > 1 or lines[-1].startswith('"')):
            return True
    return False


def _string_table(rows: Sequence[tuple[int, list[str]]], notes: Notes) -> list[tuple[int, str, str]]:
    """(line, string, PMID) of each row where a table has reference strings and no title column.

    A sheet with one column and no heading is a list of strings too. A row with a PMID alone is told by it.
    """
    filled = [(line, [cell for cell in row if cell.strip()]) for line, row in rows]
    headings = [fold(cell) for cell in rows[0][1]] if rows else []
    column = next((headings.index(name) for name in _STRING_HEADINGS if name in headings), None)
    if column is None and filled and all(len(cells) == 1 for _, cells in filled):
        first = filled[0][1][0]
        heading = not re.search(r"\d{4}|[^\W\d_]\.\s", first)
        if heading:
            notes.drop(filled[0][0], first)
        return [(line, cells[0], "") for line, cells in filled[heading:]]
    if column is None or "title" in headings:
        return []
    place = headings.index("pmid") if "pmid" in headings else None
    found = []
    for line, row in rows[1:]:
        pmid = as_pmid(row[place]) if place is not None and place < len(row) else ""
        string = row[column].strip() if column < len(row) else ""
        if len(row) == 1 and string[:1] == string[-1:] == '"':
            string = string[1:-1].replace('""', '"')  # of one column nothing says that marks enclose cells
        if string or pmid:
            found.append((line, string or f"PMID: {pmid}", pmid))
        else:
            notes.drop(line, " ".join(cell for cell in row if cell.strip()))
    return found


def _entries(strings: list[tuple[int, str, str]], source: str, where: str) -> list[HandsearchedEntry]:
    citations = []
    for _, string, pmid in strings:
        citation = parse_citation(string)
        citations.append(replace(citation, pmid=citation.pmid or pmid))
    found = [_entry(c, line) for c, (line, _, _) in zip(citations, strings, strict=True)]
    records = to_records(found, source=source, where=where)
    return [
        HandsearchedEntry(line=entry.line, citation=citation, record=record)
        for entry, citation, record in zip(found, citations, records, strict=True)
    ]


def columns_of(citation: Citation) -> dict[str, Any]:
    """What the parts of a citation are called in the table of records."""
    return {
        "pmid": citation.pmid,
        "doi": citation.doi,
        "pmcid": citation.pmcid,
        "title": citation.title,
        "authors": citation.authors,
        "collective_authors": citation.collective,
        "journal": citation.journal,
        "year": citation.year,
        "print_date": as_iso_date(citation.date),
        "volume": citation.volume,
        "issue": citation.issue,
        "pages": citation.pages,
    }


def _entry(citation: Citation, line: int) -> Entry:
    """The entry that a string makes; the hash leaves out the list number, so order does not matter."""
    string = _NUMBERED.sub("", citation.text)
    kind = {Kind.CHAPTER: "chapter", Kind.BOOK: "book", Kind.WEB: "web"}.get(citation.kind, "article")
    values = {
        **columns_of(citation),
        "type": kind,
        # A string of which nothing could be read is its own title: shown as it is, never dropped.
        "title": citation.title or ("" if citation.journal else string),
    }
    digest = sha256_text(string)[:SHORT_HASH]
    return Entry(values=values, raw=string, accession=digest, line=line)


def _as_text(record: Record) -> str:
    from resift.formats.citations.model import Style
    from resift.formats.citations.render import render

    return render(record, Style.VANCOUVER)
