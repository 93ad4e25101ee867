"""Every file of a run is declared once, round-trips, has a place of its own, and is told to readers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.rows import rows_of

from resift.errors import RunError
from resift.rows import columns_of, read_rows, write_rows
from resift.tables import LANES, RUN_FILES, RunFile, Table, declared
from resift.vocabulary import ExportFormat, ExportPart

PROJECT = Path(__file__).resolve().parents[1]
TABLES = [file for file in RUN_FILES if isinstance(file, Table)]
WILDCARDS = {"lane": "other", "strategy": "concepts", "part": "all", "format": "ris", "request": "0" * 64}


def named(table: RunFile) -> str:
    return table.pattern


def place(file: RunFile) -> str:
    return file.of(Path(), **WILDCARDS).as_posix()


@pytest.mark.parametrize("table", TABLES, ids=named)
@settings(max_examples=settings.default.max_examples * 4 // 10)
@given(data=st.data())
def test_every_declared_row_is_read_as_it_was_written(
    table: Table[object], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = data.draw(st.lists(rows_of(table.row), max_size=3))
    path = tmp_path_factory.getbasetemp() / "row.csv"
    table.write(path, rows)
    assert table.read(path) == rows
    written = path.read_bytes()
    table.write(path, table.read(path))
    assert path.read_bytes() == written


def test_no_two_row_types_have_the_same_columns() -> None:
    headings = [columns_of(table.row) for table in TABLES]
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize("table", TABLES, ids=named)
def test_a_table_in_the_place_of_another_is_refused(table: Table[object], tmp_path: Path) -> None:
    other = TABLES[TABLES.index(table) - 1]
    path = tmp_path / "other.csv"
    write_rows(other.row, [], path)
    with pytest.raises(RunError, match="its columns are"):
        read_rows(table.row, path)


@pytest.mark.parametrize("file", RUN_FILES, ids=named)
def test_a_path_falls_under_one_declaration(file: RunFile) -> None:
    assert [one for one in RUN_FILES if one.matches(place(file))] == [file]
    assert declared(place(file)) is file
    assert declared(f"deeper/{place(file)}") is None
    assert declared(place(file) + ".part") is None


def test_files_by_lane_part_and_format_are_listed_whole(tmp_path: Path) -> None:
    for file in RUN_FILES:
        if "{strategy}" in file.pattern or "{request}" in file.pattern:
            continue
        paths = file.each(tmp_path)
        wanted = (
            len(ExportPart) * len(ExportFormat)
            if "{part}" in file.pattern
            else len(LANES)
            if "{lane}" in file.pattern
            else 1
        )
        assert len(set(paths)) == wanted
        assert all(file.matches(path.relative_to(tmp_path).as_posix()) for path in paths)


@pytest.mark.parametrize("file", RUN_FILES, ids=named)
def test_the_documentation_says_what_a_run_leaves_behind(file: RunFile) -> None:
    first = file.pattern.split("/")[0]
    said = f"`{first}/`" if "/" in file.pattern else f"`{first}`"
    part = (PROJECT / "docs" / "run-files.md").read_text().split("## Tables")[0]
    assert said in part
