"""CSV and TSV tables of records: ours, and those of every platform whose headings `columns` knows.

A protocol may name other headings. Cells that a spreadsheet would run as a formula are written
with an apostrophe in front (OWASP, "CSV Injection"); reading our own tables takes exactly that one back.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from resift.errors import FormatError, nearest
from resift.formats import columns as columns_
from resift.formats import platforms, workbook
from resift.formats.build import Found, build
from resift.formats.columns import HEADINGS
from resift.formats.entry import Entry
from resift.formats.notation import join_items, split_items
from resift.formats.notes import Notes
from resift.formats.people import is_body, names_in
from resift.records import LIST_COLUMNS, RECORD_COLUMNS, Record
from resift.rows import neutralise, restore
from resift.text.dates import as_year
from resift.text.fold import fold, one_line
from resift.text.identifiers import as_pmid

EXPORTED_COLUMNS = tuple(
    name
    for name in RECORD_COLUMNS
    if name not in ("affiliations", "element_sha256", "text_sha256", "other_abstract")
)
_exported = attrgetter(*EXPORTED_COLUMNS)
INCLUDED = "included"
_NOTE = "note: "
_ITEM_TYPES = {
    "journalarticle": "article", "magazinearticle": "article", "newspaperarticle": "article", "book": "book",
    "booksection": "chapter", "conferencepaper": "conference", "thesis": "thesis", "report": "report",
    "preprint": "unpublished", "webpage": "web", "article": "article",
}  # fmt: skip
_SAID_TYPES = {
    "book": "book", "book chapter": "chapter", "conference paper": "conference", "dissertation": "thesis",
    "dissertation thesis": "thesis", "thesis": "thesis", "preprint": "unpublished", "report": "report",
    "conference proceedings article": "conference", "conference proceedings": "conference",
}  # fmt: skip


class _AsText:
    """What lets a CSV writer give back the row that it writes."""

    def write(self, text: str) -> str:
        return text


_line = csv.writer(_AsText(), lineterminator="\n").writerow


def heading(keys: Sequence[str]) -> str:
    """The first line of a table whose notes have these keys, its last columns. A key that is also a column of
    the record is headed `note: key`; where anything is noted, `included` is ASReview's label."""
    label = [INCLUDED] if keys else []
    return str(_line([*EXPORTED_COLUMNS, *label, *(_heading(key) for key in keys)]))


def row(record: Record) -> str:
    """One line of a table: the columns of the record."""
    return str(_line(map(_safe, map(_cell, _exported(record)))))


def noted(line: str, notes: Mapping[str, str], relevant: bool | None, *, keys: Sequence[str]) -> str:
    """A line of `row` under a heading with these keys; the label is 1, 0, or empty where nobody decided."""
    if not keys:
        return line
    label = "" if relevant is None else str(int(relevant))
    return line.removesuffix("\n") + "," + str(_line([label, *(_safe(notes.get(key, "")) for key in keys)]))


def _heading(key: str) -> str:
    return f"{_NOTE}{key}" if key in (*EXPORTED_COLUMNS, INCLUDED) else key


def _safe(cell: str) -> str:
    """The cell for a spreadsheet; a bare carriage return, which would break the row, becomes a line end."""
    safe = neutralise(cell)
    return safe.replace("\r\n", "\n").replace("\r", "\n") if "\r" in safe else safe


def _cell(value: str | int | tuple[str, ...] | None) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return join_items(value)
    return "" if value is None else str(value)


def read(text: str, *, where: str, notes: Notes, columns: Mapping[str, str] | None = None) -> Iterator[Entry]:
    """The rows of a table as entries.

    `columns` maps a column of the record (or `first_page`, `last_page`, `accession`) to the heading that
    holds it and goes before what is recognised. Raises FormatError where no title column can be found,
    a heading is missing or stands twice over different cells, or a row has more cells than headings.
    """
    table = _rows(text, where, notes, tuple((columns or {}).values()))
    cut = not text.endswith("\n")
    yield from from_rows(table, where=where, notes=notes, columns=columns, cut=cut)


