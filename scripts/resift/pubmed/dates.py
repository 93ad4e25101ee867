"""Dates of PubMed XML as ISO text, as precise as the record says.

PubMed reads a journal's date by its first part: `Oct-Dec` is October, and the seasons begin in the
months NLM gives for searching by date (Winter = January, Spring = April, Summer = July, Fall =
October; PubMed User Guide, "Searching by date"). A date without a month stays a year here: PubMed
indexes it on 1 January, which is a matter for whoever compares dates, not for the record.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_SEASONS = {"winter": 1, "spring": 4, "summer": 7, "fall": 10, "autumn": 10}
_QUARTERS = {"1st": 1, "first": 1, "2nd": 4, "second": 4, "3rd": 7, "third": 7, "4th": 10, "fourth": 10}

_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_PART = re.compile(
    r"""(?P<quarter>1st|2nd|3rd|4th|first|second|third|fourth)[ ]quart(?:er)?\b
      | (?P<season>winter|spring|summer|fall|autumn)\b
      | (?:(?P<before>\d{1,2})[ ]+)?
        (?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?
        (?:[ ]+(?P<after>\d{1,2})(?!\d))?""",
    re.VERBOSE | re.IGNORECASE,
)


@lru_cache(maxsize=65536)
def iso_date(year: str, month: str = "", day: str = "") -> str:
    """`("2012", "Dec", "31")` -> `2012-12-31`; month as a name or a number. "" without a year.

    What is no date (31 February) is cut to the part that is one.
    """
    year, month, day = year.strip(), month.strip(), day.strip()
    if not _YEAR.fullmatch(year):
        return ""
    month_number = int(month) if month.isdigit() else _MONTHS.get(month[:3].lower(), 0)
    if not 1 <= month_number <= 12:
        return year
    if day.isdigit():
        try:
            return datetime.date(int(year), month_number, int(day)).isoformat()
        except ValueError:
            pass
    return f"{year}-{month_number:02d}"


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
        return f"{found[1]}-{_SEASONS[part['season'].lower()]:02d}"
    return iso_date(found[1], part["month"], part["after"] or part["before"] or "")
