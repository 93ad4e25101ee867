"""Lint a query: what PubMed would read differently, what a peer reviewer would ask about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from resift.errors import Code, QueryError
from resift.query import findings as rule
from resift.query.faults import NoteKind
from resift.query.findings import Finding, Press, Rule, Severity
from resift.query.foreign import foreign
from resift.query.history import as_lines
from resift.query.lint_characters import character_findings
from resift.query.lint_headings import headings_findings
from resift.query.lint_limits import date_findings, limit_findings
from resift.query.lint_structure import structure_findings
from resift.query.lint_terms import term_findings
from resift.query.mesh import MeshTree
from resift.query.nodes import Not
from resift.query.syntax import Query, parse

if TYPE_CHECKING:
    from resift.query.table import QueryTable

__all__ = ["Finding", "Press", "Severity", "lint"]

# Which finding a query that cannot be read leaves: by the code of the error, never by its words.
ERRORS: Mapping[Code, Rule] = {
    Code.QUERY_EMPTY: rule.SEQUENCE,
    Code.QUERY_LENGTH: rule.TOO_LONG,
    Code.QUERY_OPERATOR: rule.SEQUENCE,
    Code.QUERY_LONE_TAG: rule.SEQUENCE,
    Code.QUERY_QUOTATION_MARK: rule.QUOTES,
    Code.QUERY_BRACKET: rule.BRACKETS,
    Code.QUERY_REFERENCE: rule.REFERENCE,
    Code.QUERY_CONTROL_CHARACTER: rule.INVISIBLE,
    Code.QUERY_TAG: rule.UNKNOWN_TAG,
    Code.QUERY_PROXIMITY: rule.PROXIMITY,
    Code.QUERY_WILDCARD: rule.WILDCARD_TOO_NEW,
    Code.QUERY_DATE: rule.DATE_FORMAT,
    Code.QUERY_RANGE: rule.DATE_FORMAT,
    Code.QUERY_NUMBER: rule.NOT_A_NUMBER,
    Code.QUERY_LINES: rule.LINES,
    Code.QUERY_FOREIGN: rule.FOREIGN,
}


def lint(
    text: str,
    *,
    dialect: dt.date | None = None,
    mesh: MeshTree | None = None,
    known_items: QueryTable | None = None,
) -> list[Finding]:
    """All findings on a query, by place.

    `mesh` checks headings against the tree of its year; `known_items` are the records that the search should
    find, to see which of them a NOT removes. A query that cannot be read has the error among its findings.
    """
    try:
        text = as_lines(text)
    except QueryError as error:
        return [ERRORS[error.code].at(error.start, error.end, error.what, error.fix)]
    if (other := foreign(text)) is not None:
        whole = rule.FOREIGN.at(other.start, other.end, str(other), "translate it into PubMed's syntax first")
        return [whole]
    found = list(character_findings(text))
    query, errors = _read(text, dialect)
    found.extend(errors)
    if query is not None:
        found.extend(_notes(query))
        found.extend(structure_findings(query))
        found.extend(date_findings(query))
        found.extend(limit_findings(query))
        found.extend(term_findings(query))
        found.extend(headings_findings(query, mesh))
        if known_items is not None and not errors:
            found.extend(_known_items(query, mesh, known_items))
        names = [(x.start, x.end) for x in found if x.code == rule.JOINED_HEADING.code]
        found = [
            x
            for x in found
            if x.code != rule.OPERATOR_CASE.code or not any(a <= x.start and x.end <= b for a, b in names)
        ]
    order = list(Severity)
    return sorted(set(found), key=lambda x: (x.start, order.index(x.severity), x.code, x.end, x.message))


def _read(text: str, dialect: dt.date | None) -> tuple[Query | None, list[Finding]]:
    """The query as PubMed would read it, with a finding for each fault; None when nothing can be read."""
    try:
        query = parse(text, dialect=dialect, as_printed=True)
    except QueryError as error:
        return None, [ERRORS[error.code].at(error.start, error.end, error.what, error.fix)]
    return query, [ERRORS[x.code].at(x.start, x.end, x.what, x.fix) for x in query.faults]


def _notes(query: Query) -> Iterator[Finding]:
    for note in query.notes:
        text = query.text[note.start : note.end]
        if note.kind is NoteKind.TAG_ON_GROUP:
            yield rule.GROUP_TAG.at(
                note.start, note.end, f"PubMed ignores {text} on a group", "put the tag on every term inside"
            )
        elif note.kind is NoteKind.AND_NOT:
            yield rule.AND_NOT.at(note.start, note.end, "AND NOT is read as NOT", "write NOT")
        elif note.kind is NoteKind.IGNORED:
            yield rule.IGNORED.at(
                note.start,
                note.end,
                f"{text.strip()!r} holds no letter or digit; PubMed ignores it",
                "delete it",
            )
        elif note.kind is NoteKind.LINE_BREAK:
            yield rule.LINE_BREAK.at(
                note.start,
                note.end,
                "nothing but a line break stands between two terms; PubMed reads AND",
                "write AND or OR, or number the lines and combine them",
            )
        elif note.kind is NoteKind.IMPLICIT_AND:
            yield rule.IMPLICIT_AND.at(
                note.start, note.end, "two terms side by side are joined by AND", "write the operator"
            )


def _known_items(query: Query, mesh: MeshTree | None, table: QueryTable) -> Iterator[Finding]:
    """Which of the records that the search should find each NOT takes away."""
    from resift.query.evaluate import evaluate

    evaluation = evaluate(query, table, mesh=mesh)
    for i, numbered in enumerate(evaluation.nodes):
        parent = evaluation.nodes[numbered.parent] if numbered.parent is not None else None
        if parent is None or not isinstance(parent.node, Not) or parent.children[0] == i:
            continue
        lost = evaluation.gained_without(i)
        if lost.any():
            names = [table.records[at] for at in lost.nonzero()[0]]
            shown = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
            yield rule.NOT_LOSES.at(
                numbered.node.start,
                numbered.node.end,
                f"this NOT removes {len(names)} known item{'s' if len(names) > 1 else ''}: {shown}",
                "narrow it or drop it",
            )
