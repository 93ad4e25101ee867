"""CSV and TSV tables of records: ours, and those of Embase, Scopus, Web of Science, Cochrane, Zotero, PubMed.

A table says what its columns mean only by their headings, so the headings that each database writes are
listed here, and a protocol may name others. Cells that a spreadsheet would run as a formula are written
with an apostrophe in front (OWASP, "CSV Injection"); reading our own tables takes exactly that one back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from resift.errors import FormatError, nearest
from resift.formats import fields
from resift.formats.entry import Entry
from resift.records import LIST_COLUMNS, RECORD_COLUMNS, Record

EXPORTED_COLUMNS = tuple(
    name
    for name in RECORD_COLUMNS
    if name not in ("affiliations", "element_sha256", "text_sha256", "other_abstract")
)
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_ITEM_ENDS = re.compile(r";;|; ")

# Column -> the headings that mean it, in order of trust; compared folded (lower case, words only).
# The two-letter ones are Web of Science's field tags in its tab-delimited export.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "pmid": ("PMID", "PubMed ID", "Pubmed Id", "Medline PMID", "PM", "PubMedID", "MEDLINE ID"),
    "doi": ("DOI", "DOI Link", "DI", "DOI URL"),
    "pmcid": ("PMCID", "PMC ID"),
    "title": ("Title", "Article Title", "Document Title", "Primary Title", "TI"),
    "vernacular_title": ("Original Title", "Original non-English title", "Vernacular Title"),
    "abstract": ("Abstract", "Abstract Note", "AB", "Abstracts"),
    "authors": ("Authors", "Author Names", "Author(s)", "Author", "AU", "Author full names"),
    "collective_authors": ("Collective Authors", "Group Authors", "CA"),
    "journal": (
        "Journal/Book", "Source title", "Publication Title", "Journal", "Journal Title", "Full Journal Title",
        "SO", "Publication", "Source",
    ),
    "journal_abbreviation": ("Abbreviated Source Title", "Journal Abbreviation", "Journal Abbrev", "JI"),
    "issn": ("ISSN", "SN", "ISSN Print"),
    "year": (
        "Publication Year", "Year", "PY", "Year Published", "Date", "Date of Publication", "Publication Date",
    ),
    "print_date": ("Publication Date", "Date of Publication", "Print Date"),
    "volume": ("Volume", "VL"),
    "issue": ("Issue", "IS", "Number"),
    "pages": ("Pages", "Page Range", "Page(s)"),
    "first_page": ("Page start", "First Page", "Start Page", "BP"),
    "last_page": ("Page end", "Last Page", "End Page", "EP"),
    "article_number": ("Art. No.", "Article Number", "AR"),
    "languages": ("Language of Original Document", "Language", "Article Language", "LA", "Languages"),
    "publication_types": ("Document Type", "Publication Type", "DT"),
    "keywords": ("Author Keywords", "Keywords", "Keyword(s)", "Manual Tags", "DE"),
    "type": ("Item Type", "Type"),
    "accession": (
        "Embase Accession ID", "PUI", "EID", "UT (Unique WOS ID)", "UT (Unique ID)", "UT", "Accession Number",
        "Cochrane ID", "Cochrane Review ID", "CENTRAL ID", "ID Number", "AN", "Key",
    ),
    "extra": ("Extra",),
}  # fmt: skip
_ITEM_TYPES = {
    "journalarticle": "article", "magazinearticle": "article", "newspaperarticle": "article", "book": "book",
    "booksection": "chapter", "conferencepaper": "conference", "thesis": "thesis", "report": "report",
    "preprint": "unpublished", "webpage": "web",
}  # fmt: skip


def neutralise(cell: str) -> str:
    """The cell, with one apostrophe in front where a spreadsheet might take it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restore(cell: str) -> str:
    """What `neutralise` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def join_items(items: Iterable[str]) -> str:
    """A list as one cell: `; ` between items, and a semicolon within an item doubled."""
    return "; ".join(item.replace(";", ";;") for item in items)


def split_items(cell: str) -> tuple[str, ...]:
    """What `join_items` was given."""
    items, item, at = [], "", 0
    for found in _ITEM_ENDS.finditer(cell):
        item += cell[at : found.start()]
        at = found.end()
        if found.group() == ";;":
            item += ";"
        else:
            items.append(item)
            item = ""
    items.append(item + cell[at:])
    return tuple(item for item in items if item)


def write(items: Sequence[tuple[Record, Mapping[str, str]]]) -> str:
    """A table of records with a heading line; the notes' keys, in order of appearance, are the last columns.

    A note whose key is also a column of the record is headed `note: key`.
    """
    keys = list(dict.fromkeys(key for _, notes in items for key in notes))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*EXPORTED_COLUMNS, *(f"note: {k}" if k in EXPORTED_COLUMNS else k for k in keys)])
    for record, notes in items:
        cells = [_cell(record, name) for name in EXPORTED_COLUMNS]
        writer.writerow([_safe(cell) for cell in (*cells, *(notes.get(key, "") for key in keys))])
    return out.getvalue()


def _safe(cell: str) -> str:
    """The cell for a spreadsheet; a bare carriage return, which would break the row, becomes a line end."""
    return neutralise(cell).replace("\r\n", "\n").replace("\r", "\n")


def _cell(record: Record, name: str) -> str:
    value = getattr(record, name)
    if name in LIST_COLUMNS:
        return join_items(value)
    return "" if value is None else str(value)


def read(text: str, *, where: str, columns: Mapping[str, str] | None = None) -> list[Entry]:
    """The rows of a table as entries.

    `columns` maps a column of the record (or `first_page`, `last_page`, `accession`) to the heading that
    holds it and goes before what is recognised. Raises FormatError where no title column can be found,
    a heading is missing or given twice, or a row has more cells than headings.
    """
    table = rows(text, where)
    (_, headings), body = table[0], table[1:]
    headings = [fields.one_line(h) for h in headings]
    if not body:
        raise FormatError("has headings but no rows", where=where, fix="export the records again")
    width = len(headings)
    for number, row in body:
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            raise FormatError(
                f"has {len(row)} cells under {width} headings",
                where=f"{where}, line {number}",
                fix="quote cells that hold the separator, or export the table again",
            )
        if number == body[-1][0] and len(row) < width and not text.endswith("\n"):
            raise FormatError(
                f"the last row has {len(row)} cells under {width} headings, so the file may be cut off",
                where=f"{where}, line {number}",
                fix="export the table again",
            )
        row += [""] * (width - len(row))
    if "record" in headings and "source" in headings and "title" in headings and not columns:
        return [_own_entry(dict(zip(headings, map(restore, row), strict=False)), n) for n, row in body]
    chosen = _choose(headings, columns or {}, where)
    return [_entry(headings, row, chosen, number) for number, row in body]


def rows(text: str, where: str) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, the headings among them, each with the line that it begins in.

    Raises FormatError with the line where the quotation marks do not pair.
    """
    return list(_rows(text, where))


