"""Candidate pairs: two records are compared when they share a key.

Keys are 64-bit hashes in one array per key kind; records with equal keys stand together once the array
is sorted, so no index of strings is held. A key shared by many records says little: such a group is
not compared whole, only neighbours in the order of title and year.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resift.dedupe.normalise import Entries

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGE_BLOCK = 150
"""Blocks up to this size are compared whole."""

WINDOW = 8
"""In larger blocks each record is compared with so many that follow it, sorted by title."""

_MIX = np.uint64(0x9E3779B97F4A7C15)


def hashed(values: Sequence[str]) -> NDArray[np.uint64]:
    """A 64-bit hash of each string, the same on every machine; 0 for ""."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    if not len(array):
        return np.empty(0, dtype=np.uint64)
    result: NDArray[np.uint64] = pd.util.hash_array(array, categorize=False)
    result[array == ""] = 0
    return result


def together(*hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One key from several; absent (0) where any of them is."""
    present = np.ones(len(hashes[0]), dtype=bool)
    mixed = np.zeros(len(hashes[0]), dtype=np.uint64)
    for part in hashes:
        present &= part != 0
        mixed = (mixed ^ part) * _MIX
        mixed ^= mixed >> np.uint64(29)
    mixed[~present] = 0
    return mixed


def keys(entries: Entries) -> dict[str, NDArray[np.uint64]]:
    """The keys of every record, by name; 0 where a record has none."""
    letters = ["".join(title.split()) for title in entries.title]
    start = hashed(["".join(filter(str.isdigit, page)) for page in entries.start])
    end = hashed(["".join(filter(str.isdigit, page)) for page in entries.end])
    first, volume, year = hashed(entries.first), hashed(entries.volume), entries.year.astype(np.uint64)
    journal = hashed([name[:1] + name.rpartition(" ")[2][:1] for name in entries.journal])
    names = [sorted(names.split(), key=lambda n: (-len(n), n))[:2] for names in entries.authors]
    long_words = [sorted(set(title.split()), key=lambda w: (-len(w), w)) for title in entries.title]
    return {
        "doi": hashed(entries.doi),
        "pmid": hashed(entries.pmid),
        "registry": hashed(entries.registry),
        "series": hashed(entries.series),
        "title head": hashed([text[:40] if len(text) >= 8 else "" for text in letters]),
        "title tail": hashed([text[-40:] if len(text) >= 20 else "" for text in letters]),
        "other title": hashed(["".join(text.split())[:40] for text in entries.other]),
        "page, volume, year": together(start, volume, year),
        "page, volume, author": together(start, volume, first),
        "pages, author": together(start, end, first),
        "page, year, author": together(start, year, first),
        "pages, volume": together(start, end, volume),
        "pages, year, journal": together(start, end, year, journal),
        "two long words, author": together(
            hashed([" ".join(sorted(w[:2])) if len(w) > 3 else "" for w in long_words]), first
        ),
        "three long words": hashed([" ".join(sorted(w[:3])) if len(w) > 4 else "" for w in long_words]),
        "next long words": hashed([" ".join(sorted(w[1:4])) if len(w) > 5 else "" for w in long_words]),
        "longest names, year": together(
            hashed([" ".join(sorted(n)) if len(n) > 1 else "" for n in names]), year
        ),
        "abstract": hashed([text[:80] for text in entries.abstract]),
    }


def candidates(
    entries: Entries, more: Sequence[tuple[int, int]] = ()
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Positions (left, right) of the pairs to compare, each once, left < right, sorted.

    `more` are pairs of positions (smaller first) to compare whatever their keys.
    """
    size = len(entries)
    order = np.empty(size, dtype=object)
    order[:] = entries.title
    by_title = np.argsort(order, kind="stable") if size else np.empty(0, dtype=np.int64)
    pairs: list[NDArray[np.int64]] = []
    for key in keys(entries).values():
        found = np.unique(pairs_of_key(key[by_title], by_title, size))
        pairs.append(found)
    pairs.append(np.array([a * size + b for a, b in more], dtype=np.int64))
    codes = np.unique(np.concatenate(pairs))
    return (codes // max(size, 1)).astype(np.int32), (codes % max(size, 1)).astype(np.int32)


def pairs_of_key(key: NDArray[np.uint64], position: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Codes `left * size + right` of the pairs that share `key`; `position` maps rows to records."""
    held = np.flatnonzero(key)
    held = held[np.argsort(key[held], kind="stable")]
    value = key[held]
    if len(value) < 2:
        return np.empty(0, dtype=np.int64)
    starts = np.flatnonzero(np.concatenate(([True], value[1:] != value[:-1])))
    length = np.diff(np.concatenate((starts, [len(value)])))
    reach = np.repeat(np.where(length > LARGE_BLOCK, WINDOW, length), length)
    last = np.repeat(starts + length, length)
    place = np.arange(len(value))
    left = held[:0]
    found: list[NDArray[np.int64]] = []
    for step in range(1, int(min(length.max(), LARGE_BLOCK))):
        place = place[(place + step < last[place]) & (step <= reach[place])]
        if not len(place):
            break
        left, right = position[held[place]], position[held[place + step]]
        found.append(np.minimum(left, right) * size + np.maximum(left, right))
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)
