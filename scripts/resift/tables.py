"""Every file of a run, declared once: where it lies in the run folder, what a row of it is.

Steps, screening, PRISMA accounting and the report pass these row types; no column is named elsewhere. The
field order of a row type is the column order of its file. `times` marks files that hold recorded times: two
runs over the same source differ in these alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from resift.documents import Applied, FlowDocument, Reproduction, SearchDocument, Summary
from resift.rows import iter_rows, read_document, read_rows, write_document, write_rows, writing_rows
from resift.vocabulary import (
    Answer,
    Box,
    Cause,
    Change,
    ChangedIn,
    ExportFormat,
    ExportPart,
    Held,
    How,
    Inside,
    Lane,
    NoticeKind,
    Relation,
    Retracted,
    State,
    Status,
    Within,
)

LANES = tuple(Lane)
TOPIC_PREFIX = "topic:"
"""An evidence row of a topic names it so in place of a criterion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One id of the union of all searches, with the strategies that found it."""

    pmid: str
    strategies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """An id that the source counted and did not return, with the reason as far as it is known."""

    pmid: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """A record that was not fetched: it stands as an earlier run received it, `received_by`."""

    pmid: str
    received_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """One record and the report that it belongs to.

    `group` is the id of the record kept for the report, `kept` true for exactly one record of a group.
    `relation` is why the record is not (only) a report of its own, `related` names the other records;
    `rule`, `score` (0 to 1) and `evidence` belong to the decision that `relation` names. Where a person
    decided, `rule` is `GroupedBy.PERSON`.
    """

    record: str
    group: str
    kept: bool
    relation: Relation
    related: tuple[str, ...]
    rule: str
    score: float | None
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionAnswer:
    """The answer of one criterion for one record. `missing_terms` are words looked for and not found."""

    record: str
    criterion: str
    answer: Answer
    clause: str
    missing_terms: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Characters `start` to `end` of a record's own field, which a clause of a criterion or topic found.

    Of a criterion's places in one record the first 20,000.
    """

    record: str
    criterion: str
    clause: str
    field: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """The end of one record: the audit log.

    `found_by` are strategies in the lane of databases and seeds (record ids) in the other. `decided_by` is
    a `Decider`, or the names of the people who decided. `text_sha256` and `criteria_version` name the text
    and the criteria that were applied to it: a person's decision on the record bears both.
    """

    record: str
    pmid: str
    doi: str
    year: int | None
    title: str
    lane: Lane
    source: str
    found_by: tuple[str, ...]
    first_seen: str
    group: str
    study: str
    state: State
    box: Box
    decided_by: str
    criterion: str
    reason: str
    automated_outcome: str
    human_outcomes: str
    flips_if: str
    topics: tuple[str, ...]
    retracted: Retracted
    text_sha256: str
    criteria_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedWork:
    """Entry `n` of a seed's reference list in one round, and what it came to.

    A hand-searched entry has round 0, no seed, and its line in the file as `n`. A seed whose reference list
    is not available has one row with `n` 0 and no record, so that the coverage can be counted.
    """

    round: int
    seed: str
    n: int
    citation: str
    pmid: str
    how: How
    record: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItemFinding:
    """Where a known item stands: whether it could be found, by which strategies it was, and how it ended."""

    item: str
    set: str
    use: str
    pmid: str
    in_source: Held
    in_window: Within
    in_language: Within
    found_by: tuple[str, ...]
    missed_clause: str = ""
    nearest_fix: str = ""
    state: State | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change of a record (or known item) since the earlier run, with the first cause that holds."""

    record: str
    lane: ChangedIn
    change: Change
    cause: Cause
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """A strategy whose answer is not what the earlier run lets expect, and why a person must look first."""

    strategy: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One run of the protocol: records identified in both lanes, those gained since the run before it, those
    awaiting a person, those that people included on full text, and how it ended for a scheduler."""

    run: str
    started: str
    until: str
    records: int
    new: int
    awaiting: int
    included: int
    exit_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOfRow:
    """What a strategy could have shown on an earlier `day`, by the records that this run holds.

    `now` are all that it finds, `level_1` those that had entered PubMed by then, `level_2` those of them that
    it reaches otherwise than through headings added later. Of level 1 were `revised_since` and
    `indexed_since` touched after that day.
    """

    day: str
    strategy: str
    now: int
    level_1: int
    level_2: int
    without_entry_date: int
    revised_since: int
    indexed_since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A retraction or an expression of concern on a report that was or is included, or is eligible.

    `record` is the report's record that bears it, `before` and `now` the report's end in the earlier and in
    this run (None where that run has no such record), `since_earlier` whether the earlier run had no notice.
    """

    record: str
    pmid: str
    title: str
    kind: NoticeKind
    notice_pmid: str
    notice_date: str
    before: State | None
    now: State | None
    since_earlier: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistRow:
    """One item of a checklist. `evidence` names the file of the run folder that shows it."""

    item: str
    name: str
    reported: str
    done: str
    status: Status
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingItem:
    """One item of PRISMA-LSR, which this run's version of the review alone can answer."""

    item: str
    name: str
    done: str
    status: Status
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryRecord:
    """A record on the edge of the window, with the answer of both its dates."""

    record: str
    pmid: str
    print_date: str
    electronic_date: str
    by_print_date: Inside
    by_electronic_date: Inside
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OddDecision:
    """A row (`line`) of the human decisions that falls on nothing or on a name of two reports, or is dated
    after the run began."""

    line: int
    decided_at: str
    reviewer: str
    record: str
    stage: str
    outcome: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierDecision:
    """A row (`line`) of the human decisions that is in force, and was made on an earlier text of the record
    or under earlier criteria. `text_sha256` and `criteria_version` are those of this run."""

    line: int
    decided_at: str
    reviewer: str
    record: str
    stage: str
    outcome: str
    why: str
    text_sha256: str
    criteria_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """How two raters agree at a stage; `first` may be the rules. Figures are None where `said` says why."""

    stage: str
    first: str
    second: str
    n: int
    both_keep: int
    only_first_keeps: int
    only_second_keeps: int
    both_exclude: int
    raw: float | None
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None
    pabak: float | None
    ac1: float | None
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """What an audited sample says of the exclusions of one criterion, or (`all`) of all together.

    `upper_rate` and `upper_lost` bound the wrong exclusions from above with 95 % confidence, as a share and
    a number of records; `upper_rate_endless` is Clopper and Pearson's bound. `sha256` is the sample's.
    """

    criterion: str
    excluded: int
    drawn: int
    answered: int
    wrong: int
    unsure: int
    upper_rate: float | None
    upper_rate_endless: float | None
    upper_lost: int | None
    said: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionWeight:
    """What hangs on one criterion: reports that it alone excludes, and how many would move if it were
    dropped, relaxed (not met asks a person) or tightened (unclear excludes)."""

    criterion: str
    label: str
    not_met: int
    unclear: int
    on_this_alone: int
    dropped_to_eligible: int
    dropped_to_awaiting: int
    relaxed_to_awaiting: int
    tightened_to_excluded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A report that rules exclude for one criterion alone; `unclear` are criteria a person would settle."""

    record: str
    pmid: str
    year: int | None
    title: str
    criterion: str
    unclear: tuple[str, ...]
    would_be: State
    counterfactual: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FullTextExclusion:
    """A report excluded on full text, with its reason (PRISMA 2020 item 16b, AMSTAR 2 item 7)."""

    record: str
    pmid: str
    doi: str
    year: int | None
    title: str
    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRead:
    """A record that awaits a person, with its place in the order of reading and the reason for it."""

    place: int
    record: str
    pmid: str
    year: int | None
    title: str
    to_settle: tuple[str, ...]
    why: str
    waits_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeRow:
    """A challenge to a strategy: what `(query) NOT (strategy)` found, and what the rules say of it.

    `judged` of the records `found` were fetched and screened; `records` names those, the likeliest first.
    """

    asked_at: str
    run: str
    source: str
    strategy: str
    query: str
    sent: str
    found: int
    judged: int
    would_pass: int
    would_await: int
    would_be_excluded: int
    records: tuple[str, ...]
    criteria_version: str
    verdict: str
    by: str


@dataclass(frozen=True, slots=True)
class RunFile:
    """A file of a run. `pattern` is its path in the run folder, with wildcards such as `{lane}`."""

    pattern: str
    times: bool = False

    def of(self, folder: Path, **wildcards: str) -> Path:
        """Its path in a run folder."""
        return folder / self.pattern.format(**wildcards)

    def matches(self, name: str) -> bool:
        """Whether a path in a run folder is one of this file's; a wildcard holds no slash and no dot."""
        return re.fullmatch(re.sub(r"\\{\w+\\}", "[^/.]+", re.escape(self.pattern)), name) is not None

    def each(self, folder: Path) -> list[Path]:
        """Its paths in a run folder for every lane, part and format, whichever it has."""
        if "{part}" in self.pattern:
            return [self.of(folder, part=part, format=form) for part in ExportPart for form in ExportFormat]
        if "{lane}" in self.pattern:
            return [self.of(folder, lane=lane) for lane in LANES]
        return [self.of(folder)]


