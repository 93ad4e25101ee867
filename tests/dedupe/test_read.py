"""`resift dedupe` as a command: formats, ids, compression, several files, errors by file and line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from resift.__main__ import main
from resift.dedupe.model import GROUP_COLUMNS
from resift.dedupe.read import read_entries
from resift.errors import FormatError

HEADER = (
    "record_id,cluster_id,ENTRYTYPE,title,author,year,journal,booktitle,volume,number,pages,doi,isbn,url,pmid,"
    "abstract"
)
TITLE = "Octreotide in mice, rats and men"
ROW_A = f'a1,c1,article,"{TITLE}","Lindqvist, A. and Moreau, C.",2009,Gut,,41,3,211-219,,,,,'
ROW_B = f'b1,c2,article,"{TITLE}",Lindqvist A.Moreau C.,2009,Gut,,41,3,211-9,10.5555/x.1,,,,'
RIS = """TY  - JOUR
TI  - Octreotide in mice, rats and men
AU  - Lindqvist, A.
AU  - Moreau, C.
PY  - 2009
JO  - Gut
VL  - 41
IS  - 3
SP  - 211
EP  - 219
ER  -
"""
NBIB = """PMID- 19000001
TI  - Octreotide in mice, rats and men.
AU  - Lindqvist A
AU  - Moreau C
DP  - 2009 Mar
JT  - Gut
VI  - 41
IP  - 3
PG  - 211-9
"""
BIBTEX = """@article{lindqvist2009,
  title = {Octreotide in mice, rats and men},
  author = {Lindqvist, A. and Moreau, C.},
  year = {2009},
  journal = {Gut},
  volume = {41},
  number = {3},
  pages = {211--219}
}
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    data = text.encode("utf-8")
    path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
    return path


def groups_of(output: Path) -> pd.DataFrame:
    return pd.read_csv(output, dtype=str, keep_default_na=False)


def test_four_formats_are_one_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [
        write(tmp_path, "scopus.csv", f"{HEADER}\n{ROW_A}\n"),
        write(tmp_path, "embase.ris.gz", RIS),
        write(tmp_path, "pubmed.nbib", NBIB),
        write(tmp_path, "zotero.bib", BIBTEX),
    ]
    output = tmp_path / "groups.csv"
    assert main(["dedupe", *map(str, paths), "-o", str(output)]) == 0
    groups = groups_of(output)
    assert tuple(groups.columns) == GROUP_COLUMNS
    assert groups["record"].tolist() == ["a1", "embase.ris.gz:1", "pubmed.nbib:1", "zotero.bib:1"]
    assert groups["group"].nunique() == 1
    assert sorted(groups["kept"]) == ["false", "false", "false", "true"]
    assert capsys.readouterr().out.startswith("4 records, 1 reports\nmerged: 3 duplicates\n")


def test_one_row_for_every_record_in_the_order_of_the_files(tmp_path: Path) -> None:
    one = write(tmp_path, "z.csv", f"{HEADER}\n{ROW_B}\n{ROW_A}\n")
    two = write(tmp_path, "a.csv.gz", f"{HEADER}\n{ROW_A.replace('a1', 'q9')}\n")
    output = tmp_path / "groups.csv"
    main(["dedupe", str(one), str(two), "-o", str(output)])
    assert groups_of(output)["record"].tolist() == ["b1", "a1", "q9"]


def test_gold_column_is_not_read(tmp_path: Path) -> None:
    same = write(tmp_path, "same.csv", f"{HEADER}\n{ROW_A}\n{ROW_B}\n")
    other = write(
        tmp_path, "other.csv", f"{HEADER}\n{ROW_A.replace('c1', 'x')}\n{ROW_B.replace('c2', 'x')}\n"
    )
    for path in (same, other):
        main(["dedupe", str(path), "-o", str(path.with_suffix(".out"))])
    assert same.with_suffix(".out").read_bytes() == other.with_suffix(".out").read_bytes()


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


def test_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", str(tmp_path / "none.ris"), "-o", str(tmp_path / "o.csv")]) == 1
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1 and "none.ris" in complaint


def test_gzip_cut_off_is_an_error(tmp_path: Path) -> None:
    path = write(
        tmp_path, "cut.csv.gz", f"{HEADER}\n" + "\n".join(ROW_A.replace("a1", f"r{n}") for n in range(500))
    )
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FormatError, match="gzip"):
        read_entries([path])


def test_table_with_headings_only_gives_headings_only(tmp_path: Path) -> None:
    path, output = write(tmp_path, "x.csv", HEADER + "\n"), tmp_path / "o.csv"
    assert main(["dedupe", str(path), "-o", str(output)]) == 0
    assert output.read_text(encoding="utf-8") == ",".join(GROUP_COLUMNS) + "\n"


def test_two_processes_read_what_one_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "\n".join(ROW_A.replace("a1", f"r{n}").replace("mice", f"mice {n}") for n in range(3000))
    path = write(tmp_path, "x.csv", f"{HEADER}\n{rows}\n")
    alone = read_entries([path])
    monkeypatch.setattr("resift.dedupe.read.SHARED_FROM", 0)
    monkeypatch.setattr("resift.dedupe.read.BATCH_BYTES", 20_000)
    shared = read_entries([path])
    assert shared.title == alone.title and shared.record == alone.record
    assert (shared.year == alone.year).all()
