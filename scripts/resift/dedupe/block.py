"""Candidate pairs: two records are compared when they share a key.

Keys are 64-bit hashes in one array per key kind; records with equal keys stand together once the array
is sorted, so no index of strings is held. A key shared by many records says little: such a group is
not compared whole, only neighbours in the order of title and year.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resift.dedupe.normalise import Entries

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from resift.dedupe.packed import Packed

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


def keys(entries: Entries) -> Iterator[tuple[str, NDArray[np.uint64]]]:
    """The keys of every record, one kind after the other; 0 where a record has none.

    Long words and names stand for rare ones: unlike counting, they do not change when a file is added.
    """
    start, end = (hashed(list(map(_digits, pages))) for pages in (entries.start, entries.end))
    first, volume, year = hashed(entries.first), hashed(entries.volume), entries.year.astype(np.uint64)
    initials = hashed(list(map(_initials, entries.journal)))
    yield "doi", hashed(entries.doi)
    yield "pmid", hashed(entries.pmid)
    yield "registry", hashed(entries.registry)
    yield "series", hashed(entries.series)
    letters = [title.replace(" ", "") for title in entries.title]
    yield "title head", hashed([text[:40] if len(text) >= 8 else "" for text in letters])
    yield "title tail", hashed([text[-40:] if len(text) >= 20 else "" for text in letters])
    others = [title.replace(" ", "") for title in entries.other]
    yield "other title", hashed([text[:40] if len(text) >= 8 else "" for text in others])
    yield "page, volume, year", together(start, volume, year)
    yield "page, volume, author", together(start, volume, first)
    yield "pages, author", together(start, end, first)
    yield "page, year, author", together(start, year, first)
    yield "pages, volume", together(start, end, volume)
    yield "pages, year, journal", together(start, end, year, initials)
    yield "author, year, journal", together(first, year, initials)
    words = list(map(_long_words, entries.title))
    two_words = [" ".join(sorted(held[:2])) if len(held) > 3 else "" for held in words]
    yield "two long words, author", together(hashed(two_words), first)
    yield "three long words", hashed([" ".join(sorted(held[:3])) if len(held) > 4 else "" for held in words])
    yield "next long words", hashed([" ".join(sorted(held[1:4])) if len(held) > 5 else "" for held in words])
    yield "longest names, year", together(hashed(list(map(_longest_names, entries.authors))), year)
    yield "abstract", hashed([text[:80] for text in entries.abstract])


def _digits(page: str) -> str:
    return page if page.isdigit() else "".join(filter(str.isdigit, page))


def _initials(journal: str) -> str:
    return journal[:1] + journal.rpartition(" ")[2][:1]


def _long_words(text: str) -> list[str]:
    """The words of a text, each once, the longest first, as long ones by the alphabet."""
    words = sorted(set(text.split()))
    words.sort(key=len, reverse=True)
    return words


def _longest_names(names: str) -> str:
    longest = _long_words(names)[:2]
    return " ".join(sorted(longest)) if len(longest) > 1 else ""


def sharing(key: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The records that have a key in common with another, and for each how many have it."""
    order = np.argsort(key)
    _, first, number = np.unique(key[order], return_index=True, return_counts=True)
    number[key[order[first]] == 0] = 0
    shared_by = np.repeat(number, np.diff(np.append(first, len(key))))
    return order[shared_by > 1], shared_by[shared_by > 1]


def candidates(packed: Packed) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pairs (left, right) of records of which a key says that they may be one report, each once.

    Left is the record that stands first in the input; pairs are sorted.
    """
    size = len(packed)
    shared = [sharing(key) for key in packed.keys]
    crowded = [records[number > LARGE_BLOCK] for records, number in shared]
    place = np.zeros(size, dtype=np.int64)  # in the order of title, which only large blocks ask for
    by_title = _by_title(packed, np.unique(np.concatenate(crowded)))
    place[by_title] = np.arange(len(by_title))
    pairs: list[NDArray[np.int64]] = []
    for key, (records, _) in zip(packed.keys, shared, strict=True):
        ordered = records[np.argsort(place[records], kind="stable")]
        pairs.append(np.unique(pairs_of_key(key[ordered], ordered, size)))
    codes = np.unique(np.concatenate(pairs))
    return codes // max(size, 1), codes % max(size, 1)


def _by_title(packed: Packed, records: NDArray[np.int64]) -> NDArray[np.int64]:
    """The records in the order of their titles; where these are equal, in the order of trust."""
    order = sorted(records.tolist(), key=packed.trust)
    titles = packed.titles(np.array(order, dtype=np.int64))
    places = sorted(range(len(order)), key=titles.__getitem__)
    return np.array(order, dtype=np.int64)[places]


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
