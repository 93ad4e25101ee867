"""Cutting a query into tokens, within bounds."""

from __future__ import annotations

import pytest

from resift.errors import Code, QueryError
from resift.query.foreign import foreign
from resift.query.history import as_lines
from resift.query.lexer import LONGEST
from resift.query.lint import lint
from resift.query.stated import read_stated
from resift.query.syntax import parse

# Each is read by patterns that would take time by the square of such a run, or by its cube.
RUNS = ("“", "\n", "exp" + " " * 40, "[" + " " * 70, "#1 a\n", "1 a 2 a ", "(1 ", "1 AND\n", "Add ", "| ",
        "a and ", "[[", "a/dt [", "&amp;", "∗", "(a ", "'a ", "1. Search: a ")  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("before", ["", "#1 a[ti]\n#2 b[ti]\n"])
def test_a_run_of_one_thing_is_read_once(run: str, before: str) -> None:
    text = (before + run * (30_000 // len(run)))[:30_000]
    foreign(text)
    lint(text)


def test_a_query_longer_than_any_search_is_refused_in_one_line() -> None:
    text = "asthma[tiab] OR " * (LONGEST // 16) + "x" * 16
    assert len(text) > LONGEST
    for reader in (parse, read_stated, as_lines):
        with pytest.raises(QueryError, match="more than 131,072 characters") as caught:
            reader(text)
        assert caught.value.code is Code.QUERY_LENGTH
    (finding,) = lint(text)
    assert finding.label == "query-length"
