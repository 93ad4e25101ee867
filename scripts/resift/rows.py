"""Rows and documents of a run: frozen dataclasses on one side, CSV and JSON on the other.

A CSV cell that a spreadsheet would run as a formula is written with an apostrophe in front (OWASP, "CSV
Injection"), and reading takes exactly that one back. A list is one cell: `;` between items, and a `;` or
`\\` within an item with a `\\` before it.
"""

from __future__ import annotations

import contextlib
import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import EnumType
from operator import attrgetter
from pathlib import Path
from types import UnionType
from typing import Any, TextIO, TypeVar, get_args, get_origin, get_type_hints

from resift.errors import RunError
from resift.files import canonical_json, replaced, write_text

Row = TypeVar("Row")
Document = TypeVar("Document")
Kind = TypeVar("Kind")

CELL_LIMIT = 1 << 24
"""Characters of one cell: an abstract or a list of terms is far below, Python's own 131,072 is not enough."""

BATCH = 2000
"""Rows whose types are checked together."""
SHARED = 20_000
"""Texts that are looked back to while a table is read."""

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_BEGINNINGS = frozenset("'=+-@\t\r\n")
_ITEM = re.compile(r"((?:[^;\\]|\\.)*)(?:;|$)", re.DOTALL)


def neutralise(cell: str) -> str:
    """The cell, with one apostrophe in front where a spreadsheet might take it for a formula."""
    return f"'{cell}" if cell[:1] in _BEGINNINGS and _FORMULA.match(cell) else cell


