"""Files of records as entries to compare: RIS, nbib, CSV, BibTeX and EndNote XML, each also gzipped, and the
tables of a run.

Tables in the shape of the labelled sets (`record_id, title, author, year, journal, ...`) are read in
batches straight into normalised columns, so that abstracts and links never stand in memory all at once;
every other format goes through `resift.formats`.
"""

from __future__ import annotations

import csv
import io
import os
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resift.dedupe.normalise import INPUT_COLUMNS, SUBSTITUTES, Entries, normalise, text_columns
from resift.dedupe.packed import Packed, join, pack, pack_columns
from resift.errors import FormatError
from resift.records import RECORD_COLUMNS
from resift.signals import leave_to_caller
from resift.text.identifiers import PMID_IN_URL

if TYPE_CHECKING:
    import pyarrow as pa

SHAPE: Mapping[str, str] = {
    "record_id": "record",
    "ENTRYTYPE": "type",
    "title": "title",
    "author": "authors",
    "year": "year",
    "journal": "journal",
    "booktitle": "booktitle",
    "volume": "volume",
    "number": "issue",
    "pages": "pages",
    "doi": "doi",
    "isbn": "issn",
    "url": "url",
    "pmid": "pmid",
    "abstract": "abstract",
}
"""Columns of a table of records that is read directly, and the fields they fill. Others are not read."""

BATCH_BYTES = 4 << 20
"""Bytes of text read at a time."""

ABSTRACT_LETTERS = 500
"""So much of an abstract is compared; the rest is dropped while reading."""

SHARED_FROM = 8 << 20
SHARED_FROM_RECORDS = 10_000
"""Files above so many bytes, or records of a run, are normalised by several processes; below, starting them
costs more."""

PROCESSES = min(2, os.cpu_count() or 1)
"""So many share a large file, unless told otherwise."""

STORED_AT_ONCE = 5000
"""Records of a run read at a time."""

IN_FLIGHT = 4
"""So many batches wait at most, which bounds memory."""

LONG_URL = 300
"""Resolver links longer than this carry nothing beyond the PMID that is taken from them."""

Columns = dict[str, list[str]]


def read_entries(paths: Sequence[Path], progress: Callable[[str, int, int], None] | None = None) -> Entries:
    """`read_packed`, unpacked."""
    return read_packed(paths, progress).entries()


def read_packed(paths: Sequence[Path], progress: Callable[[str, int, int], None] | None = None) -> Packed:
    """The records of several files as one set, in the order of files and of entries in them.

    The id of a record is the file's own `record_id` where it has one, else `<file>:<entry>`, entries
    counted from 1. An id that stands in two files is preceded by the file in each.
    Raises FormatError, with file and line, when a file cannot be read whole or an id stands twice in it.
    """
    names = file_names(paths)
    parts: list[Packed] = []
    sizes = [path.stat().st_size if path.is_file() else 0 for path in paths]
    done = 0
    for path, name, size in zip(paths, names, sizes, strict=True):
        if progress:
            progress("read files", done, sum(sizes))
        parts.append(_read_file(path, name))
        done += size
    if progress:
        progress("read files", done, done)
    if len(parts) > 1:
        shared = Counter(record for part in parts for record in part.record)
        for part, name in zip(parts, names, strict=True):
            part.record = [f"{name}:{record}" if shared[record] > 1 else record for record in part.record]
    return join(parts)


def read_stored(paths: Sequence[Path], *, processes: int = PROCESSES) -> Packed:
    """The records of Parquet files of a run as one set, in the order of files and of records in them.

    Large files are shared by so many `processes`; with one, all is done in this one.
    """
    import pyarrow.parquet as pq

    wanted = [name for name in RECORD_COLUMNS if name in {*INPUT_COLUMNS, *SUBSTITUTES.values()}]
    parts: list[Packed] = []
    for path in paths:
        with pq.ParquetFile(path) as file:
            batches = file.iter_batches(batch_size=STORED_AT_ONCE, columns=wanted)
            sharing = processes if file.metadata.num_rows > SHARED_FROM_RECORDS else 1
            parts += _packed(map(_cut, batches), _stored, path, processes=sharing)
    return join(parts)


