"""The two metrics of the labelled sets, and the sets themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from resift.dedupe.normalise import Entries
from resift.dedupe.read import read_entries


class Score(NamedTuple):
    """True positives, false positives, false negatives and F1."""

    tp: int
    fp: int
    fn: int
    f1: float


def files(shared: Path, name: str) -> list[Path]:
    """The parts of a labelled set in order."""
    return sorted((shared / "dedupe" / name).glob("records*.csv.gz"))


def entries_of(shared: Path, name: str) -> Entries:
    return read_entries(files(shared, name))


def gold_of(shared: Path, name: str) -> dict[str, str]:
    """The gold group of every record."""
    parts = [
        pd.read_csv(path, dtype=str, keep_default_na=False, usecols=["record_id", "cluster_id"])
        for path in files(shared, name)
    ]
    table = pd.concat(parts)
    return dict(zip(table["record_id"], table["cluster_id"], strict=True))


def record_level(gold: Sequence[Hashable], kept: Sequence[bool]) -> Score:
    """Per gold group one record must stay: each removed one is a TP, each further kept one a FN.

    A group (or single record) that is removed as a whole is a FP.
    """
    size: Counter[Hashable] = Counter(gold)
    stays: Counter[Hashable] = Counter(g for g, k in zip(gold, kept, strict=True) if k)
    tp = sum(n - max(stays[g], 1) for g, n in size.items())
    fp = sum(1 for g in size if not stays[g])
    fn = sum(max(stays[g] - 1, 0) for g in size)
    return Score(tp, fp, fn, 2 * tp / (2 * tp + fp + fn))


def pairwise(gold: Sequence[Hashable], group: Sequence[Hashable]) -> Score:
    """All pairs inside predicted groups against all gold pairs."""

    def pairs(values: Sequence[Hashable]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(values).values())

    tp = pairs(list(zip(gold, group, strict=True)))
    fp, fn = pairs(group) - tp, pairs(gold) - tp
    return Score(tp, fp, fn, 2 * tp / (2 * tp + fp + fn))


def pairs_of_groups(groups: Sequence[Hashable]) -> set[tuple[int, int]]:
    """All pairs of positions that share a group, smaller first."""
    members: dict[Hashable, list[int]] = defaultdict(list)
    for n, group in enumerate(groups):
        members[group].append(n)
    return {(a, b) for held in members.values() for i, a in enumerate(held) for b in held[i + 1 :]}
