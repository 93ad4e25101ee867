"""One file of an archive as a table to search: columns are read when a query asks for them."""

from __future__ import annotations

from functools import cached_property

import pyarrow as pa

from resift.archive.index import FileIndex, Integers
from resift.archive.words import StoredCorpus
from resift.query.table import Corpus, Facet, QueryTable


class ShardTable(QueryTable):
    """The records of one file that stand, in the order of the file (`rows`, ascending).

    Answers as the same records in one `QueryTable` do. Any reading may raise `DamagedIndexError`.
    """

    def __init__(self, index: FileIndex, rows: Integers) -> None:
        self._index = index
        self._rows = rows
        self._corpora: dict[str, Corpus] = {}
        self._facets = {}
        self._arrays = {}

    def __len__(self) -> int:
        return len(self._rows)

    @cached_property
    def table(self) -> pa.Table:
        """All columns, read at once."""
        return self._index.query_text(self._rows)

    def column(self, name: str) -> pa.ChunkedArray:
        """One column, read by itself."""
        return self._index.query_text(self._rows, [name]).column(name)

    def corpus(self, name: str) -> Corpus:
        """A text column, by the places of its words."""
        if name not in self._corpora:
            self._corpora[name] = StoredCorpus(self._index.words, name, self._rows)
        return self._corpora[name]

    def facet(self, name: str) -> Facet:
        """A list column, as it was coded."""
        if name not in self._facets:
            self._facets[name] = self._index.facets.facet(name, self._rows)
        return self._facets[name]
