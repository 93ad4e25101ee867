"""The table of records gives back the records that were written, whole or in part."""

from __future__ import annotations

from pathlib import Path

import pytest

from resift.records import (
    RECORD_COLUMNS,
    Record,
    Reference,
    iter_records,
    iter_rows,
    with_references,
    write_records,
)

BARE = Record(record="x:1", source="x")
FULL = Record(
    record="pubmed:2",
    source="pubmed",
    pmid="2",
    title="A title\nof two lines, é",
    year=0,
    authors=("Smith J", ""),
    mesh=("Humans",),
    references=(Reference(n=1, pmid="3", doi="", citation="Smith J. 2010"),),
)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "databases.parquet"
    assert write_records([BARE, FULL], path, tmp_path / "references.parquet") == 2
    return path


def test_records_come_back_whole(written: Path) -> None:
    found = with_references(list(iter_records(written)), written.with_name("references.parquet"))
    assert sorted(found, key=lambda record: record.record) == [FULL, BARE]
    assert len({hash(record) for record in found}) == 2


@pytest.mark.parametrize("columns", [("record",), ("record", "year", "authors"), ("title", "record")])
def test_of_a_record_read_in_part_the_rest_cannot_be_asked(written: Path, columns: tuple[str, ...]) -> None:
    held = {record.record: record for record in (BARE, FULL)}
    for part in iter_records(written, columns):
        assert all(getattr(part, name) == getattr(held[part.record], name) for name in columns)
        for name in set(RECORD_COLUMNS) - set(columns):
            with pytest.raises(AttributeError):
                getattr(part, name)
    assert [tuple(row) for row in iter_rows(written, columns)] == [columns] * 2


def test_a_table_without_records_has_none(tmp_path: Path) -> None:
    path = tmp_path / "none.parquet"
    assert write_records([], path) == 0
    assert list(iter_records(path)) == [] and list(iter_rows(path, ("record",))) == []
