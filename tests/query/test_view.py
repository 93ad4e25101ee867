"""One record as the matcher sees it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from resift.query.text import normalise
from resift.query.view import Words


@given(st.text())
def test_the_words_of_a_text_are_cut_where_the_normaliser_cuts_them(text: str) -> None:
    words = Words("title", text)
    assert list(words.words.words) == normalise(text).split()
    for word, (start, end) in zip(words.words.words, words.spans, strict=True):
        assert word in normalise(text[start:end])
