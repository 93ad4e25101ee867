# ruff: noqa: E501  (samples keep their lines as the platforms write them)
"""Each platform's saves: recognised by name, every core field where that platform puts it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from resift.errors import FormatError
from resift.formats import Export, read_export

PAPER = {"title": "A title of a trial", "authors": ("Smith JA", "Jones B"), "year": 2019}


PLACE = {"journal": "Annals of Trials", "volume": "12", "issue": "3", "pages": "101-109"}


WHOLE = {**PAPER, **PLACE, "doi": "10.5555/abc.1"}


TABLES: dict[str, tuple[str, dict[str, object]]] = {
    "PubMed": (
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI\n"
        '31000001,A title of a trial,"Smith JA, Jones B.","Annals of Trials. 2019 Feb;12(3):101-109. doi: 10.5555/abc.1.",Smith JA,Annals of Trials,2019,2019/02/01,PMC12345,,10.5555/abc.1\n',
        {**WHOLE, "pmid": "31000001", "pmcid": "PMC12345", "print_date": "2019-02"},
    ),
    "Covidence": (
        "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,Accession Number,DOI,Ref,Covidence #,Study,Notes,Tags\n"
        'A title of a trial,"Smith, John A.; Jones, B.",Text.,2019,2,Annals of Trials,12,3,101-109,31000001,10.5555/abc.1,12,#77,Smith 2019,,\n',
        {**WHOLE, "pmid": "", "abstract": "Text."},
    ),
    "Rayyan": (
        "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,language,publisher,location,abstract,notes,doi,keywords,pubmed_id,pmc_id\n"
        'rayyan-1,A title of a trial,2019,2,1,Annals of Trials,1234-5678,12,3,101-109,"Smith, John A. and Jones, B.",,eng,,,Text.,"RAYYAN-INCLUSION: {""A""=>""Included""}",10.5555/abc.1,"one, two",31000001,PMC12345\n',
        {**WHOLE, "pmid": "31000001", "issn": "1234-5678", "keywords": ("one", "two")},
    ),
    "DistillerSR": (
        "Refid,Author,Title,Abstract,Journal,Year,Volume,Issue,Pages,DOI\n"
        '7,"Smith, J. A.; Jones, B.",A title of a trial,Text.,Annals of Trials,2019,12,3,101-109,10.5555/abc.1\n',
        {**WHOLE, "pmid": ""},
    ),
    "Dimensions": (
        '"About the data: Exported on Jan 01, 2024. Criteria: ""trial"" in title"\n'
        "Rank,Publication ID,DOI,PMID,PMCID,Title,Abstract,Source title,Anthology title,Publication Date,PubYear,Volume,Issue,Pagination,Publication Type,Authors\n"
        '1,pub.1100000001,10.5555/abc.1,31000001,PMC12345,A title of a trial,Text.,Annals of Trials,,2019-02,2019,12,3,101-109,Article,"Smith, John A.; Jones, B."\n',
        {**WHOLE, "pmid": "31000001", "print_date": "2019-02"},
    ),
    "OpenAlex": (
        "id,doi,display_name,publication_year,ids.pmid,biblio.volume,biblio.issue,biblio.first_page,biblio.last_page,authorships.author.display_name,primary_location.source.display_name\n"
        "https://openalex.org/W1,https://doi.org/10.5555/abc.1,A title of a trial,2019,https://pubmed.ncbi.nlm.nih.gov/31000001,12,3,101,109,John A. Smith|B. Jones,Annals of Trials\n",
        {**WHOLE, "pmid": "31000001"},
    ),
    "Publish or Perish": (
        "Cites,Authors,Title,Year,Source,Publisher,ArticleURL,CitesURL,GSRank,QueryDate,Type,DOI,ISSN,CitationURL,Volume,Issue,StartPage,EndPage\n"
        '5,"JA Smith, B Jones",A title of a trial,2019,Annals of Trials,,,,1,2024-01-01,,10.5555/abc.1,,,12,3,101,109\n',
        WHOLE,
    ),
    "IEEE Xplore": (
        '"Document Title",Authors,"Author Affiliations","Publication Title",Date Added To Xplore,"Publication Year","Volume","Issue","Start Page","End Page","Abstract","ISSN",ISBNs,"DOI"\n'
        '"A title of a trial","J. A. Smith; B. Jones","X","Annals of Trials","1 Feb 2019","2019","12","3","101","109","Text.","1234-5678","","10.5555/abc.1"\n',
        WHOLE,
    ),
    "SpringerLink": (
        "Item Title,Publication Title,Book Series Title,Journal Volume,Journal Issue,Item DOI,Authors,Publication Year,URL,Content Type\n"
        "A title of a trial,Annals of Trials,,12,3,10.5555/abc.1,John A. SmithB. Jones,2019,http://link.springer.com/article/10.5555/abc.1,Article\n",
        {**PAPER, "journal": "Annals of Trials", "volume": "12", "doi": "10.5555/abc.1"},
    ),
    "ClinicalTrials.gov": (
        "NCT Number,Study Title,Study URL,Acronym,Study Status,Brief Summary,Conditions,Start Date\n"
        "NCT01234567,A title of a trial,https://clinicaltrials.gov/study/NCT01234567,,COMPLETED,Text.,Tumor|Spread,2019-02\n",
        {"title": "A title of a trial", "year": 2019, "registries": ("NCT01234567",), "record": "x:NCT01234567"},
    ),
    "ICTRP": (
        "TrialID,Last Refreshed on,Public title,Scientific title,Primary sponsor,Date registration\n"
        "ISRCTN12345678,1 May 2020,A title of a trial,A longer title,Sponsor,2019-02-01\n",
        {"title": "A title of a trial", "year": 2019, "record": "x:ISRCTN12345678"},
    ),
    "EBSCO": (
        "an,title,contributors,publicationDate,source,abstract,subjects,longDBName,docTypes,doi,issns,volume,issue,pageStart,pageEnd,plink\n"
        '31000001,A title of a trial,"Smith, John A.; Jones, B.",20190201,Annals of Trials,Text.,,MEDLINE with Full Text,article,10.5555/abc.1,1234-5678,12,3,101,109,https://x\n',
        {**PLACE, "title": "A title of a trial", "pmid": "31000001"},
    ),
    "ProQuest": (
        "Title,Abstract,StoreId,ArticleType,Authors,documentType,issn,language,pages,pubdate,pubtitle,year,DocumentURL,issue,volume,digitalObjectIdentifier\n"
        'A title of a trial,Text.,2036208155,Journal Article,"Smith, John A.; Jones, B.",Article,12345678,English,101-109,Feb 2019,Annals of Trials,2019,https://x,3,12,10.5555/abc.1\n',
        {**WHOLE, "pmid": "", "issn": "1234-5678"},
    ),
    "BVS (LILACS)": (
        "ID,Title,Authors,Source,Journal,Database,Type,Language,Publication year,Descriptor(s),Publication Country,Fulltext URL,Abstract,Volume number,Issue number,DOI\n"
        'mdl-31000001,A title of a trial,"Smith, John A.; Jones, B.",s,Annals of Trials,LILACS,article,en,2019,d,BR,,Text.,12,3,10.5555/abc.1\n',
        {**PAPER, "journal": "Annals of Trials", "issue": "3", "languages": ("eng",), "pmid": "31000001"},
    ),
    "Lens": (
        "Lens ID,Title,Date Published,Publication Year,Publication Type,Source Title,ISSNs,Author/s,Abstract,Volume,Issue Number,Start Page,End Page,PMID,DOI\n"
        "000-1,A title of a trial,2019-02-01,2019,journal article,Annals of Trials,12345678,John A. Smith; B. Jones,Text.,12,3,101,109,31000001,10.5555/abc.1\n",
        {**WHOLE, "pmid": "31000001"},
    ),
}  # fmt: skip


TEXTS: dict[str, tuple[str, str, dict[str, object]]] = {
    "wos": (
        "Web of Science",
        "﻿FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Smith, JA\n   Jones, B\nAF Smith, John A.\n   Jones, Bea\nTI A title of\n   a trial\nSO Annals of Trials\nDE one; two\nAB Text.\nSN 1234-5678\nPD FEB\nPY 2019\nVL 12\nIS 3\nBP 101\nEP 109\nDI 10.5555/abc.1\nUT WOS:000425000000001\nPM 31000001\nER\n\nEF\n",
        {**WHOLE, "pmid": "31000001", "keywords": ("one", "two"), "print_date": "2019-02", "record": "x:WOS:000425000000001"},
    ),
    "endnote": (
        "EndNote",
        "%0 Journal Article\n%A Smith, John A.\n%A Jones, B.\n%T A title of a trial\n%J Annals of Trials\n%V 12\n%N 3\n%P 101-109\n%D 2019\n%R 10.5555/abc.1\n%M 31000001\n%W NLM\n%K one\ntwo\n%X Text.\n\n",
        {**WHOLE, "pmid": "31000001", "keywords": ("one", "two")},
    ),
    "endnote of another database": (
        "EndNote",
        "%0 Journal Article\n%A Smith, John A.\n%A Jones, B.\n%T A title of a trial\n%M 31000001\n%W EBSCOhost\n%D 2019\n",
        {**PAPER, "pmid": "", "record": "x:31000001"},
    ),
    "refworks": (
        "RefWorks",
        "RT Journal Article\nSR Electronic(1)\nID 5\nA1 Smith,John A.\nA1 Jones,B.\nT1 A title of a trial\nJF Annals of Trials\nYR 2019\nVO 12\nIS 3\nSP 101\nOP 109\nDO 10.5555/abc.1\nAB Text.\n\n",
        {**WHOLE, "pmid": ""},
    ),
    "ovid": (
        "Ovid",
        "<1>\nUnique Identifier\n  31000001\nTitle\n  A title of\n  a trial\nSource\n  Annals of Trials. 12(3):101-109, 2019 Feb.\nDatabase\n  Ovid MEDLINE(R)\nAuthors\n  Smith JA; Jones B.\nAbstract\n  Text.\nDigital Object Identifier\n  10.5555/abc.1\n",
        {**WHOLE, "pmid": "31000001"},
    ),
    "abstract": (
        "PubMed",
        "1. Annals of Trials. 2019 Feb;12(3):101-109. doi: 10.5555/abc.1. Epub 2019 Jan 2.\n\nA title of a trial.\n\nSmith JA(1), Jones B(2).\n\nAuthor information:\n(1)A place.\n\nBACKGROUND: Text.\nMORE of it. RESULTS: Some.\n\nDOI: 10.5555/abc.1\nPMCID: PMC12345\nPMID: 31000001 [Indexed for MEDLINE]\n\n\n2. Annals of Trials. 2020;13:1.\n\nAnother.\n\nLi X(1).\n\nDOI: 10.5555/abc.2\nPMID: 31000002\n",
        {**PAPER, **PLACE, "title": "A title of a trial.", "pmid": "31000001", "abstract": "BACKGROUND: Text. MORE of it.\nRESULTS: Some."},
    ),
    "summary": (
        "PubMed",
        "1: Smith JA, Jones B. A title of a trial. Annals of Trials. 2019 Feb;12(3):101-109. doi: 10.5555/abc.1. PMID: 31000001; PMCID: PMC12345.\n\n2: Li X. Another title here. Annals of Trials. 2020;13:1. PMID: 31000002.\n",
        {**PAPER, "title": "A title of a trial", "pmid": "31000001", "volume": "12", "pmcid": "PMC12345"},
    ),
    "json": (
        "Zotero or another writer of CSL JSON",
        '[{"id":"1","type":"article-journal","title":"A title of a trial","container-title":"Annals of Trials","volume":"12","issue":"3","page":"101-109","DOI":"10.5555/abc.1","note":"PMID: 31000001","author":[{"family":"Smith","given":"John A."},{"family":"Jones","given":"B."}],"issued":{"date-parts":[["2019",2]]}}]',
        {**WHOLE, "pmid": "31000001", "print_date": "2019-02"},
    ),
    "embase by row": (
        "Embase.com",
        '"SEARCH QUERY","trial:ti"\n\n"TITLE","A title of a trial"\n"AUTHOR NAMES","Smith J.A.","Jones B."\n"SOURCE TITLE","Annals of Trials"\n"PUBLICATION YEAR","2019"\n"VOLUME","12"\n"ISSUE","3"\n"FIRST PAGE","101"\n"LAST PAGE","109"\n"EMBASE ACCESSION ID","L1"\n"MEDLINE PMID","31000001"\n"DOI","10.5555/abc.1"\n\n"TITLE","Another"\n"AUTHOR NAMES","Li X."\n',
        {**WHOLE, "pmid": "31000001", "record": "x:L1"},
    ),
    "eric": (
        "ERIC",
        "OWN - ERIC\nTI  - A title of a trial\nAU  - Smith, John A.\nAU  - Jones, B.\nJT  - Annals of Trials\nVI  - 12\nIP  - 3\nPG  - 101-109\nDP  - 2019\n\nOWN - ERIC\nTI  - Another\n",
        {"title": "A title of a trial", **PLACE, "pmid": ""},
    ),
    "trials": (
        "ICTRP",
        "<?xml version='1.0'?><Trials_downloaded_from_ICTRP><Trial><TrialID>NCT01234567</TrialID><Public_title>A title of a trial</Public_title><Date_registration>2019-02-01</Date_registration></Trial></Trials_downloaded_from_ICTRP>",
        {"title": "A title of a trial", "year": 2019, "record": "x:NCT01234567"},
    ),
    "jstor": (
        "JSTOR",
        'Provider: JSTOR http://www.jstor.org\nDatabase: JSTOR\nContent: text/plain; charset="UTF-8"\n\n\nTY  - JOUR\nTI  - A title of a trial\nAU  - Smith, John A.\nAU  - Jones, B.\nT3  - \x10\nAB  - [Text.]\nDB  - JSTOR\nEP  - 109\nIS  - 3\nPY  - 2019\nSP  - 101\nT2  - Annals of Trials\nVL  - 12\nDO  - 10.5555/abc.1\nUR  - http://www.jstor.org/stable/25508908\nER  - \n',
        {**WHOLE, "pmid": ""},
    ),
    "mendeley": (
        "Mendeley",
        "TY  - JOUR\nAB  - Text.\nAU  - Smith, J A\nAU  - Jones, B\nDO  - 10.5555/abc.1\nIS  - 3\nKW  - one\nPY  - 2019\nSP  - 101\nEP  - 109\nTI  - A title of a trial\nT2  - Annals of Trials\nUR  - https://www.embase.com/x\nVL  - 12\nER  -\n",
        {**WHOLE, "pmid": ""},
    ),
    "ovid medline ris": (
        "Ovid",
        "1. \nTY  - JOUR\nDB  - Ovid MEDLINE(R) ALL <1946 to March 01, 2024>\nID  - 31000001\nT1  - A title of a trial\nA1  - Smith, John A\nA1  - Jones, B\nY1  - 2019//\nJF  - Annals of Trials\nVL  - 12\nIS  - 3\nSP  - 101\nEP  - 109\nDO  - https://dx.doi.org/10.5555/abc.1\nER  - \n\nLink to the Ovid Full Text or citation: http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=fulltext&D=med16&AN=31000001\n",
        {**WHOLE, "pmid": "31000001"},
    ),
}  # fmt: skip


def read_as(tmp_path: Path, text: str, name: str = "export.txt") -> Export:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_export(path, source="x")


@pytest.mark.parametrize("platform", TABLES)
def test_a_table_of_each_platform(platform: str, tmp_path: Path) -> None:
    text, expected = TABLES[platform]
    export = read_as(tmp_path, text, "export.csv")
    assert list(export.notes.platforms) == [platform]
    (record,) = export.records
    assert {name: getattr(record, name) for name in expected} == expected


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_of_each_platform(kind: str, tmp_path: Path) -> None:
    platform, text, expected = TEXTS[kind]
    export = read_as(tmp_path, text)
    assert list(export.notes.platforms) == [platform]
    record = export.records[0]
    assert {name: getattr(record, name) for name in expected} == expected


@pytest.mark.parametrize("platform", TABLES)
def test_the_same_table_as_a_workbook(platform: str, tmp_path: Path) -> None:
    import csv

    import openpyxl

    text, expected = TABLES[platform]
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(text)):
        book.active.append([int(cell) if cell.isdigit() and len(cell) < 9 else cell for cell in row])
    book.create_sheet("Notes").append(["nothing"])
    path = tmp_path / "export.xlsx"
    book.save(path)
    (record,) = read_export(path, source="x").records
    assert {name: getattr(record, name) for name in expected} == expected


def test_pubmed_xml_and_lists_of_pmids(tmp_path: Path) -> None:
    from tests.support.xml_samples import article

    export = read_as(
        tmp_path, f"<?xml version='1.0'?><PubmedArticleSet>{article(31000001)}</PubmedArticleSet>"
    )
    assert [record.pmid for record in export.records] == ["31000001"]
    assert [r.pmid for r in read_as(tmp_path, "31000001\n31000002\n").records] == ["31000001", "31000002"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("RECORD 1\n\nTITLE\nA\n", "Embase.com plain text.*Export > RIS or CSV"),
        ("Reference Type:  Journal Article\nRecord Number: 1\nYear: 2010\n", "RefMan"),
        ("<rdf:RDF xmlns:rdf='x'></rdf:RDF>", "Zotero RDF.*RIS or CSL JSON"),
        ("<clinical_study><x/></clinical_study>", "ClinicalTrials.gov XML.*CSV or RIS"),
        ('{"protocolSection": {"title": "x"}}', "ClinicalTrials.gov JSON.*CSV or RIS"),
        ("{\\rtf1 bibliography}", "EndNote.*RefMan"),
    ],
)
def test_a_refusal_names_the_platform_and_its_right_save(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=words):
        read_as(tmp_path, text)


def test_what_was_taken_dropped_and_not_used_is_told(tmp_path: Path) -> None:
    text = "Title,Authors,Year,PMID,Shelf\nA,Li X,2010,31000001,7\n"
    told = "\n".join(line for _, line in read_as(tmp_path, text, "own.csv").notes.lines())
    assert "pmid from PMID (1)" in told
    assert "not used: Shelf" in told
    ris = "1.\nTY  - JOUR\nTI  - A\nXT  - y\nER  - \nLink\n"
    told = "\n".join(line for _, line in read_as(tmp_path, ris, "own.ris").notes.lines())
    assert "2 lines of text outside the entries dropped (first line 1: '1.')" in told
    assert "not used: XT" in told


@pytest.mark.parametrize(
    ("cell", "pmid", "said"),
    [
        ("31175110.0", "31175110", ""),
        ('"PMID: 31,175,110"', "31175110", ""),
        ("https://pubmed.ncbi.nlm.nih.gov/31175112/", "31175112", ""),
        ("31175111; 31175110", "31175111", "several PMIDs"),
        ("see note", "", "hold no PMID"),
        ("3.1175e7", "", "hold no PMID"),
    ],
)
def test_pmids_in_the_ways_that_tables_hold_them(cell: str, pmid: str, said: str, tmp_path: Path) -> None:
    export = read_as(tmp_path, f"Title,Year,PMID\nA,2010,{cell}\n", "own.csv")
    assert export.records[0].pmid == pmid
    assert said in "\n".join(line for _, line in export.notes.lines())


@pytest.mark.parametrize("pages", ["01-Sep", "Sep-01", "9. Jan", "2001-09-01", "2001-09-01 00:00:00"])
def test_pages_that_a_spreadsheet_made_a_date_are_said_not_guessed(pages: str, tmp_path: Path) -> None:
    export = read_as(tmp_path, f"Title,Year,Pages\nA,2010,{pages}\n", "own.csv")
    assert export.records[0].pages == ""
    assert f"line 2 ({pages}: which way round cannot be told)" in "\n".join(
        line for _, line in export.notes.lines()
    )


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Liu R., Adler D.G.", ("Liu R", "Adler DG")),
        ("SMITH, JOHN", ("SMITH J",)),
        ("SMITH J", ("SMITH J",)),
        ("Smith, John", ("Smith J",)),
        ("John Smith, Mary Jones", ("Smith J", "Jones M")),
        ("Smith, J., Jones, B.", ("Smith J", "Jones B")),
        ("Brownstein C D", ("Brownstein CD",)),
        ("van der Berg, Jan Peter", ("van der Berg JP",)),
        ("Smith JA; WHO Study Group", ("Smith JA",)),
        ("Griffin DK, Larkin DM, et al.", ("Griffin DK", "Larkin DM")),
    ],
)
def test_the_names_of_one_cell(cell: str, names: tuple[str, ...], tmp_path: Path) -> None:
    export = read_as(tmp_path, f'Title,Authors,Year\nA,"{cell}",2010\n', "own.csv")
    assert export.records[0].authors == names


def test_mojibake_is_undone_and_said(tmp_path: Path) -> None:
    text = "TY  - JOUR\nTI  - M\u00c3\u00bcllerian tumours \u00e2\u20ac\u201c a review\nER  - \n"
    export = read_as(tmp_path, text)
    assert export.records[0].title == "Müllerian tumours – a review"
    assert any("put right: line 2" in line for _, line in export.notes.lines())
    assert read_as(tmp_path, "TY  - JOUR\nTI  - Ângela São Ã\nER  - \n").records[0].title == "Ângela São Ã"


def test_a_list_of_citations_is_no_table_whatever_its_first_line_holds(tmp_path: Path) -> None:
    from resift.formats.citations import read_citations

    path = tmp_path / "found.txt"
    for first in (
        "Title, journal, DOI and year of each",
        "Smith J, Jones B. On doi, title and pmid. Cancer. 2009;1:1-2.",
    ):
        path.write_text(
            f"{first}\nLi X, Wu Y. A title, with commas. J One. 2010;1(2):3-4.\nLi Z. More. J Two. 2011;5:6.\n"
        )
        assert len(read_citations(path)) == 3
    path.write_text("title,journal,year,doi\nA title,J One,2010,10.5555/x\n")
    assert [entry.record.title for entry in read_citations(path)] == ["A title"]


def test_hostile_files_end_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip

    from resift.formats import text

    deep = "{" * 3000 + "x" + "}" * 3000
    assert len(read_as(tmp_path, f"@article{{a, title={{{deep}}}, year={{2010}}}}\n", "x.bib").records) == 1
    monkeypatch.setattr(text, "MOST_BYTES", 1 << 20)
    path = tmp_path / "bomb.ris.gz"
    path.write_bytes(gzip.compress(b"TY  - JOUR\nTI  - A\nAB  - " + b"a" * (8 << 20)))
    with pytest.raises(FormatError, match="holds more than 1 MB of text; split it"):
        read_export(path)
