"""The flow diagrams of a run: its own, and as an update."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lxml import html as lxml_html

from resift.report.data import updates_of
from resift.report.flow_svg import flow_svg
from resift.report.page import ReportData, render
from resift.tables import LIVING_DIAGRAM, UPDATE_DIAGRAM


def test_the_diagrams_of_an_update_stand_on_the_page_once_each(data: ReportData, folder: Path) -> None:
    updated, living = flow_svg(data.flow, links=False), flow_svg(data.flow, links=False, strict=True)
    UPDATE_DIAGRAM.of(folder).write_text(updated, encoding="utf-8")
    LIVING_DIAGRAM.of(folder).write_text(updated, encoding="utf-8")
    run = replace(data.run, compare_with="earlier")
    assert updates_of(folder, data.run) == []
    assert [svg for _, svg in updates_of(folder, run)] == [updated]  # the earlier run is the first
    LIVING_DIAGRAM.of(folder).write_text(living, encoding="utf-8")
    drawn = updates_of(folder, run)
    assert [svg for _, svg in drawn] == [updated, living]
    for file in (UPDATE_DIAGRAM, LIVING_DIAGRAM):
        file.of(folder).unlink()
    tree = lxml_html.fromstring(render(replace(data, run=run, updates=drawn)))
    shown = [text.text_content() for text in tree.xpath('//section[@id="flow"]//details/summary')]
    assert "As an updated review: new since run earlier" in shown
    assert any(text.startswith("As a living review") for text in shown)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    pointed = [name for svg in tree.xpath("//svg") for name in svg.xpath("./@aria-labelledby")]
    assert set(pointed) <= set(ids) and len(set(pointed)) == len(pointed)
