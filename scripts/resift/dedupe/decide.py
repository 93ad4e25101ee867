"""The decision on each pair: the first rule of the evidence table that holds, and how well it agrees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resift.dedupe.agreement import Agreement
from resift.dedupe.compare import Pairs
from resift.dedupe.rules import RULES

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Decisions:
    """For each pair the index of the rule that decided (-1 for none) and a score from 0 to 1.

    `weak`: a title that comes back, with neither issue, DOI nor abstract to tell whose it is.
    """

    rule: NDArray[np.int16]
    score: NDArray[np.float32]
    weak: NDArray[np.bool_]


def decide(pairs: Pairs) -> Decisions:
    """The first rule of the evidence table that holds for each pair, and how well the pair agrees."""
    agreement = Agreement(pairs)
    rule = np.full(len(pairs), -1, dtype=np.int16)
    for number, line in reversed(list(enumerate(RULES))):
        rule[line.holds(agreement, pairs)] = number
    p = pairs
    weak = (p.generic | p.short) & (p.issue != 1) & (p.doi != 1) & (p.pmid != 1) & ~agreement.abstract_same
    return Decisions(rule=rule, score=scores(pairs), weak=weak)


WEIGHTS = {"title": 4.0, "authors": 2.0, "journal": 1.0, "abstract": 1.0}
PLACE_WEIGHTS = {
    "volume": 1.0,
    "issue": 0.5,
    "start": 2.0,
    "end": 0.5,
    "doi": 2.0,
    "pmid": 4.0,
    "registry": 1.0,
}


SCANT = 1.5
"""Added to the weight of what two records say, so that agreement in little scores below agreement in much."""


def scores(pairs: Pairs) -> NDArray[np.float32]:
    """How well a pair agrees, 0 to 1: the weighted mean of the fields that both fill, less for few fields."""
    total = np.zeros(len(pairs), dtype=np.float32)
    weight = np.zeros(len(pairs), dtype=np.float32)
    for name, w in WEIGHTS.items():
        value = getattr(pairs, name)
        said = value >= 0
        total += np.where(said, value / 100 * w, 0)
        weight += said * np.float32(w)
    for name, w in PLACE_WEIGHTS.items():
        value = getattr(pairs, name)
        total += (value == 1) * np.float32(w)
        weight += (value != 0) * np.float32(w)
    said = pairs.year_gap >= 0
    total += np.where(said, 1 / (1 + np.maximum(pairs.year_gap, 0)), 0).astype(np.float32)
    weight += said
    return np.round(total / (weight + np.float32(SCANT)), 4).astype(np.float32)
