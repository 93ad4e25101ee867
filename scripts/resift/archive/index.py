"""The index of one PubMed XML file: what an archive keeps beside it so as not to parse it twice.

An index is a folder, built once and never changed:

| file | content |
|---|---|
| `events.parquet` | in the order of the file, one row per record or deleted PMID: `pmid, row, block, start, length`; `row` counts records, -1 for a deletion |
| `records.parquet` | `resift.records.RECORD_COLUMNS`, one row per record in the order of the file |
| `citations.parquet` | `row, cited`: the PMIDs of the reference lists |
| `elements.bin` | the elements as received, a few to a block, each block compressed by itself (zstd): one element costs the inflating of one block |
| `blocks.parquet` | of each block: `offset, stored` (its place in `elements.bin`), `size` (inflated), `crc32` (of what is stored) |
| `query-v<n>.parquet` | the normalised text and dates that queries search, `n` = version of the normaliser |
| `facets-v<n>.parquet` | the lists that queries search (`resift.archive.facets`) |
| `words-v<n>.parquet`, `lengths-v<n>.parquet` | where each word of that text stands (`resift.archive.words`) |
| `complete.json` | size of each of the others, and CRC-32 of its last part; written last |

The whole folder appears by one rename under a lock, so that a killed build leaves nothing and two
processes never build into each other. What reads as damaged is built anew by the archive.
"""  # noqa: E501

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import BinaryIO, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock

from resift.archive.facets import FacetWriter, ShardFacets
from resift.archive.words import ShardWords, write_words
from resift.arrow import as_numpy, positions
from resift.arrow import table as as_table
from resift.errors import SourceError
from resift.pubmed.xml import PARSER_VERSION, Cites, Deletion, parse, read_elements
from resift.query.table import LIST_COLUMNS, NORMALISER_VERSION, normalised
from resift.query.table import schema as query_schema
from resift.records import RECORD_COLUMNS, Record, record_schema

#: The layout above. Raise it when files or columns change.
INDEX_VERSION = 1

_ROWS = 4096  # records to a row group: what a build holds in memory, and the least a read takes
# Elements to a block. With 1, 4, 16 and 64 in a block the elements of pubmed21n1298 take 27, 21, 19 and
# 18 % of the room of the XML, and an element picked at random 0.04, 0.10, 0.28 and 0.68 ms.
_BLOCK = 4
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
_BLOCKS = pa.schema(
    [("offset", pa.int64()), ("stored", pa.int64()), ("size", pa.int64()), ("crc32", pa.int64())]
)
_COMPLETE = "complete.json"
_DERIVED = ("query", "facets", "words", "lengths")  # all that hangs on the normaliser

