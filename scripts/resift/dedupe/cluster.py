"""Groups from decisions on pairs: best first, and never over a conflict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Join:
    """Two positions that a rule (or a person) says belong together. `across`: PMIDs may differ.

    `weak`: under a title that comes back, with neither issue, DOI nor abstract to tell whose it is.
    """

    left: int
    right: int
    score: float
    rule: int
    across: bool = False
    weak: bool = False


@dataclass(frozen=True)
class Clusters:
    """`leader[n]` is the smallest position in the group of `n`; `refused` are joins that met a conflict."""

    leader: list[int]
    refused: list[Join]
    torn: frozenset[int] = frozenset()


TORN = 0.04
"""A record fits two reports when its best joins to both are no further apart than this."""


def cluster(
    size: int,
    joins: Sequence[Join],
    apart: Iterable[tuple[int, int]],
    pmids: Sequence[str],
    unlike: Iterable[tuple[int, int]] = (),
) -> Clusters:
    """Groups from joins, best first (`join_best_first`); a record that fits two reports joins neither.

    "News and notes", volume 40, page 5, without an issue, is as like the column of issue 1 as that of
    issue 2: to give it to either would be a guess, so it stays alone and its joins are refused. Records
    that say equally little under a title that does not come back still join one another.

    `apart` are pairs that must not stand in one group, `unlike` further pairs that are no duplicates.
    """
    conflicts = list(apart)
    first = join_best_first(size, joins, conflicts, pmids)
    torn = _torn(joins, first, pmids, [*conflicts, *unlike])
    if not torn:
        return first
    kept: list[Join] = []
    given_up: list[Join] = []
    for join in joins:
        ends = (join.left in torn) + (join.right in torn)
        (kept if not ends or (ends == 2 and not join.weak) else given_up).append(join)
    second = join_best_first(size, kept, conflicts, pmids)
    return Clusters(second.leader, second.refused + given_up, torn)


def _torn(
    joins: Sequence[Join], clusters: Clusters, pmids: Sequence[str], unlike: Iterable[tuple[int, int]]
) -> frozenset[int]:
    """Records whose refused join is as good as the joins that hold them in their group.

    A record that is itself unlike one of the other group (the column of issue 1, beside a row that may
    be issue 2's) does not fit there, however good the join to that row.
    """
    if not clusters.refused:
        return frozenset()
    against: dict[int, set[int]] = {}
    for a, b in unlike:
        against.setdefault(a, set()).add(clusters.leader[b])
        against.setdefault(b, set()).add(clusters.leader[a])
    numbers: dict[int, str] = {}
    for n, pmid in enumerate(pmids):
        if pmid:
            numbers.setdefault(clusters.leader[n], pmid)
    refused: dict[int, float] = {}
    for join in clusters.refused:
        for n, m in ((join.left, join.right), (join.right, join.left)):
            group = clusters.leader[m]
            if group in against.get(n, ()) or (pmids[n] and numbers.get(group, pmids[n]) != pmids[n]):
                continue
            refused[n] = max(refused.get(n, 0.0), 1.0 if join.weak else join.score)
    if not refused:
        return frozenset()
    held: dict[int, float] = {}
    for join in joins:
        if clusters.leader[join.left] == clusters.leader[join.right]:
            for n in (join.left, join.right):
                if n in refused:
                    held[n] = max(held.get(n, 0.0), join.score)
    return frozenset(n for n, score in held.items() if score < 1 and refused[n] >= score - TORN)


def join_best_first(
    size: int,
    joins: Sequence[Join],
    apart: Iterable[tuple[int, int]],
    pmids: Sequence[str],
) -> Clusters:
    """Join the best pairs first; a join is refused when any two records of the two groups conflict.

    `apart` are the conflicting pairs; two different PMIDs conflict too. So in a chain where A is like B
    and B like C, but A conflicts with C, B goes to the better of both instead of joining all. Ties fall
    to the smaller positions, so the result depends on the order of positions alone.
    """
    leader = list(range(size))
    members: dict[int, list[int]] = {}
    numbers: dict[int, set[str]] = {}
    conflicts: dict[int, set[int]] = {}
    for a, b in apart:
        conflicts.setdefault(a, set()).add(b)
        conflicts.setdefault(b, set()).add(a)
    refused: list[Join] = []
    for join in sorted(joins, key=lambda j: (-j.score, j.left, j.right)):
        a, b = leader[join.left], leader[join.right]
        if a == b:
            continue
        group_a, group_b = members.get(a, [a]), members.get(b, [b])
        pmids_a = numbers.get(a) or ({pmids[a]} if pmids[a] else set())
        pmids_b = numbers.get(b) or ({pmids[b]} if pmids[b] else set())
        if pmids_a and pmids_b and pmids_a.isdisjoint(pmids_b) and not join.across:
            refused.append(join)
            continue
        small, large = sorted((group_a, group_b), key=len)
        against = set(large) if len(large) > 8 else large
        if any(n in conflicts and not conflicts[n].isdisjoint(against) for n in small):
            refused.append(join)
            continue
        first, second = min(a, b), max(a, b)
        large.extend(small)
        for n in large:
            leader[n] = first
        members.pop(second, None)
        members[first] = large
        numbers.pop(second, None)
        numbers[first] = pmids_a | pmids_b
    return Clusters(leader=leader, refused=refused)


def components(size: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """The smallest position connected to each position by `pairs`."""
    parent = list(range(size))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for a, b in pairs:
        x, y = root(a), root(b)
        if x != y:
            parent[max(x, y)] = min(x, y)
    return [root(n) for n in range(size)]
