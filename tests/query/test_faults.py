"""A fault of a query is an error or is noted with its reading, and a heap of them is no search."""

from __future__ import annotations

import pytest

from resift.errors import Code, QueryError
from resift.query.faults import MOST_FAULTS, Faults


def add(faults: Faults, *, known: bool = False) -> None:
    faults.add(
        "the tag [tiabb] is unknown", code=Code.QUERY_TAG, start=6, end=13, fix="write [tiab]",
        reading="without the tag", known=known,
    )  # fmt: skip


def test_strictly_the_first_fault_is_an_error_with_its_place_and_remedy() -> None:
    with pytest.raises(QueryError) as caught:
        add(Faults())
    assert (caught.value.code, caught.value.start, caught.value.end) == (Code.QUERY_TAG, 6, 13)
    assert caught.value.fix == "write [tiab]"


def test_as_printed_it_is_noted_and_says_whether_the_reading_is_pubmeds() -> None:
    faults = Faults([])
    add(faults)
    add(faults, known=True)
    assert faults.collected is not None
    guess, known = map(str, faults.collected)
    assert guess.endswith("(character 7): how PubMed reads it is not known; here it was read without the tag")
    assert known.endswith("(character 7): PubMed reads it without the tag")


def test_faults_whose_reading_is_known_never_end_a_search() -> None:
    faults = Faults([])
    for _ in range(MOST_FAULTS + 1):
        add(faults, known=True)
    for _ in range(MOST_FAULTS):
        add(faults)
    with pytest.raises(QueryError, match="more than 1,000 faults"):
        add(faults)
