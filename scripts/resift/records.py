"""The record model: one bibliographic entry from one source, and its table.

A record is a `Record`; many records are a Parquet table with the columns of `RECORD_SCHEMA`, in that
order. Absent text is "", an absent list is (), an absent year is None: an empty field means that the
source does not say, so a criterion that hangs on it cannot be evaluated there.
"""

from __future__ import annotations

import collections
import json
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resift.files import sha256_text

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One entry of a record's own reference list. `n` counts from 1 in the order of the list."""

    n: int
    pmid: str = ""
    doi: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One bibliographic entry. Dates are ISO text as precise as the source (`2012`, `2012-12`, `2012-12-31`).

    `record` names the source and never a position in a file (`pubmed:123`, `handsearched:<hash>`).
    `authors` are `Family Initials` in order; `mesh` holds `Descriptor/qualifier*` with `*` on what is
    a major topic (`Liver Neoplasms/secondary*`, `Humans`, `Octreotide*/therapeutic use`), one entry for
    each descriptor-qualifier pair, and the bare descriptor where it has no qualifier; `links` are
    `RefType:PMID` (PMID may be empty).
    """

    record: str
    source: str
    pmid: str = ""
    doi: str = ""
    pmcid: str = ""
    type: str = "article"  # article | book | chapter | ...
    title: str = ""
    vernacular_title: str = ""
    abstract: str = ""  # labelled sections as "LABEL: text", one per line
    authors: tuple[str, ...] = ()
    collective_authors: tuple[str, ...] = ()
    journal: str = ""
    journal_abbreviation: str = ""
    issn: str = ""
    year: int | None = None
    print_date: str = ""
    electronic_date: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    languages: tuple[str, ...] = ()  # MARC codes in lower case: eng, fre
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()  # "Name" or "Name|registry number"
    supplementary_concepts: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    entered: str = ""  # crdt
    entrez_date: str = ""  # edat
    mesh_date: str = ""  # mhda
    revised: str = ""  # lr
    status: str = ""  # MEDLINE | PubMed-not-MEDLINE | In-Process | Publisher | ...
    links: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    registries: tuple[str, ...] = ()  # NCT01234567
    element_sha256: str = ""
    text_sha256: str = ""
    other_abstract: str = ""  # abstracts in other languages or by other bodies; PubMed searches them too
    publication_status: str = ""  # ppublish | epublish | aheadofprint, as PubMed had it from the publisher
    references: tuple[Reference, ...] = ()


LIST_COLUMNS = (
    "authors",
    "collective_authors",
    "languages",
    "publication_types",
    "mesh",
    "keywords",
    "substances",
    "supplementary_concepts",
    "affiliations",
    "links",
    "grants",
    "registries",
)
RECORD_COLUMNS = tuple(f.name for f in fields(Record) if f.name != "references")
REFERENCE_COLUMNS = ("record", "n", "pmid", "doi", "citation")


def record_schema() -> pa.Schema:
    """The Arrow schema of `records/<lane>.parquet`."""
    import pyarrow as pa

    def column(name: str) -> pa.DataType:
        if name in LIST_COLUMNS:
            return pa.list_(pa.string())
        return pa.int32() if name == "year" else pa.string()

    return pa.schema([(name, column(name)) for name in RECORD_COLUMNS])


def reference_schema() -> pa.Schema:
    """The Arrow schema of `records/<lane>.references.parquet`."""
    import pyarrow as pa

    return pa.schema([(name, pa.int32() if name == "n" else pa.string()) for name in REFERENCE_COLUMNS])


def descriptor(heading: str) -> str:
    """The name of a heading of `mesh`: `Liver Neoplasms*/secondary` gives `Liver Neoplasms`."""
    return heading.partition("/")[0].rstrip("*")


_JUDGED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def text_sha256(record: Record) -> str:
    """Hash of what screening reads: title, abstract, languages, publication types and MeSH, in NFC."""
    return sha256_of_judged(
        record.title, record.abstract, record.languages, record.publication_types, record.mesh
    )


def sha256_of_judged(
    title: str,
    abstract: str,
    languages: Iterable[str],
    publication_types: Iterable[str],
    mesh: Iterable[str],
) -> str:
    """`text_sha256` of a record that is still in parts."""
    text = _JUDGED.encode([title, abstract, sorted(languages), sorted(publication_types), sorted(mesh)])
    return sha256_text(text if text.isascii() else unicodedata.normalize("NFC", text))


def natural_key(record: str) -> tuple[str, int, str]:
    """Sort key of a record id: by source, then by number (PMIDs as integers), then by text."""
    source, _, name = record.partition(":")
    number = name.isascii() and name.isdigit() and len(name) <= 18
    return (source, int(name), "") if number else (source, 1 << 62, name)


_AT_ONCE = 1000
"""Records that `write_records` holds as objects: some 25 kB each, with a list of references."""


def write_records(records: Iterable[Record], path: Path, references_path: Path | None = None) -> int:
    """Write records (sorted by `natural_key`) as Parquet, and their reference lists beside them.

    Takes records one by one and holds some thousand of them. Written by rename, so a killed step leaves the
    former file or none. Returns the number of records.
    """
    from resift.arrow import table
    from resift.sorted_parquet import SortedParquet

    written = 0
    given = iter(records)
    with ExitStack() as files:
        rows = files.enter_context(SortedParquet(path, record_schema(), natural_key))
        lists = None
        if references_path is not None:
            lists = files.enter_context(SortedParquet(references_path, reference_schema(), natural_key))
        while some := list(islice(given, _AT_ONCE)):
            some.sort(key=lambda record: natural_key(record.record))
            rows.add(table(columns_of(some), record_schema()))
            if lists is not None:
                lists.add(table(_references_of(some), reference_schema()))
            written += len(some)
    return written


def _references_of(records: Sequence[Record]) -> dict[str, list[Any]]:
    cited = [(record.record, ref) for record in records for ref in record.references]
    lists: dict[str, list[Any]] = {"record": [record for record, _ in cited]}
    return lists | {name: [getattr(ref, name) for _, ref in cited] for name in REFERENCE_COLUMNS[1:]}


def columns_of(records: Sequence[Record]) -> dict[str, list[Any]]:
    """The values of records by column (`RECORD_COLUMNS`), in their order."""
    return {name: [getattr(record, name) for record in records] for name in RECORD_COLUMNS}


def read_records(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """The table of `records/<lane>.parquet` (list columns as numpy arrays of str, `year` as Int32)."""
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=list(columns) if columns else None)
    frame: pd.DataFrame = table.to_pandas()
    if "year" in frame.columns:
        frame["year"] = frame["year"].astype("Int32")
    return frame


def frame_of(records: Sequence[Record]) -> pd.DataFrame:
    """Records as the table that `read_records` gives, in their order."""
    from resift.arrow import table

    frame: pd.DataFrame = table(columns_of(records), record_schema()).to_pandas()
    frame["year"] = frame["year"].astype("Int32")
    return frame


def iter_records(path: Path, columns: Collection[str] | None = None) -> Iterator[Record]:
    """The records of a Parquet file one by one, without their reference lists.

    With `columns`, no more than these are read: to ask such a record for another raises `AttributeError`,
    since an empty text would be taken for one that the source does not give.
    """
    for part in _batches(path, columns):
        yield from records_of(part, whole=columns is None)


def iter_rows(path: Path, columns: Collection[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file one by one, with all its columns or some."""
    for part in _batches(path, columns):
        yield from _rows(part)