def _stored(batch: pa.RecordBatch) -> Columns:
    return text_columns(batch.to_pydict())


def _cut(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch with so much of the abstracts as is compared."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = {name: batch.column(name) for name in batch.schema.names}
    if "abstract" in columns:
        columns["abstract"] = pc.utf8_slice_codeunits(columns["abstract"], 0, ABSTRACT_LETTERS)
    return pa.RecordBatch.from_pydict(columns)


def file_names(paths: Sequence[Path]) -> list[str]:
    """Short names that tell the files apart: the last part of each path, the whole path where two agree."""
    counts = Counter(path.name for path in paths)
    return [path.name if counts[path.name] == 1 else str(path) for path in paths]


def _read_file(path: Path, name: str) -> Packed:
    if not _is_shaped(path):
        columns = _through_formats(path)
        columns["record"] = [f"{name}:{n}" for n in range(1, len(columns["record"]) + 1)]
        return pack_columns(columns)
    processes = PROCESSES if path.stat().st_size > SHARED_FROM else 1
    try:
        packed = join(_packed(_batches(path), _columns, path, processes=processes))
    except _UnevenError:
        packed = pack_columns(_read_slowly(path))
    if "" in packed.record:
        packed.record = [record or f"{name}:{n}" for n, record in enumerate(packed.record, 1)]
    _check_repeated(packed.record, path)
    return packed


def _is_shaped(path: Path) -> bool:
    """Whether a file begins with a heading line of the labelled sets' shape."""
    try:
        with path.open("rb") as file:
            start = file.read(1 << 16)
    except OSError as error:
        raise FormatError(
            f"cannot be read ({error.strerror})", where=str(path), fix="check the path and its permissions"
        ) from None
    if start.startswith(b"\x1f\x8b"):
        try:
            start = zlib.decompressobj(wbits=31).decompress(start, 1 << 16)
        except zlib.error:
            return False  # the reader of files says what is wrong
    line = start.decode("utf-8-sig", errors="replace").splitlines()[:1]
    headings = next(csv.reader(line), []) if line else []
    if "title" not in headings or not ("record_id" in headings or set(headings) <= set(SHAPE)):
        return False
    for heading in SHAPE:
        if headings.count(heading) > 1:
            raise FormatError(
                f"the column {heading} stands twice",
                where=f"{path}, line 1",
                fix="name one of them otherwise",
            )
    return True


def _through_formats(path: Path) -> Columns:
    """The records of a file in any format of `resift.formats`, as text columns."""
    from resift.formats import read_file

    records = read_file(path)
    columns: Columns = {"record": [record.record for record in records]}
    for name in INPUT_COLUMNS:
        if name in RECORD_COLUMNS and name != "record":
            columns[name] = [_text(getattr(record, name)) for record in records]
    columns["source"] = [""] * len(records)
    groups = [";".join(record.collective_authors) for record in records]
    columns["authors"] = [people or group for people, group in zip(columns["authors"], groups, strict=True)]
    return columns


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else str(value)


class _UnevenError(Exception):
    """Arrow cannot read the table; the slow reader says in which line and why, or reads it."""


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    """The columns of a table that are read, in batches, abstracts cut to what is compared."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    with path.open("rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    try:
        with pa.input_stream(str(path), compression="gzip" if compressed else None) as stream:
            reader = arrow_csv.open_csv(
                stream,
                read_options=arrow_csv.ReadOptions(block_size=BATCH_BYTES),
                parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(SHAPE, pa.string()), strings_can_be_null=False
                ),
            )
            for batch in reader:
                yield _cut(batch.select([name for name in SHAPE if name in batch.schema.names]))
    except (pa.ArrowInvalid, OSError) as error:
        raise _UnevenError(str(error)) from error


def _columns(batch: pa.RecordBatch) -> Columns:
    """The fields of a batch, links cut to what is compared."""
    import pyarrow.compute as pc

    columns: Columns = {}
    for heading, name in SHAPE.items():
        if heading not in batch.schema.names:
            continue
        values = batch.column(heading)
        if name == "url":
            found = pc.struct_field(pc.extract_regex(values, PMID_IN_URL), "pmid")
            columns["pmid_in_url"] = pc.fill_null(found, "").to_pylist()
            values = pc.if_else(pc.greater(pc.utf8_length(values), LONG_URL), "", values)
        columns[name] = values.to_pylist()
    return _completed(columns)


def _completed(columns: Columns) -> Columns:
    """Journal or else book title, PMID or else the one in the link; ids present even when empty."""
    size = len(columns["title"])
    columns.setdefault("record", [""] * size)
    if books := columns.pop("booktitle", None):
        journals = columns.get("journal", [""] * size)
        columns["journal"] = [journal or book for journal, book in zip(journals, books, strict=True)]
    if linked := columns.pop("pmid_in_url", None):
        pmids = columns.get("pmid", [""] * size)
        columns["pmid"] = [pmid or other for pmid, other in zip(pmids, linked, strict=True)]
    return columns


def _packed(
    batches: Iterator[pa.RecordBatch],
    columns: Callable[[pa.RecordBatch], Columns],
    path: Path,
    *,
    processes: int,
) -> list[Packed]:
    """The batches of a file normalised here, or in several processes with few batches in flight."""
    if processes < 2:
        return [_pack(columns, batch) for batch in batches]
    parts: list[Packed] = []
    try:
        with ProcessPoolExecutor(processes, get_context("fork"), initializer=leave_to_caller) as pool:
            waiting: deque[Future[Packed]] = deque()
            for batch in batches:
                waiting.append(pool.submit(_pack, columns, batch))
                if len(waiting) > IN_FLIGHT:
                    parts.append(waiting.popleft().result())
            parts += [future.result() for future in waiting]
    except BrokenProcessPool:
        raise FormatError(
            "a process that read it was killed, as happens when memory runs out",
            where=str(path),
            fix="close what else takes memory and run the same command again",
        ) from None
    return parts


def _pack(columns: Callable[[pa.RecordBatch], Columns], batch: pa.RecordBatch) -> Packed:
    return pack(normalise(columns(batch)))


def _read_slowly(path: Path) -> Columns:
    """A table read row by row, in any encoding; raises FormatError with the line of an uneven row."""
    from resift.formats.text import read_text

    reader = csv.reader(io.StringIO(read_text(path)), strict=True)
    rows: list[list[str]] = []
    headings: list[str] = []
    line = 1
    try:
        for row in reader:
            if not headings:
                headings = row
            elif len(row) == len(headings):
                rows.append(row)
            elif row:
                raise FormatError(
                    f"a row of {len(row)} cells under {len(headings)} headings",
                    where=f"{path}, line {line}",
                    fix="close the quotation mark or complete the row",
                )
            line = reader.line_num + 1
    except csv.Error as error:
        raise FormatError(
            f"is not CSV here ({error})", where=f"{path}, line {line}", fix="export the file again"
        ) from None
    held = {heading: n for n, heading in enumerate(headings) if heading in SHAPE}
    return _completed({SHAPE[heading]: [row[n] for row in rows] for heading, n in held.items()})


def _check_repeated(records: Sequence[str], path: Path) -> None:
    if len(set(records)) == len(records):
        return
    first: dict[str, int] = {}
    for number, record in enumerate(records, 1):
        if record in first:
            raise FormatError(
                f"record_id {record} stands in entry {first[record]} and in entry {number}",
                where=str(path),
                fix="give every record its own id, or take the column record_id out",
            )
        first[record] = number
