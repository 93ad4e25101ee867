"""A guarded query answered for every record (see `guards`).

A table is made that holds the guarded text alone, the same engine answers on it, and evidence points back
into the record's own text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from resift.query.evaluate import Evaluation, evaluate
from resift.query.evidence import Evidence, Explainer, Reading
from resift.query.syntax import Query
from resift.query.table import LIST_COLUMNS, Mask, QueryTable
from resift.query.text import normalise
from resift.query.view import Entry, RecordView, Words
from resift.screening.guards import ABSTRACT, HEADINGS, KEYWORDS, TITLE, Guard, Negation, looked_in
from resift.text.negation import negated
from resift.text.sentences import Span, is_labelled, sections, sentences

if TYPE_CHECKING:
    from resift.query.mesh import MeshTree
    from resift.query.nodes import Leaf
    from resift.records import Record

_LISTS = {"keywords": KEYWORDS, "mesh": HEADINGS}
# What every whole citation has: the engine tells by it whether an empty field is empty in PubMed too.
_KEPT = ("publication_types", "languages")

Pieces = dict[str, list[Span]]
"""Field of a record -> the stretches of it that a query is put to."""
_TEXTS = ((TITLE, "title"), (ABSTRACT, "abstract"), (ABSTRACT, "other_abstract"))


def rows_of(guard: Guard, record: Record) -> list[Pieces]:
    """What the query is put to: one row for the record, or one for each sentence."""
    rows: list[Pieces] = []
    whole: Pieces = {}
    for chosen, name in _TEXTS:
        if guard.limits_fields and chosen not in guard.reads:
            continue
        text = getattr(record, name)
        parts = [(0, len(text))] if text else []
        if chosen == ABSTRACT and guard.sections and ABSTRACT not in guard.fields:
            parts = [
                (s.start, s.end)
                for s in sections(text)
                if any(is_labelled(s.label, wanted) for wanted in guard.sections)
            ]
        for sentence in _sentences(guard, text, parts):
            pieces = _past_negation(guard, text, sentence)
            if guard.one_sentence:
                rows.append({name: pieces})
            else:
                whole.setdefault(name, []).extend(pieces)
    return (rows or [{}]) if guard.one_sentence else [whole]


def _sentences(guard: Guard, text: str, parts: Sequence[Span]) -> list[Span]:
    if not guard.one_sentence and guard.negation is None:
        return list(parts)
    return [
        (first + start, first + end) for first, last in parts for start, end in sentences(text[first:last])
    ]


def _past_negation(guard: Guard, text: str, span: Span) -> list[Span]:
    if guard.negation is None:
        return [span]
    denied = negated(text, *span)
    if guard.negation is Negation.ONLY:
        return denied
    kept, at = [], span[0]
    for start, end in [*denied, (span[1], span[1])]:
        if start > at:
            kept.append((at, start))
        at = end
    return kept


class GuardedView(RecordView):
    """One row of a guarded record: its pieces alone, with their places in the record's own fields."""

    def __init__(self, record: Record, guard: Guard, pieces: Pieces) -> None:
        super().__init__(record)
        self._guard = guard
        self._pieces = pieces

    def texts(self, column: str) -> list[Words]:
        """The pieces behind a text column of the table."""
        names = {"title": ("title",), "abstract": ("abstract", "other_abstract")}.get(column)
        if names is None:
            return [] if self._guard.limits_fields else super().texts(column)
        return [
            Words(name, getattr(self.record, name), start, end)
            for name in names
            for start, end in self._pieces.get(name, ())
        ]

    def entries(self, name: str) -> list[Entry]:
        """The entries behind a list column of the table, where the guard lets it be read."""
        return [] if self._guard.limits_fields and not _is_read(self._guard, name) else super().entries(name)


def _is_read(guard: Guard, column: str) -> bool:
    return column in _KEPT or _LISTS.get(column) in guard.reads


