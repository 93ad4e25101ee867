"""The flow diagram: official wording, numbers from sets alone, accessible, the same bytes every time."""

from __future__ import annotations

import csv
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from report.flows import flow
from resift.documents import FlowBox, FlowDocument, FlowPart, FlowSources
from resift.errors import FlowError
from resift.prisma.updated import Previous, update
from resift.report import figures
from resift.report.boxes import CHARACTERS, Template
from resift.report.figures import flow_svg
from resift.vocabulary import Box, Column

HERE = Path(__file__).parent
SVG = "{http://www.w3.org/2000/svg}"
TEMPLATES = [t for t in Template if t is not Template.AUTO]


def full(template: Template) -> FlowDocument:
    return flow(other="v2" in template, updated="updated" in template)


def emptied(made: FlowDocument, empty: Box) -> FlowDocument:
    """The flow with nothing in one kind of box."""
    boxes = (replace(b, n=0, records=(), parts=()) if b.box is empty else b for b in made.boxes)
    return replace(made, boxes=tuple(boxes))


def labelled(made: FlowDocument, label: str) -> FlowDocument:
    """The flow with one label on every part of every box."""
    boxes = (replace(b, parts=tuple(replace(part, label=label) for part in b.parts)) for b in made.boxes)
    return replace(made, boxes=tuple(boxes))


def included_reports(made: FlowDocument) -> tuple[str, ...]:
    box = made.find(Box.INCLUDED_REPORTS, Column.BOTH)
    assert box
    return box.records


def parsed(svg: str) -> etree._Element:
    return etree.fromstring(svg.encode())


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
@pytest.mark.parametrize("strict", [False, True], ids=["adapted", "strict"])
def test_diagram_equals_its_golden_file(template: Template, strict: bool) -> None:
    """After a wanted change run it with RESIFT_GOLDEN=write, and look at the files."""
    svg = flow_svg(full(template), strict=strict)
    golden = HERE / "golden" / f"{template}{'-strict' if strict else ''}.svg"
    if os.environ.get("RESIFT_GOLDEN") == "write":
        golden.write_text(svg, encoding="utf-8", newline="\n")
    assert svg == golden.read_text(encoding="utf-8")


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


def test_previous_version_without_numbers_is_not_reported() -> None:
    made = update(flow(), Previous(studies=None, reports=None))
    text = " ".join(shown_texts(flow_svg(made)))
    assert "Studies included in previous version of review (not reported)" in text
    assert "Total studies included in review (not reported)" in text


def test_update_counts_new_reports_of_old_studies_in_the_total_only() -> None:
    base = flow()
    included = included_reports(base)
    study_of = {included[0]: "old-1", **{r: r for r in included[1:]}}
    made = update(base, Previous(studies=("old-1", "old-2"), reports=("r1", "r2"), study_of=study_of))
    assert made.number(Box.PREVIOUS_REPORTS, Column.PREVIOUS) == 2
    assert made.number(Box.INCLUDED_REPORTS, Column.BOTH) == len(included) - 1
    assert made.number(Box.TOTAL_REPORTS, Column.BOTH) == 2 + len(included)
    assert [i.holds for i in made.identities if i.id == "F9"] == [True, True]
    assert "New reports of studies included before: 1" in made.footnotes[-1]


def test_update_stops_when_a_report_is_counted_as_old_and_new() -> None:
    base = flow()
    included = included_reports(base)
    with pytest.raises(FlowError, match=f"F9 fails.*{included[0]}"):
        update(base, Previous(studies=("old",), reports=(included[0],)))


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


def test_templates_are_kept_compiled_and_need_not_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that cannot be written to, or holds half a file, draws the same."""
    made = flow()
    kept = figures._Compiled()
    monkeypatch.setattr(figures, "_COMPILED", kept)
    kept.directory = str(tmp_path / "missing" / "too")
    drawn = flow_svg(made)
    kept.directory, kept._held = str(tmp_path / "kept"), {}
    assert flow_svg(made) == drawn
    (written,) = (tmp_path / "kept").iterdir()
    written.write_bytes(written.read_bytes()[:100])
    kept._held = {}
    assert flow_svg(made) == drawn
