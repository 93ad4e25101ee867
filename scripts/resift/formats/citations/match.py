"""Which of the records held a reference string means; nothing rather than a wrong one.

A string is resolved by what it contains, not by its layout (`compare`), and settled by agreement of
independent parts: title, first author, year, journal, volume, first page, and its own PMID or DOI. One part
may be wrong (people mistype pages and years). Records that are alike on purpose are kept apart: parts I and
II, errata and their papers, one report in two journals. The thresholds were set on records rendered with
such damage (benchmarks/citations.py).
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from resift.formats.citations.compare import LIKE_TITLE, SAME_TITLE, Agreement, compare, same_report
from resift.formats.citations.held import Held, family, hold, pages_of, title_words, volume_of, years_of
from resift.formats.citations.model import Citation
from resift.formats.citations.said import Said, said
from resift.records import Record, natural_key

_MARGIN = 3.0  # points by which the best record must lead the next one
_COMMON = 400  # records, or one in a hundred of many; a word in more titles than this finds nobody
_NOBODY: array[int] = array("l")
_NEAREST = 25  # records that share the most telling title words with a string

MATCH_COLUMNS = (
    "record",
    "pmid",
    "doi",
    "title",
    "vernacular_title",
    "authors",
    "collective_authors",
    "journal",
    "journal_abbreviation",
    "year",
    "print_date",
    "electronic_date",
    "volume",
    "issue",
    "pages",
)


@dataclass(frozen=True, slots=True)
class Match:
    """The record that a string means, or None; `score` 0 to 100; `reason` names what agrees or is missing."""

    record: str | None
    score: float
    reason: str


class CitationIndex:
    """Records held, ready to be found by what a string contains. Built once, asked many times.

    Only what finds a record is folded when the index is built; the rest waits until the record is compared.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """`rows` have the columns of `MATCH_COLUMNS`."""
        self._rows = sorted(rows, key=lambda row: natural_key(row["record"]))
        self._held: dict[int, Held] = {}
        self._pmid: dict[str, list[int]] = defaultdict(list)
        self._doi: dict[str, list[int]] = defaultdict(list)
        self._place: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._author: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._word: dict[str, array[int]] = defaultdict(lambda: array("l"))
        for at, row in enumerate(self._rows):
            self._enter(at, row)
        self._common = max(_COMMON, len(self._rows) // 100)

    def _enter(self, at: int, row: Mapping[str, Any]) -> None:
        if row["pmid"]:
            self._pmid[row["pmid"]].append(at)
        if row["doi"]:
            self._doi[row["doi"].lower()].append(at)
        volume, (page, _) = volume_of(row), pages_of(row)
        if volume and page:
            self._place[volume, page[0]].append(at)
        author = next(iter((*row["authors"], *row["collective_authors"])), "")
        name = family(author).split()
        for year in years_of(row):
            if name:
                self._author[name[-1], year].append(at)
        for word in {*title_words(row["title"]), *title_words(row["vernacular_title"])}:
            self._word[word].append(at)

    @classmethod
    def from_records(cls, records: Iterable[Record]) -> CitationIndex:
        """An index over records."""
        return cls(_row(record) for record in records)

    def _holding(self, at: int) -> Held:
        if at not in self._held:
            self._held[at] = hold(self._rows[at])
        return self._held[at]

    def candidates(self, asked: Said) -> list[Held]:
        """Records that share an id, the place, author and year, or telling title words with the string."""
        found: set[int] = set(self._pmid.get(asked.pmid, ()) if asked.pmid else ())
        found.update(self._doi.get(asked.doi, ()) if asked.doi else ())
        for volume in asked.numbers:
            for page in asked.numbers - {volume}:
                found.update(self._place.get((volume, page), ()))
        weights: dict[int, float] = defaultdict(float)
        for word in asked.vocabulary:
            having = self._word.get(word, _NOBODY)
            if 0 < len(having) <= self._common:
                weight = math.log(len(self._rows) / len(having)) + 1.0
                for at in having:
                    weights[at] += weight
        found.update(heapq.nlargest(_NEAREST, weights, key=lambda at: (weights[at], -at)))
        for year in asked.years:
            for near in (year - 1, year, year + 1):
                for word in asked.vocabulary:
                    namesakes = self._author.get((word, near), [])
                    # Of the many papers of a common name, those that share something more.
                    few = len(namesakes) <= _NEAREST
                    found.update(at for at in namesakes if few or at in weights)
        return [self._holding(at) for at in sorted(found)]


def _row(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in MATCH_COLUMNS}


def match(citation: Citation, held: CitationIndex) -> Match:
    """The one record held that the citation means; none, with the reason, when no record or several fit."""
    matches, nearest = _matches(citation, held)
    if len(matches) != 1:
        return nearest
    return matches[0]


def fitting(citation: Citation, held: CitationIndex) -> list[str]:
    """The records held that the citation may mean, best first: none, the one, or those that fit equally."""
    return [found.record for found in _matches(citation, held)[0] if found.record]


def bears_out(citation: Citation, record: Record) -> bool:
    """Whether a record that an identifier or ecitmatch names can be the one that the string means.

    ecitmatch overlooks a wrong author or year in some cases; print and electronic years differ by one. The
    string must not name other authors, another year, or another title unless volume and page are the same
    (a translated one). A citation that was not taken apart asks for nothing: its list names the PMID.
    """
    if not (citation.authors or citation.collective or citation.year or citation.title):
        return True
    asked = said(citation)
    named = replace(asked, pmid=record.pmid)
    a = compare(named, hold(_row(record)))
    if a is None or a.author is False or (a.year is False and not a.near_year):
        return False
    return a.title is None or a.title >= LIKE_TITLE or a.placed


def _matches(citation: Citation, held: CitationIndex) -> tuple[list[Match], Match]:
    """The records that fit equally well, best first; and what to say when they are not exactly one."""
    asked = said(citation)
    about = [(a, c) for c in held.candidates(asked) if (a := compare(asked, c)) is not None]
    by_id = _by_identifier(asked, about)
    if by_id is not None and by_id.record is not None:
        return [by_id], by_id
    accepted = [(agreement, c, reason) for agreement, c in about if (reason := _accept(agreement))]
    accepted.sort(key=lambda found: (-found[0].score, not found[0].placed, natural_key(found[1].record)))
    if not accepted:
        score = max((a.score for a, _ in about), default=0.0)
        return [], by_id or Match(None, score, _why_not(asked, about))
    best, record, reason = accepted[0]
    rivals = [
        (a, c, why)
        for a, c, why in accepted[1:]
        if a.score > best.score - _MARGIN and a.placed >= best.placed and not same_report(c, record)
    ]
    first = Match(record.record, best.score, reason)
    names = ", ".join(c.record for c in (record, *(c for _, c, _ in rivals))[:4])
    equal = Match(None, best.score, f"ambiguous: {names} fit equally well")
    return [first, *(Match(c.record, a.score, why) for a, c, why in rivals)], equal


def _by_identifier(asked: Said, about: Sequence[tuple[Agreement, Held]]) -> Match | None:
    """A record with the PMID or DOI that the string gives, unless the rest speaks against it."""
    for name, given in (("PMID", asked.pmid), ("DOI", asked.doi)):
        for agreement, record in about:
            if not given or given != (record.pmid if name == "PMID" else record.doi):
                continue
            parts = (
                agreement.author,
                agreement.year or agreement.near_year or None,
                agreement.volume,
                agreement.page,
            )
            agree = sum(part is True for part in parts)
            if (agreement.title is None and agree >= 1) or (agreement.title or 0) >= 60 or agree >= 3:
                return Match(record.record, max(agreement.score, 90.0), f"{name} {given}")
            if not asked.words:
                return Match(record.record, 90.0, f"{name} {given} (the string says nothing else)")
            return Match(None, agreement.score, f"{name} {given} is {record.record}, which has another title")
    return None


def _accept(a: Agreement) -> str:
    """Why this record is the one meant, or "" when the agreement does not suffice."""
    if a.title is None:
        # A style without titles: the place must be complete, and the author must not speak against it.
        complete = (
            a.journal is not False and a.placed and (a.year or a.near_year) and a.last_page is not False
        )
        return (
            _words(a, "no title")
            if complete and a.place + bool(a.author) >= 3 and a.author is not False
            else ""
        )
    if a.about_other:
        return ""
    if a.title < LIKE_TITLE or a.other_number:
        settled = bool(a.placed and a.author is not False and a.last_page is not False)
        return _words(a, "similar title") if settled and a.title >= 60 and a.journal is not False else ""
    if _contradicted(a):
        return ""
    if a.title < SAME_TITLE:
        settled = bool(a.author and a.year and a.page and a.place >= 2 and a.last_page is not False)
        return _words(a, "similar title") if settled else ""
    enough = (a.author and (a.year or a.journal)) or a.place >= 2 or (a.title_exact and a.year and a.journal)
    short = (a.author and a.year and a.place >= 1) or (a.year and a.place == 3)
    return _words(a, "title") if (enough if a.telling else short) else ""


def _contradicted(a: Agreement) -> bool:
    """True when what differs outweighs a title that agrees.

    Authors publish series under nearly one title in one volume, reviews come out again under the same
    title, and one report appears in two journals. So one part may be wrong, and only beside a title that
    agrees the better, the less the rest supports it.
    """
    if a.author is False:
        # Letters under one title share a page; two papers do not share their last page too.
        return not (a.title_exact and a.telling and a.place == 3 and a.last_page)
    if a.year is False and not a.placed:
        # Ahead of print in one year, in print in the next; but columns and updates repeat their titles.
        if not (a.near_year and a.title_exact and a.telling and a.author and a.journal):
            return True
        if a.volume is False or a.page is False:
            return True
    if a.page is False:
        if a.volume is False or a.journal is False:
            return True
        # Series under one title follow each other page by page: a slip of the pen, and nothing else.
        return not (a.near_page and a.title_exact and a.telling and a.place == 2)
    if a.volume is False:
        return not (a.page and a.journal)
    if a.journal is False:
        unplaced = a.volume is None and a.page is None
        return not (a.placed or (unplaced and a.title_exact and a.telling and a.author and a.year))
    return False


def _words(a: Agreement, title: str) -> str:
    text = ", ".join([title, *(name for name, part in a.parts if part)])
    differ = [name for name, part in a.parts if part is False]
    return f"{text}; differs in {', '.join(differ)}" if differ else text


def _why_not(asked: Said, about: Sequence[tuple[Agreement, Held]]) -> str:
    if not any(len(word) > 2 and not word.isdigit() for word in asked.words):
        return "no author, title or journal could be read from the string"
    if not about:
        return "nothing held shares its title words, its author and year, or its volume and page"
    best, record = max(about, key=lambda found: (found[0].score, found[1].record))
    differ = [name for name, part in best.parts if part is False]
    also = f"; differs in {', '.join(differ)}" if differ else ""
    return f"nearest is {record.record} (score {best.score:.0f}), which agrees too little{also}"
