"""Asking old queries of today's records, and new ones of old records, without a server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from resift.errors import QueryError
from resift.query.syntax import parse
from resift.records import Record

if TYPE_CHECKING:
    from resift.query.evaluate import Evaluation
    from resift.query.mesh import MeshTree
    from resift.query.table import QueryTable
    from resift.query.translation import RecordedTranslation


class Offline:
    """Queries over a few records, each evaluated once.

    What cannot be decided (None) comes of terms that only the server maps; `recorded` replays how it did.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = {record.record: record for record in records}
        self._answers: dict[tuple[str, str, RecordedTranslation | None], dict[str, bool | None]] = {}
        self._leaves: dict[tuple[str, str], dict[str, frozenset[str]]] = {}

    @cached_property
    def _table(self) -> QueryTable:
        from resift.query.table import QueryTable

        return QueryTable.from_records(self.records.values())

    @cached_property
    def without_headings(self) -> Offline:
        """The same records as if they had not been indexed."""
        return Offline(replace(record, mesh=()) for record in self.records.values())

    def finds(
        self,
        query: str,
        record: str,
        *,
        tree: MeshTree | None = None,
        recorded: RecordedTranslation | None = None,
    ) -> bool | None:
        """Whether a query finds a record; None when that cannot be told, or the record is not here."""
        if not query:
            return True
        key = (query, tree.sha256 if tree else "", recorded)
        if key not in self._answers:
            found = self._evaluate(query, tree, recorded)
            self._answers[key] = (
                {}
                if found is None
                else {
                    name: True if yes else None if unknown else False
                    for name, yes, unknown in zip(self._table.records, found.yes, found.unknown, strict=True)
                }
            )
        return self._answers[key].get(record)

    def terms(self, query: str, record: str, *, tree: MeshTree | None = None) -> frozenset[str]:
        """The single terms of a query that a record holds, as they are written."""
        key = (query, tree.sha256 if tree else "")
        if key not in self._leaves:
            found = self._evaluate(query, tree, None)
            held: dict[str, set[str]] = {}
            if found is not None:
                for clause in found.clauses:
                    if clause.operator:
                        continue
                    text = " ".join(clause.text.split())
                    for at in found.clause_sets[clause.id].nonzero()[0]:
                        held.setdefault(self._table.records[at], set()).add(text)
            self._leaves[key] = {name: frozenset(texts) for name, texts in held.items()}
        return self._leaves[key].get(record, frozenset())

    def _evaluate(
        self, query: str, tree: MeshTree | None, recorded: RecordedTranslation | None
    ) -> Evaluation | None:
        from resift.query.evaluate import evaluate  # heavy; a first run asks no query again

        try:
            return evaluate(parse(query, as_printed=True), self._table, mesh=tree, recorded=recorded)
        except QueryError:
            return None


def terms_of(query: str) -> frozenset[str]:
    """The single terms of a query, as they are written."""
    from resift.query.evaluate import number_nodes

    try:
        read = parse(query, as_printed=True)
    except QueryError:
        return frozenset()
    return frozenset(
        " ".join(read.text[node.node.start : node.node.end].split())
        for node in number_nodes(read)
        if not node.children
    )


def all_terms(queries: Mapping[str, str]) -> frozenset[str]:
    """The single terms of several queries."""
    return frozenset[str]().union(*(terms_of(query) for query in queries.values()))
