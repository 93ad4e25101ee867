"""What pages leave among the lines of a list: columns side by side, headers, footers, page numbers.

Nothing that could be part of a reference is taken for such a line because of its words alone: a line that
comes back on page after page does so at the edge of a page, or with a number that goes up.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_PLAIN = {
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000"), " "),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x0b"), None),
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
    0x2028: "\n", 0x2029: "\n",
}  # fmt: skip
_KNOWN = re.compile(
    r"(?i)\s*(?:(?:page|seite|p\.)\s*\d{1,4}(?:\s*(?:of|/|von)\s*\d{1,4})?|\d{1,4}\s*(?:of|/)\s*\d{1,4}"
    r"|[-–—]\s?\d{1,4}\s?[-–—]|downloaded (?:from|by|on)\b.*|(?:©|\(c\)|copyright\b).*"
    r"|.*\ball rights reserved\.?|(?:nih-pa )?author manuscript(?:\s+(?:nih-pa )?author manuscript)*"
    r"|.*\bavailable in PMC (?:19|20)\d\d\b.*|hhs public access|europe pmc funders .*"
    r"|(?:for personal use only|this article is protected by copyright|view publication stats"
    r"|see discussions, stats)\b.*)\s*"
)
_HEADING = re.compile(
    r"(?i)\s*(?:\d{1,2}\.?\s+)?(?:references?|bibliography|literature(?: cited)?|reference list|works cited"
    r"|list of references|literatur(?:verzeichnis)?|références|bibliographie|bibliografía|referencias"
    r"|bibliografia|riferimenti)(?:\s*\(?cont(?:inued|'?d|\.)?\.?\)?)?\s*:?\s*"
)
_ALONE = re.compile(r"\s*\d{1,4}\s*")
_AT_EDGE = re.compile(
    r"^\s*(?P<front>\d{1,4})(?:\s{2,}|\s*\|\s*|\s+(?=\D))|(?:\s{2,}|\s*\|\s*|\s+)(?P<back>\d{1,4})\s*$"
)
_APART = re.compile(r"^\s*\d{1,4}\s+\D|(?:\s{2,}|\|\s*)\d{1,4}\s*$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_HEAD = 70  # characters of a running head that has a year in it
_LEAST_COLUMN = 20  # characters; less than this beside a gap is a list number


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not empty. `gap`: an empty line stood before it; `page`: a page began before it."""

    n: int
    text: str
    gap: bool
    page: bool

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())


@dataclass(frozen=True, slots=True)
class Cleared:
    """The lines of a list, and those left out as no part of it: (line, text)."""

    lines: tuple[Line, ...]
    dropped: tuple[tuple[int, str], ...]


def clear(text: str) -> Cleared:
    """The lines of a list without remarks (`#`), headings, and what pages leave among them."""
    lines = _lines(text)
    known = (_KNOWN, _HEADING)
    away = {at for at, line in enumerate(lines) if any(form.fullmatch(line.text) for form in known)}
    away |= _repeated(lines, away)
    away |= _repeated(lines, away)  # beside those found first
    away |= _page_numbers(lines, away)
    kept: list[Line] = []
    gap = page = False
    for at, line in enumerate(lines):
        gap, page = gap or line.gap, page or line.page or at in away
        if at not in away:
            kept.append(replace(line, gap=gap, page=page))
            gap = page = False
    dropped = tuple((lines[at].n, lines[at].text.strip()) for at in sorted(away))
    return Cleared(tuple(kept), dropped)


def _lines(text: str) -> list[Line]:
    found: list[Line] = []
    n, gap, page = 1, False, False
    for number, sheet in enumerate(text.translate(_PLAIN).split("\f")):
        rows = [(n + at, row.expandtabs(8).rstrip()) for at, row in enumerate(sheet.split("\n"))]
        n, page = rows[-1][0], page or number > 0
        for row, line in _beside(rows):
            if not line.strip():
                gap = True
            elif not line.lstrip().startswith("#"):
                found.append(Line(row, line, gap, page))
                gap = page = False
    return found


