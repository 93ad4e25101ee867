"""Clauses are counted over what PubMed returned."""

from __future__ import annotations

from resift.identify.search import table_of_hits
from resift.query.evaluate import evaluate
from resift.query.syntax import parse
from resift.records import Record


def test_an_imported_record_is_no_hit_of_a_clause() -> None:
    """129 found by PubMed and one imported beside them were printed as 130 for the same clause."""
    own = [Record(record=f"pubmed:{n}", source="pubmed", pmid=str(n), title="asthma") for n in range(1, 130)]
    imported = Record(record="embase:1", source="embase", title="asthma in children")
    table = table_of_hits([*own, imported])
    assert evaluate(parse("asthma[ti]"), table).yes.sum() == 129
    assert evaluate(parse("asthma[ti] AND children[ti]"), table).yes.sum() == 0
