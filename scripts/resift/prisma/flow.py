"""The PRISMA 2020 flow as record sets: every number is the size of a set, and the identities are checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from resift.documents import (
    CheckedIdentity,
    CountedSet,
    FlowBox,
    FlowCounts,
    FlowDocument,
    FlowPart,
    FlowSources,
    ReferenceLists,
    sha256_of_ids,
)
from resift.prisma.identities import identities_of
from resift.prisma.model import PASSED, PLACES, SOUGHT, WORDING, Flow, FlowRow, Place, Placed, unit_of
from resift.records import natural_key
from resift.tables import LANES
from resift.vocabulary import Box, Column, Counted, Decider, FullText, Lane, State

SCREENED = (
    State.EXCLUDED,
    State.AWAITING,
    State.ELIGIBLE,
    State.NOT_RETRIEVED,
    State.EXCLUDED_FULL_TEXT,
    State.INCLUDED,
)


def view(rows: Sequence[FlowRow], strategy: str | None) -> list[Placed]:
    """Every record of one strategy's search (None = the union) with the box it ends in.

    A report counts once for each strategy: by the record kept, or where the strategy did not find that
    one, by the first of those it found. What other methods found counts where its seeds were found by
    the strategy; it is already known where the strategy found the report itself.
    """
    if strategy is None:
        chosen = list(rows)
    else:
        databases = [r for r in rows if r.lane is Lane.DATABASES and (r.imported or strategy in r.found_by)]
        own = {r.record for r in databases}
        other = [r for r in rows if r.lane is Lane.OTHER]
        chosen = [*databases, *(r for r in other if not r.found_by or not own.isdisjoint(r.found_by))]
    groups: dict[str, list[FlowRow]] = defaultdict(list)
    for row in chosen:
        groups[row.group].append(row)
    placed: list[Placed] = []
    for members in groups.values():
        lanes = {lane: [m for m in members if m.lane is lane] for lane in LANES}
        for lane, records in lanes.items():
            if not records:
                continue
            first = min(records, key=lambda r: (not r.kept, natural_key(r.record)))
            for row in records:
                if lane is Lane.OTHER and lanes[Lane.DATABASES]:
                    placed.append(Placed(row, Box.ALREADY_KNOWN))
                elif row is first:
                    placed.append(Placed(row, row.box))
                else:
                    placed.append(Placed(row, Box.DUPLICATES_REMOVED))
    return sorted(placed, key=lambda p: natural_key(p.row.record))


def build(placed: Sequence[Placed], *, full_text: bool) -> Flow:
    """The boxes of one view and its identities; nothing is raised here, see `check`."""
    boxes: dict[Place, tuple[str, ...]] = {}
    parts: dict[Place, dict[str, tuple[str, ...]]] = {}
    # Sorted once: every box and part holds its ids in this order.
    placed = sorted(placed, key=lambda p: natural_key(p.row.record))
    for lane in LANES:
        own = [p for p in placed if p.row.lane is lane]
        for box, found in _lane_boxes(lane, own, full_text=full_text).items():
            boxes[Place(Column(lane), box)] = _ids(found)
        for box, named in _lane_parts(lane, own, full_text=full_text).items():
            parts[Place(Column(lane), box)] = named
    if full_text:
        included = [p for p in placed if p.box is Box.INCLUDED_REPORTS]
        reports = Place(Column.BOTH, Box.INCLUDED_REPORTS)
        boxes[reports] = _ids(included)
        parts[reports] = _by(included, lambda p: p.row.lane.value)
        studies = sorted({p.row.study for p in included}, key=natural_key)
        boxes[Place(Column.BOTH, Box.INCLUDED_STUDIES)] = tuple(studies)
    flow = Flow(boxes=boxes, parts=parts)
    return replace(flow, identities=identities_of(placed, flow, full_text=full_text))


def _lane_boxes(lane: Lane, own: Sequence[Placed], *, full_text: bool) -> dict[Box, list[Placed]]:
    """The boxes of one lane."""

    def at(*boxes: Box) -> list[Placed]:
        return [p for p in own if p.box in boxes]

    excluded = at(Box.EXCLUDED)
    standing = [p for p in own if p.box not in (Box.DUPLICATES_REMOVED, Box.ALREADY_KNOWN)]
    boxes: dict[Box, list[Placed]] = {}
    if lane is Lane.DATABASES:
        boxes[Box.IDENTIFIED_DATABASES] = [p for p in own if not p.row.register]
        boxes[Box.IDENTIFIED_REGISTERS] = [p for p in own if p.row.register]
    else:
        boxes[Box.IDENTIFIED_OTHER] = list(own)
        boxes[Box.ALREADY_KNOWN] = at(Box.ALREADY_KNOWN)
    boxes |= {
        Box.DUPLICATES_REMOVED: at(Box.DUPLICATES_REMOVED),
        Box.MARKED_INELIGIBLE: at(Box.MARKED_INELIGIBLE),
        Box.REMOVED_OTHERWISE: at(Box.REMOVED_OTHERWISE),
        Box.SCREENED: [p for p in standing if p.row.state in SCREENED],
        Box.EXCLUDED: excluded,
        Box.EXCLUDED_BY_HUMAN: [p for p in excluded if p.row.decided_by != Decider.RULES],
        Box.EXCLUDED_BY_AUTOMATION: [p for p in excluded if p.row.decided_by == Decider.RULES],
        Box.AWAITING: at(Box.AWAITING),
        Box.ELIGIBLE: at(*PASSED),
    }
    if full_text:
        boxes |= {
            Box.NOT_YET_SOUGHT: at(Box.NOT_YET_SOUGHT),
            Box.SOUGHT: at(*SOUGHT),
            Box.NOT_RETRIEVED: at(Box.NOT_RETRIEVED),
            Box.ASSESSED: at(Box.EXCLUDED_FULL_TEXT, Box.AWAITING_CLASSIFICATION, Box.INCLUDED_REPORTS),
            Box.NOT_YET_ASSESSED: at(Box.NOT_YET_ASSESSED),
            Box.EXCLUDED_FULL_TEXT: at(Box.EXCLUDED_FULL_TEXT),
            Box.AWAITING_CLASSIFICATION: at(Box.AWAITING_CLASSIFICATION),
        }
    return boxes


def _lane_parts(
    lane: Lane, own: Sequence[Placed], *, full_text: bool
) -> dict[Box, dict[str, tuple[str, ...]]]:
    """What boxes of one lane are made of: sources, criteria, reasons."""

    def why(box: Box) -> dict[str, tuple[str, ...]]:
        return _by([p for p in own if p.box is box], lambda p: p.row.criterion_label or p.row.reason)

    def reasons(box: Box) -> dict[str, tuple[str, ...]]:
        return _by([p for p in own if p.box is box], lambda p: p.row.reason)

    def origins(chosen: Iterable[Placed]) -> dict[str, tuple[str, ...]]:
        return _by(chosen, lambda p: p.row.origin)

    parts: dict[Box, dict[str, tuple[str, ...]]] = {}
    if lane is Lane.DATABASES:
        parts[Box.IDENTIFIED_DATABASES] = origins(p for p in own if not p.row.register)
        parts[Box.IDENTIFIED_REGISTERS] = origins(p for p in own if p.row.register)
    else:
        parts[Box.IDENTIFIED_OTHER] = origins(own)
    parts[Box.REMOVED_OTHERWISE] = reasons(Box.REMOVED_OTHERWISE)
    parts[Box.EXCLUDED] = why(Box.EXCLUDED)
    parts[Box.AWAITING] = why(Box.AWAITING)
    if full_text:
        parts[Box.EXCLUDED_FULL_TEXT] = reasons(Box.EXCLUDED_FULL_TEXT)
    return parts


def _ids(placed: Iterable[Placed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.row.record for p in placed))


def _by(placed: Iterable[Placed], key: Callable[[Placed], str]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[Placed]] = defaultdict(list)
    for one in placed:
        groups[key(one)].append(one)
    return {name: _ids(groups[name]) for name in sorted(groups)}


def document(
    flows: Mapping[str, Flow],
    *,
    primary: str,
    full_text: bool,
    role: str,
    footnotes: Sequence[str],
    rules_only: bool = False,
    other_methods: bool = False,
    reference_lists: ReferenceLists | None = None,
    sources: FlowSources | None = None,
    counts: FlowCounts | None = None,
) -> FlowDocument:
    """`flow.json`: the primary strategy's boxes with their records, every strategy's n and sha256.

    `flows` maps strategy names to flows; a box of a step that was not undertaken has n None.
    """
    drawn = flows[primary]
    return FlowDocument(
        primary=primary,
        full_text=FullText.ASSESSED if full_text else FullText.NOT_UNDERTAKEN,
        automation_role=role,
        boxes=tuple(_box(place, drawn) for place in PLACES),
        by_strategy={name: _by_lane(flow) for name, flow in flows.items()},
        identities=tuple(
            CheckedIdentity(
                strategy=name, lane=i.lane, id=i.id, statement=i.statement, holds=i.holds, detail=i.detail
            )
            for name, flow in flows.items()
            for i in flow.identities
        ),
        footnotes=tuple(footnotes),
        rules_only=rules_only,
        other_methods=other_methods,
        reference_lists=reference_lists or ReferenceLists(available=0, seeds=0),
        sources=sources or FlowSources(),
        counts=counts,
    )


def _box(place: Place, flow: Flow) -> FlowBox:
    undertaken = place in flow.boxes
    ids = flow.boxes.get(place, ())
    return FlowBox(
        box=place.box,
        lane=place.lane,
        wording=WORDING[place.box],
        unit=unit_of(place.box),
        status=Counted.COUNTED if undertaken else Counted.NOT_UNDERTAKEN,
        n=len(ids) if undertaken else None,
        sha256=sha256_of_ids(ids) if undertaken else None,
        records=ids,
        parts=tuple(
            FlowPart(label=label, n=len(part), sha256=sha256_of_ids(part), records=part)
            for label, part in flow.parts.get(place, {}).items()
        ),
    )


def _by_lane(flow: Flow) -> dict[Column, dict[Box, CountedSet]]:
    lanes: dict[Column, dict[Box, CountedSet]] = defaultdict(dict)
    for place, ids in flow.boxes.items():
        lanes[place.lane][place.box] = CountedSet(n=len(ids), sha256=sha256_of_ids(ids))
    return dict(lanes)
