"""What has room on a page: the records that it lists, and those whose text and evidence it holds.

A review seldom has more records than a page lists. Where one has, the page lists those first that a reader
opens first, says so at every number, and `decisions.csv` has them all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from resift.tables import DecisionRow, Grouped
from resift.vocabulary import Relation, State

LISTED = 60_000
"""Records in the page's table: with what else it holds it stays below 12 MB."""
IN_FULL = 40_000
"""Records whose text is looked at at all: fewer fit."""
READ_FIRST = (
    State.INCLUDED,
    State.AWAITING,
    State.ELIGIBLE,
    State.EXCLUDED_FULL_TEXT,
    State.NOT_RETRIEVED,
)
"""The order in which records get their place on a page that cannot bear them all."""
MAPPED = (State.ELIGIBLE, State.INCLUDED)
"""The records of the evidence map and the charts: each of them, however many a page lists."""
PLAIN_ROWS = 50
"""Rows that a reader without JavaScript sees; with it the whole table is there."""


def by_rank(decisions: Sequence[DecisionRow], first: Collection[str] = ()) -> list[int]:
    """Positions in the order in which a reader opens records; `first`: records of pairs to be settled."""
    return sorted(
        range(len(decisions)), key=lambda at: (decisions[at].record not in first, _rank(decisions[at]))
    )


def listed(
    decisions: Sequence[DecisionRow], limit: int = LISTED, first: Collection[str] = ()
) -> Sequence[DecisionRow]:
    """The decisions that a page lists, in their order."""
    if len(decisions) <= limit:
        return decisions
    return [decisions[at] for at in sorted(by_rank(decisions, first)[:limit])]


def named(decisions: Sequence[DecisionRow], first: Collection[str] = ()) -> frozenset[str]:
    """The records whose authors and journal a page may show."""
    mapped = (row for row in decisions if row.state in MAPPED)
    rows = (*listed(decisions, first=first), *mapped, *decisions[:PLAIN_ROWS])
    return frozenset(row.record for row in rows)


def in_full(
    decisions: Sequence[DecisionRow], limit: int = IN_FULL, first: Collection[str] = ()
) -> frozenset[str]:
    """The records of which a page may hold text and evidence."""
    return frozenset(decisions[at].record for at in by_rank(decisions, first)[:limit])


def to_settle(duplicates: Iterable[Grouped]) -> frozenset[str]:
    """The records of pairs that deduplication sends to a person."""
    return frozenset(
        name for row in duplicates if row.relation is Relation.REVIEW for name in (row.record, *row.related)
    )


def _rank(row: DecisionRow) -> int:
    if row.state in READ_FIRST:
        return READ_FIRST.index(row.state)
    return len(READ_FIRST) + (not row.human_outcomes)
