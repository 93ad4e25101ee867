"""The index of one PubMed XML file: what an archive keeps beside it so as not to parse it twice.

An index is a folder, built once and never changed:

| file | content |
|---|---|
| `events.parquet` | in the order of the file, one row per record or deleted PMID: `pmid, row, block, start, length`; `row` counts records, -1 for a deletion |
| `records.parquet` | `resift.records.RECORD_COLUMNS`, one row per record in the order of the file |
| `citations.parquet` | `row, cited`: the PMIDs of the reference lists |
| `elements.arrow` | the elements as received, 16 to a block, each block compressed by itself (zstd) with its CRC-32: one element costs the inflating of one block |
| `query-v<n>.parquet` | the normalised text that queries search, `n` = version of the normaliser |
| `complete.json` | sizes of the others; written last |

The whole folder appears by one rename under a lock, so that a killed build leaves nothing and two
processes never build into each other. What reads as damaged is built anew by the archive.
"""  # noqa: E501

from __future__ import annotations

import fcntl
import json
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from resift.pubmed.xml import PARSER_VERSION, Deletion, parse, read_elements
from resift.records import RECORD_COLUMNS, Record, record_schema

if TYPE_CHECKING:
    import pandas as pd

#: The layout above. Raise it when files or columns change.
INDEX_VERSION = 1

_ROWS = 4096  # records to a row group: what a build holds in memory, and the least a read takes
_BLOCK = 16  # elements to a block; measured in benchmarks/parse.py against 1 and 64
_EVENTS = pa.schema(
    [
        ("pmid", pa.int64()),
        ("row", pa.int32()),
        ("block", pa.int32()),
        ("start", pa.int32()),
        ("length", pa.int32()),
    ]
)
_CITATIONS = pa.schema([("row", pa.int32()), ("cited", pa.int64())])
_BLOCKS = pa.schema([("block", pa.large_binary()), ("size", pa.int64()), ("crc32", pa.uint32())])
_COMPLETE = "complete.json"

T = TypeVar("T")
Integers = npt.NDArray[np.int64]


class DamagedIndexError(Exception):
    """An index cannot be read back. Never shown to a person: the archive builds it anew."""


