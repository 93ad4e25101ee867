"""One term of a query: from its words and its tag to a node of the tree, by the rules of the day.

Dates, ranges, PMIDs, distances and wildcards are checked here; `resift.query.reader` finds where a term
begins and ends.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from resift.errors import Code
from resift.query.dates import Span, is_relative, read_date
from resift.query.faults import Faults, Note, NoteKind
from resift.query.fields import ALL, FILTER, JOURNAL, Field, Kind, Tag, UnknownTagError, read_tag
from resift.query.lexer import Token
from resift.query.nodes import Leaf, Node, Proximity, Range
from resift.query.subsets import is_filter_word
from resift.query.text import normalise
from resift.query.wildcard import WILDCARD_ANYWHERE_SINCE

PROXIMITY_SINCE = dt.date(2022, 11, 29)


@dataclass(frozen=True, slots=True)
class TermMaker:
    """Makes the nodes of one line's terms. What is wrong goes to `faults`, what PubMed ignores to `notes`."""

    dialect: dt.date
    faults: Faults
    notes: list[Note]

    def tag(self, token: Token) -> Tag | None:
        """The field of a tag; None (as printed) for one that PubMed drops."""
        try:
            tag = read_tag(token.text)
        except UnknownTagError as unknown:
            self.faults.add(
                unknown.what,
                code=unknown.code,
                start=token.start,
                end=token.end,
                fix=unknown.fix,
                reading="without the tag: the term is mapped as an untagged one",
                known=True,
            )
            return None
        if tag.distance is not None and self.dialect < PROXIMITY_SINCE:
            self.faults.add(
                f"PubMed had no proximity search before {PROXIMITY_SINCE}",
                code=Code.QUERY_PROXIMITY,
                start=token.start,
                end=token.end,
                fix="write a phrase or AND, or set a later dialect",
                reading="as a proximity search, as today",
            )
        return tag

    def leaf(
        self, text: str, start: int, end: int, quoted: bool, curly: bool, tag: Tag | None
    ) -> Node | None:
        """A term as it is searched; None for one that PubMed ignores."""
        target = tag.field if tag else ALL
        if target.kind in (Kind.DATE, Kind.NUMBER):
            if ":" in text:
                low, _, high = (part.strip() for part in text.partition(":"))
                return self.range(low, high, target, start, end)
            if target.kind is Kind.DATE and not is_relative(text):
                self._date(text, start, end)
            if target.kind is Kind.NUMBER and not re.fullmatch(r"[\d,; ]+", text):
                self.faults.add(
                    f"{text!r} is not a PMID",
                    code=Code.QUERY_NUMBER,
                    start=start,
                    end=end,
                    fix="a PMID is a number",
                    reading="as a PMID that no record has",
                )
        if not normalise(text):  # a lone dash or slash: PubMed ignores it, and any tag on it
            self.notes.append(Note(NoteKind.IGNORED, start, end))
            return None
        self._check_wildcards(text, start, end)
        if tag and tag.distance is not None:
            if "*" not in text and quoted:
                return Proximity(text, tag.distance, target, start, end)
            why, fix = (
                ("proximity search takes no truncation", "write out the word forms")
                if "*" in text
                else ("proximity search needs quotation marks", f'write "{text}"')
            )
            self.faults.add(
                f"{why}; PubMed would drop the distance silently",
                code=Code.QUERY_PROXIMITY,
                start=start,
                end=end,
                fix=fix,
                reading="without the tag: the term is mapped as an untagged one",
                known=True,
            )
            return Leaf(text, ALL, quoted, tagged=False, start=start, end=end)
        if target is ALL and is_filter_word(text):
            return Leaf(text, FILTER, tagged=tag is not None, start=start, end=end)
        return Leaf(text, target, quoted, not (tag and tag.noexp), tag is not None, curly, start, end)

    def range(self, low: str, high: str, target: Field, start: int, end: int) -> Node:
        """A range of dates or PMIDs, or what is searched in place of one that cannot be."""
        if target.kind is Kind.DATE:
            first, last = self._date(low, start, end), self._date(high, start, end)
            if first is None or last is None:
                return Leaf(f"{low}:{high}", target, start=start, end=end)
            if first.first > last.last:
                self.faults.add(
                    f"the range ends before it begins ({low} is later than {high})",
                    code=Code.QUERY_RANGE,
                    start=start,
                    end=end,
                    fix="swap the two dates",
                    reading="as a range that holds no day",
                )
        elif not (low.isdecimal() and high.isdecimal()):
            self.faults.add(
                "a range of PMIDs needs two numbers",
                code=Code.QUERY_NUMBER,
                start=start,
                end=end,
                fix="1:100[pmid]",
                reading="as words in all fields",
            )
            return Leaf(f"{low} {high}", ALL, tagged=False, start=start, end=end)
        return Range(low, high, target, start, end)

    def _date(self, text: str, start: int, end: int) -> Span | None:
        try:
            return read_date(text)
        except ValueError as error:
            self.faults.add(
                str(error),
                code=Code.QUERY_DATE,
                start=start,
                end=end,
                fix="for instance 1995/01/01",
                reading="as a date that cannot be decided",
            )
            return None

    def _check_wildcards(self, text: str, start: int, end: int) -> None:
        if self.dialect < WILDCARD_ANYWHERE_SINCE and "*" in text.rstrip("* "):
            self.faults.add(
                "before June 2024 PubMed read * only at the end of a term or phrase",
                code=Code.QUERY_WILDCARD,
                start=start,
                end=end,
                fix="write out the word forms, or set a later dialect",
                reading="as today",
            )


def joined_parts(leaf: Leaf) -> list[str]:
    """The names on both sides of each lower-case `and` of a heading, a type or a journal; [] without one."""
    if leaf.field.kind is not Kind.MESH and leaf.field is not JOURNAL:
        return []
    parts = re.split(r"\s+and\s+", leaf.text)
    return parts if len(parts) > 1 and all(parts) else []
