"""From decided pairs to the table of groups: one row per record, and why it stands where it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from resift.dedupe.cluster import Clusters, Join, cluster, components
from resift.dedupe.compare import Comparison
from resift.dedupe.decide import decide
from resift.dedupe.evidence import evidence
from resift.dedupe.meet import Met
from resift.dedupe.model import Relation
from resift.dedupe.normalise import Entries
from resift.dedupe.rules import RULES
from resift.errors import ScreeningError
from resift.rows import join_list
from resift.vocabulary import GroupedBy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resift.dedupe.compare import Positions

Progress = Callable[[str, int, int], None]
"""Called with the name of the step, how much of it is done, and how much there is."""
COMPARED = "compare pairs"
"""The step that takes the time."""

CHUNK = 400_000
"""Pairs compared at a time: bounds memory without costing speed."""

REVIEW_SHARE = 0.005
"""The best-scored doubtful pairs up to this share of the records: a longer list is not read by anybody."""

HUMAN = -1
"""In place of a rule: a person decided."""

HUMAN_SCORE = 2.0


FITS_TWO = "fits two reports alike"
"""The reason given for a record that is as like one report as another, where those two conflict."""


@dataclass(frozen=True)
class Decided:
    """Pairs that a rule spoke for: positions, index into `RULES`, score."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    rule: NDArray[np.int16]
    score: NDArray[np.float32]
    weak: NDArray[np.bool_]

    def where(self, chosen: NDArray[np.bool_]) -> Decided:
        """The chosen pairs."""
        return Decided(
            self.left[chosen], self.right[chosen], self.rule[chosen], self.score[chosen], self.weak[chosen]
        )


@dataclass(frozen=True, slots=True)
class Link:
    """What records of two groups are to each other."""

    score: float
    left: int
    right: int
    relation: Relation
    rule: str


ALWAYS = frozenset(rule.name for rule in RULES if rule.always)
"""Reasons that are told however long the list is."""

SHOWN = (Relation.REVIEW, Relation.VERSION, Relation.COMPANION, Relation.UNRELATED)
"""Relations between groups in the order in which a row shows one: first what waits for a person."""


def decide_pairs(
    comparison: Comparison, left: Positions, right: Positions, progress: Progress | None = None
) -> Decided:
    """Compare and decide pairs; those that no rule speaks for are left out."""
    comparison.distrust_running_numbers(left, right)
    parts: list[Decided] = []
    for start in range(0, len(left), CHUNK):
        if progress:
            progress(COMPARED, start, len(left))
        a, b = left[start : start + CHUNK], right[start : start + CHUNK]
        decisions = decide(comparison.pairs(a, b))
        parts.append(
            Decided(a, b, decisions.rule, decisions.score, decisions.weak).where(decisions.rule >= 0)
        )
    if progress:
        progress(COMPARED, len(left), len(left))
    if not parts:
        empty = np.empty(0, dtype=np.int32)
        return Decided(empty, empty, empty.astype(np.int16), empty.astype(np.float32), empty.astype(np.bool_))
    return Decided(
        left=np.concatenate([part.left for part in parts]),
        right=np.concatenate([part.right for part in parts]),
        rule=np.concatenate([part.rule for part in parts]),
        score=np.concatenate([part.score for part in parts]),
        weak=np.concatenate([part.weak for part in parts]),
    )


def group_met(
    met: Met,
    *,
    of: int,
    separate: Iterable[tuple[str, str]] = (),
    same: Iterable[tuple[str, str]] = (),
    versions: Literal["link", "merge"] = "link",
    progress: Progress | None = None,
) -> dict[str, list[object]]:
    """The table of groups of the records that met another, `of` so many in all.

    The columns `GROUP_COLUMNS`, one row per record, in the order of `met.entries`.
    Raises `ScreeningError` when people say of two records both that they are the same and that they are not.
    """
    entries = met.entries
    position = {record: n for n, record in enumerate(entries.record)}
    joined, parted = _positions(same, position), _positions(separate, position)
    comparison = Comparison(entries)
    decided = decide_pairs(comparison, met.left, met.right, progress)
    if progress:
        progress("group records", 0, 1)
    edges, others, clusters = cluster_decided(entries, decided, joined, parted, versions)
    for join in clusters.refused:
        if join.rule == HUMAN:
            raise ScreeningError(
                f"people say that {entries.record[join.left]} and {entries.record[join.right]} are the same"
                " and that records of their groups are different",
                where="decisions of stage duplicate",
                fix="settle them by a row of a resolver",
            )
    rows = _Rows(entries, comparison, clusters.leader, most=max(int(of * REVIEW_SHARE), 2))
    rows.explain_members(edges, joined)
    rows.link(others, clusters, parted)
    return rows.table()


