"""How one record held agrees with a citation, part by part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from resift.formats import fields
from resift.formats.citations.journals import same_journal
from resift.formats.citations.model import Citation, page_ends

SAME_TITLE = 90.0  # of 100, by rapidfuzz, on folded titles: a few typos in a sentence
LIKE_TITLE = 75.0  # a reworded title: counts only beside author, year and place
TELLING_TITLE = 4  # words; shorter titles (`Reply`, `Pancreatic cancer`) are shared by many papers
_ABOUT = re.compile(
    r"^(?:\W*)(erratum|corrigendum|corrig|correction|retraction|retracted|comments?|commentary|reply|response|re|author"
    r" response|authors? reply|letter|editorial|expression of concern|withdrawn|update)\b"
)
# Single letters stand for too much else (`X rays`, `A v. B`); `Part I` still differs from `Part II`.
_ROMAN = {
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
    record: str
    pmid: str
    doi: str
    titles: tuple[str, ...]
    author: str
    authors: frozenset[str]
    journals: tuple[str, ...]
    years: frozenset[int]
    volume: str
    page: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A citation in the form that is compared."""

    title: str
    telling: bool  # long enough to name one paper
    author: str
    journal: str
    year: int | None
    volume: str
    page: str
    given: frozenset[str]  # PMID and DOI


@dataclass(frozen=True, slots=True)
class Agreement:
    """How one record agrees with a citation; None where either side does not say."""

    title: float | None  # 0 to 100
    author: bool | None
    year: bool | None
    near_year: bool
    journal: bool | None
    volume: bool | None
    page: bool | None
    near_page: bool
    alike_only: bool  # the titles differ in a number, or in one being about the other paper

    @property
    def title_exact(self) -> bool:
        """The same title, one letter perhaps."""
        return self.title is not None and self.title >= 97.0

    @property
    def title_typo(self) -> bool:
        """The same whole title with a typo or two; a clipped one does not count."""
        return self.title is not None and self.title >= 96.0

    @property
    def place(self) -> int:
        """How many of journal, volume and first page agree."""
        return sum(part is True for part in (self.journal, self.volume, self.page))

    @property
    def score(self) -> float:
        """0 to 100: the title weighs half, the rest one part each."""
        weighed = (
            (self.author, 12.0),
            (self.year, 10.0),
            (self.journal, 8.0),
            (self.volume, 10.0),
            (self.page, 10.0),
        )
        known = sum(weight for part, weight in weighed if part is not None)
        agreed = sum(weight for part, weight in weighed if part)
        agreed += 5.0 * (self.year is False and self.near_year) + 4.0 * (
            self.page is False and self.near_page
        )
        if self.title is not None:
            known += 50.0
            agreed += self.title / 2
        return 100.0 * agreed / known if known else 0.0


def ask(citation: Citation) -> Asked:
    return Asked(
        title=fields.fold(citation.title),
        telling=len(citation.title.split()) >= TELLING_TITLE,
        author=family(citation.first_author),
        journal=citation.journal,
        year=citation.year,
        volume=volume_key(citation.volume, citation.issue),
        page=folded(citation.first_page),
        given=frozenset(filter(None, (citation.pmid, citation.doi.lower()))),
    )


def compare(asked: Asked, held: Held) -> Agreement | None:
    """How a record agrees with a citation; None where neither title nor place does, so nothing more can."""
    page, volume, year = asked.page, asked.volume, asked.year
    same_page = page == held.page if page and held.page else None
    same_volume = volume == held.volume if volume and held.volume else None
    title: float | None = None
    alike_only = False
    if asked.title and held.titles:
        title, best = max((_similarity(asked.title, other), other) for other in held.titles)
        if title < LIKE_TITLE and not (same_page and same_volume) and not asked.given & {held.pmid, held.doi}:
            return None
        if LIKE_TITLE <= title < 100.0 and not _clipped(asked.title, best):
            alike_only = _numbers(asked.title) != _numbers(best) or _about(asked.title) != _about(best)
    journals = [same_journal(asked.journal, journal) for journal in held.journals] if asked.journal else []
    return Agreement(
        title=title,
        author=_same_author(asked.author, held) if asked.author and held.author else None,
        year=(year in held.years) if year and held.years else None,
        near_year=bool(year and (year - 1 in held.years or year in held.years or year + 1 in held.years)),
        journal=any(journals) if journals else None,
        volume=same_volume,
        page=same_page,
        near_page=len(page) > 1 and bool(held.page) and OSA.distance(page, held.page, score_cutoff=1) <= 1,
        alike_only=alike_only,
    )


