# ruff: noqa: E501  (samples keep their lines as exporters write them)
# ruff: noqa: E501  (samples keep their lines as exporters write them)
"""Hand-searched references: a file of strings, or records in RIS, CSV and the like."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.formats.citations.test_match import paper_of
from tests.formats.samples import PLAIN, RECORDS
from tests.support.exports import to_text

from resift.errors import FormatError
from resift.formats.citations import (
    CitationIndex,
    Style,
    citation_of,
    match,
    parse_citation,
    read_citations,
    split_strings,
    to_ecitmatch,
    to_record,
)
from resift.formats.export import Exported

LIVER = paper_of("1", "Resection of liver metastases from neuroendocrine tumours of the pancreas.")


PART_TWO = paper_of(
    "2", "Resection of liver metastases. II. Long-term survival of the patients.", pages="600-9"
)


HELD = CitationIndex.from_records([LIVER, PART_TWO])


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
