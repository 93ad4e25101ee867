"""Entries at rest: what finds pairs of them as numbers, the rest packed until a pair needs it.

Most records of a large input meet no other. Of these only numbers, the id and packed bytes are held, some
hundred bytes each; as objects of Python they would take a kilobyte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from resift.dedupe.block import hashed, keys
from resift.dedupe.known_links import references
from resift.dedupe.merge import trust
from resift.dedupe.normalise import Entries, concatenate, normalise, take
from resift.dedupe.places import page_number

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

SLICE = 20_000
"""Records that are normalised and packed at a time."""

_APART = ("record", "source")
"""What is held of every record as it is."""
_AT_REST = tuple(field.name for field in fields(Entries) if field.name not in _APART)
"""What is packed, in the order of the columns."""


@dataclass(slots=True)
class Packed:
    """Entries in the order of the input.

    `keys` has one row for each key of `resift.dedupe.block.keys`, one column for each record; `identity`
    likewise what makes two records worth comparing however unlike their titles (0 where it is absent).
    `titles_of` are hashes of whole titles. `linked` are records (positions) whose `links` name the PMIDs of
    `links_to` (hashes). `parts` are slices of the entries, packed.
    """

    record: list[str]
    source: list[str]
    keys: Numbers
    identity: Numbers
    title: Numbers
    pmid: Numbers
    other: NDArray[np.bool_]
    linked: NDArray[np.int64]
    links_to: Numbers
    parts: list[tuple[int, bytes]]

    def __len__(self) -> int:
        return len(self.record)

    def trust(self, position: int) -> tuple[int, tuple[str, int, str]]:
        """Where a record stands in the order in which records are kept."""
        return trust(self.record[position], self.source[position])

    def titles(self, positions: NDArray[np.int64]) -> list[str]:
        """The titles of some records, in their order."""
        found: list[str] = []
        order = np.argsort(positions, kind="stable")
        for part, rows in self._rows(positions[order]):
            found += _unpacked(part, ["title"]).column("title").take(rows).to_pylist()
        titles = [""] * len(found)
        for place, title in zip(order.tolist(), found, strict=True):
            titles[place] = title
        return titles

    def take(self, positions: Sequence[int]) -> Entries:
        """Some records, unpacked, in this order."""
        wanted = np.array(positions, dtype=np.int64)
        order = np.argsort(wanted, kind="stable")
        parts = [_entries(_unpacked(part).take(rows), len(rows)) for part, rows in self._rows(wanted[order])]
        back = np.empty(len(order), dtype=np.int64)
        back[order] = np.arange(len(order))
        entries = take(concatenate([normalise({"record": []}), *parts]), back.tolist())
        entries.record = [self.record[n] for n in positions]
        entries.source = [self.source[n] for n in positions]
        return entries

    def entries(self) -> Entries:
        """All records, unpacked."""
        return self.take(range(len(self)))

    def _rows(self, positions: NDArray[np.int64]) -> list[tuple[bytes, pa.Array]]:
        """The parts that hold the positions (in ascending order), and the rows in each."""
        import pyarrow as pa

        found = []
        start = 0
        for size, part in self.parts:
            first, last = np.searchsorted(positions, (start, start + size))
            if first < last:
                found.append((part, pa.array(positions[first:last] - start)))
            start += size
        return found


def pack(entries: Entries) -> Packed:
    """Entries packed, in one part."""
    named = dict(keys(entries))
    links = [(n, pmid) for n, links in enumerate(entries.links) for _, pmid in references(links)]
    digits = hashed(["".join(filter(str.isalnum, doi)) for doi in entries.doi])
    page = np.fromiter(map(page_number, entries.start), np.uint64, count=len(entries))
    return Packed(
        record=entries.record,
        source=entries.source,
        keys=np.stack(list(named.values())),
        identity=np.stack([digits, named["pmid"], named["registry"], named["series"], page]),
        title=hashed(entries.title),
        pmid=named["pmid"],
        other=np.fromiter(map(bool, entries.other), np.bool_, count=len(entries)),
        linked=np.array([n for n, _ in links], dtype=np.int64),
        links_to=hashed([pmid for _, pmid in links]),
        parts=[(len(entries), _packed(entries))],
    )


def pack_columns(columns: Mapping[str, Sequence[str]]) -> Packed:
    """The text columns of records normalised and packed, slice by slice."""
    size = len(columns["record"])
    return join(
        [
            pack(normalise({name: column[n : n + SLICE] for name, column in columns.items()}))
            for n in range(0, size, SLICE)
        ]
    )


def join(parts: Sequence[Packed]) -> Packed:
    """Packed entries one after the other."""
    if len(parts) == 1:
        return parts[0]
    parts = parts or [pack(normalise({"record": []}))]
    starts = np.cumsum([0, *map(len, parts[:-1])])
    return Packed(
        record=[record for part in parts for record in part.record],
        source=[source for part in parts for source in part.source],
        keys=np.concatenate([part.keys for part in parts], axis=1),
        identity=np.concatenate([part.identity for part in parts], axis=1),
        title=np.concatenate([part.title for part in parts]),
        pmid=np.concatenate([part.pmid for part in parts]),
        other=np.concatenate([part.other for part in parts]),
        linked=np.concatenate([part.linked + start for part, start in zip(parts, starts, strict=True)]),
        links_to=np.concatenate([part.links_to for part in parts]),
        parts=[one for part in parts for one in part.parts],
    )


def _packed(entries: Entries) -> bytes:
    import pyarrow as pa

    columns: dict[str, Any] = {}
    for name in _AT_REST:
        column = getattr(entries, name)
        columns[name] = pa.array(column, pa.string()) if isinstance(column, list) else column
    batch = pa.RecordBatch.from_pydict(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as stream:
        stream.write_batch(batch)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _unpacked(part: bytes, columns: Sequence[str] | None = None) -> pa.RecordBatch:
    import pyarrow as pa

    options = pa.ipc.IpcReadOptions(use_threads=False)
    if columns is not None:
        options.included_fields = [_AT_REST.index(name) for name in columns]
    with pa.ipc.open_stream(part, options=options) as stream:
        return stream.read_next_batch()


def _entries(batch: pa.RecordBatch, size: int) -> Entries:
    columns: dict[str, Any] = dict.fromkeys(_APART, [""] * size)
    for name in batch.schema.names:
        column = batch.column(name)
        as_text = column.type == "string"
        columns[name] = column.to_pylist() if as_text else column.to_numpy(zero_copy_only=False)
    return Entries(**columns)
