"""Where every word of a shard stands: what makes a query over a whole archive cost its hits, not its text.

One Parquet file for each shard, one row for each distinct word of each text column, sorted: the word, and
the places where it stands, counted in words over all records of the column. Places grow, so that Parquet's
delta encoding stores one in about a byte; row groups are small, so that a query reads the words it asks
for and no others. The answers are those of `resift.query.table.Corpus`, which scans the text itself.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from resift.arrow import as_numpy, column, from_numpy, list_column
from resift.query.table import TEXT_COLUMNS, Corpus, Mask
from resift.query.wildcard import fits

Integers = npt.NDArray[np.int64]

_SCHEMA = pa.schema([("word", pa.string()), ("places", pa.list_(pa.int32()))])
# Words, and places, to a row group: small enough that a rare word costs little beside a frequent one.
_MOST_WORDS = 512
_MOST_PLACES = 1 << 13
_GROUPS = b"resift.groups"


def write_words(columns: Callable[[str], Iterable[pa.Array]], words: Path, lengths: Path) -> None:
    """Write the words of the text columns of a shard, and how many each record holds.

    `columns(name)` gives a column in parts. Memory: the words of one column, about 12 bytes each.
    """
    groups: list[tuple[str, str]] = []
    counted: dict[str, npt.NDArray[np.int32]] = {}
    with pq.ParquetWriter(
        words,
        _SCHEMA,
        compression="zstd",
        use_dictionary=False,
        column_encoding={"word": "DELTA_BYTE_ARRAY", "places.list.element": "DELTA_BINARY_PACKED"},
        write_page_checksum=True,
        write_statistics=False,
    ) as writer:
        for name in TEXT_COLUMNS:
            vocabulary, first, places, counted[name] = _numbered(columns(name))
            start = 0
            while start < len(vocabulary):
                stop = bisect_right(first, int(first[start]) + _MOST_PLACES, lo=start + 1) - 1
                stop = min(max(stop, start + 1), start + _MOST_WORDS, len(vocabulary))
                offsets = first[start : stop + 1]
                listed = list_column(from_numpy(places[offsets[0] : offsets[-1]]), offsets - offsets[0])
                part = pa.Table.from_arrays([vocabulary.slice(start, stop - start), listed], schema=_SCHEMA)
                writer.write_table(part, row_group_size=stop - start)
                groups.append((name, vocabulary[start].as_py()))
                start = stop
        writer.add_key_value_metadata({_GROUPS: json.dumps(groups)})
    lengths_of = pa.table({name: from_numpy(sizes) for name, sizes in counted.items()})
    pq.write_table(lengths_of, lengths, compression="zstd", write_page_checksum=True)


def _numbered(
    parts: Iterable[pa.Array],
) -> tuple[pa.Array, Integers, npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Of one column: the distinct words sorted, where the places of each begin, places, words a record."""
    coded, lengths = [], []
    for part in parts:
        words = pc.split_pattern(part, " ")
        empty = as_numpy(pc.binary_length(part)) == 0
        # Splitting "" gives one empty word.
        lengths.append(np.where(empty, 0, np.diff(as_numpy(words.offsets))).astype(np.int32))
        flat = words.flatten()
        coded.append(flat.filter(pc.binary_length(flat).cast(pa.bool_())).dictionary_encode())
    whole = pa.chunked_array(coded, type=pa.dictionary(pa.int32(), pa.string())).unify_dictionaries()
    counts = np.concatenate(lengths) if lengths else np.zeros(0, dtype=np.int32)
    if not len(whole):
        return column([], pa.string()), np.zeros(1, dtype=np.int64), np.zeros(0, np.int32), counts
    dictionary = whole.chunk(0).dictionary
    order = pc.sort_indices(dictionary)
    rank = np.empty(len(dictionary), dtype=np.int64)
    rank[as_numpy(order).astype(np.int64)] = np.arange(len(dictionary))
    ranks = rank[np.concatenate([as_numpy(chunk.indices) for chunk in whole.chunks])]
    # Two stable sorts by 16 bits each are radix sorts, ten times as fast as one by the whole number.
    places = np.argsort((ranks & 0xFFFF).astype(np.uint16), kind="stable")
    if len(dictionary) > 0xFFFF:
        places = places[np.argsort((ranks >> 16).astype(np.uint16)[places], kind="stable")]
    first = np.concatenate([[0], np.cumsum(np.bincount(ranks, minlength=len(dictionary)))])
    return dictionary.take(order), first.astype(np.int64), places.astype(np.int32), counts


