"""Strategies printed as numbered lines: telling the lines apart, and putting them together again.

Journals and PubMed's own history number lines in many ways (`#1 ...`, `1. ...`, `1 ...`, `S1 ...`, newest
first), print how many records each line found behind it, and combine lines by their numbers. The text of a
line stays where it stands in what was given; only tables (a history downloaded as CSV, a table of an
article) are first written as plain lines by `as_lines`.

What cannot be told from one single query raises a question (`Code.QUERY_LINES`) instead of becoming an AND.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum

from resift.errors import Code, QueryError
from resift.query.lexer import LONGEST, Token, TokenKind


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


_NAMED = r"(?:search(?:es)?|lines?|sets?|steps?|quer(?:y|ies)|no\.?)"  # what a line may be called
_LABEL = re.compile(
    rf"""[ \t>*]*(?:{_NAMED}[ \t]*(?=[#\d]))?
    (?:(?P<hash>\#)[ \t]?(?P<a>\d{{1,4}})[.):]*|(?P<s>S)(?P<b>\d{{1,4}})[.):]*
    |\(?(?P<c>\d{{1,4}})(?:[.):]+|[ \t]?[-–—]+(?=[ \t]))|(?P<d>\d{{1,4}}))
    (?:[ \t]+(?:[-–—:=][ \t]+)?(?!(?:AND|OR|NOT)\b(?!/))(?=\S)|(?=["“(])|[ \t]*$)""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_COMBINES = re.compile(
    r"[ \t]*+(?:#?(?:final|combin|total|result|all|together)[a-z ]{0,30}:[ \t]*)?+(?P<text>)\(*+[ \t]*+"
    r"(?:#|S)?\d{1,4}[ \t)]+(?:AND|OR|NOT)\b",
    re.IGNORECASE,
)
_OPEN_END = re.compile(r"(?:\b(?:AND|OR|NOT)|[(\[,&|:-])\s*\Z", re.IGNORECASE)
_OPERATOR_END = re.compile(r"\b(?:AND|OR|NOT)[\s(]*\Z", re.IGNORECASE)
_HEADING = re.compile(
    r"(?:(?:pubmed|medline|database|search(?:es| strategy| terms?| number)?|query|line|set|no\.?|#|date"
    r"|recent)\b[^\[\]\"]{0,120}"
    r"|(?:(?:supplement|appendix|table|annex|box|file|additional|e?figure|web)\b)[^\[\]\"]{0,160}"
    r"|[^\[\]\"*]{0,80}\b(?:pubmed|medline|search (?:strategy|terms|string|history))\b[^\[\]\"*]{0,80})\Z",
    re.IGNORECASE,
)
_NUMBER = r"(\d{1,3}(?:[ ,.'’]\d{3})+|\d{1,9})"
_WORD = r"(?:results?|hits?|records?|citations?|articles?|items?(?: found)?|references?|publications?)"
_TIME = re.compile(r"[ \t|]*\b\d{1,2}:\d{2}(?::\d{2})?\s*\Z")
_COUNT = re.compile(
    rf"(?:[ \t]*[\t|][ \t|]*|[ ]{{2,}}){_NUMBER}\s*{_WORD}?\s*\Z"
    rf"|[ \t]*[(\[]\s*(?:n\s*=\s*)?{_NUMBER}\s*{_WORD}?\s*[)\]]\s*\Z"
    rf"|[ \t]*(?:(?<=[\s\])\"”*])[-–—=→:;,]+\s*|[:;,]\s+|(?<!\w)n\s*=\s*){_NUMBER}\s*{_WORD}?\s*\Z"
    rf"|[ \t]+{_NUMBER}\s*{_WORD}\s*\Z"
    rf"|[ \t,;(\[]+(?:number of )?{_WORD}\s*[:=]\s*{_NUMBER}[)\]]?\s*\Z",
    re.IGNORECASE,
)
_LATE_NUMBER = re.compile(rf"\s+{_NUMBER}\s*\Z")
_CLOSED = re.compile(r"[\])\"”*]\s*\Z")
_LIKELY_COUNT = 100  # a smaller number behind a word may belong to it
_REFERENCES_ONLY = re.compile(r"[\s()]*+(?:\d{1,3}\b|AND|OR|NOT|[\s()])++\Z", re.IGNORECASE)
_ON_ONE_LINE = re.compile(r"\s*(?>#?\(?1[.):]*\s+\S.*?\s#?\(?2[.):]*\s+\S)(?>.*?\s#?\(?3[.):]*\s)", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_CALLED = re.compile(_NAMED, re.IGNORECASE)
_SEVERAL = re.compile(
    r"(?:(?:AND|OR|NOT)/)?[#S]?\d{1,4}(?:[-–,/][#S]?\d{1,4})*[,;]?(?:/(?:AND|OR|NOT))?|[-–,]", re.IGNORECASE
)
_OPERATORS = ("AND", "OR", "NOT")
_NAMING = (TokenKind.WORD, TokenKind.TAG, TokenKind.REFERENCE)
_TAIL = 100  # characters in which the end of a line is looked for: an operator, a time, a count


def read_list(text: str) -> Listing | None:
    """The lines of a numbered list, None when the text is a single query.

    Raises `QueryError` when a list is plainly meant but its lines cannot be told.
    """
    found = _labelled(text)
    if found is None:
        _ask(text)
        return None
    labels, mark = found
    lines = _with_counts(text, labels)
    return Listing(tuple(sorted(lines, key=lambda line: line.number)), mark)


def _labelled(text: str) -> tuple[list[PrintedLine], Mark] | None:
    lines: list[PrintedLine] = []
    mark, bare, step, pos = Mark.NONE, True, 0, 0
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
        elif (
            step >= 0
            and len(lines) > 1
            and (combines := _COMBINES.match(raw))
            and text[lines[-1].start : lines[-1].end].strip()
            and not _OPEN_END.search(_tail(text, lines[-1]))
        ):  # the last line of a list often has no number of its own
            first = raw[combines.start("text") :]
            at = start + combines.start("text") + len(first) - len(first.lstrip())
            lines.append(PrintedLine(lines[-1].number + 1, at, end))
        else:  # a line of the list that was wrapped, or that stands below its number
            begun = lines[-1].start < lines[-1].end
            at = lines[-1].start if begun else start + len(raw) - len(raw.lstrip())
            lines[-1] = replace(lines[-1], start=at, end=end)
    if len(lines) < 2 or (bare and min(line.number for line in lines) != 1):
        return None
    return lines, mark


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


def references(tokens: Sequence[Token], known: AbstractSet[int], mark: Mark) -> list[Token]:
    """The tokens of a line with the names of other lines as references, where it holds nothing else.

    `line 1 AND line 2`, `lines 1 AND 2` and `[1] AND [2]` are `#1 AND #2`. Raises `QueryError` for ways to
    name several lines at once (`1-4/OR`, `lines 1, 2 AND 3`), which would be searched as words.
    """
    found: list[Token] = []
    odd: Token | None = None
    for token in tokens:
        number = token.text.strip().removeprefix("#")
        if mark is Mark.S:
            number = number.upper().removeprefix("S")
        if token.kind in (TokenKind.OPEN, TokenKind.CLOSE, TokenKind.OPERATOR):
            found.append(token)
        elif token.kind is TokenKind.WORD and token.text.upper() in _OPERATORS:  # a tag's, before [1]
            found.append(token._replace(kind=TokenKind.OPERATOR, text=token.text.upper()))
        elif token.kind is TokenKind.WORD and _CALLED.fullmatch(token.text):
            odd = odd or token
            found.append(token)
        elif token.kind in _NAMING and number.isdecimal() and int(number) in known:
            called = found and _CALLED.fullmatch(found[-1].text)
            start = found.pop().start if called else token.start
            found.append(Token(TokenKind.REFERENCE, number, start, token.end))
        elif token.kind is TokenKind.WORD and _SEVERAL.fullmatch(token.text):
            if not all(int(digits) in known for digits in re.findall(r"\d+", token.text)):
                return list(tokens)
            odd = token
            found.append(token)
        else:
            return list(tokens)
    if all(token.kind is not TokenKind.WORD for token in found):
        return found
    if odd is not None and any(char.isdecimal() for token in found for char in token.text):
        raise QueryError(
            f"{odd.text!r} does not name one line",
            code=Code.QUERY_REFERENCE,
            start=odd.start,
            end=odd.end,
            fix="write #1 OR #2 OR #3, with blanks",
        )
    return list(tokens)


def _with_counts(text: str, lines: list[PrintedLine]) -> list[PrintedLine]:
    """The lines without what was printed behind them: a time, the number of records found.

    A number is taken for a count where its form says so, or where every line ends in one.
    """
    ends = [_End.read(_tail(text, line)) for line in lines]
    all_counted = all(end.count or end.number for end in ends)
    out = []
    for line, end in zip(lines, ends, strict=True):
        match = end.count if end.count and (all_counted or end.sure) else None
        if match is None and (all_counted or end.timed):
            match = end.number
        at = line.end - end.length
        if match is None and (doubtful := end.doubtful) is not None:
            raise QueryError(
                f"is {_digits(doubtful)} at the end of line {line.number} the number of records found,"
                " or a term?",
                code=Code.QUERY_LINES,
                start=at + doubtful.start() + len(doubtful[0]) - len(doubtful[0].lstrip()),
                end=at + doubtful.end(),
                fix="write the number as (n = 123) or delete it; to search it, write AND before it",
            )
        found, body = None, end.body
        if match is not None and text[line.start : at + match.start()].strip():
            found = int(re.sub(r"\D", "", _digits(match)))
            body = body[: match.start()]
        stop = line.start + len(text[line.start : at + len(body)].rstrip())
        out.append(replace(line, end=stop, found=found))
    return out


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a line as printed: what looks like a count (`count`), or is a mere number (`number`)."""

    body: str
    length: int
    timed: bool
    count: re.Match[str] | None
    number: re.Match[str] | None

    @classmethod
    def read(cls, tail: str) -> _End:
        """The end of a line: a time is no part of its text; `(1) AND (2)` ends in a line, not in a count."""
        time = _TIME.search(tail)
        body = tail[: time.start()] if time else tail
        found = [_COUNT.search(body), _LATE_NUMBER.search(body)]
        count, number = (m if m and not _OPERATOR_END.search(body[: m.start()]) else None for m in found)
        return cls(body, len(tail), time is not None, count, number)

    @property
    def sure(self) -> bool:
        """Whether what looks like a count cannot be a term: `COVID - 19` and `vitamin B (12)` can."""
        if self.count is None:
            return False
        before = self.body[: self.count.start()].rstrip()
        if before[-1:].isdigit() and re.match(r"\s*[-–—:,]", self.count[0]):
            return False
        if re.search(r"[\t|a-z]", self.count[0], re.IGNORECASE) or _CLOSED.search(before):
            return True
        return int(re.sub(r"\D", "", _digits(self.count))) >= _LIKELY_COUNT

    @property
    def doubtful(self) -> re.Match[str] | None:
        """What may be a count or a term."""
        if self.count is not None:
            glued = re.match(r"[(\[]", self.count[0]) and re.search(r"\w\Z", self.body[: self.count.start()])
            return None if glued else self.count  # `vitamin B(12)` is a term
        if self.number is not None and (
            "\n" in self.number[0] or _CLOSED.search(self.body[: self.number.start()])
        ):
            return self.number
        return None


def _digits(match: re.Match[str]) -> str:
    return next(part for part in match.groups() if part and part[-1].isdigit())


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
            pieces += [_BLANKS.sub(" ", texts[number][at:start]), "(", done[wanted], ")"]
            at = end
        pieces.append(_BLANKS.sub(" ", texts[number][at:]))
        if sum(map(len, pieces)) > LONGEST:
            raise QueryError(
                f"line {number} with its lines put in has more than {LONGEST:,} characters",
                code=Code.QUERY_LENGTH,
                start=0,
                end=0,
                fix="do not combine a line with itself again and again",
            )
        done[number] = "".join(pieces).strip()
    return done
