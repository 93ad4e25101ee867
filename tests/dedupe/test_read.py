"""`resift dedupe` as a command: formats, ids, compression, several files, errors by file and line."""

from __future__ import annotations

import gzip
import os
import signal
from pathlib import Path

import pytest

from resift.dedupe.read import read_entries
from resift.errors import FormatError

HEADER = (
    "record_id,cluster_id,ENTRYTYPE,title,author,year,journal,booktitle,volume,number,pages,doi,isbn,url,pmid,"
    "abstract"
)


TITLE = "Octreotide in mice, rats and men"


ROW_A = f'a1,c1,article,"{TITLE}","Lindqvist, A. and Moreau, C.",2009,Gut,,41,3,211-219,,,,,'


ROW_B = f'b1,c2,article,"{TITLE}",Lindqvist A.Moreau C.,2009,Gut,,41,3,211-9,10.5555/x.1,,,,'


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    data = text.encode("utf-8")
    path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    return path


def test_record_without_id_is_named_by_file_and_entry(tmp_path: Path) -> None:
    path = write(tmp_path, "export.csv", f"{HEADER}\n{ROW_A}\n{ROW_B.replace('b1', '')}\n")
    assert read_entries([path]).record == ["a1", "export.csv:2"]


def test_table_without_ids_is_named_by_file_and_entry(tmp_path: Path) -> None:
    path = write(tmp_path, "plain.csv", "title,author,year\nOctreotide in mice,Lindqvist,2009\n")
    assert read_entries([path]).record == ["plain.csv:1"]


def test_id_in_two_files_is_preceded_by_the_file(tmp_path: Path) -> None:
    one = write(tmp_path, "one.csv", f"{HEADER}\n{ROW_A}\n{ROW_B}\n")
    two = write(tmp_path, "two.csv", f"{HEADER}\n{ROW_A}\n")
    assert read_entries([one, two]).record == ["one.csv:a1", "b1", "two.csv:a1"]


def test_line_breaks_and_quotes_within_cells(tmp_path: Path) -> None:
    title, issn = '"Octreotide ""in vivo""\nsecond line of a long title"', '"1234-5678\n8765-4321"'
    row = f'a1,,article,{title},"A, B",2009,Gut,,,,,,{issn},,,'
    entries = read_entries([write(tmp_path, "x.csv", f"{HEADER}\r\n{row}\r\n")])
    assert entries.title == ["octreotide in vivo"]
    assert entries.issn == ["12345678 87654321"]


def test_latin_1_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes(f"{HEADER}\n{ROW_A.replace('Moreau', 'Müller')}\n".encode("latin-1"))
    assert read_entries([path]).authors == ["lindqvist muller"]


def test_pmid_is_taken_from_a_link_to_pubmed(tmp_path: Path) -> None:
    row = ROW_A[:-2] + "https://www.ncbi.nlm.nih.gov/pubmed/19000001,,"
    assert read_entries([write(tmp_path, "x.csv", f"{HEADER}\n{row}\n")]).pmid == ["19000001"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{HEADER}\n{ROW_A}\na2,c,article,Only four\n", "line 3: a row of 4 cells under 16 headings"),
        (f"{HEADER}\n{ROW_A}\n{ROW_A}\n", "record_id a1 stands in entry 1 and in entry 2"),
    ],
)
def test_damaged_table_is_named_by_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, "damaged.csv", text)
    with pytest.raises(FormatError) as caught:
        read_entries([path])
    assert message in str(caught.value) and str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_gzip_cut_off_is_an_error(tmp_path: Path) -> None:
    path = write(
        tmp_path, "cut.csv.gz", f"{HEADER}\n" + "\n".join(ROW_A.replace("a1", f"r{n}") for n in range(500))
    )
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FormatError, match="gzip"):
        read_entries([path])


def test_two_processes_read_what_one_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "\n".join(ROW_A.replace("a1", f"r{n}").replace("mice", f"mice {n}") for n in range(3000))
    path = write(tmp_path, "x.csv", f"{HEADER}\n{rows}\n")
    alone = read_entries([path])
    monkeypatch.setattr("resift.dedupe.read.SHARED_FROM", 0)
    monkeypatch.setattr("resift.dedupe.read.BATCH_BYTES", 20_000)
    shared = read_entries([path])
    assert shared.title == alone.title and shared.record == alone.record
    assert (shared.year == alone.year).all()


def test_a_process_that_is_killed_ends_the_reading_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "x.csv", f"{HEADER}\n{ROW_A}\n{ROW_B}\n")
    monkeypatch.setattr("resift.dedupe.read.SHARED_FROM", 0)
    monkeypatch.setattr("resift.dedupe.read.PROCESSES", 2)
    monkeypatch.setattr("resift.dedupe.read.normalise", lambda _: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(FormatError, match=r"x\.csv: a process that read it was killed"):
        read_entries([path])


def test_a_column_that_stands_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"x\.csv, line 1: the column title stands twice"):
        read_entries([write(tmp_path, "x.csv", "record_id,title,title\n1,one,two\n")])
