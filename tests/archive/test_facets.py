"""The lists of a shard, stored coded, answer as the same lists coded anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resift.archive.facets import FacetWriter, ShardFacets
from resift.query.table import LIST_COLUMNS, Facet, normalised, schema

VALUES = st.lists(st.sampled_from(["asthma", "lung*", "liver/surgery", "é", ""]), max_size=4)
PARTS = st.lists(st.lists(VALUES, max_size=4), max_size=3)


def stored(parts: list[list[list[str]]], path: Path) -> ShardFacets:
    writer = FacetWriter()
    for lists in parts:
        empty: list[list[str]] = [[] for _ in lists]
        columns = {name: lists if name == "mesh" else empty for name in LIST_COLUMNS}
        writer.add(pa.table(columns, pa.schema([field for field in schema() if field.name in columns])))
    writer.write(path)
    return ShardFacets(pq.ParquetFile(path), lambda read: read())


@given(PARTS, st.sets(st.integers(0, 11)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_some_records_of_a_shard_have_the_lists_and_values_that_they_carry(
    tmp_path: Path, parts: list[list[list[str]]], chosen: set[int]
) -> None:
    facets = stored(parts, tmp_path / "facets.parquet")
    lists = [texts for part in parts for texts in part]
    rows = np.array(sorted(row for row in chosen if row < len(lists)), dtype=np.int64)
    kept = [lists[row] for row in rows]
    assert facets.lists("mesh", rows).to_pylist() == kept
    found = facets.facet("mesh", rows)
    anew = Facet.of_column(pa.chunked_array([pa.array(kept, pa.list_(pa.string()))]))
    assert found.values == anew.values
    assert found.size == anew.size
    assert found.codes.tolist() == anew.codes.tolist()
    assert found.parents.tolist() == anew.parents.tolist()
    facets.close()


def test_every_list_column_is_kept(tmp_path: Path) -> None:
    writer = FacetWriter()
    table = normalised({"record": ["a:1"], "authors": [["Li X", "Wu Y"]], "languages": [["eng"]]})
    writer.add(table)
    writer.write(tmp_path / "facets.parquet")
    facets = ShardFacets(pq.ParquetFile(tmp_path / "facets.parquet"), lambda read: read())
    for name in LIST_COLUMNS:
        assert facets.lists(name, np.array([0])).to_pylist() == table.column(name).to_pylist()