def cluster_decided(
    entries: Entries,
    decided: Decided,
    joined: set[tuple[int, int]],
    parted: set[tuple[int, int]],
    versions: Literal["link", "merge"],
) -> tuple[Decided, Decided, Clusters]:
    """The pairs that merge, the other pairs, and the clusters that both and people's decisions give."""
    merges = np.array(
        [
            rule.relation == Relation.DUPLICATE
            or (rule.relation == Relation.VERSION and rule.joins and versions == "merge")
            for rule in RULES
        ]
    )
    vetoes = np.array(
        [rule.veto or (rule.relation == Relation.VERSION and versions == "link") for rule in RULES]
    )
    edges = decided.where(merges[decided.rule])
    joins = [
        Join(a, b, score, rule, RULES[rule].across and versions == "merge", weak)
        for a, b, score, rule, weak in zip(
            edges.left.tolist(),
            edges.right.tolist(),
            edges.score.tolist(),
            edges.rule.tolist(),
            edges.weak.tolist(),
            strict=True,
        )
        if (a, b) not in parted
    ] + [Join(a, b, HUMAN_SCORE, HUMAN, across=True) for a, b in sorted(joined)]
    component = np.array(
        components(len(entries), ((join.left, join.right) for join in joins)), dtype=np.int64
    )
    against = decided.where(vetoes[decided.rule])
    against = against.where(component[against.left] == component[against.right])
    apart = set(zip(against.left.tolist(), against.right.tolist(), strict=True)) - joined | parted
    others = decided.where(~merges[decided.rule])
    unlike = others.where(component[others.left] == component[others.right])
    clusters = cluster(
        len(entries),
        joins,
        apart,
        entries.pmid,
        zip(unlike.left.tolist(), unlike.right.tolist(), strict=True),
    )
    return edges, others, clusters


def _positions(pairs: Iterable[tuple[str, str]], position: dict[str, int]) -> set[tuple[int, int]]:
    """Pairs of ids as pairs of positions, smaller first; pairs that name a record elsewhere are left out."""
    found = set()
    for one, two in pairs:
        if one in position and two in position and one != two:
            a, b = position[one], position[two]
            found.add((min(a, b), max(a, b)))
    return found


