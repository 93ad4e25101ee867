"""Strategies printed as numbered lines: telling the lines apart, and putting them together again.

Journals and PubMed's own history number lines in many ways (`#1 ...`, `1. ...`, `1 ...`, `S1 ...`, newest
first), print how many records each line found behind it, and combine lines by their numbers. The text of a
line stays where it stands in what was given; only tables (a history downloaded as CSV, a table of an
article) are first written as plain lines by `as_lines`.

What cannot be told from one single query raises a question (`Code.QUERY_LINES`) instead of becoming an AND.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from resift.errors import Code, QueryError
from resift.query.lexer import LONGEST


class Mark(StrEnum):
    """What stands before the number of a line, and so before a reference to it."""

    HASH = "#"
    S = "S"
    NONE = ""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line: its number, where its text stands, and how many records it found when it was printed."""

    number: int
    start: int
    end: int
    found: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The lines of a list by ascending number; `mark` is how references are written."""

    lines: tuple[PrintedLine, ...]
    mark: Mark = Mark.HASH


_LABEL = re.compile(
    r"""[ \t>*]*(?:(?:search|line|set|step|query|no\.?)[ \t]*(?=[#\d]))?
    (?:(?P<hash>\#)[ \t]?(?P<a>\d{1,4})[.):]*|(?P<s>S)(?P<b>\d{1,4})[.):]*
    |\(?(?P<c>\d{1,4})[.):]+|(?P<d>\d{1,4}))
    (?:[ \t]+|(?=["“(]))(?!(?:AND|OR|NOT)\b)(?=\S)""",
    re.VERBOSE | re.IGNORECASE,
)
_COMBINES = re.compile(r"[ \t]*+\(*+[ \t]*+(?:#|S)?\d{1,4}[ \t)]+(?:AND|OR|NOT)\b", re.IGNORECASE)
_OPEN_END = re.compile(r"(?:\b(?:AND|OR|NOT)|[(\[,&|:-])\s*\Z", re.IGNORECASE)
_OPERATOR_END = re.compile(r"\b(?:AND|OR|NOT)[\s(]*\Z", re.IGNORECASE)
_HEADING = re.compile(
    r"(?:pubmed|medline|database|search(?:es| strategy| terms?| number)?|query|line|set|no\.?|#|date)\b"
    r"[^\[\]\"]{0,120}\Z",
    re.IGNORECASE,
)
_NUMBER = r"(\d{1,3}(?:[ ,.'’]\d{3})+|\d{1,9})"
_WORD = r"(?:results?|hits?|records?|citations?|articles?|items?(?: found)?|references?|publications?)"
_TIME = re.compile(r"[ \t|]*\b\d{1,2}:\d{2}(?::\d{2})?\s*\Z")
_SURE_COUNT = re.compile(
    rf"(?:[ \t]*[\t|][ \t|]*|[ ]{{2,}}){_NUMBER}\s*{_WORD}?\s*\Z"
    rf"|[ \t]*[(\[]\s*(?:n\s*=\s*)?{_NUMBER}\s*{_WORD}?\s*[)\]]\s*\Z"
    rf"|[ \t]*(?:[-–—=→:;,]|n\s*=)+\s*{_NUMBER}\s*{_WORD}?\s*\Z"
    rf"|[ \t]+{_NUMBER}\s*{_WORD}\s*\Z"
    rf"|[ \t,;(\[]+(?:number of )?{_WORD}\s*[:=]\s*{_NUMBER}[)\]]?\s*\Z",
    re.IGNORECASE,
)
_LIKELY_COUNT = re.compile(rf"[ \t]+{_NUMBER}\s*\Z")
_REFERENCES_ONLY = re.compile(r"[\s()]*+(?:\d{1,3}\b|AND|OR|NOT|[\s()])++\Z", re.IGNORECASE)
_ON_ONE_LINE = re.compile(r"\s*(?>#?1[.):]?\s+\S.*?\s#?2[.):]?\s+\S)(?>.*?\s#?3[.):]?\s)", re.DOTALL)
_TAIL = 100  # characters in which the end of a line is looked for: an operator, a time, a count


def read_list(text: str) -> Listing | None:
    """The lines of a numbered list, None when the text is a single query.

    Raises `QueryError` when a list is plainly meant but its lines cannot be told.
    """
    found = _labelled(text)
    if found is None:
        _ask(text)
        return None
    labels, mark, bare = found
    lines = _with_counts(text, labels, bare=bare)
    return Listing(tuple(sorted(lines, key=lambda line: line.number)), mark)


def _labelled(text: str) -> tuple[list[PrintedLine], Mark, bool] | None:
    lines: list[PrintedLine] = []
    mark, bare, step, pos, heading = Mark.NONE, True, 0, 0, ""
    for raw in text.splitlines(keepends=True):
        start, pos = pos, pos + len(raw)
        body = raw.rstrip()
        if not body.strip():
            continue
        end = start + len(body)
        match = _LABEL.match(raw)
        number = int(match["a"] or match["b"] or match["c"] or match["d"]) if match else 0
        if match and not lines:
            mark = Mark.HASH if match["hash"] else Mark.S if match["s"] else Mark.NONE
            bare = match["d"] is not None
            lines.append(PrintedLine(number, start + match.end(), end))
        elif match and _same_kind(match, mark, bare) and _follows(number, lines[-1].number, step, bare):
            step = step or (1 if number > lines[-1].number else -1)
            lines.append(PrintedLine(number, start + match.end(), end))
        elif not lines:
            if not _HEADING.match(body.strip()):
                return None
            heading = heading or body.strip()
        elif (
            step >= 0
            and len(lines) > 1
            and _COMBINES.match(raw)
            and not _OPEN_END.search(_tail(text, lines[-1]))
        ):  # the last line of a list often has no number of its own
            lines.append(PrintedLine(lines[-1].number + 1, start + len(raw) - len(raw.lstrip()), end))
        else:  # a line of the list that was wrapped
            lines[-1] = replace(lines[-1], end=end)
    if len(lines) < 2 or (bare and min(line.number for line in lines) != 1):
        return None
    return lines, mark, bare


def _same_kind(match: re.Match[str], mark: Mark, bare: bool) -> bool:
    if mark is Mark.HASH:
        return match["hash"] is not None
    if mark is Mark.S:
        return match["s"] is not None
    return match["d"] is not None if bare else match["c"] is not None


def _follows(number: int, last: int, step: int, bare: bool) -> bool:
    """Whether a number continues the list: one further where it stands bare, else any later one."""
    if bare:
        return number - last == step if step else abs(number - last) == 1
    return (number - last) * step > 0 if step else number != last


def _with_counts(text: str, lines: list[PrintedLine], *, bare: bool) -> list[PrintedLine]:
    """The lines without what was printed behind them: a time, the number of records found."""
    out = []
    likely = sum(1 for line in lines if _LIKELY_COUNT.search(_tail(text, line)))
    for line in lines:
        body = _tail(text, line)
        at = line.end - len(body)
        if time := _TIME.search(body):
            body = body[: time.start()]
        match = _SURE_COUNT.search(body)
        if match is not None and _OPERATOR_END.search(body[: match.start()]):
            match = None  # `(1) AND (2)`: a line, not a count
        if match is None and likely == len(lines):
            match = _LIKELY_COUNT.search(body)
        if (
            match is None
            and (late := _LIKELY_COUNT.search(body))
            and re.search(r"[\])\"”]\Z", body[: late.start()])
        ):
            raise QueryError(
                f"is {late[1]} at the end of line {line.number} the number of records found, or a term?",
                code=Code.QUERY_LINES,
                start=at + late.start(1),
                end=at + late.end(1),
                fix="write the number in brackets, (123), or delete it; to search it, write AND before it",
            )
        found = None
        if match is not None and text[line.start : at + match.start()].strip():
            found = int(re.sub(r"\D", "", next(part for part in match.groups() if part)))
            body = body[: match.start()]
        end = line.start + len(text[line.start : at + len(body)].rstrip())
        out.append(replace(line, end=end, found=found))
    return out


def _tail(text: str, line: PrintedLine) -> str:
    return text[max(line.start, line.end - _TAIL) : line.end]


def _ask(text: str) -> None:
    """Questions about a text that is no list of lines but may have been one."""
    stripped = text.strip()
    if re.search(r"[A-Za-z]", stripped) and _REFERENCES_ONLY.match(stripped) and "#" not in stripped:
        raise QueryError(
            "these are line numbers without their lines, or words that are numbers",
            code=Code.QUERY_LINES,
            start=0,
            end=len(text),
            fix="give the numbered lines too, or tag the numbers ([pmid], [tiab])",
        )
    if match := _ON_ONE_LINE.match(text):
        last = text[match.end() :]
        if re.search(r"(?:#|\b)1\b[\s)]*(?:AND|OR|NOT)[\s(]*#?2\b", last, re.I) or re.match(
            r"\s*#?1[.)]\s", text
        ):
            raise QueryError(
                "this looks like a list of numbered lines written on one line",
                code=Code.QUERY_LINES,
                start=0,
                end=len(text),
                fix="begin a new line at each number (in YAML: `query: |`)",
            )


def expansions(
    texts: Mapping[int, str], references: Mapping[int, list[tuple[int, int, int]]]
) -> dict[int, str]:
    """Each line with the lines it refers to put in, in brackets.

    `texts` are the lines by number, `references` the (start, end, number) of each reference within a line.
    Raises `QueryError` when the whole grows beyond `LONGEST`: a list that doubles itself line by line would
    grow without end.
    """
    done: dict[int, str] = {}
    for number in sorted(texts):
        pieces, at = [], 0
        for start, end, wanted in sorted(references.get(number, ())):
            pieces += [texts[number][at:start], "(", done[wanted], ")"]
            at = end
        pieces.append(texts[number][at:])
        if sum(map(len, pieces)) > LONGEST:
            raise QueryError(
                f"line {number} with its lines put in has more than {LONGEST:,} characters",
                code=Code.QUERY_LENGTH,
                start=0,
                end=0,
                fix="do not combine a line with itself again and again",
            )
        done[number] = " ".join("".join(pieces).split())
    return done
