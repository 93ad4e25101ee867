"""A table in the order of its key, whatever order and pieces its rows come in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resift import sorted_parquet
from resift.arrow import table
from resift.sorted_parquet import SortedParquet

SCHEMA = pa.schema([("id", pa.string()), ("came", pa.int32()), ("words", pa.list_(pa.string()))])
Row = tuple[str, int, list[str]]


def write(path: Path, pieces: Sequence[Sequence[Row]]) -> bytes:
    with SortedParquet(path, SCHEMA, int) as file:
        for piece in pieces:
            rows = sorted(piece, key=lambda row: int(row[0]))
            columns = {name: [row[at] for row in rows] for at, name in enumerate(SCHEMA.names)}
            file.add(table(columns, SCHEMA))
    return path.read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sorted")


@settings(max_examples=30, deadline=None)
@given(ids=st.lists(st.integers(0, 40).map(str), max_size=40), size=st.integers(1, 9))
def test_rows_stand_as_sorted_at_once(folder: Path, ids: list[str], size: int) -> None:
    """Equal ids keep the order in which they came, and no file but the table is left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorted_parquet, "ROW_GROUP", 7)
        patch.setattr(sorted_parquet, "_BATCH", 2)
        rows: list[Row] = [(name, n, [name, "x"][: n % 3]) for n, name in enumerate(ids)]
        pieces = [rows[at : at + size] for at in range(0, len(rows), size)]
        written = write(folder / "pieces.parquet", pieces)
        held = pq.read_table(folder / "pieces.parquet").to_pylist()
        assert [tuple(row.values()) for row in held] == sorted(rows, key=lambda row: int(row[0]))
        assert written == write(folder / "whole.parquet", [rows]), "bytes hang on the pieces"
    assert {path.name for path in folder.iterdir()} == {"pieces.parquet", "whole.parquet"}


def test_an_error_leaves_the_former_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    before = write(path, [[("1", 1, [])]])

    def fails() -> None:
        with SortedParquet(path, SCHEMA, int) as file:
            for name in ("3", "2", "1"):
                file.add(table({"id": [name], "came": [0], "words": [[]]}, SCHEMA))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
