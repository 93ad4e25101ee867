"""A name that fits two reports decides on neither, and is told; it never falls on the first that bears it."""

from __future__ import annotations

import pytest
from tests.screening.people import human
from tests.screening.test_reread import candidate

from resift.records import Record
from resift.screening.decisions import decide
from resift.screening.human_decisions import record_pairs
from resift.screening.names import aliases, bearers
from resift.screening.reread import odd_decisions
from resift.vocabulary import State

SUPPLEMENT = "10.1016/S0168-8278(11)60001-2"


ABSTRACTS = [
    Record(record="pubmed:1", source="pubmed", pmid="1", doi=SUPPLEMENT, year=2011,
           title="Everolimus in pancreatic neuroendocrine tumours: a phase three trial"),
    Record(record="embase:2", source="embase", doi=SUPPLEMENT, year=2011,
           title="Chemoembolisation of liver metastases from midgut carcinoids in 72 patients"),
]  # fmt: skip


BY_DOI = [((r.record, r.doi), r.record) for r in ABSTRACTS]


def test_a_decision_by_a_doi_of_two_reports_falls_on_neither_and_is_told() -> None:
    """Abstracts of a congress bear the DOI of their supplement."""
    two = [candidate(r.record, doi=SUPPLEMENT) for r in ABSTRACTS]
    row = human("include", record=SUPPLEMENT.lower())
    assert {d.state for d in decide(two, [row], role="screener")} == {State.EXCLUDED}
    (odd,) = odd_decisions(two, [row], today="2026-03-01")
    assert "fits 2 reports (pubmed:1, embase:2): name the record by its id" in odd.why
    of_one_report = [
        candidate("pubmed:1", doi=SUPPLEMENT),
        candidate("a:2", doi=SUPPLEMENT, group="pubmed:1"),
    ]
    assert {d.state for d in decide(of_one_report, [row], role="screener")} == {State.ELIGIBLE}
    assert not odd_decisions(of_one_report, [row], today="2026-03-01")


@pytest.mark.parametrize("name", ["pubmed:1", "1", "PubMed:1"])
def test_the_record_of_a_pmid_is_pubmeds_own_before_one_that_only_says_so(name: str) -> None:
    wrong = ("embase:2", *aliases("embase:2", "1", ""))
    assert bearers([name], [(wrong, "embase:2"), (aliases("pubmed:1", "1", ""), "pubmed:1")]) == {
        name.lower(): ("pubmed:1",)
    }


def test_a_doi_names_every_record_of_its_report_but_the_one_it_is_compared_with() -> None:
    row = human("different", stage="duplicate", record="pubmed:1", other_record=SUPPLEMENT)
    assert record_pairs(BY_DOI, [row], "different") == [("embase:2", "pubmed:1")]


def test_the_same_as_a_doi_of_several_joins_one_and_is_told() -> None:
    named = [*BY_DOI, (aliases("scopus:9", "", ""), "scopus:9")]
    row = human("same", stage="duplicate", record="scopus:9", other_record=SUPPLEMENT)
    (pair,) = record_pairs(named, [row], "same")
    assert "scopus:9" in pair
    held = [
        candidate("scopus:9"),
        candidate("pubmed:1", doi=SUPPLEMENT),
        candidate("embase:2", doi=SUPPLEMENT),
    ]
    (odd,) = odd_decisions(held, [row], today="2026-03-01")
    assert "fits 2 reports" in odd.why
