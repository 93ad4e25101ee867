"""Reading and printing queries in PubMed's language.

PubMed applies AND, OR and NOT strictly from left to right; only brackets group (PubMed User Guide,
"Combining search terms with Boolean operators"). Two terms side by side are joined by AND.

The rules depend on the day of the search, the *dialect*:
- `*` anywhere in a term since June 2024 (NLM Technical Bulletin 2024 May-Jun, 458:e5), only at the end
  of a term or phrase before;
- proximity `"a b"[tiab:~N]` since 29 November 2022 (NLM Technical Bulletin 2022 Nov-Dec, 449:e4).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from resift.errors import Code, QueryError
from resift.query.faults import Fault, Faults, Note, NoteKind
from resift.query.history import as_lines
from resift.query.lexer import CONTROL, check_characters
from resift.query.lines import expansions, read_list
from resift.query.nodes import (
    And,
    Leaf,
    LineRef,
    Node,
    Not,
    Operator,
    Or,
    Proximity,
    Range,
    leaves,
    signature,
    walk,
)
from resift.query.reader import LineReader, Surroundings
from resift.query.signs import misread

__all__ = [
    "And", "Fault", "Leaf", "Line", "LineRef", "Node", "Not", "Note", "NoteKind", "Operator", "Or",
    "Proximity", "Query", "Range", "leaves", "parse", "to_text", "walk",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a numbered list, or the only line of a query (number 1).

    `found` is how many records it found when it was printed, where that stands behind it.
    """

    number: int
    root: Node
    start: int
    end: int
    found: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A parsed query. Equal when the trees and the line numbers are equal; spans do not count."""

    text: str
    lines: tuple[Line, ...]
    numbered: bool = False
    dialect: dt.date | None = None
    notes: tuple[Note, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def root(self) -> Node:
        """The tree of the last line, the one that a search runs."""
        return self.lines[-1].root

    def expansions(self) -> dict[int, str]:
        """Each line as one query, the lines it refers to put in with brackets."""
        references = {
            line.number: [
                (leaf.start - line.start, leaf.end - line.start, leaf.line)
                for leaf in leaves(line.root)
                if isinstance(leaf, LineRef)
            ]
            for line in self.lines
        }
        return expansions({n.number: self.text[n.start : n.end] for n in self.lines}, references)

    def single(self) -> str:
        """The text to send: the query itself, or the last line with the others put in."""
        return self.expansions()[self.lines[-1].number] if self.numbered else self.text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Query):
            return NotImplemented
        return [(n.number, signature(n.root)) for n in self.lines] == [
            (n.number, signature(n.root)) for n in other.lines
        ]

    def __hash__(self) -> int:
        return hash(tuple((n.number, n.root) for n in self.lines))


def parse(text: str, *, dialect: dt.date | None = None, as_printed: bool = False) -> Query:
    """The tree of a query, or of a list of numbered lines (`#1 ...`, `#2 ...`, `#3 #1 AND #2`).

    `dialect` is the day whose rules apply; None means today's. Raises `QueryError` with the span of the
    first fault; `as_printed` collects the faults that PubMed answers in spite of (`Query.faults`) and
    raises only where nothing can be searched or lines cannot be told.
    """
    text = as_lines(text)
    faults = Faults([] if as_printed else None)
    if as_printed:
        for control in CONTROL.finditer(text):
            faults.add(
                f"control character U+{ord(control[0]):04X} in the query",
                code=Code.QUERY_CONTROL_CHARACTER,
                start=control.start(),
                end=control.end(),
                fix="delete it",
                reading="as a blank",
            )
        text = CONTROL.sub(" ", text)
    check_characters(text)
    for sign in misread(text):
        faults.add(
            sign.what, code=sign.code, start=sign.start, end=sign.end, fix=sign.fix, reading=sign.reading
        )
    if not text.strip():
        raise QueryError(
            "the query is empty", code=Code.QUERY_EMPTY, start=0, end=len(text), fix="write at least one term"
        )
    listing = read_list(text)
    notes: list[Note] = []
    day = dialect or dt.date.max
    if listing is None:
        reader = LineReader(text, 0, len(text), Surroundings(day), faults)
        lines = [Line(1, reader.read(), 0, len(text))]
        notes.extend(reader.notes)
    else:
        lines, terms = [], 0
        known: set[int] = set()
        for printed in listing.lines:
            around = Surroundings(day, known, listing.mark, numbered=True, terms=terms)
            reader = LineReader(text, printed.start, printed.end, around, faults)
            lines.append(Line(printed.number, reader.read(), printed.start, printed.end, printed.found))
            notes.extend(reader.notes)
            known.add(printed.number)
            terms = reader.terms
    return Query(
        text, tuple(lines), listing is not None, dialect, tuple(notes), tuple(faults.collected or ())
    )


def to_text(query: Query | Node) -> str:
    """The query printed with short tags and every group in brackets; it parses back to an equal one."""
    if isinstance(query, Query):
        if not query.numbered:
            return to_text(query.root)
        return "\n".join(f"#{line.number} {to_text(line.root)}" for line in query.lines)
    return "".join(_pieces(query))


def _pieces(root: Node) -> Iterator[str]:
    stack: list[Node | str] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, And | Or | Not):
            inside: list[Node | str] = []
            for i, child in enumerate(item.children):
                if i:
                    inside.append(f" {item.operator.value} ")
                if isinstance(child, And | Or | Not):
                    inside.extend(("(", child, ")"))
                else:
                    inside.append(child)
            stack.extend(reversed(inside))
        else:
            yield leaf_text(item)


def leaf_text(leaf: Leaf | Range | Proximity | LineRef) -> str:
    """One term as it is printed."""
    if isinstance(leaf, LineRef):
        return f"#{leaf.line}"
    if isinstance(leaf, Range):
        return f"{leaf.low}:{leaf.high}[{leaf.field.tag}]"
    if isinstance(leaf, Proximity):
        return f'"{leaf.text}"[{leaf.field.tag}:~{leaf.distance}]'
    words = f'"{leaf.text}"' if leaf.quoted else f"“{leaf.text}”" if leaf.curly else leaf.text
    if not leaf.tagged:
        return words
    return f"{words}[{leaf.field.tag}{'' if leaf.explode else ':noexp'}]"
