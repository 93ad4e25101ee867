"""Lists as numbers say what the lists say."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.query.coded import CodedLists

LISTS = st.lists(st.lists(st.sampled_from(["", "a", "b", "B", "é", "ab"]), max_size=5), max_size=6)


def lists_of(coded: CodedLists) -> list[list[str]]:
    found: list[list[str]] = coded.column().to_pylist()
    return found


@given(LISTS)
def test_each_step_does_to_every_list_what_it_says(lists: list[list[str]]) -> None:
    coded = CodedLists.of(lists)
    assert lists_of(coded) == lists
    assert lists_of(coded.distinct()) == [list(dict.fromkeys(texts)) for texts in lists]
    assert lists_of(coded.without_empty()) == [[text for text in texts if text] for texts in lists]
    assert lists_of(coded.sorted()) == [sorted(texts) for texts in lists]
    assert coded.joined(" | ") == [" | ".join(texts) for texts in lists]
    lower = coded.mapped(text.lower() for text in coded.texts)
    assert lists_of(lower) == [[text.lower() for text in texts] for texts in lists]
    assert lists_of(lower.distinct()) == [list(dict.fromkeys(map(str.lower, texts))) for texts in lists]


@given(LISTS, st.integers(0, 6), st.integers(0, 6))
def test_a_column_of_arrow_and_a_part_of_one_are_read_as_lists(
    lists: list[list[str]], first: int, last: int
) -> None:
    kind = pa.list_(pa.string())
    column = pa.chunked_array([pa.array(lists[:first], kind), pa.array(lists[first:], kind)])
    assert lists_of(CodedLists.of_column(column)) == lists
    assert lists_of(CodedLists.of_column(column.slice(first, last))) == lists[first : first + last]


@pytest.mark.parametrize("given", [[None, ["a"]], [None], [["a"], None, ["a", "b"]]])
def test_no_list_is_an_empty_one(given: list[list[str] | None]) -> None:
    column = pa.chunked_array([pa.array(given, pa.list_(pa.string()))])
    assert lists_of(CodedLists.of_column(column)) == [texts or [] for texts in given]
