"""Titles that name a place in a journal and not a work."""

from __future__ import annotations

import pandas as pd
import pytest

from resift.dedupe.headings import headings, is_heading, is_misspelled_heading, recurring_titles
from resift.dedupe.normalise import normalise, text_columns


@pytest.mark.parametrize(
    "title",
    [
        "editorial",
        "letter to the editor",
        "images in cardiology",
        "case records of the hospital",
        "in memoriam",
    ],
)
def test_a_heading_is_one_by_its_words(title: str) -> None:
    assert is_heading(title)


@pytest.mark.parametrize(
    "title",
    ["gastrinoma", "editorial independence of medical journals in wartime", "images of the gut in mice"],
)
def test_the_title_of_a_work_is_none(title: str) -> None:
    assert not is_heading(title)


def test_slips_in_a_short_heading_do_not_make_it_a_work() -> None:
    assert is_misspelled_heading("editoorial") and is_misspelled_heading("lettre to the editor")
    assert not is_misspelled_heading("gastrinoma") and not is_misspelled_heading("")
    assert not is_misspelled_heading("editoorial on the treatment of liver metastases in adults")


def test_a_title_in_several_places_recurs_and_a_work_reprinted_twice_does_not() -> None:
    def rows(title: str, *places: tuple[str, str]) -> list[dict[str, str]]:
        return [
            {"title": title, "authors": "Lind, A.", "year": "2010", "volume": volume, "pages": pages}
            for volume, pages in places
        ]

    column = rows("Postbag of gut surgeons", ("1", "5"), ("2", "9"), ("3", "2"))
    work = rows("Surgery of gastrinoma in adults", ("1", "40"), ("1", "40"))
    notes = rows("Editorial", ("1", "1"))
    frame = pd.DataFrame([{"record": f"x:{n}", **row} for n, row in enumerate(column + work + notes)])
    entries = normalise(text_columns(frame))
    heading = headings(entries)
    assert heading.tolist() == [False] * 5 + [True]
    assert recurring_titles(entries, heading).tolist() == [True] * 3 + [False] * 3
