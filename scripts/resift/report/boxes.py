"""What stands in the boxes of a PRISMA 2020 flow diagram: wording, order and numbers, not yet a drawing.

Shape, headings and wording follow the four templates of Page et al., BMJ 2021;372:n71: new and updated
reviews, each with databases and registers only (v1) or with other methods too (v2). Boxes that the
templates lack (awaiting a person, already known, not yet assessed, ...) are `extra`; `strict` leaves them
out and gives their numbers in footnotes. No number is computed here: each is a box of `flow.json`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

# Sizes in SVG units (CSS pixels at natural size). A line of 27 characters at 12.5 px fits a column of 224
# even in wide system fonts (DejaVu Sans: 0.6 em a character).
LINE = 16
PAD = 9
STACK_GAP = 10
CHARACTERS = 27
NO_BREAK = "\u00a0"


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

    key: str
    anchor: str
    label: str
    value: str
    n: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
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

    main: Box | None = None
    out: tuple[Box, ...] = ()

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


def anchor(key: str, part: int | None = None) -> str:
    """The fragment that opens a box's records: `S'` is `box-S-other`, its second part `box-S-other.2`."""
    name = "box-" + key.replace("'", "-other")
    return name if part is None else f"{name}.{part + 1}"


def value(box: Mapping[str, Any]) -> str:
    """`n = 12`, or the words that stand where there is no number (never 0 for a step not done)."""
    return f"n = {box['n']:,}" if box["n"] is not None else str(box["status"])


def choose(flow: Mapping[str, Any]) -> Template:
    """The template a flow calls for: updated when a previous version is counted, v2 with other methods."""
    boxes = {box["key"]: box for box in flow["boxes"]}
    updated = "P_s" in boxes
    other = bool((boxes.get("O'") or {}).get("n")) or bool(flow.get("other_methods"))
    if updated:
        return Template.UPDATED_V2 if other else Template.UPDATED_V1
    return Template.NEW_V2 if other else Template.NEW_V1


class FlowBoxes:
    """The boxes of one `flow.json`, ready to be asked for as drawn boxes."""

    def __init__(self, flow: Mapping[str, Any], *, strict: bool) -> None:
        self.flow = flow
        self.boxes: dict[str, Mapping[str, Any]] = {box["key"]: box for box in flow["boxes"]}
        self.strict = strict
        self.full_text = flow.get("full_text") == "assessed"

    def n(self, key: str) -> int:
        return (self.boxes.get(key) or {}).get("n") or 0

    def item(self, key: str, label: str = "", *, words: str = "") -> Item:
        """One counted line; `words` stand in where the step was not done although the set is known empty."""
        box = self.boxes.get(key) or {"n": None, "status": "not reported", "wording": label}
        n = None if words else box["n"]
        return Item(
            key=key, anchor=anchor(key), label=label or box["wording"], value=words or value(box), n=n
        )

    def parts(self, key: str) -> tuple[Item, ...]:
        """The parts of a box (reasons, sources), each with its own link."""
        box = self.boxes.get(key) or {}
        return tuple(
            Item(
                key=key,
                anchor=anchor(key, i),
                label=part["label"] or "No reason given",
                value=value(part),
                n=part["n"],
            )
            for i, part in enumerate(box.get("parts", ()))
        )

    def extra(self, key: str, label: str = "") -> tuple[Box, ...]:
        """A box that the template lacks: drawn when it holds something, and never in a strict diagram."""
        if self.strict or not self.n(key):
            return ()
        return (Box(items=(self.item(key, label),), extra=True),)


def lanes_of(flow: FlowBoxes, template: Template) -> list[tuple[str, str, list[Row]]]:
    """(heading, style, rows) of each lane; all lanes have the same number of rows."""
    new = "new studies" if template in (Template.UPDATED_V1, Template.UPDATED_V2) else "studies"
    databases = [_identified(flow), _screened(flow), *_eligible(flow), *_reports(flow)]
    lanes = [(f"Identification of {new} via databases and registers", "gold", databases)]
    if template in (Template.NEW_V2, Template.UPDATED_V2):
        screened = Row() if flow.strict else _screened(flow, "'")
        other = [_other_identified(flow), screened, *_eligible(flow, "'"), *_reports(flow, "'")]
        lanes.append((f"Identification of {new} via other methods", "grey", other))
    return lanes


def _identified(flow: FlowBoxes) -> Row:
    registers = (flow.flow.get("sources") or {}).get("registers")
    searched = bool(registers) or flow.n("G") > 0
    prefilter = flow.flow.get("automation_role") == "prefilter"
    return Row(
        main=Box(
            heading="Records identified from*:",
            items=(
                flow.item("D", "Databases"),
                flow.item("G", "Registers", words="" if searched else "not searched"),
            ),
        ),
        out=(
            Box(
                heading="Records removed before screening:",
                items=(
                    flow.item("R_dup", "Duplicate records removed"),
                    flow.item(
                        "R_auto",
                        "Records marked as ineligible by automation tools",
                        words="" if prefilter or flow.n("R_auto") else "not undertaken",
                    ),
                    flow.item("R_oth", "Records removed for other reasons"),
                ),
            ),
        ),
    )


def _screened(flow: FlowBoxes, mark: str = "") -> Row:
    prefilter = flow.flow.get("automation_role") == "prefilter"
    excluded: tuple[Item, ...] = (flow.item(f"X{mark}", "Records excluded**"),)
    if not flow.strict and flow.n(f"X{mark}") and not prefilter:
        excluded += (
            flow.item(f"X_human{mark}", "by a human"),
            flow.item(f"X_auto{mark}", "by automation tools"),
        )
    extra = bool(mark)
    return Row(
        main=Box(items=(flow.item(f"S{mark}", "Records screened"),), extra=extra),
        out=(
            Box(items=excluded, extra=extra),
            *flow.extra(f"W{mark}", "Records awaiting a person"),
        ),
    )


def _eligible(flow: FlowBoxes, mark: str = "") -> tuple[Row, ...]:
    """Where no full text was read, what passed title and abstract is the last number there is."""
    if flow.strict or flow.full_text:
        return ()
    item = flow.item(f"K{mark}", "Records eligible on title and abstract")
    return (Row(main=Box(items=(item,), extra=True)),)


def _reports(flow: FlowBoxes, mark: str = "") -> tuple[Row, Row]:
    reasons = flow.parts(f"E{mark}") if flow.n(f"E{mark}") else ()
    if reasons:
        excluded = Box(heading="Reports excluded:", items=reasons)
    else:
        excluded = Box(items=(flow.item(f"E{mark}", "Reports excluded"),))
    return (
        Row(
            main=Box(items=(flow.item(f"Q{mark}", "Reports sought for retrieval"),)),
            out=(
                Box(items=(flow.item(f"N{mark}", "Reports not retrieved"),)),
                *flow.extra(f"U{mark}", "Reports not yet assessed"),
            ),
        ),
        Row(
            main=Box(items=(flow.item(f"A{mark}", "Reports assessed for eligibility"),)),
            out=(excluded, *flow.extra(f"C{mark}", "Reports awaiting classification")),
        ),
    )


def _other_identified(flow: FlowBoxes) -> Row:
    """Other methods: official from O' straight to Q'; known, duplicate and removed records are extra."""
    out: tuple[Box, ...] = ()
    if not flow.strict:
        removed = [
            flow.item(key, label)
            for key, label in (
                ("already_known'", "Records already known from the databases"),
                ("R_dup'", "Duplicate records removed"),
                ("R_auto'", "Records marked as ineligible by automation tools"),
                ("R_oth'", "Records removed for other reasons"),
            )
            if flow.n(key) or key == "already_known'"
        ]
        out = (Box(heading="Records removed before screening:", items=tuple(removed), extra=True),)
    sources = tuple(replace(item, label=item.label[:1].upper() + item.label[1:]) for item in flow.parts("O'"))
    items = sources or (flow.item("O'", "Citation searching and other methods"),)
    return Row(main=Box(heading="Records identified from:", items=items), out=out)


def included_items(flow: FlowBoxes, *, updated: bool) -> tuple[Item, ...]:
    words = (
        ("New studies included in review", "Reports of new included studies")
        if updated
        else ("Studies included in review", "Reports of included studies")
    )
    return flow.item("I_s", words[0]), flow.item("I_r", words[1])


def footnotes_of(flow: FlowBoxes, *, lanes: int) -> list[str]:
    notes = [str(note) for note in flow.flow.get("footnotes") or ()]
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
        "W": "awaiting a person after screening",
        "U": "sought and not yet assessed",
        "C": "awaiting classification",
    }
    if not flow.full_text:
        words["K"] = "eligible on title and abstract"
    notes = []
    for mark, lane in (("", "Databases and registers"), ("'", "Other methods")):
        if mark and lanes < 2:
            continue
        keys = dict(words)
        if mark:
            keys = {
                "already_known": "already known from the databases",
                "R_dup": "duplicates",
                "X": "excluded on title and abstract",
                **keys,
            }
        held = [f"{text} n = {flow.n(key + mark):,}" for key, text in keys.items() if flow.n(key + mark)]
        if held:
            notes.append(f"{lane}, not in the template: {'; '.join(held)}.")
    return notes
