"""Normalising text, and the way back to the original characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from resift.query.text import normalise, normalise_with_offsets
from resift.query.view import Words
from resift.query.wildcard import fits


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_the_text_with_offsets_is_the_normalised_text(text: str) -> None:
    plain, starts, ends = normalise_with_offsets(text)
    assert plain == normalise(text)
    assert len(starts) == len(ends) == len(plain)
    assert all(0 <= a <= b <= len(text) for a, b in zip(starts, ends, strict=True))
    assert starts == sorted(starts)


@given(st.text())
def test_the_words_of_a_text_are_cut_where_the_normaliser_cuts_them(text: str) -> None:
    words = Words("title", text)
    assert list(words.words.words) == normalise(text).split()
    for word, (start, end) in zip(words.words.words, words.spans, strict=True):
        assert word in normalise(text[start:end])


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
def test_truncation_matches_what_a_regular_expression_would(pattern: str, word: str) -> None:
    import re

    rule = ".*".join(map(re.escape, pattern.split("*")))
    assert fits(pattern, word) == bool(re.fullmatch(rule, word))


def test_signs_greek_letters_and_accents() -> None:
    assert normalise("TNF-α (IL–1β), Sjögren's & ½ ß") == "tnf alpha il 1beta sjogren s 1 2 ss"
    assert normalise("ﬁbrosis") == "fibrosis"
    assert normalise("سرطان") == "سرطان"
