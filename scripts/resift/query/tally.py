"""What the clauses of a query find in records that stand in several tables, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from resift.query.evaluate import Clause, evaluate, replayed_otherwise
from resift.query.mesh import MeshTree
from resift.query.nodes import Leaf
from resift.query.syntax import Query
from resift.query.translation import RecordedTranslation

if TYPE_CHECKING:
    from resift.query.table import QueryTable


class Tally:
    """The counts of one query over all tables that were added: those of all their records in one table.

    `clauses` carry the counts of each node. By the id of a clause, `unique` counts the records that an
    operand of an OR brings alone, `lost` those that the query would lose without the clause, and `lost_items`
    names those of `items` (record ids) among them. `size` counts records.
    """

    def __init__(
        self,
        query: Query,
        *,
        mesh: MeshTree | None = None,
        recorded: RecordedTranslation | None = None,
        items: Collection[str] = (),
        shares: bool = True,
    ) -> None:
        """`shares`: whether `unique` and `lost` are counted, which takes much longer than the rest."""
        self.query = query
        self.clauses: tuple[Clause, ...] = ()
        self.unique: list[int] = []
        self.lost: list[int] = []
        self.lost_items: list[list[str]] = []
        self.size = 0
        self._mesh = mesh
        self._recorded = recorded
        self._items = frozenset(items)
        self._shares = shares
        self._said: set[str] = set()
        self._differing = 0

    @property
    def approximations(self) -> tuple[str, ...]:
        """Everything that was not evaluated to the letter, as sentences."""
        whole = [replayed_otherwise(self._differing, self.size)] if self._differing else []
        return tuple(sorted({*self._said, *whole}))

    def add(self, table: QueryTable, elsewhere: Callable[[Leaf], bool] | None = None) -> None:
        """Count the records of one more table; `elsewhere` is that of `resift.query.evaluate`."""
        found = evaluate(self.query, table, mesh=self._mesh, recorded=self._recorded, elsewhere=elsewhere)
        if not self.clauses:
            self.clauses = tuple(replace(clause, yes=0, unknown=0) for clause in found.clauses)
            self.unique, self.lost = [0] * len(self.clauses), [0] * len(self.clauses)
            self.lost_items = [[] for _ in self.clauses]
        self.clauses = tuple(
            replace(had, yes=had.yes + more.yes, unknown=had.unknown + more.unknown)
            for had, more in zip(self.clauses, found.clauses, strict=True)
        )
        self._said |= {*found.approximations} - {replayed_otherwise(found.differing, len(table))}
        self._differing += found.differing
        self.size += len(table)
        if not self._shares:
            return
        here = [(at, record) for at, record in enumerate(table.records) if record in self._items]
        for clause in self.clauses:
            lost = found.lost_without(clause.id)
            self.lost[clause.id] += int(lost.sum())
            self.unique[clause.id] += int(found.unique(clause.id).sum())
            self.lost_items[clause.id] += [record for at, record in here if lost[at]]
