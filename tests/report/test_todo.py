"""What a person must settle before the numbers of a run can stand."""

from __future__ import annotations

from dataclasses import replace

from lxml import html as lxml_html

from resift.report.page import ReportData
from resift.report.todo import tasks_of
from resift.tables import DecisionRow
from resift.vocabulary import Box, Column, State


def _again(data: ReportData) -> list[DecisionRow]:
    row = next(row for row in data.decisions if row.state is State.AWAITING)
    return [replace(row, record="pubmed:999999999")]


def test_first_screen_says_what_was_found_and_what_needs_doing(data: ReportData, html: str) -> None:
    tree = lxml_html.fromstring(html)
    flow = data.flow
    figures = [a.text_content().split()[0] for a in tree.xpath('//ul[@class="figures"]//a')]
    boxes = (Box.IDENTIFIED_DATABASES, Box.ELIGIBLE, Box.AWAITING)
    assert figures == [str(flow.n(box)) for box in boxes] + [str(flow.n(Box.INCLUDED_REPORTS, Column.BOTH))]
    waiting = sum(row.state is State.AWAITING for row in data.decisions)
    words = [task.words for task in tasks_of(data)]
    assert any(text.startswith(f"Decide {waiting} records that await a person") for text in words)
    # The records of other strategies await a person too: the sentence says why the diagram has fewer.
    drawn = [flow.n(Box.AWAITING, lane) for lane in (Column.DATABASES, Column.OTHER)]
    (told,) = [text for text in words if text.startswith("Decide ")]
    assert (sum(drawn) == waiting) == ("diagram" not in told)
    (fewer,) = [
        task.words
        for task in tasks_of(replace(data, decisions=[*data.decisions, *_again(data)]))
        if task.words.startswith("Decide ")
    ]
    assert "by the primary one, as in the diagram" in fewer
    assert any("retracted" in text for text in words)
    shown = [a.text_content() for a in tree.xpath('//div[@class="todo"]//a')]
    assert shown == words