class GuardedExplainer:
    """A guarded query answered for every record: `yes`, `unknown` and `lacking` as `Evaluation` has them."""

    def __init__(
        self,
        query: Query,
        guard: Guard,
        records: Iterable[Record],
        table: QueryTable,
        *,
        mesh: MeshTree | None = None,
        elsewhere: Callable[[Leaf], bool] | None = None,
    ) -> None:
        self._guard = guard
        self._needed = looked_in(query)
        self._rows: list[list[Pieces]] = []
        titles: list[str] = []
        abstracts: list[str] = []
        lacking_fields: list[bool] = []
        for record in records:
            rows = rows_of(guard, record)
            self._rows.append(rows)
            titles += [_joined(record, row, ("title",)) for row in rows]
            abstracts += [_joined(record, row, ("abstract", "other_abstract")) for row in rows]
            lacking_fields.append(self._lacks(record))
        sizes = np.array([len(rows) for rows in self._rows], dtype=np.int64)
        self._first = np.concatenate(([0], np.cumsum(sizes)))[:-1].astype(np.int64)
        made = self._table(table, sizes, titles, abstracts)
        self.evaluation: Evaluation = evaluate(query, made, mesh=mesh, elsewhere=elsewhere)
        self._explainer = Explainer(self.evaluation)
        lacks = np.array(lacking_fields, dtype=np.bool_)
        self.yes = self._any(self.evaluation.yes)
        self.unknown: Mask = self._any(self.evaluation.unknown) & lacks & ~self.yes
        lacking = self._any(self.evaluation.lacking) & lacks
        self.lacking: Mask = lacking & ~self.yes if guard.one_sentence else lacking

    def _any(self, mask: Mask) -> Mask:
        """Whether any row of each record is in a mask over rows."""
        if not len(self._first):
            return mask
        found: Mask = np.logical_or.reduceat(mask, self._first)
        return found

    def _lacks(self, record: Record) -> bool:
        """Whether a field that the criterion reads is not there: an answer of no may hang on it."""
        guard = self._guard
        if self._needed is None:
            return True
        if guard.sections and ABSTRACT not in guard.fields:
            found = [s.label for s in sections(record.abstract)]
            if not any(is_labelled(label, wanted) for label in found for wanted in guard.sections):
                return True
        empty = {TITLE: not record.title, ABSTRACT: not (record.abstract or record.other_abstract)}
        empty[HEADINGS] = not record.mesh
        # Keywords are optional: a record without any lacks none.
        return any(empty.get(name, False) for name in guard.reads & self._needed)

    def _table(self, table: QueryTable, sizes: Any, titles: list[str], abstracts: list[str]) -> QueryTable:
        repeated = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
        made = table.take(repeated).table
        empty = [""] * len(titles)

        def put(name: str, values: Any) -> None:
            nonlocal made
            place = made.schema.get_field_index(name)
            kept = made.schema.field(name)
            made = made.set_column(place, kept, pa.array(values, kept.type))

        put("title", titles)
        put("abstract", abstracts)
        if self._guard.limits_fields:
            put("vernacular", empty)
            put("affiliation", empty)
            for name in LIST_COLUMNS:
                if not _is_read(self._guard, name):
                    put(name, [[] for _ in titles])
        return QueryTable(made)

    def reading(self, position: int, view: RecordView) -> Reading:
        """What the clauses answer for the record at a position: that of the row that comes nearest."""
        if self.yes[position]:
            return self._explainer.reading(self._answering(position)[0])
        return self._explainer.reading(self._nearest(position, view))

    def places(self, position: int, view: RecordView) -> tuple[tuple[Evidence, ...], bool]:
        """The evidence in the record at a position, sorted, from every row that matches, and whether there
        is more of it; without such a row, from the one that comes nearest.

        Of the view the record alone is used: a guarded record has views of its own.
        """
        rows = self._answering(position) if self.yes[position] else [self._nearest(position, view)]
        found = [self._of_row(position, row, view) for row in rows]
        return tuple(sorted({place for places, _ in found for place in places})), any(cut for _, cut in found)

    def _answering(self, position: int) -> list[int]:
        """The rows that answer as the record does."""
        first = int(self._first[position])
        rows = range(first, first + len(self._rows[position]))
        return [row for row in rows if bool(self.evaluation.yes[row]) == bool(self.yes[position])]

    def _nearest(self, position: int, view: RecordView) -> int:
        """The row of which most blocks match; among such the one with most places."""
        rows = self._answering(position)
        blocks = [self._explainer.reading(row).blocks for row in rows]
        nearest = [row for row, n in zip(rows, blocks, strict=True) if n == max(blocks)]
        if len(nearest) == 1:
            return nearest[0]
        return max(nearest, key=lambda row: len(self._of_row(position, row, view)[0]))

    def _of_row(self, position: int, row: int, view: RecordView) -> tuple[tuple[Evidence, ...], bool]:
        if not self._explainer.reading(row).held:
            return (), False
        pieces = self._rows[position][row - int(self._first[position])]
        return self._explainer.places(row, GuardedView(view.record, self._guard, pieces))


def _joined(record: Record, row: Pieces, names: Sequence[str]) -> str:
    spans = ((getattr(record, name), span) for name in names for span in row.get(name, ()))
    pieces = (normalise(text[start:end]) for text, (start, end) in spans)
    return " | ".join(piece for piece in pieces if piece)
