"""Entries that come back from a screening tool, matched to the records of a run."""

from __future__ import annotations

from tests.screening.test_names import ABSTRACTS

from resift.formats.entry import Entry
from resift.screening.matched import match
from resift.tables import Grouped
from resift.vocabulary import Relation

SUPPLEMENT = "10.1016/S0168-8278(11)60001-2"


def test_an_entry_that_returns_with_a_doi_of_two_reports_is_told_apart_by_its_title() -> None:
    groups = {
        r.record: Grouped(record=r.record, group=r.record, kept=True, relation=Relation.UNRELATED, related=(),
                          rule="", score=None, evidence="")
        for r in ABSTRACTS
    }  # fmt: skip
    entries = [
        Entry(values={"title": r.title, "year": r.year, "doi": r.doi}, raw=r.title) for r in ABSTRACTS[::-1]
    ]
    assert [record for record, _ in match(entries, ABSTRACTS, groups)] == ["embase:2", "pubmed:1"]
