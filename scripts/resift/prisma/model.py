"""The PRISMA 2020 flow as record sets: rows, places of boxes, views, identities, and the boxes' wording.

Units, wording and order follow the PRISMA 2020 templates (Page et al., BMJ 2021;372:n71). A box stands in a
lane, or for both: `Place` names the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from resift.vocabulary import Box, Column, Lane, State, Unit

WORDING: Mapping[Box, str] = {
    Box.IDENTIFIED_DATABASES: "Records identified from databases",
    Box.IDENTIFIED_REGISTERS: "Records identified from registers",
    Box.IDENTIFIED_OTHER: "Records identified from other methods",
    Box.ALREADY_KNOWN: "Records already known from the databases",
    Box.DUPLICATES_REMOVED: "Duplicate records removed",
    Box.MARKED_INELIGIBLE: "Records marked as ineligible by automation tools",
    Box.REMOVED_OTHERWISE: "Records removed for other reasons",
    Box.SCREENED: "Records screened",
    Box.EXCLUDED: "Records excluded",
    Box.EXCLUDED_BY_HUMAN: "Records excluded by a human",
    Box.EXCLUDED_BY_AUTOMATION: "Records excluded by automation tools",
    Box.AWAITING: "Records awaiting a person",
    Box.ELIGIBLE: "Records eligible on title and abstract",
    Box.NOT_YET_SOUGHT: "Reports not yet sought",
    Box.SOUGHT: "Reports sought for retrieval",
    Box.NOT_RETRIEVED: "Reports not retrieved",
    Box.ASSESSED: "Reports assessed for eligibility",
    Box.NOT_YET_ASSESSED: "Reports not yet assessed",
    Box.EXCLUDED_FULL_TEXT: "Reports excluded",
    Box.AWAITING_CLASSIFICATION: "Reports awaiting classification",
    Box.INCLUDED_REPORTS: "Reports of included studies",
    Box.INCLUDED_STUDIES: "Studies included in review",
    Box.PREVIOUS_STUDIES: "Studies included in previous version of review",
    Box.PREVIOUS_REPORTS: "Reports of studies included in previous version of review",
    Box.TOTAL_STUDIES: "Total studies included in review",
    Box.TOTAL_REPORTS: "Reports of total included studies",
}
REMOVED = (Box.DUPLICATES_REMOVED, Box.MARKED_INELIGIBLE, Box.REMOVED_OTHERWISE)
_SCREENING = (
    Box.SCREENED,
    Box.EXCLUDED,
    Box.EXCLUDED_BY_HUMAN,
    Box.EXCLUDED_BY_AUTOMATION,
    Box.AWAITING,
    Box.ELIGIBLE,
)
FULL_TEXT_BOXES = (
    Box.NOT_YET_SOUGHT,
    Box.SOUGHT,
    Box.NOT_RETRIEVED,
    Box.ASSESSED,
    Box.NOT_YET_ASSESSED,
    Box.EXCLUDED_FULL_TEXT,
    Box.AWAITING_CLASSIFICATION,
)
"""Boxes of a lane that have a number only where full texts were assessed."""
INCLUDED_BOXES = (Box.INCLUDED_REPORTS, Box.INCLUDED_STUDIES)
STUDY_BOXES = (Box.INCLUDED_STUDIES, Box.PREVIOUS_STUDIES, Box.TOTAL_STUDIES)
SOUGHT = (
    Box.NOT_YET_ASSESSED,
    Box.NOT_RETRIEVED,
    Box.EXCLUDED_FULL_TEXT,
    Box.AWAITING_CLASSIFICATION,
    Box.INCLUDED_REPORTS,
)
"""Terminal boxes of reports for which a person recorded a retrieval or full-text decision."""
PASSED = (Box.ELIGIBLE, Box.NOT_YET_SOUGHT, *SOUGHT)
"""Terminal boxes of what passed title and abstract."""


class Place(NamedTuple):
    """A box in its lane; `Column.BOTH` for what counts both lanes together."""

    lane: Column
    box: Box


PLACES: tuple[Place, ...] = (
    Place(Column.DATABASES, Box.IDENTIFIED_DATABASES),
    Place(Column.DATABASES, Box.IDENTIFIED_REGISTERS),
    *(Place(Column.DATABASES, box) for box in (*REMOVED, *_SCREENING, *FULL_TEXT_BOXES)),
    Place(Column.OTHER, Box.IDENTIFIED_OTHER),
    Place(Column.OTHER, Box.ALREADY_KNOWN),
    *(Place(Column.OTHER, box) for box in (*REMOVED, *_SCREENING, *FULL_TEXT_BOXES)),
    *(Place(Column.BOTH, box) for box in INCLUDED_BOXES),
)
"""Every box of a new review's flow, in the order in which it is listed."""


def unit_of(box: Box) -> Unit:
    """What a box counts."""
    if box in STUDY_BOXES:
        return Unit.STUDY
    reports = (*FULL_TEXT_BOXES, Box.INCLUDED_REPORTS, Box.PREVIOUS_REPORTS, Box.TOTAL_REPORTS)
    return Unit.REPORT if box in reports else Unit.RECORD


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRow:
    """One record as the flow needs it. `state` and what follows are the verdict on its report.

    `origin` is the database or register, or citation searching | hand-searched citations; `found_by` are
    strategies in the lane of databases and seeds (record ids) in the other. What was `imported` from
    another database belongs to every strategy's view.
    """

    record: str
    lane: Lane
    origin: str
    register: bool = False
    imported: bool = False
    group: str
    kept: bool
    found_by: tuple[str, ...]
    study: str
    state: State
    box: Box
    decided_by: str
    criterion: str = ""
    reason: str = ""
    criterion_label: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A record and the terminal box of its lane that it ends in under one view."""

    row: FlowRow
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One checked identity between boxes; `at_fault` are records that break it."""

    id: str
    lane: Column
    statement: str
    holds: bool
    detail: str
    at_fault: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Boxes of one view: place -> record ids (study ids for included studies), and the identities checked."""

    boxes: Mapping[Place, tuple[str, ...]]
    parts: Mapping[Place, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    identities: tuple[Identity, ...] = ()
