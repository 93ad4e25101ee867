"""What a study holds: its settings, one row a database search of a review, and the faults of its rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from resift.prisma.reproduction import SIX_ITEMS, TOLERANCE_PERCENT, is_pubmed
from resift.vocabulary import Judged

ITEMS = SIX_ITEMS
"""The PRISMA-S items that are judged for each search."""

STUDIES = Path("config/studies")
"""Where studies are kept; a study's id is the name of its folder there."""


class Weight(StrEnum):
    """What a fault does: `error` keeps the search from being rerun, `warning` is to be looked at."""

    ERROR = "error"
    WARNING = "warning"


class FaultKind(StrEnum):
    """The kinds of fault that `resift study check` names."""

    REVIEW = "review without id"
    MISSING = "missing value"
    QUOTE = "missing quote"
    JUDGEMENT = "not a judgement"
    DATE = "impossible date"
    COUNT = "not a count"
    PMID = "not a PMID"
    FIELD = "unknown date field"
    LANGUAGE = "unknown language"
    FOREIGN = "foreign syntax"
    LINES = "lines nobody combined"
    UNBALANCED = "unbalanced query"
    QUERY = "faulty query"
    FILE = "query file"
    BOTH = "query given twice"
    DUPLICATE = "duplicate row"
    DISAGREE = "rows of one review disagree"
    PLATFORM = "unknown platform"
    CITATION = "missing citation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a row: the line of the table (1 is its first), the column, what is wrong, what to do."""

    line: int
    column: str
    kind: FaultKind
    weight: Weight
    what: str
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemJudged:
    """A PRISMA-S item of one search as an extractor judged it, with the review's words."""

    judged: Judged
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """One search of one database of one review, as one extractor read it.

    Dates are ISO as precise as printed, "" where not reported; `count` None = the review prints none.
    """

    line: int
    review: str
    citation: str = ""
    pmid: str = ""
    doi: str = ""
    database: str = ""
    platform: str = ""
    search: str = ""
    query: str = ""
    count: int | None = None
    search_date: str = ""
    window_from: str = ""
    window_until: str = ""
    window_field: str = ""
    languages: tuple[str, ...] = ()
    items: Mapping[str, ItemJudged] = field(default_factory=dict)
    included: tuple[str, ...] = ()
    extractor: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """Database and platform as one name, `MEDLINE (Ovid)`; PubMed is `PubMed` under all its names."""
        if self.is_pubmed:
            return "PubMed"
        shown = self.database or "database not named"
        return f"{shown} ({self.platform})" if self.platform else shown

    @property
    def is_pubmed(self) -> bool:
        """Whether this is a search of PubMed itself, the one database that is rerun."""
        platform = self.platform
        if is_pubmed(self.database):
            return not platform or is_pubmed(platform) or _of_nlm(platform)
        return bool(platform) and is_pubmed(f"{self.database} via {platform}")

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two rows the same search, whoever extracted them."""
        return (self.review.lower(), self.name.lower(), self.search.lower())

    def judged(self, item: str) -> Judged:
        """How an item was judged; what nobody judged is `no`."""
        found = self.items.get(item)
        return found.judged if found else Judged.NO


def _of_nlm(platform: str) -> bool:
    words = re.sub(r"[^a-z ]", "", platform.lower()).strip()
    return words in {"nlm", "ncbi", "national library of medicine", "us national library of medicine"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What makes a search reproducible: these items judged yes, and a count within so many per cent."""

    items: tuple[str, ...] = ITEMS
    within_percent: float = TOLERANCE_PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`study.yaml`. `counts_of_source`: the printed counts are of this archive, not of PubMed."""

    id: str
    question: str
    sampling_frame: str
    registration: str
    table: Path
    extractor: str
    source: Mapping[str, object]
    counts_of_source: bool
    as_of_search_date: bool
    measure: Measure
    seed: int
    replicates: int
    reviews_per_job: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A study as read: every row, and every fault of every row."""

    settings: Settings
    rows: tuple[SearchRow, ...]
    faults: tuple[Fault, ...]

    def counted(self) -> tuple[SearchRow, ...]:
        """One row a search: where several people extracted it, the named extractor's, else the first."""
        chosen: dict[tuple[str, str, str], SearchRow] = {}
        for row in self.rows:
            held = chosen.get(row.key)
            named = self.settings.extractor
            if held is None or (named and row.extractor == named and held.extractor != named):
                chosen[row.key] = row
        return tuple(chosen.values())

    def errors_of(self, row: SearchRow) -> list[Fault]:
        """The faults that keep a search from being rerun."""
        return [f for f in self.faults if f.line == row.line and f.weight is Weight.ERROR]
