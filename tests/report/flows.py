"""Flow files for the diagram's tests: every box filled, built by the library from single records."""

from __future__ import annotations

from typing import Any

from resift.documents import FlowDocument, FlowSources
from resift.prisma.flow import build, document, view
from resift.prisma.identities import check
from resift.prisma.model import FlowRow
from resift.prisma.updated import Previous, update
from resift.vocabulary import Box, Lane, State

OTHER = ("Websites", "Organisations", "Citation searching")


def rows(*, other: bool) -> list[FlowRow]:
    """A few records in every box of both lanes, each box of another size."""
    made: list[FlowRow] = []

    def add(
        n: int, box: Box, state: State, *, lane: Lane = Lane.DATABASES, origin: str = "PubMed", **more: Any
    ) -> None:
        for _ in range(n):
            name = f"pubmed:{len(made) + 1}"
            made.append(
                FlowRow(
                    record=name,
                    lane=lane,
                    origin=origin,
                    group=more.get("group", name),
                    kept=more.get("kept", True),
                    found_by=("primary",) if lane is Lane.DATABASES else (),
                    study=name,
                    state=state,
                    box=box,
                    register=more.get("register", False),
                    decided_by=more.get("by", "rules"),
                    reason=more.get("reason", ""),
                    criterion_label=more.get("label", ""),
                )
            )

    for lane in Lane if other else (Lane.DATABASES,):
        origins = OTHER if lane is Lane.OTHER else ("PubMed",)
        for i, origin in enumerate(origins):
            add(11 + i, Box.EXCLUDED, State.EXCLUDED, lane=lane, origin=origin, label="No tumour")
            add(2, Box.EXCLUDED, State.EXCLUDED, lane=lane, origin=origin, by="AB", reason="Not a treatment")
            add(7, Box.AWAITING, State.AWAITING, lane=lane, origin=origin, label="Stage unclear")
            add(9, Box.NOT_YET_ASSESSED, State.ELIGIBLE, lane=lane, origin=origin)
        origin = origins[-1]
        for i in (1, 2, 3):
            add(
                i,
                Box.EXCLUDED_FULL_TEXT,
                State.EXCLUDED_FULL_TEXT,
                lane=lane,
                origin=origin,
                by="AB",
                reason=f"Reason {i}",
            )
        add(3, Box.NOT_RETRIEVED, State.NOT_RETRIEVED, lane=lane, origin=origin, by="AB")
        add(1, Box.AWAITING_CLASSIFICATION, State.AWAITING, lane=lane, origin=origin, by="AB")
        add(5, Box.INCLUDED_REPORTS, State.INCLUDED, lane=lane, origin=origin, by="AB")
    add(4, Box.EXCLUDED, State.EXCLUDED, origin="ClinicalTrials.gov", register=True, label="No tumour")
    add(2, Box.MARKED_INELIGIBLE, State.REMOVED)
    add(1, Box.REMOVED_OTHERWISE, State.REMOVED, reason="counted by the source but not returned")
    group = made[0].group
    add(6, Box.EXCLUDED, State.EXCLUDED, group=group, kept=False, label="No tumour")
    if other:
        add(
            8,
            Box.EXCLUDED,
            State.EXCLUDED,
            lane=Lane.OTHER,
            origin=OTHER[0],
            group=group,
            kept=False,
            label="No tumour",
        )
    return made


def flow(*, other: bool = False, full_text: bool = True, updated: bool = False, **more: Any) -> FlowDocument:
    """`flow.json` of those records; `updated` adds a previous version with 12 studies in 14 reports."""
    placed = view(rows(other=other), "primary")
    if not full_text:
        placed = [
            p
            for p in placed
            if p.box
            not in (
                Box.EXCLUDED_FULL_TEXT,
                Box.NOT_RETRIEVED,
                Box.AWAITING_CLASSIFICATION,
                Box.INCLUDED_REPORTS,
            )
        ]
    built = build(placed, full_text=full_text)
    check({"primary": built})
    made = document(
        {"primary": built},
        primary="primary",
        full_text=full_text,
        role=more.pop("role", "prefilter"),
        footnotes=more.pop("footnotes", ["* Records by database: PubMed; register: ClinicalTrials.gov."]),
        sources=FlowSources(databases={"PubMed": 1}, registers={"ClinicalTrials.gov": 4}),
        other_methods=other,
        **more,
    )
    if not updated:
        return made
    before = tuple(f"pubmed:{9000 + i}" for i in range(14))
    return update(made, Previous(studies=before[:12], reports=before, dropped_reports=before[:1]))
