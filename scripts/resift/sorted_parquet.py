"""A Parquet file whose rows stand in the order of a key, written without holding them all.

Tables come in any order, each sorted in itself. The first is kept; when there are more, they go to files of
Arrow beside the target, each of which ascends, and those are merged. So an answer that comes in the order of
the ids costs one such file, and one in any order as many as it has descents.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 10_000
"""Rows that are packed together: who reads a file row by row holds one such group."""
_BATCH = 200  # rows of one run that are in memory while runs are merged


class SortedParquet:
    """Write `path` with the tables that are added, ordered by `key` of their first column; equal keys keep
    the order in which they came.

    A context manager: the file appears by rename when it ends without an error, and the same rows give the
    same bytes, in whatever tables they came.
    """

    def __init__(self, path: Path, schema: pa.Schema, key: Callable[[str], Any]) -> None:
        self._path = path
        self._schema = schema
        self._key = key
        self._first: pa.Table | None = None
        self._runs: list[Path] = []
        self._open: pa.ipc.RecordBatchStreamWriter | None = None
        self._last: Any = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return self

    def add(self, table: pa.Table) -> None:
        """Take some rows, which ascend by the key."""
        if not table.num_rows:
            return
        if self._first is None and not self._runs:
            self._first = table
            return
        if self._first is not None:
            held, self._first = self._first, None
            self._append(held)
        self._append(table)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._end_run()
            if kind is None:
                self._write()
        finally:
            for run in self._runs:
                run.unlink(missing_ok=True)

    def _append(self, table: pa.Table) -> None:
        import pyarrow as pa

        names = table.column(0)
        if self._open is None or self._key(names[0].as_py()) < self._last:
            self._end_run()
            run = self._path.with_name(f"{self._path.name}.{len(self._runs) + 1}.part")
            self._runs.append(run)
            packed = pa.ipc.IpcWriteOptions(compression="zstd")
            self._open = pa.ipc.new_stream(run, self._schema, options=packed)
        self._open.write_table(table, max_chunksize=_BATCH)
        self._last = self._key(names[-1].as_py())

    def _end_run(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _write(self) -> None:
        import pyarrow.parquet as pq

        part = self._path.with_name(self._path.name + ".part")
        with pq.ParquetWriter(part, self._schema, compression="zstd") as file:
            for table in self._groups():
                # What chunks a table came in would show in the pages of the file.
                file.write_table(table.combine_chunks(), row_group_size=ROW_GROUP)
        part.replace(self._path)

    def _groups(self) -> Iterator[pa.Table]:
        """All rows in their order, `ROW_GROUP` at a time; one empty table where there are none."""
        if not self._runs:
            yield self._first if self._first is not None else self._table([])
        elif len(self._runs) == 1:
            yield from self._regrouped(_batches(self._runs[0]))
        else:
            runs = [_rows(run) for run in self._runs]
            first = self._schema.names[0]
            merged = heapq.merge(*runs, key=lambda row: self._key(row[first]))
            while rows := list(itertools.islice(merged, ROW_GROUP)):
                yield self._table(rows)

    def _regrouped(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
        import pyarrow as pa

        waiting = self._table([])
        for batch in batches:
            waiting = pa.concat_tables([waiting, pa.Table.from_batches([batch])])
            if waiting.num_rows >= ROW_GROUP:
                yield waiting.slice(0, ROW_GROUP)
                waiting = waiting.slice(ROW_GROUP)
        if waiting.num_rows:
            yield waiting

    def _table(self, rows: list[dict[str, Any]]) -> pa.Table:
        from resift.arrow import table

        return table({name: [row[name] for row in rows] for name in self._schema.names}, self._schema)


def _batches(run: Path) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    with pa.OSFile(str(run)) as file, pa.ipc.open_stream(file) as reader:
        yield from reader


def _rows(run: Path) -> Iterator[dict[str, Any]]:
    for batch in _batches(run):
        yield from batch.to_pylist()
