"""Why one record matches a query or not: the places, the deciding clauses, the nearest fix.

Evidence points into the record's own text. A list field carries the index of its entry (`mesh[3]`), and
start and end count within that entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from resift.query.evaluate import Clause, Evaluation, evaluate
from resift.query.mapping import reading
from resift.query.matching import Matcher, Sought
from resift.query.mesh import MeshTree
from resift.query.nearest import MOST, NearForms
from resift.query.nodes import And, Leaf, LineRef, Not, Or, Proximity, Range, leaves
from resift.query.sources import DATES
from resift.query.syntax import Query, leaf_text
from resift.query.table import QueryTable
from resift.query.translation import RecordedTranslation
from resift.query.view import RecordView
from resift.records import Record

Searched = Leaf | Range | Proximity

MOST_PLACES = 20_000  # far more than a reader follows: thousands of terms that each stand everywhere
READINGS = 4096  # kept at hand for each query
FAR = 2  # a record that fails more blocks than this is not near, and no change of a term would bring it


class Answer(StrEnum):
    """Whether a record matches."""

    YES = "yes"
    NO = "no"
    NOT_EVALUABLE = "not evaluable"


class Evidence(NamedTuple):
    """One place where a term of the query stands: `quote` is `field`'s text from `start` to `end`."""

    clause: int
    field: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the answers of the clauses alone say of a record; the same where every clause answers the same.

    `deciding`, `missing_terms` and `blocks` are those of `Explanation`, `held` the terms that the record has.
    """

    answer: Answer
    deciding: tuple[Clause, ...]
    missing_terms: tuple[str, ...]
    blocks: int
    held: tuple[tuple[int, Searched], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer for one record and its reasons.

    `deciding`: the clauses on which a no (or a not evaluable) hangs, each enough to change it together
    with the others; `missing_terms`: the terms of those that the record lacks; `lacking`: the answer hangs on
    a field that the record lacks; `blocks` of `of_blocks` operands of the outermost AND match; `cut`: there
    is more evidence than the `MOST_PLACES` places given.
    """

    answer: Answer
    evidence: tuple[Evidence, ...]
    deciding: tuple[Clause, ...]
    missing_terms: tuple[str, ...]
    nearest_fix: str
    lacking: bool
    blocks: int
    of_blocks: int
    cut: bool = False


def explain(
    query: Query,
    table: QueryTable,
    position: int,
    record: Record,
    *,
    mesh: MeshTree | None = None,
    recorded: RecordedTranslation | None = None,
) -> Explanation:
    """Why one record matches a query, or on which clauses its no hangs.

    `position` is the record's place in `table` (from 0), `record` the same record in full, whose words are
    quoted. Spans are character offsets into the query and into the fields. For many records use one
    `Explainer` on one evaluation: this one evaluates anew.
    """
    one = table.take([position])
    return Explainer(evaluate(query, one, mesh=mesh, recorded=recorded)).explain(0, record)


