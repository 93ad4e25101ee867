"""The JSON documents of a run as types: `flow.json`, `search/<strategy>.json`, `summary.json`.

Sets of records are sorted ids with their SHA-256; `n` None means that there is no number, and `status` says
why. A field added later needs a default here, so that the documents of earlier runs can still be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from resift.files import sha256_text
from resift.records import natural_key
from resift.vocabulary import Box, Cause, Change, Column, Counted, FullText, Judged, Outcome, Searched, Unit


def sha256_of_ids(ids: Iterable[str]) -> str:
    """SHA-256 of the sorted ids, one a line."""
    return sha256_text("\n".join(sorted(ids, key=natural_key)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedSet:
    """The size of a set of records and the hash of its ids."""

    n: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPart:
    """A part of a box: one database, one reason."""

    label: str
    n: int
    sha256: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowBox:
    """One box of the primary strategy's diagram. `records` are study ids where the unit is a study."""

    box: Box
    lane: Column
    wording: str
    unit: Unit
    status: Counted
    n: int | None
    sha256: str | None
    records: tuple[str, ...]
    parts: tuple[FlowPart, ...] = ()

    @property
    def shown(self) -> str:
        """`n = 12`, or the words that stand where there is no number."""
        return self.status.value if self.n is None else f"n = {self.n:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIdentity:
    """One identity between boxes as it was checked: its number (F1, ...) and the statement in words."""

    strategy: str
    lane: Column
    id: str
    statement: str
    holds: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceLists:
    """Seeds, and those of them whose reference list was available.

    `unanswered`: seeds whose list the service did not give this time; `unmatched`: cited works that citation
    matching did not answer for. Both are open, and the next call asks again.
    """

    available: int
    seeds: int
    unanswered: int = 0
    unmatched: int = 0

    @property
    def unavailable(self) -> str:
        """What was not followed because a service did not answer, as a sentence; "" where nothing was."""
        parts = []
        if self.unanswered:
            seeds = f"{self.unanswered} of {self.seeds} seeds"
            parts.append(f"Reference lists not followed: service unavailable (elink, {seeds}).")
        if self.unmatched:
            parts.append(
                f"Citations not matched: service unavailable (citation matching, {self.unmatched} citations)."
            )
        return " ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSources:
    """Records identified by database and by register."""

    databases: Mapping[str, int] = field(default_factory=dict)
    registers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCounts:
    """Numbers beside the boxes of the primary strategy."""

    evidenced: int
    evidenced_and_unclear: int
    no_abstract: int
    other_within_limits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDocument:
    """`flow.json`. `by_strategy` holds every strategy's boxes by lane."""

    primary: str
    full_text: FullText
    automation_role: str
    boxes: tuple[FlowBox, ...]
    by_strategy: Mapping[str, Mapping[Column, Mapping[Box, CountedSet]]]
    identities: tuple[CheckedIdentity, ...]
    footnotes: tuple[str, ...]
    rules_only: bool = False
    other_methods: bool = False
    reference_lists: ReferenceLists = ReferenceLists(available=0, seeds=0)
    sources: FlowSources = FlowSources()
    counts: FlowCounts | None = None

    def find(self, box: Box, lane: Column = Column.DATABASES) -> FlowBox | None:
        """A box of a lane, or None where this flow has none."""
        return next((one for one in self.boxes if one.box is box and one.lane is lane), None)

    def number(self, box: Box, lane: Column = Column.DATABASES) -> int | None:
        """The number of a box; None where it has none."""
        found = self.find(box, lane)
        return found.n if found else None

    def n(self, box: Box, lane: Column = Column.DATABASES) -> int:
        """The number of a box, 0 where it has none."""
        return self.number(box, lane) or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchClause:
    """One clause of a strategy: how many records it finds, alone finds, and would lose if dropped.

    `known_lost` names the known items lost without it; None where they were not counted. `how` tells who
    counted: the server, or resift within the records retrieved.
    """

    id: int
    parent: int | None
    start: int
    end: int
    text: str
    operator: str
    field: str
    depth: int
    n: int
    unknown: int
    unique: int
    lost: int
    known_lost: tuple[str, ...] | None = None
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchLine:
    """One numbered line of a strategy: as printed, as sent, counted now and when it was printed."""

    line: int
    text: str
    n: int
    expansion: str = ""
    printed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerMessage:
    """What the server said of a strategy (`kind` is its element name), and what was lost with it."""

    kind: str
    text: str
    lost: str
    stops: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSlice:
    """A part of a search too long for one answer: `first:last[field]`."""

    field: str
    first: str
    last: str
    count: int
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One finding of the linter, with characters `start` to `end` of the expanded query."""

    code: str
    label: str
    severity: str
    start: int
    end: int
    message: str
    fix: str
    press: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """`search/<strategy>.json`: a strategy as written, as sent and as translated, counted by clause.

    `errors` and `warnings` are (kind, text), verbatim; `translation_set` holds (from, to). `faults` are
    the mistakes that PubMed answered in spite of, with the reading used offline.
    """

    name: str
    primary: bool
    provenance: str
    reason: str
    quote: str
    dialect: str | None
    query: str
    expanded: str
    sent: str
    url: str
    count: int
    translation: str
    translation_set: tuple[tuple[str, str], ...]
    errors: tuple[tuple[str, str], ...]
    warnings: tuple[tuple[str, str], ...]
    accepted_warnings: tuple[str, ...]
    slices: tuple[SearchSlice, ...]
    searched_at: str
    database_build: str
    requests: tuple[str, ...]
    source: str
    clause_counts: str
    counted_how: str
    clauses: tuple[SearchClause, ...]
    lines: tuple[SearchLine, ...]
    approximations: tuple[str, ...]
    lint: tuple[LintFinding, ...]
    faults: tuple[str, ...] = ()
    server_messages: tuple[ServerMessage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedItem:
    """What a review reports of a PRISMA-S item, as a person judged it, with the review's words."""

    item: str
    name: str
    judged: Judged
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseVerdict:
    """One database of the review: the count that it prints beside the counts of the search made here.

    `compared` is the count that is held against `printed`: of a rerun, records entered by the day of the
    review's search; of an imported file, what its platform counted. `apart` is their difference as a share
    of `printed`, None where one of them is not known or `printed` is 0. `now` is the count without that day.
    """

    database: str
    searched: Searched
    outcome: Outcome
    printed: int | None
    compared: int | None
    now: int | None
    apart: float | None
    compared_as_of: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOverlap:
    """How many studies that the review included the source holds, and how many of them each strategy finds.

    `listed` counts what the known items name as included in the review, `unverified` those of them whose
    PMID is not confirmed, and so counted nowhere.
    """

    listed: int = 0
    unverified: int = 0
    held: int = 0
    found: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """`verdict.json`: whether the review's search is reproduced (Rethlefsen et al., J Clin Epidemiol 2024).

    `because` holds what keeps the verdict open, or what it rests on; `said` what a reader must know beside
    it; `limits` every limit of this run's search; `incomplete` services that were down.
    """

    outcome: Outcome
    because: tuple[str, ...]
    said: tuple[str, ...]
    items: tuple[JudgedItem, ...]
    databases: tuple[DatabaseVerdict, ...]
    printed_total: int | None
    search_date: str | None
    limits: tuple[str, ...]
    overlap: SetOverlap
    boundary_records: int = 0
    incomplete: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`summary.json`. `counts` are the primary strategy's boxes by lane, those that have a number.

    Against an earlier run: `changes` and `causes` count the rows of `changes.csv`; `anomalies` say why the
    search is not to be trusted as it stands; `included_affected` are included records that were lost,
    retracted, questioned or decided otherwise; `to_screen` are records that now wait for somebody and did
    not; `fetched` counts the records of the source that this run received itself, `taken_over` the others, by
    the run that did. `notices` name every retraction and concern on what was or is included, in a first run
    too.
    """

    run: str
    protocol: str
    started: str
    until: str
    compared_with: str | None
    exit_code: int
    paragraph: str
    counts: Mapping[Column, Mapping[Box, int]]
    found_by_strategy: Mapping[str, int]
    changes: Mapping[Change, int]
    unavailable: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    verdict: Reproduction | None = None
    decisions_on_nothing: tuple[str, ...] = ()
    decisions_to_reread: tuple[str, ...] = ()
    causes: Mapping[Cause, int] = field(default_factory=dict)
    unexplained: int = 0
    anomalies: tuple[str, ...] = ()
    included_affected: tuple[str, ...] = ()
    to_screen: tuple[str, ...] = ()
    fetched: int = 0
    taken_over: Mapping[str, int] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedCriterion:
    """A criterion as it was applied: `kind` is how its query decides, `query` has its fragments put in."""

    id: str
    kind: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """`applied.json`: what a run applied beside its search, so that a later run can tell what was changed.

    `protocol` is the protocol as the steps read it, in JSON; `files` maps what a file is for and its place
    beside the protocol (`imports: embase.ris`) to its SHA-256; `mesh` is the path of the tree.
    """

    protocol: str = ""
    criteria: tuple[AppliedCriterion, ...] = ()
    criteria_version: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    mesh: str = ""
    mesh_sha256: str = ""
    resift: str = ""
