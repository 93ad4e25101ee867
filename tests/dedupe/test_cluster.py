"""Groups from decisions on pairs: people obeyed, and never over a conflict."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.dedupe.test_groups import RECORD
from tests.dedupe.test_properties import table

from dedupe.pairs import paper
from resift.dedupe import deduplicate
from resift.errors import ScreeningError

TABLE = st.lists(RECORD, min_size=1, max_size=14)


USUAL = settings.default.max_examples


CALM = settings(max_examples=USUAL * 6 // 10, suppress_health_check=[HealthCheck.too_slow])


@settings(CALM, max_examples=USUAL // 4)
@given(TABLE)
def test_a_person_who_joins_two_records_is_obeyed(rows: list[dict[str, Any]]) -> None:
    """Of any table: whether the rules would have joined them decides nothing here."""
    frame = table(rows)
    if len(frame) > 1:
        groups = deduplicate(frame, same=[("file:1", "file:2")]).set_index("record")
        assert groups["group"]["file:1"] == groups["group"]["file:2"]
        assert "decided by a person" in set(groups["rule"])


def test_chain_with_a_conflict_is_split_and_told() -> None:
    """A~B and B~C, but A and C are two articles: B goes to one of them, and nothing swallows both."""
    rows = [
        paper(pages="211-219", pmid="1"),
        paper(pages=None, volume=None, issue=None),
        paper(pages="300-305", volume="44", issue="1", year="2010", pmid="2"),
    ]
    groups = deduplicate(table(rows)).set_index("record")
    assert groups["group"]["file:1"] != groups["group"]["file:3"]
    assert groups["group"].nunique() == 2


def test_adding_a_file_keeps_settled_groups() -> None:
    old = table(
        [
            paper(),
            paper(pages="211-9"),
            paper(title="Other work on gastrinoma in four families", pages="9-12"),
        ]
    )
    more = table(
        [paper(journal="J Endocr Oncol", doi="10.5555/x.1"), paper(title="New work on VIPoma in adults")]
    )
    more["record"] = "new:" + more["record"]
    before = deduplicate(old)
    after = deduplicate(pd.concat([old, more]).fillna(""))
    joined = after.set_index("record")["group"]
    for _, members in before.groupby("group"):
        assert joined[members["record"]].nunique() == 1


def test_contradicting_people_are_an_error() -> None:
    frame = table([paper(), paper(), paper()])
    with pytest.raises(ScreeningError, match="same"):
        deduplicate(
            frame,
            same=[("file:1", "file:2"), ("file:2", "file:3")],
            separate=[("file:1", "file:3")],
        )


def test_decisions_on_records_elsewhere_are_left_alone() -> None:
    assert deduplicate(table([paper()]), separate=[("file:1", "x")], same=[("x", "y")])["group"].tolist() == [
        "file:1"
    ]
