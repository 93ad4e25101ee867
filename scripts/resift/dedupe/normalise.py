"""Records into columns in which they are compared: every field read once for each record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import starmap
from typing import TYPE_CHECKING, Any

import numpy as np

from resift.dedupe.fields import (
    Place,
    put_right,
    read_abstract,
    read_authors,
    read_doi,
    read_issn,
    read_pages,
    read_place,
    read_pmid,
    read_registry,
    read_review_number,
    read_year,
)
from resift.dedupe.titles import Kind, read_title, split_leading_year
from resift.dedupe.venues import (
    Citation,
    names_meeting,
    read_journal,
    read_venue,
    split_citation,
    volume_in_name,
)
from resift.text.dates import as_year

if TYPE_CHECKING:
    from numpy.typing import NDArray

INPUT_COLUMNS = (
    "record",
    "source",
    "type",
    "title",
    "vernacular_title",
    "authors",
    "journal",
    "year",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "issn",
    "url",
    "registries",
    "publication_types",
    "links",
    "abstract",
)
"""The text columns that `normalise` reads; list columns are joined with ";" before."""

SUBSTITUTES = {"authors": "collective_authors", "journal": "journal_abbreviation"}
"""What is read of a record of `resift.records` where a column of `INPUT_COLUMNS` is empty."""


@dataclass(slots=True)
class Entries:
    """One row per record, every column of the same length, in the order of the input.

    Text is folded and "" where the source does not say; `year` is 0 then. `authors` holds the names of
    all authors separated by spaces, `first` the first author's family name; `start` and `end` are first
    and last page; `kind` is a `Kind`; `venue` is a `Venue`.
    """

    record: list[str]
    source: list[str]
    title: list[str]
    other: list[str]
    first: list[str]
    authors: list[str]
    journal: list[str]
    issn: list[str]
    volume: list[str]
    issue: list[str]
    supplement_part: list[str]
    start: list[str]
    end: list[str]
    doi: list[str]
    pmid: list[str]
    registry: list[str]
    series: list[str]
    abstract: list[str]
    links: list[str]
    year: NDArray[np.int16]
    kind: NDArray[np.int8]
    supplement: NDArray[np.bool_]
    venue: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.record)


_TYPE_KINDS = (
    ("published erratum", Kind.ERRATUM),
    ("correction", Kind.ERRATUM),
    ("retraction of publication", Kind.RETRACTION),
    ("retraction notice", Kind.RETRACTION),
    ("expression of concern", Kind.RETRACTION),
    ("comment", Kind.COMMENT),
)


def normalise(columns: Mapping[str, Sequence[str]]) -> Entries:
    """The columns of `INPUT_COLUMNS`, as plain strings, read into `Entries`."""
    columns = _citations_parted(columns)
    size = len(columns["record"])
    empty = [""] * size

    def column(name: str) -> Sequence[str]:
        return columns.get(name, empty)

    issn_of = lru_cache(maxsize=None)(read_issn)
    year_of = lru_cache(maxsize=None)(read_year)
    raw_titles = list(column("title"))
    years = [year_of(text) for text in column("year")]
    for n, year in enumerate(years):
        if not year:
            years[n], raw_titles[n] = split_leading_year(raw_titles[n])
    titles = [read_title(text) for text in raw_titles]
    authors = [read_authors(text) for text in column("authors")]
    written = [
        fields if fields[0].isdigit() and fields[2] else put_right(*fields)
        for fields in zip(column("volume"), column("issue"), column("pages"), strict=True)
    ]
    raw_pages = [pages for _, _, pages in written]
    pages = [read_pages(text) for text in raw_pages]
    dois = [read_doi(text) for text in column("doi")]
    journals = column("journal")
    places = [
        place
        if place.volume or not journal[-4:] or not any(map(str.isdigit, journal[-6:]))
        else _place_in_name(place, journal)
        for place, journal in zip(starmap(read_place, written), journals, strict=True)
    ]
    for n, place in enumerate(places):
        if len(place.issue) == 4 and place.issue == str(years[n] or as_year(place.issue)):  # "22 (1993)"
            places[n], years[n] = place._replace(issue=""), int(place.issue)
    types = column("publication_types")
    return Entries(
        record=list(column("record")),
        source=list(column("source")),
        title=[title.core for title in titles],
        other=[
            title.other or (read_title(vernacular).core if vernacular else "")
            for title, vernacular in zip(titles, column("vernacular_title"), strict=True)
        ],
        first=[first for first, _ in authors],
        authors=[names for _, names in authors],
        journal=list(map(read_journal, journals)),
        issn=[issn_of(text) for text in column("issn")],
        volume=[place.volume for place in places],
        issue=[place.issue for place in places],
        supplement_part=[place.part for place in places],
        start=[page.start for page in pages],
        end=[page.end for page in pages],
        doi=dois,
        pmid=list(map(read_pmid, column("pmid"), column("url"))),
        registry=list(map(read_registry, column("title"), column("registries"), column("url"))),
        series=[
            _series(title.core, journal, doi, texts)
            for title, journal, doi, *texts in zip(
                titles,
                map(read_journal, journals),
                dois,
                raw_pages,
                column("issue"),
                column("title"),
                strict=True,
            )
        ],
        abstract=[read_abstract(text) for text in column("abstract")],
        links=list(column("links")),
        year=np.array(years, dtype=np.int16),
        kind=np.fromiter(
            (_kind(title.kind, types_) for title, types_ in zip(titles, types, strict=True)),
            np.int8,
            count=size,
        ),
        supplement=np.fromiter(
            (place.supplement or names_meeting(name) for place, name in zip(places, journals, strict=True)),
            dtype=np.bool_,
            count=size,
        ),
        venue=np.fromiter(map(read_venue, journals, column("type"), dois, types), dtype=np.int8, count=size),
    )


def _citations_parted(columns: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """The columns with citations in the journal's field parted into the fields that are empty."""
    parted = {
        n: citation
        for n, name in enumerate(columns.get("journal", ()))
        if len(name) > 20 and (citation := split_citation(name))
    }
    if not parted:
        return columns
    size = len(columns["record"])
    filled = {name: list(columns.get(name, [""] * size)) for name in Citation._fields}
    for n, citation in parted.items():
        filled["journal"][n] = citation.journal
        for name in Citation._fields[1:]:
            filled[name][n] = filled[name][n] or getattr(citation, name)
    return {**columns, **filled}


