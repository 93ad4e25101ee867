"""The lists of a shard (headings, types, keywords, authors) as numbers: what a search would otherwise code anew.

One Parquet file for each shard, one row for each list column, in a row group of its own: the distinct values
in the order in which they first appear, their numbers list after list, and how long the list of each record is.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from resift.arrow import as_numpy, from_numpy, list_column
from resift.query.table import LIST_COLUMNS, Facet

Integers = npt.NDArray[np.int64]

_SCHEMA = pa.schema(
    [("values", pa.list_(pa.string())), ("codes", pa.list_(pa.int32())), ("sizes", pa.list_(pa.int32()))]
)
_PACKED = "DELTA_BINARY_PACKED"


class FacetWriter:
    """Gathers the lists of a shard. Memory: each distinct value of a part once, 4 bytes for each entry."""

    def __init__(self) -> None:
        self._coded: dict[str, list[pa.Array]] = {name: [] for name in LIST_COLUMNS}
        self._sizes: dict[str, list[npt.NDArray[np.int32]]] = {name: [] for name in LIST_COLUMNS}

    def add(self, part: pa.Table) -> None:
        """The list columns of the next records (a table of `resift.query.table.normalised`)."""
        for name in LIST_COLUMNS:
            lists = part.column(name).combine_chunks()
            self._coded[name].append(lists.flatten().dictionary_encode())
            self._sizes[name].append(np.diff(as_numpy(lists.offsets)))

    def write(self, path: Path) -> None:
        """Write what was added."""
        with pq.ParquetWriter(
            path,
            _SCHEMA,
            compression="zstd",
            use_dictionary=False,
            column_encoding={"codes.list.element": _PACKED, "sizes.list.element": _PACKED},
            write_page_checksum=True,
            write_statistics=False,
        ) as writer:
            for name in LIST_COLUMNS:
                kind = pa.dictionary(pa.int32(), pa.string())
                whole = pa.chunked_array(self._coded[name], type=kind).unify_dictionaries()
                values = whole.chunk(0).dictionary if whole.num_chunks else pa.array([], pa.string())
                codes = [as_numpy(chunk.indices) for chunk in whole.chunks]
                columns = [values, *(from_numpy(_joined(parts)) for parts in (codes, self._sizes[name]))]
                row = [list_column(items, np.array([0, len(items)])) for items in columns]
                writer.write_table(pa.Table.from_arrays(row, schema=_SCHEMA))


class ShardFacets:
    """The list columns of one shard, read as they are asked for."""

    def __init__(self, file: pq.ParquetFile, attempt: Callable[[Callable[[], Any]], Any]) -> None:
        self._file = file
        self._attempt = attempt  # turns what damaged bytes raise into what the archive mends

    def close(self) -> None:
        """Close the file; nothing can be read of it afterwards."""
        self._file.close()

    def facet(self, name: str, rows: Integers) -> Facet:
        """A list column of the records at `rows` (ascending), without the values that only others carry."""
        values, codes, starts = self._read(name)
        if len(rows) == len(starts) - 1:
            return Facet(len(rows), np.repeat(np.arange(len(rows)), np.diff(starts)), codes, values)
        sizes, entries = _entries(starts, rows)
        held = codes[entries]
        first = np.full(len(values), len(held), dtype=np.int64)
        first[held[::-1]] = np.arange(len(held) - 1, -1, -1)  # of each value, where it first stands
        kept = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(held))]
        number = np.zeros(len(values), dtype=np.int32)
        number[kept] = np.arange(len(kept), dtype=np.int32)
        return Facet(
            len(rows), np.repeat(np.arange(len(rows)), sizes), number[held], values.take(from_numpy(kept))
        )

    def lists(self, name: str, rows: Integers) -> pa.Array:
        """The same as texts, in the order of `rows`."""
        values, codes, starts = self._read(name)
        sizes, entries = _entries(starts, rows)
        return list_column(values.take(from_numpy(codes[entries])), _starts(sizes))

    def _read(self, name: str) -> tuple[pa.Array, npt.NDArray[np.int32], Integers]:
        group = LIST_COLUMNS.index(name)
        row = self._attempt(partial(self._file.read_row_group, group, use_threads=False))
        values, codes, sizes = (pc.list_flatten(row.column(n).chunk(0)) for n in range(3))
        return values, as_numpy(codes), _starts(as_numpy(sizes))


def _joined(parts: Iterable[npt.NDArray[np.int32]]) -> npt.NDArray[np.int32]:
    return np.concatenate([np.zeros(0, dtype=np.int32), *parts])


def _starts(sizes: npt.NDArray[Any]) -> Integers:
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])


def _entries(starts: Integers, rows: Integers) -> tuple[Integers, Integers]:
    """How many entries the lists at `rows` have, and where each entry stands."""
    sizes = starts[rows + 1] - starts[rows]
    ahead = np.arange(int(sizes.sum())) - np.repeat(_starts(sizes)[:-1], sizes)
    return sizes, np.repeat(starts[rows], sizes) + ahead