T = TypeVar("T")
_Seal = dict[str, tuple[int, int]]
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
        return {name: as_numpy(table[name]).astype(np.int64, copy=False) for name in _EVENTS.names}

    @cached_property
    def _written(self) -> _Seal:
        return _read_seal(self.folder)

    @property
    def records(self) -> int:
        return int((self.events["row"] >= 0).sum())

    @property
    def deletions(self) -> int:
        return int((self.events["row"] < 0).sum())

    def rows(self, rows: Integers, columns: Sequence[str] | None = None) -> pa.Table:
        """The records at `rows`, in that order (all columns, or some in the order asked for)."""
        return self._rows("records.parquet", rows, columns)

    def batches(self) -> Iterator[pa.Table]:
        """All records, a row group at a time."""
        file = self._attempt(lambda: self._parquet("records.parquet"))
        for group in range(file.num_row_groups):
            yield self._attempt(partial(file.read_row_group, group))

    def query_text(self, rows: Integers, columns: Sequence[str] | None = None) -> pa.Table:
        """What queries search (`resift.query.table.normalised`) of the records at `rows`."""
        names = list(columns or query_schema().names)
        stored = [name for name in names if name not in LIST_COLUMNS]
        held: dict[str, pa.Array | pa.ChunkedArray] = {}
        if stored:
            table = self._rows(_derived("query"), rows, stored)
            held = {name: table.column(name) for name in stored}
        if len(stored) < len(names):
            with closing(self._open_facets()) as facets:
                held |= {name: facets.lists(name, rows) for name in names if name not in held}
        return pa.Table.from_arrays([held[name] for name in names], names=names)

    def _open_facets(self) -> ShardFacets:
        return self._attempt(lambda: ShardFacets(self._parquet(_derived("facets")), self._attempt))

    @cached_property
    def facets(self) -> ShardFacets:
        """The list columns that queries search, coded."""
        return self._open_facets()

    @cached_property
    def words(self) -> ShardWords:
        """Where the words of the text columns stand."""
        lengths = self._table(_derived("lengths"))
        return self._attempt(lambda: ShardWords(self._parquet(_derived("words")), lengths, self._attempt))

    def close(self) -> None:
        """Close the files of `words` and `facets`, which are those that stay open."""
        if "words" in self.__dict__:
            self.words.close()
        if "facets" in self.__dict__:
            self.facets.close()

    def citations(self) -> tuple[Integers, Integers]:
        """`row` and `cited` of every reference with a PMID, in the order of the lists."""
        table = self._table("citations.parquet")
        return as_numpy(table["row"]).astype(np.int64), as_numpy(table["cited"])

    def elements(self, events: Integers) -> list[bytes]:
        """The elements at these positions of `events`, byte for byte as received."""
        return self._attempt(partial(self._elements, events))

    def _elements(self, events: Integers) -> list[bytes]:
        codec = pa.Codec("zstd")
        inflated: dict[int, bytes] = {}
        found = []
        places = zip(
            *(self.events[name][events].tolist() for name in ("block", "start", "length")), strict=True
        )
        with (self.folder / "elements.bin").open("rb") as file:
            for block, start, length in places:
                if block not in inflated:
                    offset, stored, size, crc32 = (int(self._blocks[name][block]) for name in _BLOCKS.names)
                    file.seek(offset)
                    data = file.read(stored)
                    if zlib.crc32(data) != crc32:
                        raise ValueError(f"block {block} of elements.bin is not what was written")
                    inflated[block] = codec.decompress(data, size, asbytes=True)
                found.append(inflated[block][start : start + length])
        return found

    @cached_property
    def _blocks(self) -> dict[str, Integers]:
        table = self._table("blocks.parquet")
        return {name: as_numpy(table[name]) for name in _BLOCKS.names}

    def check(self) -> None:
        """Read all of it. Raises `DamagedIndexError` at the first byte that is not as written."""
        for name in sorted(self._written):
            if name.endswith(".parquet"):
                file = self._attempt(partial(self._parquet, name))
                for group in range(file.num_row_groups):
                    self._attempt(partial(file.read_row_group, group))
        for start in range(0, len(self.events["row"]), _ROWS):
            rows = np.arange(start, min(start + _ROWS, len(self.events["row"])))
            self.elements(rows[self.events["row"][rows] >= 0])

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
            return table.take(
                positions(rows - (rows // _ROWS - np.searchsorted(groups, rows // _ROWS)) * _ROWS)
            )

        return self._attempt(read)

    def _parquet(self, name: str) -> pq.ParquetFile:
        if _measure(self.folder / name) != self._written.get(name):
            raise ValueError(f"{name} is not what was written")
        return pq.ParquetFile(self.folder / name, page_checksum_verification=True)

    def _attempt(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except (pa.ArrowException, OSError, ValueError, KeyError, IndexError) as error:
            raise DamagedIndexError(f"{self.folder}: {error}") from error


def index_folder(cache: Path, sha256: str) -> Path:
    """Where the index of the file with this hash belongs."""
    return cache / f"{sha256}-i{INDEX_VERSION}p{PARSER_VERSION}"


def is_complete(folder: Path) -> bool:
    """Whether an index stands there whole: every file that was written, in the size it had."""
    written = _read_seal(folder)
    return written.keys() >= _all_derived() and _sizes_match(folder, written)


def build(source: Path, folder: Path, *, damaged: bool = False) -> None:
    """Index `source` into `folder`, unless a complete index stands there (or `damaged` says it is none).

    Raises `FormatError` when the file cannot be read whole and `SourceError` when the index cannot be
    written; then nothing is left behind.
    """
    try:
        with _lock(folder):
            if damaged or not is_complete(folder):
                try:
                    _complete(source, folder, damaged=damaged)
                except DamagedIndexError:
                    _complete(source, folder, damaged=True)
    except OSError as error:
        raise SourceError(
            f"its index cannot be written: {error.strerror or error}",
            where=str(source),
            fix=f"make room or choose another cache than {folder.parent}",
        ) from error


def _complete(source: Path, folder: Path, *, damaged: bool) -> None:
    """Under the lock: build what is missing, all of it or the text of a new normaliser."""
    written = _read_seal(folder)
    if not damaged and written and not written.keys() >= _all_derived() and _sizes_match(folder, written):
        _derive(FileIndex(folder), folder)
        _seal(folder, written)
        return
    part = folder.with_name(f"{folder.name}.part")  # ours alone while the lock is held
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        _write(source, part)
        _seal(part, {})
        _derive(FileIndex(part), part)
        _seal(part, _read_seal(part))
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _seal(folder: Path, known: _Seal) -> None:
    """Write `complete.json` for what stands in the folder, by rename. What is known is taken as it is."""
    names = sorted(path.name for path in folder.iterdir() if path.suffix in (".parquet", ".bin"))
    written = {name: known.get(name) or _measure(folder / name) for name in names}
    part = folder / f"{_COMPLETE}.part"
    part.write_text(json.dumps(written, sort_keys=True))
    part.replace(folder / _COMPLETE)


def _read_seal(folder: Path) -> _Seal:
    """Size and CRC of each file of an index; empty when there is no index."""
    try:
        written = json.loads((folder / _COMPLETE).read_text())
        return {str(name): (int(size), int(crc32)) for name, (size, crc32) in written.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _sizes_match(folder: Path, written: _Seal) -> bool:
    try:
        return all((folder / name).stat().st_size == size for name, (size, _) in written.items())
    except OSError:
        return False


def _measure(path: Path) -> tuple[int, int]:
    """Size of a file, and the CRC-32 of its footer if it is Parquet: no page checksum covers that part."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if path.suffix != ".parquet":
            return size, 0
        file.seek(max(0, size - 8))
        footer = int.from_bytes(file.read(4), "little") + 8
        file.seek(max(0, size - footer))
        return size, zlib.crc32(file.read())


def _derived(name: str) -> str:
    return f"{name}-v{NORMALISER_VERSION}.parquet"


def _all_derived() -> set[str]:
    return {_derived(name) for name in _DERIVED}


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """One builder at a time; the lock dies with the process that holds it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f"{folder.name}.lock")):
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
        (folder / "elements.bin").open("wb") as file,
    ):
        elements = _BlockWriter(file)

        def flush() -> None:
            records.write_table(_columns(batch, schema), row_group_size=_ROWS)
            cited = [
                (rows - len(batch) + n, int(reference.pmid))
                for n, record in enumerate(batch)
                for reference in record.references
                if reference.pmid.isascii() and reference.pmid.isdigit() and len(reference.pmid) < 18
            ]
            named = {"row": [row for row, _ in cited], "cited": [pmid for _, pmid in cited]}
            citations.write_table(as_table(named, _CITATIONS))
            batch.clear()

        for element in read_elements(source):
            item = parse(element, name=str(source), cites=Cites.PMIDS)
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
        elements.close_block()
    with _parquet(folder / "events.parquet", _EVENTS) as writer:
        writer.write_table(as_table(events, _EVENTS))
    with _parquet(folder / "blocks.parquet", _BLOCKS) as writer:
        writer.write_table(as_table(elements.blocks, _BLOCKS))


def _add(events: dict[str, list[int]], *values: int) -> None:
    for column, value in zip(events.values(), values, strict=True):
        column.append(value)


def _derive(index: FileIndex, folder: Path) -> None:
    """The normalised text of `records.parquet`, batch by batch, and the words of it."""
    parts = {name: folder / f"{name}.part" for name in _DERIVED}
    _write_searched(index, parts["query"], parts["facets"])

    def column(name: str) -> Iterator[pa.Array]:
        with pq.ParquetFile(parts["query"]) as file:
            for batch in file.iter_batches(batch_size=_ROWS, columns=[name]):
                yield batch.column(0)

    write_words(column, parts["words"], parts["lengths"])
    for name, part in parts.items():
        part.replace(folder / _derived(name))


def _write_searched(index: FileIndex, text: Path, lists: Path) -> None:
    stored = pa.schema([field for field in query_schema() if field.name not in LIST_COLUMNS])
    facets = FacetWriter()
    with _parquet(text, stored) as writer:
        for batch in index.batches():
            table = normalised(batch)
            writer.write_table(table.select(stored.names), row_group_size=_ROWS)
            facets.add(table)
    facets.write(lists)


def _columns(batch: Sequence[Record], schema: pa.Schema) -> pa.Table:
    return as_table({name: [getattr(record, name) for record in batch] for name in RECORD_COLUMNS}, schema)


class _BlockWriter:
    """Writes elements, `_BLOCK` to a zstd block; `blocks` are the columns of `blocks.parquet`."""

    def __init__(self, file: BinaryIO) -> None:
        self.blocks: dict[str, list[int]] = {name: [] for name in _BLOCKS.names}
        self._file = file
        self._codec = pa.Codec("zstd", compression_level=3)
        self._parts: list[bytes] = []
        self._size = 0
        self._offset = 0

    def add(self, raw: bytes) -> tuple[int, int]:
        """Keep one element; its block and its place in the inflated block."""
        if len(self._parts) == _BLOCK:
            self.close_block()
        place = (len(self.blocks["offset"]), self._size)
        self._parts.append(raw)
        self._size += len(raw)
        return place

    def close_block(self) -> None:
        if self._parts:
            data = self._codec.compress(b"".join(self._parts), asbytes=True)
            _add(self.blocks, self._offset, len(data), self._size, zlib.crc32(data))
            self._file.write(data)
            self._offset += len(data)
            self._parts, self._size = [], 0
