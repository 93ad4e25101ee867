"""The hard cases of bibliographic deduplication, each way: what must merge, be linked, or stay apart."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from dedupe.pairs import APART, LINK, MERGE, NO_PLACE, PAIRS, Pair, paper
from resift.dedupe import deduplicate

# Which rule gives each pair its answer: a change of a rule that hands its pairs to another shows here.
with (Path(__file__).parent / "rules_of_pairs.csv").open(encoding="utf-8", newline="") as file:
    RULES = {(int(row["case"]), row["pair"]): row["rule"] for row in csv.DictReader(file)}


def frame(pair: Pair) -> pd.DataFrame:
    rows = [{"record": name, **values} for name, values in (("one:1", pair.one), ("two:1", pair.two))]
    return pd.DataFrame(rows).fillna("")


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.case}-{pair.name}".replace(" ", "_"))
def test_pair_gets_its_answer_whichever_comes_first(pair: Pair) -> None:
    groups = deduplicate(frame(pair))
    merged = groups["group"].nunique() == 1
    assert merged == (pair.answer == MERGE), groups.to_dict("records")
    if pair.answer == LINK:
        assert set(groups["relation"]) <= {"version", "companion"}, groups.to_dict("records")
        assert groups["related"].tolist() == ["two:1", "one:1"]
    if pair.answer == MERGE:
        held = groups[~groups["kept"]].iloc[0]
        assert held["relation"] == "duplicate" and held["rule"] and held["evidence"]
    if pair.answer == APART:
        assert "duplicate" not in set(groups["relation"])
    assert "; ".join(sorted(filter(None, set(groups["rule"])))) == RULES[pair.case, pair.name]
    back = deduplicate(frame(pair).iloc[::-1])
    pd.testing.assert_frame_equal(groups, back.iloc[::-1].reset_index(drop=True))


def test_a_rule_speaks_of_ahead_of_print_only_where_the_earlier_record_has_no_place() -> None:
    early = paper(year="2008", volume=None, issue=None, pages="1-9")
    bare = paper(volume=None, issue=None, pages=None)
    ahead, missing = "ahead of print", "same title, authors and journal, place missing"
    for one, two, rule in (
        (early, paper(), ahead),
        (bare, bare, missing),
        (paper(pages=None), bare, missing),
    ):
        groups = deduplicate(frame(Pair(5, "", MERGE, one, two)))
        assert groups["rule"].max() == rule, (one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "Two-year follow-up of patients with knee injuries",
            "2-year follow-up of patients with knee injuries",
        ),
        ("Twenty-four hour monitoring of adults at home", "24-hour monitoring of adults at home"),
        ("Treatment of grade III and IV gliomas in adults", "Treatment of grade 3 and 4 gliomas in adults"),
        ("Factor VIII in mild haemophilia of children", "Factor 8 in mild hemophilia of children"),
        (
            "Survey of 10,000 births in rural Bengal villages",
            "Survey of 10000 births in rural Bengal villages",
        ),
        (
            "Survey of 10 000 births in rural Bengal villages",
            "Survey of 10000 births in rural Bengal villages",
        ),
        ("Obesity of children in Finland, 1990-99", "Obesity of children in Finland, 1990-1999"),
        ("Dietary fibre and antibody titres in adults", "Dietary fiber and antibody titers in adults"),
        ("Grey matter loss and disc prolapse in adults", "Gray matter loss and disk prolapse in adults"),
        ("Pain after 5% glucose in young adults", "Pian after 5 per cent glucose in young adults"),
        ("Health care workers and their day care centres", "Healthcare workers and their daycare centers"),
    ],
)
def test_spellings_of_one_title_are_one_without_a_place(one: str, two: str) -> None:
    groups = deduplicate(frame(Pair(0, "", MERGE, paper(title=one), paper(title=two, **NO_PLACE))))
    assert groups["group"].nunique() == 1, groups.to_dict("records")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "Comparison of two regimens in surgery of adults",
            "Comparison of three regimens in surgery of adults",
        ),
        ("Comparison of two regimens in surgery of adults", "Comparison of 3 regimens in surgery of adults"),
        ("Treatment of grade III gliomas in adults", "Treatment of grade 2 gliomas in adults"),
        ("Effect of IL-2 and three cytokines in mice", "Effect of IL-3 and two cytokines in mice"),
        ("Obesity of children in Finland, 1990-99", "Obesity of children in Finland, 1990-2000"),
        ("Health care in rural districts of Finland", "Child care in rural districts of Finland"),
    ],
)
def test_other_numbers_and_words_stay_apart_without_a_place(one: str, two: str) -> None:
    groups = deduplicate(frame(Pair(0, "", APART, paper(title=one), paper(title=two, **NO_PLACE))))
    assert groups["group"].nunique() == 2, groups.to_dict("records")


def test_every_class_is_tested_both_ways() -> None:
    answers: dict[int, set[bool]] = {}
    for pair in PAIRS:
        answers.setdefault(pair.case, set()).add(pair.answer == MERGE)
    both = {1, 2, 3, 4, 5, 7, 8, 9, 10, 12}
    assert all(answers[case] == {True, False} for case in both)


@pytest.mark.parametrize(
    "pair",
    [p for p in PAIRS if p.case == 5 and p.answer == LINK and "reworded" not in p.name],
    ids=lambda p: p.name,
)
def test_versions_merge_when_asked(pair: Pair) -> None:
    assert deduplicate(frame(pair), versions="merge")["group"].nunique() == 1


@pytest.mark.parametrize(
    "pair", [p for p in PAIRS if p.case in (1, 3) and p.answer != MERGE], ids=lambda p: p.name
)
def test_companions_never_merge(pair: Pair) -> None:
    assert deduplicate(frame(pair), versions="merge")["group"].nunique() == 2
