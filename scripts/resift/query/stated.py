"""A search as somebody stated it: in PubMed's syntax or not, one query or numbered lines, with its faults."""

from __future__ import annotations

import datetime as dt
import re

from resift.errors import Code, QueryError
from resift.query.foreign import foreign
from resift.query.history import as_lines
from resift.query.lexer import check_length
from resift.query.lines import read_list
from resift.query.nodes import LineRef, leaves
from resift.query.reader import NoteKind
from resift.query.syntax import Query, parse

_LABEL = re.compile(
    r"^[ \t]*((?:concept|block|facet|population|patients?|participants|interventions?|comparators?|comparison"
    r"|outcomes?|study design)s?[ \t]?\d{0,2}[ \t]?:)[ \t]",
    re.IGNORECASE | re.MULTILINE,
)


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
    check_length(text)
    if not as_pubmed and (found := foreign(text)) is not None:
        raise QueryError(
            str(found),
            code=Code.QUERY_FOREIGN,
            start=found.start,
            end=found.end,
            fix="translate it into PubMed's syntax first",
        )
    query = parse(text, dialect=dialect, as_printed=True)
    if as_pubmed:
        return query
    if (label := _LABEL.search(text)) is not None:
        raise QueryError(
            f"{label[1]!r} names a part of the search, and PubMed would search it as words",
            code=Code.QUERY_LINES,
            start=label.start(1),
            end=label.end(1),
            fix="delete it, or number the lines and combine them in a last one",
        )
    for note in query.notes:
        if note.kind is NoteKind.LINE_BREAK and not query.numbered:
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
