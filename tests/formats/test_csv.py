# ruff: noqa: E501  (samples keep their lines as exporters write them)
# ruff: noqa: E501  (samples keep their lines as exporters write them)
"""Tables of records: each database's headings, maps of columns, cells that no spreadsheet runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.exports import to_text

from resift.errors import FormatError
from resift.formats import csv
from resift.formats.export import Exported
from resift.records import Record

from .reading import EMBASE_RIS, written_and_read

TABLES = {
    "pubmed": (
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI\n"
        '20049617,"A title","Franko J, de Jong M, King ML Jr.","Ann Surg. 2010","Franko J","Ann Surg",2010,'
        "2010/01/06,PMC123456,,10.1000/abc\n",
        {"record": "pubmed:20049617", "authors": ("Franko J", "de Jong M", "King ML Jr"), "pmcid": "PMC123456"},
    ),
    "scopus": (
        '"Authors","Author full names","Author(s) ID","Title","Year","Source title","Volume","Issue","Art. No.",'
        '"Page start","Page end","DOI","Abstract","PubMed ID","Language of Original Document","Document Type","EID"\n'
        '"Franko J.; de Jong M.","Franko, Jan (123456)","123456","A title","2010","Annals","17","3","","514","523",'
        '"10.1000/abc","[No abstract available]","20049617","English","Article","2-s2.0-77950"\n',
        {"record": "scopus:2-s2.0-77950", "authors": ("Franko J", "de Jong M"), "pages": "514-523", "abstract": ""},
    ),
    "wos": (
        "PT\tAU\tTI\tSO\tLA\tDT\tSN\tPY\tVL\tIS\tBP\tEP\tAR\tDI\tUT\tPM\n"
        "J\tFranko, J; de Jong, M\tA title\tANNALS\tEnglish\tArticle\t1068-9265\t2010\t17\t3\t514\t523\t\t"
        "10.1000/abc\tWOS:000274\t20049617\n",
        {"record": "wos:WOS:000274", "authors": ("Franko J", "de Jong M"), "issn": "1068-9265", "journal": "ANNALS"},
    ),
    "embase": (
        '"Title","Author Names","Source title","Publication Year","Volume","Issue","First Page","Last Page","DOI",'
        '"Medline PMID","Embase Accession ID","Article Language"\n'
        '"A title","Franko J.; de Jong M.","Annals","2010","17","3","514","523","10.1000/abc","20049617",'
        '"2010123456","English"\n',
        {"record": "embase:2010123456", "pages": "514-523", "languages": ("eng",)},
    ),
    "cochrane": (
        '"Cochrane ID","Author(s)","Title","Source","Year","Abstract","DOI","PubMed ID"\n'
        '"CN-00123456","Franko J, de Jong M","A title","Annals","2010","","10.1000/abc","20049617"\n',
        {"record": "cochrane:CN-00123456", "journal": "Annals"},
    ),
    "zotero": (
        '"Key","Item Type","Publication Year","Author","Title","Publication Title","ISSN","DOI","Pages","Issue",'
        '"Volume","Extra"\n'
        '"ABCD1234","journalArticle","2010","Franko, Jan; de Jong, Mieke","A title","Annals","1068-9265",'
        '"10.1000/abc","514-523","3","17","PMID: 20049617\nPMCID: PMC123456"\n',
        {"record": "zotero:ABCD1234", "authors": ("Franko J", "de Jong M"), "pmcid": "PMC123456"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", TABLES)
def test_tables_of_each_database(source: str, tmp_path: Path) -> None:
    text, expected = TABLES[source]
    name = "export.tsv" if "\t" in text else "export.csv"
    (record,) = written_and_read(tmp_path, name, text, source=source)
    assert (record.title, record.year, record.doi, record.pmid) == (
        "A title",
        2010,
        "10.1000/abc",
        "20049617",
    )
    assert {key: getattr(record, key) for key in expected} == expected


def test_a_map_of_columns_names_the_headings(tmp_path: Path) -> None:
    text = "Titel;Jahr;Zeitschrift;Nr\nEin Titel;2010;Annalen;7\n"
    columns = {"title": "Titel", "year": "Jahr", "journal": "Zeitschrift", "accession": "Nr"}
    (record,) = written_and_read(tmp_path, "own.csv", text, source="own", columns=columns)
    assert (record.record, record.title, record.year, record.journal) == (
        "own:7",
        "Ein Titel",
        2010,
        "Annalen",
    )


@pytest.mark.parametrize(
    ("text", "columns", "words"),
    [
        ("PMID,Name\n1,A\n", None, "no column looks like the title"),
        ("Title,Title\nA,B\n", None, "stands twice"),
        ("Title,DOI\n", None, "no rows"),
        ("Title,DOI\nA,10.1000/x,more\n", None, "line 2: has 3 cells under 2 headings"),
        ('Title,DOI\nA,"10.1000/x\n', None, "line 2: a quotation mark is not closed"),
        ("Title,DOI\nA,B\nC", None, "line 3: the last row has 1 cells"),
        ("Title,DOI\nA,B\n", {"title": "Titel"}, "did you mean 'Title'"),
        ("Title,DOI\nA,B\n", {"titel": "Title"}, "did you mean 'title'"),
    ],
)
def test_bad_tables_say_what_is_wrong(
    text: str, columns: dict[str, str] | None, words: str, tmp_path: Path
) -> None:
    with pytest.raises(FormatError, match=words.replace("(", r"\(")):
        written_and_read(tmp_path, "bad.csv", text, columns=columns)


def test_columns_are_for_tables_only(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no columns to map"):
        written_and_read(tmp_path, "embase.ris", EMBASE_RIS, columns={"title": "T1"})


@pytest.mark.parametrize("opening", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_can_run_as_a_formula(opening: str, tmp_path: Path) -> None:
    record = Record(record="x:1", source="x", title=f"{opening}HYPERLINK(A1)", journal="J")
    import csv as standard
    import io

    rows = list(
        standard.reader(
            io.StringIO(to_text("csv", [Exported(record, {"reason": f"{opening}1"})]), newline="")
        )
    )
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    shown = "\n" if opening == "\r" else opening
    assert f"'{shown}HYPERLINK(A1)" in cells and f"'{shown}1" in cells


@given(st.text())
def test_neutralising_a_cell_is_undone_exactly(cell: str) -> None:
    assert csv.restore(csv.neutralise(cell)) == cell
    assert not csv.neutralise(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.text(alphabet="ab;, =", min_size=1)))
def test_lists_in_a_cell_come_back(items: list[str]) -> None:
    assert list(csv.split_items(csv.join_items(items))) == items
