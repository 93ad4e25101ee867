"""The PRISMA 2020 flow diagram as SVG, drawn from `flow.json` without a layout engine.

Rows are stacked by the height of their text, arrows run straight or with one bend, and a Jinja2 template
prints the result. What stands in the boxes is decided in `resift.report.boxes`. A diagram with boxes that
the official template lacks (dashed border) is captioned "adapted from PRISMA 2020".
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from resift.documents import FlowDocument
from resift.report.boxes import (
    LINE,
    NO_BREAK,
    PAD,
    STACK_GAP,
    DrawnBox,
    FlowBoxes,
    Template,
    choose,
    footnotes_of,
    included_items,
    lanes_of,
)
from resift.report.templating import jinja_environment
from resift.vocabulary import Box, Column

# Sizes in SVG units (CSS pixels at natural size).
COLUMN = 224
ARM = 36
LANE_GAP = 30
BAR = 30
MARGIN = 8
ROW_GAP = 26
INDENT = 6
FOOTNOTE_EM = 6.6


def flow_svg(
    flow: FlowDocument,
    *,
    template: str = "auto",
    links: bool = True,
    strict: bool = False,
    page: str = "report.html",
) -> str:
    """The flow diagram as a standalone SVG document.

    With `links` every number is a link to `<page>#box-<name>`, which lists its records (`page=""` inside the
    report). `strict` draws official boxes only.
    """
    chosen = Template(template)
    if chosen is Template.AUTO:
        chosen = choose(flow)
    drawing = _draw(FlowBoxes(flow, strict=strict), chosen)
    text: str = (
        jinja_environment()
        .get_template("flow.svg.j2")
        .render(
            **drawing,
            name=chosen.value + ("-strict" if strict else ""),
            primary=flow.primary,
            links=links,
            page=page,
        )
    )
    return text


def _draw(flow: FlowBoxes, template: Template) -> dict[str, Any]:
    """Everything the SVG template prints: boxes, arrows, headers, side bars, footnotes, size."""
    updated = template in (Template.UPDATED_V1, Template.UPDATED_V2)
    lanes = lanes_of(flow, template)
    previous = COLUMN + LANE_GAP if updated else 0
    left = MARGIN + BAR + 14 + previous
    lane_x = [left + i * (2 * COLUMN + ARM + LANE_GAP) for i in range(len(lanes))]
    width = lane_x[-1] + 2 * COLUMN + ARM + MARGIN
    headers = [
        _header(heading, x, 2 * COLUMN + ARM, style)
        for (heading, style, _), x in zip(lanes, lane_x, strict=True)
    ]
    if updated:
        headers.insert(0, _header("Previous studies", MARGIN + BAR + 14, COLUMN, "grey"))
    boxes: list[dict[str, Any]] = []
    arrows: list[str] = []
    y = MARGIN + 44 + ROW_GAP
    tops: list[int] = []
    bottoms: list[int] = []
    ends: list[tuple[int, int] | None] = [None] * len(lanes)
    for level in range(len(lanes[0][2])):
        rows = [lane[2][level] for lane in lanes]
        height = max(row.height for row in rows)
        tops.append(y)
        bottoms.append(y + height)
        for i, (row, x) in enumerate(zip(rows, lane_x, strict=True)):
            if row.main is None:
                continue
            placed = _place(row.main, x, y)
            boxes.append(placed)
            end = ends[i]
            if end:
                arrows.append(f"M{end[0]} {end[1]}V{y}")
            ends[i] = (x + COLUMN // 2, y + placed["h"])
            out_y = y
            for box in row.out:
                out = _place(box, x + COLUMN + ARM, out_y)
                boxes.append(out)
                arrows.append(_sideways(placed, out))
                out_y += out["h"] + STACK_GAP
        y += height + ROW_GAP
    # The last row: what is included, and for an updated review the total below it.
    screening_end = bottoms[-1]
    included = DrawnBox(items=included_items(flow, updated=updated))
    placed = _place(included, lane_x[0], y)
    boxes.append(placed)
    tops.append(y)
    if ends[0]:
        arrows.append(f"M{ends[0][0]} {ends[0][1]}V{y}")
    if len(lanes) > 1 and ends[1]:
        middle = y + placed["h"] // 2
        arrows.append(f"M{ends[1][0]} {ends[1][1]}V{middle}H{lane_x[0] + COLUMN}")
    y += placed["h"]
    if updated:
        before = DrawnBox(
            items=(
                flow.item(Box.PREVIOUS_STUDIES, Column.PREVIOUS),
                flow.item(Box.PREVIOUS_REPORTS, Column.PREVIOUS),
            )
        )
        former = _place(before, MARGIN + BAR + 14, tops[0])
        boxes.append(former)
        y += ROW_GAP
        after = DrawnBox(
            items=(
                flow.item(Box.TOTAL_STUDIES, Column.BOTH),
                flow.item(Box.TOTAL_REPORTS, Column.BOTH),
            )
        )
        total = _place(after, lane_x[0], y)
        boxes.append(total)
        arrows.append(f"M{lane_x[0] + COLUMN // 2} {placed['y'] + placed['h']}V{y}")
        middle = y + total["h"] // 2
        arrows.append(f"M{former['x'] + COLUMN // 2} {former['y'] + former['h']}V{middle}H{lane_x[0]}")
        y += total["h"]
    bars = [
        _bar("Identification", tops[0], bottoms[0]),
        _bar("Screening", tops[1], screening_end),
        _bar("Included", tops[-1], y),
    ]
    notes, note_y = [], y + 30
    for note in footnotes_of(flow, lanes=len(lanes)):
        lines = textwrap.wrap(note, int((width - 2 * MARGIN) / FOOTNOTE_EM))
        notes.append([{"y": note_y + 15 * i, "text": line} for i, line in enumerate(lines)])
        note_y += 15 * len(lines) + 5
    return {
        "width": width,
        "height": note_y + MARGIN - 10,
        "headers": headers,
        "boxes": boxes,
        "arrows": arrows,
        "bars": bars,
        "notes": notes,
        "left": MARGIN,
        "description": _description(boxes),
    }


def _header(text: str, x: int, width: int, style: str) -> dict[str, Any]:
    return {"x": x, "y": MARGIN, "w": width, "h": 44, "text": text, "style": style}


def _bar(text: str, top: int, bottom: int) -> dict[str, Any]:
    # The word is longer than one low box: the bar grows to hold it.
    height = max(bottom - top, 9 * len(text))
    return {"x": MARGIN, "y": top, "w": BAR, "h": height, "text": text, "middle": top + height // 2}


def _place(box: DrawnBox, x: int, y: int) -> dict[str, Any]:
    lines: list[dict[str, Any]] = []
    baseline = y + PAD + 12
    for item, text in box.lines:
        indent = INDENT if box.heading and item else 0
        texts = [{"x": x + 10 + indent, "y": baseline + LINE * i, "text": t} for i, t in enumerate(text)]
        lines.append({"item": item, "texts": texts})
        baseline += LINE * len(text)
    single = box.items[0] if len(box.items) == 1 and not box.heading else None
    return {
        "x": x,
        "y": y,
        "w": COLUMN,
        "h": box.height,
        "lines": lines,
        "extra": box.extra,
        "single": single,
        "muted": bool(box.items) and all(item.n is None for item in box.items),
    }


def _sideways(main: Mapping[str, Any], out: Mapping[str, Any]) -> str:
    """An arrow from a box to one on its right, with a bend where they do not stand level."""
    # The height at which arrows leave and arrive: the middle of a box of one line.
    level = PAD + LINE // 2
    right = main["x"] + main["w"]
    start, end = main["y"] + level, out["y"] + level
    if start == end:
        return f"M{right} {start}H{out['x']}"
    return f"M{right} {start}H{right + ARM // 2}V{end}H{out['x']}"


def _description(boxes: Sequence[Mapping[str, Any]]) -> str:
    """The diagram in words, for people who do not see it: every box in reading order."""
    said = []
    for box in boxes:
        heading = next(
            (" ".join(t["text"] for t in x["texts"]) for x in box["lines"] if x["item"] is None), ""
        )
        items = [f"{line['item'].label}: {line['item'].value}" for line in box["lines"] if line["item"]]
        said.append((heading.replace("*", "") + " " if heading else "") + "; ".join(items).replace("*", ""))
    return ". ".join(said).replace(NO_BREAK, " ") + "."