class _Rows:
    """The rows of the table while they are filled in."""

    def __init__(self, entries: Entries, comparison: Comparison, leader: Sequence[int], *, most: int) -> None:
        size = len(entries)
        self.most = most
        self.entries, self.comparison, self.leader = entries, comparison, leader
        self.relation = [Relation.UNRELATED] * size
        self.related: dict[int, set[int]] = {}
        self.reviewed: set[int] = set()
        self.rule = [""] * size
        self.score: list[float | None] = [None] * size
        self.evidence = [""] * size

    def explain_members(self, edges: Decided, joined: set[tuple[int, int]]) -> None:
        """Give every record that is not kept the best decision that holds it in its group.

        A decision against the kept record itself comes first, then the better score, then the smaller
        position.
        """
        best: dict[int, tuple[bool, float, int, int]] = {}
        pairs = [
            (a, b, score, rule)
            for a, b, score, rule in zip(
                edges.left.tolist(),
                edges.right.tolist(),
                edges.score.tolist(),
                edges.rule.tolist(),
                strict=True,
            )
            if self.leader[a] == self.leader[b]
        ] + [(a, b, HUMAN_SCORE, HUMAN) for a, b in sorted(joined)]
        for a, b, score, rule in pairs:
            for one, other in ((a, b), (b, a)):
                if self.leader[one] == one:
                    continue
                claim = (other == self.leader[one], score, -other, rule)
                if one not in best or claim > best[one]:
                    best[one] = claim
        ruled = sorted(n for n, claim in best.items() if claim[3] != HUMAN)
        texts = dict(zip(ruled, self._texts([(n, -best[n][2]) for n in ruled]), strict=True))
        for n, (_, score, other, rule) in best.items():
            self.related[n] = {self.leader[n]}
            if rule == HUMAN:
                self.relation[n], self.rule[n], self.score[n] = (
                    Relation.DUPLICATE,
                    GroupedBy.PERSON.value,
                    1.0,
                )
                self.evidence[n] = f"same as {self.entries.record[-other]}"
                continue
            self.relation[n] = RULES[rule].relation
            self.rule[n], self.score[n] = RULES[rule].name, score
            against = "" if -other == self.leader[n] else f"with {self.entries.record[-other]}: "
            self.evidence[n] = against + texts[n]

    def link(self, decided: Decided, clusters: Clusters, parted: set[tuple[int, int]]) -> None:
        """Name versions, companions and doubtful pairs on the kept records of both groups.

        A join that a conflict forbade is always told: to a person while the list is short, else in the
        evidence alone. A record that has links of several relations shows the strongest.
        """
        links = [
            Link(score, a, b, RULES[rule].relation, RULES[rule].name)
            for a, b, score, rule in zip(
                decided.left.tolist(),
                decided.right.tolist(),
                decided.score.tolist(),
                decided.rule.tolist(),
                strict=True,
            )
            if RULES[rule].relation in SHOWN[:3] and self.leader[a] != self.leader[b] and (a, b) not in parted
        ]
        told = [link for link in links if link.relation != Relation.REVIEW]
        settled = {self._groups(link) for link in told}
        doubtful = [link for link in links if link.relation == Relation.REVIEW]
        told += [link for link in doubtful if link.rule in ALWAYS]
        settled |= {self._groups(link) for link in told}
        told += self._to_review([link for link in doubtful if link.rule not in ALWAYS], settled)
        told += self._to_review(
            [
                Link(
                    join.score,
                    join.left,
                    join.right,
                    Relation.REVIEW,
                    FITS_TWO
                    if not clusters.torn.isdisjoint((join.left, join.right))
                    else f"{RULES[join.rule].name}, but a conflict in the group",
                )
                for join in clusters.refused
                if self.leader[join.left] != self.leader[join.right]
            ],
            settled,
            rest=Relation.UNRELATED,
        )
        found: dict[int, list[tuple[int, float, int, Link]]] = {}
        for link in told:
            one, other = self.leader[link.left], self.leader[link.right]
            for n, m in ((one, other), (other, one)):
                found.setdefault(n, []).append((SHOWN.index(link.relation), -link.score, m, link))
        best = {
            n: min(held, key=lambda h: (h[0], h[1], h[2], h[3].left, h[3].right)) for n, held in found.items()
        }
        texts = self._texts([(link.left, link.right) for _, _, _, link in best.values()])
        record = self.entries.record
        for (n, (strength, _, other, link)), text in zip(best.items(), texts, strict=True):
            self.relation[n], self.rule[n], self.score[n] = link.relation, link.rule, min(link.score, 1.0)
            self.related[n] = {m for rank, _, m, _ in found[n] if rank == strength}
            direct = {link.left, link.right} == {n, other}
            self.evidence[n] = text if direct else f"{record[link.left]} with {record[link.right]}: {text}"

    def _groups(self, link: Link) -> tuple[int, int]:
        one, other = self.leader[link.left], self.leader[link.right]
        return min(one, other), max(one, other)

    def _to_review(
        self, doubtful: list[Link], settled: set[tuple[int, int]], rest: Relation | None = None
    ) -> list[Link]:
        """The best-scored doubtful links while all name no more than `most` records; others as `rest`."""
        kept: list[Link] = []
        for link in sorted(doubtful, key=lambda held: (-held.score, held.left, held.right)):
            groups = self._groups(link)
            if groups in settled:
                continue
            new = set(groups) - self.reviewed
            if len(self.reviewed) + len(new) <= self.most:
                self.reviewed |= new
                kept.append(link)
            elif rest is not None:
                kept.append(replace(link, relation=rest))
        return kept

    def _texts(self, pairs: list[tuple[int, int]]) -> list[str]:
        if not pairs:
            return []
        left = np.array([min(pair) for pair in pairs], dtype=np.int32)
        right = np.array([max(pair) for pair in pairs], dtype=np.int32)
        compared = self.comparison.pairs(left, right)
        return [evidence(compared, n) for n in range(len(pairs))]

    def table(self) -> dict[str, list[object]]:
        """The columns of the table."""
        record = self.entries.record
        return {
            "record": list(record),
            "group": [record[leader] for leader in self.leader],
            "kept": [leader == n for n, leader in enumerate(self.leader)],
            "relation": [str(relation) for relation in self.relation],
            "related": [
                join_list(record[other] for other in sorted(self.related.get(n, ())))
                for n in range(len(record))
            ],
            "rule": list(self.rule),
            "score": [None if score is None else round(score, 4) for score in self.score],
            "evidence": list(self.evidence),
        }
