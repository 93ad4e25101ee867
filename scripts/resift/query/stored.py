"""The records of a Parquet file as tables of some thousand, so that no query needs all of them in memory.

What one record answers hangs on that record alone, with one exception: whether a name of several words is
known (`Matcher.known`) is asked of all records, whichever table they stand in (`Stored.knows`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from resift.query.matching import Matcher
from resift.query.mesh import MeshTree
from resift.query.nodes import Leaf
from resift.query.table import QueryTable, normalised
from resift.records import Record, records_of

AT_ONCE = 2000
"""Records of one table: with their objects and their searchable form some 25 kB each."""

_NAMING = ("journal", "journal_abbreviation", "issn", "mesh")  # what `Matcher.known` reads


@dataclass(frozen=True, slots=True)
class StoredPart:
    """Some records that follow each other, by column (those of `resift.records`)."""

    columns: dict[str, list[Any]]

    @property
    def table(self) -> QueryTable:
        """The records made ready for searching, anew with every call."""
        return QueryTable(normalised(self.columns))

    def records(self) -> list[Record]:
        """The records as objects, in the order of the table."""
        return records_of(self.columns)


@dataclass(frozen=True, slots=True)
class Stored:
    """The records of `path`, or those of one `source` in it, read anew by whoever goes through them."""

    path: Path
    mesh: MeshTree | None = None
    source: str = ""
    _known: dict[tuple[str, str], bool] = field(default_factory=dict)

    def __iter__(self) -> Iterator[StoredPart]:
        """At least one part, which is empty where there are no records."""
        yield from self._parts(None)

    def knows(self, leaf: Leaf) -> bool:
        """Whether any record knows a name: `elsewhere` of `resift.query.evaluate`."""
        key = (leaf.field.tag, leaf.text)
        if key not in self._known:
            self._known[key] = any(
                Matcher(part.table, self.mesh).known(leaf) for part in self._parts(_NAMING)
            )
        return self._known[key]

    def _parts(self, columns: tuple[str, ...] | None) -> Iterator[StoredPart]:
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        from resift.arrow import column

        given = [*columns, "source"] if columns else None
        wanted = column([self.source or ""], pa.string())[0]  # text of Python's would import pandas
        some = False
        with pq.ParquetFile(self.path) as file:
            for batch in file.iter_batches(batch_size=AT_ONCE, columns=given):
                kept = batch.filter(pc.equal(batch["source"], wanted)) if self.source else batch
                if kept.num_rows:
                    some = True
                    yield StoredPart(kept.to_pydict())
            if not some:
                yield StoredPart({name: [] for name in given or file.schema_arrow.names})