Row = TypeVar("Row")
Document = TypeVar("Document")


@dataclass(frozen=True, slots=True)
class Table(RunFile, Generic[Row]):
    """A CSV file of a run with its row type."""

    row: type[Row] = object  # type: ignore[assignment]

    def read(self, path: Path) -> list[Row]:
        """Its rows. Raises `RunError`."""
        return read_rows(self.row, path)

    def stream(self, path: Path) -> Iterator[Row]:
        """Its rows one after another, for those who keep few of them. Raises `RunError`."""
        return iter_rows(self.row, path)

    def write(self, path: Path, rows: Iterable[Row]) -> None:
        """Write it with its heading, by rename."""
        write_rows(self.row, rows, path)

    def writing(self, path: Path) -> AbstractContextManager[Callable[[Iterable[Row]], None]]:
        """What adds rows to it; the file stands when the block ends without an error."""
        return writing_rows(self.row, path)


@dataclass(frozen=True, slots=True)
class JsonFile(RunFile, Generic[Document]):
    """A JSON file of a run with its type."""

    kind: type[Document] = object  # type: ignore[assignment]

    def read(self, path: Path) -> Document:
        """Its content. Raises `RunError`."""
        return read_document(self.kind, path)

    def write(self, path: Path, document: Document) -> None:
        """Write it, by rename."""
        write_document(document, path)


