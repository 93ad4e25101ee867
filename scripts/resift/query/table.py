"""Records made ready for searching: one normalised text per field group, coded lists, dates.

There is no inverted index. A text column holds, for each record, ` word word | word word \\n`: blanks
around every word, `|` between values (title, abstract, other abstract, each affiliation), so that a
phrase is a literal search and never crosses from one value to the next. Lists with few distinct values
(headings, publication types, keywords, authors) are coded: a term is looked for among the distinct
values and the records that carry them follow by array look-up.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from resift.query.text import normalise

if TYPE_CHECKING:
    import pandas as pd

NORMALISER_VERSION = 1
"""Raise it whenever `normalised` gives other columns or other text: caches are keyed by it."""

Mask = npt.NDArray[np.bool_]

TEXT_COLUMNS = ("title", "abstract", "vernacular", "affiliation")
LIST_COLUMNS = (
    "keywords", "mesh", "languages", "publication_types", "authors", "collective", "journal", "substances",
    "registry_numbers", "supplementary", "identifiers", "grants", "registries", "volume", "issue", "pages",
    "links", "status",
)  # fmt: skip
DATE_COLUMNS = ("print_date", "electronic_date", "entered", "entrez_date", "mesh_date", "revised")


def schema() -> pa.Schema:
    """Columns of a normalised table: `record`, `pmid` (0: none), text, lists, dates as yyyymmdd (0: none)."""
    return pa.schema(
        [
            ("record", pa.string()),
            ("pmid", pa.int64()),
            *((name, pa.string()) for name in TEXT_COLUMNS),
            *((name, pa.list_(pa.string())) for name in LIST_COLUMNS),
            *((name, pa.int32()) for name in DATE_COLUMNS),
        ]
    )


def normalised(frame: pd.DataFrame) -> pa.Table:
    """The searchable form of a records table (columns of `resift.records`), one row per record in its order.

    Columns that the frame lacks count as empty. Storable as Parquet; depends on `NORMALISER_VERSION`.
    """
    size = len(frame)

    def texts(name: str) -> list[str]:
        if name not in frame.columns:
            return [""] * size
        return list(frame[name].astype("string").fillna(""))

    def lists(name: str) -> list[Sequence[str]]:
        if name not in frame.columns:
            return [()] * size
        return [() if value is None or isinstance(value, float) else value for value in frame[name]]

    substances = [[v.partition("|") for v in values] for values in lists("substances")]
    years = texts("year")
    columns: dict[str, list[Any]] = {
        "record": texts("record"),
        "pmid": [int(v) if re.fullmatch(r"[0-9]{1,18}", v) else 0 for v in texts("pmid")],
        "title": [_padded((v,)) for v in texts("title")],
        "abstract": [_padded(v) for v in zip(texts("abstract"), texts("other_abstract"), strict=True)],
        "vernacular": [_padded((v,)) for v in texts("vernacular_title")],
        "affiliation": [_padded(_distinct(v)) for v in lists("affiliations")],
        "mesh": [[mesh_value(v) for v in values] for values in lists("mesh")],
        "journal": [
            _values(v)
            for v in zip(texts("journal"), texts("journal_abbreviation"), texts("issn"), strict=True)
        ],
        "substances": [_values(part[0] for part in parts) for parts in substances],
        "registry_numbers": [_values(part[2] for part in parts) for parts in substances],
        "identifiers": [_values(v) for v in zip(texts("doi"), texts("pmcid"), strict=True)],
        "pages": [_values((v, v.partition("-")[0])) for v in texts("pages")],
        "links": [sorted({v.partition(":")[0].lower() for v in values}) for values in lists("links")],
        "status": [_values((v, kind)) for v, kind in zip(texts("status"), texts("type"), strict=True)],
        "collective": [_values(v) for v in lists("collective_authors")],
        "supplementary": [_values(v) for v in lists("supplementary_concepts")],
        "print_date": [
            _day(printed) or (0 if electronic else _day(year))
            for printed, electronic, year in zip(
                texts("print_date"), texts("electronic_date"), years, strict=True
            )
        ],
    }
    for name in ("keywords", "languages", "publication_types", "grants", "registries", "authors"):
        columns[name] = [_values(v) for v in lists(name)]
    for name in ("volume", "issue"):
        columns[name] = [_values((v,)) for v in texts(name)]
    for name in DATE_COLUMNS[1:]:
        columns[name] = [_day(v) for v in texts(name)]
    return pa.table({f.name: pa.array(columns[f.name], type=f.type) for f in schema()}, schema=schema())


def _padded(values: Iterable[str]) -> str:
    words = [text for text in map(normalise, values) if text]
    return f" {' | '.join(words)} \n" if words else ""


def _values(values: Iterable[str]) -> list[str]:
    return [text for text in map(normalise, _distinct(values)) if text]


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def mesh_value(entry: str) -> str:
    """`Liver Neoplasms/analogs & derivatives*` as `liver neoplasms/analogs and derivatives*`."""
    descriptor, _, qualifier = entry.partition("/")
    return "/".join(_starred(part) for part in (descriptor, qualifier) if part)


def _starred(part: str) -> str:
    return normalise(part.replace("&", " and ")) + ("*" if part.rstrip().endswith("*") else "")


def _day(text: str) -> int:
    """yyyymmdd; PubMed indexes a date without month or day on the first of the month or of January."""
    match = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    return int(match[1] + (match[2] or "01") + (match[3] or "01")) if match else 0


class Corpus:
    """One text column as a single run of bytes with the offset where each record begins."""

    def __init__(self, column: pa.ChunkedArray | pa.Array) -> None:
        whole = column.cast(pa.large_string())
        if isinstance(whole, pa.ChunkedArray):
            whole = whole.combine_chunks()
        offsets = np.frombuffer(whole.buffers()[1], dtype=np.int64)[whole.offset :][: len(whole) + 1]
        data = whole.buffers()[2]
        self.starts: npt.NDArray[np.int64] = (
            offsets if len(offsets) else np.zeros(len(whole) + 1, dtype=np.int64)
        )
        self.data: bytes = data.to_pybytes() if data is not None else b""
        self._starts = self.starts.tolist()

    def __len__(self) -> int:
        return len(self._starts) - 1

    def text(self, position: int) -> bytes:
        """The normalised text of one record."""
        return self.data[self._starts[position] : self._starts[position + 1]]

    def literal(self, needle: bytes) -> Mask:
        """The records that hold a literal."""
        found = np.zeros(len(self), dtype=np.bool_)
        data, starts, hits = self.data, self._starts, []
        at = data.find(needle, starts[0])
        while at >= 0:
            position = bisect_right(starts, at) - 1
            if position >= len(self):
                break
            hits.append(position)
            at = data.find(needle, starts[position + 1])
        found[hits] = True
        return found

    def regex(self, pattern: re.Pattern[bytes]) -> Mask:
        """The records that hold a match of a pattern, which must not match a line break."""
        found = np.zeros(len(self), dtype=np.bool_)
        at = [match.start() for match in pattern.finditer(self.data)]
        inside = np.searchsorted(self.starts, np.array(at, dtype=np.int64), side="right") - 1
        found[inside[inside < len(self)]] = True
        return found

    @cached_property
    def empty(self) -> Mask:
        """The records without any text here."""
        mask: Mask = np.diff(self.starts) == 0
        return mask


class Facet:
    """One list column, coded: its distinct values, and which record carries which."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        self.size = len(whole)
        self.parents: npt.NDArray[np.int64] = np.asarray(pc.list_parent_indices(whole))
        coded = whole.flatten().dictionary_encode()
        self.codes: npt.NDArray[np.int32] = np.asarray(coded.indices)
        self.dictionary = coded.dictionary

    @cached_property
    def values(self) -> list[str]:
        """The distinct values in order of first appearance."""
        return list(self.dictionary.to_pylist())

    @cached_property
    def code(self) -> dict[str, int]:
        """The code of each distinct value."""
        return {value: i for i, value in enumerate(self.values)}

    @cached_property
    def corpus(self) -> Corpus:
        """The distinct values as searchable text."""
        padded = [f" {value.replace('*', '').replace('/', ' | ')} \n" for value in self.values]
        return Corpus(pa.array(padded, type=pa.string()))

    def carrying(self, chosen: Mask) -> Mask:
        """The records that carry any of the chosen values (a mask over `values`)."""
        found = np.zeros(self.size, dtype=np.bool_)
        if chosen.any():
            found[self.parents[chosen[self.codes]]] = True
        return found

    def having(self, values: Iterable[str]) -> Mask:
        """The records that carry any of these values."""
        chosen = np.zeros(len(self.dictionary), dtype=np.bool_)
        chosen[[self.code[v] for v in values if v in self.code]] = True
        return self.carrying(chosen)

    @cached_property
    def empty(self) -> Mask:
        """The records without any value here."""
        found = np.ones(self.size, dtype=np.bool_)
        found[self.parents] = False
        return found

    @cached_property
    def firsts(self) -> npt.NDArray[np.bool_]:
        """For each coded entry, whether it is the first of its record."""
        if not len(self.parents):
            return np.zeros(0, dtype=np.bool_)
        mask: Mask = np.r_[True, self.parents[1:] != self.parents[:-1]]
        return mask

    @cached_property
    def lasts(self) -> npt.NDArray[np.bool_]:
        """For each coded entry, whether it is the last of its record."""
        if not len(self.parents):
            return np.zeros(0, dtype=np.bool_)
        mask: Mask = np.r_[self.parents[1:] != self.parents[:-1], True]
        return mask


