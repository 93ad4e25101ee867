"""Hypothesis strategies for the declared rows and documents of a run: any value that their types allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

# Any character of UTF-8, those that CSV, lists and spreadsheets give a meaning more often than the rest.
TEXT = st.text(st.one_of(st.sampled_from(";\\'\"=+-@,\t\r\n "), st.characters(codec="utf-8")), max_size=12)
FOUR_DECIMALS = st.integers(0, 10_000).map(lambda n: n / 10_000)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a column's type. An empty item of a list does not count, so there is none."""
    if get_origin(hint) in (Union, UnionType):
        kinds = [values(kind) for kind in get_args(hint) if kind is not type(None)]
        return st.none() | st.one_of(kinds)
    if get_origin(hint) is tuple:
        first, *rest = get_args(hint)
        if rest != [...]:
            return st.tuples(*map(values, (first, *rest)))
        return st.lists(TEXT.filter(bool) if first is str else values(first), max_size=2).map(tuple)
    if get_origin(hint) is Mapping:
        return st.dictionaries(*map(values, get_args(hint)), max_size=2)
    if is_dataclass(hint):
        return rows_of(hint)  # type: ignore[arg-type]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    return {str: TEXT, bool: st.booleans(), int: st.integers(), float: FOUR_DECIMALS}[hint]


def rows_of(row: type[Any]) -> st.SearchStrategy[Any]:
    """Any row of a declared type."""
    return st.builds(row, **{name: values(hint) for name, hint in get_type_hints(row).items()})
