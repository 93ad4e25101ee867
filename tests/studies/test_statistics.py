"""Intervals against SciPy, the bootstrap against the truth it draws from, kappa against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.intervals import wilson
from resift.studies.statistics import kappa, of_reviews, of_searches


def test_searches_of_one_review_do_not_narrow_the_interval() -> None:
    met = {str(n): [n % 2 == 0] for n in range(40)}
    alike = {name: value * 5 for name, value in met.items()}
    one = of_searches("x", met, "all", seed=1, replicates=2000)
    five = of_searches("x", alike, "all", seed=1, replicates=2000)
    assert (five.k, five.n) == (100, 200)
    assert (five.low, five.high) == pytest.approx((one.low, one.high))
    low, high = wilson(20, 40)
    assert one.low == pytest.approx(low, abs=0.03) and one.high == pytest.approx(high, abs=0.03)
    assert of_searches("x", met, "all", seed=1, replicates=2000) == one


@pytest.mark.parametrize("value", [True, False])
def test_a_share_of_0_or_1_has_the_interval_over_reviews(value: bool) -> None:
    share = of_searches("x", {str(n): [value] * 4 for n in range(10)}, "all", seed=1, replicates=2000)
    assert (share.low, share.high) == pytest.approx(wilson(10 * value, 10))
    assert share.method.startswith("Wilson over 10 reviews")


def test_the_interval_covers() -> None:
    dice = np.random.default_rng(7)
    covered = 0
    for _ in range(60):
        rates = dice.beta(2, 3, size=60)
        met = {str(n): (dice.random(4) < rate).tolist() for n, rate in enumerate(rates)}
        share = of_searches("x", met, "all", seed=1, replicates=400)
        covered += share.low is not None and share.high is not None and share.low <= 0.4 <= share.high
    assert covered >= 52  # 57 of 60 are expected


def test_nothing_is_no_share() -> None:
    assert of_reviews("x", [], "none").share is None
    assert of_searches("x", {"a": []}, "none", seed=1, replicates=100).low is None


@given(st.lists(st.tuples(st.sampled_from("ynp"), st.sampled_from("ynp")), min_size=2, max_size=60))
def test_kappa_is_scikit_learns(pairs: list[tuple[str, str]]) -> None:
    from sklearn.metrics import cohen_kappa_score  # takes seconds to import

    ours = kappa(pairs)
    if ours is None:
        assert len({word for pair in pairs for word in pair}) == 1
    else:
        assert ours == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))
