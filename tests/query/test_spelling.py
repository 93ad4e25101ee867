"""British and American spellings, singular and plural."""

from __future__ import annotations

import pytest

from resift.query.spelling import other_spellings


@pytest.mark.parametrize(
    "word", ["imaging", "metaanalyses", "exercise", "chemical", "colorado", "laboratory", "pedal", "precise",
             "hemisphere", "analyses", "estimate", "checkpoint", "humoral", "pedestrian", "epidemic", "diet"],
)  # fmt: skip
def test_no_spelling_is_invented(word: str) -> None:
    assert other_spellings(word) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("ischemia", "ischaemia"), ("tumours", "tumors"), ("randomised", "randomized"), ("organis*", "organiz*"),
     ("pediatrics", "paediatrics"), ("multicentre", "multicenter"), ("leukemia*", "leukaemia*"),
     ("gastroesophageal", "gastrooesophageal"), ("hemorrhage", "haemorrhage"), ("counselling", "counseling")],
)  # fmt: skip
def test_real_pairs_are_known_both_ways(one: str, other: str) -> None:
    assert (other_spellings(one), other_spellings(other)) == ((other,), (one,))
