"""Rows and documents of a run: frozen dataclasses on one side, CSV and JSON on the other.

A CSV cell that a spreadsheet would run as a formula is written with an apostrophe in front (OWASP, "CSV
Injection"), and reading takes exactly that one back. A list is one cell: `;` between items, and a `;` or
`\\` within an item with a `\\` before it.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar, get_args, get_origin, get_type_hints

from resift.errors import RunError
from resift.files import canonical_json, replaced, write_text

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

Row = TypeVar("Row")
Document = TypeVar("Document")

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
            return _validated(  # type: ignore[no-any-return]
                list[row],  # type: ignore[valid-type]
                cells,
                lambda place: f"{path}, line {lines[int(place[0])]}, column {place[1]}",
            )

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
    found: list[Row] = _validated(
        list[row],  # type: ignore[valid-type]
        cells,
        lambda place: f"{path}, line {rows[int(place[0])][1]}, column {place[1]}",
    )
    return found


def _values(row: type[object]) -> list[tuple[str, Callable[[str], Any]]]:
    """Column -> what its text is before its type is checked: lists split, nothing where "" is none."""
    hints = get_type_hints(row)

    def optional(text: str) -> str | None:
        return text or None

    def value(hint: Any) -> Callable[[str], Any]:
        if get_origin(hint) is tuple:
            return split_list
        return optional if type(None) in get_args(hint) else str

    return [(name, value(hints[name])) for name in columns_of(row)]


def document_text(document: object) -> str:
    """A document as canonical JSON."""
    return canonical_json(plain(document))


def plain(document: object) -> Any:
    """A document as plain JSON data."""
    kind: Any = type(document)
    return _adapter(kind).dump_python(document, mode="json")


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
    found: Document = _validated(kind, data, lambda place: f"{where}, key {'.'.join(map(str, place))}")
    return found


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


@functools.cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _validated(kind: Any, data: Any, where: Callable[[Sequence[int | str]], str]) -> Any:
    from pydantic import ValidationError

    try:
        return _adapter(kind).validate_python(data)
    except ValidationError as error:
        raise RunError(_said(error), where=where(error.errors()[0]["loc"]), fix=_FIX) from None


def _said(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    held = "" if first["type"] == "missing" else f" (it holds {first['input']!r:.60})"
    return first["msg"][:1].lower() + first["msg"][1:] + held
