# ruff: noqa: E501  (samples keep their lines as exporters write them)
"""Reference strings against records held: the right one, or none with the reason; and hand-searched files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from resift.formats.citations import (
    MATCH_COLUMNS,
    CitationIndex,
    Style,
    citation_of,
    match,
    parse_citation,
    render,
)
from resift.pubmed.xml import read_records as read_xml
from resift.records import Record, iter_rows, write_records


def paper_of(pmid: str, title: str, **values: object) -> Record:
    fixed = {
        "authors": ("Smith J", "Doe A"), "journal": "Annals of surgery", "journal_abbreviation": "Ann Surg",
        "year": 2010, "volume": "17", "issue": "3", "pages": "514-23",
    }  # fmt: skip
    return Record(record=f"pubmed:{pmid}", source="pubmed", pmid=pmid, title=title, **(fixed | values))  # type: ignore[arg-type]


LIVER = paper_of("1", "Resection of liver metastases from neuroendocrine tumours of the pancreas.")


PART_TWO = paper_of(
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
        paper_of("9", "Resection of liver metastases. I. Long-term survival of the patients.", pages="550-9"),
        paper_of(
            "9",
            "Erratum: Resection of liver metastases from neuroendocrine tumours of the pancreas.",
            pages="900",
        ),
        paper_of(
            "9", LIVER.title, journal="Chirurgia", journal_abbreviation="Chirurgia", volume="3", pages="1-9"
        ),
        paper_of("9", LIVER.title, year=2014, volume="21", pages="88-9"),
        paper_of("9", LIVER.title, authors=("Jones K",), pages="515"),
        paper_of("9", "Ablation of liver metastases from neuroendocrine tumours of the gut.", pages="700-9"),
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
    twins = [
        paper_of("1", "Reply.", pages="5"),
        paper_of("2", "Reply.", pages="5", authors=("Smith J", "Roe B")),
    ]
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


def test_stored_rows_of_records_are_indexed_too(tmp_path: Path) -> None:
    write_records([LIVER, replace(PART_TWO, year=None)], tmp_path / "all.parquet")
    held = CitationIndex(iter_rows(tmp_path / "all.parquet", MATCH_COLUMNS))
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
