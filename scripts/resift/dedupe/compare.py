"""How the two records of each candidate pair agree, field by field.

Every measure is an array with one value for each pair. Identity of a field is +1 (equal), -1 (both say
something else) or 0 (one says nothing). Likeness is 0 to 100, or -1 where one side says nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from resift.dedupe.headings import FEW_WORDS, SHORT_WORDS, headings, recurring_titles
from resift.dedupe.known_links import Linked, linked_pairs
from resift.dedupe.likeness import (
    author_likeness,
    begins,
    best_likeness,
    other_language,
    part_of,
    wording,
)
from resift.dedupe.normalise import Entries
from resift.dedupe.places import Places, coded, identity
from resift.dedupe.titles import Kind, in_digits, title_numbers, title_part
from resift.dedupe.venues import Venue, journal_likeness, meeting_numbers, meeting_series

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Identity = NDArray[np.int8]
    Likeness = NDArray[np.float32]
    Positions = NDArray[np.int32]

SCORED_BY_TWO = 20_000
"""From so many pairs on RapidFuzz scores with two threads; below, starting them costs more."""


TRANSLATED = 70.0
"""Titles less alike than this are asked for their languages."""

_PART_OF_ARTICLE = re.compile(r"[./](?:[a-z]{0,2}\d{3,4}|abstract|full|e?pdf|meta|html?)|v\d+|[.,;)\]]+")
"""What follows a DOI where it names a figure, a page or a version of the same article."""

_DIGITS = str.maketrans("0123456789", "9999999999")

LOW_PAGE = 20
"""Where each issue begins with page 1, columns stand on pages below this one in every issue."""

RUNNING_LEAST = 20
RUNNING_SHARE = 0.25
"""From so many sure pairs, and above this share of other issues among them, the issue is a running number."""


SHARED = 3
"""A DOI on so many titles by so many first authors is a supplement's or a book's, not one report's."""


@dataclass(slots=True)
class Pairs:
    """Candidate pairs (`left` and `right` are positions in the entries) and how they agree."""

    left: Positions
    right: Positions
    title: Likeness  # letters only; the better of title and other-language title
    title_part: Bools  # one title begins with the other: it was cut short
    title_within: Bools  # one title holds the other whole, further on
    numbers_differ: Bools
    numbers_clash: Bools  # each title has a number that the other lacks
    word_differs: Bools  # each title has a word that the other has nothing like
    word_added: Bools  # at least one has
    generic: Bools  # a heading, or a title of one word or two
    heading: Bools  # names a place in a journal ("Editorial")
    recurs: Bools  # comes back in the input
    language_differs: Bools  # one title in English, the other not; judged for titles that are unlike
    short: Bools  # so few words that a title may come back
    authors: Likeness  # names of the shorter list that stand in the longer
    unsigned: Bools  # neither names an author
    first: Identity  # first author's family name, allowing for order and spelling
    lead: Identity  # first author's family name, letter by letter
    journal: Likeness
    journal_once: Bools  # one alone names a journal
    year_gap: NDArray[np.int16]  # -1 where one year is missing
    volume: Identity
    issue: Identity
    issueless: Bools  # neither names an issue
    start: Identity
    paged: Bools  # both say a first page, be it in other forms
    end: Identity
    adjacent: Bools  # one ends on the page before the other begins
    numbered: Bools  # article numbers, no pages
    low_page: Bools  # a first page so low that every issue has one
    page_slip: Bools  # first pages that one slip of the hand apart makes other: 1143 and 143
    same_length: Bools  # both run over the same number of pages, more than one
    doi: Identity
    doi_shared: Bools  # a DOI of a whole supplement or book, on titles of several authors
    doi_beside: Bools  # other DOIs of one shape, as neighbours in one journal have
    pmid: Identity
    registry: Identity
    registrations: Bools  # both are entries of trial registries
    linked: NDArray[np.int8]  # a `Linked`
    series: Identity  # number of a Cochrane review, topic of Clinical Evidence: what its updates share
    edition: Identity  # of such a review: by DOI, else by year and issue
    part_differs: Bools  # "Part I" and "Part II", or only one of them a part
    abstract: Likeness
    kind_differs: Bools
    supplement_differs: Bools
    supplement: Bools  # both stand in supplements
    venue_differs: Bools  # both kinds of venue known and other
    preprint_differs: Bools
    meetings: Bools  # both in proceedings of a meeting
    ahead: Bools  # the earlier has no volume, issue or page yet, the later has
    theses: Bools  # a thesis, and an entry of Dissertation Abstracts
    notices: Bools  # both are notices about a report, or replies to one
    other_meeting: Bools  # of another year or series: "41st Hawaii ...", "42nd Hawaii ..."; ICIS, ECIS

    def __len__(self) -> int:
        return len(self.left)


