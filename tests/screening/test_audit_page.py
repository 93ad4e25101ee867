"""What a person is given who judges a sample blind: the sheet to fill in and the page to read."""

from __future__ import annotations

import csv
import io

from lxml import html

from resift.records import Record
from resift.screening.audit_page import page, sheet

RECORDS = [
    Record(
        record="pubmed:1", source="pubmed", pmid="1", title="Octreotide <b>and</b> islets", year=1999,
        abstract="AIM: x & y.", authors=tuple(f"A{n} B" for n in range(9)), journal="Journal of Tests",
    ),
    Record(record="embase:2", source="embase", title="=1+1", journal="J", journal_abbreviation="J Test"),
]  # fmt: skip


def test_the_sheet_has_a_row_to_answer_for_each_record_and_no_live_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(sheet(RECORDS))))
    assert [(row["n"], row["record"], row["answer"], row["reviewer"]) for row in rows] == [
        ("1", "pubmed:1", "", ""),
        ("2", "embase:2", "", ""),
    ]
    assert rows[0]["authors"].count(",") == 5
    assert rows[1]["journal"] == "J Test"
    assert not rows[1]["title"].startswith("=")


def test_the_page_shows_texts_as_they_are_and_nothing_of_the_rules() -> None:
    text = page(RECORDS, "0" * 64, "Which <treatment>?")
    document = html.document_fromstring(text)
    assert [heading.text_content() for heading in document.iter("h2")] == [r.title for r in RECORDS]
    shown = document.text_content()
    for said in ("AIM: x & y.", "No abstract.", "Which <treatment>?", "2 of 2", "0" * 64):
        assert said in shown
    assert not list(document.iter("script", "b"))
    for word in ("eligible", "criterion", "rule:"):
        assert word not in shown
