"""Records made ready for searching."""

from __future__ import annotations

from typing import Any

import numpy as np

from resift.query.evaluate import evaluate
from resift.query.syntax import parse
from resift.query.table import NORMALISER_VERSION, QueryTable, normalised, schema
from resift.records import Record

from .conftest import a_record, frame_of, table_of


def test_an_empty_table_answers() -> None:
    result = evaluate(parse("a[ti] AND asthma[mh] NOT 2012[dp]"), QueryTable.from_normalised([]))
    assert len(result.yes) == 0
    assert len(result.clauses) == 5


def test_the_normalised_table_can_be_stored_and_read_back(tmp_path: Any, varied: list[Record]) -> None:
    import pyarrow.parquet as pq

    table = normalised(frame_of(*varied[:60]))
    assert table.schema.equals(schema())
    pq.write_table(table, tmp_path / "n.parquet")
    back = pq.read_table(tmp_path / "n.parquet")
    assert back.equals(table)
    assert NORMALISER_VERSION >= 1
    both = QueryTable.from_normalised([back, table])
    assert both.records == [r.record for r in varied[:60]] * 2
    query = parse("patients[tiab] OR humans[mh]")
    once = evaluate(query, QueryTable.from_normalised([table])).yes
    assert np.array_equal(evaluate(query, both).yes, np.r_[once, once])


def test_columns_that_a_frame_lacks_count_as_empty() -> None:
    frame = frame_of(a_record(title="x"))[["record", "title"]]
    assert evaluate(parse("x[ti]"), QueryTable.from_records(frame)).yes[0]


def test_positions_are_kept_by_take() -> None:
    table = table_of(*(a_record(i, title=f"t{i}") for i in range(5)))
    part = table.take([3, 1])
    assert part.records == ["pubmed:3", "pubmed:1"]
    assert len(part) == 2
    assert evaluate(parse("t1[ti]"), part).yes.tolist() == [False, True]
