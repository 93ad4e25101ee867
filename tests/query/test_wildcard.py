"""Truncation: what `*` stands for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from resift.query.wildcard import fits


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
def test_truncation_matches_what_a_regular_expression_would(pattern: str, word: str) -> None:
    import re

    rule = ".*".join(map(re.escape, pattern.split("*")))
    assert fits(pattern, word) == bool(re.fullmatch(rule, word))
