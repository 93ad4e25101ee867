"""Which of the records held a reference string means; nothing rather than a wrong one.

A string is settled by agreement of independent parts: title, first author, year, journal, volume, first
page, and its own PMID or DOI. One part may be wrong (people mistype pages and years). Records that are
alike on purpose are kept apart: parts I and II, errata and their papers, one report in two journals.
The thresholds were set on records rendered with such damage (benchmarks/citations.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from resift.formats import fields
from resift.formats.citations.journals import same_journal
from resift.formats.citations.model import Citation, page_ends
from resift.records import Record, natural_key

if TYPE_CHECKING:
    import pandas as pd

_SAME_TITLE = 90.0  # of 100, by rapidfuzz, on folded titles: a typo or two in a sentence
_LIKE_TITLE = 75.0  # a clipped or reworded title: counts only beside author, year and place
_TELLING_TITLE = 4  # words; shorter titles (`Reply`, `Pancreatic cancer`) are shared by many papers
_MARGIN = 3.0  # points by which the best record must lead the next one
_COMMON = 400  # records; a word in more titles than this finds nobody
_ABOUT = re.compile(
    r"^(?:\W*)(erratum|corrigendum|corrig|correction|retraction|retracted|comments?|commentary|reply|response|re|author"
    r" response|authors? reply|letter|editorial|expression of concern|withdrawn|update)\b"
)
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}

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
    "pages",
)


@dataclass(frozen=True, slots=True)
class Match:
    """The record that a string means, or None; `score` 0 to 100; `reason` names what agrees or is missing."""

    record: str | None
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Held:
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
class _Agreement:
    """How one record agrees with a citation; None where either side does not say."""

    title: float | None
    author: bool | None
    year: bool | None
    near_year: bool
    journal: bool | None
    volume: bool | None
    page: bool | None
    near_page: bool
    alike_only: bool  # the titles differ in a number or in being about the other paper

    @property
    def place(self) -> int:
        """How many of journal, volume and first page agree."""
        return sum(part is True for part in (self.journal, self.volume, self.page))

    @property
    def elsewhere(self) -> int:
        """How many of journal, volume and first page contradict."""
        return sum(part is False for part in (self.journal, self.volume, self.page))

    @property
    def score(self) -> float:
        """0 to 100: the title weighs half, the rest one part each."""
        parts = [
            (part, weight)
            for part, weight in (
                (self.author, 12.0),
                (self.year, 10.0),
                (self.journal, 8.0),
                (self.volume, 10.0),
                (self.page, 10.0),
            )
        ]
        known = sum(weight for part, weight in parts if part is not None)
        agreed = sum(weight for part, weight in parts if part)
        agreed += 5.0 * (self.year is False and self.near_year) + 4.0 * (
            self.page is False and self.near_page
        )
        if self.title is not None:
            known += 50.0
            agreed += self.title / 2
        return 100.0 * agreed / known if known else 0.0


class CitationIndex:
    """Records held, ready to be found by citation. Built once, asked many times."""

    def __init__(self, held: Iterable[_Held]) -> None:
        self._held = sorted(held, key=lambda h: natural_key(h.record))
        self._pmid: dict[str, list[int]] = defaultdict(list)
        self._doi: dict[str, list[int]] = defaultdict(list)
        self._place: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._author: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._word: dict[str, list[int]] = defaultdict(list)
        for at, held_record in enumerate(self._held):
            self._enter(at, held_record)

    def _enter(self, at: int, held: _Held) -> None:
        if held.pmid:
            self._pmid[held.pmid].append(at)
        if held.doi:
            self._doi[held.doi].append(at)
        if held.volume and held.page:
            self._place[held.volume, held.page].append(at)
        for year in held.years:
            if held.author:
                self._author[held.author, year].append(at)
        for title in held.titles:
            for word in _longest_words(title):
                self._word[word].append(at)

    @classmethod
    def from_records(cls, records: Iterable[Record]) -> CitationIndex:
        """An index over records."""
        return cls(_hold({name: getattr(record, name) for name in MATCH_COLUMNS}) for record in records)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> CitationIndex:
        """An index over a table with the columns of `MATCH_COLUMNS` (as `read_records` gives it)."""
        import pandas as pd

        rows = zip(*(frame[name].tolist() for name in MATCH_COLUMNS), strict=True)
        named = (dict(zip(MATCH_COLUMNS, row, strict=True)) for row in rows)
        return cls(
            _hold({k: None if k == "year" and pd.isna(v) else v for k, v in row.items()}) for row in named
        )

    def candidates(self, citation: Citation) -> list[_Held]:
        """Records that share an id, the place, author and year, or telling title words with the citation."""
        found: set[int] = set(self._pmid.get(citation.pmid, ()) if citation.pmid else ())
        if citation.doi:
            found.update(self._doi.get(citation.doi.lower(), ()))
        found.update(self._place.get((_folded(citation.volume), _folded(citation.first_page)), ()))
        author = _family(citation.first_author)
        if author and citation.year:
            for year in (citation.year - 1, citation.year, citation.year + 1):
                found.update(self._author.get((author, year), ()))
        for word in _longest_words(fields.fold(citation.title)):
            having = self._word.get(word, ())
            if len(having) <= _COMMON:
                found.update(having)
        return [self._held[at] for at in sorted(found)]


def match(citation: Citation, held: CitationIndex) -> Match:
    """The one record held that the citation means; `record` is None, with the reason, when none or several do."""
    candidates = held.candidates(citation)
    about = [(_compare(citation, candidate), candidate) for candidate in candidates]
    said = _by_identifier(citation, about)
    if said is not None and said.record is not None:
        return said
    accepted = [(agreement, c, reason) for agreement, c in about if (reason := _accept(citation, agreement))]
    accepted.sort(key=lambda found: (-found[0].score, natural_key(found[1].record)))
    if not accepted:
        if said is not None:
            return said
        return Match(None, max((a.score for a, _ in about), default=0.0), _why_not(citation, about))
    best, record, reason = accepted[0]
    rivals = [c for a, c, _ in accepted[1:] if a.score > best.score - _MARGIN and not _same_report(c, record)]
    if rivals:
        names = ", ".join(c.record for c in (record, *rivals)[:4])
        return Match(None, best.score, f"ambiguous: {names} fit equally well")
    return Match(record.record, best.score, reason)


def _by_identifier(citation: Citation, about: Sequence[tuple[_Agreement, _Held]]) -> Match | None:
    """A record with the PMID or DOI that the string gives, if the rest of the string does not speak against it."""
    doi = citation.doi.lower()
    for name, given in (("PMID", citation.pmid), ("DOI", doi)):
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
            if not any(part is not None for part in (agreement.title, agreement.author, agreement.journal)):
                return Match(record.record, 90.0, f"{name} {given} (the string says nothing else)")
            return Match(None, agreement.score, f"{name} {given} is {record.record}, which has another title")
    return None


def _accept(citation: Citation, a: _Agreement) -> str:
    """Why this record is the one meant, or "" when the agreement does not suffice."""
    if a.title is not None:
        telling = len(citation.title.split()) >= _TELLING_TITLE
        if a.alike_only and not (a.page and a.volume):
            return ""
        if a.elsewhere == 3 or (a.elsewhere >= 2 and (a.author is False or not (a.year or a.near_year))):
            return ""
        others = sum((a.author is True, a.year is True, a.place >= 1, a.place >= 2, a.place == 3))
        if a.title >= _SAME_TITLE and telling and others >= 1 and (a.author is not False or a.place >= 2):
            return _words(a, "title")
        if a.title >= _SAME_TITLE and others >= 3:
            return _words(a, "title")
        if a.title >= _LIKE_TITLE and a.author and (a.year or a.near_year) and a.place >= 1:
            return _words(a, "similar title")
    # Without a title that helps (a style without titles, a translated one), the place must be complete.
    complete = a.journal is True and a.volume is True and a.page is True
    if complete and a.year and a.author is not False and (a.title is None or a.title >= 45 or a.author):
        return _words(a, "no title" if a.title is None else "another title (translated?)")
    if a.title is None and a.author:
        if a.journal and a.volume and a.page and a.near_year:
            return _words(a, "no title")
        if a.year and a.journal and a.volume and a.near_page:
            return _words(a, "no title, page one digit off")
        if a.year and a.page and (a.journal or a.volume) and a.elsewhere <= 1:
            return _words(a, "no title")
    return ""


def _words(a: _Agreement, title: str) -> str:
    names = ("author", "year", "journal", "volume", "page")
    parts = (a.author, a.year, a.journal, a.volume, a.page)
    agree = [name for name, part in zip(names, parts, strict=True) if part]
    differ = [name for name, part in zip(names, parts, strict=True) if part is False]
    text = ", ".join([title, *agree])
    return f"{text}; differs in {', '.join(differ)}" if differ else text


def _why_not(citation: Citation, about: Sequence[tuple[_Agreement, _Held]]) -> str:
    if not citation.title and not citation.first_author and not citation.journal:
        return "no author, title or journal could be read from the string"
    if not about:
        return "nothing held shares its title words, its author and year, or its volume and page"
    best, record = max(about, key=lambda found: (found[0].score, found[1].record))
    return f"nearest is {record.record} (score {best.score:.0f}), which agrees too little"


def _compare(citation: Citation, held: _Held) -> _Agreement:
    title = fields.fold(citation.title)
    similarity: float | None = None
    alike_only = False
    if title and held.titles:
        similarity, best = max((_similarity(title, other), other) for other in held.titles)
        alike_only = _numbers(title) != _numbers(best) or _about(title) != _about(best)
        if alike_only and _clipped(title, best):
            alike_only = False
    author = _family(citation.first_author)
    same_author = None
    if author and held.author:
        same_author = author == held.author or fuzz.ratio(author, held.author) >= 80 or author in held.authors
    year = citation.year
    page, volume = _folded(citation.first_page), _folded(citation.volume)
    journals = (
        [same_journal(citation.journal, journal) for journal in held.journals] if citation.journal else []
    )
    return _Agreement(
        title=similarity,
        author=same_author,
        year=(year in held.years) if year and held.years else None,
        near_year=bool(year and any(abs(year - other) <= 1 for other in held.years)),
        journal=any(journals) if journals else None,
        volume=(volume == held.volume) if volume and held.volume else None,
        page=(page == held.page) if page and held.page else None,
        near_page=bool(page and held.page and Levenshtein.distance(page, held.page) <= 1 and len(page) > 1),
        alike_only=alike_only,
    )


def _similarity(title: str, other: str) -> float:
    if title == other:
        return 100.0
    ratio = float(fuzz.ratio(title, other))
    if ratio < 90.0:
        ratio = max(ratio, 0.97 * float(fuzz.token_sort_ratio(title, other)))
    if ratio < 95.0 and _clipped(title, other):
        ratio = max(ratio, 95.0)
    return ratio


def _clipped(title: str, other: str) -> bool:
    """True when one title is the beginning of the other: a subtitle left out, or a long title cut short."""
    short, long = sorted((title, other), key=len)
    return len(short) >= 30 and len(short.split()) >= _TELLING_TITLE and long.startswith(short)


def _numbers(title: str) -> list[str]:
    """The numbers in a title in order, Roman ones too: parts of a series differ in nothing else."""
    return [
        _ROMAN.get(w, w.lstrip("0"))
        for w in title.split()
        if w.isdigit() or (w in _ROMAN and w not in "ivx") or w in ("i", "v", "x")
    ]


def _about(title: str) -> str:
    """`erratum`, `reply` ... when the title says that it is about another paper; else ""."""
    found = _ABOUT.match(title)
    return found.group(1) if found else ""


def _longest_words(title: str) -> list[str]:
    return sorted({word for word in title.split() if len(word) > 5}, key=lambda word: (-len(word), word))[:4]


def _family(author: str) -> str:
    return fields.fold(fields.split_author(author)[0])


def _folded(text: str) -> str:
    return fields.fold(text).replace(" ", "").lstrip("0")


def _same_report(one: _Held, other: _Held) -> bool:
    """Two records of one report (two databases): either is the right answer."""
    if (one.pmid and one.pmid == other.pmid) or (one.doi and one.doi == other.doi):
        return True
    return (
        bool(one.titles)
        and one.titles[:1] == other.titles[:1]
        and one.page == other.page
        and one.years == other.years
    )


def _hold(row: dict[str, Any]) -> _Held:
    authors = [*row["authors"], *row["collective_authors"]]
    families = [_family(author) for author in authors]
    years = {row["year"], fields.as_year(row["print_date"]), fields.as_year(row["electronic_date"])} - {None}
    titles = (fields.fold(title) for title in (row["title"], row["vernacular_title"]))
    return _Held(
        record=row["record"],
        pmid=row["pmid"],
        doi=row["doi"].lower(),
        titles=tuple(title for title in titles if title),
        author=families[0] if families else "",
        authors=frozenset(families),
        journals=tuple(j for j in dict.fromkeys((row["journal_abbreviation"], row["journal"])) if j),
        years=frozenset(int(year) for year in years),
        volume=_folded(row["volume"]),
        page=_folded(page_ends(row["pages"])[0]),
    )
