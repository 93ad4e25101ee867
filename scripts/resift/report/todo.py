"""What needs doing: what a person must settle before the numbers of a run can stand, most pressing first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from resift.prisma.lsr import prisma_lsr
from resift.report.data import ReportData
from resift.text.numbers import counted
from resift.vocabulary import Box, Column, Held, Relation, Retracted, State, Status


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, and the fragment of the page that shows what it is about."""

    words: str
    link: str


def tasks_of(data: ReportData) -> Sequence[Task]:
    """Everything that waits for a person; empty where nothing does."""
    return [*_urgent(data), *_decisions(data), *_protocol(data)]


def _urgent(data: ReportData) -> Iterator[Task]:
    for service in data.verdict.incomplete:
        yield Task(f"Run again: {service}", "methods")
    counted_in = (State.ELIGIBLE, State.INCLUDED)
    retracted = sum(row.retracted is Retracted.YES and row.state in counted_in for row in data.decisions)
    if retracted:
        yield Task(
            f"Look at {counted(retracted, 'retracted report')} among the eligible and included",
            "records?retracted=retracted&state=eligible,included",
        )
    lost = sum(len([m for m in search.server_messages if m.lost]) for search in data.searches)
    if lost:
        yield Task(f"Read what the source left out of the search: {counted(lost, 'message')}", "strategies")


def _decisions(data: ReportData) -> Iterator[Task]:
    waiting = sum(row.state is State.AWAITING for row in data.decisions)
    if waiting:
        yield Task(
            f"Decide {counted(waiting, 'record')} that await a person{_drawn(data, waiting)}",
            "records?state=awaiting",
        )
    pairs = len(pairs_of(data))
    if pairs:
        yield Task(f"Settle {counted(pairs, 'pair')} that may be one report", "pairs")
    if data.odd_decisions:
        yield Task(f"Look at {counted(len(data.odd_decisions), 'human decision')} in doubt", "odd-decisions")
    if data.to_reread:
        yield Task(
            f"Read again {counted(len(data.to_reread), 'decision')} made on an earlier text or criteria",
            "decisions-to-reread",
        )
    for box, words in (
        (Box.NOT_YET_SOUGHT, "Seek the full text of"),
        (Box.NOT_YET_ASSESSED, "Assess the full text of"),
        (Box.AWAITING_CLASSIFICATION, "Classify"),
    ):
        n = data.flow.n(box, Column.DATABASES)
        if n:
            yield Task(f"{words} {counted(n, 'report')}", f"box-{box.replace('_', '-')}")


def _drawn(data: ReportData, waiting: int) -> str:
    """Which of the records that wait the diagram shows: it counts the primary strategy alone."""
    places = ((Column.DATABASES, "from databases"), (Column.OTHER, "by other methods"))
    found = [(n, where) for lane, where in places if (n := data.flow.n(Box.AWAITING, lane))]
    if sum(n for n, _ in found) == waiting:
        return ""
    told = " and ".join(f"{n:,} {where}" for n, where in found) or "none"
    return f", by whichever strategy they were found (by the primary one, as in the diagram: {told})"


def _protocol(data: ReportData) -> Iterator[Task]:
    missing = [row.item for row in data.checklist if row.status is Status.MISSING]
    if missing:
        yield Task(
            f"Declare {counted(len(missing), 'PRISMA-S item')} that nobody has spoken to: "
            f"{', '.join(missing)}",
            "checklists",
        )
    living = [row.item for row in prisma_lsr(data.living) if row.status is Status.MISSING]
    if living and data.living.declared is not None:
        yield Task(f"Declare what nobody has said of the living mode: {', '.join(living)}", "checklists")
    unverified = sum(row.in_source is Held.UNVERIFIED for row in data.known_items)
    if unverified:
        yield Task(f"Check the PMID of {counted(unverified, 'known item')}", "known")
    if data.boundary:
        yield Task(f"Look at {counted(len(data.boundary), 'record')} at the edge of the window", "boundary")


def pairs_of(data: ReportData) -> list[tuple[str, str]]:
    """Records that deduplication sends to a person, as pairs of record ids; each pair once."""
    held = {row.record for row in data.decisions}
    pairs: dict[tuple[str, str], None] = {}
    for row in data.duplicates:
        if row.relation is Relation.REVIEW:
            for other in row.related:
                first, second = sorted((row.record, other))
                if other in held and row.record in held:
                    pairs.setdefault((first, second))
    return list(pairs)