def read_workbook(
    data: bytes, *, where: str, notes: Notes, columns: Mapping[str, str] | None = None
) -> Iterator[Entry]:
    """The rows of the sheet of a workbook that has the most known headings; other sheets are told."""
    best: tuple[int, str, list[tuple[int, list[str]]]] = (-1, "", [])
    names = []
    for name, rows in workbook.sheets(data, where):
        names.append(name)
        place, _ = columns_.find_heading(
            ["\t".join(row) for _, row in rows[:60]], tuple((columns or {}).values())
        )
        known = columns_.known_headings(rows[place][1]) if place >= 0 else 0
        if rows and known > best[0]:
            best = (known, name, rows[max(place, 0) :])
            before = rows[: max(place, 0)]
    known, chosen, table = best
    if not table:
        raise FormatError("holds no rows", where=where, fix="export the records again")
    for number, row in before:
        notes.drop(number, " ".join(row))
    if others := [name for name in names if name != chosen]:
        notes.doubt(f"the sheet {chosen!r} was read, not {', '.join(map(repr, others))}")
    yield from from_rows(table, where=f"{where}, sheet {chosen!r}", notes=notes, columns=columns)


def read_fields_by_row(text: str, *, where: str, notes: Notes) -> Iterator[Entry]:
    """Embase.com's "CSV - Fields by row": a field and its values a line, a TITLE line begins a record."""
    entries: list[dict[str, str]] = []
    lines: list[int] = []
    for number, line in enumerate(_lines(text, 0), start=1):
        cells = next(csv.reader([line]), [])
        if not cells or not line.strip():
            continue
        name = cells[0].strip()
        if name == "TITLE":
            entries.append({})
            lines.append(number)
        if not entries:
            notes.drop(number, line)
        else:
            entries[-1][name] = "; ".join(cell for cell in cells[1:] if cell)
    headings = list(dict.fromkeys(name for entry in entries for name in entry))
    rows = [(n, [entry.get(name, "") for name in headings]) for n, entry in zip(lines, entries, strict=True)]
    yield from from_rows([(1, headings), *rows], where=where, notes=notes)


def from_rows(
    table: Iterable[tuple[int, list[str]]],
    *,
    where: str,
    notes: Notes,
    columns: Mapping[str, str] | None = None,
    cut: bool = False,
) -> Iterator[Entry]:
    """Entries from rows of text (with their line), the heading line first; `cut`: no line end at the end."""
    body = iter(table)
    first, headings = next(body)
    headings = [one_line(h) for h in headings]
    folded = [fold(heading) for heading in headings]
    ours = {"record", "source", "title"} <= set(headings) and not columns
    platform = platforms.RESIFT if ours else platforms.of_table(folded)
    chosen = {} if ours else _choose(headings, columns or {}, f"{where}, line {first}")
    if platform.name == "BVS (LILACS)" and "id" in folded:  # elsewhere `ID` is anything
        chosen.setdefault("accession", []).insert(0, folded.index("id"))
    twice = [
        (one, other)
        for places in chosen.values()
        for one, other in itertools.pairwise(places)
        if folded[one] == folded[other]
    ]
    filled = [0] * len(headings)
    number = 0
    for number, row in _of_one_width(body, len(headings), where, cut=cut):
        notes.platforms[platform.name] += 1
        for at, cell in enumerate(row):
            if cell and not cell.isspace():
                filled[at] += 1
        for one, other in twice:
            if row[one] != row[other]:
                raise FormatError(
                    f"the heading {headings[one]!r} stands twice, over different cells",
                    where=f"{where}, line {number}",
                    fix="name one of them otherwise",
                )
        if ours:
            yield _own_entry(dict(zip(headings, map(restore, row), strict=False)), where, number)
        else:
            yield _entry(headings, row, chosen, number, platform, notes)
    if not number:
        raise FormatError("has headings but no rows", where=where, fix="export the records again")
    used = {at for places in chosen.values() for at in places}
    for at, count in enumerate(filled):
        if count and at not in used and not ours:
            notes.unused[headings[at] or f"column {at + 1}"] = count


def _of_one_width(
    body: Iterator[tuple[int, list[str]]], width: int, where: str, *, cut: bool
) -> Iterator[tuple[int, list[str]]]:
    """The rows filled up to the headings. Raises FormatError for a longer one, or a last one cut off."""
    held: tuple[int, list[str]] | None = None
    for number, row in itertools.chain(body, [(0, [])]):
        if held is not None:
            before, cells = held
            if not number and cut and len(cells) < width:
                raise FormatError(
                    f"the last row has {len(cells)} cells under {width} headings, so the file may be cut off",
                    where=f"{where}, line {before}",
                    fix="export the table again",
                )
            yield before, cells + [""] * (width - len(cells))
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            raise FormatError(
                f"has {len(row)} cells under {width} headings",
                where=f"{where}, line {number}",
                fix="quote cells that hold the separator, or export the table again",
            )
        held = number, row[:width]


