"""The flow of an updated review: what the previous version included, and the new total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from resift.documents import CheckedIdentity, FlowBox, FlowDocument, sha256_of_ids
from resift.errors import FlowError
from resift.prisma.model import WORDING, unit_of
from resift.records import natural_key
from resift.text.numbers import counted
from resift.vocabulary import Box, Column, Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """What the previous version included, by people on full text; None = it gives no number.

    `studies` and `reports` are ids; `dropped_*` are those of them that no longer count (retracted, judged
    again); `study_of` names the study of each report included now.
    """

    studies: tuple[str, ...] | None
    reports: tuple[str, ...] | None
    dropped_studies: tuple[str, ...] = ()
    dropped_reports: tuple[str, ...] = ()
    study_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Total:
    """The terms of one total (identity F9): total = before + new + `joined` - dropped."""

    statement: str
    before: set[str]
    new: set[str]
    joined: set[str]
    dropped: set[str]

    @property
    def total(self) -> set[str]:
        return (self.before - self.dropped) | self.new | self.joined

    @property
    def holds(self) -> bool:
        return len(self.total) == len(self.before) + len(self.new) + len(self.joined) - len(self.dropped)

    @property
    def detail(self) -> str:
        joined = f" + {len(self.joined)}" if self.joined else ""
        return f"{len(self.total)} = {len(self.before)} + {len(self.new)}{joined} - {len(self.dropped)}"


def update(flow: FlowDocument, previous: Previous) -> FlowDocument:
    """`flow.json` of an updated review: previous and total boxes added, and identity F9 checked.

    A report included now of a study included before counts in the total and not among new studies; the
    templates have no box for it, nor for what was dropped, so both stand in a footnote. Raises `FlowError`
    when F9 fails. Boxes of a previous version without numbers read "not reported".
    """
    reports_now = _records(flow, Box.INCLUDED_REPORTS)
    studies_before = set(previous.studies or ())
    joined = {r for r in reports_now if previous.study_of.get(r, r) in studies_before}
    studies = _Total(
        f"{Box.TOTAL_STUDIES} = {Box.PREVIOUS_STUDIES} + {Box.INCLUDED_STUDIES} - dropped studies",
        studies_before,
        _records(flow, Box.INCLUDED_STUDIES) - studies_before,
        set(),
        set(previous.dropped_studies),
    )
    reports = _Total(
        f"{Box.TOTAL_REPORTS} = {Box.PREVIOUS_REPORTS} + {Box.INCLUDED_REPORTS} + new reports of old studies"
        " - dropped reports",
        set(previous.reports or ()),
        reports_now - joined,
        joined,
        set(previous.dropped_reports),
    )
    known = [
        one for one, ids in ((studies, previous.studies), (reports, previous.reports)) if ids is not None
    ]
    for total in known:
        if not total.holds:
            fault = (total.before & (total.new | total.joined)) | (total.dropped - total.before)
            raise FlowError(
                f"identity F9 fails ({total.statement}: {total.detail}); records at fault: "
                f"{', '.join(sorted(fault, key=natural_key)[:10])}",
                where=f"flow of strategy '{flow.primary}'",
            )
    new = {
        Box.INCLUDED_STUDIES: (studies.new, "New studies included in review"),
        Box.INCLUDED_REPORTS: (reports.new, "Reports of new included studies"),
    }
    notes = list(flow.footnotes)
    if joined or studies.dropped or reports.dropped:
        notes.append(
            f"New reports of studies included before: {len(joined)}. No longer included: "
            f"{counted(len(studies.dropped), 'study', 'studies')}, {counted(len(reports.dropped), 'report')}."
        )
    return replace(
        flow,
        boxes=(
            *(
                _new(box, *new[box.box]) if box.box in new and box.n is not None else box
                for box in flow.boxes
            ),
            _box(Column.PREVIOUS, Box.PREVIOUS_STUDIES, studies.before, known=studies in known),
            _box(Column.PREVIOUS, Box.PREVIOUS_REPORTS, reports.before, known=reports in known),
            _box(Column.BOTH, Box.TOTAL_STUDIES, studies.total, known=studies in known),
            _box(Column.BOTH, Box.TOTAL_REPORTS, reports.total, known=reports in known),
        ),
        identities=(
            *flow.identities,
            *(
                CheckedIdentity(
                    strategy=flow.primary,
                    lane=Column.BOTH,
                    id="F9",
                    statement=total.statement,
                    holds=total.holds,
                    detail=total.detail,
                )
                for total in known
            ),
        ),
        footnotes=tuple(notes),
    )


def _records(flow: FlowDocument, box: Box) -> set[str]:
    found = flow.find(box, Column.BOTH)
    return set(found.records) if found else set()


def _new(box: FlowBox, ids: set[str], wording: str) -> FlowBox:
    """A box of what is included now, less what was included before."""
    ordered = tuple(sorted(ids, key=natural_key))
    parts = []
    for part in box.parts:
        own = tuple(r for r in part.records if r in ids)
        parts.append(replace(part, n=len(own), sha256=sha256_of_ids(own), records=own))
    return replace(
        box,
        wording=wording,
        n=len(ordered),
        sha256=sha256_of_ids(ordered),
        records=ordered,
        parts=tuple(parts),
    )


def _box(lane: Column, box: Box, ids: set[str], *, known: bool) -> FlowBox:
    ordered = tuple(sorted(ids, key=natural_key)) if known else ()
    return FlowBox(
        box=box,
        lane=lane,
        wording=WORDING[box],
        unit=unit_of(box),
        status=Counted.COUNTED if known else Counted.NOT_REPORTED,
        n=len(ordered) if known else None,
        sha256=sha256_of_ids(ordered) if known else None,
        records=ordered,
    )
