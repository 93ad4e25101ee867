"""The identities between PRISMA 2020 boxes, checked as sets; a failing one names the records at fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from resift.errors import FlowError
from resift.prisma.model import FULL_TEXT_BOXES, INCLUDED_BOXES, REMOVED, Flow, Identity, Place, Placed
from resift.records import natural_key
from resift.vocabulary import Box, Column, Lane

FOUND = (Box.EXCLUDED, Box.AWAITING, Box.ELIGIBLE)
"""What a record screened comes to."""


def identities_of(placed: Sequence[Placed], flow: Flow, *, full_text: bool) -> tuple[Identity, ...]:
    """F1-F8 and F10-F12 on one view (F9 belongs to updated reviews)."""
    found = [
        *_identified(flow),
        *(i for lane in Lane for i in _lane(Column(lane), flow, full_text=full_text)),
        _sum(
            flow,
            "F6",
            Column.OTHER,
            [Box.IDENTIFIED_OTHER],
            [Box.ALREADY_KNOWN, *REMOVED, *FOUND],
        ),
    ]
    if full_text:
        found += _included(flow)
    return (*found, *_whole(placed, flow, full_text=full_text))


def same(id_: str, lane: Column, statement: str, left: set[str], *right: set[str]) -> Identity:
    """That the left set is the disjoint union of the right ones (sums and sets at once)."""
    union: set[str] = set().union(*right)
    twice = {r for i, one in enumerate(right) for two in right[i + 1 :] for r in one & two}
    fault = (left ^ union) | twice
    sizes = " + ".join(str(len(r)) for r in right) or "0"
    return Identity(
        id=id_,
        lane=lane,
        statement=statement,
        holds=not fault,
        detail=f"{len(left)} = {sizes}",
        at_fault=tuple(sorted(fault, key=natural_key)),
    )


def _sum(flow: Flow, id_: str, lane: Column, left: Sequence[Box], right: Sequence[Box]) -> Identity:
    """That the boxes on the left of one lane are the disjoint union of those on the right."""
    statement = f"{' + '.join(left)} = {' + '.join(right)}"
    one = set().union(*(flow.boxes[Place(lane, box)] for box in left))
    return same(id_, lane, statement, one, *(set(flow.boxes[Place(lane, box)]) for box in right))


def _parts(flow: Flow, id_: str, lane: Column, box: Box, named: str) -> Identity:
    """That a box is the disjoint union of its parts."""
    place = Place(lane, box)
    parts = [set(ids) for ids in flow.parts[place].values()]
    return same(id_, lane, f"{box} = sum over {named}", set(flow.boxes[place]), *parts)


def _identified(flow: Flow) -> list[Identity]:
    lane = Column.DATABASES
    identified = [Box.IDENTIFIED_DATABASES, Box.IDENTIFIED_REGISTERS]
    return [
        _sum(flow, "F1", lane, identified, [*REMOVED, Box.SCREENED]),
        _parts(flow, "F1", lane, Box.IDENTIFIED_DATABASES, "databases"),
        _parts(flow, "F1", lane, Box.IDENTIFIED_REGISTERS, "registers"),
    ]


def _lane(lane: Column, flow: Flow, *, full_text: bool) -> list[Identity]:
    by = [Box.EXCLUDED_BY_HUMAN, Box.EXCLUDED_BY_AUTOMATION]
    found = [
        _sum(flow, "F2", lane, [Box.EXCLUDED], by),
        _sum(flow, "F3", lane, [Box.SCREENED], FOUND),
    ]
    if not full_text:
        return found
    sought = [Box.NOT_RETRIEVED, Box.ASSESSED, Box.NOT_YET_ASSESSED]
    assessed = set(flow.boxes[Place(lane, Box.ASSESSED)])
    ended = [
        set(flow.boxes[Place(lane, box)]) for box in (Box.EXCLUDED_FULL_TEXT, Box.AWAITING_CLASSIFICATION)
    ]
    included = assessed & set(flow.boxes[Place(Column.BOTH, Box.INCLUDED_REPORTS)])
    return [
        *found,
        _sum(flow, "F3", lane, [Box.ELIGIBLE], [Box.SOUGHT, Box.NOT_YET_SOUGHT]),
        _sum(flow, "F4", lane, [Box.SOUGHT], sought),
        same(
            "F5",
            lane,
            f"{Box.ASSESSED} = {Box.EXCLUDED_FULL_TEXT} + {Box.AWAITING_CLASSIFICATION} + "
            f"{Box.INCLUDED_REPORTS} of this lane",
            assessed,
            *ended,
            included,
        ),
        _parts(flow, "F5", lane, Box.EXCLUDED_FULL_TEXT, "reasons"),
    ]


def _included(flow: Flow) -> list[Identity]:
    reports = set(flow.boxes[Place(Column.BOTH, Box.INCLUDED_REPORTS)])
    studies = set(flow.boxes[Place(Column.BOTH, Box.INCLUDED_STUDIES)])
    by_lane = []
    for lane in (Column.DATABASES, Column.OTHER):
        assessed = set(flow.boxes[Place(lane, Box.ASSESSED)])
        ended = [
            flow.boxes[Place(lane, box)] for box in (Box.EXCLUDED_FULL_TEXT, Box.AWAITING_CLASSIFICATION)
        ]
        by_lane.append(assessed.difference(*ended))
    each = f"{Box.ASSESSED} - {Box.EXCLUDED_FULL_TEXT} - {Box.AWAITING_CLASSIFICATION}"
    statement = f"{Box.INCLUDED_REPORTS} = ({each}) of databases + ({each}) of other methods"
    return [
        same("F7", Column.BOTH, statement, reports, *by_lane),
        Identity(
            id="F7",
            lane=Column.BOTH,
            statement=f"{Box.INCLUDED_STUDIES} <= {Box.INCLUDED_REPORTS}",
            holds=len(studies) <= len(reports),
            detail=f"{len(studies)} <= {len(reports)}",
        ),
    ]


def _whole(placed: Sequence[Placed], flow: Flow, *, full_text: bool) -> list[Identity]:
    """F8, F10, F11 and F12: what holds of all records together."""
    ends = [p for p in placed if p.box not in (Box.DUPLICATES_REMOVED, Box.ALREADY_KNOWN)]
    twice = _repeated(p.row.group for p in ends)
    everything = {p.row.record for p in placed}
    repeated = _repeated(p.row.record for p in placed)
    sources = [
        set(flow.boxes[place])
        for place in (
            Place(Column.DATABASES, Box.IDENTIFIED_DATABASES),
            Place(Column.DATABASES, Box.IDENTIFIED_REGISTERS),
            Place(Column.OTHER, Box.IDENTIFIED_OTHER),
        )
    ]
    identified = set().union(*sources)
    sizes = " + ".join(str(len(ids)) for ids in sources)
    terminal: dict[Place, set[str]] = defaultdict(set)
    for p in placed:
        terminal[Place(Column(p.row.lane), p.box)].add(p.row.record)
    shown = [place for place in flow.boxes if place.box in (*FULL_TEXT_BOXES, *INCLUDED_BOXES)]
    return [
        Identity(
            id="F8",
            lane=Column.BOTH,
            statement="each report counts once, in the lane that found it first",
            holds=not twice,
            detail=f"{len(ends)} reports",
            at_fault=tuple(sorted(twice, key=natural_key)),
        ),
        Identity(
            id="F10",
            lane=Column.BOTH,
            statement="every record ends in exactly one terminal state; their sum is "
            f"{Box.IDENTIFIED_DATABASES} + {Box.IDENTIFIED_REGISTERS} + {Box.IDENTIFIED_OTHER}",
            holds=not repeated and identified == everything,
            detail=f"{len(placed)} = {sizes}",
            at_fault=tuple(sorted(repeated | (identified ^ everything), key=natural_key)),
        ),
        same(
            "F11",
            Column.BOTH,
            "terminal boxes are disjoint and cover the input",
            everything,
            *terminal.values(),
        ),
        Identity(
            id="F12",
            lane=Column.BOTH,
            statement="a step not undertaken has no number",
            holds=full_text or not shown,
            detail="full text assessed" if full_text else "full text not undertaken",
        ),
    ]


def _repeated(names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    again: set[str] = set()
    for name in names:
        (again if name in seen else seen).add(name)
    return again


def check(flows: Mapping[str, Flow]) -> None:
    """Raise `FlowError` naming strategy, identity and records when an identity fails."""
    for name, flow in flows.items():
        for identity in flow.identities:
            if not identity.holds:
                at_fault = ", ".join(identity.at_fault[:10]) or "see the boxes"
                more = f" and {len(identity.at_fault) - 10} more" if len(identity.at_fault) > 10 else ""
                raise FlowError(
                    f"identity {identity.id} fails ({identity.statement}: {identity.detail}); "
                    f"records at fault: {at_fault}{more}",
                    where=f"flow of strategy '{name}', lane {identity.lane}",
                )
