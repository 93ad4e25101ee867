"""What stands in the boxes of a PRISMA 2020 flow diagram."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from tests.report.test_flow_svg import full, parsed

from report.flows import flow
from resift.documents import FlowBox, FlowDocument, FlowPart, FlowSources
from resift.report.boxes import Template
from resift.report.flow_svg import flow_svg
from resift.vocabulary import Box

HERE = Path(__file__).parent


SVG = "{http://www.w3.org/2000/svg}"


TEMPLATES = [t for t in Template if t is not Template.AUTO]


def emptied(made: FlowDocument, empty: Box) -> FlowDocument:
    """The flow with nothing in one kind of box."""
    boxes = (replace(b, n=0, records=(), parts=()) if b.box is empty else b for b in made.boxes)
    return replace(made, boxes=tuple(boxes))


def words(text: etree._Element) -> str:
    return " ".join(part.text or "" for part in text.iter(f"{SVG}tspan")).replace("\u00a0", " ")


def shown_texts(svg: str) -> list[str]:
    """Every text of the diagram above its footnotes, numbers taken out."""
    found = []
    for text in parsed(svg).iter(f"{SVG}text"):
        if text.get("font-size"):  # footnotes are set smaller
            continue
        found.append(re.sub(r"n = [0-9,]+", "n = ", words(text) or text.text or ""))
    return found


@pytest.mark.parametrize("template", TEMPLATES)
def test_strict_diagram_has_exactly_the_boxes_of_the_official_template(template: Template) -> None:
    with (HERE / "prisma-2020-boxes.csv").open(encoding="utf-8", newline="") as file:
        official = [row["wording"] for row in csv.DictReader(file) if row["template"] == template]
    assert sorted(shown_texts(flow_svg(full(template), strict=True))) == sorted(official)


@pytest.mark.parametrize("template", TEMPLATES)
def test_adapted_diagram_adds_dashed_boxes_and_says_so(template: Template) -> None:
    svg = flow_svg(full(template))
    assert len(re.findall(r'class="box extra', svg)) >= 3
    assert "Adapted from PRISMA 2020" in svg
    assert "Adapted from" not in flow_svg(full(template), strict=True)
    assert 'class="box extra' not in flow_svg(full(template), strict=True)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("strict", [False, True], ids=["adapted", "strict"])
def test_every_number_is_the_size_of_its_set(template: Template, strict: bool) -> None:
    made = full(template)
    boxes = {(box.box.value, box.lane.value): box for box in made.boxes}
    links = list(parsed(flow_svg(made, strict=strict)).iter(f"{SVG}a"))
    assert len(links) > 10
    for link in links:
        box = boxes[link.get("data-box"), link.get("data-lane")]
        fragment = link.get("href").partition("#")[2]
        part = re.search(r"\.(\d+)$", fragment)
        counted: FlowBox | FlowPart = box.parts[int(part.group(1)) - 1] if part else box
        assert int(link.get("data-n")) == counted.n == len(counted.records)
        text = " ".join(words(t) for t in link.iter(f"{SVG}text"))
        assert text.endswith(f"(n = {counted.n:,})")


def test_auto_template_follows_what_the_flow_holds() -> None:
    names = {
        re.search(r'id="([\w-]+)-title"', flow_svg(full(template)))[1]: template  # type: ignore[index]
        for template in TEMPLATES
    }
    assert {name: str(template) for name, template in names.items()} == {n: n for n in map(str, TEMPLATES)}


def test_step_not_undertaken_has_words_and_never_a_number() -> None:
    svg = flow_svg(flow(full_text=False))
    text = " ".join(shown_texts(svg))
    for step in ("Reports sought for retrieval", "Reports not retrieved", "Studies included in review"):
        assert f"{step} (not undertaken)" in text
    assert "Records eligible on title and abstract (n = )" in text
    assert not re.search(r'data-box="(sought|not_retrieved|assessed|excluded_full_text|included_\w+)"', svg)


def test_automation_before_screening_is_not_counted_where_rules_screen() -> None:
    made = emptied(flow(role="screener"), Box.MARKED_INELIGIBLE)
    assert "Records marked as ineligible by automation tools (not undertaken)" in " ".join(
        shown_texts(flow_svg(made))
    )


def test_register_that_nobody_searched_is_not_a_zero() -> None:
    made = replace(flow(), sources=FlowSources(databases={"PubMed": 1}))
    made = emptied(made, Box.IDENTIFIED_REGISTERS)
    assert "Registers (not searched)" in " ".join(shown_texts(flow_svg(made)))
