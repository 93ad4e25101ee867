"""Whether thresholds and rules of deduplication hold on sets that they were not chosen on.

    .venv/bin/python benchmarks/dedupe_left_out.py [--sets stroke cardiac ...] [--records 1000]

Each threshold of `resift.dedupe.agreement.Thresholds` is moved down and up on every labelled set. Then one
set after the other is left out: on the others each threshold is chosen by cost (a wrongly removed record
counts as ten missed ones, in shares of what can be removed), and the left-out set is measured with what
was chosen. Last, each rule that merges is taken away: what is lost on which sets, and among the renderings
of real records (`dedupe_unseen.py`). A rule that only one set needs is suspect.

Needs `../shared/data/dedupe` and `../shared/data/pubmed` beside the project.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import dedupe as sets
import dedupe_unseen as unseen
import numpy as np
import pandas as pd

from resift.dedupe.agreement import CHOSEN, Agreement, Thresholds
from resift.dedupe.compare import Comparison, Pairs
from resift.dedupe.decide import scores
from resift.dedupe.groups import CHUNK, Decided, cluster_decided
from resift.dedupe.meet import meet
from resift.dedupe.model import Relation
from resift.dedupe.normalise import Entries, normalise, text_columns
from resift.dedupe.packed import pack
from resift.dedupe.read import read_entries
from resift.dedupe.rules import RULES

STEP = 5
"""Thresholds are moved down and up by so much."""

WRONG = 10
"""A record removed wrongly costs so many missed duplicates."""


@dataclass(frozen=True)
class Score:
    """Records removed rightly, wrongly, and not removed."""

    tp: int
    fp: int
    fn: int

    @property
    def cost(self) -> float:
        return (WRONG * self.fp + self.fn) / (self.tp + self.fn)

    @property
    def f1(self) -> float:
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn)

    def __str__(self) -> str:
        return f"TP {self.tp:6} FP {self.fp:3} FN {self.fn:4} F1 {self.f1:.4f}"


class Compared:
    """A set whose pairs are compared once and decided many times."""

    def __init__(self, name: str, entries: Entries, gold: Sequence[str]) -> None:
        self.name, self.met = name, meet(pack(entries))
        alone = sorted(set(range(len(entries))) - set(self.met.positions))
        self.gold = [gold[n] for n in (*self.met.positions, *alone)]

    @cached_property
    def parts(self) -> list[Pairs]:
        comparison = Comparison(self.met.entries)
        left, right = self.met.left, self.met.right
        comparison.distrust_running_numbers(left, right)
        found = []
        for start in range(0, len(left), CHUNK):
            found.append(comparison.pairs(left[start : start + CHUNK], right[start : start + CHUNK]))
        return found

    def score(self, least: Thresholds = CHOSEN, without: int = -1) -> Score:
        """The set decided with these thresholds, without one rule (by its index)."""
        parts = [self._decided(pairs, least, without) for pairs in self.parts]
        names = ("left", "right", "rule", "score", "weak")
        decided = Decided(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
        leader = cluster_decided(self.met.entries, decided, set(), set(), "merge")[2].leader
        alone = range(len(leader), len(self.gold))
        tp, fp, fn, _ = sets.record_level(self.gold, [*leader, *alone])
        return Score(tp, fp, fn)

    @staticmethod
    def _decided(p: Pairs, least: Thresholds, without: int) -> Decided:
        agreement = Agreement(p, least)
        rule = np.full(len(p), -1, dtype=np.int16)
        for number, line in reversed(list(enumerate(RULES))):
            if number != without:
                rule[line.holds(agreement, p)] = number
        weak = (p.generic | p.short) & (p.issue != 1) & (p.doi != 1) & (p.pmid != 1)
        weak &= ~agreement.abstract_same
        return Decided(p.left, p.right, rule, scores(p), weak).where(rule >= 0)


def labelled(name: str) -> Compared:
    paths = sets.files(name)
    table = pd.concat([pd.read_csv(p, dtype=str, keep_default_na=False) for p in paths])
    gold = dict(zip(table["record_id"], table["cluster_id"], strict=True))
    entries = read_entries(paths)
    return Compared(name, entries, [gold[record] for record in entries.record])


def rendered(size: int, seed: int) -> Compared:
    """Real records by three platforms each, with hard negatives among them."""
    records = unseen.load()
    step = max(len(records) // size, 2)
    rows = unseen.recall_rows(records[::step], seed) + unseen.negative_rows(records[1::step], size, seed)[0]
    entries = normalise(text_columns(pd.DataFrame(rows).fillna("")))
    return Compared("renderings", entries, [unseen.truth(record) for record in entries.record])


def moves() -> dict[str, list[Thresholds]]:
    """For each threshold: as it is, lower, higher."""
    return {
        field.name: [
            CHOSEN,
            *(replace(CHOSEN, **{field.name: getattr(CHOSEN, field.name) + d}) for d in (-STEP, STEP)),
        ]
        for field in fields(Thresholds)
    }


def report_thresholds(held: Sequence[Compared]) -> None:
    """Each threshold moved; then chosen on all sets but one, which is measured."""
    now = {one.name: one.score() for one in held}
    found: dict[tuple[str, Thresholds], Score] = {(name, CHOSEN): score for name, score in now.items()}
    print("thresholds moved: missed more / removed wrongly more, by set")
    for name, choices in moves().items():
        for choice in choices[1:]:
            told = []
            for one in held:
                score = found[one.name, choice] = one.score(choice)
                told.append(f"{one.name} {score.fn - now[one.name].fn:+}/{score.fp - now[one.name].fp:+}")
            print(f"  {name:16} {getattr(choice, name):3.0f}  " + "  ".join(told), flush=True)
    print("each set left out while thresholds are chosen on the others")
    for one in held:
        chosen = CHOSEN
        for name, choices in moves().items():
            best = min(
                choices, key=lambda choice: sum(found[o.name, choice].cost for o in held if o is not one)
            )
            chosen = replace(chosen, **{name: getattr(best, name)})
        other = ", ".join(
            f"{field.name} {getattr(chosen, field.name):.0f}"
            for field in fields(Thresholds)
            if getattr(chosen, field.name) != getattr(CHOSEN, field.name)
        )
        print(f"  {one.name:20} as chosen on all {now[one.name]}")
        print(
            f"  {'':20} left out         {one.score(chosen)}  ({other or 'the same thresholds'})", flush=True
        )


def report_rules(held: Sequence[Compared]) -> None:
    """What is missed, and what wrongly removed, without each rule that merges."""
    print("rules taken away: missed more / removed wrongly more, by set")
    whole = {one.name: one.score() for one in held}
    for number, rule in enumerate(RULES):
        if rule.relation is not Relation.DUPLICATE:
            continue
        told = []
        for one in held:
            now, score = whole[one.name], one.score(without=number)
            if score != now:
                told.append(f"{one.name} {score.fn - now.fn:+}/{score.fp - now.fp:+}")
        print(f"  {rule.name:52} " + ("  ".join(told) or "nothing"), flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", nargs="*", default=sets.SETS, choices=sets.SETS)
    parser.add_argument("--records", type=int, default=1000, help="rendered records (for rules only)")
    args = parser.parse_args()
    held = [labelled(name) for name in args.sets]
    report_thresholds(held)
    report_rules([*held, rendered(args.records, 11)])


if __name__ == "__main__":
    main()
