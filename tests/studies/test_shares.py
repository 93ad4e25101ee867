"""Shares of a study: who is in the denominator, and that it is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.studies.conftest import SEARCH, Make

from resift.studies.gather import gather
from resift.studies.outcome import Ending
from resift.studies.shares import shares_of


def test_what_was_not_rerun_is_in_no_denominator_of_reproduction(make: Make, tmp_path: Path) -> None:
    study = make(*({**SEARCH, "review": name} for name in "abc"))
    results = gather(study, tmp_path / "results")
    first, second, third = results.searches
    searches = [
        replace(first, run="runs/a", ending=Ending.REPRODUCED, within=True),
        replace(second, run="runs/b", ending=Ending.DIFFERS, within=None),
        third,
    ]
    one, two, three = results.reviews
    reviews = [
        replace(one, ended=1, reproduced=1, ending=Ending.REPRODUCED),
        replace(two, ended=1, ending=Ending.DIFFERS),
        three,
    ]
    found = {share.name: (share.k, share.n) for share in shares_of(study, searches, reviews)}
    assert found["reviews whose PubMed search is reproduced"] == (1, 2)
    assert found["reviews reproduced in every database"] == (1, 2)
    assert found["searches reproduced"] == (1, 2)
    assert found["searches with a count within 10 %"] == (1, 1)  # the other printed no count to hold
    assert found["searches with all items reported"] == (3, 3)
    assert found["searches attempted"] == (3, 3)


def test_every_share_names_its_denominator_also_where_it_is_empty(make: Make, tmp_path: Path) -> None:
    study = make({**SEARCH, "review": "a"})
    results = gather(study, tmp_path / "results")
    shares = shares_of(study, results.searches, results.reviews)
    assert len({share.name for share in shares}) == len(shares) == 7
    assert all(share.of for share in shares)
    (reproduced,) = (share for share in shares if share.name == "searches reproduced")
    assert (reproduced.n, reproduced.share, reproduced.low) == (0, None, None)
