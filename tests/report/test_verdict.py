"""The verdict strip: what was asked, what was possible, what was found, and the largest caveat."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html as lxml_html

from resift.prisma.prisma_s import prisma_s
from resift.report.page import ReportData, render
from resift.report.verdict import strip_of


def test_verdict_stands_database_by_database(data: ReportData) -> None:
    each = data.verdict.databases
    assert [one.database for one in each] == ["PubMed"]
    page = render(data)
    assert "Reproduction not assessable" in page
    tree = lxml_html.fromstring(page)
    rows = tree.xpath('//table[@id="databases"]/tbody/tr')
    assert [row.xpath("./th")[0].text_content() for row in rows] == ["PubMed"]
    assert "rerun" in rows[0].text_content() and "not reported" in rows[0].text_content()


def test_reconstructed_query_is_called_a_reconstruction(data: ReportData) -> None:
    assert strip_of(data).kind == "Reconstruction, not reproduction"
    assert any("prints no search string" in reason for reason in data.verdict.because)


def test_moved_window_is_an_update(data: ReportData) -> None:
    moved = replace(data, run=replace(data.run, until="2020-12-31"))
    assert strip_of(moved).kind.startswith("An update")


def test_a_past_day_is_stated_wherever_limits_are(data: ReportData) -> None:
    past = replace(data, run=replace(data.run, as_of="2013-02-03"))
    words = "only records that had entered PubMed by 2013-02-03 [crdt]"
    tree = lxml_html.fromstring(render(past))
    for place in ("limits-of-search", "verdict", "paragraph", "methods"):
        assert words in tree.get_element_by_id(place).text_content()
    assert any(words in row.done for row in prisma_s(past.facts) if row.item == "9")


def test_services_that_were_down_are_said(data: ReportData) -> None:
    down = replace(data, verdict=replace(data.verdict, incomplete=("reference lists not followed",)))
    assert "Incomplete: reference lists not followed." in render(down)


@pytest.mark.parametrize(
    ("eutils", "live"),
    [
        (None, True),
        ("https://eutils.ncbi.nlm.nih.gov/entrez/eutils/", True),
        ("http://127.0.0.1:8080/", False),
        ("https://ncbi.nlm.nih.gov.example.invalid/", False),
    ],
)
def test_another_server_in_place_of_pubmed_gives_no_verdict(
    data: ReportData, eutils: str | None, live: bool
) -> None:
    run = replace(data.run, config={**data.run.config, "source": "pubmed", "eutils": eutils})
    assert replace(data, run=run).facts.live is live
