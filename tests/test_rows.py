"""Rows written are the rows read, whatever they hold; a file that holds something else is named by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.rows import TEXT

from resift.errors import RunError
from resift.rows import (
    BATCH,
    columns_of,
    document_of,
    document_text,
    iter_rows,
    join_list,
    neutralise,
    read_document,
    read_rows,
    restore,
    split_list,
    to_csv,
    write_rows,
)


class Colour(StrEnum):
    RED = "red"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    name: str
    colour: Colour
    size: int | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    kept: bool
    score: float | None


@dataclass(frozen=True)
class Palette:
    of_colour: Mapping[Colour, int]


def sample(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "samples.csv"
    path.write_bytes(text.encode())
    return path


def refused(path: Path) -> str:
    with pytest.raises(RunError) as caught:
        read_rows(Sample, path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "''=1"])
def test_no_cell_is_a_formula_and_none_loses_an_apostrophe(cell: str) -> None:
    written = neutralise(cell)
    assert written == "'" + cell
    assert restore(written) == cell


@pytest.mark.parametrize("cell", ["", "'", "'tis", "O'Brien", "a=1", "1-2", " =1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert neutralise(cell) == cell == restore(cell)


@given(TEXT)
def test_neutralised_cells_come_back_and_never_begin_like_a_formula(cell: str) -> None:
    assert restore(neutralise(cell)) == cell
    assert not neutralise(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.lists(TEXT))
def test_a_list_is_one_cell_whatever_its_items_hold(items: list[str]) -> None:
    assert split_list(join_list(items)) == tuple(item for item in items if item)


def test_lists_are_written_to_be_read() -> None:
    assert join_list(["pubmed:1", "pubmed:2"]) == "pubmed:1;pubmed:2"
    assert join_list(["a;b", "c\\"]) == "a\\;b;c\\\\"
    assert split_list("a\\;b;c\\\\") == ("a;b", "c\\")
    assert split_list(";;") == ()


def test_a_table_is_plain_csv_of_one_row_a_line(tmp_path: Path) -> None:
    rows = [
        Sample(name="=1+1", colour=Colour.RED, size=3, tags=("x", "y;z")),
        Sample(name="two\nlines, one cell", colour=Colour.NONE),
    ]
    text = to_csv(Sample, rows)
    assert text.startswith("name,colour,size,tags\n'=1+1,red,3,x;y\\;z\n")
    assert list(csv.reader(io.StringIO(text, newline="")))[2] == ["two\nlines, one cell", "", "", ""]
    path = tmp_path / "made" / "samples.csv"
    write_rows(Sample, rows, path)
    assert path.read_bytes() == text.encode()
    assert [p.name for p in path.parent.iterdir()] == ["samples.csv"]


@pytest.mark.parametrize("break_", ["\r", "\n", "\r\n", "\u2028", "\x0b", "\x85"])
def test_a_line_break_within_a_cell_stays_that_one(break_: str, tmp_path: Path) -> None:
    rows = [Sample(name=f"a{break_}b", colour=Colour.RED), Sample(name=break_, colour=Colour.RED)]
    path = tmp_path / "samples.csv"
    write_rows(Sample, rows, path)
    assert read_rows(Sample, path) == rows


def test_a_table_without_rows_has_its_heading(tmp_path: Path) -> None:
    path = tmp_path / "samples.csv"
    write_rows(Sample, [], path)
    assert path.read_text() == ",".join(columns_of(Sample)) + "\n"
    assert read_rows(Sample, path) == []


def test_a_very_long_cell_is_read(tmp_path: Path) -> None:
    row = Sample(name="x" * 300_000, colour=Colour.RED)
    path = tmp_path / "samples.csv"
    write_rows(Sample, [row], path)
    assert read_rows(Sample, path) == [row]


def test_a_wrong_word_is_named_with_line_and_column(tmp_path: Path) -> None:
    path = sample(tmp_path, 'name,colour,size,tags\n"a\nb",red,,\nc,blue,,\n')
    said = refused(path)
    assert f"{path}, line 4, column colour" in said
    assert "'red'" in said and "'blue'" in said


def test_a_wrong_number_is_named_with_line_and_column(tmp_path: Path) -> None:
    said = refused(sample(tmp_path, "name,colour,size,tags\na,red,1.5,\n"))
    assert "line 2, column size" in said and "1.5" in said


@pytest.mark.parametrize("cell", ["null", "NULL", "1.0", "1e3", "0x1", "one", "9" * 5000])
def test_what_is_no_number_is_told_and_never_taken_for_none(cell: str, tmp_path: Path) -> None:
    said = refused(sample(tmp_path, f"name,colour,size,tags\na,red,{cell},\n"))
    assert f"line 2, column size: expected int | null (it holds '{cell[:50]}" in said


def test_numbers_and_truth_values_are_read_as_a_spreadsheet_saves_them(tmp_path: Path) -> None:
    path = tmp_path / "kept.csv"
    path.write_text("kept,score\nTRUE,1\nfalse, 0.5\ntrue,\n")
    assert read_rows(Kept, path) == [Kept(True, 1.0), Kept(False, 0.5), Kept(True, None)]
    path.write_text("kept,score\nnull,1\n")
    with pytest.raises(RunError, match=r"line 2, column kept: expected bool \(it holds 'null'\)"):
        read_rows(Kept, path)


@pytest.mark.parametrize("word", ["x - at `$[0].name`", "x - at $[0].y", "`", "null", " red", "RED"])
def test_a_wrong_word_may_look_like_the_message_that_tells_of_it(word: str, tmp_path: Path) -> None:
    said = refused(sample(tmp_path, f"name,colour,size,tags\na,{word},,\n"))
    assert f"line 2, column colour: expected one of 'red', '' (it holds '{word}')" in said


@pytest.mark.parametrize(
    ("heading", "held"),
    [
        ("name,colour,size", "name, colour, size"),  # an older layout lacks a column
        ("name,colour,size,tags,more", "more"),  # a later one has more
        ("colour,name,size,tags", "colour, name"),  # columns in another order
        ("", "missing"),
    ],
)
def test_another_layout_is_refused_by_its_heading(heading: str, held: str, tmp_path: Path) -> None:
    said = refused(sample(tmp_path, heading + "\n" if heading else ""))
    assert held in said and "expected: name, colour, size, tags" in said
    assert "another version" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a,red,1", "3 cells under 4 headings"),
        ("a,red,1,,", "5 cells under 4 headings"),
        ('"a,red,1,', "not whole CSV"),  # cut off within a cell
        ('"a"b,red,1,', "not whole CSV"),
    ],
)
def test_a_broken_line_is_refused_with_its_number(line: str, said: str, tmp_path: Path) -> None:
    told = refused(sample(tmp_path, f"name,colour,size,tags\nz,red,1,\n{line}\n"))
    assert said in told and "line 3" in told.replace("line 4", "line 3")


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "none.csv")
    path = tmp_path / "samples.csv"
    path.write_bytes(b"name,colour,size,tags\n\xff,red,,\n")
    assert f"{path}: cannot be read" in refused(path)


def test_documents_name_the_key_that_holds_something_else(tmp_path: Path) -> None:
    whole = Sample(name="=1", colour=Colour.RED, tags=("a",))
    path = tmp_path / "sample.json"
    path.write_text(document_text(whole))
    assert read_document(Sample, path) == whole
    with pytest.raises(RunError, match=r"sample\.json, key tags\.1: .*\(it holds 3\)"):
        document_of(Sample, {"name": "a", "colour": "red", "tags": ["x", 3]}, where="sample.json")
    with pytest.raises(RunError, match=r"key colour: is missing"):
        document_of(Sample, {"name": "a"}, where="sample.json")
    path.write_text('{"name": ')
    with pytest.raises(RunError, match="is not JSON"):
        read_document(Sample, path)


def test_a_key_that_is_none_of_its_words_is_named_with_its_mapping() -> None:
    with pytest.raises(RunError, match=r"key of_colour: Invalid enum value 'pink'"):
        document_of(Palette, {"of_colour": {"red": 1, "pink": 2}}, where="palette.json")
    with pytest.raises(RunError, match=r"key of_colour\.\.\.\.: expected int"):
        document_of(Palette, {"of_colour": {"red": "one"}}, where="palette.json")


def test_a_document_of_another_shape_is_named_with_its_file() -> None:
    with pytest.raises(RunError, match=r"^palette.json: expected object \(it holds \[1\]\)"):
        document_of(Palette, [1], where="palette.json")
    with pytest.raises(RunError, match=r"^palette.json: holds a character that is not Unicode"):
        document_of(Palette, {"of_colour": "\ud800"}, where="palette.json")


def test_a_document_of_an_earlier_run_may_lack_what_has_a_default() -> None:
    assert document_of(Sample, {"name": "a", "colour": "red"}, where="old.json").tags == ()


def test_rows_come_one_after_another_and_a_bad_one_is_named_when_it_is_reached(tmp_path: Path) -> None:
    good = "".join(f"n{n},red,{n},\n" for n in range(BATCH + 1))
    path = sample(tmp_path, f"name,colour,size,tags\n{good}a,blue,,\n")
    rows = iter_rows(Sample, path)
    assert [next(rows).size for _ in range(BATCH)] == list(range(BATCH))
    with pytest.raises(RunError, match=f"line {BATCH + 3}, column colour"):
        next(rows)


def test_cells_that_say_the_same_are_one_text(tmp_path: Path) -> None:
    path = sample(tmp_path, "name,colour,size,tags\nthe same name,red,,\nthe same name,red,,\n")
    one, two = read_rows(Sample, path)
    assert one.name is two.name
