"""A record held, in the form that is compared with a reference string: everything folded, numbers bare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resift.formats.citations.said import bare_words, has_digit
from resift.text.dates import as_year
from resift.text.fold import fold
from resift.text.names import split_author
from resift.text.pages import page_ends

TELLING_TITLE = 4  # words; shorter titles (`Reply`, `Pancreatic cancer`) are shared by many papers
PART_WORDS = frozenset({"part", "parts", "chapter", "no", "number"})
# Single letters stand for too much else (`X rays`, `A v. B`); `Part I` still differs from `Part II`.
ROMAN = {
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "xi": "11",
    "xii": "12",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A record in the form that is compared: everything folded, numbers bare."""

    record: str
    pmid: str
    doi: str
    titles: tuple[str, ...]
    heads: tuple[str, ...]  # titles without their subtitles
    author: str
    authors: frozenset[str]
    initials: frozenset[str]
    journals: tuple[str, ...]
    years: frozenset[int]
    volume: str
    page: tuple[str, ...]
    last_page: str
    other_numbers: frozenset[str]  # issue, days and months, numbers in the journal's name


def family(author: str) -> str:
    return fold(split_author(author)[0])


def years_of(row: Mapping[str, Any]) -> frozenset[int]:
    """The years of print and electronic publication."""
    years = {row["year"], as_year(row["print_date"]), as_year(row["electronic_date"])} - {None}
    return frozenset(int(year) for year in years)


def volume_of(row: Mapping[str, Any]) -> str:
    """The volume; of journals that count issues within the year only (many Russian ones), the issue."""
    words = bare_words(row["volume"]) or bare_words(row["issue"])
    return next((word for word in words if has_digit(word)), "".join(words))


def pages_of(row: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of the first and of the last page."""
    first, last = page_ends(row["pages"])
    return bare_words(first), bare_words(last)


def title_words(title: str) -> tuple[str, ...]:
    return bare_words(title)


def hold(row: Mapping[str, Any]) -> Held:
    """A record, by the columns of `MATCH_COLUMNS`, in the form that is compared."""
    authors = [*row["authors"], *row["collective_authors"]]
    families = [family(author) for author in authors]
    printed = [title for title in (row["title"], row["vernacular_title"]) if title]
    journals = tuple(j for j in dict.fromkeys((row["journal_abbreviation"], row["journal"])) if j)
    dates = (row["print_date"], row["electronic_date"])
    others = {part.lstrip("0") for date in dates for part in date.split("-")[1:]}
    numbered = (row["issue"], *filter(has_digit, journals))
    others.update(word for text in numbered for word in bare_words(text) if has_digit(word))
    first, last = pages_of(row)
    return Held(
        record=row["record"],
        pmid=row["pmid"],
        doi=row["doi"].lower(),
        titles=tuple(folded for title in printed if (folded := " ".join(title_words(title)))),
        heads=tuple(head for title in printed if (head := _head(title))),
        author=families[0] if families else "",
        authors=frozenset(families),
        initials=frozenset(letter.lower() for author in authors for letter in split_author(author)[1]),
        journals=journals,
        years=years_of(row),
        volume=volume_of(row),
        page=first,
        last_page="".join(last),
        other_numbers=frozenset(others),
    )


def _head(title: str) -> str:
    """A title without its subtitle, where enough is left to tell it by; else ""."""
    first, *rest = re.split(r"[:.?!]\s|\s[-–—]\s|--", title, maxsplit=1)
    head = " ".join(bare_words(first))
    subtitle = bare_words(rest[0]) if rest else ()
    part = subtitle[:1] and (has_digit(subtitle[0]) or subtitle[0] in {*ROMAN, *PART_WORDS, "i", "v", "x"})
    return head if subtitle and not part and len(head) >= 30 and len(head.split()) >= TELLING_TITLE else ""
