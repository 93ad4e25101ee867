"""Search histories as tables, as plain lines."""

from __future__ import annotations

import pytest

from resift.query.history import as_lines
from resift.query.stated import read_stated, settled
from resift.query.syntax import parse


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("a1[ti] Filters: Humans; English", "(a1[ti]) AND humans[Filter] AND english[Filter]"),
        ("a1[ti]\nFilters activated: Humans", "(a1[ti]) AND humans[Filter]"),
        (
            "a1[ti] Filters: Aged: 65+ years, 80 and over: 80+ years",
            "(a1[ti]) AND (aged[Filter] OR 80andover[Filter])",
        ),
        (
            "a1[ti] Filters: Publication date from 2010/01/01 to 2015/12/31",
            "(a1[ti]) AND 2010/01/01:2015/12/31[dp]",
        ),
        ("a1[ti] Filters: 2019-2025", "(a1[ti]) AND 2019:2025[dp]"),
        ("a1[ti] AND b1[ti] Sort by: Most Recent", "a1[ti] AND b1[ti]"),
        ("Search: a1[ti] AND b1[ti]", "a1[ti] AND b1[ti]"),
        (
            "PubMed\n#1 a1[ti]\n#2 b1[ti]\n#3 #1 AND #2\nFilters: Humans",
            "((a1[ti]) AND (b1[ti])) AND humans[Filter]",
        ),
    ],
)
def test_what_pubmeds_page_shows_behind_a_query_is_read(printed: str, meant: str) -> None:
    query = read_stated(printed)
    assert query.root == parse(meant).root or parse(query.single()).root == parse(meant).root


def test_settling_keeps_lines_and_joins_a_wrapped_query() -> None:
    assert settled("#1  a[ti]\n\n#2 #1  OR b[ti]") == "#1 a[ti]\n#2 #1 OR b[ti]"
    assert settled("(a[ti]\n  OR b[ti])") == "(a[ti] OR b[ti])"
    assert as_lines("a, b, query\n1, 2, 3") == "a, b, query\n1, 2, 3"
