"""Counting a query table by table gives what one table of all records gives."""

from __future__ import annotations

import pytest

from resift.query.evaluate import evaluate
from resift.query.syntax import parse
from resift.query.table import QueryTable
from resift.query.tally import Tally
from resift.query.translation import RecordedTranslation
from resift.records import Record

TITLES = ("gut", "gut liver", "liver", "lung", "gut lung", "skin", "liver lung")
RECORDS = [
    Record(record=f"pubmed:{n}", source="pubmed", pmid=str(n), title=title)
    for n, title in enumerate(TITLES, 1)
]
QUERY = parse("(gut[ti] OR liver[ti] OR skin[ti]) NOT lung[ti]")


@pytest.mark.parametrize("size", [1, 3, 7])
def test_counts_are_those_of_one_table(size: int) -> None:
    tally = Tally(QUERY, items=["pubmed:3", "pubmed:6", "pubmed:7"])
    for at in range(0, len(RECORDS), size):
        tally.add(QueryTable.from_records(RECORDS[at : at + size]))
    whole = evaluate(QUERY, QueryTable.from_records(RECORDS))
    assert tally.size == len(RECORDS)
    assert tally.clauses == whole.clauses
    for clause in whole.clauses:
        assert tally.unique[clause.id] == whole.unique(clause.id).sum()
        assert tally.lost[clause.id] == whole.lost_without(clause.id).sum()
        lost = [RECORDS[at].record for at in whole.lost_without(clause.id).nonzero()[0]]
        assert tally.lost_items[clause.id] == [r for r in lost if r in ("pubmed:3", "pubmed:6", "pubmed:7")]
    assert any(tally.lost_items)


def test_a_translation_that_answers_otherwise_is_told_once_with_all_its_records() -> None:
    recorded = RecordedTranslation(query_translation='"gut"[Title]')
    whole = evaluate(QUERY, QueryTable.from_records(RECORDS), recorded=recorded)
    assert any("for 3 of 7 records" in said for said in whole.approximations)
    tally = Tally(QUERY, recorded=recorded)
    for record in RECORDS:
        tally.add(QueryTable.from_records([record]))
    assert tally.approximations == whole.approximations


def test_without_shares_clauses_are_counted_alone() -> None:
    tally = Tally(QUERY, shares=False)
    tally.add(QueryTable.from_records(RECORDS))
    assert tally.clauses == evaluate(QUERY, QueryTable.from_records(RECORDS)).clauses
    assert not any(tally.lost)