def _rows(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(1 << 24)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise FormatError(
            f"a quotation mark is not closed or stands inside a cell ({error})",
            where=f"{where}, line {line}",
            fix="export the table again",
        ) from None


def _delimiter(text: str) -> str:
    """Tab, semicolon or comma: whichever the heading line holds most of outside quotation marks."""
    heading = re.sub(r'"[^"]*"', "", text.lstrip("\n").partition("\n")[0])
    return max(",\t;", key=heading.count)


def _choose(headings: Sequence[str], columns: Mapping[str, str], where: str) -> dict[str, int]:
    """Column of the record -> place of its heading in the table."""
    place: dict[str, int] = {}
    folded = [fields.fold(h) for h in headings]
    for name, heading in columns.items():
        if name not in HEADINGS and name not in RECORD_COLUMNS:
            near = nearest(name, [*HEADINGS, *RECORD_COLUMNS])
            raise FormatError(
                f"columns: {name!r} is not a column of a record",
                where=where,
                fix=f"did you mean {near!r}?" if near else "see the columns of records/<lane>.parquet",
            )
        if folded.count(fields.fold(heading)) != 1:
            near = nearest(heading, headings)
            problem = "twice" if fields.fold(heading) in folded else "not"
            raise FormatError(
                f"the heading {heading!r} for {name} is {problem} in the table",
                where=f"{where}, line 1",
                fix=f"did you mean {near!r}?" if near else f"the headings are {', '.join(headings)}",
            )
        place[name] = folded.index(fields.fold(heading))
    for name, known in HEADINGS.items():
        if name in place:
            continue
        for heading in known:
            if folded.count(fields.fold(heading)) == 1:
                place[name] = folded.index(fields.fold(heading))
                break
            if folded.count(fields.fold(heading)) > 1:
                raise FormatError(
                    f"the heading {heading!r} stands twice", where=f"{where}, line 1", fix="name one of them"
                )
    if "title" not in place:
        raise FormatError(
            f"no column looks like the title among {', '.join(headings[:12])}",
            where=f"{where}, line 1",
            fix="say which heading holds what with a map of columns (title: HEADING)",
        )
    return place


def _own_entry(row: Mapping[str, str], line: int) -> Entry:
    """A row that resift wrote: every column as it was."""
    values: dict[str, Any] = {}
    for name in EXPORTED_COLUMNS:
        if name in ("record", "source") or name not in row:
            continue
        cell = row[name]
        if name in LIST_COLUMNS:
            values[name] = split_items(cell)
        else:
            values[name] = fields.as_year(cell) if name == "year" else cell
    values["type"] = values.get("type") or "article"
    return Entry(values=values, raw=sorted(row.items()), own_id=row["record"], line=line)


def _entry(headings: Sequence[str], row: Sequence[str], place: Mapping[str, int], line: int) -> Entry:
    def cell(name: str) -> str:
        return row[place[name]].strip() if name in place else ""

    extra = cell("extra")  # Zotero keeps identifiers that it has no field for in Extra, one a line
    labelled = re.search(r"(?im)^\s*PMID:\s*(\d{1,8})\s*$", extra)
    first, last = cell("first_page"), cell("last_page")
    kind = cell("type")
    values: dict[str, Any] = {
        "type": _ITEM_TYPES.get(fields.fold(kind).replace(" ", ""), "article" if not kind else "other"),
        "pmid": fields.as_pmid(cell("pmid")) or (labelled.group(1) if labelled else ""),
        "doi": fields.as_doi(cell("doi")),
        "pmcid": fields.as_pmcid(cell("pmcid") or extra),
        "title": fields.one_line(cell("title")),
        "vernacular_title": fields.one_line(cell("vernacular_title")),
        "abstract": _abstract(cell("abstract")),
        "authors": split_people(cell("authors")),
        "collective_authors": split_items(cell("collective_authors")),
        "journal": fields.one_line(cell("journal")),
        "journal_abbreviation": fields.one_line(cell("journal_abbreviation")),
        "issn": re.split(r"[;,]?\s", cell("issn"))[0].strip(";,"),
        "year": fields.as_year(cell("year")),
        "print_date": fields.as_iso_date(cell("print_date") or cell("year")),
        "volume": cell("volume"),
        "issue": cell("issue"),
        "pages": cell("pages") or fields.join_pages(first, last) or cell("article_number"),
        "languages": fields.as_languages(cell("languages")),
        "publication_types": tuple(p.strip() for p in cell("publication_types").split(";") if p.strip()),
        "keywords": tuple(k.strip() for k in cell("keywords").split(";") if k.strip()),
    }
    raw = sorted(zip(headings, row, strict=False))
    return Entry(values=values, raw=raw, accession=cell("accession"), line=line)


def _abstract(text: str) -> str:
    return "" if text in ("[No abstract available]", "No abstract available") else text


def split_people(cell: str) -> tuple[str, ...]:
    """Names in one cell, between semicolons, or commas where there are none (PubMed, older Scopus)."""
    cell = re.sub(r"\s*\(\d{6,}\)", "", cell).strip().rstrip(".")  # Scopus adds its author numbers
    cell = re.sub(r",?\s*(?:et al\.?|…)$", "", cell)
    parts = [part.strip() for part in cell.split(",")]
    if ";" in cell:
        names = [fields.as_author(part) for part in cell.split(";")]
    elif re.search(r"\sand\s", cell):
        names = [fields.as_author(part) for part in re.split(r",?\s+and\s+", cell)]
    elif len(parts) == 2 and not fields.is_initials(parts[0].split(" ")[-1]):
        names = [fields.as_author(cell)]
    elif len(parts) % 2 == 0 and all(fields.is_initials(given) and "." in given for given in parts[1::2]):
        names = [fields.as_author(", ".join(pair)) for pair in zip(parts[::2], parts[1::2], strict=True)]
    else:
        names = [fields.as_author(part) for part in parts]
    return tuple(name for name in names if name)
