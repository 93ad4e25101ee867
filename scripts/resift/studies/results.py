"""What comes out of a study: its files, a row for each search and each review, and the verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from resift.documents import Reproduction
from resift.studies.errors_found import ErrorKind
from resift.studies.extractors import Agreement, Disagreement
from resift.studies.model import Fault, Study
from resift.studies.outcome import Ending
from resift.studies.statistics import Share
from resift.vocabulary import Judged

RESULT_FILES: Mapping[str, str] = {
    "searches": "searches.csv",
    "reviews": "reviews.csv",
    "verdicts": "verdicts.json",
    "page": "study.html",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One database search, `searches.csv`.

    `as_of_possible` is the count as of the day of the search that is held against `printed`, and
    `as_of_certain` that part of it which no later indexing added; `apart_percent` is their difference in
    per cent of `printed`. The ten last columns count findings of the linter, empty where there is no
    query. `rerun_possible`: whether the search was attempted.
    """

    review: str
    database: str
    platform: str
    search: str
    line: int
    extractor: str
    item_1: Judged
    item_2: Judged
    item_8: Judged
    item_9: Judged
    item_13: Judged
    item_15: Judged
    items_reported: bool
    rerun_possible: bool
    ending: Ending
    because: tuple[str, ...]
    search_date: str
    printed: int | None
    now: int | None
    as_of_possible: int | None
    as_of_certain: int | None
    compared: int | None
    apart_percent: float | None
    within: bool | None
    run: str
    messages: tuple[str, ...]
    lint: tuple[str, ...]
    variants: int | None
    headings_missing: int | None
    words_missing: int | None
    not_exploded: int | None
    no_heading: int | None
    operators: int | None
    fields: int | None
    phrases: int | None
    limits: int | None
    redundant: int | None

    def of_kind(self, kind: ErrorKind) -> int | None:
        """How many findings of a kind; None where there is no query to look at."""
        found: int | None = getattr(self, kind.name.lower())
        return found

    @property
    def name(self) -> str:
        """Database and platform in one."""
        return f"{self.database} ({self.platform})" if self.platform else self.database


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewResult:
    """One review, `reviews.csv`. `recall` is found of held, over the included studies the source holds."""

    review: str
    citation: str
    pmid: str
    doi: str
    searches: int
    pubmed_searches: int
    attempted: int
    ended: int
    reproduced: int
    items_reported: bool
    ending: Ending
    because: tuple[str, ...]
    included: int
    included_held: int | None
    included_found: int | None
    recall: float | None
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewVerdict:
    """A review's ending with those of its searches and the verdict of each run."""

    review: str
    ending: Ending
    because: tuple[str, ...]
    searches: tuple[str, ...]
    runs: Mapping[str, Reproduction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """`verdicts.json`: shares, agreement, and a verdict for each review."""

    study: str
    measure: str
    counts_of: str
    shares: tuple[Share, ...]
    kinds: Mapping[str, int]
    strategies_with_kind: Mapping[str, int]
    strategies: int
    agreement: tuple[Agreement, ...]
    disagreements: tuple[Disagreement, ...]
    reviews: tuple[ReviewVerdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyResults:
    """All that the page shows."""

    study: Study
    searches: tuple[SearchResult, ...]
    reviews: tuple[ReviewResult, ...]
    verdicts: Verdicts
    notice: str = ""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Faults of the table's rows."""
        return self.study.faults
