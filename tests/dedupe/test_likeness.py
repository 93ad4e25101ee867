"""Likeness of two titles and of two lists of authors."""

from __future__ import annotations

import pytest

from resift.dedupe.likeness import author_likeness, wording


@pytest.mark.parametrize(
    ("one", "two", "differs", "added"),
    [
        ("toxicity in rats", "toxicity in rabbits", True, True),
        ("toxicity in rats", "toxicity in cats", True, True),
        ("risk in women", "risk in men", True, True),
        ("hypertension after infusion", "hypotension after infusion", True, True),
        ("hepatitis b in rats", "hepatitis c in rats", True, True),
        ("omega corporation a", "omega corporation b", True, True),
        ("gaba a receptors", "gaba receptors", False, False),
        ("zinc is involved", "zinc is not involved", False, True),
        ("effects in wistar rats", "effects in wistar kyoto rats", False, True),
        ("morphological effects", "physiological effects", True, True),
        ("tumours of the pancreas", "tumors of the pancreas", False, False),
        ("precli ni cal trial", "preclinical trial", False, True),
        ("5 ht 1a receptors in rats", "5 ht1a receptors in rats", False, False),
    ],
)
def test_wording(one: str, two: str, differs: bool, added: bool) -> None:
    assert wording(one, two) == wording(two, one) == (differs, added)


def test_words_of_other_fields_are_none_of_the_title() -> None:
    assert wording("boosting a weak learner machine learning", "boosting a weak learner").added
    elsewhere = frozenset({"machine", "learning"})
    assert not wording("boosting a weak learner machine learning", "boosting a weak learner", elsewhere).added


def test_names_run_together_in_capitals_are_found() -> None:
    likeness, _ = author_likeness("fyrberg ebeall cfyrberg cc", "fyrberg beall", "fyrberg", "fyrberg")
    assert likeness >= 75
