"""What the report reads: one run folder, loaded whole into a frozen `ReportData`.

All reading of the report happens here; the other modules of this room turn `ReportData` into a page.
"""

from __future__ import annotations

import typing
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from resift.changes.methods import methods_changed, read_methods
from resift.documents import FlowDocument, Reproduction, SearchDocument
from resift.errors import RunError
from resift.files import sha256_file
from resift.identify.update import Received
from resift.prisma.checklist import RunFacts
from resift.prisma.lsr import LivingFacts, Preceding
from resift.project.run import Run, amendments, earlier_folder, load_run
from resift.report.room import in_full, named, to_settle
from resift.screening.appraisal import Appraisal
from resift.tables import (
    ANOMALIES,
    AS_OF,
    BOUNDARY,
    CHANGES,
    CHECKLIST,
    DECISIONS,
    DUPLICATES,
    EVIDENCE,
    FLOW,
    HISTORY,
    HITS,
    KNOWN_ITEMS,
    LIVING_DIAGRAM,
    MISSES,
    NOTICES,
    ODD_DECISIONS,
    RECORDS,
    REFERENCES,
    RUN,
    RUN_FILES,
    SCREENING,
    SEARCH,
    TAKEN_OVER,
    TAPE,
    TO_REREAD,
    UPDATE_DIAGRAM,
    VERDICT,
    Anomaly,
    AsOfRow,
    BoundaryRecord,
    ChangeRow,
    ChecklistRow,
    CitedWork,
    CriterionAnswer,
    DecisionRow,
    EarlierDecision,
    Evidence,
    Grouped,
    HistoryRow,
    Hit,
    KnownItemFinding,
    Miss,
    NoticeRow,
    OddDecision,
    TakenOver,
)
from resift.vocabulary import Answer, Relation

if TYPE_CHECKING:
    from resift.project.protocol import Protocol
    from resift.records import Record
    from resift.screening.criteria import Screening

LISTED_BY = (
    "record", "authors", "collective_authors", "journal", "journal_abbreviation", "year", "volume", "issue",
    "pages", "publication_types",
)  # fmt: skip
"""Columns of a record that lists and charts read."""

