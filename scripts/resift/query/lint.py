"""Lint a query: what PubMed would read differently, what a peer reviewer would ask about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from resift.errors import Code, QueryError
from resift.query import fields as f
from resift.query import findings as rule
from resift.query.dates import is_relative
from resift.query.fields import Kind
from resift.query.findings import Finding, Press, Rule, Severity
from resift.query.foreign import foreign, slips
from resift.query.history import as_lines
from resift.query.lexer import ASTERISKS
from resift.query.lint_headings import headings_findings
from resift.query.lint_terms import term_findings
from resift.query.mesh import MeshTree
from resift.query.nodes import And, Leaf, LineRef, Node, Not, Or, Range, alike, walk
from resift.query.reader import NoteKind
from resift.query.syntax import Query, parse

if TYPE_CHECKING:
    from resift.query.table import QueryTable

__all__ = ["Finding", "Press", "Severity", "lint"]

_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_CURLY = re.compile("[“”„‟«»＂]+")
_ASTERISK = re.compile(f"[{ASTERISKS}]")
_ENTITY = re.compile(r"&(amp|quot|lt|gt|nbsp|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_OPERATOR_SIGN = re.compile(r"[&|]+")
_NO_OPERATOR = re.compile(r"(?<![\w-])(?:AND/OR|XOR|NEAR|ADJ|SAME|NEXT|WITH)(?![\w-])(?!\s*\[)")
_OPERATOR_CASE = re.compile(r"(?<![\w-])(and|or|not|And|Or|Not)(?![\w-])(?!\s*\[)")
_BLANK_TAG = re.compile(r"(?<=\S)\s++\[(?=[^\[\]]*+\])")
_GROUPING = re.compile(r'["()]')
_LISTED = 500  # findings of one kind about single characters
_DATABASE = re.compile(r"^\s*(pubmed|medline)(\s*\([^)]*\))?\s*:", re.I)
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
    found = list(_characters(text))
    query, errors = _read(text, dialect)
    found.extend(errors)
    if query is not None:
        found.extend(_notes(query))
        found.extend(_structure(query))
        found.extend(_dates(query))
        found.extend(_limits(query))
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


def _each(pattern: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], str]]:
    """The first places of a pattern, and what to say where more follow that are not listed."""
    for n, match in enumerate(pattern.finditer(text), start=1):
        if n == _LISTED:
            yield match, f" (the first {_LISTED:,} are listed, more follow)"
            return
        yield match, ""


def _characters(text: str) -> Iterator[Finding]:
    for m, more in _each(_INVISIBLE, text):
        yield rule.INVISIBLE.at(
            m.start(),
            m.end(),
            f"invisible character U+{ord(m[0]):04X} separates words for PubMed{more}",
            "delete it",
        )
    if curly := list(_CURLY.finditer(text)):
        many = f"{len(curly)} curly quotation marks" if len(curly) > 1 else "a curly quotation mark"
        yield rule.CURLY.at(
            curly[0].start(),
            curly[0].end(),
            f"{many}: PubMed does not keep the words between them together, and neither does this engine",
            'write "',
        )
    for m, more in _each(_ASTERISK, text):
        yield rule.ASTERISK.at(m.start(), m.end(), f"{m[0]} is no truncation for PubMed{more}", "write *")
    for m, more in _each(_ENTITY, text):
        yield rule.ENTITY.at(
            m.start(),
            m.end(),
            f"{m[0]} is web page code; PubMed finds nothing with it{more}",
            "write the sign itself",
        )
    plain = _QUOTED.sub(lambda m: "x" * len(m[0]), text)  # what stands in quotation marks is no syntax
    for name, places in slips(text).items():
        (start, end), others = places[0], len(places) - 1
        again = f" and {others} more" if others else ""
        yield rule.FOREIGN.at(start, end, f"{text[start:end]!r}{again}: {name}, not PubMed's", "translate it")
    if database := _DATABASE.match(text):
        start, end = database.span()
        yield rule.FOREIGN.at(start, end, f"{database[0].strip()!r} names the database", "delete it")
    plain = _ENTITY.sub(lambda m: " " * len(m[0]), plain)
    for m, more in _each(_OPERATOR_SIGN, plain):
        word = "AND" if m[0][0] == "&" else "OR"
        yield rule.OPERATOR_SIGN.at(
            m.start(), m.end(), f"PubMed reads {m[0][0]} as {word}{more}", f"write {word}"
        )
    for m, more in _each(_NO_OPERATOR, plain if plain != plain.upper() else ""):
        yield rule.OPERATOR_SIGN.at(
            m.start(),
            m.end(),
            f"{m[0]} is no operator of PubMed's; it is searched as a word{more}",
            "write AND, OR or NOT, or a distance in the tag: [tiab:~3]",
        )
    for m, more in _each(_OPERATOR_CASE, plain):
        yield rule.OPERATOR_CASE.at(
            m.start(), m.end(), f"PubMed's help asks for operators in capitals{more}", f"write {m[0].upper()}"
        )
    for m, more in _each(_BLANK_TAG, plain):
        yield rule.BLANK_TAG.at(
            m.start(), m.end(), f"blank before the tag{more}", "write the tag right after the term"
        )
    if re.fullmatch(r'\s*"[^"]*\b(AND|OR|NOT)\b[^"]*"\s*', text):
        yield rule.ALL_QUOTED.at(0, len(text), "the whole query stands in quotation marks", "delete them")


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


def _structure(query: Query) -> Iterator[Finding]:
    used: set[int] = set()
    for line in query.lines:
        same = alike(line.root)
        for node, _ in walk(line.root):
            if isinstance(node, LineRef):
                used.add(node.line)
            elif isinstance(node, And | Or | Not):
                yield from _group(query, node, same)
        yield from _needless(query, line.start, line.end)
    for line in query.lines[:-1]:
        if line.number not in used:
            yield rule.UNUSED_LINE.at(
                line.start,
                line.end,
                f"line {line.number} is used by no other line",
                f"combine #{line.number}",
            )
    last = query.lines[-1]
    if query.numbered and not any(isinstance(node, LineRef) for node, _ in walk(last.root)):
        yield rule.UNUSED_LINE.at(
            last.start,
            last.end,
            "the last line combines no other line, so only it is searched",
            "add a line #1 AND #2",
        )


def _group(query: Query, node: And | Or | Not, same: dict[int, int]) -> Iterator[Finding]:
    first = node.children[0]
    bracketed = (
        query.text[first.start : first.start + 1] == "(" and query.text[first.end - 1 : first.end] == ")"
    )
    if isinstance(first, And | Or | Not) and not bracketed:
        names = {first.operator.value, node.operator.value}
        if names != {"AND", "NOT"}:
            yield rule.PRECEDENCE.at(
                first.start,
                node.children[1].end,
                f"{first.operator.value} and {node.operator.value} on one level are read from left to right",
                "bracket what belongs together",
            )
    seen: set[int] = set()
    for child in node.children[1:] if isinstance(node, Not) else node.children:
        if isinstance(child, And | Or | Not) and same[id(child)] in seen:
            yield rule.REDUNDANT_CLAUSE.at(
                child.start, child.end, "this clause stands twice in the same group", "delete one"
            )
        seen.add(same[id(child)])
    if isinstance(node, Or | And):
        inner = And if isinstance(node, Or) else Or
        for child in node.children:
            if isinstance(child, inner) and any(same[id(part)] in seen for part in child.children):
                yield rule.REDUNDANT_CLAUSE.at(
                    child.start,
                    child.end,
                    "one of its operands stands beside this clause and makes it redundant",
                    "delete the clause",
                )
    if isinstance(node, Not):
        within = _human_filter(node)
        for child in node.children[1:]:
            if (
                isinstance(child, Leaf)
                and child.field is f.MESH_TERMS
                and child.text.lower() in ("animals", "animal")
            ):
                yield rule.NOT_ANIMALS.at(
                    child.start,
                    child.end,
                    "NOT animals[mh] also removes every human study: Humans lies below Animals",
                    "write NOT (animals[mh] NOT humans[mh])",
                )
            elif not (within or _human_filter(child)):
                yield rule.NOT_USED.at(
                    child.start, child.end, "NOT removes whatever also mentions this", "check what it removes"
                )


def _human_filter(node: Node) -> bool:
    """`animals[mh] NOT humans[mh]` in its usual forms, which removes animal-only studies."""
    nodes = [part for part, _ in islice(walk(node), 8)]
    names = [n.text.lower() for n in nodes if isinstance(n, Leaf) and n.field is f.MESH_TERMS]
    return len(nodes) < 8 and {"animals", "humans"} <= set(names)


def _needless(query: Query, start: int, end: int) -> Iterator[Finding]:
    """Doubled brackets, and brackets around a single term."""
    stack: list[int] = []
    inner: tuple[int, int] | None = None
    quoted = False
    text = query.text
    for sign in _GROUPING.finditer(text, start, end):
        at, char = sign.start(), sign[0]
        if char == '"':
            quoted = not quoted
        if quoted:
            continue
        if char == "(":
            stack.append(at)
        elif char == ")" and stack:
            opened = stack.pop()
            if inner and text[opened + 1 : inner[0]].strip() == "" and text[inner[1] : at].strip() == "":
                yield rule.NEEDLESS.at(opened, at + 1, "doubled brackets", "delete one pair")
            inner = (opened, at + 1)


def _dates(query: Query) -> Iterator[Finding]:
    tags: dict[str, Leaf | Range] = {}
    for line in query.lines:
        top = {id(node) for node in _top(line.root)}
        for node, depth in walk(line.root):
            if not isinstance(node, Leaf | Range):
                continue
            if node.field.kind is Kind.DATE:
                tags.setdefault(node.field.tag, node)
                if isinstance(node, Leaf) and is_relative(node.text):
                    yield rule.RELATIVE_DATE.at(
                        node.start,
                        node.end,
                        f"{node.text!r} moves with the day of the search",
                        "write two dates",
                    )
                if depth and id(node) not in top:
                    yield rule.DATE_WITHIN.at(
                        node.start,
                        node.end,
                        "a date limit inside a clause limits only that clause",
                        "move it to the end",
                    )
                if node.field is f.PUBLICATION_DATE and isinstance(node, Range):
                    yield rule.DATE_READS_TWO.at(
                        node.start,
                        node.end,
                        "[dp] reads the print or the electronic date, so a record can lie in two windows",
                        "say in the report which date was limited",
                    )
            elif node.field is f.JOURNAL and depth and id(node) not in top:
                yield rule.JOURNAL_WITHIN.at(
                    node.start,
                    node.end,
                    "a journal inside a clause limits only that clause",
                    "check that it is meant",
                )
            elif (
                isinstance(node, Leaf)
                and not node.tagged
                and re.fullmatch(r"(19|20)\d\d([:/]\S*)?", node.text)
            ):
                yield rule.DATE_FIELD.at(
                    node.start,
                    node.end,
                    f"{node.text!r} looks like a date without a field",
                    "add [dp], [edat] or [crdt]",
                )
    if len(tags) > 1:
        for tag, node in list(tags.items())[1:]:
            yield rule.DATE_FIELD.at(
                node.start,
                node.end,
                f"the query limits several date fields ({', '.join(tags)})",
                f"is [{tag}] meant?",
            )


def _top(root: Node) -> list[Node]:
    """The operands of the outermost AND, where limits belong."""
    while isinstance(root, Not):
        root = root.children[0]
    found: list[Node] = [root]
    while isinstance(root, And):
        found.extend(root.children)
        root = root.children[0]
        if isinstance(root, Not):
            root = root.children[0]
            found.append(root)
    return found


def _limits(query: Query) -> Iterator[Finding]:
    for line in query.lines:
        for node in _top(line.root):
            if not isinstance(node, Leaf):
                continue
            name = node.text.lower()
            if node.field is f.MESH_TERMS and name == "humans":
                yield rule.LIMIT.at(
                    node.start,
                    node.end,
                    "AND humans[mh] drops every record that is not indexed yet",
                    "write NOT (animals[mh] NOT humans[mh])",
                )
            elif node.field is f.FILTER and name in (
                "humans",
                "hasabstract",
                "medline",
                "free full text",
                "full text",
            ):
                yield rule.LIMIT.at(
                    node.start,
                    node.end,
                    f"the limit {name!r} drops records for reasons other than the question",
                    "drop it",
                )
            elif node.field in (f.ARTICLE_IDENTIFIER, f.LOCATION) and not re.match(
                r"10\.|pmc\d|[^/]*$", name
            ):
                yield rule.IDENTIFIER.at(
                    node.start, node.end, "a DOI begins with 10.", "write 10.1000/xyz[aid]"
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
