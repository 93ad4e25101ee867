"""Excel workbooks (`.xlsx`) as rows of text: read by openpyxl, values only, within bounds.

A workbook is a zip file, which can hold a thousand times what it weighs; so its parts are measured before
any is unpacked. Of several sheets the one that has a heading line of a table of records is read.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterator

from resift.errors import FormatError
from resift.formats.text import MOST_BYTES
from resift.formats.zipped import DAMAGED, has_part

MOST_COLUMNS = 1000
"""Columns of a sheet that hold anything."""


def is_workbook(data: bytes) -> bool:
    """True for an `.xlsx` file, whatever its name."""
    return has_part(data, lambda name: name.startswith("xl/"))


def sheets(data: bytes, where: str) -> Iterator[tuple[str, list[tuple[int, list[str]]]]]:
    """Each sheet's name and its rows that are not empty, with their numbers, every cell as text."""
    import openpyxl  # type: ignore[import-untyped]

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > MOST_BYTES:
            raise FormatError(
                f"unpacks to more than {MOST_BYTES >> 20} MB", where=where, fix="split it into several files"
            )
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except DAMAGED as error:
        raise FormatError(
            f"is a damaged workbook ({error})", where=where, fix="save it again, or save it as CSV (UTF-8)"
        ) from None
    try:
        for sheet in book.worksheets:
            rows = []
            sheet.reset_dimensions()  # what a file says of its size may be wrong; each row has its own
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                if any(cell is not None for cell in cells[MOST_COLUMNS:]):
                    raise FormatError(
                        f"has more than {MOST_COLUMNS:,} columns",
                        where=f"{where}, sheet '{sheet.title}', row {number}",
                        fix="leave in the sheet only the columns of the table",
                    )
                row = [_text(cell) for cell in cells[:MOST_COLUMNS]]
                if any(row):
                    while row and not row[-1]:
                        row.pop()
                    rows.append((number, row))
            yield sheet.title, rows
    except DAMAGED as error:
        raise FormatError(
            f"is a damaged workbook ({error})", where=where, fix="save it again, or save it as CSV (UTF-8)"
        ) from None
    finally:
        book.close()


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    return str(cell).strip()
