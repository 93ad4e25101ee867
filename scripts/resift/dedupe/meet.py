"""Which records are compared: pairs that share a key, and besides like titles, an identifier or a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from resift.dedupe.block import candidates, sharing
from resift.dedupe.headings import MANY_PLACES
from resift.dedupe.known_links import linked_pairs
from resift.dedupe.normalise import Entries
from resift.dedupe.packed import Packed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Positions = NDArray[np.int32]

WORTH_TITLE = 60.0
"""Titles less alike than this are compared further only when an identifier or the first page is shared."""

CHUNK = 1_000_000
"""Pairs whose titles stand in memory at a time."""

SCORED_BY_TWO = 20_000
"""From so many pairs on RapidFuzz scores with two threads; below, starting them costs more."""


@dataclass(frozen=True)
class Met:
    """The records that are compared, and the pairs of them.

    `entries` stand in the order in which records are kept (best first), so that neither the groups nor the
    kept records depend on the order of the input; `positions` are their places in the input. `left` and
    `right` are positions in `entries`, left the smaller, pairs sorted.
    """

    entries: Entries
    positions: list[int]
    left: Positions
    right: Positions


def meet(packed: Packed, named: Iterable[str] = ()) -> Met:
    """The records to compare and their pairs; records `named` by people are among the former.

    With the records of the pairs come those that say something about these by being there: linked ones, and
    those of a title that comes back.
    """
    left, right = candidates(packed)
    worth = worth_comparing(packed, left, right)
    left, right = left[worth], right[worth]
    asked = set(named)
    people = [n for n, record in enumerate(packed.record) if record in asked] if asked else []
    recurring, number = sharing(packed.title)
    held = [left, right, np.array(people, dtype=np.int64), recurring[number >= MANY_PLACES], _linked(packed)]
    positions = sorted(np.unique(np.concatenate(held)).tolist(), key=packed.trust)
    entries = packed.take(positions)
    place = np.zeros(len(packed), dtype=np.int64)
    place[positions] = np.arange(len(positions))
    one, other = place[left], place[right]
    links = np.array(sorted(linked_pairs(entries)), dtype=np.int64).reshape(-1, 2)
    smaller = np.concatenate((np.minimum(one, other), links[:, 0]))
    larger = np.concatenate((np.maximum(one, other), links[:, 1]))
    size = max(len(positions), 1)
    codes = np.unique(smaller * size + larger)
    return Met(entries, positions, (codes // size).astype(np.int32), (codes % size).astype(np.int32))


def worth_comparing(packed: Packed, left: NDArray[np.int64], right: NDArray[np.int64]) -> Bools:
    """Which pairs deserve the dearer measures: titles somewhat alike, or an identifier or page shared."""
    worth: Bools = packed.other[left] | packed.other[right]
    for name in packed.identity:
        worth |= (name[left] == name[right]) & (name[left] > 0)
    worth |= (packed.title[left] == 0) | (packed.title[right] == 0)
    asked = np.flatnonzero(~worth)
    for start in range(0, len(asked), CHUNK):
        some = asked[start : start + CHUNK]
        records, places = np.unique(np.concatenate((left[some], right[some])), return_inverse=True)
        letters = [title.replace(" ", "") for title in packed.titles(records)]
        texts = [letters[n] for n in places.tolist()]
        workers = 1 if len(some) < SCORED_BY_TWO else 2
        scores = process.cpdist(
            texts[: len(some)], texts[len(some) :], scorer=fuzz.ratio, dtype=np.float32, workers=workers
        )
        worth[some] = scores >= WORTH_TITLE
    return worth


def _linked(packed: Packed) -> NDArray[np.int64]:
    """The records that links of PubMed name or that have such links, where both are in the input."""
    if not len(packed.linked):
        return packed.linked
    found = np.isin(packed.pmid, packed.links_to) & (packed.pmid > 0)
    linking = packed.linked[np.isin(packed.links_to, packed.pmid)]
    return np.concatenate((np.flatnonzero(found), linking))
