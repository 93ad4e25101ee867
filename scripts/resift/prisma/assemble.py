"""From the tables of a run to `flow.json`: one view per strategy, identities checked, footnotes in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from resift.identify.other_methods import limits_bind, outside_limits
from resift.identify.references import CITATION_SEARCHING, HAND_SEARCHED, coverage
from resift.prisma.flow import build, to_json, view
from resift.prisma.identities import check
from resift.prisma.model import Flow, FlowRow
from resift.project.protocol import Protocol
from resift.records import Record
from resift.screening.criteria import Screening
from resift.screening.decisions import State

NOT_A_VERDICT = (State.DUPLICATE.value, State.ALREADY_KNOWN.value)


def flow_rows(
    decisions: Sequence[Mapping[str, str]], protocol: Protocol, screening: Screening
) -> list[FlowRow]:
    """The rows of `decisions.csv` as the flow needs them: each with the verdict on its report."""
    verdicts = {row["group"]: row for row in decisions if row["state"] not in NOT_A_VERDICT}
    labels = {criterion.id: criterion.label for criterion in screening.criteria}
    imports = {entry.source: entry for entry in protocol.imports}
    rows = []
    for row in decisions:
        verdict = verdicts[row["group"]]
        imported = imports.get(row["source"]) if row["lane"] == "databases" else None
        rows.append(
            FlowRow(
                record=row["record"],
                lane=row["lane"],
                origin=imported.database if imported else _origin(row),
                register=imported is not None and imported.register,
                imported=imported is not None,
                group=row["group"],
                kept=row["state"] not in NOT_A_VERDICT,
                found_by=tuple(name for name in row["found_by"].split(";") if name),
                study=verdict["study"],
                state=State(verdict["state"]),
                box=verdict["box"],
                decided_by=verdict["decided_by"],
                criterion=verdict["criterion"],
                reason=verdict["reason"],
                criterion_label=labels.get(verdict["criterion"], ""),
            )
        )
    return rows


def _origin(row: Mapping[str, str]) -> str:
    if row["lane"] == "other":
        return HAND_SEARCHED if row["source"] == "handsearched" else CITATION_SEARCHING
    return "PubMed"


def assemble(
    decisions: Sequence[Mapping[str, str]],
    protocol: Protocol,
    screening: Screening,
    *,
    works: Sequence[Mapping[str, str]],
    records: Sequence[Record],
    full_text: bool,
    until: str | None,
) -> dict[str, Any]:
    """`flow.json` as plain data. Raises `FlowError` when an identity fails for any strategy."""
    rows = flow_rows(decisions, protocol, screening)
    flows: dict[str, Flow] = {
        strategy.name: build(view(rows, strategy.name), full_text=full_text)
        for strategy in protocol.strategies
    }
    check({**flows, "all strategies together": build(view(rows, None), full_text=full_text)})
    primary = flows[protocol.primary.name]
    rules_only = all(row["decided_by"] == "rules" for row in decisions)
    other = [record for record in records if record.source in ("references", "handsearched")]
    outside = outside_limits(other, protocol, until=until)
    identified = set(primary.boxes["O'"])
    abstract = {record.record for record in records if record.abstract}
    screened = set(primary.boxes["S"])
    return to_json(
        flows,
        primary=protocol.primary.name,
        full_text=full_text,
        role=protocol.role,
        footnotes=_footnotes(primary, protocol, works, rules_only=rules_only, outside=identified & outside),
        rules_only=rules_only,
        other_methods=bool(protocol.other_methods.rounds or protocol.other_methods.handsearched),
        reference_lists=dict(zip(("available", "seeds"), coverage(works), strict=True)),
        sources={
            "databases": {name: len(ids) for name, ids in primary.parts["D"].items()},
            "registers": {name: len(ids) for name, ids in primary.parts["G"].items()},
        },
        counts={
            "evidenced": len(primary.boxes["K"]),
            "evidenced_and_unclear": len(primary.boxes["K"]) + len(primary.boxes["W"]),
            "no_abstract": len(screened - abstract),
            "other_within_limits": len(identified - outside),
        },
    )


def _footnotes(
    flow: Flow,
    protocol: Protocol,
    works: Sequence[Mapping[str, str]],
    *,
    rules_only: bool,
    outside: set[str],
) -> list[str]:
    """What must stand under the diagram, in words (PRISMA 2020 templates, footnotes * and **)."""
    databases = (
        ", ".join(f"{name} (n = {len(ids)})" for name, ids in flow.parts["D"].items()) or "PubMed (n = 0)"
    )
    notes = [f"* Records by database: {databases}. Strategy drawn: {protocol.primary.name}."]
    notes.append(
        f"** Records excluded by a human: {len(flow.boxes['X_human'])}; "
        f"by automation tools: {len(flow.boxes['X_auto'])}."
    )
    if rules_only:
        notes.append("Screened by rules only; no person read these records.")
    available, seeds = coverage(works)
    if seeds:
        entries = [work for work in works if work["seed"] and work["record"]]
        cited = f"{len(entries)} citations of {len({w['record'] for w in entries})} works"
        kept = "removed" if limits_bind(protocol) else "kept; the limits do not bind here"
        notes.append(
            f"Backward citation searching stands in for reference list checking: {cited} over all seeds. "
            f"Reference lists available for {available} of {seeds} seeds, the rest not searched. "
            f"Outside the review's date or language limits: {len(outside)} ({kept})."
        )
    return notes
