"""Candidate pairs: two records are compared when they share a key.

Keys are 64-bit hashes in one array per key kind; records with equal keys stand together once the array
is sorted, so no index of strings is held. A key shared by many records says little: such a group is
not compared whole, only neighbours in the order of title and year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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

CHUNK = 100_000
"""Records whose keys stand in memory as text at a time."""

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
    start, end = _chunked(entries.start, _digits), _chunked(entries.end, _digits)
    first, volume, year = hashed(entries.first), hashed(entries.volume), entries.year.astype(np.uint64)
    yield "doi", hashed(entries.doi)
    yield "pmid", hashed(entries.pmid)
    yield "registry", hashed(entries.registry)
    yield "series", hashed(entries.series)
    yield "title head", _chunked(entries.title, _head)
    yield "title tail", _chunked(entries.title, _tail)
    yield "other title", _chunked(entries.other, _head)
    yield "page, volume, year", together(start, volume, year)
    yield "page, volume, author", together(start, volume, first)
    yield "pages, author", together(start, end, first)
    yield "page, year, author", together(start, year, first)
    yield "pages, volume", together(start, end, volume)
    yield "pages, year, journal", together(start, end, year, _chunked(entries.journal, _initials))
    yield "author, year, journal", together(first, year, _chunked(entries.journal, _initials))
    two_words, three_words, next_words = _word_keys(entries.title)
    yield "two long words, author", together(two_words, first)
    yield "three long words", three_words
    yield "next long words", next_words
    yield "longest names, year", together(_chunked(entries.authors, _longest_names), year)
    yield "abstract", _chunked(entries.abstract, _abstract_head)


def _chunked(values: Sequence[str], key: Callable[[str], str]) -> NDArray[np.uint64]:
    """Hashes of `key(value)`, made in chunks so that the keys never stand in memory all at once."""
    return np.concatenate(
        [
            hashed([key(value) for value in values[n : n + CHUNK]])
            for n in range(0, max(len(values), 1), CHUNK)
        ]
    )


def _digits(page: str) -> str:
    return page if page.isdigit() else "".join(filter(str.isdigit, page))


def _head(title: str) -> str:
    letters = title.replace(" ", "")
    return letters[:40] if len(letters) >= 8 else ""


def _tail(title: str) -> str:
    letters = title.replace(" ", "")
    return letters[-40:] if len(letters) >= 20 else ""


def _initials(journal: str) -> str:
    return journal[:1] + journal.rpartition(" ")[2][:1]


def _long_words(text: str) -> list[str]:
    return sorted(set(text.split()), key=lambda word: (-len(word), word))


def _word_keys(titles: Sequence[str]) -> tuple[NDArray[np.uint64], ...]:
    """Hashes of the two longest words of each title, of the three longest, and of the second to fourth."""
    parts: list[tuple[NDArray[np.uint64], ...]] = []
    for n in range(0, max(len(titles), 1), CHUNK):
        held = [_long_words(title) for title in titles[n : n + CHUNK]]
        parts.append(
            (
                hashed([" ".join(sorted(words[:2])) if len(words) > 3 else "" for words in held]),
                hashed([" ".join(sorted(words[:3])) if len(words) > 4 else "" for words in held]),
                hashed([" ".join(sorted(words[1:4])) if len(words) > 5 else "" for words in held]),
            )
        )
    return tuple(np.concatenate(kind) for kind in zip(*parts, strict=True))


def _longest_names(names: str) -> str:
    longest = _long_words(names)[:2]
    return " ".join(sorted(longest)) if len(longest) > 1 else ""


def _abstract_head(abstract: str) -> str:
    return abstract[:80]


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
    for _, key in keys(entries):
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
