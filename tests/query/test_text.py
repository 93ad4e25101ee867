"""Normalising text, and the way back to the original characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from resift.query.text import normalise, normalise_all, normalise_with_offsets


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


def test_signs_greek_letters_and_accents() -> None:
    assert normalise("TNF-α (IL–1β), Sjögren's & ½ ß") == "tnf alpha il 1beta sjogren s 1 2 ss"
    assert normalise("ﬁbrosis") == "fibrosis"
    assert normalise("سرطان") == "سرطان"


@given(
    st.lists(
        st.text(alphabet=st.one_of(st.sampled_from("aB 1-.\n\x1f\x00ßéβ中"), st.characters()), max_size=12)
    )
)
def test_many_texts_at_once_are_each_as_by_itself(texts: list[str]) -> None:
    assert normalise_all(texts) == [normalise(text) for text in texts]
