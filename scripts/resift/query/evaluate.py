"""A query over a table of records: which match, clause by clause, and what each clause contributes.

Every node has a set of positions. Three answers (Kleene): a record for which a term cannot be decided
stays *unknown* until another term decides the group. A second reading, `lacking`, asks what would change
if every empty field were unknown: it names the records whose answer hangs on a field they lack.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from resift.query.mapping import reading
from resift.query.matching import Found, Matcher
from resift.query.mesh import MeshTree
from resift.query.nodes import And, Leaf, LineRef, Node, Not, Or, Proximity, Range
from resift.query.syntax import Line, Query
from resift.query.table import Mask, QueryTable
from resift.query.translation import RecordedTranslation


@dataclass(frozen=True, slots=True)
class Clause:
    """One node of the query with its counts. `id` counts from 0 in pre-order, `parent` is None for a line.

    `operator` is AND, OR, NOT or "" for a term; `field` is the term's tag or ""; `dropped` says that PubMed
    leaves the term out (a stop word, a phrase not in its index).
    """

    id: int
    parent: int | None
    line: int
    depth: int
    start: int
    end: int
    text: str
    operator: str
    field: str
    yes: int
    unknown: int
    dropped: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """Certain and possible answers of one node: as PubMed reads the fields, and with empty fields unknown."""

    yes: Mask
    maybe: Mask
    strict_yes: Mask
    strict_maybe: Mask


_BLOCK = 1024  # positions turned at a time; a query may have 10,000 clauses


class ClauseSets(Mapping[int, Mask]):
    """The positions that match each clause (clause id -> bool array), kept as bits."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._bits: dict[int, npt.NDArray[np.uint8]] = {}
        self._stacked: npt.NDArray[np.uint8] | None = None
        self._turned: tuple[int, npt.NDArray[np.uint8]] | None = None

    def put(self, clause: int, mask: Mask) -> None:
        self._bits[clause] = np.packbits(mask)
        self._stacked = self._turned = None

    def at(self, position: int) -> bytes:
        """Whether each clause (by id, from 0) holds at one position: a byte of 1 or 0 for each."""
        block = position // _BLOCK
        if self._turned is None or self._turned[0] != block:
            if self._stacked is None:
                self._stacked = np.array([self._bits[clause] for clause in range(len(self._bits))])
            part = self._stacked[:, block * _BLOCK // 8 : (block + 1) * _BLOCK // 8]
            self._turned = block, np.ascontiguousarray(np.unpackbits(part, axis=1).T)
        held: bytes = self._turned[1][position - block * _BLOCK].tobytes()
        return held

    def __getitem__(self, clause: int) -> Mask:
        return np.unpackbits(self._bits[clause], count=self._size).astype(np.bool_)

    def __iter__(self) -> Iterator[int]:
        return iter(self._bits)

    def __len__(self) -> int:
        return len(self._bits)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A node in its place: `children` are the ids of its operands (of the line it refers to, for `#1`)."""

    node: Node
    parent: int | None
    line: int
    depth: int
    children: tuple[int, ...]


def number_nodes(query: Query) -> list[Numbered]:
    """Every node of every line in pre-order; a node's id is its index, operands follow their operator."""
    out: list[Numbered] = []
    roots: dict[int, int] = {}
    for line in query.lines:
        roots[line.number] = len(out)
        entries: list[tuple[Node, int | None, int]] = []
        below: dict[int, list[int]] = {}
        stack: list[tuple[Node, int | None, int]] = [(line.root, None, 0)]
        base = len(out)
        while stack:
            node, parent, depth = stack.pop()
            at = base + len(entries)
            entries.append((node, parent, depth))
            if parent is not None:
                below.setdefault(parent, []).append(at)
            if isinstance(node, And | Or | Not):
                stack.extend((child, at, depth + 1) for child in reversed(node.children))
        for i, (node, parent, depth) in enumerate(entries):
            children = (roots[node.line],) if isinstance(node, LineRef) else tuple(below.get(base + i, ()))
            out.append(Numbered(node, parent, line.number, depth, children))
    return out


def evaluation_order(nodes: list[Numbered]) -> list[int]:
    """Ids so that operands come before their operator: line by line, each line from the back."""
    order: list[int] = []
    start = 0
    for i in range(1, len(nodes) + 1):
        if i == len(nodes) or nodes[i].parent is None:
            order.extend(range(i - 1, start - 1, -1))
            start = i
    return order


@dataclass(frozen=True)
class Evaluation:
    """The outcome over one table; masks are bool arrays over its positions.

    `yes`: the query matches. `unknown`: PubMed's answer cannot be told from these records. `lacking`: the
    answer hangs on a field that the record lacks (contains `unknown`); it may overlap with `yes` under NOT.
    `approximations`: everything that was not evaluated to the letter, as sentences; `differing` is the number
    in the one that `replayed_otherwise` gives.
    """

    query: Query
    table: QueryTable
    yes: Mask
    unknown: Mask
    lacking: Mask
    clauses: tuple[Clause, ...]
    clause_sets: ClauseSets
    approximations: tuple[str, ...]
    possible_sets: ClauseSets
    nodes: tuple[Numbered, ...]
    matcher: Matcher
    recorded: RecordedTranslation | None
    differing: int = 0

    def root(self) -> Clause:
        """The clause of the whole query (of the last line)."""
        return self._root

    @cached_property
    def _root(self) -> Clause:
        return next(c for c in reversed(self.clauses) if c.parent is None)

    def without(self, clause: int) -> Mask:
        """What the query would match if this clause were deleted from it."""
        # Only what holds the clause is answered again; the rest stays as it was evaluated.
        changed: dict[int, tuple[Mask, Mask] | None] = {clause: None}

        def held(at: int) -> tuple[Mask, Mask] | None:
            if at in changed:
                return changed[at]
            return None if self.clauses[at].dropped else (self.clause_sets[at], self.possible_sets[at])

        for at in self._order:
            node = self.nodes[at]
            if at == clause or changed.keys().isdisjoint(node.children):
                continue
            if self.clauses[at].dropped:
                changed[at] = None
            elif isinstance(node.node, LineRef):
                changed[at] = held(node.children[0])
            else:
                changed[at] = _fold_pairs(node.node, [held(child) for child in node.children])
        last = held(self.root().id)
        return last[0] if last else np.zeros(len(self.table), dtype=np.bool_)

    @cached_property
    def _order(self) -> tuple[int, ...]:
        return tuple(evaluation_order(list(self.nodes)))

    def lost_without(self, clause: int) -> Mask:
        """The matching records that would no longer match without this clause (an OR operand's own share)."""
        return self.yes & ~self.without(clause)

    def gained_without(self, clause: int) -> Mask:
        """The records that would match only without this clause (what an AND operand cuts away)."""
        return self.without(clause) & ~self.yes

    def unique(self, clause: int) -> Mask:
        """The records that this operand of an OR brings and none of its siblings does."""
        parent = self.nodes[clause].parent
        mask = self.clause_sets[clause]
        if parent is None or not isinstance(self.nodes[parent].node, Or):
            return mask
        for sibling in self.nodes[parent].children:
            if sibling != clause:
                mask = mask & ~self.clause_sets[sibling]
        return mask


def evaluate(
    query: Query,
    table: QueryTable,
    *,
    mesh: MeshTree | None = None,
    recorded: RecordedTranslation | None = None,
    today: dt.date | None = None,
    elsewhere: Callable[[Leaf], bool] | None = None,
) -> Evaluation:
    """Evaluate a query on a table, as PubMed reads queries (PubMed User Guide; docs/query-language.md says
    where the two cannot agree).

    Returns an `Evaluation`: `yes`, `unknown` and `lacking` are boolean arrays with one place for each record
    of `table`, in its order; `clauses` counts every node; `approximations` lists what was read otherwise than
    PubMed would.

    `mesh` explodes headings, `recorded` replays how PubMed itself read the query, `today` is the day from
    which `"last 5 years"[dp]` counts. `elsewhere`: where the table is one part of many, whether a name
    stands in any of the others (how a term is read must not hang on the part it is looked for in).
    """
    matcher = Matcher(table, mesh, query.dialect, today, elsewhere=elsewhere)
    nodes = number_nodes(query)
    cache: dict[Leaf | Range | Proximity, Answers | None] = {}
    held: dict[int, Answers | None] = {}
    remaining = [0] * len(nodes)
    for node in nodes:
        for child in node.children:
            remaining[child] += 1
    sets, possible = ClauseSets(len(table)), ClauseSets(len(table))
    counts: list[tuple[int, int, bool]] = [(0, 0, False)] * len(nodes)
    none = np.zeros(len(table), dtype=np.bool_)
    final: Answers | None = None
    for at in evaluation_order(nodes):
        numbered = nodes[at]
        term = numbered.node
        answers: Answers | None
        if isinstance(term, LineRef):
            answers = held[numbered.children[0]]
        elif isinstance(term, And | Or | Not):
            answers = _fold(term, [held[child] for child in numbered.children])
        else:
            try:
                answers = cache[term]
            except KeyError:
                answers = cache[term] = answer_leaf(term, matcher, recorded)
        for child in numbered.children:
            remaining[child] -= 1
            if not remaining[child]:
                held.pop(child, None)
        held[at] = answers
        yes, maybe = (answers.yes, answers.maybe) if answers else (none, none)
        sets.put(at, yes)
        possible.put(at, maybe)
        certain = int(np.count_nonzero(yes))
        counts[at] = (certain, int(np.count_nonzero(maybe | yes)) - certain, answers is None)
        if numbered.parent is None:
            final = answers
    final = final or Answers(none, none, none, none)
    differing = _differing(recorded, matcher, final)
    if differing:
        matcher.note(replayed_otherwise(differing, len(table)))
    clauses = tuple(
        Clause(
            i, n.parent, n.line, n.depth, n.node.start, n.node.end, query.text[n.node.start : n.node.end],
            n.node.operator.value if isinstance(n.node, And | Or | Not) else "",
            n.node.field.tag if isinstance(n.node, Leaf | Range | Proximity) else "",
            *counts[i],
        )
        for i, n in enumerate(nodes)
    )  # fmt: skip
    return Evaluation(
        query,
        table,
        yes=final.yes,
        unknown=final.maybe & ~final.yes,
        lacking=final.strict_maybe & ~final.strict_yes,
        clauses=clauses,
        clause_sets=sets,
        approximations=tuple(sorted(matcher.approximations)),
        possible_sets=possible,
        nodes=tuple(nodes),
        matcher=matcher,
        recorded=recorded,
        differing=differing,
    )


def _differing(recorded: RecordedTranslation | None, matcher: Matcher, final: Answers) -> int:
    """For how many records PubMed's translation of the whole query answers otherwise than its terms."""
    root = recorded.tree if recorded is not None else None
    whole = _answer_tree(root, matcher) if root is not None else None
    return int((whole.yes != final.yes).sum()) if whole is not None else 0


def replayed_otherwise(differing: int, size: int) -> str:
    """The approximation that tells for how many of so many records a recorded translation differs."""
    return (
        f"PubMed's recorded translation of the whole query answers otherwise for {differing} of "
        f"{size} records than the terms replayed one by one"
    )


def answer_leaf(
    leaf: Leaf | Range | Proximity, matcher: Matcher, recorded: RecordedTranslation | None
) -> Answers | None:
    """The answers to one term; None when PubMed leaves the term out of the query."""
    if isinstance(leaf, Leaf):
        read = reading(leaf, matcher.mesh, recorded, matcher.note, matcher.minimum, matcher.known)
        if read is not None and read.dropped:
            return None
        if read is not None:
            if read.tree is not None:
                return _answer_tree(read.tree, matcher)
            return as_answers(Found(matcher.nowhere, matcher.nowhere, matcher.nowhere))
    return as_answers(matcher.match(leaf))


def as_answers(found: Found) -> Answers:
    """Certain and possible answers from what one term found."""
    maybe = found.yes | found.unknown
    return Answers(found.yes, maybe, found.yes, maybe | found.absent)


def _answer_tree(root: Node, matcher: Matcher) -> Answers | None:
    """A whole tree without clause counts (PubMed's own mapping of one term)."""
    if isinstance(root, And) and all(isinstance(child, Leaf) for child in root.children):
        return _answer_words(root, matcher)
    nodes = number_nodes(Query("", (Line(1, root, root.start, root.end),)))
    held: dict[int, Answers | None] = {}
    for at in evaluation_order(nodes):
        node = nodes[at].node
        if isinstance(node, And | Or | Not):
            held[at] = _fold(node, [held.pop(child) for child in nodes[at].children])
        elif isinstance(node, LineRef):
            raise AssertionError("a translation has no line numbers")
        else:
            held[at] = as_answers(matcher.match(node))
    return held[0]


def _answer_words(root: And, matcher: Matcher) -> Answers | None:
    """Words joined by AND, up to the first that leaves no record (a pasted text has thousands of words)."""
    found: Answers | None = None
    for child in root.children:
        assert isinstance(child, Leaf)
        answers = as_answers(matcher.match(child))
        found = _fold(root, [found, answers]) if found else answers
        if found is None or not found.strict_maybe.any():
            break
    return found


def _fold(node: And | Or | Not, parts: list[Answers | None]) -> Answers | None:
    first = parts[0]
    kept = [part for part in parts if part is not None]
    if isinstance(node, Not) and first is None:
        return None
    if not kept:
        return None
    plain = _fold_pairs(node, [(p.yes, p.maybe) if p else None for p in parts])
    strict = _fold_pairs(node, [(p.strict_yes, p.strict_maybe) if p else None for p in parts])
    assert plain is not None and strict is not None
    return Answers(*plain, *strict)


def _fold_pairs(node: Node, parts: list[tuple[Mask, Mask] | None]) -> tuple[Mask, Mask] | None:
    """Kleene's three values as (certain, possible); operands that were left out do not count."""
    kept = [part for part in parts if part is not None]
    if not kept or (isinstance(node, Not) and parts[0] is None):
        return None
    yes, maybe = kept[0][0].copy(), kept[0][1].copy()
    for other_yes, other_maybe in kept[1:]:
        if isinstance(node, And):
            yes &= other_yes
            maybe &= other_maybe
        elif isinstance(node, Or):
            yes |= other_yes
            maybe |= other_maybe
        else:
            yes &= ~other_maybe
            maybe &= ~other_yes
    return yes, maybe
