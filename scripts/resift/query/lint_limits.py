"""Findings about limits: dates, journals, humans and other filters, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from resift.query import fields as f
from resift.query import findings as rule
from resift.query.dates import is_relative
from resift.query.fields import Kind
from resift.query.findings import Finding
from resift.query.nodes import And, Leaf, Node, Not, Range, walk
from resift.query.syntax import Query


def date_findings(query: Query) -> Iterator[Finding]:
    """Dates that move, that limit one clause only or that have no field; journals within a clause."""
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


def limit_findings(query: Query) -> Iterator[Finding]:
    """Limits that drop records for other reasons than the question, and identifiers of no known shape."""
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
