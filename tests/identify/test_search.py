"""Clauses are counted over what PubMed returned."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from resift.errors import SourceError
from resift.identify.search import count_of, table_of_hits
from resift.project.protocol import Strategy
from resift.pubmed.source import SearchAnswer, Source
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


def test_a_count_of_another_query_counts_only_where_the_strategy_accepts_it() -> None:
    answer = SearchAnswer("carcinoid[tiab]", 7, (), '"asthma"[MeSH Terms]', (), (), (), (), "", "", ())
    source = cast("Source", SimpleNamespace(count=lambda query: replace(answer, query=query)))
    query = "carcinoid[tiab]"
    strategy = Strategy(
        name="main", query=query, text=query, expanded=query, primary=True, dialect=None, accept_warnings=(),
        provenance="stated", reason="", quote="",
    )  # fmt: skip
    with pytest.raises(SourceError, match=r"strategy 'main': .*another query.*'carcinoid'"):
        count_of(source, "carcinoid[tiab]", strategy)
    assert count_of(source, "asthma[mh]", strategy) == 7
    for accepting in ({"accept_warnings": ("NotInTranslation",)}, {"server_messages": "record"}):
        assert count_of(source, "carcinoid[tiab]", replace(strategy, **accepting)) == 7  # type: ignore[arg-type]