@dataclass(frozen=True)
class FileIndex:
    """A complete index. All reading methods raise `DamagedIndexError` when the bytes are not as written."""

    folder: Path

    @cached_property
    def events(self) -> dict[str, Integers]:
        """The columns of `events.parquet` as arrays."""
        table = self._table("events.parquet")
        return {name: table[name].to_numpy().astype(np.int64, copy=False) for name in _EVENTS.names}

    @property
    def records(self) -> int:
        return int((self.events["row"] >= 0).sum())

    @property
    def deletions(self) -> int:
        return int((self.events["row"] < 0).sum())

    def rows(self, rows: Integers, columns: Sequence[str] | None = None) -> pa.Table:
        """The records at `rows`, in that order (all columns, or some in the order asked for)."""
        return self._rows("records.parquet", rows, columns)

    def query_text(self, version: int, rows: Integers) -> pa.Table:
        return self._rows(query_file(version), rows, None)

    def citations(self) -> tuple[Integers, Integers]:
        """`row` and `cited` of every reference with a PMID, in the order of the lists."""
        table = self._table("citations.parquet")
        return table["row"].to_numpy().astype(np.int64), table["cited"].to_numpy()

    def elements(self, events: Integers) -> list[bytes]:
        """The elements at these positions of `events`, byte for byte as received."""
        codec = pa.Codec("zstd")
        inflated: dict[int, bytes] = {}
        found = []
        for event in events.tolist():
            block, start, length = (int(self.events[name][event]) for name in ("block", "start", "length"))
            if block not in inflated:
                inflated[block] = self._attempt(partial(self._block, block, codec))
            found.append(inflated[block][start : start + length])
        return found

    @cached_property
    def _blocks(self) -> pa.Table:
        return self._attempt(
            lambda: pa.ipc.open_file(pa.memory_map(str(self.folder / "elements.arrow"))).read_all()
        )

    def _block(self, number: int, codec: pa.Codec) -> bytes:
        row = self._blocks.slice(number, 1)
        size = row["size"][0].as_py()
        data = codec.decompress(row["block"][0].as_buffer(), size, asbytes=True)
        if zlib.crc32(data) != row["crc32"][0].as_py():
            raise DamagedIndexError(f"{self.folder}: block {number}")
        return bytes(data)

    def _table(self, name: str) -> pa.Table:
        return self._attempt(lambda: self._parquet(name).read())

    def _rows(self, name: str, rows: Integers, columns: Sequence[str] | None) -> pa.Table:
        """Rows of a Parquet file, reading only the row groups that hold them."""

        def read() -> pa.Table:
            file = self._parquet(name)
            groups = np.unique(rows // _ROWS)
            table = file.read_row_groups(groups.tolist(), columns=list(columns) if columns else None)
            if len(rows) == table.num_rows and bool((np.diff(rows) == 1).all()):
                return table
            return table.take(rows - (rows // _ROWS - np.searchsorted(groups, rows // _ROWS)) * _ROWS)

        return self._attempt(read)

    def _parquet(self, name: str) -> pq.ParquetFile:
        return pq.ParquetFile(self.folder / name, page_checksum_verification=True)

    def _attempt(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except (pa.ArrowException, OSError, ValueError, KeyError, IndexError) as error:
            raise DamagedIndexError(f"{self.folder}: {error}") from error


def query_file(version: int) -> str:
    return f"query-v{version}.parquet"


def index_folder(cache: Path, sha256: str) -> Path:
    """Where the index of the file with this hash belongs."""
    return cache / f"{sha256}-i{INDEX_VERSION}p{PARSER_VERSION}"


def is_complete(folder: Path) -> bool:
    """Whether an index stands there whole: every file that was written, in the size it had."""
    try:
        sizes: dict[str, int] = json.loads((folder / _COMPLETE).read_text())["sizes"]
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def build(source: Path, folder: Path, *, damaged: bool = False) -> None:
    """Index `source` into `folder`, unless a complete index stands there (or `damaged` says it is none).

    Raises `FormatError` when the file cannot be read whole; then nothing is left behind.
    """
    with _lock(folder):
        if is_complete(folder) and not damaged:
            return
        part = folder.with_name(f"{folder.name}.part")  # ours alone while the lock is held
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            _write(source, part)
            sizes = {path.name: path.stat().st_size for path in sorted(part.iterdir())}
            (part / _COMPLETE).write_text(json.dumps({"sizes": sizes}, sort_keys=True))
            shutil.rmtree(folder, ignore_errors=True)
            part.rename(folder)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise


def build_query_text(
    folder: Path, version: int, normalised: Callable[[pd.DataFrame], pa.Table], *, damaged: bool = False
) -> None:
    """Add the normalised query text to an index, batch by batch, unless it is there."""
    path = folder / query_file(version)
    with _lock(folder):
        if path.exists() and not damaged:
            return
        part = path.with_suffix(".part")
        writer: pq.ParquetWriter | None = None
        try:
            file = pq.ParquetFile(folder / "records.parquet", page_checksum_verification=True)
            for group in range(file.num_row_groups):
                table = normalised(file.read_row_group(group).to_pandas())
                if writer is None:
                    writer = _parquet(part, table.schema)
                writer.write_table(table, row_group_size=_ROWS)
            if writer is None:
                table = normalised(record_schema().empty_table().to_pandas())
                writer = _parquet(part, table.schema)
        except (pa.ArrowException, OSError) as error:
            raise DamagedIndexError(f"{folder}: {error}") from error
        finally:
            if writer is not None:
                writer.close()
        part.replace(path)


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """One builder at a time; the lock dies with the process that holds it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _parquet(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True)


def _write(source: Path, folder: Path) -> None:
    events: dict[str, list[int]] = {name: [] for name in _EVENTS.names}
    batch: list[Record] = []
    rows = 0
    schema = record_schema()
    with (
        _parquet(folder / "records.parquet", schema) as records,
        _parquet(folder / "citations.parquet", _CITATIONS) as citations,
        _BlockWriter(folder / "elements.arrow") as elements,
    ):

        def flush() -> None:
            records.write_table(_columns(batch, schema), row_group_size=_ROWS)
            cited = [
                (rows - len(batch) + n, int(reference.pmid))
                for n, record in enumerate(batch)
                for reference in record.references
                if reference.pmid.isascii() and reference.pmid.isdigit() and len(reference.pmid) < 18
            ]
            citations.write_table(
                pa.table([[row for row, _ in cited], [pmid for _, pmid in cited]], schema=_CITATIONS)
            )
            batch.clear()

        for element in read_elements(source):
            item = parse(element, name=str(source))
            if isinstance(item, Deletion):
                for pmid in item.pmids:
                    _add(events, int(pmid), -1, -1, 0, 0)
                continue
            block, start = elements.add(element.raw)
            _add(events, int(item.pmid), rows, block, start, len(element.raw))
            batch.append(item)
            rows += 1
            if len(batch) == _ROWS:
                flush()
        if batch:
            flush()
    with _parquet(folder / "events.parquet", _EVENTS) as writer:
        writer.write_table(pa.table(events, schema=_EVENTS))


def _add(events: dict[str, list[int]], *values: int) -> None:
    for column, value in zip(events.values(), values, strict=True):
        column.append(value)


def _columns(batch: Sequence[Record], schema: pa.Schema) -> pa.Table:
    return pa.table(
        {
            name: pa.array([getattr(record, name) for record in batch], type=schema.field(name).type)
            for name in RECORD_COLUMNS
        },
        schema=schema,
    )


class _BlockWriter:
    """Elements, `_BLOCK` to a zstd block, in an Arrow file that can be mapped into memory."""

    def __init__(self, path: Path) -> None:
        self._writer = pa.ipc.new_file(path, _BLOCKS)
        self._codec = pa.Codec("zstd", compression_level=3)
        self._parts: list[bytes] = []
        self._size = 0
        self._blocks: list[tuple[bytes, int, int]] = []
        self._written = 0

    def __enter__(self) -> _BlockWriter:
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is None:
            self._close_block()
            self._flush()
        self._writer.close()

    def add(self, raw: bytes) -> tuple[int, int]:
        """Keep one element; its block and its place in the inflated block."""
        if len(self._parts) == _BLOCK:
            self._close_block()
        place = (self._written + len(self._blocks), self._size)
        self._parts.append(raw)
        self._size += len(raw)
        return place

    def _close_block(self) -> None:
        if self._parts:
            data = b"".join(self._parts)
            self._blocks.append((self._codec.compress(data, asbytes=True), len(data), zlib.crc32(data)))
            self._parts, self._size = [], 0
        if len(self._blocks) >= 256:
            self._flush()

    def _flush(self) -> None:
        if self._blocks:
            columns = [list(column) for column in zip(*self._blocks, strict=True)]
            self._writer.write_table(pa.table(columns, schema=_BLOCKS))
            self._written += len(self._blocks)
            self._blocks = []
