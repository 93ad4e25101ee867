"""Dates of citations as ISO text, as precise as they are written.

PubMed reads a journal's date by its first part: `Oct-Dec` is October, and the seasons begin in the
months NLM gives for searching by date (Winter = January, Spring = April, Summer = July, Fall =
October; PubMed User Guide, "Searching by date"). A date without a month stays a year here: PubMed
indexes it on 1 January, which is a matter for whoever compares dates, not for the record.
"""

from __future__ import annotations

import calendar
import datetime
import re
from functools import lru_cache

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = "|".join(MONTHS)
"""The first letters of a month's English name, as alternatives of a pattern."""
_NUMBERS = {name: number for number, name in enumerate(MONTHS, start=1)}
SEASONS = {"winter": 1, "spring": 4, "summer": 7, "fall": 10, "autumn": 10}
_QUARTERS = {"1st": 1, "first": 1, "2nd": 4, "second": 4, "3rd": 7, "third": 7, "4th": 10, "fourth": 10}

_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_NUMERIC = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[/T ].*)?", re.DOTALL)
_PART = re.compile(
    rf"""(?P<quarter>{"|".join(_QUARTERS)})[ ]quart(?:er)?\b
      | (?P<season>{"|".join(SEASONS)})\b
      | (?:(?P<before>\d{{1,2}})[ ]+)?
        (?P<month>{MONTH})[a-z]*\.?
        (?:[ ]+(?P<after>\d{{1,2}})(?!\d))?""",
    re.VERBOSE | re.IGNORECASE,
)


def as_year(text: str) -> int | None:
    """The first four-digit year from 1500 to 2099 in the text."""
    found = _YEAR.search(text)
    return int(found.group(1)) if found else None


def month_number(month: str) -> int:
    """1 to 12 for a month's name, its beginning or its number; 0 for anything else."""
    month = month.strip()
    number = int(month) if month.isdecimal() and len(month) < 3 else _NUMBERS.get(month[:3].lower(), 0)
    return number if 1 <= number <= 12 else 0


@lru_cache(maxsize=65536)
def iso_date(year: str, month: str = "", day: str = "") -> str:
    """`("2012", "Dec", "31")` -> `2012-12-31`; month as a name or a number. "" without a year.

    What is no date (31 February) is cut to the part that is one.
    """
    year, day = year.strip(), day.strip()
    if not _YEAR.fullmatch(year):
        return ""
    number = month_number(month)
    if not number:
        return year
    if day.isdigit():
        try:
            return datetime.date(int(year), number, int(day)).isoformat()
        except ValueError:
            pass
    return f"{year}-{number:02d}"


@lru_cache(maxsize=65536)
def first_date(text: str) -> str:
    """The first date of free text (`MedlineDate`, a month range, a season) as PubMed reads it.

    `1998 Dec-1999 Jan` -> `1998-12`, `1977 Apr 17-21` -> `1977-04-17`, `1944-1945` -> `1944`,
    `Winter 1976` -> `1976-01`. "" when no year stands in the text.
    """
    text = " ".join(text.split())
    found = _YEAR.search(text)
    if not found:
        return ""
    # The month belongs to the first year only when nothing but a space lies between them:
    # in `1976-1977 Winter` the season is not known to be that of 1976.
    part = _PART.match(text[found.end() :].lstrip(" ,:")) or _PART.match(text[: found.start()])
    if not part:
        return found[1]
    if part["quarter"]:
        return f"{found[1]}-{_QUARTERS[part['quarter'].lower()]:02d}"
    if part["season"]:
        return f"{found[1]}-{SEASONS[part['season'].lower()]:02d}"
    return iso_date(found[1], part["month"], part["after"] or part["before"] or "")


def first_day(date: str) -> str:
    """The first day that an ISO day, month or year covers."""
    return _days(date)[0]


def last_day(date: str) -> str:
    """The last day that an ISO day, month or year covers: `2012-02` -> `2012-02-29`."""
    return _days(date)[1]


@lru_cache(maxsize=65536)
def _days(date: str) -> tuple[str, str]:
    year, month, day = (*date[:10].split("-"), "", "")[:3]
    if not month:
        return f"{year}-01-01", f"{year}-12-31"
    if not day:
        return f"{year}-{month}-01", f"{year}-{month}-{calendar.monthrange(int(year), int(month))[1]:02}"
    return date[:10], date[:10]


def as_iso_date(text: str) -> str:
    """A date field of any database: `2012/12/31/`, `2012-12`, else words as `first_date` reads them."""
    text = text.strip().strip("/").strip()
    if found := _NUMERIC.fullmatch(text):
        return iso_date(*(part or "" for part in found.groups()))
    return first_date(text)
