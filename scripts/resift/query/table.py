"""Records made ready for searching: one normalised text per field group, coded lists, dates.

There is no inverted index. A text column holds `word word | word word` for each record: normalised words,
`|` between values (title, abstract, other abstract, each affiliation), so that a phrase never crosses
from one value to the next. When a column is first searched its words are numbered, and a term is a scan
over the numbers. Lists with few distinct values (headings, publication types, keywords, authors) are
coded: a term is looked for among the distinct values, and the records that carry them follow by array
look-up.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from resift.arrow import as_numpy, column
from resift.arrow import positions as taken
from resift.query.coded import CodedLists
from resift.query.text import normalise, normalise_all
from resift.query.wildcard import fits
from resift.records import columns_of

if TYPE_CHECKING:
    import pandas as pd

    from resift.records import Record

NORMALISER_VERSION = 6
"""Raise it whenever `normalised` gives other columns or other text, or an archive stores these otherwise:
caches are keyed by it."""

Mask = npt.NDArray[np.bool_]

TEXT_COLUMNS = ("title", "abstract", "vernacular", "affiliation")
LIST_COLUMNS = (
    "keywords", "mesh", "languages", "publication_types", "authors", "collective", "journal", "substances",
    "registry_numbers", "supplementary", "identifiers", "grants", "registries", "volume", "issue", "pages",
    "links", "status", "publication_status",
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


def normalised(given: Mapping[str, Sequence[Any]] | pd.DataFrame | pa.Table) -> pa.Table:
    """The searchable form of records, given by column (those of `resift.records`), in their order.

    Columns that are not given count as empty. Storable as Parquet; depends on `NORMALISER_VERSION`.
    """
    arrow = isinstance(given, pa.Table)
    names = frozenset(given.column_names if isinstance(given, pa.Table) else given)
    size = max((len(given[name]) for name in names), default=0)

    def texts(name: str) -> list[str]:
        if name not in names:
            return [""] * size
        values: Any = given[name]
        if arrow:
            values = values.to_pylist()
        elif not isinstance(values, list):
            values = values.astype("string").fillna("")
        return ["" if value is None else str(value) for value in values]

    def lists(name: str) -> CodedLists:
        if name not in names:
            return CodedLists.of([()] * size)
        if arrow:
            return CodedLists.of_column(given[name])
        return CodedLists.of(
            [() if value is None or isinstance(value, float) else value for value in given[name]]
        )

    def beside(*columns: list[str]) -> CodedLists:
        return CodedLists.of(list(zip(*columns, strict=True)))

    headings, substances, links = lists("mesh"), lists("substances"), lists("links")
    pages = texts("pages")
    years = texts("year")
    coded = {
        "mesh": headings.mapped(map(mesh_value, headings.texts)),
        "journal": _values(
            CodedLists.of(
                [
                    (*journal_names(title), abbreviation, issn)
                    for title, abbreviation, issn in zip(
                        texts("journal"), texts("journal_abbreviation"), texts("issn"), strict=True
                    )
                ]
            )
        ),
        "substances": _values(substances.mapped(v.partition("|")[0] for v in substances.texts)),
        "registry_numbers": _values(substances.mapped(v.partition("|")[2] for v in substances.texts)),
        "identifiers": _values(beside(texts("doi"), texts("pmcid"))),
        "pages": _values(beside(pages, [v.partition("-")[0] for v in pages])),
        "links": links.mapped(v.partition(":")[0].lower() for v in links.texts).distinct().sorted(),
        "status": _values(beside(texts("status"), texts("type"))),
        "collective": _values(lists("collective_authors")),
        "supplementary": _values(lists("supplementary_concepts")),
    }
    for name in ("keywords", "languages", "publication_types", "grants", "registries", "authors"):
        coded[name] = _values(lists(name))
    for name in ("volume", "issue", "publication_status"):
        coded[name] = _values(beside(texts(name)))
    columns: dict[str, list[Any]] = {
        "record": texts("record"),
        "pmid": [int(v) if re.fullmatch(r"[0-9]{1,18}", v) else 0 for v in texts("pmid")],
        "title": normalise_all(texts("title")),
        "abstract": [
            f"{text} | {other}" if text and other else text or other
            for text, other in zip(
                normalise_all(texts("abstract")), normalise_all(texts("other_abstract")), strict=True
            )
        ],
        "vernacular": normalise_all(texts("vernacular_title")),
        "affiliation": _values(lists("affiliations")).joined(" | "),
        "print_date": [
            _day(printed) or (0 if electronic else _day(year))
            for printed, electronic, year in zip(
                texts("print_date"), texts("electronic_date"), years, strict=True
            )
        ],
    }
    for name in DATE_COLUMNS[1:]:
        columns[name] = [_day(v) for v in texts(name)]
    return pa.Table.from_arrays(
        [coded[f.name].column() if f.name in coded else column(columns[f.name], f.type) for f in schema()],
        schema=schema(),
    )


@lru_cache(maxsize=1 << 12)
def journal_names(title: str) -> tuple[str, ...]:
    """A journal's title and the shorter forms under which PubMed finds it, the longest first.

    Without a leading article, without the subtitle (`Cancer cytopathology : ...`) and without what stands
    in brackets (`Lancet (London, England)`): PubMed User Guide, "Journal [ta]".
    """
    found = [title]
    main = re.split(r"\s*[:=(]|\s/\s", title, maxsplit=1)[0].strip()
    for name in (title, main):
        found += [name, re.sub(r"\A(?:the|an?)\s+", "", name, flags=re.IGNORECASE)]
    return tuple(dict.fromkeys(name for name in found if name))


def _joined(values: Iterable[str]) -> str:
    return " | ".join(text for text in map(normalise, values) if text)


def _values(lists: CodedLists) -> CodedLists:
    once = lists.distinct()
    return once.mapped(normalise_all(once.texts)).without_empty()


@lru_cache(maxsize=1 << 16)
def mesh_value(entry: str) -> str:
    """`Liver Neoplasms/analogs & derivatives*` as `liver neoplasms/analogs and derivatives*`."""
    descriptor, _, qualifier = entry.partition("/")
    return "/".join(_starred(part) for part in (descriptor, qualifier) if part)


def _starred(part: str) -> str:
    return normalise(part.replace("&", " and ")) + ("*" if part.rstrip().endswith("*") else "")


@lru_cache(maxsize=1 << 14)
def _day(text: str) -> int:
    """yyyymmdd; PubMed indexes a date without month or day on the first of the month or of January."""
    match = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    return int(match[1] + (match[2] or "01") + (match[3] or "01")) if match else 0


class Corpus:
    """One text column as numbered words, those of all records in one row, and where each record begins."""

    def __init__(self, column: pa.ChunkedArray | pa.Array) -> None:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        words = pc.split_pattern(whole.cast(pa.large_string()), " ")
        coded = words.flatten().dictionary_encode()
        self.empty: Mask = as_numpy(pc.binary_length(whole)) == 0
        self.starts: npt.NDArray[np.int64] = as_numpy(words.offsets).astype(np.int64)
        self.codes: npt.NDArray[np.int32] = as_numpy(coded.indices)
        self._dictionary = coded.dictionary

    def __len__(self) -> int:
        return len(self.empty)

    @cached_property
    def vocabulary(self) -> list[str]:
        """The distinct words by number."""
        return list(self._dictionary.to_pylist())

    @cached_property
    def _order(self) -> npt.NDArray[np.int64]:
        """The numbers of the words in the order of the alphabet."""
        return as_numpy(pc.sort_indices(self._dictionary)).astype(np.int64)

    @cached_property
    def _sorted(self) -> pa.Array:
        """The words in that order; only those that are looked at become Python's."""
        return self._dictionary.take(taken(self._order))

    def around(self, position: int, words: Collection[str]) -> list[tuple[int, str]]:
        """Where some words (and `|`, which parts values) stand in one record, in their order."""
        return [(at, word) for at, word in enumerate(self.words(position)) if word == "|" or word in words]

    def words(self, position: int) -> list[str]:
        """The words of one record, `|` between its values."""
        vocabulary = self.vocabulary
        return [vocabulary[code] for code in self.codes[self.starts[position] : self.starts[position + 1]]]

    def numbers(self, word: str) -> npt.NDArray[np.int64]:
        """The numbers of the words that a term's word stands for (`*` is any run of letters and digits)."""
        prefix, star, _ = word.partition("*")
        first = self._place(prefix)
        if not star:
            held = first < len(self._sorted) and self._sorted[first].as_py() == word
            return self._order[first : first + held]
        known = self._sorted[first : self._place(prefix + "\U0010ffff")].to_pylist()
        return self._order[[first + at for at, other in enumerate(known) if fits(word, other)]]

    def _place(self, word: str) -> int:
        return bisect_left(self._sorted, word, key=pa.StringScalar.as_py)

    def places(self, words: Sequence[str]) -> npt.NDArray[np.int64]:
        """Where (counted in words over all records) the words stand one after the other."""
        wanted = [self.numbers(word) for word in words]
        if not wanted or not all(len(numbers) for numbers in wanted):
            return np.zeros(0, dtype=np.int64)
        at: npt.NDArray[np.int64] = np.flatnonzero(_among(self.codes, wanted[0], len(self._dictionary)))
        at = at[at + len(words) <= len(self.codes)]
        for ahead, numbers in enumerate(wanted[1:], 1):
            at = at[_among(self.codes[at + ahead], numbers, len(self._dictionary))]
        return self._within_one(at, len(words))

    def _within_one(self, at: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
        """Those places from which so many words follow in the same record."""
        if size > 1 and len(at):
            at = at[at + size <= self.starts[self._owner(at) + 1]]
        return at

    def _owner(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.searchsorted(self.starts, places, side="right") - 1

    def holding(self, words: Sequence[str]) -> Mask:
        """The records that hold the words one after the other (a mask not to be written to)."""
        places = self.places(words)
        if not len(places):
            return self.nowhere
        found: Mask = np.zeros(len(self), dtype=np.bool_)
        found[self._owner(places)] = True
        return found

    @cached_property
    def nowhere(self) -> Mask:
        """No record."""
        return np.zeros(len(self), dtype=np.bool_)


def _among(codes: npt.NDArray[np.int32], wanted: npt.NDArray[np.int64], size: int) -> Mask:
    if len(wanted) == 1:
        mask: Mask = codes == wanted[0]
        return mask
    chosen: Mask = np.zeros(size, dtype=np.bool_)
    chosen[wanted] = True
    return chosen[codes]


class Facet:
    """One list column, coded: its distinct values (`dictionary`), and which record carries which.

    Entry by entry, `parents` is the position of the record and `codes` the number of the value.
    """

    def __init__(
        self,
        size: int,
        parents: npt.NDArray[np.int64],
        codes: npt.NDArray[np.int32],
        dictionary: pa.StringArray,
    ) -> None:
        self.size = size
        self.parents = parents
        self.codes = codes
        self.dictionary = dictionary

    @classmethod
    def of_column(cls, column: pa.ChunkedArray) -> Facet:
        """A column of `LIST_COLUMNS`."""
        whole = column.combine_chunks()
        coded = whole.flatten().dictionary_encode()
        parents = as_numpy(pc.list_parent_indices(whole))
        return cls(len(whole), parents, as_numpy(coded.indices), coded.dictionary)

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
        plain = pc.replace_substring(self.dictionary, "*", "")
        return Corpus(pc.replace_substring(plain, "/", " | "))

    def choose(self, values: Iterable[str]) -> Mask:
        """These values, as a mask over `values`."""
        chosen: Mask = np.zeros(len(self.dictionary), dtype=np.bool_)
        chosen[[self.code[v] for v in values if v in self.code]] = True
        return chosen

    def carrying(self, chosen: Mask, place: int | None = None) -> Mask:
        """The records that carry any of the chosen values; `place` 0: as their first, -1: as their last."""
        if not chosen.any():
            return self.nowhere
        found: Mask = np.zeros(self.size, dtype=np.bool_)
        hit = chosen[self.codes]
        if place is not None:
            border = self.parents[1:] != self.parents[:-1]
            hit = hit & (np.r_[True, border] if place == 0 else np.r_[border, True])
        found[self.parents[hit]] = True
        return found

    @cached_property
    def nowhere(self) -> Mask:
        """No record (a mask not to be written to)."""
        return np.zeros(self.size, dtype=np.bool_)

    @cached_property
    def empty(self) -> Mask:
        """The records without any value here."""
        found = np.ones(self.size, dtype=np.bool_)
        found[self.parents] = False
        return found


class QueryTable:
    """A table of records that queries are evaluated on. Positions count from 0 in the order given."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._corpora: dict[str, Corpus] = {}
        self._facets: dict[str, Facet] = {}
        self._arrays: dict[str, npt.NDArray[np.int64]] = {}

    @classmethod
    def from_normalised(cls, tables: Sequence[pa.Table]) -> QueryTable:
        """One table from the normalised tables of several files, in their order."""
        chosen = [table.select(schema().names) for table in tables]
        return cls(pa.concat_tables(chosen) if chosen else schema().empty_table())

    @classmethod
    def from_records(cls, records: Iterable[Record] | pd.DataFrame) -> QueryTable:
        """From records, or from their table as `resift.records.read_records` gives it."""
        frame = hasattr(records, "columns")
        return cls(normalised(records if frame else columns_of(list(records))))

    def __len__(self) -> int:
        return int(self._table.num_rows)

    @property
    def table(self) -> pa.Table:
        """All columns of `schema`."""
        return self._table

    def column(self, name: str) -> pa.ChunkedArray:
        """One column of `schema`."""
        return self._table.column(name)

    @cached_property
    def records(self) -> list[str]:
        """The record ids by position."""
        return list(self.column("record").to_pylist())

    @cached_property
    def position(self) -> dict[str, int]:
        """The position of each record id."""
        return {record: i for i, record in enumerate(self.records)}

    def take(self, positions: Sequence[int] | npt.NDArray[np.int64]) -> QueryTable:
        """The table of some records, in the order of the positions."""
        return QueryTable(self.table.take(taken(np.asarray(positions, dtype=np.int64))))

    def corpus(self, name: str) -> Corpus:
        """A text column (`TEXT_COLUMNS`)."""
        if name not in self._corpora:
            self._corpora[name] = Corpus(self.column(name))
        return self._corpora[name]

    def facet(self, name: str) -> Facet:
        """A list column (`LIST_COLUMNS`)."""
        if name not in self._facets:
            self._facets[name] = Facet.of_column(self.column(name))
        return self._facets[name]

    def numbers(self, name: str) -> npt.NDArray[np.int64]:
        """`pmid` or a date column as whole numbers, 0 where there is none."""
        if name not in self._arrays:
            self._arrays[name] = as_numpy(self.column(name)).astype(np.int64)
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
        return facet.carrying(as_numpy(pc.match_substring(facet.dictionary, "*")))
