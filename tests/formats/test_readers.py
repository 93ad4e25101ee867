# ruff: noqa: E501  (samples keep their lines as exporters write them)
"""What each database and reference manager writes where, and the damage that files meet on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from resift.errors import FormatError
from resift.formats import read_export, read_file
from resift.records import Record


def _read(tmp_path: Path, name: str, text: str, **options: object) -> list[Record]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_file(path, **options)  # type: ignore[arg-type]


def _told(tmp_path: Path, name: str, text: str) -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return "\n".join(line for _, line in read_export(path).notes.lines())


# ── RIS ─────────────────────────────────────────────────────────────────────────────────────────────

EMBASE_RIS = """TY  - JOUR
M3  - Article
C4  - 21263089
AN  - L361234567
DB  - Embase
T1  - Future directions in the treatment of neuroendocrine tumors
A1  - Kulke, M.H.
A1  - Siu, L.L.
Y1  - 2011//
N2  - An abstract that is
wrapped onto a second line.
JF  - Journal of Clinical Oncology
JO  - J. Clin. Oncol.
VL  - 29
IS  - 7
SP  - 934
EP  - 943
LA  - English
DO  - 10.1200/JCO.2010.33.2056
UR  - https://www.embase.com/search/results?id=L361234567
ER  -
"""


def test_embase_ris_by_its_older_tags(tmp_path: Path) -> None:
    (record,) = _read(tmp_path, "embase.ris", EMBASE_RIS, source="embase")
    assert record.record == "embase:L361234567"
    assert record.title == "Future directions in the treatment of neuroendocrine tumors"
    assert record.authors == ("Kulke MH", "Siu LL")
    assert (record.year, record.volume, record.issue, record.pages) == (2011, "29", "7", "934-943")
    assert record.abstract == "An abstract that is wrapped onto a second line."
    assert (record.journal, record.journal_abbreviation) == (
        "Journal of Clinical Oncology",
        "J. Clin. Oncol.",
    )
    assert record.languages == ("eng",)
    assert record.doi == "10.1200/JCO.2010.33.2056"
    assert record.pmid == ""


@pytest.mark.parametrize(
    ("lines", "pmid"),
    [
        ("AN  - 20049617\nDB  - PubMed", "20049617"),
        ("AN  - 20049617\nDP  - NLM", "20049617"),
        ("AN  - 20049617\nDB  - Ovid MEDLINE(R) ALL <1946 to March 01, 2024>", "20049617"),
        ("AN  - NLM20049617\nDB  - MEDLINE with Full Text\nDP  - EBSCOhost", "20049617"),
        ("AN  - 20049617\nDB  - cmedm\nDP  - EBSCOhost", "20049617"),
        (
            "AN  - 66693838; 20049617\nDB  - MEDLINE®\nUR  - https://www.proquest.com/docview/66693838/abc",
            "20049617",
        ),
        ("AN  - MEDLINE:20049617\nWE  - Medline", "20049617"),
        ("C5  - 20049617\nDB  - Embase\nDB  - Medline", "20049617"),
        ("C2  - 20049617\nDB  - Scopus", "20049617"),
        ("C3  - PUBMED 20049617,EMBASE 643589775\nAN  - CN-00000001", "20049617"),
        ("C3  - EMBASE 643589775,PUBMED 20049617\nAN  - CN-00000001", "20049617"),
        (
            "N1  - Accession Number: 107983279. Language: English. PMID: NLM20049617.\nDP  - EBSCOhost",
            "20049617",
        ),
        (
            "UR  - http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=reference&D=med13&NEWS=N&AN=20049617",
            "20049617",
        ),
        ("UR  - https://europepmc.org/article/MED/20049617", "20049617"),
        ("L2  - https://www.ncbi.nlm.nih.gov/pubmed/20049617", "20049617"),
        ("PM  - 20049617", "20049617"),
        ("C7  - PMID: 20049617", "20049617"),
        ("N1  - PMID: 20049617", "20049617"),
        ("UR  - https://pubmed.ncbi.nlm.nih.gov/20049617/", "20049617"),
        ("UR  - http://www.ncbi.nlm.nih.gov/pubmed/20049617", "20049617"),
        # What only looks like a PMID: Embase's and Scopus's own numbers, article numbers, counters.
        ("AN  - 20049617", ""),
        ("AN  - 20049617\nDB  - Embase\nDB  - Medline", ""),
        ("AN  - 20049617\nDB  - PubMed Central", ""),
        ("AN  - 20049617\nDB  - CINAHL Complete\nDP  - EBSCOhost", ""),
        ("AN  - 66693838\nDB  - MEDLINE®\nUR  - https://www.proquest.com/docview/66693838/abc", ""),
        ("ID  - 20049617\nDB  - MEDLINE", ""),
        ("ID  - PMID: 20049617", ""),
        ("ID  - 20049617\nDB  - Ovid MEDLINE(R)", ""),
        ("C7  - 20049617\nSP  - 514", ""),
        ("C7  - 20049617\nDB  - PubMed", ""),
        ("C5  - 20049617\nDB  - Scopus", ""),
        ("C2  - 20049617\nDB  - Embase", ""),
        ("C3  - 20049617\nDB  - Embase", ""),
        ("N1  - found_by: pubmed:20049617", ""),
        ("N1  - Comment on PMID: 20049617 and others", ""),
        ("N1  - see https://pubmed.ncbi.nlm.nih.gov/20049617/", ""),
        (
            "UR  - https://pubmed.ncbi.nlm.nih.gov/20049617/\nUR  - https://pubmed.ncbi.nlm.nih.gov/20049618/",
            "",
        ),
        ("M1  - A cited work (2002) https://pubmed.ncbi.nlm.nih.gov/20049617/", ""),
        ("AN  - 2001234567\nDB  - Embase", ""),
        ("AN  - 52345678\nDB  - Embase", ""),
        ("C7  - 2835787\nDB  - Scopus\nSP  - 1", ""),
        ("C7  - 2835787", ""),
        ("ID  - 37656741", ""),
        ("ID  - 3", ""),
    ],
)
def test_pmid_is_found_where_exporters_hide_it_and_nowhere_else(
    lines: str, pmid: str, tmp_path: Path
) -> None:
    (record,) = _read(tmp_path, "one.ris", f"TY  - JOUR\nTI  - A title\n{lines}\nER  - \n")
    assert record.pmid == pmid


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("TY  - JOUR\nTI  - A\nER  - \nTY  - JOUR\nTI  - B\n", 4, "may be cut off"),
        ("TY  - JOUR\nTI  - A\nER  - \nTI  - B\nER  - \n", 4, "its TY line is missing"),
        ("TY  - JOUR", 1, "nothing more"),
        ("TI  - A\nAU  - B\nER  - \n", 1, "outside any entry"),
        ("TY  - JOUR\nVL  - 3\nER  - \n", 1, "no title"),
    ],
)
def test_malformed_ris_names_the_line(text: str, line: int, words: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=words) as caught:
        _read(tmp_path, "bad.ris", text)
    assert f"line {line}:" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\nTI  - A\nER  -\nTY  - JOUR\nTI  - B\nER  - \n",  # the blank after ER lost
        "TY - JOUR\nTI - A\nER - \n\nTY - JOUR\nTI - B\nER - \n",  # one blank before the hyphen
        "1.\nTY  - JOUR\nTI  - A\nER  - \n\n2.\nTY  - JOUR\nTI  - B\nER  - \n",  # counters, as rispy writes
        "Provider: A publisher\nContent: text/plain\n\nTY  - JOUR\nTI  - A\nER  - \nTY  - JOUR\nTI  - B\nER  - ",
        "TY  - JOUR\nTI  - A\nTY  - JOUR\nTI  - B\nER  - \n",  # an ER line lost
        "TY  - JOUR\nTI  - A\nER  - \nstray words\nTY  - JOUR\nTI  - B\nER  - \n",
        "TY  - JOUR\nTI  - A\nER  - \nAU  - Stray, A\nTY  - JOUR\nTI  - B\nER  - \n",
        "TY  - JOUR\nstray words\nTI  - A\nER  - \nTY  - JOUR\nTI  - B\nER  - \n",
        "TY  - JOUR\nT1  - A\nER  - 1\n\nTY  - JOUR\nT1  - B\nER  - 2\n",
        "  TY  - JOUR\n  TI  - A\n  ER  - \n  TY  - JOUR\n  TI  - B\n  ER  - \n",  # all of it set in
        "TY  - JOUR\nTI  - A\nER  - \n-----\nRecord 2 of 2\nTY  - JOUR\nTI  - B\nER  - \n",
    ],
)
def test_loose_ris_is_read(text: str, tmp_path: Path) -> None:
    assert [record.title for record in _read(tmp_path, "loose.ris", text)] == ["A", "B"]


def test_ris_keeps_every_repeated_line(tmp_path: Path) -> None:
    text = "TY  - JOUR\nTI  - A\nKW  - one\nKW  - two\nAU  - Li, X\nAU  - WHO,\nAU  - van der Berg, J.-P.\nER  - \n"
    (record,) = _read(tmp_path, "one.ris", text)
    assert record.keywords == ("one", "two")
    assert record.authors == ("Li X", "van der Berg JP")
    assert record.collective_authors == ("WHO",)


def test_several_dois_in_one_field_give_the_first(tmp_path: Path) -> None:
    text = "TY  - JOUR\nTI  - A\nDO  - https://doi.org/10.1000/abc(1)2; 10.1000/def\nER  - \n"
    assert _read(tmp_path, "one.ris", text)[0].doi == "10.1000/abc(1)2"


# ── nbib ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("TI  - A\nPMID- 1\nTI  - B\n", 1, "comes before any PMID"),
        ("PMID- x12\nTI  - A\n", 1, "is not a PMID"),
        ("PMID- 12\nTI  - A\nSO  - J. 2000.\n\nPMID- 13\nTI  - B\n", 5, "may be cut off"),
    ],
)
def test_malformed_nbib_names_the_line(text: str, line: int, words: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=words) as caught:
        _read(tmp_path, "bad.nbib", text)
    assert f"line {line}:" in str(caught.value)


def test_a_blank_line_inside_an_nbib_entry_does_not_split_it(tmp_path: Path) -> None:
    text = "PMID- 12\nOWN - NLM\nTI  - A title that\n      goes on\n\nAU  - Li X\nOT  - long\n      keyword\n\nPMID- 13\nTI  - B\n"
    one, two = _read(tmp_path, "x.nbib", text)
    assert (one.title, one.authors, one.keywords) == ("A title that goes on", ("Li X",), ("long keyword",))
    assert (one.record, two.title) == ("pubmed:12", "B")


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────

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
    (record,) = _read(tmp_path, name, text, source=source)
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
    (record,) = _read(tmp_path, "own.csv", text, source="own", columns=columns)
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
        _read(tmp_path, "bad.csv", text, columns=columns)


def test_columns_are_for_tables_only(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no columns to map"):
        _read(tmp_path, "embase.ris", EMBASE_RIS, columns={"title": "T1"})


# ── BibTeX ──────────────────────────────────────────────────────────────────────────────────────────


def test_duplicate_bibtex_keys_lose_no_entry(tmp_path: Path) -> None:
    text = "@article{smith2010, title={One}, year={2010}}\n@article{smith2010, title={Two}, year={2011}}\n"
    records = _read(tmp_path, "x.bib", text, source="zotero")
    assert [record.title for record in records] == ["One", "Two"]
    assert len({record.record for record in records}) == 2


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (
            "@article{a, title={One}}\n@article{b, title={Two, year={2011}}\n@article{c, title={Three}}\n",
            ["One", "Three"],
        ),
        ("@article{a, title={Broken}\n\n@article{b, title={Whole}}\n", ["Whole"]),
        ("@article{a, title={One}, note={x}, note={y}}\n", ["One"]),
        ("@article{a, title={One}, title={Two}}\n", ["One"]),
    ],
)
def test_a_broken_bibtex_entry_costs_itself_alone(text: str, titles: list[str], tmp_path: Path) -> None:
    assert [record.title for record in _read(tmp_path, "x.bib", text)] == titles


def test_a_broken_bibtex_entry_is_named(tmp_path: Path) -> None:
    text = "@article{a, title={One}}\n\n@article{lost, title={Two, year={2011}}\n@article{c, title={Three}}\n"
    told = _told(tmp_path, "x.bib", text)
    assert "BibTeX entries whose braces do not pair were left out: line 3 (lost)" in told


def test_bibtex_cut_off_or_without_any_whole_entry_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"line 2: a BibTeX entry cannot be read.*cut off"):
        _read(tmp_path, "bad.bib", "@article{a, title={One}}\n@article{b, title={Two, ye")
    with pytest.raises(FormatError, match="line 1: a BibTeX entry cannot be read"):
        _read(tmp_path, "bad.bib", "@article{b, title={Two, year={2011}}\n")


def test_each_bibtex_entry_is_read_like_the_first(tmp_path: Path) -> None:
    one = (
        '@article{key, title={The {DNA} of \\& more}, author={M{\\"u}ller, J. and Li, X.}, month=mar, year={2010},\n'
        "  journal=ann, pages={1--9}, keywords={a; b}, keywords={c}}\n"
    )
    text = '@string{ann = "Annals"}\n' + one * 3
    records = _read(tmp_path, "x.bib", text)
    seen = {(r.title, r.authors, r.journal, r.pages, r.print_date, r.keywords) for r in records}
    assert seen == {("The DNA of & more", ("Müller J", "Li X"), "Annals", "1-9", "2010-03", ("a", "b", "c"))}
    assert len(records) == 3


def test_foreign_bibtex_with_latex(tmp_path: Path) -> None:
    text = r"""@string{aos = "Annals of Surgery"}
