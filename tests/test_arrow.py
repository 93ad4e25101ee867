"""Columns made without pandas are those that Arrow makes."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.arrow import as_numpy, column

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=20)
COLUMNS = st.one_of(
    st.tuples(TEXTS, st.just(pa.string())),
    st.tuples(st.lists(TEXTS, max_size=10), st.just(pa.list_(pa.string()))),
    st.tuples(st.lists(st.none() | st.integers(-(2**31), 2**31 - 1), max_size=20), st.just(pa.int32())),
    st.tuples(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=20), st.just(pa.int64())),
)


@given(COLUMNS)
def test_a_column_is_the_one_that_arrow_makes(values_and_kind: tuple[list[Any], pa.DataType]) -> None:
    values, kind = values_and_kind
    made, wanted = column(values, kind), pa.array(values, type=kind)
    made.validate(full=True)
    assert made.equals(wanted)
    assert made.null_count == wanted.null_count


def test_half_a_character_is_refused_as_arrow_refuses_it() -> None:
    with pytest.raises(UnicodeEncodeError):
        column(["\ud800"], pa.string())


def test_numbers_and_truth_values_come_back() -> None:
    assert as_numpy(column([3, 1, 2], pa.int64())).tolist() == [3, 1, 2]
    assert np.array_equal(as_numpy(pa.array([True, False])), [True, False])


def test_records_are_written_and_read_without_pandas() -> None:
    code = """
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from resift.query.evaluate import evaluate
from resift.query.syntax import parse
from resift.query.table import QueryTable
from resift.records import Record, iter_records, write_records
with TemporaryDirectory() as name:
    path = Path(name) / "records.parquet"
    write_records([Record(record="pubmed:1", source="pubmed", title="asthma", year=2012)], path)
    table = QueryTable.from_records(iter_records(path))
assert evaluate(parse("asthma[ti] AND 2012[dp]"), table).yes.all()
print("pandas" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
