"""The tree of a parsed query. Every node knows where it stands in the text it was read from.

Trees may be thousands of operators deep (a pasted strategy often is), so nothing here recurses:
`walk` yields the nodes in pre-order, equality and hashing compare the printed signature.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as attribute
from enum import Enum
from typing import cast

from resift.query.fields import Field


class Operator(Enum):
    """PubMed's three operators; runs of the same one share a node."""

    AND = "AND"
    OR = "OR"
    NOT = "NOT"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One term: words or a phrase with a field. `tag` is "" when PubMed's own mapping would choose.

    `text` is what stands between the quotes, or the unquoted words with single blanks.
    `explode` is False for `:noexp`. `curly`: it stood in curly quotation marks, which PubMed ignores.
    """

    text: str
    field: Field
    quoted: bool = False
    explode: bool = True
    tagged: bool = True
    curly: bool = False
    start: int = attribute(default=0, compare=False)
    end: int = attribute(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """`low:high[field]`, both ends included, as written (`1995/01/01`, `3000`)."""

    low: str
    high: str
    field: Field
    start: int = attribute(default=0, compare=False)
    end: int = attribute(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Proximity:
    """`"words"[field:~distance]`: all words in any order, at most `distance` other words among them."""

    text: str
    distance: int
    field: Field
    start: int = attribute(default=0, compare=False)
    end: int = attribute(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class LineRef:
    """`#3`: the set of another line of the same list."""

    line: int
    start: int = attribute(default=0, compare=False)
    end: int = attribute(default=0, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """An operator over two or more operands, from left to right."""

    children: tuple[Node, ...]
    start: int = 0
    end: int = 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Group):
            return NotImplemented
        return self is other or signature(self) == signature(other)

    def __hash__(self) -> int:
        return hash(tuple(signature(self)))

    def __repr__(self) -> str:
        return f"<{self.operator.value} of {len(self.children)}, {self.start}-{self.end}>"

    @property
    def operator(self) -> Operator:
        return _OPERATORS[type(self)]


class And(_Group):
    """All operands; also what a blank between two terms means."""

    __slots__ = ()


class Or(_Group):
    """Any operand."""

    __slots__ = ()


class Not(_Group):
    """The first operand without any of the others."""

    __slots__ = ()


Node = Leaf | Range | Proximity | LineRef | And | Or | Not
_OPERATORS: dict[type[_Group], Operator] = {And: Operator.AND, Or: Operator.OR, Not: Operator.NOT}
GROUPS: dict[Operator, type[And | Or | Not]] = {
    Operator.AND: And,
    Operator.OR: Or,
    Operator.NOT: Not,
}


def walk(root: Node | _Group) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, in pre-order."""
    stack: list[tuple[Node, int]] = [(cast(Node, root), 0)]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        if isinstance(node, _Group):
            stack.extend((child, depth + 1) for child in reversed(node.children))


def leaves(root: Node) -> Iterator[Leaf | Range | Proximity | LineRef]:
    """The terms of a tree from left to right."""
    for node, _ in walk(root):
        if not isinstance(node, And | Or | Not):
            yield node


def alike(root: Node) -> dict[int, int]:
    """A number for each node of a tree (by `id`), the same for equal subtrees; one pass, however deep."""
    numbers: dict[object, int] = {}
    found: dict[int, int] = {}
    for node, _ in reversed(list(walk(root))):
        key: object = node
        if isinstance(node, _Group):
            key = (node.operator, tuple(found[id(child)] for child in node.children))
        found[id(node)] = numbers.setdefault(key, len(numbers))
    return found


def signature(root: Node | _Group) -> list[object]:
    """The tree as a flat list, equal for equal trees; spans do not count."""
    out: list[object] = []
    for node, _ in walk(root):
        if isinstance(node, And | Or | Not):
            out.append((node.operator.value, len(node.children)))
        else:
            out.append(node)
    return out
