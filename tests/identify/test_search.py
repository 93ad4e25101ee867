"""Clauses are counted over what PubMed returned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from resift.errors import SourceError
from resift.identify.search import count_in, count_of, ids_of, messages
from resift.project.protocol import Strategy
from resift.pubmed.source import SearchAnswer, Source
from resift.records import Record, write_records


def strategy(text: str) -> Strategy:
    return Strategy(
        name="one", query=text, text=text, expanded=text, primary=True, dialect=None,
        accept_warnings=(), provenance="stated", reason="", quote="",
    )  # fmt: skip


def answer(query: str) -> SearchAnswer:
    return SearchAnswer(
        query=query, count=129, ids=(), translation="", translation_set=(), errors=(), warnings=(),
        slices=(), utc="", database_build="", requests=(),
    )  # fmt: skip


def test_an_imported_record_is_no_hit_of_a_clause(tmp_path: Path) -> None:
    """129 found by PubMed and one imported beside them were printed as 130 for the same clause."""
    own = [Record(record=f"pubmed:{n}", source="pubmed", pmid=str(n), title="asthma") for n in range(1, 130)]
    imported = Record(record="embase:1", source="embase", title="asthma in children")
    write_records([*own, imported], tmp_path / "records.parquet")
    query = "asthma[ti] OR children[ti]"
    counted = count_in(
        tmp_path / "records.parquet", [strategy(query)], {"one": answer(query)}, mesh=None, known=["7"]
    )["one"]
    assert [(clause.text, clause.yes) for clause in counted.clauses.clauses] == [
        (query, 129), ("asthma[ti]", 129), ("children[ti]", 0),
    ]  # fmt: skip
    assert counted.clauses.size == 129
    assert counted.clauses.lost_items == [["pubmed:7"], ["pubmed:7"], []]
    assert [clause.yes for clause in counted.lines.clauses if clause.parent is None] == [129]


def test_a_count_of_another_query_counts_only_where_the_strategy_accepts_it() -> None:
    other = replace(answer("carcinoid[tiab]"), count=7, translation='"asthma"[MeSH Terms]')
    source = cast("Source", SimpleNamespace(count=lambda query: replace(other, query=query)))
    main = replace(strategy("carcinoid[tiab]"), name="main")
    with pytest.raises(SourceError, match=r"strategy 'main': .*another query.*'carcinoid'"):
        count_of(source, "carcinoid[tiab]", main)
    assert count_of(source, "asthma[mh]", main) == 7
    for accepting in ({"accept_warnings": ("NotInTranslation",)}, {"server_messages": "record"}):
        assert count_of(source, "carcinoid[tiab]", replace(main, **accepting)) == 7  # type: ignore[arg-type]


def test_the_ids_of_another_query_are_not_taken_for_those_of_a_doi() -> None:
    """A cache gave the answer to the search before, and a cited work was told as not to be found."""
    found = replace(answer(""), ids=("7",), translation='"10.5555/a"[Article Identifier]')
    source = cast("Source", SimpleNamespace(search=lambda query: replace(found, query=query)))
    assert ids_of(source, '"10.5555/a"[doi]') == ("7",)
    with pytest.raises(
        SourceError, match=r"searched another query than was sent .*'10.5555/b'.*run the same"
    ):
        ids_of(source, '"10.5555/a"[doi] OR "10.5555/b"[doi]')


@pytest.mark.parametrize("lost", ["asthma[foo]", "carcinoid[tiab]"])
def test_what_was_lost_in_silence_is_accepted_by_kind_text_or_both(lost: str) -> None:
    main = strategy(f"islets[ti] OR {lost}")
    said = replace(answer(main.expanded), translation='"islets"[Title] OR "asthma"[All Fields]')
    (told,) = (message for message in messages(main, said) if message.kind != "NotInQuery")
    for accepted in (told.kind, told.text, f"{told.kind}: {told.text}"):
        main = replace(main, accept_warnings=(accepted, "NotInQuery"))
        assert messages(main, said) == []