def _series(title: str, journal: str, doi: str, texts: Sequence[str]) -> str:
    """What the updates of a review share: its Cochrane number, or its topic in Clinical Evidence."""
    if "cochrane" in journal or "/14651858." in doi:
        return read_review_number(doi, *texts)
    return f"clinical evidence {title}" if "clin" in journal and "evid" in journal else ""


def _place_in_name(place: Place, journal: str) -> Place:
    volume, issue = volume_in_name(journal)
    return place._replace(volume=volume, issue=place.issue or issue)


def _kind(by_title: Kind, publication_types: str) -> int:
    if publication_types:
        folded = publication_types.casefold()
        for name, kind in _TYPE_KINDS:
            if name in folded:
                return int(by_title if by_title == Kind.REPLY else kind)
    return int(by_title)


def concatenate(parts: Sequence[Entries]) -> Entries:
    """Entries one after the other."""
    if len(parts) == 1:
        return parts[0]
    joined: dict[str, Any] = {}
    for field in fields(Entries):
        columns = [getattr(part, field.name) for part in parts]
        if isinstance(columns[0], list):
            joined[field.name] = [value for column in columns for value in column]
        else:
            joined[field.name] = np.concatenate(columns)
    return Entries(**joined)


def take(entries: Entries, order: Sequence[int]) -> Entries:
    """The entries in another order."""
    taken: dict[str, Any] = {}
    for field in fields(Entries):
        column = getattr(entries, field.name)
        taken[field.name] = [column[n] for n in order] if isinstance(column, list) else column[list(order)]
    return Entries(**taken)


def text_columns(given: Mapping[str, Iterable[Any]]) -> dict[str, list[str]]:
    """The columns of `INPUT_COLUMNS` that records given by column have, as strings; lists joined with ";".

    Columns of `SUBSTITUTES` stand in where the one they are for is empty.
    """
    columns = {name: _as_text(given[name]) for name in INPUT_COLUMNS if name in given}
    for name, substitute in SUBSTITUTES.items():
        if name in columns and substitute in given:
            others = _as_text(given[substitute])
            columns[name] = [own or other for own, other in zip(columns[name], others, strict=True)]
    return columns


def _as_text(values: Iterable[Any]) -> list[str]:
    """Strings from the cells of a frame: None, NaN and NA are "", arrays are joined."""
    text: Callable[[Any], str] = _cell
    return [text(value) for value in values]


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, (list, tuple, np.ndarray)):
        return ";".join(str(item) for item in value)
    text = str(value)
    return "" if text in ("nan", "NaN", "<NA>", "NaT") else text