class Explainer:
    """Explains records of an evaluated table one by one."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self._matcher: Matcher = evaluation.matcher
        self._sought: dict[int, list[tuple[Searched, Sought | None]]] = {}
        nodes = evaluation.nodes
        # Most records of a table agree with others in every clause; readings of long queries are long.
        self._read = lru_cache(max(16, min(READINGS, READINGS * 256 // len(nodes))))(self._of_clauses)
        self._blocks, self._against = _blocks(evaluation)
        self._forms: dict[int, NearForms] = {}
        self._below: dict[int, list[tuple[int, str]]] = {}
        self._terms = [(i, n.node) for i, n in enumerate(nodes) if isinstance(n.node, Searched)]

    def explain(
        self, position: int, record: Record, view: RecordView | None = None, *, near: bool = True
    ) -> Explanation:
        """The answer for the record at a position of the table, with its evidence.

        `view` is the record's, where many queries share it, or stands in where the table holds a part of the
        record only. `near=False` looks for no nearest fix, which takes the most time. The evidence is the
        first `MOST_PLACES` places, in the order of the query's terms.
        """
        view = view or RecordView(record)
        reading = self.reading(position)
        evidence, cut = self.places(position, view)
        fix = ""
        if near and reading.answer is not Answer.YES:
            sets, possible = self.evaluation.clause_sets, self.evaluation.possible_sets
            fix = self._fix(sets.at(position), possible.at(position), view)
        return Explanation(
            reading.answer,
            evidence,
            reading.deciding,
            reading.missing_terms,
            fix,
            bool(self.evaluation.lacking[position]),
            reading.blocks,
            len(self._blocks),
            cut,
        )

    def reading(self, position: int, _view: RecordView | None = None) -> Reading:
        """What the clauses answer at a position of the table; the record itself is not looked at."""
        evaluation = self.evaluation
        return self._read(evaluation.clause_sets.at(position), evaluation.possible_sets.at(position))

    def places(self, position: int, view: RecordView) -> tuple[tuple[Evidence, ...], bool]:
        """The evidence in the record at a position, sorted, and whether there is more of it."""
        held = self.reading(position).held
        found = (place for i, leaf in held for place in self._evidence(i, leaf, view))
        evidence = tuple(sorted(set(islice(found, MOST_PLACES))))
        return evidence, next(found, None) is not None

    def _of_clauses(self, yes: bytes, maybe: bytes) -> Reading:
        root = self.evaluation.root().id
        answer = Answer.YES if yes[root] else Answer.NOT_EVALUABLE if maybe[root] else Answer.NO
        deciding: list[int] = []
        missing: dict[str, None] = {}
        if answer is not Answer.YES:
            deciding = list(self._deciding(root, yes, maybe, answer))
            for clause in deciding:
                if not yes[clause]:
                    missing.update((text, None) for text in self._missing(clause, yes))
        return Reading(
            answer,
            tuple(self.evaluation.clauses[i] for i in deciding),
            tuple(missing),
            sum(yes[i] for i in self._blocks),
            tuple(term for term in self._terms if yes[term[0]]),
        )

    def _searched(self, clause: int, leaf: Searched) -> list[tuple[Searched, Sought | None]]:
        """The terms that PubMed really searches for one term, and where each is looked for."""
        if clause not in self._sought:
            found: list[Searched] = [leaf]
            if isinstance(leaf, Leaf):
                matcher = self._matcher
                read = reading(
                    leaf, matcher.mesh, self.evaluation.recorded, matcher.note, matcher.minimum, matcher.known
                )
                if read is not None:
                    found = [n for n in leaves(read.tree) if not isinstance(n, LineRef)] if read.tree else []
            self._sought[clause] = [(term, self._matcher.sought(term)) for term in found]
        return self._sought[clause]

    def _evidence(self, clause: int, leaf: Searched, view: RecordView) -> Iterator[Evidence]:
        for term, sought in self._searched(clause, leaf):
            if sought is None:
                yield from _dates(clause, term, view)
                continue
            if sought.term is not None:
                for column in sought.texts:
                    for text in view.texts(column):
                        for first, last in sought.term.spans(text.words):
                            start, end = text.spans[first][0], text.spans[last][1]
                            yield Evidence(clause, text.field, start, end, text.text[start:end])
            for name, chosen in sought.lists.items():
                code = self._matcher.table.facet(name).code
                entries = view.entries(name)
                if sought.place is not None:
                    entries = entries[sought.place : sought.place + 1 or None]
                for entry in entries:
                    if entry.value not in code or not chosen[code[entry.value]]:
                        continue
                    places = list(sought.term.spans(entry.words.words)) if sought.term else []
                    if not places:
                        end = len(entry.text) if entry.last is None else entry.last
                        yield Evidence(clause, entry.field, entry.first, end, entry.text[entry.first : end])
                    for first, last in places:
                        start, end = entry.words.spans[first][0], entry.words.spans[last][1]
                        yield Evidence(clause, entry.field, start, end, entry.text[start:end])

    def _deciding(self, root: int, yes: bytes, maybe: bytes, answer: Answer) -> Iterator[int]:
        """Clauses on which a no hangs: false operands of AND, a whole false OR, what a NOT takes away."""
        undecided = answer is Answer.NOT_EVALUABLE

        def failing(i: int) -> bool:
            return bool(maybe[i] and not yes[i]) if undecided else not maybe[i]

        stack, seen = [root], set[int]()
        while stack:
            at = stack.pop()
            if at in seen:
                continue
            seen.add(at)
            node, children = self.evaluation.nodes[at].node, self.evaluation.nodes[at].children
            children = tuple(c for c in children if not self.evaluation.clauses[c].dropped)
            if isinstance(node, LineRef):
                stack.extend(children)
            elif isinstance(node, And) or (isinstance(node, Or) and undecided):
                stack.extend(child for child in reversed(children) if failing(child))
            elif isinstance(node, Not) and children:
                first, *others = children
                stack.extend(c for c in reversed(others) if undecided and failing(c))
                if failing(first):
                    stack.append(first)
                elif not undecided:
                    yield from (c for c in others if yes[c])
            else:
                yield at

    def _missing(self, clause: int, yes: bytes) -> Iterator[str]:
        if clause not in self._below:
            self._below[clause] = [(at, leaf_text(leaf)) for at, leaf in self._terms_below(clause)]
        for at, text in self._below[clause]:
            if not yes[at]:
                yield text

    def _fix(self, yes: bytes, maybe: bytes, view: RecordView) -> str:
        """How near the record comes, in words."""
        total = len(self._blocks)
        matching = sum(yes[i] for i in self._blocks)
        parts = [f"{matching} of {total} blocks match" if total > 1 else "the query does not match"]
        if total - matching > FAR or (total > 1 and not matching):
            return parts[0]
        for number, block in enumerate(self._blocks, 1):
            if yes[block]:
                continue
            name = f"block {number}" if total > 1 else "it"
            if maybe[block]:
                parts.append(f"{name} hangs on a field that this copy of the record lacks")
                continue
            near = self._near_forms(block).nearest(view, self._matcher.mesh)
            if near:
                parts.append(f"{name} would match with {near}")
            elif not view.record.abstract:
                parts.append(f"{name} finds nothing in the title, and the record has no abstract")
            else:
                tried = self._near_forms(block).leaves
                which = f"its first {MOST:,} terms" if len(tried) == MOST else "its terms"
                parts.append(f"{name} finds no near form of {which} in this record")
        for clause in self._against:
            if yes[clause]:
                text = " ".join(self.evaluation.clauses[clause].text.split())
                parts.append(f"NOT {text if len(text) <= 80 else text[:77] + '...'} takes it away")
        return "; ".join(parts)

    def _near_forms(self, block: int) -> NearForms:
        if block not in self._forms:
            leaves_below = (leaf for _, leaf in self._terms_below(block) if isinstance(leaf, Leaf))
            self._forms[block] = NearForms(tuple(islice(leaves_below, MOST)))
        return self._forms[block]

    def _terms_below(self, clause: int) -> Iterator[tuple[int, Searched]]:
        """The terms of a clause that could bring records (none behind NOT), each line once."""
        stack, seen = [clause], set[int]()
        while stack:
            at = stack.pop()
            if at in seen:
                continue
            seen.add(at)
            numbered = self.evaluation.nodes[at]
            if isinstance(numbered.node, Searched):
                yield at, numbered.node
            elif isinstance(numbered.node, Not):
                stack.append(numbered.children[0])
            else:
                stack.extend(reversed(numbered.children))


def _blocks(evaluation: Evaluation) -> tuple[list[int], list[int]]:
    """The operands of the outermost AND (the concepts of the strategy) and what a NOT around it removes."""
    at = evaluation.root().id
    against: list[int] = []
    while True:
        node, children = evaluation.nodes[at].node, evaluation.nodes[at].children
        if isinstance(node, LineRef):
            at = children[0]
        elif isinstance(node, Not):
            against.extend(children[1:])
            at = children[0]
        elif isinstance(node, And):
            return [c for c in children if not evaluation.clauses[c].dropped], against
        else:
            return [at], against


def _dates(clause: int, leaf: Searched, view: RecordView) -> Iterator[Evidence]:
    names = DATES.get(leaf.field, ("pmid",) if leaf.field.tag == "pmid" else ())
    for name in names:
        text = getattr(view.record, name)
        if not text and name == "print_date" and view.record.year and not view.record.electronic_date:
            name, text = "year", str(view.record.year)
        if text:
            yield Evidence(clause, name, 0, len(text), text)
