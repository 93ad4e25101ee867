"""Findings about how a query is put together: precedence, brackets, NOT, clauses and lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from resift.query import fields as f
from resift.query import findings as rule
from resift.query.findings import Finding
from resift.query.nodes import And, Leaf, LineRef, Node, Not, Or, alike, walk
from resift.query.syntax import Query

_GROUPING = re.compile(r'["()]')


def structure_findings(query: Query) -> Iterator[Finding]:
    """What a peer reviewer would ask of the groups and lines of a query."""
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
