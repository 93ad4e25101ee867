"""Dates as PubMed's queries write them, and how far they reach."""

from __future__ import annotations

import datetime as dt

import pytest

from resift.query.dates import Span, is_relative, read_date, read_relative

TODAY = dt.date(2024, 3, 31)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2012", "2012-01-01", "2012-12-31"),
        ("2012/2", "2012-02-01", "2012-02-31"),
        (" 2012/02/29 ", "2012-02-29", "2012-02-29"),
        ("3000", "3000-01-01", "3000-12-31"),
    ],
)
def test_a_date_covers_its_year_month_or_day(text: str, first: str, last: str) -> None:
    assert read_date(text) == Span(first, last)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2012/13", "no such month"),
        ("2011/02/29", "no such day"),
        ("2012-12-31", "write it with slashes"),
        ("12/2012", "is not a date"),
        ("2012/", "is not a date"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_date(text)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("last 10 days", "2024-03-21"),
        ("last 2 weeks", "2024-03-17"),
        ("Last month", "2024-02-28"),
        ("last 5 years", "2019-03-30"),
    ],
)
def test_a_relative_date_ends_today(text: str, first: str) -> None:
    assert is_relative(text)
    found = read_relative(text, TODAY)
    assert found.last == "2024-03-31"
    assert found.first == first


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years"])
def test_a_span_longer_than_the_calendar_begins_before_every_record(unit: str) -> None:
    assert "0001-01-01" <= read_relative(f"last 9999999999 {unit}", TODAY).first < "1500"


@pytest.mark.parametrize("text", ["last", "5 years", "last five years", "last 5 year olds"])
def test_other_words_are_not_relative_dates(text: str) -> None:
    assert not is_relative(text)
    with pytest.raises(ValueError, match="not a relative date"):
        read_relative(text, TODAY)
