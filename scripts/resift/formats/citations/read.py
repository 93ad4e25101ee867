"""Hand-searched references: a file of reference strings, or records in RIS, CSV and the like."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from resift.errors import FormatError
from resift.formats import fields
from resift.formats.citations.model import Citation, Kind
from resift.formats.citations.parse import parse_citation
from resift.formats.citations.render import citation_of
from resift.formats.entry import SHORT_HASH, Entry, to_records
from resift.formats.sniff import READABLE, Format, sniff
from resift.formats.text import read_text
from resift.records import Record

_NUMBERED = re.compile(r"^\s*[\[(]?(\d{1,4})\s?[\]).:]\s+(?=\S)")
_STRING_HEADINGS = ("citation", "reference", "reference string", "full citation", "bibliography entry")
_JUMP = 5  # how far a list may skip ahead in its numbers and still be one list


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsearchedEntry:
    """One entry of a hand-searched file: its parts, and itself as a record should nothing held match it."""

    line: int
    citation: Citation
    record: Record


def read_citations(path: Path, *, source: str = "handsearched") -> list[HandsearchedEntry]:
    """The entries of a hand-searched file in its order, with ids `<source>:<hash of the entry>`.

    Text: numbered, in paragraphs, or one string a line; lines that begin with `#` are remarks. A table
    with a column of reference strings (`citation`, and perhaps `pmid`), RIS, nbib, CSV, BibTeX and
    EndNote XML work too. A file with nothing but remarks has no entries.
    Raises FormatError when the file is missing, empty or in another format.
    """
    text = read_text(path)
    where = str(path)
    form = sniff(text)
    if form is Format.CSV and (strings := _string_table(text, where)):
        return _entries(strings, source, where)
    if form in READABLE:
        from resift.formats import read_file

        return [
            HandsearchedEntry(
                line=0, citation=replace(citation_of(record), text=_as_text(record)), record=record
            )
            for record in read_file(path, source=source)
        ]
    if form is not None and form is not Format.CITATIONS:
        raise FormatError(
            f"is {form.value}, not reference strings",
            where=where,
            fix="give one reference a line, or RIS, nbib, CSV, BibTeX or EndNote XML",
        )
    return _entries([(line, string, "") for line, string in split_strings(text)], source, where)


def split_strings(text: str) -> Iterator[tuple[int, str]]:
    """Each reference string of a text with the line that it begins in; wrapped lines stay together.

    A numbered list goes by its numbers (a line that merely begins with one, `2021: A systematic
    review`, does not begin an entry); else paragraphs between blank lines where they have several
    lines; else each line is an entry, and an indented line continues the one before.
    """
    lines = [
        (n, line) for n, line in enumerate(text.split("\n"), start=1) if not line.lstrip().startswith("#")
    ]
    filled = [(n, line) for n, line in lines if line.strip()]
    if not filled:
        return
    if _is_numbered(filled):
        starts = _numbered_starts(lines)
    elif _in_paragraphs(lines):
        starts = {
            n
            for at, (n, line) in enumerate(lines)
            if line.strip() and (at == 0 or not lines[at - 1][1].strip())
        }
    else:
        starts = {n for n, line in filled if not line[0].isspace()} | {filled[0][0]}
    start, block = filled[0][0], [filled[0][1]]
    for n, line in filled[1:]:
        if n in starts:
            yield start, "\n".join(block)
            start, block = n, []
        block.append(line)
    yield start, "\n".join(block)


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
    return "|".join(fields.one_line(part.replace("|", " ")) for part in parts) + "|"


def _is_numbered(filled: list[tuple[int, str]]) -> bool:
    first = _NUMBERED.match(filled[0][1])
    if first is None:
        return False
    following = {int(m.group(1)) for _, line in filled[1:] if (m := _NUMBERED.match(line))}
    return len(filled) == 1 or int(first.group(1)) + 1 in following or not following


def _numbered_starts(lines: list[tuple[int, str]]) -> set[int]:
    starts: set[int] = set()
    expected: int | None = None
    before = ""
    for n, line in lines:
        found = _NUMBERED.match(line)
        if found:
            number = int(found.group(1))
            fresh = not before.strip() or before.rstrip().endswith((".", ";"))
            jump = expected is not None and fresh and (number == 1 or expected < number <= expected + _JUMP)
            if expected is None or number == expected or jump:
                starts.add(n)
                expected = number + 1
        before = line
    return starts


def _in_paragraphs(lines: list[tuple[int, str]]) -> bool:
    """Blank lines part the entries when some paragraph has several lines and there are several paragraphs."""
    paragraphs = [p for p in re.split(r"\n\s*\n", "\n".join(line for _, line in lines).strip()) if p.strip()]
    return len(paragraphs) > 1 and any("\n" in paragraph for paragraph in paragraphs)


def _string_table(text: str, where: str) -> list[tuple[int, str, str]]:
    """(line, string, PMID) of each row where a table has reference strings and no title column."""
    from resift.formats import csv

    rows = csv.rows(text, where)
    headings = [fields.fold(cell) for cell in rows[0][1]]
    column = next((headings.index(name) for name in _STRING_HEADINGS if name in headings), None)
    if column is None or "title" in headings:
        return []
    pmid = headings.index("pmid") if "pmid" in headings else None
    return [
        (line, row[column], fields.as_pmid(row[pmid]) if pmid is not None and pmid < len(row) else "")
        for line, row in rows[1:]
        if column < len(row) and row[column].strip()
    ]


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


def _entry(citation: Citation, line: int) -> Entry:
    """The entry that a string makes; the hash leaves out the list number, so order does not matter."""
    string = _NUMBERED.sub("", citation.text)
    kind = {Kind.CHAPTER: "chapter", Kind.BOOK: "book", Kind.WEB: "web"}.get(citation.kind, "article")
    values = {
        "type": kind,
        "pmid": citation.pmid,
        "doi": citation.doi,
        "pmcid": citation.pmcid,
        # A string of which nothing could be read is its own title: shown as it is, never dropped.
        "title": citation.title or ("" if citation.journal else string),
        "authors": citation.authors,
        "collective_authors": citation.collective,
        "journal": citation.journal,
        "year": citation.year,
        "print_date": fields.as_iso_date(citation.date),
        "volume": citation.volume,
        "issue": citation.issue,
        "pages": citation.pages,
    }
    digest = hashlib.sha256(string.encode()).hexdigest()[:SHORT_HASH]
    return Entry(values=values, raw=string, accession=digest, line=line)


def _as_text(record: Record) -> str:
    from resift.formats.citations.model import Style
    from resift.formats.citations.render import render

    return render(record, Style.VANCOUVER)
