"""Where two entries stand: volume, issue, pages and edition of each pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import OSA

from resift.dedupe.normalise import Entries

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Identity = NDArray[np.int8]
    Positions = NDArray[np.int32]

LONGEST_NUMBER = 18
"""Digits that a 64-bit number holds; "21649561211019372" is an article number."""

ARTICLE_DIGITS = 3
"""Issues are seldom numbered so high; article numbers are."""


def coded(values: Sequence[str]) -> NDArray[np.int32]:
    """A number for each distinct string, 0 for ""."""
    codes = {value: code for code, value in enumerate(dict.fromkeys(("", *values)))}
    return np.fromiter(map(codes.__getitem__, values), np.int32, count=len(values))


def identity(codes: NDArray[np.int32], left: Positions, right: Positions) -> Identity:
    """+1 equal, -1 different, 0 where one side is 0."""
    a, b = codes[left], codes[right]
    result: Identity = np.where(a == b, np.int8(1), np.int8(-1))
    result[(a == 0) | (b == 0)] = 0
    return result


class Places:
    """Volumes, issues, pages and editions of a table of entries, coded once for comparing."""

    def __init__(self, entries: Entries) -> None:
        size = len(entries)
        self.entries = entries
        self.volume = coded([volume.rstrip(")") for volume in entries.volume])
        self.cut = np.fromiter((volume.endswith(")") for volume in entries.volume), np.bool_, count=size)
        self.issue = coded(entries.issue)
        self.supplement_part = coded([part if len(part) > 1 else "" for part in entries.supplement_part])
        self.start = np.fromiter(map(page_number, entries.start), np.int64, count=size)
        self.end = np.fromiter(map(page_number, entries.end), np.int64, count=size)
        self.letter = coded(
            [page.rstrip("0123456789")[:3] if page[:1].isalpha() else "" for page in entries.start]
        )
        self.article = np.fromiter(map(_is_article_number, entries.start), np.bool_, count=size)
        self.roman = np.fromiter((_is_roman(page) for page in entries.start), np.bool_, count=size)
        self.placed = (self.volume > 0) | (self.start > 0)
        self.unplaced = (self.volume == 0) & (self.start <= 1)  # ahead of print, pages count from 1
        self.unplaced &= (self.issue == 0) & (self.supplement_part == 0)
        self.doi = coded(entries.doi)
        self.number = coded(
            [issue or volume for issue, volume in zip(entries.issue, entries.volume, strict=True)]
        )

    def leave_issue_out(self) -> None:
        """Read no issue from here on."""
        self.issue = np.zeros_like(self.issue)

    def volumes(self, left: Positions, right: Positions) -> tuple[Identity, Identity]:
        """Volume and issue; a supplement's number counts as an issue.

        A volume that is the other's issue or supplement number was put in the wrong field, as an issue
        that is the other's volume where none is said. A cut one ("1)", what is left of "59 (Suppl 1)") and
        a supplement without number contradict nothing.
        """
        volume = identity(self.volume, left, right)
        volume[(volume == -1) & (self.cut[left] | self.cut[right])] = 0
        issue = identity(self.issue, left, right)
        part = identity(self.supplement_part, left, right)
        issue = np.where((issue == -1) | (part == -1), np.int8(-1), np.maximum(issue, part))
        entries = self.entries
        for n in np.flatnonzero(volume == -1).tolist():
            a, b = int(left[n]), int(right[n])
            for one, other in ((a, b), (b, a)):
                numbers = (entries.issue[other], entries.supplement_part[other][1:])
                if entries.volume[one] in numbers and not entries.issue[one]:
                    volume[n] = 0
        for n in np.flatnonzero((issue == -1) & (volume == 0)).tolist():
            a, b = int(left[n]), int(right[n])
            for one, other in ((a, b), (b, a)):
                if not entries.volume[one] and entries.issue[one] == entries.volume[other]:
                    volume[n], issue[n] = 1, 0
        return volume, issue

    def pages(self, left: Positions, right: Positions) -> tuple[Identity, Identity, Bools, Bools]:
        """First page, last page, whether one ends where the other begins, whether both are as long.

        Letters count only against another letter (`h384` and `384` are one page). An article number
        against a page range, or pages counted from 1 within the article, say nothing about each other.
        """
        a, b = self.start[left], self.start[right]
        said = (a > 0) & (b > 0)
        start = np.where(said, np.where(a == b, 1, -1), 0).astype(np.int8)
        one, two = self.letter[left], self.letter[right]
        start[(start == 1) & (one != two) & (one > 0) & (two > 0)] = -1
        roman = self.roman[left] != self.roman[right]
        other_form = (self.article[left] != self.article[right]) | (((a == 1) != (b == 1)) & ~roman)
        start[(start == -1) & other_form] = 0
        c, d = self.end[left], self.end[right]
        end = np.where((c > 0) & (d > 0), np.where(c == d, 1, -1), 0).astype(np.int8)
        end[(end == -1) & other_form] = 0
        adjacent = said & ((np.maximum(a, c) + 1 == b) | (np.maximum(b, d) + 1 == a))
        same_length = said & (c > a) & (d > b) & (c - a == d - b)
        return start, end, adjacent, same_length

    def ahead(self, left: Positions, right: Positions) -> Bools:
        """Whether only one has a place, and it is not the earlier of both."""
        year = self.entries.year
        a, b = year[left], year[right]
        result: Bools = (self.unplaced[left] & self.placed[right] & ((a <= b) | (b == 0))) | (
            self.unplaced[right] & self.placed[left] & ((b <= a) | (a == 0))
        )
        return result

    def numbered(self, left: Positions, right: Positions) -> Bools:
        """Whether both have article numbers and no last page: other numbers are other articles."""
        alone = self.article & (self.end == 0) & (self.start >= 10 ** (ARTICLE_DIGITS - 1))
        result: Bools = alone[left] & alone[right]
        return result

    def slips(self, asked: Bools, left: Positions, right: Positions) -> Bools:
        """Whether first pages are one slip apart: a digit lost, doubled or changed, or two turned round."""
        result = np.zeros(len(left), dtype=bool)
        for n in np.flatnonzero(asked).tolist():
            a, b = left[n], right[n]
            one, two = str(self.start[a]), str(self.start[b])
            result[n] = self.roman[a] == self.roman[b] and OSA.distance(one, two, score_cutoff=1) <= 1
        return result

    def read_article_numbers(
        self, issue: Identity, start: Identity, left: Positions, right: Positions
    ) -> None:
        """An issue that is the other's article number, where no page is said, is that and no issue."""
        entries = self.entries
        for n in np.flatnonzero((issue == -1) & (start == 0)).tolist():
            a, b = int(left[n]), int(right[n])
            for one, other in ((a, b), (b, a)):
                number = entries.issue[one]
                if (
                    len(number) >= ARTICLE_DIGITS
                    and not entries.start[one]
                    and number == entries.start[other]
                ):
                    issue[n], start[n] = 0, 1

    def editions(self, left: Positions, right: Positions) -> Identity:
        """Whether two records of a review that is updated are one edition: by DOI, else by year and issue."""
        by_doi = identity(self.doi, left, right)
        a, b = self.entries.year[left], self.entries.year[right]
        by_year = np.where((a == 0) | (b == 0), 0, np.where(a == b, 1, -1)).astype(np.int8)
        by_year[(by_year == 1) & (identity(self.number, left, right) == -1)] = -1
        return np.where(by_doi != 0, by_doi, by_year).astype(np.int8)


def _is_article_number(page: str) -> bool:
    """Whether a first page is an article number: `e12724`, `a1754`, `cd1186`, `171551`."""
    digits = len(page.lstrip("abcdefghijklmnopqrstuvwxyz"))
    return page[:1] == "e" or page[:2] == "cd" or (page[:1].isalpha() and digits > 3) or digits > 4


def _is_roman(page: str) -> bool:
    """Whether a first page stood in Roman numbers, as `read_pages` writes them."""
    return page[:1] == "r" and page[1:].isdigit() and len(page) < 4


def page_number(page: str) -> int:
    digits = page if page.isdigit() else "".join(filter(str.isdigit, page))
    return int(digits[:LONGEST_NUMBER]) if digits else 0