def _same_author(author: str, held: Held) -> bool:
    """The first author, a typo apart, or another author of the record (lists are sometimes reordered)."""
    if author == held.author or author in held.authors:
        return True
    return fuzz.ratio(author, held.author) >= 80 or OSA.distance(author, held.author, score_cutoff=1) <= 1


def _similarity(title: str, other: str) -> float:
    """0 to 100 between folded titles, in any order of words; 95 where one is the other cut short."""
    if title == other:
        return 100.0
    ratio = float(fuzz.ratio(title, other, score_cutoff=50.0))
    if len(title) >= 10 and other.startswith(title):
        ratio = max(ratio, 80.0)
    if ratio == 0.0:
        return ratio
    if ratio < SAME_TITLE:
        ratio = max(ratio, 0.97 * float(fuzz.token_sort_ratio(title, other)))
    return max(ratio, 95.0) if ratio < 95.0 and _clipped(title, other) else ratio


def _clipped(title: str, other: str) -> bool:
    """True when one title is the beginning of the other: a subtitle left out, or a long title cut short."""
    short, long = sorted((title, other), key=len)
    return len(short) >= 30 and len(short.split()) >= TELLING_TITLE and long.startswith(f"{short} ")


def _numbers(title: str) -> list[str]:
    """The numbers in a title in order, Roman ones too: parts of a series differ in nothing else."""
    return [_ROMAN.get(word, word.lstrip("0")) for word in title.split() if word.isdigit() or word in _ROMAN]


def _about(title: str) -> str:
    """`erratum`, `reply` ... when the title says that it is about another paper; else ""."""
    found = _ABOUT.match(title)
    return found.group(1) if found else ""


def longest_words(title: str) -> list[str]:
    return sorted({word for word in title.split() if len(word) > 5}, key=lambda word: (-len(word), word))[:4]


def family(author: str) -> str:
    return fields.fold(fields.split_author(author)[0])


def volume_key(volume: str, issue: str) -> str:
    """The volume; of journals that count issues within the year only (many Russian ones), the issue."""
    return folded(volume) or (f"issue{folded(issue)}" if issue else "")


def folded(text: str) -> str:
    return fields.fold(text).replace(" ", "").lstrip("0")


def same_report(one: Held, other: Held) -> bool:
    """Two records of one report (two databases, two language editions of a journal): either is right."""
    if (one.pmid and one.pmid == other.pmid) or (one.doi and one.doi == other.doi):
        return True
    if (one.author, one.volume, one.page) != (other.author, other.volume, other.page) or not one.page:
        return False
    return any(fuzz.token_sort_ratio(a, b) >= LIKE_TITLE for a in one.titles for b in other.titles)


def hold(row: dict[str, Any]) -> Held:
    authors = [*row["authors"], *row["collective_authors"]]
    families = [family(author) for author in authors]
    years = {row["year"], fields.as_year(row["print_date"]), fields.as_year(row["electronic_date"])} - {None}
    titles = (fields.fold(title) for title in (row["title"], row["vernacular_title"]))
    return Held(
        record=row["record"],
        pmid=row["pmid"],
        doi=row["doi"].lower(),
        titles=tuple(title for title in titles if title),
        author=families[0] if families else "",
        authors=frozenset(families),
        journals=tuple(j for j in dict.fromkeys((row["journal_abbreviation"], row["journal"])) if j),
        years=frozenset(int(year) for year in years),
        volume=volume_key(row["volume"], row["issue"]),
        page=folded(page_ends(row["pages"])[0]),
    )