class QueryTable:
    """A table of records that queries are evaluated on. Positions count from 0 in the order given."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self._corpora: dict[str, Corpus] = {}
        self._facets: dict[str, Facet] = {}
        self._arrays: dict[str, npt.NDArray[np.int64]] = {}

    @classmethod
    def from_normalised(cls, tables: Sequence[pa.Table]) -> QueryTable:
        """One table from the normalised tables of several files, in their order."""
        chosen = [table.select(schema().names) for table in tables]
        return cls(pa.concat_tables(chosen) if chosen else schema().empty_table())

    @classmethod
    def from_records(cls, frame: pd.DataFrame) -> QueryTable:
        """From a records table as `resift.records.read_records` gives it."""
        return cls(normalised(frame))

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @cached_property
    def records(self) -> list[str]:
        """The record ids by position."""
        return list(self.table.column("record").to_pylist())

    @cached_property
    def position(self) -> dict[str, int]:
        """The position of each record id."""
        return {record: i for i, record in enumerate(self.records)}

    def take(self, positions: Sequence[int] | npt.NDArray[np.int64]) -> QueryTable:
        """The table of some records, in the order of the positions."""
        return QueryTable(self.table.take(pa.array(np.asarray(positions, dtype=np.int64))))

    def corpus(self, name: str) -> Corpus:
        """A text column (`TEXT_COLUMNS`)."""
        if name not in self._corpora:
            self._corpora[name] = Corpus(self.table.column(name))
        return self._corpora[name]

    def facet(self, name: str) -> Facet:
        """A list column (`LIST_COLUMNS`)."""
        if name not in self._facets:
            self._facets[name] = Facet(self.table.column(name))
        return self._facets[name]

    def numbers(self, name: str) -> npt.NDArray[np.int64]:
        """`pmid` or a date column as whole numbers, 0 where there is none."""
        if name not in self._arrays:
            self._arrays[name] = np.asarray(self.table.column(name)).astype(np.int64)
        return self._arrays[name]

    @cached_property
    def complete(self) -> Mask:
        """Records with a publication type and a language, which every PubMed citation has.

        Where they are missing the copy was cut down, and another empty field there proves nothing.
        """
        return ~(self.facet("publication_types").empty | self.facet("languages").empty)

    @cached_property
    def with_major_topics(self) -> Mask:
        """Records with a starred heading: indexing always stars one, so a copy without lost the stars."""
        facet = self.facet("mesh")
        return facet.carrying(np.array(["*" in value for value in facet.values], dtype=np.bool_))
