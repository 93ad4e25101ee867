"""The audit of exclusions: the draw, what the sheet hides, and a bound that covers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.__main__ import main
from resift.errors import ConfigError
from resift.runs.opened import OpenedRun
from resift.screening.audit import (
    allocation,
    draw,
    excluded_by_rules,
    in_words,
    key_text,
    read_answers,
    read_key,
    result,
    upper_count,
    upper_rate,
    validation,
)

EXCLUDED = {
    "population": [f"pubmed:{n}" for n in range(1, 701)],
    "animals": [f"pubmed:{n}" for n in range(701, 1001)],
}


def test_strata_are_drawn_in_proportion_and_the_same_way_each_time() -> None:
    one = draw(EXCLUDED, n=100, seed=1, run="r", criteria_version="v")
    assert {name: len(records) for name, records in one.drawn.items()} == {"animals": 30, "population": 70}
    assert (
        draw({k: v[::-1] for k, v in EXCLUDED.items()}, n=100, seed=1, run="r", criteria_version="v") == one
    )
    assert draw(EXCLUDED, n=100, seed=2, run="r", criteria_version="v").sha256 != one.sha256
    assert len(set(one.records)) == 100 and one.records != sorted(one.records)
    assert len(draw(EXCLUDED, n=5000, seed=1, run="r", criteria_version="v").records) == 1000


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 500), min_size=1, max_size=8), st.data())
def test_an_allocation_is_whole_and_within_one_of_its_share(
    sizes: dict[str, int], data: st.DataObject
) -> None:
    total = sum(sizes.values())
    n = data.draw(st.integers(1, total))
    found = allocation(sizes, n)
    assert sum(found.values()) == n
    assert all(
        abs(found[name] - n * size / total) < 1 and found[name] <= size for name, size in sizes.items()
    )


def test_bounds_are_those_of_the_distributions() -> None:
    from scipy.stats import beta, hypergeom  # takes seconds to import

    assert upper_rate(0, 300) == pytest.approx(1 - 0.05 ** (1 / 300))
    assert upper_rate(3, 100) == pytest.approx(beta.ppf(0.95, 4, 97))
    assert upper_rate(5, 5) == 1.0
    for wrong, n, population in ((0, 300, 5000), (2, 50, 60), (0, 10, 10), (3, 100, 400)):
        most = upper_count(wrong, n, population)
        assert hypergeom.cdf(wrong, population, most, n) > 0.05 or most == wrong
        assert most == population - (n - wrong) or hypergeom.cdf(wrong, population, most + 1, n) <= 0.05
        assert most / population <= upper_rate(wrong, n) + 1e-9


@pytest.mark.parametrize("wrong", [(0, 0, 12), (20, 0, 0), (3, 3, 3), (60, 2, 0), (0, 40, 8)])
def test_the_bound_covers_however_the_errors_lie_in_the_strata(wrong: tuple[int, int, int]) -> None:
    """2,000 samples of 120 from strata of 700, 280 and 20: the truth is under the bound 95 % of the time."""
    sizes = {"a": 700, "b": 280, "c": 20}
    drawn = allocation(sizes, 120)
    dice = np.random.default_rng(7)
    found = sum(
        dice.hypergeometric(bad, sizes[name] - bad, drawn[name], 2000) if bad else np.zeros(2000, dtype=int)
        for name, bad in zip(sizes, wrong, strict=True)
    )
    bound = {int(x): upper_count(int(x), 120, 1000) for x in np.unique(found)}
    covered = np.mean([bound[int(x)] >= sum(wrong) for x in found])
    assert covered >= 0.94


def test_unsure_counts_as_wrong_and_nothing_is_bounded_before_all_is_answered() -> None:
    sample = draw(EXCLUDED, n=300, seed=1, run="r", criteria_version="v")
    answers = dict.fromkeys(sample.records, "exclude")
    clean = result(sample, answers, criteria_version="v", excluded=EXCLUDED)[-1]
    assert (clean.upper_lost, clean.said) == (upper_count(0, 300, 1000), "")
    assert in_words([clean]).startswith(
        "Audit of exclusions: 0 of 300 wrong; with 95 % confidence at most 0.8%"
    )
    unsure = result(
        sample, answers | {sample.records[0]: "unsure"}, criteria_version="v2", excluded=EXCLUDED
    )[-1]
    assert unsure.upper_lost == upper_count(1, 300, 1000) and "drawn under criteria v, now v2" in unsure.said
    started = result(sample, answers | {sample.records[0]: ""}, criteria_version="v", excluded=EXCLUDED)[-1]
    assert started.upper_lost is None and "1 of 300 not answered" in started.said
    with pytest.raises(ConfigError, match="pubmed:7777 was not drawn"):
        result(sample, {"pubmed:7777": "exclude"}, criteria_version="v", excluded=EXCLUDED)


def test_a_sheet_is_blinded_filled_in_and_read_back(
    project: Path, opened: OpenedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit-sample", "--n", "6", "--seed", "3", "-o", "audit.csv"]) == 0
    rows = list(csv.DictReader(Path("audit.csv").read_text().splitlines(keepends=True)))
    sample = read_key(Path("audit.key.json"))
    assert [row["record"] for row in rows] == sample.records and len(rows) == 6
    assert sum(sample.strata.values()) == sum(map(len, excluded_by_rules(opened.decisions).values()))
    shown = Path("audit.csv").read_text() + Path("audit.html").read_text()
    assert not any(label in shown for label in ("exclude_if", "No tumour", "Animals only", "not met"))
    assert key_text(sample) == Path("audit.key.json").read_text()
    for row in rows:
        row["answer"] = "Exclude"
    rows[0]["answer"] = "include"
    with Path("audit.csv").open("w", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    capsys.readouterr()
    assert main(["audit-sample", "--answers", "audit.csv"]) == 0
    said = capsys.readouterr().out
    assert "1 of 6 wrong" in said and sample.sha256 in said
    assert main(["audit-sample", "-o", "audit.csv"]) == 1
    assert "exists already, perhaps with answers" in capsys.readouterr().err
    assert list(read_answers(Path("audit.csv")).values()).count("include") == 1


def test_rules_are_validated_once_the_whole_sample_is_answered() -> None:
    sample = draw(EXCLUDED, n=3, seed=1, run="r", criteria_version="v")
    answers = dict.fromkeys(sample.records, "exclude")
    told = validation(result(sample, answers, criteria_version="v", excluded=EXCLUDED))
    assert told.startswith("Audit of exclusions: 0 of 3 wrong") and sample.sha256 in told
    answers[sample.records[0]] = ""
    told = validation(result(sample, answers, criteria_version="v", excluded=EXCLUDED))
    assert told.startswith("The rules are not validated.") and "1 of 3 not answered" in told
    assert validation([]) == "The rules are not validated"


def test_a_sample_of_other_exclusions_than_the_runs_says_so() -> None:
    sample = draw(EXCLUDED, n=300, seed=1, run="first", criteria_version="v")
    answers = dict.fromkeys(sample.records, "exclude")
    more = EXCLUDED | {"design": ["pubmed:5000"]}
    told = in_words(result(sample, answers, criteria_version="v", excluded=more))
    assert "drawn of the 1000 exclusions of first, which are not the 1001 of this run" in told


@pytest.mark.parametrize(
    "bad", ["[]", "{}", "no JSON", {"strata": [1]}, {"drawn": {}}, {"strata": {"a": "?"}}]
)
def test_what_is_no_key_is_said(tmp_path: Path, bad: str | dict[str, object]) -> None:
    key = tmp_path / "audit.key.json"
    with pytest.raises(ConfigError, match="is no key of an audit sample"):
        read_key(key)
    good = json.loads(key_text(draw(EXCLUDED, n=3, seed=1, run="r", criteria_version="v")))
    key.write_text(bad if isinstance(bad, str) else json.dumps(good | bad))
    with pytest.raises(ConfigError, match="is no key of an audit sample"):
        read_key(key)
