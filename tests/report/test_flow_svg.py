"""The flow diagram: official wording, numbers from sets alone, accessible, the same bytes every time."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from report.flows import flow
from resift.documents import FlowDocument
from resift.report.boxes import CHARACTERS, Template
from resift.report.flow_svg import flow_svg

HERE = Path(__file__).parent


SVG = "{http://www.w3.org/2000/svg}"


TEMPLATES = [t for t in Template if t is not Template.AUTO]


def full(template: Template) -> FlowDocument:
    return flow(other="v2" in template, updated="updated" in template)


def labelled(made: FlowDocument, label: str) -> FlowDocument:
    """The flow with one label on every part of every box."""
    boxes = (replace(b, parts=tuple(replace(part, label=label) for part in b.parts)) for b in made.boxes)
    return replace(made, boxes=tuple(boxes))


def parsed(svg: str) -> etree._Element:
    return etree.fromstring(svg.encode())


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("strict", [False, True], ids=["adapted", "strict"])
def test_diagram_equals_its_golden_file(template: Template, strict: bool) -> None:
    """After a wanted change run it with RESIFT_GOLDEN=write, and look at the files."""
    svg = flow_svg(full(template), strict=strict)
    golden = HERE / "golden" / f"{template}{'-strict' if strict else ''}.svg"
    if os.environ.get("RESIFT_GOLDEN") == "write":
        golden.write_text(svg, encoding="utf-8", newline="\n")
    assert svg == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("template", TEMPLATES)
def test_diagram_is_accessible(template: Template) -> None:
    root = parsed(flow_svg(full(template)))
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert root.get("aria-labelledby") in ids and root.get("aria-describedby") in ids
    description = next(root.iter(f"{SVG}desc")).text or ""
    assert "Records screened: n = " in description
    for link in root.iter(f"{SVG}a"):
        assert re.fullmatch(r".+: n = [0-9,]+\. Open the list", link.get("aria-label").replace("\u00a0", " "))


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_line_is_longer_than_its_box(template: Template) -> None:
    made = labelled(full(template), "Supercalifragilisticexpialidocious reason number one, and a tail")
    for text in parsed(flow_svg(made)).iter(f"{SVG}text"):
        if not text.get("font-size"):
            assert all(len(part.text or "") <= CHARACTERS for part in text.iter(f"{SVG}tspan"))


def test_hostile_label_stays_text() -> None:
    svg = flow_svg(labelled(flow(), '<script>alert(1)</script>"&'))
    assert "<script" not in svg
    assert "script>alert" in "".join(parsed(svg).itertext())


def test_without_links_there_are_none() -> None:
    assert not list(parsed(flow_svg(flow(), links=False)).iter(f"{SVG}a"))
