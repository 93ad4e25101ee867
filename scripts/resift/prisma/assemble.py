"""From the tables of a run to `flow.json`: one view per strategy, identities checked, footnotes in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from resift.documents import FlowCounts, FlowDocument, FlowSources
from resift.identify.extent import CITATION_SEARCHING, HAND_SEARCHED, coverage, limits_bind, outside_limits
from resift.prisma.flow import build, document, view
from resift.prisma.identities import check
from resift.prisma.model import Flow, FlowRow, Place
from resift.project.protocol import Protocol
from resift.records import Record
from resift.screening.criteria import Screening
from resift.tables import CitedWork, DecisionRow
from resift.text.numbers import counted
from resift.vocabulary import Box, Column, Decider, Lane, State

NOT_A_VERDICT = (State.DUPLICATE, State.ALREADY_KNOWN)
DATABASES = Place(Column.DATABASES, Box.IDENTIFIED_DATABASES)
REGISTERS = Place(Column.DATABASES, Box.IDENTIFIED_REGISTERS)


def flow_rows(decisions: Sequence[DecisionRow], protocol: Protocol, screening: Screening) -> list[FlowRow]:
    """The rows of `decisions.csv` as the flow needs them: each with the verdict on its report."""
    verdicts = {row.group: row for row in decisions if row.state not in NOT_A_VERDICT}
    labels = {criterion.id: criterion.exclusion_label for criterion in screening.criteria}
    imports = {entry.source: entry for entry in protocol.imports}
    rows = []
    for row in decisions:
        verdict = verdicts[row.group]
        imported = imports.get(row.source) if row.lane is Lane.DATABASES else None
        rows.append(
            FlowRow(
                record=row.record,
                lane=row.lane,
                origin=imported.database if imported else _origin(row),
                register=imported is not None and imported.register,
                imported=imported is not None,
                group=row.group,
                kept=row.state not in NOT_A_VERDICT,
                found_by=row.found_by,
                study=verdict.study,
                state=verdict.state,
                box=verdict.box,
                decided_by=verdict.decided_by,
                criterion=verdict.criterion,
                reason=verdict.reason,
                criterion_label=labels.get(verdict.criterion, ""),
            )
        )
    return rows


def _origin(row: DecisionRow) -> str:
    if row.lane is Lane.OTHER:
        return HAND_SEARCHED if row.source == "handsearched" else CITATION_SEARCHING
    return "PubMed"


def assemble(
    decisions: Sequence[DecisionRow],
    protocol: Protocol,
    screening: Screening,
    *,
    works: Sequence[CitedWork],
    records: Sequence[Record],
    no_abstract: Collection[str],
    full_text: bool,
    until: str | None,
    only: Collection[str] | None = None,
) -> FlowDocument:
    """What `flow.json` holds; with `only`, the same of some of the records (an update counts what is new).

    Of `records`, source, year and languages are read; those without an abstract are named by `no_abstract`.

    Raises `FlowError` when an identity fails for any strategy.
    """
    rows = flow_rows(decisions, protocol, screening)

    def flow_of(strategy: str | None) -> Flow:
        placed = view(rows, strategy)
        chosen = placed if only is None else [one for one in placed if one.row.record in only]
        return build(chosen, full_text=full_text)

    flows: dict[str, Flow] = {strategy.name: flow_of(strategy.name) for strategy in protocol.strategies}
    check({**flows, "all strategies together": flow_of(None)})
    primary = flows[protocol.primary.name]
    rules_only = protocol.role != "prefilter" and all(row.decided_by == Decider.RULES for row in decisions)
    other = [record for record in records if record.source in ("references", "handsearched")]
    outside = outside_limits(other, protocol, until=until)
    identified = set(primary.boxes[Place(Column.OTHER, Box.IDENTIFIED_OTHER)])
    screened = set(primary.boxes[Place(Column.DATABASES, Box.SCREENED)])
    evidenced = len(primary.boxes[Place(Column.DATABASES, Box.ELIGIBLE)])
    return document(
        flows,
        primary=protocol.primary.name,
        full_text=full_text,
        role=protocol.role,
        footnotes=_footnotes(primary, protocol, works, rules_only=rules_only, outside=identified & outside),
        rules_only=rules_only,
        other_methods=bool(protocol.other_methods.rounds or protocol.other_methods.handsearched),
        reference_lists=coverage(works),
        sources=FlowSources(
            databases={name: len(ids) for name, ids in primary.parts[DATABASES].items()},
            registers={name: len(ids) for name, ids in primary.parts[REGISTERS].items()},
        ),
        counts=FlowCounts(
            evidenced=evidenced,
            evidenced_and_unclear=evidenced + len(primary.boxes[Place(Column.DATABASES, Box.AWAITING)]),
            no_abstract=len(screened.intersection(no_abstract)),
            other_within_limits=len(identified - outside),
        ),
    )


def _footnotes(
    flow: Flow,
    protocol: Protocol,
    works: Sequence[CitedWork],
    *,
    rules_only: bool,
    outside: set[str],
) -> list[str]:
    """What must stand under the diagram, in words (PRISMA 2020 templates, footnotes * and **)."""

    def n(box: Box) -> int:
        return len(flow.boxes[Place(Column.DATABASES, box)])

    named = flow.parts[DATABASES].items()
    databases = ", ".join(f"{name} (n = {len(ids)})" for name, ids in named) or "PubMed (n = 0)"
    notes = [f"* Records by database: {databases}. Strategy drawn: {protocol.primary.name}."]
    notes.append(
        f"** Records excluded by a human: {n(Box.EXCLUDED_BY_HUMAN)}; "
        f"by automation tools: {n(Box.EXCLUDED_BY_AUTOMATION)}."
    )
    if rules_only:
        notes.append("Screened by rules only; no person read these records.")
    lists = coverage(works)
    if lists.seeds:
        entries = [work for work in works if work.seed and work.record]
        cited = f"{counted(len(entries), 'citation')} of {counted(len({w.record for w in entries}), 'work')}"
        kept = "removed" if limits_bind(protocol) else "kept; the limits do not bind here"
        notes.append(
            f"Backward citation searching stands in for reference list checking: {cited} over all seeds. "
            f"Reference lists available for {lists.available} of {counted(lists.seeds, 'seed')}, "
            "the rest not searched. "
            f"Outside the review's date or language limits: {len(outside)} ({kept})."
        )
    if lists.unavailable:
        notes.append(f"{lists.unavailable} The same command, run again, asks for them.")
    return notes
