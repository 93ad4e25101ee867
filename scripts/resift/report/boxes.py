"""What stands in the boxes of a PRISMA 2020 flow diagram: wording, order and numbers, not yet a drawing.

Shape, headings and wording follow the four templates of Page et al., BMJ 2021;372:n71: new and updated
reviews, each with databases and registers only (v1) or with other methods too (v2). Boxes that the
templates lack (awaiting a person, already known, not yet assessed, ...) are `extra`; `strict` leaves them
out and gives their numbers in footnotes. No number is computed here: each is a box of `flow.json`.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from enum import StrEnum

from resift.documents import FlowDocument
from resift.vocabulary import Box, Column, Counted, FullText

# Sizes in SVG units (CSS pixels at natural size). A line of 27 characters at 12.5 px fits a column of 224
# even in wide system fonts (DejaVu Sans: 0.6 em a character).
LINE = 16
PAD = 9
STACK_GAP = 10
CHARACTERS = 27
NO_BREAK = "\u00a0"
OTHER_ONLY = (Box.IDENTIFIED_OTHER, Box.ALREADY_KNOWN)


class Template(StrEnum):
    """The four PRISMA 2020 templates; `auto` picks by what the flow holds."""

    AUTO = "auto"
    NEW_V1 = "new-v1"
    NEW_V2 = "new-v2"
    UPDATED_V1 = "updated-v1"
    UPDATED_V2 = "updated-v2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One counted line of a box: `label (n = 12)`. `n` None = not undertaken or not reported."""

    box: Box
    lane: Column
    anchor: str
    label: str
    value: str
    n: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnBox:
    """A box before it has a place. `extra` boxes are not in the official template."""

    heading: str = ""
    items: tuple[Item, ...] = ()
    extra: bool = False

    @property
    def lines(self) -> list[tuple[Item | None, list[str]]]:
        """Wrapped text by item; a heading belongs to none."""
        lines: list[tuple[Item | None, list[str]]] = []
        if self.heading:
            lines.append((None, wrap(self.heading)))
        lines += [(item, wrap(f"{item.label} ({item.value})")) for item in self.items]
        return lines

    @property
    def height(self) -> int:
        """Height in SVG units."""
        return 2 * PAD + LINE * sum(len(text) for _, text in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One level of a lane: the box on the way down and the boxes that leave to the right."""

    main: DrawnBox | None = None
    out: tuple[DrawnBox, ...] = ()

    @property
    def height(self) -> int:
        """Height of the taller side."""
        out = sum(box.height for box in self.out) + STACK_GAP * max(0, len(self.out) - 1)
        return max(self.main.height if self.main else 0, out)


def wrap(text: str) -> list[str]:
    """Lines of a box; what stands in the last brackets (`n = 12`, `not undertaken`) never breaks."""
    label, bracket, value = text.rpartition(" (")
    kept = f"{label}{bracket}{value.replace(' ', NO_BREAK)}" if bracket else text
    return textwrap.wrap(kept, CHARACTERS, break_long_words=True, break_on_hyphens=False) or [""]


def anchor(box: Box, lane: Column, part: int | None = None) -> str:
    """The fragment that opens a box: `box-screened`, `box-screened-other`; its second part `….2`."""
    name = f"box-{box.replace('_', '-')}"
    if lane is Column.OTHER and box not in OTHER_ONLY:
        name += "-other"
    return name if part is None else f"{name}.{part + 1}"


def choose(flow: FlowDocument) -> Template:
    """The template a flow calls for: updated when a previous version is counted, v2 with other methods."""
    updated = flow.find(Box.PREVIOUS_STUDIES, Column.PREVIOUS) is not None
    if updated:
        return Template.UPDATED_V2 if has_other_methods(flow) else Template.UPDATED_V1
    return Template.NEW_V2 if has_other_methods(flow) else Template.NEW_V1


def has_other_methods(flow: FlowDocument) -> bool:
    """Whether other methods were used, or found something."""
    return flow.other_methods or flow.n(Box.IDENTIFIED_OTHER, Column.OTHER) > 0


class FlowBoxes:
    """The boxes of one `flow.json`, ready to be asked for as drawn boxes."""

    def __init__(self, flow: FlowDocument, *, strict: bool) -> None:
        self.flow = flow
        self.strict = strict
        self.full_text = flow.full_text is FullText.ASSESSED

    def item(self, box: Box, lane: Column, label: str = "", *, words: str = "") -> Item:
        """One counted line; `words` stand in where the step was not done although the set is known empty."""
        found = self.flow.find(box, lane)
        shown = found.shown if found else Counted.NOT_REPORTED.value
        return Item(
            box=box,
            lane=lane,
            anchor=anchor(box, lane),
            label=label or (found.wording if found else ""),
            value=words or shown,
            n=found.n if found and not words else None,
        )

    def parts(self, box: Box, lane: Column) -> tuple[Item, ...]:
        """The parts of a box (reasons, sources), each with its own link."""
        found = self.flow.find(box, lane)
        return tuple(
            Item(
                box=box,
                lane=lane,
                anchor=anchor(box, lane, i),
                label=part.label or "No reason given",
                value=f"n = {part.n:,}",
                n=part.n,
            )
            for i, part in enumerate(found.parts if found else ())
        )

    def extra(self, box: Box, lane: Column, label: str = "") -> tuple[DrawnBox, ...]:
        """A box that the template lacks: drawn when it holds something, and never in a strict diagram."""
        if self.strict or not self.flow.n(box, lane):
            return ()
        return (DrawnBox(items=(self.item(box, lane, label),), extra=True),)


def lanes_of(flow: FlowBoxes, template: Template) -> list[tuple[str, str, list[Row]]]:
    """(heading, style, rows) of each lane; all lanes have the same number of rows."""
    new = "new studies" if template in (Template.UPDATED_V1, Template.UPDATED_V2) else "studies"
    lane = Column.DATABASES
    databases = [_identified(flow), _screened(flow, lane), *_eligible(flow, lane), *_reports(flow, lane)]
    lanes = [(f"Identification of {new} via databases and registers", "gold", databases)]
    if template in (Template.NEW_V2, Template.UPDATED_V2):
        lane = Column.OTHER
        screened = Row() if flow.strict else _screened(flow, lane)
        other = [_other_identified(flow), screened, *_eligible(flow, lane), *_reports(flow, lane)]
        lanes.append((f"Identification of {new} via other methods", "grey", other))
    return lanes


def _identified(flow: FlowBoxes) -> Row:
    lane = Column.DATABASES
    searched = bool(flow.flow.sources.registers) or flow.flow.n(Box.IDENTIFIED_REGISTERS) > 0
    marked = flow.flow.automation_role == "prefilter" or flow.flow.n(Box.MARKED_INELIGIBLE) > 0
    return Row(
        main=DrawnBox(
            heading="Records identified from*:",
            items=(
                flow.item(Box.IDENTIFIED_DATABASES, lane, "Databases"),
                flow.item(
                    Box.IDENTIFIED_REGISTERS, lane, "Registers", words="" if searched else "not searched"
                ),
            ),
        ),
        out=(
            DrawnBox(
                heading="Records removed before screening:",
                items=(
                    flow.item(Box.DUPLICATES_REMOVED, lane),
                    flow.item(Box.MARKED_INELIGIBLE, lane, words="" if marked else "not undertaken"),
                    flow.item(Box.REMOVED_OTHERWISE, lane),
                ),
            ),
        ),
    )


def _screened(flow: FlowBoxes, lane: Column) -> Row:
    prefilter = flow.flow.automation_role == "prefilter"
    excluded: tuple[Item, ...] = (flow.item(Box.EXCLUDED, lane, "Records excluded**"),)
    if not flow.strict and flow.flow.n(Box.EXCLUDED, lane) and not prefilter:
        excluded += (
            flow.item(Box.EXCLUDED_BY_HUMAN, lane, "by a human"),
            flow.item(Box.EXCLUDED_BY_AUTOMATION, lane, "by automation tools"),
        )
    extra = lane is Column.OTHER
    return Row(
        main=DrawnBox(items=(flow.item(Box.SCREENED, lane),), extra=extra),
        out=(DrawnBox(items=excluded, extra=extra), *flow.extra(Box.AWAITING, lane)),
    )


def _eligible(flow: FlowBoxes, lane: Column) -> tuple[Row, ...]:
    """Where no full text was read, what passed title and abstract is the last number there is."""
    if flow.strict or flow.full_text:
        return ()
    return (Row(main=DrawnBox(items=(flow.item(Box.ELIGIBLE, lane),), extra=True)),)


def _reports(flow: FlowBoxes, lane: Column) -> tuple[Row, Row]:
    reasons = flow.parts(Box.EXCLUDED_FULL_TEXT, lane) if flow.flow.n(Box.EXCLUDED_FULL_TEXT, lane) else ()
    if reasons:
        excluded = DrawnBox(heading="Reports excluded:", items=reasons)
    else:
        excluded = DrawnBox(items=(flow.item(Box.EXCLUDED_FULL_TEXT, lane),))
    return (
        Row(
            main=DrawnBox(items=(flow.item(Box.SOUGHT, lane),)),
            out=(
                *flow.extra(Box.NOT_YET_SOUGHT, lane),
                DrawnBox(items=(flow.item(Box.NOT_RETRIEVED, lane),)),
                *flow.extra(Box.NOT_YET_ASSESSED, lane),
            ),
        ),
        Row(
            main=DrawnBox(items=(flow.item(Box.ASSESSED, lane),)),
            out=(excluded, *flow.extra(Box.AWAITING_CLASSIFICATION, lane)),
        ),
    )


def _other_identified(flow: FlowBoxes) -> Row:
    """Other methods: in the template identified leads straight to sought; what leaves between is extra."""
    lane = Column.OTHER
    out: tuple[DrawnBox, ...] = ()
    if not flow.strict:
        removed = [
            flow.item(box, lane)
            for box in (
                Box.ALREADY_KNOWN,
                Box.DUPLICATES_REMOVED,
                Box.MARKED_INELIGIBLE,
                Box.REMOVED_OTHERWISE,
            )
            if flow.flow.n(box, lane) or box is Box.ALREADY_KNOWN
        ]
        out = (DrawnBox(heading="Records removed before screening:", items=tuple(removed), extra=True),)
    sources = tuple(
        replace(item, label=item.label[:1].upper() + item.label[1:])
        for item in flow.parts(Box.IDENTIFIED_OTHER, lane)
    )
    items = sources or (flow.item(Box.IDENTIFIED_OTHER, lane, "Citation searching and other methods"),)
    return Row(main=DrawnBox(heading="Records identified from:", items=items), out=out)


def included_items(flow: FlowBoxes, *, updated: bool) -> tuple[Item, ...]:
    words = (
        ("New studies included in review", "Reports of new included studies")
        if updated
        else ("Studies included in review", "Reports of included studies")
    )
    return (
        flow.item(Box.INCLUDED_STUDIES, Column.BOTH, words[0]),
        flow.item(Box.INCLUDED_REPORTS, Column.BOTH, words[1]),
    )


def footnotes_of(flow: FlowBoxes, *, lanes: int) -> list[str]:
    notes = list(flow.flow.footnotes)
    if flow.strict:
        notes += _left_out(flow, lanes=lanes)
        notes.append("PRISMA 2020 template, Page MJ et al. BMJ 2021;372:n71.")
    else:
        notes.append(
            "Adapted from PRISMA 2020 (Page MJ et al. BMJ 2021;372:n71): boxes with a dashed border are not "
            "in the official template."
        )
    return notes


def _left_out(flow: FlowBoxes, *, lanes: int) -> list[str]:
    """What a strict diagram has no box for, as footnotes: the numbers still add up for a reader."""
    words = {
        Box.AWAITING: "awaiting a person after screening",
        Box.NOT_YET_ASSESSED: "sought and not yet assessed",
        Box.AWAITING_CLASSIFICATION: "awaiting classification",
    }
    if not flow.full_text:
        words[Box.ELIGIBLE] = "eligible on title and abstract"
    before = {
        Box.ALREADY_KNOWN: "already known from the databases",
        Box.DUPLICATES_REMOVED: "duplicates",
        Box.EXCLUDED: "excluded on title and abstract",
    }
    notes = []
    for lane, name, boxes in (
        (Column.DATABASES, "Databases and registers", words),
        (Column.OTHER, "Other methods", {**before, **words}),
    )[:lanes]:
        held = [
            f"{text} n = {flow.flow.n(box, lane):,}" for box, text in boxes.items() if flow.flow.n(box, lane)
        ]
        if held:
            notes.append(f"{name}, not in the template: {'; '.join(held)}.")
    return notes
