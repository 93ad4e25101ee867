"""Tables that people keep by hand (`human-decisions.csv`, `known-items.csv`), as a spreadsheet saves them.

A spreadsheet saves with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows Latin-1, with and without a
mark at the start, pads rows with empty cells, and rewrites dates in the order of its country. What can be
told for certain is read; an ambiguous day is asked for, with its line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from resift.errors import ConfigError, FormatError, nearest
from resift.formats import workbook
from resift.formats.text import decode, read_bytes

Row = tuple[int, dict[str, str]]


def read_rows(path: Path, known: Sequence[str], required: Sequence[str]) -> list[Row]:
    """(line, column -> cell) of each row that is not empty; lines that begin with `#` are remarks.

    Column names go without regard to case and blanks. Raises ConfigError naming file and line for an
    unknown, missing or repeated column, a row with more cells than columns, and what is no table.
    """
    where = str(path)
    try:
        data = read_bytes(path)
        if workbook.is_workbook(data):
            table = next((rows for _, rows in workbook.sheets(data, where) if rows), [])
        else:
            table = _rows(decode(data, where=where), where)
    except FormatError as error:
        raise ConfigError(error.what, where=error.where, fix=error.fix) from None
    columns: list[str] | None = None
    found: list[Row] = []
    for number, cells in table:
        if not any(cell.strip() for cell in cells) or (columns is None and cells[0].startswith("#")):
            continue
        if columns is None:
            columns = _columns(cells, known, required, f"{where}, line {number}")
            continue
        if any(cell.strip() for cell in cells[len(columns) :]):
            raise ConfigError(
                f"{len(cells)} fields where the header has {len(columns)}",
                where=f"{where}, line {number}",
                fix="put quotes round a text that holds the separator",
            )
        row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        found.append((number, {name: row.get(name, "") for name in columns if name}))
    if columns is None:
        raise ConfigError("has no header", where=where, fix=f"first line: {','.join(known)}")
    return found


def headings(path: Path) -> frozenset[str]:
    """The names in the first row of a table, as `read_rows` would read them; what stands in the first line,
    cut at separators, where the file is none. Raises FormatError for what is no text and no workbook."""
    where = str(path)
    data = read_bytes(path)
    if workbook.is_workbook(data):
        rows = next((rows for _, rows in workbook.sheets(data, where) if rows), [])
        cells = next((cells for _, cells in rows if any(cell.strip() for cell in cells)), [])
    else:
        return frozenset(columns_in(decode(data, where=where))[1])
    return frozenset(map(_column, cells))


def columns_in(text: str) -> tuple[str, list[str]]:
    """The separator of a table and the names of its columns; a comma and none where there is no heading."""
    heading = next((x for x in text.split("\n") if x.strip() and not x.startswith(("#", "sep="))), "")
    separator = max(",;\t", key=heading.count)
    return separator, [
        _column(cell) for cell in next(csv.reader([heading.rstrip("\r")], delimiter=separator), [])
    ]


def _column(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", cell.strip().lower())


def _rows(text: str, where: str) -> list[tuple[int, list[str]]]:
    # Only a line feed ends a line (`decode` leaves no other), whatever else Python takes for one (U+2028).
    lines = (f"{line}\n" for line in text.split("\n"))
    reader = csv.reader(lines, delimiter=columns_in(text)[0], strict=True)
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if cells and not (len(found) == 0 and re.fullmatch(r"(?i)sep=.?", "".join(cells).strip())):
                found.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ConfigError(
            f"a quotation mark is not closed or stands inside a cell ({error})",
            where=f"{where}, line {line}",
            fix="save the table again as CSV",
        ) from None
    return found


def _columns(cells: Sequence[str], known: Sequence[str], required: Sequence[str], where: str) -> list[str]:
    names = [_column(cell) for cell in cells]
    for name in names:
        if name and name not in known:
            near = nearest(name, known)
            raise ConfigError(
                f"unknown column '{name}'",
                where=where,
                fix=f"did you mean '{near}'?" if near else f"known: {', '.join(known)}",
            )
        if name and names.count(name) > 1:
            raise ConfigError(f"column '{name}' stands twice", where=where, fix="delete one of them")
    if missing := [name for name in required if name not in names]:
        raise ConfigError(
            f"column '{missing[0]}' is missing", where=where, fix=f"columns: {', '.join(known)}"
        )
    return names


_YES = frozenset(["yes", "y", "true", "1", "x", "ja", "oui", "wahr", "vrai", "verdadero", "sí", "si"])
_NO = frozenset(["no", "n", "false", "0", "nein", "non", "falsch", "faux", "falso"])


def yes_or_no(text: str, column: str, where: str) -> bool | None:
    """A cell that says yes or no, also as a spreadsheet of another country writes it; None where it is empty.

    Raises ConfigError for any other word: taken for a no, it would change a number in silence.
    """
    word = text.strip().lower().removesuffix(".0")
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word:
        raise ConfigError(
            f"column '{column}' cannot be '{text}'", where=where, fix="write yes or no, or leave it empty"
        )
    return None


_TIME = (
    r"(?:[T ,]+(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?P<half>\s*[AaPp][Mm])?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_ISO = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})" + _TIME)
_LOCAL = re.compile(r"(?P<a>\d{1,2})(?P<sign>[-/.])(?P<b>\d{1,2})(?P=sign)(?P<y>\d{4}|\d{2})" + _TIME)


def as_day(text: str, where: str) -> str:
    """A day, with its time where given, as ISO 8601; a spreadsheet's `13/03/2026 10:00` too.

    Raises ConfigError where day and month could be either, or there is no such day.
    """
    text = text.strip()
    if not text or re.fullmatch(
        r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?", text
    ):
        return text
    if found := _ISO.fullmatch(text):
        return _joined(found["y"], found["m"], found["d"], found.groupdict(), text, where)
    if found := _LOCAL.fullmatch(text):
        one, two = int(found["a"]), int(found["b"])
        year = found["y"] if len(found["y"]) == 4 else f"20{found['y']}"
        if found["sign"] == "." or one > 12 or one == two:
            return _joined(year, two, one, found.groupdict(), text, where)
        if two > 12:
            return _joined(year, one, two, found.groupdict(), text, where)
        raise ConfigError(
            f"'{text}' could be {year}-{two:02d}-{one:02d} or {year}-{one:02d}-{two:02d}",
            where=where,
            fix="write the day as year-month-day, for example 2026-03-01",
        )
    return text  # no day at all: the schema says so


def _joined(
    year: str, month: str | int, day: str | int, parts: Mapping[str, str | None], text: str, where: str
) -> str:
    import datetime

    try:
        date = datetime.date(int(year), int(month), int(day)).isoformat()
        if not parts["time"]:
            return date
        hours, minutes, *seconds = parts["time"].split(":")
        hour = int(hours)
        if half := (parts["half"] or "").strip().lower():
            hour = hour % 12 + (12 if half == "pm" else 0)
        clock = datetime.time(hour, int(minutes), int(float(seconds[0])) if seconds else 0).isoformat()
    except ValueError:
        raise ConfigError(f"'{text}' is not a day", where=where, fix="write it as 2026-03-01") from None
    return f"{date}T{clock}{parts['zone'] or ''}"