RUN = RunFile("run.yaml", times=True)
TAPE = RunFile("raw/{request}.gz")
"""Every answer of the source as received; `resift.pubmed.tape` reads and writes these and their list."""
REQUESTS = RunFile("raw/requests.csv", times=True)
ANSWERS = RunFile("answers.json", times=True)
"""What the source said to each strategy (`resift.pubmed.source.SearchAnswer`, its ids in `HITS`)."""
HITS = Table("search/hits.csv", row=Hit)
MISSES = Table("search/not-returned.csv", row=Miss)
TAKEN_OVER = Table("search/taken-over.csv", row=TakenOver)
SEARCH = JsonFile("search/{strategy}.json", times=True, kind=SearchDocument)
RECORDS = RunFile("records/{lane}.parquet")
"""One row per record; `resift.records` reads and writes it."""
REFERENCE_LISTS = RunFile("records/{lane}.references.parquet")
DUPLICATES = Table("duplicates/{lane}.csv", row=Grouped)
SCREENING = Table("screening/{lane}.csv", row=CriterionAnswer)
EVIDENCE = Table("screening/{lane}.evidence.csv", row=Evidence)
DECISIONS = Table("decisions.csv", row=DecisionRow)
REFERENCES = Table("references.csv", row=CitedWork)
KNOWN_ITEMS = Table("known-items.csv", row=KnownItemFinding)
BOUNDARY = Table("boundary-records.csv", row=BoundaryRecord)
ODD_DECISIONS = Table("decisions-on-nothing.csv", row=OddDecision)
AGREEMENT = Table("appraisal/agreement.csv", row=AgreementRow)
AUDIT = Table("appraisal/audit.csv", row=AuditRow)
WEIGHTS = Table("appraisal/criteria.csv", row=CriterionWeight)
NEAR_MISSES = Table("appraisal/near-misses.csv", row=NearMiss)
FULL_TEXT = Table("appraisal/full-text-exclusions.csv", row=FullTextExclusion)
TO_READ = Table("appraisal/reading-order.csv", row=ToRead)
CHALLENGES = Table("appraisal/challenges.csv", row=ChallengeRow)
TO_REREAD = Table("decisions-to-reread.csv", row=EarlierDecision)
FLOW = JsonFile("flow.json", kind=FlowDocument)
DIAGRAM = RunFile("flow.svg")
STRICT_DIAGRAM = RunFile("flow-strict.svg")
UPDATE_DIAGRAM = RunFile("flow-update.svg")
"""What is new since the earlier run, as an updated review; in a first run the diagram of the run itself."""
LIVING_DIAGRAM = RunFile("flow-living.svg")
"""The same against the first run of the chain: the base version and all updates together."""
CHANGES = Table("changes.csv", row=ChangeRow)
APPLIED = JsonFile("applied.json", kind=Applied)
"""What this run applied, for a later run to compare with: criteria in full, files by hash."""
ANOMALIES = Table("anomalies.csv", row=Anomaly)
NOTICES = Table("retractions.csv", row=NoticeRow)
AS_OF = Table("as-of.csv", row=AsOfRow)
EXPORTS = RunFile("exports/{part}.{format}")
CHECKLIST = Table("prisma-s.csv", times=True, row=ChecklistRow)
LIVING_ITEMS = Table("prisma-lsr.csv", row=LivingItem)
"""PRISMA-LSR; no rows in a first run whose protocol does not say that the review is living."""
VERDICT = JsonFile("verdict.json", kind=Reproduction)
HISTORY = Table("history.csv", times=True, row=HistoryRow)
"""The runs that this one follows, in order, and itself."""
REPORT = RunFile("report.html", times=True)
SUMMARY = JsonFile("summary.json", times=True, kind=Summary)
MANIFEST = RunFile("manifest.json", times=True)

RUN_FILES: tuple[RunFile, ...] = (
    RUN, TAPE, REQUESTS, ANSWERS, HITS, MISSES, TAKEN_OVER, SEARCH, RECORDS, REFERENCE_LISTS, DUPLICATES,
    SCREENING, EVIDENCE, DECISIONS, ODD_DECISIONS, TO_REREAD, AGREEMENT, AUDIT, WEIGHTS, NEAR_MISSES,
    FULL_TEXT, TO_READ, CHALLENGES, REFERENCES, KNOWN_ITEMS, FLOW, DIAGRAM, STRICT_DIAGRAM, UPDATE_DIAGRAM,
    LIVING_DIAGRAM, APPLIED, CHANGES, ANOMALIES, NOTICES, AS_OF, EXPORTS, CHECKLIST, BOUNDARY, VERDICT,
    LIVING_ITEMS, REPORT, SUMMARY, HISTORY, MANIFEST,
)  # fmt: skip
"""All of them, in the order in which they come to be."""


def declared(name: str) -> RunFile | None:
    """The declaration that a path in a run folder falls under, or None."""
    return next((file for file in RUN_FILES if file.matches(name)), None)