@comment{not an entry}
@article{x,
  author = {M{\"u}ller, J{\"o}rg and van der Berg, Jan and {WHO Study Group} and Ludwig A. Smith},
  title = "{The {DNA} of 50\% \& more}",
  journal = aos, year = 2010, month = mar, pages = {514--523}, number = {3},
  url = {https://doi.org/10.1000/abc}, note = {PMID: 20049617}
}
"""
    (record,) = _read(tmp_path, "x.bib", text)
    assert record.authors == ("Müller J", "van der Berg J", "Smith LA")
    assert record.collective_authors == ("WHO Study Group",)
    assert record.title == "The DNA of 50% & more"
    assert (record.journal, record.print_date, record.pages) == ("Annals of Surgery", "2010-03", "514-523")
    assert (record.doi, record.pmid, record.issue) == ("10.1000/abc", "20049617", "3")


def test_sources_take_the_name_of_the_file_unless_given(tmp_path: Path) -> None:
    (record,) = _read(tmp_path, "Embase 2012.ris", EMBASE_RIS)
    assert record.record == "embase-2012:L361234567"


@pytest.mark.parametrize(
    ("issued", "year", "date"),
    [
        ({"date-parts": [[None]], "raw": "2012 Mar"}, 2012, "2012-03"),  # as Crossref writes what it lacks
        ({"date-parts": [["2012", 3, 9]]}, 2012, "2012-03-09"),
        ({"date-parts": [[2012, "spring", 5]]}, 2012, "2012"),
        ({"date-parts": [["²"]]}, None, ""),
        ({"literal": "2012"}, 2012, "2012"),
        ("2012-03", 2012, "2012-03"),
    ],
)
def test_csl_json_dates(issued: object, year: int | None, date: str, tmp_path: Path) -> None:
    item = {"id": "1", "type": "article-journal", "title": "A title of a trial", "issued": issued}
    (record,) = _read(tmp_path, "a.json", json.dumps([item]))
    assert (record.year, record.print_date) == (year, date)