# Files whose hashes are the same in every run over the same source, so that the page can print them; the
# tape's answers are too many. The others stand in manifest.json.
HASHED = tuple(file for file in RUN_FILES if not file.times and file is not TAPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportData:
    """A run as the report shows it.

    Of `records`, those that the page may show with text and evidence are whole, and `answers` and `evidence`
    are theirs; others that it names have the columns of `LISTED_BY`. `answered` counts all answers of a
    criterion; `duplicates` leaves out records that are related to none.
    `searches` are in the protocol's order; `records` are of both lanes, databases first, in the order
    of their Parquet files; `hashes` maps file names to SHA-256; `screening` is None when the criteria file
    is not at hand, and labels then fall back to ids; `amendments` say what was changed in the protocol
    since the run froze it; `updates` are the diagrams of an updated review, each SVG under its title.
    """

    run: Run
    searches: Sequence[SearchDocument]
    flow: FlowDocument
    hits: Sequence[Hit]
    missing: Sequence[Miss]
    taken_over: Sequence[TakenOver]
    records: Sequence[Record]
    duplicates: Sequence[Grouped]
    answers: Sequence[CriterionAnswer]
    answered: Mapping[str, Mapping[Answer, int]]
    evidence: Sequence[Evidence]
    decisions: Sequence[DecisionRow]
    references: Sequence[CitedWork]
    known_items: Sequence[KnownItemFinding]
    changes: Sequence[ChangeRow]
    anomalies: Sequence[Anomaly]
    notices: Sequence[NoticeRow]
    as_of: Sequence[AsOfRow]
    checklist: Sequence[ChecklistRow]
    verdict: Reproduction
    boundary: Sequence[BoundaryRecord] = ()
    odd_decisions: Sequence[OddDecision] = ()
    to_reread: Sequence[EarlierDecision] = ()
    appraisal: Appraisal = field(default_factory=Appraisal)
    hashes: Mapping[str, str] = field(default_factory=dict)
    screening: Screening | None = None
    amendments: Sequence[str] = ()
    history: Sequence[HistoryRow] = ()
    updates: Sequence[tuple[str, str]] = ()
    preceding: Preceding | None = None

    @property
    def name(self) -> str:
        """The run's name."""
        return self.run.name

    @property
    def protocol(self) -> Mapping[str, Any]:
        """The protocol that the files of the run were made with (see `amendments`)."""
        return self.run.protocol

    @property
    def primary(self) -> SearchDocument:
        """The search that the flow diagram counts."""
        return next(s for s in self.searches if s.primary)

    @property
    def recorded_times(self) -> list[str]:
        """Every recorded time that the page may show, longest first."""
        times = {self.run.started, *(search.searched_at for search in self.searches)}
        return sorted((t for t in times if t), key=lambda t: (-len(t), t))

    @property
    def received(self) -> Received:
        """How many records of the source this run fetched, and which run received the others."""
        return Received.of(hits=len(self.hits), missing=len(self.missing), taken=self.taken_over)

    @property
    def facts(self) -> RunFacts:
        """What the checklists read."""
        return RunFacts(run=self.run, searches=self.searches, flow=self.flow)

    @property
    def living(self) -> LivingFacts:
        """What the checklist of living reviews reads."""
        return LivingFacts(
            run=self.run,
            history=self.history,
            changes=self.changes,
            decisions=self.decisions,
            preceding=self.preceding,
        )


def load(folder: Path, *, protocol: Protocol | None = None, screening: Screening | None = None) -> ReportData:
    """Read a run folder. Raises `RunError` naming the file that is missing or cannot be read.

    `protocol` and `screening` are what the steps read; without them the frozen protocol stands in.
    """
    run = load_run(_there(RUN.of(folder)))
    amended: list[str] = []
    if protocol is not None:
        amended = amendments(run, protocol, screening.version if screening else "")
        run = replace(run, protocol=protocol.content)
    names = list(run.protocol.get("strategies") or {})
    decisions = DECISIONS.read(DECISIONS.of(folder))
    duplicates = [
        row
        for path in DUPLICATES.each(folder)
        for row in DUPLICATES.stream(path)
        if row.related or row.relation is not Relation.UNRELATED
    ]
    first = to_settle(duplicates)
    shown = in_full(decisions, first=first)
    answers, answered = _answers(folder, shown)
    return ReportData(
        run=run,
        searches=[SEARCH.read(SEARCH.of(folder, strategy=name)) for name in names],
        flow=FLOW.read(FLOW.of(folder)),
        hits=HITS.read(HITS.of(folder)),
        missing=MISSES.read(MISSES.of(folder)),
        taken_over=TAKEN_OVER.read(TAKEN_OVER.of(folder)),
        records=list(_records(folder, shown, named(decisions, first))),
        duplicates=duplicates,
        answers=answers,
        answered=answered,
        evidence=[
            row for path in EVIDENCE.each(folder) for row in EVIDENCE.stream(path) if row.record in shown
        ],
        decisions=decisions,
        references=REFERENCES.read(REFERENCES.of(folder)),
        known_items=KNOWN_ITEMS.read(KNOWN_ITEMS.of(folder)),
        changes=CHANGES.read(CHANGES.of(folder)),
        anomalies=ANOMALIES.read(ANOMALIES.of(folder)),
        notices=NOTICES.read(NOTICES.of(folder)),
        as_of=AS_OF.read(AS_OF.of(folder)),
        checklist=CHECKLIST.read(CHECKLIST.of(folder)),
        verdict=VERDICT.read(VERDICT.of(folder)),
        boundary=BOUNDARY.read(BOUNDARY.of(folder)),
        odd_decisions=ODD_DECISIONS.read(ODD_DECISIONS.of(folder)),
        to_reread=TO_REREAD.read(TO_REREAD.of(folder)),
        appraisal=Appraisal.read(folder),
        hashes=hashes_of(folder),
        screening=screening,
        amendments=tuple(amended),
        history=_history(run),
        updates=updates_of(folder, run),
        preceding=_preceding(folder, run),
    )


def _records(folder: Path, shown: Collection[str], named: Collection[str]) -> Iterator[Record]:
    """The records of both lanes that the page names, whole where they are shown so."""
    from resift.records import iter_records

    for path in map(_there, RECORDS.each(folder)):
        if all(record.record in shown for record in iter_records(path, ("record",))):
            yield from iter_records(path)
            continue
        for short, whole in zip(iter_records(path, LISTED_BY), iter_records(path), strict=True):
            if whole.record in shown:
                yield whole
            elif short.record in named:
                yield short


def _answers(
    folder: Path, shown: Collection[str]
) -> tuple[list[CriterionAnswer], dict[str, dict[Answer, int]]]:
    """The answers for the records that are shown, and of each criterion how often it gave each answer."""
    answers: list[CriterionAnswer] = []
    answered: dict[str, dict[Answer, int]] = {}
    for path in SCREENING.each(folder):
        for row in SCREENING.stream(path):
            counts = answered.setdefault(row.criterion, {})
            counts[row.answer] = counts.get(row.answer, 0) + 1
            if row.record in shown:
                answers.append(row)
    return answers, answered


def hashes_of(folder: Path) -> dict[str, str]:
    """File -> SHA-256 of what the page prints a hash of, as far as it is there."""
    return {
        path.relative_to(folder).as_posix(): sha256_file(path)
        for file in HASHED
        for path in file.each(folder)
        if path.is_file()
    }


def updates_of(folder: Path, run: Run) -> list[tuple[str, str]]:
    """What is new against the earlier run and against the first of the chain; once where these are one run,
    none in a first run or where a run of an earlier version drew none."""
    if run.compare_with is None:
        return []
    titles = {
        UPDATE_DIAGRAM: f"As an updated review: new since run {Path(run.compare_with).name}",
        LIVING_DIAGRAM: "As a living review: all updates since the first run",
    }
    drawn: dict[str, str] = {}
    for file, title in titles.items():
        if (path := file.of(folder)).is_file():
            drawn.setdefault(path.read_text(encoding="utf-8"), title)
    return [(title, svg) for svg, title in drawn.items()]


def _earlier(run: Run) -> Path | None:
    """The folder of the run that this one is compared with; None in a first run."""
    if run.compare_with is None:
        return None
    return earlier_folder(run.compare_with)


def _history(run: Run) -> list[HistoryRow]:
    """The runs before this one, as the earlier run lists them."""
    folder = _earlier(run)
    return HISTORY.read(HISTORY.of(folder)) if folder and HISTORY.of(folder).is_file() else []


def _preceding(folder: Path, run: Run) -> Preceding | None:
    """What is told of the earlier run beside this one; None where none is at hand."""
    earlier = _earlier(run)
    if earlier is None or not DECISIONS.of(earlier).is_file():
        return None
    return Preceding(
        decisions=DECISIONS.read(DECISIONS.of(earlier)),
        methods_changed=methods_changed(read_methods(earlier), read_methods(folder)),
    )


def _there(path: Path) -> Path:
    if not path.is_file():
        raise RunError("no such file", where=str(path), fix="run the same command again to finish the run")
    return path


class _OfRecord(typing.Protocol):
    @property
    def record(self) -> str: ...


Row = TypeVar("Row", bound=_OfRecord)


def by_record(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows of a table by their record."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.record, []).append(row)
    return found
