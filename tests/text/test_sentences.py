"""Sentences, labelled sections and what is negated in them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.text.negation import negated
from resift.text.sentences import is_labelled, sections, sentences

STRUCTURED = (
    "BACKGROUND: We studied E. coli vs. Klebsiella (Fig. 2). It was fine.\n"
    "PATIENTS AND METHODS: We gave 2.5 mg, i.e. a low dose, to 20 patients. RESULTS: None died (p<0.05)."
)


def test_a_full_stop_within_a_sentence_does_not_end_it() -> None:
    assert [STRUCTURED[a:b] for a, b in sentences(STRUCTURED)] == [
        "BACKGROUND: We studied E. coli vs. Klebsiella (Fig. 2).",
        "It was fine.",
        "PATIENTS AND METHODS: We gave 2.5 mg, i.e. a low dose, to 20 patients.",
        "RESULTS: None died (p<0.05).",
    ]


def test_sections_are_found_by_their_labels() -> None:
    found = {one.label: STRUCTURED[one.start : one.end].strip() for one in sections(STRUCTURED)}
    assert list(found) == ["BACKGROUND", "PATIENTS AND METHODS", "RESULTS"]
    assert found["RESULTS"] == "None died (p<0.05)."
    assert not sections("No labels here. DNA was found: it was new.")


@pytest.mark.parametrize(
    ("label", "wanted", "is_it"),
    [
        ("PATIENTS AND METHODS", "METHODS", True),
        ("METHOD", "METHODS", True),
        ("CONCLUSIONS", "CONCLUSION", True),
        ("RESULTS", "METHODS", False),
        ("METHODS", "PATIENTS AND METHODS", False),
    ],
)
def test_a_section_is_known_by_the_words_of_its_label(label: str, wanted: str, is_it: bool) -> None:
    assert is_labelled(label, wanted) is is_it


@given(st.text(alphabet="no without. but,\n(a:B)ABé;not-", max_size=200))
def test_stretches_are_in_order_and_within_the_text(text: str) -> None:
    found = sentences(text)
    assert all(a < b for a, b in found)
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(found))
    for start, end in found:
        at = start
        for a, b in negated(text, start, end):
            assert at <= a < b <= end
            at = b