class Comparison:
    """Compares records of one table of entries; what holds for each record is worked out once."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self.letters = [title.replace(" ", "") for title in entries.title]
        self.places = Places(entries)
        self.heading = headings(entries)
        self.recurs = recurring_titles(entries, self.heading)
        self.unsigned = np.fromiter((not names for names in entries.authors), np.bool_, count=len(entries))
        self.few = np.fromiter(
            (title.count(" ") < FEW_WORDS - 1 for title in entries.title), np.bool_, count=len(entries)
        )
        self.short = np.fromiter(
            (title.count(" ") < SHORT_WORDS - 1 for title in entries.title), np.bool_, count=len(entries)
        )
        self.doi_shape = coded([doi.translate(_DIGITS) for doi in entries.doi])
        self.doi_shared = shared_dois(entries)
        self.title_numbers = list(map(title_numbers, entries.title))
        self.numbers = coded([numbers or "none" for numbers in self.title_numbers])
        self.part = coded([title_part(title) or "none" for title in entries.title])
        self.first = coded(entries.first)
        self.pmid = coded(entries.pmid)
        self.registry = coded(entries.registry)
        self.series = coded(entries.series)
        self.doi = coded(["".join(filter(str.isalnum, doi)) for doi in entries.doi])
        self.journal = coded(entries.journal)
        self.journal_names = names = list(dict.fromkeys(["", *entries.journal]))  # by their codes
        abstracts = [name.startswith(("dissert", "masters abstracts")) for name in names]
        self.summary = np.array(abstracts, dtype=np.bool_)[self.journal]
        self.thesis = (entries.venue == Venue.REPORT) | (self.journal == 0)
        years, ordinals = zip(*map(meeting_numbers, names), strict=True)
        said = (years, ordinals, list(map(meeting_series, names)))
        self.meeting = [coded(values)[self.journal] for values in said]
        self.title = coded(self.letters)
        self.links = linked_pairs(entries)

    def pairs(self, left: Positions, right: Positions) -> Pairs:
        """Measure how the records at `left` and `right` agree."""
        entries, places = self.entries, self.places
        title = likeness(self.letters, left, right)
        lead = identity(self.first, left, right)
        numbers_differ = (identity(self.numbers, left, right) == -1) & (title >= 0)
        doi = self._dois(left, right)
        venue_a, venue_b = entries.venue[left], entries.venue[right]
        volume, issue = places.volumes(left, right)
        start, end, adjacent, same_length = places.pages(left, right)
        places.read_article_numbers(issue, start, left, right)
        part, within = np.zeros(len(left), dtype=bool), np.zeros(len(left), dtype=bool)
        word_differs, word_added = np.zeros(len(left), dtype=bool), np.zeros(len(left), dtype=bool)
        numbers_clash = np.zeros(len(left), dtype=bool)
        authors = np.full(len(left), -1, dtype=np.float32)
        first = lead.copy()
        for n, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
            if self.letters[a] != self.letters[b] and title[n] >= 0:
                if part_of(self.letters[a], self.letters[b]):
                    part[n] = begins(self.letters[a], self.letters[b])
                    within[n] = not part[n]
                elif entries.other[a] or entries.other[b]:
                    titles = (entries.title[a], entries.other[a]), (entries.title[b], entries.other[b])
                    title[n] = max(title[n], best_likeness(*titles))
                if part[n] or within[n] or title[n] >= 60:
                    whole = part[n] or within[n]
                    elsewhere = self._words_elsewhere(a, b) if whole else frozenset()
                    one, two = entries.title[a], entries.title[b]
                    if not whole and (self.title_numbers[a] or self.title_numbers[b]):
                        one, two = in_digits(one, two)
                        if (one, two) != (entries.title[a], entries.title[b]):
                            numbers_differ[n] = False
                            title[n] = max(title[n], fuzz.ratio(one.replace(" ", ""), two.replace(" ", "")))
                    differs, word_added[n] = wording(one, two, elsewhere)
                    word_differs[n] = differs and not whole
                if numbers_differ[n]:
                    x, y = set(self.title_numbers[a].split()), set(self.title_numbers[b].split())
                    numbers_clash[n] = bool(x - y and y - x)
            authors[n], same_first = author_likeness(
                entries.authors[a], entries.authors[b], entries.first[a], entries.first[b]
            )
            if first[n] == -1 and same_first:
                first[n] = 1
        language_differs = np.zeros(len(left), dtype=bool)
        for n in np.flatnonzero((title >= 0) & (title < TRANSLATED) & (start == 1) & (volume == 1)).tolist():
            language_differs[n] = other_language(entries.title[int(left[n])], entries.title[int(right[n])])
        heading = self.heading[left] | self.heading[right]
        recurs = self.recurs[left] | self.recurs[right]
        year_a, year_b = entries.year[left], entries.year[right]
        year_gap = np.abs(year_a - year_b)
        year_gap[(year_a == 0) | (year_b == 0)] = -1
        return Pairs(
            left=left,
            right=right,
            title=title,
            title_part=part,
            title_within=within,
            numbers_differ=numbers_differ,
            numbers_clash=numbers_clash,
            word_differs=word_differs,
            word_added=word_added,
            generic=heading | recurs | self.few[left] | self.few[right],
            heading=heading,
            recurs=recurs,
            short=self.short[left] | self.short[right],
            language_differs=language_differs,
            authors=authors,
            unsigned=self.unsigned[left] & self.unsigned[right],
            first=first,
            lead=lead,
            journal=self._journals(left, right),
            journal_once=(self.journal[left] > 0) != (self.journal[right] > 0),
            year_gap=year_gap,
            volume=volume,
            issue=issue,
            issueless=(places.issue[left] == 0) & (places.issue[right] == 0),
            start=start,
            paged=(places.start[left] > 0) & (places.start[right] > 0),
            end=end,
            adjacent=adjacent,
            numbered=places.numbered(left, right),
            low_page=(places.start[left] < LOW_PAGE) & (places.start[right] < LOW_PAGE),
            page_slip=places.slips((start == -1) & (volume == 1) & (title >= 97), left, right),
            same_length=same_length,
            doi=doi,
            doi_shared=(doi == 1) & self.doi_shared[left] & self.doi_shared[right],
            doi_beside=(doi == -1) & (identity(self.doi_shape, left, right) == 1),
            pmid=identity(self.pmid, left, right),
            registry=identity(self.registry, left, right),
            registrations=(venue_a == Venue.REGISTRY) & (venue_b == Venue.REGISTRY),
            linked=self._linked_all(left, right) if self.links else np.zeros(len(left), dtype=np.int8),
            series=identity(self.series, left, right),
            edition=places.editions(left, right),
            part_differs=identity(self.part, left, right) == -1,
            abstract=likeness(entries.abstract, left, right),
            kind_differs=entries.kind[left] != entries.kind[right],
            supplement_differs=entries.supplement[left] != entries.supplement[right],
            supplement=entries.supplement[left] & entries.supplement[right],
            venue_differs=(venue_a != venue_b) & (venue_a != Venue.UNKNOWN) & (venue_b != Venue.UNKNOWN),
            preprint_differs=(venue_a == Venue.PREPRINT) != (venue_b == Venue.PREPRINT),
            ahead=places.ahead(left, right),
            theses=(self.summary[left] & self.thesis[right]) | (self.thesis[left] & self.summary[right]),
            notices=(entries.kind[left] > Kind.ARTICLE) & (entries.kind[right] > Kind.ARTICLE),
            meetings=(venue_a == Venue.MEETING) & (venue_b == Venue.MEETING),
            other_meeting=self._other_meetings(left, right, year_gap),
        )

    def distrust_running_numbers(self, left: Positions, right: Positions) -> bool:
        """Leave the issue out when it is none; returns whether it was left out.

        Some exports put running numbers where the issue belongs. They give themselves away: records that
        agree in title, volume and first page then often differ in the issue.
        """
        places = self.places
        sure = identity(self.title, left, right) == 1
        sure &= identity(places.volume, left, right) == 1
        sure &= (places.start[left] == places.start[right]) & (places.start[left] > 0)
        sure &= ~self.heading[left] & ~self.recurs[left] & ~self.short[left]  # columns of many issues
        issue = identity(places.issue, left[sure], right[sure])
        said = int((issue != 0).sum())
        if said < RUNNING_LEAST or (issue == -1).sum() <= RUNNING_SHARE * said:
            return False
        places.leave_issue_out()
        return True

    def _other_meetings(self, left: Positions, right: Positions, year_gap: NDArray[np.int16]) -> Bools:
        """Whether names of meetings say another year or number, in another year, or another series."""
        year, number, series = (identity(codes, left, right) == -1 for codes in self.meeting)
        result: Bools = ((year | number) & (year_gap > 0)) | series
        return result

    def _words_elsewhere(self, a: int, b: int) -> frozenset[str]:
        """Names of authors and journal that a reference string may have left in the longer title."""
        entries = self.entries
        short, long = sorted((a, b), key=lambda n: len(self.letters[n]))
        journal = "" if entries.journal[long] else entries.journal[short]
        return frozenset(entries.authors[short].split() + journal.split())

    def _linked_all(self, left: Positions, right: Positions) -> NDArray[np.int8]:
        return np.fromiter(map(self._linked, left.tolist(), right.tolist()), np.int8, count=len(left))

    def _linked(self, a: int, b: int) -> int:
        return self.links.get((a, b), Linked.NOT)

    def _dois(self, left: Positions, right: Positions) -> Identity:
        """Identity of DOIs by letters and digits; equal too when one goes on where the other ends.

        `10.1371/journal.pone.0094853.g001` is a figure of `10.1371/journal.pone.0094853`; the suffixes
        of Cochrane updates (`.pub2`) name other editions, those of letters on one page (`.612-a`) other
        letters. A last digit or two cut off say nothing.
        """
        result = identity(self.doi, left, right)
        doi = self.entries.doi
        for n in np.flatnonzero(result == -1).tolist():
            a, b = sorted((doi[left[n]], doi[right[n]]), key=len)
            if len(a) >= 16 and "/14651858." not in a and len(b) > len(a) and b.startswith(a):
                rest = b[len(a) :]
                if _PART_OF_ARTICLE.fullmatch(rest):
                    result[n] = 1
                elif len(rest) <= 2 and len(a) >= 24 and rest.isdigit():
                    result[n] = 0
        return result

    def _journals(self, left: Positions, right: Positions) -> Likeness:
        """Likeness of the journals, each pair of names judged once; 100 for an equal ISSN."""
        names = self.journal_names
        a, b = self.journal[left].astype(np.int64), self.journal[right].astype(np.int64)
        distinct, inverse = np.unique(np.minimum(a, b) * len(names) + np.maximum(a, b), return_inverse=True)
        scores = np.fromiter(
            (
                journal_likeness(names[pair // len(names)], names[pair % len(names)])
                for pair in distinct.tolist()
            ),
            np.float32,
            count=len(distinct),
        )
        result: Likeness = scores[inverse]
        issn = self.entries.issn
        for n in np.flatnonzero(result < 100).tolist():
            one, two = issn[left[n]], issn[right[n]]
            if one and two and not set(one.split()).isdisjoint(two.split()):
                result[n] = 100
        return result


def likeness(values: Sequence[str], left: Positions, right: Positions) -> Likeness:
    """RapidFuzz ratio of two text values for each pair, -1 where one is ""."""
    a = [values[i] for i in left.tolist()]
    b = [values[i] for i in right.tolist()]
    workers = 1 if len(a) < SCORED_BY_TWO else 2
    scores: Likeness = process.cpdist(a, b, scorer=fuzz.ratio, dtype=np.float32, workers=workers)
    silent = np.fromiter((not x or not y for x, y in zip(a, b, strict=True)), np.bool_, count=len(a))
    scores[silent] = -1
    return scores


def shared_dois(entries: Entries) -> Bools:
    """Which records have a DOI that several titles of several first authors have: it names the whole."""
    counts = Counter(entries.doi)
    held: dict[str, tuple[set[str], set[str]]] = {}
    for doi, title, first in zip(entries.doi, entries.title, entries.first, strict=True):
        if doi and counts[doi] >= SHARED:
            titles, people = held.setdefault(doi, (set(), set()))
            titles.add(title[:12])
            people.add(first)
    shared = {doi for doi, sets in held.items() if min(map(len, sets)) >= SHARED}
    return np.fromiter((doi in shared for doi in entries.doi), np.bool_, count=len(entries))
