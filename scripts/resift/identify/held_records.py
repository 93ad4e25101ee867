"""The records that a run holds already, to match strings against; whole ones only where asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from resift.formats.citations import MATCH_COLUMNS, CitationIndex
from resift.records import Record, iter_records, iter_rows, with_references


class HeldRecords(Protocol):
    """Records held, as those who resolve references ask for them."""

    @property
    def index(self) -> CitationIndex:
        """All of them, to match strings against."""

    def whole(self, *, names: Collection[str] = (), pmids: Collection[str] = ()) -> list[Record]:
        """Those with one of these ids or PMIDs, with their reference lists."""


@dataclass(frozen=True)
class InMemory:
    """A few records."""

    records: Sequence[Record] = ()

    @cached_property
    def index(self) -> CitationIndex:
        """See `HeldRecords`."""
        return CitationIndex.from_records(self.records)

    def whole(self, *, names: Collection[str] = (), pmids: Collection[str] = ()) -> list[Record]:
        """See `HeldRecords`."""
        return [record for record in self.records if record.record in names or record.pmid in pmids]


@dataclass(frozen=True)
class OnDisk:
    """The records of a lane: of all no more is read than strings are matched by, and that once."""

    path: Path
    references: Path

    @cached_property
    def index(self) -> CitationIndex:
        """See `HeldRecords`."""
        return CitationIndex(iter_rows(self.path, MATCH_COLUMNS))

    def whole(self, *, names: Collection[str] = (), pmids: Collection[str] = ()) -> list[Record]:
        """See `HeldRecords`. Reads the table through."""
        if not names and not pmids:
            return []
        found = [one for one in iter_records(self.path) if one.record in names or one.pmid in pmids]
        return with_references(found, self.references)


NONE = InMemory()
