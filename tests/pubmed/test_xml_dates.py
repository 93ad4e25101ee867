"""Dates as PubMed reads them, in every form that NLM's files show."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.pubmed.xml import parse_element
from resift.text.dates import first_date, iso_date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1998 Dec-1999 Jan", "1998-12"),
        ("1965 Dec-1966 Jan", "1965-12"),
        ("2019 Jan - Feb", "2019-01"),
        ("2020 Oct-Dec", "2020-10"),
        ("1944-1945", "1944"),
        ("1977 Apr 17-21", "1977-04-17"),
        ("1999 Dec 31-2000 Jan 6", "1999-12-31"),
        ("1977 Dec 24-31", "1977-12-24"),
        ("1976-1977 Winter", "1976"),
        ("1976 Winter", "1976-01"),
        ("Spring 1999", "1999-04"),
        ("1999 Summer-Fall", "1999-07"),
        ("1999 Autumn", "1999-10"),
        ("1978 2nd Quarter", "1978-04"),
        ("Jan-Feb 1999", "1999-01"),
        ("15 Jan 1999", "1999-01-15"),
        ("1999 15 Jan", "1999-01-15"),
        ("1999 Sept", "1999-09"),
        ("2000 December 3", "2000-12-03"),
        ("1979 Feb 30-Mar 2", "1979-02"),
        ("2011 Oct 15th", "2011-10-15"),
        ("1999/2000", "1999"),
        ("2000 Christmas", "2000"),
        ("no date", ""),
        ("", ""),
    ],
)
def test_first_date_of_free_text(text: str, date: str) -> None:
    assert first_date(text) == date


@pytest.mark.parametrize(
    ("inner", "date", "year"),
    [
        ("<Year>2012</Year><Month>Dec</Month><Day>31</Day>", "2012-12-31", 2012),
        ("<Year>2012</Year><Month>12</Month><Day>5</Day>", "2012-12-05", 2012),
        ("<Year>2012</Year><Month>7</Month>", "2012-07", 2012),
        ("<Year>2012</Year>", "2012", 2012),
        ("<Year>2012</Year><Season>Winter</Season>", "2012-01", 2012),
        ("<Year>2012</Year><Season>Fall</Season>", "2012-10", 2012),
        ("<Year>2012</Year><Month>Mar-Apr</Month>", "2012-03", 2012),
        ("<Year>2012</Year><Month>Feb</Month><Day>31</Day>", "2012-02", 2012),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998-12", 1998),
        ("<MedlineDate>n.d.</MedlineDate>", "", None),
        ("", "", None),
    ],
)
def test_publication_date_of_an_issue(inner: str, date: str, year: int | None) -> None:
    raw = (
        "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><Journal><JournalIssue><PubDate>"
        f"{inner}</PubDate></JournalIssue></Journal></Article></MedlineCitation></PubmedArticle>"
    )
    record = parse_element(raw.encode())
    assert (record.print_date, record.year) == (date, year)


@given(st.dates(min_value=datetime.date(1800, 1, 1), max_value=datetime.date(2099, 12, 31)))
def test_a_full_date_reads_the_same_in_every_form(day: datetime.date) -> None:
    year, month, number = str(day.year), MONTHS[day.month - 1], str(day.day)
    assert day.isoformat() == iso_date(year, month, number) == iso_date(year, f"{day.month:02d}", number)
    assert day.isoformat() == first_date(f"{year} {month} {number}") == first_date(f"{number} {month} {year}")


@given(st.text(max_size=40))
def test_any_text_gives_a_date_or_nothing(text: str) -> None:
    date = first_date(text)
    assert date == "" or iso_date(*date.split("-")) == date
