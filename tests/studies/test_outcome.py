"""A search is judged by the measure; not attempted and failed say nothing of the review."""

from __future__ import annotations

import dataclasses

import pytest
from tests.studies.conftest import SEARCH, Make

from resift.studies.outcome import Counts, Ending, JudgedSearch, ending_of_review, judge_search


def judged(
    make: Make, counts: Counts, *, settings: str = "", live: bool = True, **cells: str
) -> JudgedSearch:
    study = make({**SEARCH, "review": "a", "search_date": "2008-12-31", **cells}, settings=settings)
    return judge_search(study.settings, study.rows[0], counts, not_attempted="", cause="", live=live)


@pytest.mark.parametrize(
    ("printed", "found", "ending"),
    [
        (100, 110, Ending.REPRODUCED),
        (100, 111, Ending.DIFFERS),
        (100, 90, Ending.REPRODUCED),
        (100, 89, Ending.DIFFERS),
        (0, 0, Ending.REPRODUCED),
        (0, 1, Ending.DIFFERS),
        (None, 5, Ending.NOT_ASSESSABLE),
    ],
)
def test_the_count_as_of_the_search_decides(
    make: Make, printed: int | None, found: int, ending: Ending
) -> None:
    found_now = Counts(printed=printed, possible=found, now=900)
    assert judged(make, found_now).ending is ending


def test_a_missing_item_keeps_it_open_and_the_count_is_still_compared(make: Make) -> None:
    result = judged(make, Counts(printed=10, possible=10, now=10), item_13="partly")
    assert (result.ending, result.within, result.items_reported) == (Ending.NOT_ASSESSABLE, True, False)
    assert "13 (reported partly)" in result.because[0]


def test_an_archive_is_not_pubmed_unless_the_counts_are_its_own(make: Make) -> None:
    counts = Counts(printed=10, possible=10, now=10)
    assert judged(make, counts, live=False).within is None
    assert judged(make, counts, live=False, settings="counts_of: source\n").ending is Ending.REPRODUCED


def test_without_a_day_only_the_count_now_could_be_compared(make: Make) -> None:
    counts = Counts(printed=10, now=10)
    assert judged(make, counts, search_date="").ending is Ending.NOT_ASSESSABLE
    assert judged(make, counts, search_date="", settings="as_of: none\n").ending is Ending.REPRODUCED


@pytest.mark.parametrize(
    ("possible", "undated", "ending"),
    [
        (95, 10, Ending.REPRODUCED),
        (80, 9, Ending.DIFFERS),
        (120, 50, Ending.DIFFERS),
        (80, 10, Ending.NOT_ASSESSABLE),
        (80, 100, Ending.NOT_ASSESSABLE),
    ],
)
def test_records_without_a_date_of_entry_may_leave_it_open(
    make: Make, possible: int, undated: int, ending: Ending
) -> None:
    result = judged(make, Counts(printed=100, possible=possible, undated=undated, now=900))
    assert result.ending is ending
    assert f"without a date of entry, not counted: {undated}" in result.because[-1]


def test_ones_own_measure_is_used(make: Make) -> None:
    settings = "measure: {items: [8], within_percent: 50}\n"
    result = judged(make, Counts(printed=10, possible=15), settings=settings, item_13="no", item_13_quote="")
    assert result.ending is Ending.REPRODUCED


def test_not_attempted_and_failed_come_before_any_judgement(make: Make) -> None:
    study = make({**SEARCH, "review": "a"})
    row, settings = dataclasses.replace(study.rows[0], count=3), study.settings
    left = judge_search(settings, row, Counts(printed=3), not_attempted="no", cause="", live=True)
    broken = judge_search(settings, row, Counts(printed=3), not_attempted="", cause="disk full", live=True)
    assert (left.ending, broken.ending) == (Ending.NOT_ATTEMPTED, Ending.FAILED)


@pytest.mark.parametrize(
    ("searches", "review"),
    [
        ([Ending.REPRODUCED, Ending.REPRODUCED], Ending.REPRODUCED),
        ([Ending.REPRODUCED, Ending.NOT_ATTEMPTED], Ending.NOT_ASSESSABLE),
        ([Ending.DIFFERS, Ending.NOT_ATTEMPTED], Ending.DIFFERS),
        ([Ending.REPRODUCED, Ending.DIFFERS], Ending.DIFFERS),
        ([Ending.REPRODUCED, Ending.NOT_ASSESSABLE], Ending.NOT_ASSESSABLE),
        ([Ending.REPRODUCED, Ending.FAILED], Ending.FAILED),
        ([Ending.NOT_ATTEMPTED, Ending.NOT_ATTEMPTED], Ending.NOT_ATTEMPTED),
    ],
)
def test_a_review_is_reproduced_when_every_search_of_it_is(searches: list[Ending], review: Ending) -> None:
    assert ending_of_review([(one, ("why",), "PubMed") for one in searches])[0] is review
