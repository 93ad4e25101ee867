"""`resift dedupe` as a command: formats, several files, the order of its rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from dedupe.pairs import paper
from tests.dedupe.test_read import HEADER, write
from tests.dedupe.test_summary import OTHER

from resift.__main__ import main
from resift.dedupe.model import GROUP_COLUMNS

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


def test_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", str(tmp_path / "none.ris"), "-o", str(tmp_path / "o.csv")]) == 1
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1 and "none.ris" in complaint


def test_table_with_headings_only_gives_headings_only(tmp_path: Path) -> None:
    path, output = write(tmp_path, "x.csv", HEADER + "\n"), tmp_path / "o.csv"
    assert main(["dedupe", str(path), "-o", str(output)]) == 0
    assert output.read_text(encoding="utf-8") == ",".join(GROUP_COLUMNS) + "\n"


def test_the_command_prints_merged_linked_and_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "records.csv"
    rows = [paper(), paper(pages="211-9"), {**OTHER, "doi": "10.5555/one.1"}]
    rows.append({**rows[0], "title": "Erratum: " + rows[0]["title"], "pages": "402", "issue": "5"})
    frame = pd.DataFrame(rows).rename(columns={"authors": "author", "issue": "number"}).fillna("")
    frame.to_csv(table, index=False)
    assert main(["dedupe", str(table), "-o", str(tmp_path / "groups.csv")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "4 records, 3 reports",
        "merged: 1 duplicates",
        "linked: 0 versions, 2 companions",
        "to a person: 0 records (0.0%)",
    ]