class ShardWords:
    """The words of one shard, read as they are asked for."""

    def __init__(
        self, words: pq.ParquetFile, lengths: pa.Table, attempt: Callable[[Callable[[], Any]], Any]
    ) -> None:
        self._file = words
        self._lengths = lengths
        self._attempt = attempt  # turns what damaged bytes raise into what the archive mends
        listed = json.loads(words.metadata.metadata[_GROUPS])
        self._groups = {
            column: [(first, n) for n, (name, first) in enumerate(listed) if name == column]
            for column in TEXT_COLUMNS
        }

    def close(self) -> None:
        """Close the file; nothing can be read of it afterwards."""
        self._file.close()

    def length(self, column: str) -> npt.NDArray[np.int32]:
        """Words of each record in a text column; 0: the field is empty."""
        return as_numpy(self._lengths.column(column))

    def between(self, column: str, low: str, high: str) -> tuple[list[str], list[Integers]]:
        """The words from `low` to `high` (both included) with their places."""
        groups = self._groups[column]
        start = max(bisect_right(groups, low, key=lambda group: group[0]) - 1, 0)
        stop = bisect_right(groups, high, key=lambda group: group[0])
        words: list[str] = []
        places: list[Integers] = []
        for _, n in groups[start:stop]:
            table = self._attempt(partial(self._file.read_row_group, n, use_threads=False)).combine_chunks()
            known = table.column("word").to_pylist()
            first, last = bisect_left(known, low), bisect_right(known, high)
            if first == last:
                continue
            listed = table.column("places").combine_chunks()
            offsets = as_numpy(listed.offsets)
            values = as_numpy(listed.values)
            words += known[first:last]
            places += [values[offsets[at] : offsets[at + 1]].astype(np.int64) for at in range(first, last)]
        return words, places

    def vocabulary(self, column: str) -> list[str]:
        """All distinct words of a text column, sorted."""
        found: list[str] = []
        for _, n in self._groups[column]:
            part = self._attempt(partial(self._file.read_row_group, n, columns=["word"]))
            found += part.column("word").to_pylist()
        return found


class StoredCorpus(Corpus):
    """A text column of the records of a shard that stand, by the places of its words.

    `rows` are the rows of the shard that stand, ascending; positions count among them.
    """

    def __init__(self, words: ShardWords, column: str, rows: Integers) -> None:
        self._words = words
        self._column = column
        self._rows = rows
        lengths = words.length(column)
        self.starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        self.empty: Mask = lengths[rows] == 0
        self._position: Integers = np.full(len(lengths), -1, dtype=np.int64)
        self._position[rows] = np.arange(len(rows))
        self._found: dict[str, Integers] = {}

    @cached_property
    def vocabulary(self) -> list[str]:
        """The distinct words, those of superseded records among them."""
        return self._words.vocabulary(self._column)

    def places(self, words: Sequence[str]) -> Integers:
        """Where (counted in words over all records) the words stand one after the other."""
        at = self._of(words[0]) if words else np.zeros(0, dtype=np.int64)
        for ahead, word in enumerate(words[1:], 1):
            if not len(at):
                break
            at = at[_held(at + ahead, self._of(word))]
        return self._within_one(at, len(words))

    def _of(self, word: str) -> Integers:
        """The places of the words that a term's word stands for, ascending."""
        if word not in self._found:
            prefix, star, _ = word.partition("*")
            known, places = self._words.between(
                self._column, prefix, prefix + "\U0010ffff" if star else prefix
            )
            chosen = [at for name, at in zip(known, places, strict=True) if not star or fits(word, name)]
            merged = np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.int64)
            self._found[word] = np.sort(merged) if len(chosen) > 1 else merged
        return self._found[word]

    def _owner(self, places: Integers) -> Integers:
        rows: Integers = np.searchsorted(self.starts, places, side="right") - 1
        return rows

    def holding(self, words: Sequence[str]) -> Mask:
        """The records that hold the words one after the other (a mask not to be written to)."""
        places = self.places(words)
        if not len(places):
            return self.nowhere
        held = self._position[self._owner(places)]
        found: Mask = np.zeros(len(self), dtype=np.bool_)
        found[held[held >= 0]] = True
        return found

    def around(self, position: int, words: Collection[str]) -> list[tuple[int, str]]:
        """Where some words (and `|`, which parts values) stand in one record, in their order."""
        row = self._rows[position]
        found: list[tuple[int, str]] = []
        for word in {*words, "|"}:
            places = self._of(word)
            start, stop = np.searchsorted(places, self.starts[row : row + 2])
            found += [(at, word) for at in (places[start:stop] - self.starts[row]).tolist()]
        return sorted(found)


def _held(places: Integers, among: Integers) -> Mask:
    """Which of the places (ascending) stand in another ascending list."""
    at = np.searchsorted(among, places)
    inside = at < len(among)
    held: Mask = np.zeros(len(places), dtype=np.bool_)
    held[inside] = among[at[inside]] == places[inside]
    return held
