# ruff: noqa: E501  (samples keep their lines as exporters write them)
"""Reference strings against records held: the right one, or none with the reason; and hand-searched files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.exports import to_text

from resift.errors import FormatError
from resift.formats.citations import (
    CitationIndex,
    Style,
    citation_of,
    match,
    parse_citation,
    read_citations,
    render,
    split_strings,
    to_ecitmatch,
    to_record,
)
from resift.formats.export import Exported
from resift.pubmed.xml import read_records as read_xml
from resift.records import Record, read_records, write_records

from .samples import PLAIN, RECORDS


def _paper(pmid: str, title: str, **values: object) -> Record:
    fixed = {
        "authors": ("Smith J", "Doe A"), "journal": "Annals of surgery", "journal_abbreviation": "Ann Surg",
        "year": 2010, "volume": "17", "issue": "3", "pages": "514-23",
    }  # fmt: skip
    return Record(record=f"pubmed:{pmid}", source="pubmed", pmid=pmid, title=title, **(fixed | values))  # type: ignore[arg-type]


LIVER = _paper("1", "Resection of liver metastases from neuroendocrine tumours of the pancreas.")
PART_TWO = _paper(
    "2", "Resection of liver metastases. II. Long-term survival of the patients.", pages="600-9"
)
HELD = CitationIndex.from_records([LIVER, PART_TWO])


def test_a_clean_string_finds_its_record() -> None:
    for style in (Style.VANCOUVER, Style.PDQ, Style.APA):
        found = match(parse_citation(render(replace(LIVER, pmid=""), style)), HELD)
        assert (found.record, found.score) == ("pubmed:1", 100.0)
        assert found.reason == "title, author, year, journal, volume, page"


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"pages": "515"},
        {"title": "Resectoin of liver metastases from neuroendocrin tumours of the pancreas"},
        {"title": "Resection of liver metastases from neuroendocrine tumours"},
        {"authors": ("Smiht J",)},
        {"year": 2011, "date": "2011"},
        {"journal": "Annals of surgery"},
        {"volume": "", "issue": "", "pages": ""},
    ],
)
def test_one_flaw_does_not_matter(changes: dict[str, object]) -> None:
    damaged = replace(citation_of(LIVER), pmid="", **changes)  # type: ignore[arg-type]
    assert match(parse_citation(render(damaged, Style.VANCOUVER)), HELD).record == "pubmed:1"


@pytest.mark.parametrize(
    "other",
    [
        _paper("9", "Resection of liver metastases. I. Long-term survival of the patients.", pages="550-9"),
        _paper(
            "9",
            "Erratum: Resection of liver metastases from neuroendocrine tumours of the pancreas.",
            pages="900",
        ),
        _paper(
            "9", LIVER.title, journal="Chirurgia", journal_abbreviation="Chirurgia", volume="3", pages="1-9"
        ),
        _paper("9", LIVER.title, year=2014, volume="21", pages="88-9"),
        _paper("9", LIVER.title, authors=("Jones K",), pages="515"),
        _paper("9", "Ablation of liver metastases from neuroendocrine tumours of the gut.", pages="700-9"),
    ],
)
def test_a_paper_alike_but_not_held_is_matched_to_nothing(other: Record) -> None:
    found = match(parse_citation(render(replace(other, pmid=""), Style.VANCOUVER)), HELD)
    assert found.record is None
    assert found.reason


def test_an_issue_is_not_the_first_page_of_the_part_before() -> None:
    """Parts of a series follow each other in one volume; the first begins on page 1, which is its issue too."""
    first = replace(
        LIVER,
        title="Focal tests in a group of patients: its clinical features",
        volume="6",
        issue="1",
        pages="1-13",
    )
    said = "Smith J: Focal tests in a group of patients: Its ultrastructure, in: Ann Surg 6 (1), 01.2010, S. 14–24."
    assert match(parse_citation(said), CitationIndex.from_records([first])).record is None


def test_ambiguous_strings_stay_open() -> None:
    twins = [_paper("1", "Reply.", pages="5"), _paper("2", "Reply.", pages="5", authors=("Smith J", "Roe B"))]
    held = CitationIndex.from_records([twins[0], replace(twins[1], title="Response to the editor of it.")])
    found = match(replace(citation_of(twins[0]), title="", pmid=""), held)
    assert found.record is None and found.reason.startswith("ambiguous: pubmed:1, pubmed:2")


def test_one_report_held_twice_gives_the_first_record() -> None:
    held = CitationIndex.from_records([LIVER, replace(LIVER, record="embase:7", source="embase", pmid="")])
    assert match(replace(citation_of(LIVER), pmid=""), held).record == "embase:7"


def test_a_pmid_that_names_another_paper_is_not_believed() -> None:
    string = "Other X. Entirely different matters of botany in the tropics. Ann Bot. 1999;3:4. PMID: 1."
    found = match(parse_citation(string), HELD)
    assert found.record is None
    assert found.reason == "PMID 1 is pubmed:1, which has another title"


def test_a_bare_pmid_is_enough() -> None:
    assert match(parse_citation("PMID: 2."), HELD).record == "pubmed:2"


def test_a_frame_of_records_is_indexed_too(tmp_path: Path) -> None:
    write_records([LIVER, replace(PART_TWO, year=None)], tmp_path / "all.parquet")
    held = CitationIndex.from_frame(read_records(tmp_path / "all.parquet"))
    assert match(replace(citation_of(LIVER), pmid=""), held).record == "pubmed:1"


@pytest.mark.slow
def test_damaged_strings_of_real_records_find_their_records(shared: Path) -> None:
    records = [
        record
        for path in sorted((shared / "pubmed").glob("*.xml.gz"))
        if path.stat().st_size < 1_000_000
        for record in read_xml(path)
        if isinstance(record, Record) and record.type == "article" and record.pages and record.volume
    ]
    held = CitationIndex.from_records({record.record: record for record in records}.values())
    right = wrong = 0
    for n, record in enumerate(records):
        c = replace(citation_of(record), pmid="", doi="", pmcid="")
        half = len(c.title) // 2
        c = (
            replace(c, title=""),
            replace(c, title=c.title[:half] + c.title[half + 1 :]),
            replace(c, journal=record.journal),
            replace(c, authors=c.authors[:1], et_al=True),
        )[n % 4]
        found = match(parse_citation(render(c, Style.PDQ if n % 2 else Style.VANCOUVER)), held)
        right += found.record == record.record
        wrong += found.record not in (None, record.record)
    assert len(records) > 500
    assert right >= 0.97 * len(records)
    assert wrong <= 0.001 * len(records)


# ── hand-searched files ─────────────────────────────────────────────────────────────────────────────


def _split(text: str) -> list[str]:
    return [" ".join(string.split()) for _, string in split_strings(text)]


def test_one_string_a_line_and_remarks_left_out() -> None:
    assert _split(
        "# found by hand\nAble BC. One. J. 2010;1:2.\n\nCole DE. Two. J. 2011;3:4.\n   goes on\n"
    ) == [
        "Able BC. One. J. 2010;1:2.",
        "Cole DE. Two. J. 2011;3:4. goes on",
    ]


def test_a_numbered_list_goes_by_its_numbers() -> None:
    text = "1. Able BC. Use, 2013 to\n2021: A review. J. 2010;1:2.\n2. Cole DE. Two.\nJ. 2011;3:4.\n4. Elm FG. Four. J. 2012;5:6.\n"
    assert _split(text) == [
        "Able BC. Use, 2013 to 2021: A review. J. 2010;1:2.",
        "Cole DE. Two. J. 2011;3:4.",
        "Elm FG. Four. J. 2012;5:6.",
    ]


def test_paragraphs_are_entries() -> None:
    assert _split("Able BC. One\nmore. J. 2010;1:2.\n\nCole DE. Two. J. 2011;3:4.\n") == [
        "Able BC. One more. J. 2010;1:2.",
        "Cole DE. Two. J. 2011;3:4.",
    ]


def test_entries_are_named_by_their_string_not_their_place(tmp_path: Path) -> None:
    path = tmp_path / "handsearched.txt"
    path.write_text("1. Able BC. One two three. J. 2010;1:2.\n2. Cole DE. Two of them. J. 2011;3:4.\n")
    one, two = read_citations(path)
    path.write_text("1. Cole DE. Two of them. J. 2011;3:4.\n2. Able BC. One two three. J. 2010;1:2.\n")
    assert [entry.record.record for entry in read_citations(path)] == [two.record.record, one.record.record]
    assert one.record.record.startswith("handsearched:") and (one.line, two.line) == (1, 2)
    assert one.record == to_record(one.citation)
    assert (one.record.title, one.record.authors, one.record.year) == ("One two three", ("Able BC",), 2010)


def test_what_cannot_be_read_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "handsearched.txt"
    path.write_text("Able BC. One two three. J. 2010;1:2.\npersonal communication with Dr Who\n")
    entry = read_citations(path)[1]
    assert entry.record.title == "personal communication with Dr Who"
    assert match(entry.citation, HELD).record is None


@pytest.mark.parametrize("name", ["refs.ris", "refs.csv"])
def test_records_serve_as_hand_searched_entries(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    items = [Exported(record) for record in RECORDS]
    path.write_text(to_text("ris" if name.endswith("ris") else "csv", items), encoding="utf-8")
    entries = read_citations(path)
    assert [entry.citation.pmid for entry in entries] == [record.pmid for record in RECORDS]
    assert all(entry.record.record.startswith("handsearched:") for entry in entries)
    held = CitationIndex.from_records(item.record for item in PLAIN)
    assert match(entries[0].citation, held).record == PLAIN[0].record.record


def test_a_file_of_remarks_has_no_entries(tmp_path: Path) -> None:
    path = tmp_path / "handsearched.txt"
    path.write_text("# nothing was found by hand\n")
    assert read_citations(path) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "is empty"), ("<html><body>no</body></html>", "is a web page, not reference strings")],
)
def test_other_files_are_refused(content: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "handsearched.txt"
    path.write_text(content)
    with pytest.raises(FormatError, match=words):
        read_citations(path)


def test_pdqs_list_is_read_whole(shared: Path) -> None:
    entries = read_citations(shared / "pnet" / "pdq_pnet_references.csv")
    assert len(entries) == 39
    articles = [entry for entry in entries if entry.citation.pmid]
    assert len(articles) == 35
    assert all(e.citation.style is Style.PDQ and e.citation.authors and e.citation.journal for e in articles)
    assert all(e.citation.first_page and e.citation.year and e.citation.title for e in articles)


def test_ecitmatch_lines() -> None:
    assert to_ecitmatch(citation_of(LIVER), "k1") == "Ann Surg|2010|17|514|Smith J|k1|"
    assert to_ecitmatch(parse_citation("A title | alone here"), "k2") == "|||||k2|"
