"""Dates as PubMed's queries write them: `2012`, `2012/12`, `2012/12/31`, `3000`, `last 5 years`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_DATE = re.compile(r"(\d{4})(?:/(\d{1,2})(?:/(\d{1,2}))?)?\Z")
_RELATIVE = re.compile(r"last (?:(\d+) )?(day|week|month|year)s?\Z")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """First and last day of a date, as ISO text (so that years up to 9999 compare as text)."""

    first: str
    last: str


def read_date(text: str) -> Span:
    """The days that one date covers. Raises ValueError with the reason when it is none."""
    words = " ".join(text.split())
    match = _DATE.match(words)
    if not match:
        hint = "; write it with slashes" if re.match(r"\d{4}[-.]\d", words) else ""
        raise ValueError(f"{words!r} is not a date as PubMed writes it (YYYY, YYYY/MM or YYYY/MM/DD){hint}")
    year, month, day = (int(part) if part else 0 for part in match.groups())
    if match[2] and not 1 <= month <= 12:
        raise ValueError(f"{words!r} has no such month")
    if match[3]:
        try:
            exact = dt.date(year, month, day).isoformat()
        except ValueError as error:
            raise ValueError(f"{words!r} has no such day") from error
        return Span(exact, exact)
    if month:
        return Span(f"{year:04d}-{month:02d}-01", f"{year:04d}-{month:02d}-31")
    return Span(f"{year:04d}-01-01", f"{year:04d}-12-31")


def is_relative(text: str) -> bool:
    """`last 5 years`, `last year` and the like: they move with the day of the search."""
    return bool(_RELATIVE.match(" ".join(text.lower().split())))


def read_relative(text: str, today: dt.date) -> Span:
    """The days that `last N days|months|years` covers on a given day."""
    match = _RELATIVE.match(" ".join(text.lower().split()))
    if match is None:
        raise ValueError(f"{text!r} is not a relative date")
    number, unit = int(match[1] or 1), match[2]
    if unit in ("day", "week"):
        number *= 7 if unit == "week" else 1
        first = today - dt.timedelta(days=min(number, 3_000_000 // 5, (today - dt.date.min).days))
    else:
        months = today.year * 12 + today.month - 1 - number * (12 if unit == "year" else 1)
        year, month = divmod(max(months, 12), 12)
        day = min(today.day, 28 if month == 1 else 30) if today.day > 28 else today.day
        first = dt.date(year, month + 1, day)
    return Span(first.isoformat(), today.isoformat())