def rows(text: str, where: str, named: Sequence[str] = ()) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, the headings first, each with the line that it begins in.

    `named` are headings to look for beside the known ones.
    Raises FormatError with the line where the quotation marks do not pair.
    """
    return list(_rows(text, where, Notes(where), named))


def _rows(text: str, where: str, notes: Notes, named: Sequence[str] = ()) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(1 << 24)
    head = text[:200_000].split("\n")
    at, separator = columns_.find_heading(head, named)
    at = max(at, next((n for n, line in enumerate(head) if line.strip()), 0) if at < 0 else at)
    for number, line in enumerate(head[:at], start=1):
        if line.strip():
            notes.drop(number, line)
    # `StringIO` would hold a second copy of the text, four bytes a character.
    lines = _lines(text, at)
    bare = separator == "\t" and _bare(text, at)
    reader = csv.reader(
        lines,
        delimiter=separator,
        strict=True,
        quoting=csv.QUOTE_NONE if bare else csv.QUOTE_MINIMAL,
        skipinitialspace=True,
    )
    line_number = at + 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line_number, row
            line_number = at + reader.line_num + 1
    except csv.Error as error:
        raise FormatError(
            f"a quotation mark is not closed or stands inside a cell ({error})",
            where=f"{where}, line {line_number}",
            fix="export the table again",
        ) from None


def _lines(text: str, skip: int) -> Iterator[str]:
    """The lines of a text with their ends, from the line after the first `skip`."""
    start = 0
    number = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        if number >= skip:
            yield text[start:end]
        start, number = end, number + 1


def _bare(text: str, skip: int) -> bool:
    """True where a table with tabs sets no quotation marks (Web of Science): some cell begins with one
    that does not end it, and the tabs of all lines agree."""
    lines = [line for line in _lines(text[:2_000_000], skip) if line.strip()][:2000]
    tabs = lines[0].count("\t")
    odd = any(line.count('"') % 2 or re.search(r'(?:^|\t)"[^"\t]+"[^\t"]', line) for line in lines)
    return odd and all(line.count("\t") in (tabs, tabs + 1, tabs - 1) for line in lines[:-1])


def _choose(
    headings: Sequence[str],
    columns: Mapping[str, str],
    where: str,
) -> dict[str, list[int]]:
    """Column of the record -> places of its headings in the table, the most trusted first."""
    chosen: dict[str, list[int]] = {}
    folded = [fold(h) for h in headings]
    for name, heading in columns.items():
        if name not in HEADINGS and name not in RECORD_COLUMNS:
            near = nearest(name, [*HEADINGS, *RECORD_COLUMNS])
            raise FormatError(
                f"columns: {name!r} is not a column of a record",
                where=where.rpartition(",")[0],
                fix=f"did you mean {near!r}?" if near else "see the columns of records/<lane>.parquet",
            )
        if folded.count(fold(heading)) != 1:
            near = nearest(heading, headings)
            problem = "twice" if fold(heading) in folded else "not"
            raise FormatError(
                f"the heading {heading!r} for {name} is {problem} in the table",
                where=where,
                fix=f"did you mean {near!r}?" if near else f"the headings are {', '.join(headings)}",
            )
        chosen[name] = [folded.index(fold(heading))]
    for name, known in columns_.FOLDED.items():
        if name in chosen:
            continue
        places = [at for heading in known for at, held in enumerate(folded) if held == heading]
        if places:
            chosen[name] = places
    if "title" not in chosen:
        raise FormatError(
            f"no column looks like the title among {', '.join(headings[:12])}",
            where=where,
            fix="say which heading holds what with a map of columns (title: HEADING)",
        )
    return chosen


def _own_entry(row: Mapping[str, str], where: str, line: int) -> Entry:
    """A row that resift wrote: every column as it was. A spreadsheet may have changed a PMID."""
    values: dict[str, Any] = {}
    for name in EXPORTED_COLUMNS:
        if name in ("record", "source") or name not in row:
            continue
        cell = row[name]
        if name in LIST_COLUMNS:
            values[name] = split_items(cell)
        else:
            values[name] = as_year(cell) if name == "year" else cell
    values["type"] = values.get("type") or "article"
    if values.get("pmid") and not as_pmid(values["pmid"]):
        raise FormatError(
            f"the pmid {values['pmid'][:40]!r} is none: the row was changed since it was written",
            where=f"{where}, line {line}",
            fix="export the records again",
        )
    values["pmid"] = as_pmid(values.get("pmid", ""))
    noted = {
        heading.removeprefix(_NOTE): cell
        for heading, cell in row.items()
        if heading not in (*EXPORTED_COLUMNS, INCLUDED) and cell
    }
    return Entry(values=values, raw=sorted(row.items()), own_id=row["record"], line=line, noted=noted)


def _entry(
    headings: Sequence[str],
    row: Sequence[str],
    chosen: Mapping[str, Sequence[int]],
    line: int,
    platform: platforms.Platform,
    notes: Notes,
) -> Entry:
    found: Found = {
        name: [(cell, headings[at]) for at in places if (cell := row[at].strip())]
        for name, places in chosen.items()
    }
    for name in ("authors", "editors"):
        # One heading holds them all; another says the same in another way (Scopus: full names).
        cells = found.get(name, [])[:1]
        found[name] = [
            (person, heading)
            for cell, heading in cells
            for person in split_people(cell, glued=platform.name == "SpringerLink")
        ]
    found["keywords"] = [
        (word, heading) for cell, heading in found.get("keywords", ()) for word in _words(cell, platform)
    ]
    kind = next((text for text, _ in found.get("type", ())), "")
    said = fold(next((text for text, _ in found.get("publication_types", ())), ""))
    named = _ITEM_TYPES.get(fold(kind).replace(" ", "")) or _SAID_TYPES.get(said)
    found["type"] = [(named or ("other" if kind else "article"), "")]
    for extra, heading in found.pop("extra", ()):  # Zotero keeps identifiers without a field here
        for labelled in re.findall(r"(?im)^\s*PMID:\s*(\d{1,8})\s*$", extra):
            found.setdefault("pmid", []).append((labelled, heading))
        for labelled in re.findall(r"(?im)^\s*PMCID:\s*(PMC\d+)\s*$", extra):
            found.setdefault("pmcid", []).append((labelled, heading))
    numbers = found.pop("accession", [])
    database = " ".join(text for text, _ in found.pop("database", ()))
    medline = re.match(r"(?i)(?:ovid\s+)?medline\b", database)
    for text, heading in numbers:
        if medline and platform.name in ("Ovid", "EBSCO", "ProQuest"):
            found.setdefault("pmid", []).append((text, heading))
        elif labelled := re.match(r"(?:MEDLINE:|mdl-)(\d{1,8})$", text):
            found.setdefault("pmid", []).append((labelled.group(1), heading))
    values = build(found, notes, place=f"line {line}")
    if found.get("pmid") and not values["pmid"]:
        notes.doubt(
            "cells under a PMID heading that hold no PMID", f"line {line} ({found['pmid'][0][0][:30]!r})"
        )
    return Entry(
        values=values,
        raw=sorted(zip(headings, row, strict=False)),
        accession=next(
            (text for text, _ in numbers if not (values["pmid"] and as_pmid(text) == values["pmid"])),
            "",
        ),
        line=line,
    )


def _words(cell: str, platform: platforms.Platform) -> list[str]:
    """Keywords between semicolons, else commas (but not at Cochrane, which writes `Child, Preschool`)."""
    if ";" in cell or "|" in cell or platform.name == "Cochrane Library":
        return [cell]
    return re.split(r",\s+", cell)


def split_people(cell: str, *, glued: bool = False) -> list[str]:
    """The names in one cell, bodies with a comma behind them so that they stay apart from persons."""
    if ";" not in cell and is_body(cell) and not re.search(r"\b[A-Z]{1,3}\b[,;]", cell):
        return [f"{cell},"]
    parts = re.split(r"\s*;\s*", cell) if ";" in cell else [cell]
    names: list[str] = []
    for part in parts:
        names += [f"{part},"] if len(parts) > 1 and is_body(part) else names_in(part, glued=glued)
    return names