def restore(cell: str) -> str:
    """What `neutralise` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def join_list(items: Iterable[str]) -> str:
    """A list as one cell."""
    return ";".join(item.replace("\\", "\\\\").replace(";", "\\;") for item in items)


def split_list(cell: str) -> tuple[str, ...]:
    """What `join_list` was given; empty items do not count."""
    if "\\" not in cell:
        return tuple(item for item in cell.split(";") if item)
    found = (re.sub(r"\\(.)", r"\1", match.group(1), flags=re.DOTALL) for match in _ITEM.finditer(cell))
    return tuple(item for item in found if item)


def columns_of(row: type[object]) -> tuple[str, ...]:
    """The heading of a table: the fields of its row type, in order."""
    return tuple(field.name for field in fields(row))  # type: ignore[arg-type]


def to_csv(row: type[Row], rows: Iterable[Row]) -> str:
    """Rows as CSV text with a heading; numbers and truth values as `_text` writes them."""
    lines: list[str] = []
    _put(row, lines.append)(rows)
    return "".join(lines)


def _put(row: type[Row], write: Callable[[str], object]) -> Callable[[Iterable[Row]], None]:
    """What writes rows below the heading, which is written at once."""
    names = columns_of(row)
    writer = csv.writer(_Lines(write), lineterminator="\r\n")
    writer.writerow(names)
    # One name alone would give its value in place of a tuple.
    values = attrgetter(*names) if len(names) > 1 else lambda one: (getattr(one, names[0]),)

    def put(rows: Iterable[Row]) -> None:
        # Nearly every cell is text that needs nothing; a call for each would take as long as the writing.
        writer.writerows(
            [v if type(v) is str and v[:1] not in _BEGINNINGS else _cell(v) for v in values(one)]
            for one in rows
        )

    return put


@dataclass(frozen=True, slots=True)
class _Lines:
    """Rows that end in `\n`. The writer is told `\r\n`, so that it puts quotes round a bare `\r` too."""

    put: Callable[[str], object]

    def write(self, row: str) -> None:
        self.put(row.removesuffix("\r\n") + "\n")


def _cell(value: object) -> str:
    """A value as a cell; a number is no formula, though it begins with a minus."""
    if isinstance(value, str):
        return neutralise(str(value))
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return _text(value) if number else neutralise(_text(value))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, tuple):
        return join_list(value)
    return str(value)


def as_csv(rows: Iterable[Sequence[str]], *, delimiter: str = ",") -> str:
    """Cells as CSV text, a line each, as they are: whoever gives them has neutralised them. A bare carriage
    return is put in quotes, so that it breaks no row."""
    lines: list[str] = []
    csv.writer(_Lines(lines.append), delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return "".join(lines)


def write_rows(row: type[Row], rows: Iterable[Row], path: Path) -> None:
    """Write a table by rename, a row at a time."""
    with writing_rows(row, path) as put:
        put(rows)


@contextlib.contextmanager
def writing_rows(row: type[Row], path: Path) -> Iterator[Callable[[Iterable[Row]], None]]:
    """What adds rows to a table, which is written by rename when the block ends without an error."""
    with replaced(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        yield _put(row, file.write)


def read_rows(row: type[Row], path: Path) -> list[Row]:
    """The rows of a table. Raises `RunError` naming file, line and column where it holds something else."""
    return list(iter_rows(row, path))


def iter_rows(row: type[Row], path: Path) -> Iterator[Row]:
    """The rows of a table in order, some thousand at a time, so that those not kept take no memory.

    Raises `RunError` as `read_rows` does, on coming to the line.
    """
    names = columns_of(row)
    converted = [(at, value) for at, (_, value) in enumerate(_values(row)) if value is not str]
    csv.field_size_limit(CELL_LIMIT)
    with _opened(path) as file:
        reader = csv.reader(file, strict=True)
        cells: list[dict[str, Any]] = []
        lines: list[int] = []
        texts: list[Any]
        shared = _Shared()

        def checked() -> list[Row]:
            return _rows_of(row, cells, lines, path)

        try:
            heading = next(reader, [])
            if tuple(heading) != names:
                raise RunError(
                    f"its columns are {', '.join(heading) or 'missing'}; expected: {', '.join(names)}",
                    where=str(path),
                    fix=_FIX,
                )
            for line in reader:
                if len(line) != len(names):
                    raise RunError(
                        f"{len(line)} cells under {len(names)} headings",
                        where=f"{path}, line {reader.line_num}",
                        fix=_FIX,
                    )
                texts = list(map(shared.__getitem__, line))
                for at, value in converted:
                    texts[at] = value(texts[at])
                cells.append(dict(zip(names, texts, strict=True)))
                lines.append(reader.line_num)
                if len(cells) == BATCH:
                    yield from checked()
                    cells, lines = [], []
        except csv.Error as error:
            raise RunError(
                f"is not whole CSV ({error})", where=f"{path}, line {reader.line_num}", fix=_FIX
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise RunError(f"cannot be read ({error})", where=str(path)) from None
        yield from checked()


class _Shared(dict[str, str]):
    """Cell -> its text, each held once however many cells hold it, as far back as it is cheap to look."""

    def __missing__(self, cell: str) -> str:
        if len(self) >= SHARED:
            self.clear()
        text = self[cell] = restore(cell)
        return text


_FIX = "run again from its protocol: a file of this run was changed or comes from another version"


def parse_rows(row: type[Row], rows: Sequence[tuple[Mapping[str, str], int]], path: Path) -> list[Row]:
    """Rows (column -> text, line) of a file kept by hand as their type; a column not given is empty.

    Raises `RunError` naming file, line and column.
    """
    values = _values(row)
    cells = [{name: value(given.get(name, "")) for name, value in values} for given, _ in rows]
    return _rows_of(row, cells, [line for _, line in rows], path)


def _rows_of(row: type[Row], cells: list[dict[str, Any]], lines: Sequence[int], path: Path) -> list[Row]:
    def where(place: Sequence[str]) -> str:
        return f"{path}, line {lines[int(place[0])]}, column {place[1]}"

    return _validated(list[row], cells, where)  # type: ignore[valid-type]


def _values(row: type[object]) -> list[tuple[str, Callable[[str], Any]]]:
    """Column -> what its text is before its type is checked: lists split, numbers and truth values read,
    nothing where "" is none."""
    hints = get_type_hints(row)
    return [(name, _value(hints[name])) for name in columns_of(row)]


def _value(hint: Any) -> Callable[[str], Any]:
    if get_origin(hint) is tuple:
        return split_list
    kinds = get_args(hint) or (hint,)
    read = next((_READ[kind] for kind in kinds if kind in _READ), str)
    optional = type(None) in kinds

    def value(text: str) -> Any:
        if optional and not text:
            return None
        try:
            return read(text)
        except (KeyError, ValueError):
            return text  # which is none of the type, and is told with its line

    return str if read is str and not optional else value


_READ: Mapping[Any, Callable[[str], object]] = {
    int: int,
    float: float,
    bool: lambda text: {"true": True, "false": False}[text.lower()],
}
"""Types of cells that are not text -> what reads them, as `_text` writes them or a spreadsheet saves them."""


def document_text(document: object) -> str:
    """A document as canonical JSON."""
    return canonical_json(plain(document))


def plain(document: object) -> Any:
    """A document as plain JSON data."""
    from msgspec import to_builtins

    return to_builtins(document)


def write_document(document: object, path: Path) -> None:
    """Write a document as JSON, by rename."""
    write_text(path, document_text(document))


def read_document(kind: type[Document], path: Path) -> Document:
    """Read a JSON document. Raises `RunError` naming file and key where it holds something else."""
    try:
        data = json.loads(_content(path))
    except ValueError as error:
        raise RunError(f"is not JSON ({error})", where=str(path), fix=_FIX) from None
    return document_of(kind, data, where=str(path))


def document_of(kind: type[Document], data: Any, *, where: str) -> Document:
    """A document from plain data. Raises `RunError`."""
    return _validated(kind, data, lambda place: f"{where}, key {'.'.join(place)}" if place else where)


def _content(path: Path) -> str:
    try:
        with _opened(path) as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"cannot be read ({error})", where=str(path)) from None


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    if not path.is_file():
        raise RunError("no such file", where=str(path), fix="run the same command again to finish the run")
    try:
        file = path.open(encoding="utf-8", newline="")
    except OSError as error:
        raise RunError(f"cannot be read ({error})", where=str(path)) from None
    with file:
        yield file


def _validated(kind: type[Kind], data: Any, where: Callable[[Sequence[str]], str]) -> Kind:
    from msgspec import ValidationError, convert

    try:
        return convert(data, kind)
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can write and no file of text holds
        raise RunError("holds a character that is not Unicode", where=where(()), fix=_FIX) from None
    except ValidationError as error:
        said, path = _SAID.fullmatch(str(error)).groups("")  # type: ignore[union-attr]  # matches any text
        place = [name or number for name, number in _STEP.findall(path)]
        missing = _MISSING.fullmatch(said)
        if missing:
            raise RunError("is missing", where=where([*place, missing[1]]), fix=_FIX) from None
        words = ", ".join(f"'{word}'" for word in _words(kind, place))
        told = f"expected one of {words}" if words else said
        told = _EXPECTED.sub(r"expected \1", told) + _held(data, place)
        raise RunError(told, where=where(place), fix=_FIX) from None


_SAID = re.compile(r"(.*?)(?: - at (?:`key` in )?`(\$[^`]*)`)?", re.DOTALL)
"""What msgspec says, which may quote what a cell holds, and the path at its end."""
_STEP = re.compile(r"\.([^].[`]+)|\[(\d+|\.{3})\]")
"""A step of that path, as in `$[3].score`; the keys of a mapping are `[...]` there."""
_MISSING = re.compile(r"Object missing required field `(.+)`")
_EXPECTED = re.compile(r"^Expected `(.+?)`(?:, got `.+`)?")


def _held(data: Any, place: Iterable[str]) -> str:
    """What stands at the place, in brackets; "" where it lies within a mapping whose key is not named."""
    for step in place:
        if step == "...":
            return ""
        data = data[int(step)] if isinstance(data, list | tuple) else data[step]
    return f" (it holds {data!r:.60})"


def _words(kind: Any, place: Iterable[str]) -> list[str]:
    """The words that a type allows at a place, where these are an enum's."""
    for step in place:
        if is_dataclass(kind):
            kind = get_type_hints(kind)[step]
            kind = get_args(kind)[0] if isinstance(kind, UnionType) else kind  # `State | None`
        else:  # the item of a list, the value of a mapping
            kind = [part for part in get_args(kind) if part is not ...][-1]
    return list(map(str, kind)) if isinstance(kind, EnumType) else []