def _beside(rows: Sequence[tuple[int, str]]) -> Iterable[tuple[int, str]]:
    """The rows of a page; of two columns side by side, the left one before the right one."""
    starts: dict[int, int] = defaultdict(int)
    for _, line in rows:
        for gap in re.finditer(r"(?<=\S) {2,}(?=\S)", line):
            starts[gap.end()] += 1
    filled = [line for _, line in rows if line.strip()]
    for start in sorted(starts, key=lambda place: (-starts[place], place)):
        # Lines that are indented in the right column begin a little behind its edge.
        long = [line for line in filled if len(line) > start]
        divided = [line for line in long if line[start - 2 : start] == "  "]
        crossing = {line for line in long if line[start - 1 : start + 1].strip()} - set(divided)
        left = [line[:start].strip() for line in divided if line[:start].strip()]
        if len(left) < 4 or sum(map(len, left)) / len(left) < _LEAST_COLUMN:
            continue
        if len(divided) >= 4 and len(crossing) * 5 <= len(divided):
            whole = [(n, line) for n, line in rows if line in crossing]
            one = [(n, line[:start].rstrip()) for n, line in rows if line not in crossing]
            two = [(n, line[start:]) for n, line in rows if line not in crossing]
            # Before the first empty line of the right column nothing is known of it.
            return [*whole, *_closed(one), *_closed(two)]
    return rows


def _closed(rows: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """A column without the empty lines at its ends: an entry may go on in the next one."""
    while rows and not rows[-1][1].strip():
        rows.pop()
    while rows and not rows[0][1].strip():
        rows.pop(0)
    return rows


def _repeated(lines: Sequence[Line], away: set[int]) -> set[int]:
    """Lines that come back, but for a page number: each time at the edge of a page, or numbered upwards."""
    same: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
    for at, line in enumerate(lines):
        if _YEAR.search(line.text) and len(line.text) > _LONGEST_HEAD:
            continue  # a reference, given twice
        edge = _AT_EDGE.search(line.text)
        number = int(edge.group("front") or edge.group("back")) if edge else None
        bare = " ".join((_AT_EDGE.sub("", line.text, count=1) if edge else line.text).split()).lower()
        if len(bare) > 2:
            same[bare].append((at, number))
    found: set[int] = set()
    for places in same.values():
        if len(places) < 2 or any(b - a < 3 for (a, _), (b, _) in itertools.pairwise(places)):
            continue
        numbers = [number for _, number in places if number is not None]
        rising = len(numbers) == len(places) and all(0 < b - a <= 4 for a, b in itertools.pairwise(numbers))
        # Two lines may end in `J Tests 27` and `J Tests 28`: a number apart, or in front, is a page's.
        rising = rising and (len(places) > 2 or all(_APART.search(lines[at].text) for at, _ in places))
        at_edge = all(_edge_of_page(lines, at, away) for at, _ in places)
        if at_edge or rising:
            found |= {at for at, _ in places}
    return found


def _edge_of_page(lines: Sequence[Line], at: int, away: set[int]) -> bool:
    """Whether a page ends or begins beside a line: a form feed, a page number, or empty lines around it."""
    if at == 0:
        return True
    near = [other for other in (at - 1, at + 1) if 0 <= other < len(lines)]
    if lines[at].page or (at + 1 < len(lines) and lines[at + 1].page) or at + 1 == len(lines):
        return True
    if any(other in away or _ALONE.fullmatch(lines[other].text) for other in near):
        return True
    return lines[at].gap and lines[at + 1].gap


def _page_numbers(lines: Sequence[Line], away: set[int]) -> set[int]:
    """Numbers alone on a line, unless they number the entries or end a reference that broke before them."""
    alone = [at for at, line in enumerate(lines) if at not in away and _ALONE.fullmatch(line.text)]
    numbers = [int(lines[at].text) for at in alone]
    found: set[int] = set()
    for place, at in enumerate(alone):
        number = numbers[place]
        follows = place > 0 and numbers[place - 1] + 1 == number
        leads = place + 1 < len(alone) and numbers[place + 1] == number + 1
        # A column of list numbers, copied before the entries that it numbers.
        if (follows and alone[place - 1] == at - 1) or (leads and alone[place + 1] == at + 1):
            found.add(at)
            continue
        numbering = [n for n in numbers if n <= number]
        if (follows or leads) and numbering[:1] == [1] and len(numbering) == number:
            continue  # each on the line before its entry: 1, 2, 3
        before = next((lines[b].text.rstrip() for b in range(at - 1, -1, -1) if b not in away), "")
        whole = not before or before.endswith((".", ")", "]")) or before[-1].isdigit()
        if whole or _edge_of_page(lines, at, away):
            found.add(at)
    return found
