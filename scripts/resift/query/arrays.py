"""Numbers of Arrow as arrays of NumPy. Arrow's own conversion imports pandas, a third of a short search."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.types as kinds


def as_numpy(column: pa.Array | pa.ChunkedArray) -> npt.NDArray[Any]:
    """Whole numbers or truth values without nulls, not to be written to."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if kinds.is_boolean(whole.type):
        return np.from_dlpack(whole.cast(pa.uint8())).astype(np.bool_)
    return np.from_dlpack(whole)


def positions(rows: npt.NDArray[np.int64]) -> pa.Array:
    """Positions for `take`."""
    rows = np.ascontiguousarray(rows, dtype=np.int64)
    return pa.Array.from_buffers(pa.int64(), len(rows), [None, pa.py_buffer(rows)])