def _batches(path: Path, columns: Collection[str] | None) -> Iterator[dict[str, list[Any]]]:
    """Some thousand rows after the other, by column."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=1000, columns=list(columns) if columns else None):
            yield batch.to_pydict()


def _rows(part: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    for values in zip(*part.values(), strict=True):
        yield dict(zip(part, values, strict=True))


def records_of(columns: Mapping[str, Sequence[Any]], *, whole: bool = True) -> list[Record]:
    """Records from their columns (`RECORD_COLUMNS`; null: not given). Not `whole`, they have no others."""
    size = len(next(iter(columns.values()), ()))
    records = [object.__new__(Record) for _ in range(size)]
    for name, put in _PUT.items():
        if name in columns:
            absent, lists = _ABSENT[name], name in LIST_COLUMNS
            held = (absent if v is None else tuple(v) if lists else v for v in columns[name])
        elif whole:
            held = (_ABSENT[name] for _ in records)
        else:
            continue
        collections.deque(map(put, records, held), maxlen=0)
    return records


def without(column: str, paths: Iterable[Path]) -> set[str]:
    """Ids of the records whose column of text is empty."""
    rows = (row for path in paths for row in iter_rows(path, ("record", column)))
    return {row["record"] for row in rows if not row[column]}


def number_of(path: Path) -> int:
    """How many records a Parquet file holds."""
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def with_references(records: Sequence[Record], path: Path) -> list[Record]:
    """The records with their reference lists, from `records/<lane>.references.parquet`."""
    lists: dict[str, list[Reference]] = {record.record: [] for record in records}
    for row in iter_rows(path):
        if row["record"] in lists:
            values = {name: row[name] for name in REFERENCE_COLUMNS[1:]}
            lists[row["record"]].append(Reference(**values))
    return [replace(record, references=tuple(lists[record.record])) for record in records]


_ABSENT = {f.name: f.default for f in fields(Record)}
# A frozen dataclass sets its fields by their names, one by one: that takes five times as long as this.
_PUT = {f.name: getattr(Record, f.name).__set__ for f in fields(Record)}
