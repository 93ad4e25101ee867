"""Python lists and NumPy arrays as columns of Arrow, and back.

Arrow's own conversions (`pa.array`, `to_numpy`) import pandas, which takes longer than a short search or a
step of a small run. These give the same columns without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.types as kinds

_MOST = (1 << 31) - 1
"""Bytes, or items, of one array: Arrow counts them in 32 bits."""


def column(values: Sequence[Any], kind: pa.DataType) -> pa.Array | pa.ChunkedArray:
    """Texts, lists of texts, or whole numbers (None: absent) as a column; None is for numbers only."""
    if kinds.is_integer(kind):
        return _numbers(values, kind)
    flat = [item for items in values for item in items] if kinds.is_list(kind) else values
    encoded = [text.encode() for text in flat]
    ends = _ends(encoded)
    if ends[-1] > _MOST or len(encoded) > _MOST:
        return pa.array(values, type=kind)  # in several chunks
    texts = pa.Array.from_buffers(
        pa.string(), len(encoded), [None, _offsets(ends), pa.py_buffer(b"".join(encoded))]
    )
    return list_column(texts, _ends(values)) if kinds.is_list(kind) else texts


def list_column(items: pa.Array, starts: npt.NDArray[np.int64]) -> pa.Array:
    """Items that lie end to end as lists: where each begins, and where the last one ends."""
    kind = pa.list_(items.type)
    return pa.Array.from_buffers(kind, len(starts) - 1, [None, _offsets(starts)], children=[items])


def table(columns: Mapping[str, Sequence[Any]], schema: pa.Schema) -> pa.Table:
    """Columns of such values as a table."""
    return pa.Table.from_arrays([column(columns[field.name], field.type) for field in schema], schema=schema)


def _ends(items: Sequence[Any]) -> npt.NDArray[np.int64]:
    """Where each item begins when all lie end to end, and where the last one ends."""
    ends = np.zeros(len(items) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, items), dtype=np.int64, count=len(items)), out=ends[1:])
    return ends


def _offsets(ends: npt.NDArray[np.int64]) -> pa.Buffer:
    return pa.py_buffer(ends.astype(np.int32))


def _numbers(values: Sequence[int | None], kind: pa.DataType) -> pa.Array:
    held = np.array([value is not None for value in values], dtype=np.bool_)
    numbers = np.array([value or 0 for value in values], dtype=kind.to_pandas_dtype())
    present = None if held.all() else pa.py_buffer(np.packbits(held, bitorder="little"))
    return pa.Array.from_buffers(kind, len(numbers), [present, pa.py_buffer(numbers)])


def as_numpy(column: pa.Array | pa.ChunkedArray) -> npt.NDArray[Any]:
    """Whole numbers or truth values without nulls, not to be written to."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if kinds.is_boolean(whole.type):
        return np.from_dlpack(whole.cast(pa.uint8())).astype(np.bool_)
    return np.from_dlpack(whole)


def from_numpy(numbers: npt.NDArray[Any]) -> pa.Array:
    """Whole numbers as a column of the same type."""
    whole = np.ascontiguousarray(numbers)
    return pa.Array.from_buffers(pa.from_numpy_dtype(whole.dtype), len(whole), [None, pa.py_buffer(whole)])


def positions(rows: npt.NDArray[np.int64]) -> pa.Array:
    """Positions for `take`."""
    return from_numpy(rows.astype(np.int64, copy=False))
