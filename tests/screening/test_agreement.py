"""Agreement figures against scikit-learn and published examples; none where there is no data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.screening.people import human

from resift.screening.agreement import (
    Sides,
    Table,
    ac1,
    agreement,
    kappa,
    kappa_interval,
    pabak,
    raw,
    weighted,
)

COUNTS = st.integers(0, 60)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_kappa_is_that_of_scikit_learn(a: int, b: int, c: int, d: int) -> None:
    from sklearn.metrics import cohen_kappa_score  # takes seconds to import

    table = Table(a, b, c, d)
    if not table.n:
        return
    found = kappa(table)
    if found is None:
        assert not (b or c) and not (a and d)
        return
    one = [1] * (a + b) + [0] * (c + d)
    two = [1] * a + [0] * b + [1] * c + [0] * d
    assert found == pytest.approx(cohen_kappa_score(one, two), abs=1e-9)


def test_figures_of_published_examples() -> None:
    # Gwet 2002, "Kappa statistic is not satisfactory": 125 subjects, prevalence near 1.
    skewed = Table(118, 5, 2, 0)
    assert kappa(skewed) == pytest.approx(-0.0234, abs=5e-5)
    assert ac1(skewed) == pytest.approx(0.9408, abs=5e-5)
    # Byrt 1993 / Cicchetti and Feinstein 1990: the same raw agreement, kappa far apart, PABAK the same.
    balanced, prevalent = Table(40, 9, 6, 45), Table(80, 10, 5, 5)
    assert raw(balanced) == raw(prevalent) == 0.85
    assert (kappa(balanced), kappa(prevalent)) == (
        pytest.approx(0.70, abs=5e-3),
        pytest.approx(0.32, abs=5e-3),
    )
    assert pabak(balanced) == pabak(prevalent) == pytest.approx(0.70)


@pytest.mark.parametrize("cells", [(20, 5, 10, 15), (118, 5, 2, 1), (40, 9, 6, 45)])
def test_the_interval_is_that_of_the_delta_method(cells: tuple[int, int, int, int]) -> None:
    """Fleiss, Cohen and Everitt's variance is the multinomial one, here by numerical derivatives."""
    n, step = sum(cells), 1e-5
    slopes = []
    for i in range(4):
        moved = [float(x) for x in cells]
        moved[i] += step * n
        slopes.append(((kappa(Table(*moved)) or 0) - (kappa(Table(*map(float, cells))) or 0)) / step)
    mean = sum(x / n * slope for x, slope in zip(cells, slopes, strict=True))
    variance = sum(x / n * (slope - mean) ** 2 for x, slope in zip(cells, slopes, strict=True)) / n
    low, high = kappa_interval(Table(*map(float, cells))) or (0.0, 0.0)
    assert (high - low) / 2 == pytest.approx(1.96 * variance**0.5, rel=1e-3)


def votes(by: str, keeps: str, *, blind: str = "yes") -> list:  # type: ignore[type-arg]
    """`+-?` for the records 1, 2, 3."""
    words = {"+": "include", "-": "exclude", "?": "unsure"}
    return [
        human(words[sign], by=by, record=f"pubmed:{n}", blind=blind, line=n)  # type: ignore[arg-type]
        for n, sign in enumerate(keeps, 1)
        if sign != " "
    ]


GROUPS = {f"pubmed:{n}": f"pubmed:{n}" for n in range(1, 9)}


def test_two_reviewers_by_their_blind_decisions() -> None:
    (row,) = agreement([*votes("AB", "++--?+"), *votes("CD", "+-+-+ ")], GROUPS, {})
    assert (row.first, row.second, row.n) == ("AB", "CD", 5)
    assert (row.both_keep, row.only_first_keeps, row.only_second_keeps, row.both_exclude) == (2, 1, 1, 1)
    assert row.kappa == pytest.approx(kappa(Table(2, 1, 1, 1)))


def test_what_was_not_blind_is_verification_and_counts_for_nothing() -> None:
    assert not agreement([*votes("AB", "++--"), *votes("CD", "+-+-", blind="")], GROUPS, {})


def test_a_sample_of_one_side_gives_no_figure_against_the_rules() -> None:
    rules = {f"pubmed:{n}": n <= 4 for n in range(1, 9)}
    (row,) = agreement(votes("AB", "    ---+"), GROUPS, rules)
    assert row.first == "rules" and "not computed" in row.said and "excluded" in row.said
    assert row.kappa is row.raw is row.ac1 is row.pabak is None
    assert (row.only_second_keeps, row.both_exclude) == (1, 3)


def test_samples_of_both_sides_are_weighted_back() -> None:
    rules = {f"pubmed:{n}": n <= 2 for n in range(1, 9)}
    (row,) = agreement(votes("AB", "+- +-"), GROUPS, rules)
    assert row.n == 4 and "weighted back" in row.said
    assert row.kappa == pytest.approx(kappa(weighted(Table(1, 1, 1, 1), Sides(2, 6))))
    assert row.kappa_low is not None and row.kappa_high is not None
    (whole,) = agreement(votes("AB", "++------"), GROUPS, rules)
    assert (whole.kappa, whole.said) == (1.0, "")


def test_raters_who_both_say_one_thing_of_all_have_no_kappa() -> None:
    (row,) = agreement([*votes("AB", "++"), *votes("CD", "++")], GROUPS, {})
    assert row.kappa is None and row.kappa_low is None and "not defined" in row.said
    assert row.raw == row.ac1 == 1.0
