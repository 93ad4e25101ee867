"""A query over a whole archive: evaluated file by file, gathered as PMIDs and counts.

Nothing is held of a file but its hits and the counts of its clauses, so that memory is bounded by one file
and by what is found. The answer is that of `resift.query.evaluate` on all records in one table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from resift.archive.index import Integers
from resift.archive.shard import ShardTable
from resift.archive.source import Archive
from resift.query.evaluate import Clause, Numbered, evaluate, number_nodes
from resift.query.matching import Matcher
from resift.query.mesh import MeshTree
from resift.query.nodes import Leaf
from resift.query.syntax import Query
from resift.query.table import QueryTable


@dataclass(frozen=True)
class Found:
    """What a query finds in an archive. PMIDs ascend; `clauses` carry counts over all its records.

    `within`: how many records each clause (by id) matches inside the limits of the search, and `inside`
    how many the whole query does; without limits they are the counts of the clauses.
    """

    query: Query
    pmids: Integers
    unknown: Integers
    searched: int
    clauses: tuple[Clause, ...]
    nodes: tuple[Numbered, ...]
    approximations: tuple[str, ...]
    within: dict[int, int]
    inside: int


@dataclass(frozen=True)
class _Part:
    """What one file gives."""

    pmids: Integers
    unknown: Integers
    searched: int
    clauses: tuple[Clause, ...]
    approximations: tuple[str, ...]
    within: tuple[int, ...]
    inside: int


def search(
    query: Query,
    archive: Archive,
    *,
    mesh: MeshTree | None = None,
    today: dt.date | None = None,
    limits: Query | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Found:
    """Evaluate a query on every file of an archive; `progress` is called with the files done, of all."""
    names: dict[tuple[str, str], bool] = {}

    def elsewhere(leaf: Leaf) -> bool:
        """Whether any file knows a name: how a term is read must be the same in all of them."""
        key = (leaf.field.tag, leaf.text)
        if key not in names:
            names[key] = any(
                archive.in_shard(n, lambda table: Matcher(table, mesh).known(leaf)) for n in archive.shards()
            )
        return names[key]

    def in_shard(table: ShardTable) -> _Part:
        return _in_table(query, table, mesh=mesh, today=today, limits=limits, elsewhere=elsewhere)

    parts: list[_Part] = []
    for n in archive.shards():
        parts.append(archive.in_shard(n, in_shard))
        if progress is not None:
            progress(n + 1, len(archive.shards()))
    return _gathered(query, parts)


def in_table(
    query: Query, table: QueryTable, *, mesh: MeshTree | None = None, today: dt.date | None = None
) -> Found:
    """What a query finds in one table, in the same form."""
    return _gathered(query, [_in_table(query, table, mesh=mesh, today=today)])


def _in_table(
    query: Query,
    table: QueryTable,
    *,
    mesh: MeshTree | None,
    today: dt.date | None = None,
    limits: Query | None = None,
    elsewhere: Callable[[Leaf], bool] | None = None,
) -> _Part:
    found = evaluate(query, table, mesh=mesh, today=today, elsewhere=elsewhere)
    within = ~found.matcher.nowhere
    if limits is not None:
        within = evaluate(limits, table, mesh=mesh, today=today, elsewhere=elsewhere).yes
    pmids = table.numbers("pmid")
    return _Part(
        pmids[found.yes],
        pmids[found.unknown],
        len(table),
        found.clauses,
        found.approximations,
        tuple(int((found.clause_sets[c.id] & within).sum()) for c in found.clauses),
        int((found.yes & within).sum()),
    )


def _gathered(query: Query, parts: list[_Part]) -> Found:
    clauses = tuple(
        replace(
            same[0],
            yes=sum(clause.yes for clause in same),
            unknown=sum(clause.unknown for clause in same),
        )
        for same in zip(*(part.clauses for part in parts), strict=True)
    )
    return Found(
        query,
        np.sort(np.concatenate([part.pmids for part in parts])),
        np.sort(np.concatenate([part.unknown for part in parts])),
        sum(part.searched for part in parts),
        clauses,
        tuple(number_nodes(query)),
        tuple(sorted({said for part in parts for said in part.approximations})),
        {clause.id: sum(part.within[clause.id] for part in parts) for clause in clauses},
        sum(part.inside for part in parts),
    )
