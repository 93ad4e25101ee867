"""A search as somebody stated it: in PubMed's syntax or not, one query or numbered lines, with its faults."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from resift.errors import Code, QueryError
from resift.query.faults import MOST_FAULTS, Fault, NoteKind
from resift.query.history import as_lines
from resift.query.lexer import check_length
from resift.query.lines import read_list
from resift.query.nodes import LineRef, leaves
from resift.query.syntax import Query, parse

# A name of a part of the search before its terms (`Population: asthma`, `#1 P: (asthma OR wheeze)`).
_LABEL = re.compile(
    r"^[ \t]*((?:concept|block|facet|population|patients?|participants|interventions?|comparators?|comparison"
    r"|outcomes?|study design)s?[ \t]?\d{0,2}[ \t]?:)[ \t]",
    re.IGNORECASE | re.MULTILINE,
)


_NAMED = re.compile(
    r"[\s(]{0,9}(?:(?:AND|OR|NOT)[\s(]{1,9})?(?P<label>[A-Za-z][A-Za-z /&-]{0,40}?(?: ?\d{1,2})?[ \t]?:)"
    r"(?=\s{0,9}[(\"“]|[ \t][^\n]{0,400}?(?:\[[A-Za-z/ :-]{2,30}\]|\b(?:AND|OR)\b))"
)
_FOUND = re.compile(
    r"[(\[]?\s*(?:n\s*=\s*[\d,. ]{1,12}|[\d,. ]{1,12}\s(?:results?|hits?|records?|citations?|articles?))"
    r"\s*[)\]]\s*\Z",
    re.IGNORECASE,
)
_LINE_BREAK = re.compile(r"\n[ \t]*(?=[^\s])")
_TAIL = 100  # characters in which the end of a query is looked for
_DIVIDED = re.compile(r"[^\W\d_]-[ \t]*\n[ \t]*(?=[a-z])")


def settled(text: str) -> str:
    """The text with numbered lines each on a line of its own, or, a single query, all on one line."""
    lines = as_lines(text.strip())
    try:
        listed = read_list(lines) is not None
    except QueryError:
        listed = True
    if listed:
        return "\n".join(re.sub(r" +", " ", line).strip() for line in lines.splitlines() if line.strip())
    return " ".join(lines.split())


def read_stated(text: str, *, dialect: dt.date | None = None, as_pubmed: bool = False) -> Query:
    """A stated search, read as printed: what PubMed answers in spite of is among `Query.faults`.

    Raises `QueryError` for the syntax of another platform (`Code.QUERY_FOREIGN`) and for lines that only a
    person can combine (`Code.QUERY_LINES`); `as_pubmed` says that the text is meant for PubMed as it stands.
    """
    from resift.query.foreign import foreign  # a table of expressions, which most steps never ask

    check_length(text)
    if not as_pubmed and (other := foreign(text)) is not None:
        raise QueryError(
            str(other),
            code=Code.QUERY_FOREIGN,
            start=other.start,
            end=other.end,
            fix="translate it into PubMed's syntax first",
        )
    query = parse(text, dialect=dialect, as_printed=True)
    divided = tuple(_divided(query.text))
    query = replace(query, faults=(*query.faults, *divided)) if divided else query
    if as_pubmed:
        return query
    if (label := _label(query)) is not None:
        start, end = label
        raise QueryError(
            f"{query.text[start:end]!r} names a part of the search, and PubMed would search it as words",
            code=Code.QUERY_LINES,
            start=start,
            end=end,
            fix="delete it, or number the lines and combine them in a last one",
        )
    if not query.numbered and (found := _FOUND.search(query.text, max(0, len(query.text) - _TAIL))):
        raise QueryError(
            f"{found[0].strip()} looks like the number of records found, and PubMed would search it as words",
            code=Code.QUERY_LINES,
            start=found.start(),
            end=found.end(),
            fix="delete it",
        )
    for note in query.notes:
        if note.kind is NoteKind.LINE_BREAK:
            raise QueryError(
                "nothing but a line break stands between two terms, and PubMed would read AND",
                code=Code.QUERY_LINES,
                start=note.start,
                end=note.end,
                fix="write AND or OR there, or number the lines and combine them in a last one",
            )
    last = query.lines[-1]
    if query.numbered and not any(isinstance(leaf, LineRef) for leaf in leaves(last.root)):
        raise QueryError(
            f"no line combines the others: only line {last.number} would be searched",
            code=Code.QUERY_LINES,
            start=last.start,
            end=last.end,
            fix="add a last line such as #1 AND #2",
        )
    return query


def _label(query: Query) -> tuple[int, int] | None:
    """Where a part of the search is named before its terms, at the beginning of a line."""
    if (known := _LABEL.search(query.text)) is not None:
        return known.span(1)
    starts = [line.start for line in query.lines] if query.numbered else [0]
    if not query.numbered:
        starts += [m.end() for m in _LINE_BREAK.finditer(query.text)]
    for start in starts:
        if (named := _NAMED.match(query.text, start)) is not None:
            return named.span("label")
    return None


def _divided(text: str) -> Iterator[Fault]:
    """Words that a printed page divided at the end of a line: PubMed reads the hyphen as a blank."""
    for found in islice(_DIVIDED.finditer(text), MOST_FAULTS):
        yield Fault(
            Code.QUERY_LINES,
            "a line ends in a hyphen within a word",
            found.start(),
            found.end(),
            "join the word if the page divided it",
            "as two words",
            known=True,
        )
