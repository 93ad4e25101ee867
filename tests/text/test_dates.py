"""Dates as fields and as words; the words of PubMed's own records have a test of their own."""

from __future__ import annotations

import pytest

from resift.text.dates import as_iso_date, as_year, month_number


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2012/12/31/", "2012-12-31"), ("2012-12-31T00:00", "2012-12-31"), ("2012/12//Winter", "2012-12"),
        ("2012 Dec 31", "2012-12-31"), ("31 Dec 2012", "2012-12-31"), ("December 2012", "2012-12"),
        ("Dec 31, 2012", "2012-12-31"), ("2012 Nov-Dec", "2012-11"), ("Winter 1976", "1976-01"),
        ("2012///", "2012"), ("2012/13", "2012"), ("2012/02/31", "2012-02"), ("in press", ""), ("", ""),
    ],
)  # fmt: skip
def test_date_of_a_field(written: str, date: str) -> None:
    assert as_iso_date(written) == date


def test_parts() -> None:
    assert (as_year("c2012."), as_year("120123")) == (2012, None)
    assert (month_number("Sept."), month_number("09"), month_number("13"), month_number("")) == (9, 9, 0, 0)
    assert (month_number("\u00b2"), month_number("9" * 5000)) == (0, 0)
