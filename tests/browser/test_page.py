"""The report in a real browser: numbers open their records, nothing leaves the page, everyone can use it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from report.run_folder import draw, make_run, screening_of

from browser.conftest import Opened
from resift.formats.csv import restore
from resift.records import text_sha256
from resift.report.page import load, render

Visit = Callable[..., Opened]
BOX_SHOWN = "text => document.querySelector('#boxline').textContent.includes(text)"
COUNT_SHOWN = "n => document.querySelector('#summary').textContent.startsWith(n + ' of ')"
TERMS = re.compile("tumou?r|treatment|surgery|therapy|metasta|resection|streptozocin|emboli[sz]ation", re.I)


def decisions(report: Path) -> list[dict[str, str]]:
    with (report.parent / "decisions.csv").open(encoding="utf-8", newline="") as file:
        return [{key: restore(value) for key, value in row.items()} for row in csv.DictReader(file)]


def test_every_number_of_the_diagram_opens_exactly_its_records(visit: Visit, report: Path) -> None:
    opened = visit(report)
    page = opened.page
    flow = json.loads((report.parent / "flow.json").read_text(encoding="utf-8"))
    boxes = {(box["box"], box["lane"]): box for box in flow["boxes"]}
    titles = {row["record"]: row["title"] for row in decisions(report)}
    links = page.locator(".diagram svg a[data-box]")
    assert links.count() > 20
    for i in range(links.count()):
        link = links.nth(i)
        part = re.search(r"\.(\d+)$", link.get_attribute("href"))
        box = boxes[link.get_attribute("data-box"), link.get_attribute("data-lane")]
        counted = box["parts"][int(part[1]) - 1] if part else box
        link.dispatch_event("click")
        page.wait_for_function(
            "text => document.querySelector('#boxline').textContent.includes(text)", arg=counted["sha256"]
        )
        assert int(link.get_attribute("data-n")) == counted["n"]
        assert page.locator("#summary").text_content().startswith(f"{counted['n']} of ")
        assert sorted(opened.shown()) == sorted(titles[record] for record in counted["records"])
    assert not opened.errors


def test_page_works_without_complaint_and_without_network(visit: Visit, report: Path) -> None:
    opened = visit(report)
    page = opened.page
    page.locator("#q").fill("chemotherapy")
    page.locator("#table tbody a").first.click()
    page.locator("#card[open] h3").first.wait_for()
    page.locator("#card button", has_text="Next").click()
    page.keyboard.press("Escape")
    page.locator("summary").evaluate_all("all => all.forEach(summary => summary.click())")
    page.wait_for_timeout(200)
    assert opened.errors == []
    assert opened.requests == [report.as_uri()]


def test_page_reads_without_javascript(visit: Visit, report: Path) -> None:
    page = visit(report, java_script_enabled=False).page
    assert page.locator(".diagram svg").is_visible()
    assert page.locator("#table tbody tr").count() == 50
    assert page.locator("#filters").is_hidden()
    assert page.locator("#strategy-narrow pre").first.is_visible()
    link = page.locator(".diagram svg a[data-box=excluded][data-lane=databases]").first
    target = link.get_attribute("href").lstrip("#")
    assert page.locator(f'[id="{target}"]').text_content().startswith("Records excluded")
    assert "need JavaScript" in page.locator("#records").text_content()


def test_search_reaches_abstracts_and_facets_narrow_it(visit: Visit, report: Path) -> None:
    opened = visit(report)
    page = opened.page
    rows = decisions(report)
    page.locator("#f-state").select_option("awaiting")
    assert sorted(opened.shown()) == sorted(r["title"] for r in rows if r["state"] == "awaiting")
    page.locator("#clear").click()
    page.locator("#q").fill("confidence interval hazard")
    page.wait_for_function("() => !document.querySelector('#summary').textContent.startsWith('0 of')")
    assert 0 < len(opened.shown()) < len(rows)
    page.locator("#q").fill("no record says this")
    assert page.locator("#table tbody").text_content() == "No record matches."


def test_cell_of_the_evidence_map_opens_as_many_records_as_it_says(visit: Visit, report: Path) -> None:
    opened = visit(report)
    cells = opened.page.locator(".heat td a")
    for i in range(0, cells.count(), 7):
        n = int(cells.nth(i).text_content())
        cells.nth(i).click()
        opened.page.wait_for_function(
            "n => document.querySelector('#summary').textContent.startsWith(n + ' of ')", arg=n
        )
        assert len(opened.shown()) == n


def test_deep_link_opens_the_card_with_its_evidence(visit: Visit, report: Path) -> None:
    row = next(row for row in decisions(report) if row["state"] == "included")
    page = visit(report, f"#pmid-{row['pmid']}").page
    card = page.locator("#card[open]")
    card.wait_for()
    assert card.locator("h2").text_content() == row["title"]
    marks = card.locator("mark").all_text_contents()
    assert marks and all(TERMS.search(mark) for mark in marks)
    text = card.text_content()
    for words in ("The rules alone say", "Found by", "Hash of the text judged", "full_text: AB: include"):
        assert words in text
    card.locator(".legend button", has_text="tumour").first.click()
    assert {m.lower() for m in card.locator("mark").all_text_contents()} <= {"tumour", "tumor"}


def test_card_of_an_excluded_record_says_what_would_change_it(visit: Visit, report: Path) -> None:
    row = next(r for r in decisions(report) if (r["state"], r["decided_by"]) == ("excluded", "rules"))
    page = visit(report, f"#pmid-{row['pmid']}").page
    card = page.locator("#card[open]")
    card.wait_for()
    text = card.text_content()
    assert "Otherwise" + row["flips_if"] in text
    assert "excludes the record" in text


def test_retracted_paper_is_marked_in_table_and_card(visit: Visit, report: Path) -> None:
    row = next(row for row in decisions(report) if row["retracted"] == "yes")
    page = visit(report, f"#pmid-{row['pmid']}").page
    page.locator("#card[open] .retracted").wait_for()
    page.keyboard.press("Escape")
    page.locator("#q").fill(row["pmid"])
    assert page.locator("#table .retracted").count() == 1


def test_everything_can_be_done_by_keyboard(visit: Visit, report: Path) -> None:
    page = visit(report).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("#q").focus()
    page.keyboard.type("surgery")
    page.locator("#table tbody a").first.focus()
    title = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.locator("#card[open] h3").first.wait_for()
    assert page.locator("#card h2").text_content() == title
    page.keyboard.press("Escape")
    assert page.locator("#card[open]").count() == 0
    assert page.evaluate("document.activeElement.textContent") == title
    unreachable = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, summary, .scroll')]
            .filter(node => node.tabIndex < 0).map(node => node.outerHTML.slice(0, 80))"""
    )
    assert unreachable == []
    box = page.locator(".diagram svg a[data-box=screened]").first
    box.focus()
    page.keyboard.press("Enter")
    page.locator("#boxline:not([hidden])").wait_for()


def faults_of(page: Any, place: str) -> list[tuple[str, list[str]]]:
    """What axe-core finds in a place: the rule, and the first elements that break it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe_playwright_python")
    found = axe.Axe().run(page, context=place, options={"resultTypes": ["violations"]}).response
    return [(f["id"], [n["html"][:120] for n in f["nodes"][:3]]) for f in found["violations"]]


def test_axe_finds_no_fault_on_the_page_and_on_a_card_that_asks(visit: Visit, brief: Path) -> None:
    page = visit(brief, "#records").page
    page.locator("main details").evaluate_all("all => all.forEach(node => node.open = true)")
    assert faults_of(page, "html") == []
    page.evaluate("location.hash = document.querySelector('#table a').getAttribute('href')")
    page.locator("#card[open] .choices").wait_for()
    for key in ("e", "A", "B", "Enter", "e"):
        page.keyboard.press(key)
    page.locator("#reason").wait_for()
    assert faults_of(page, "#card") == []


def test_axe_finds_no_fault_in_the_dark_on_a_phone(visit: Visit, brief: Path) -> None:
    page = visit(brief, color_scheme="dark", viewport={"width": 390, "height": 900}).page
    page.locator("main details").evaluate_all("all => all.forEach(node => node.open = true)")
    assert faults_of(page, "html") == []
    page.evaluate("location.hash = '#pair-1'")
    page.locator("#card[open] .side").wait_for()
    page.keyboard.press("?")
    page.locator("#help[open]").wait_for()
    assert faults_of(page, "#card, #help") == []


def test_phone_does_not_scroll_sideways(visit: Visit, report: Path) -> None:
    page = visit(report, viewport={"width": 360, "height": 740}).page
    page.locator("main details").evaluate_all("all => all.forEach(node => node.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_report_of_seven_records_is_one_page_long(visit: Visit, tmp_path: Path) -> None:
    run = make_run(tmp_path, 7, people=False, other=False, empty=True)
    path = run / "report.html"
    path.write_text(render(load(run, screening=screening_of(tmp_path))), encoding="utf-8")
    page = visit(path).page
    assert page.evaluate("document.documentElement.scrollHeight") < 6000
    assert page.locator(".todo").bounding_box()["y"] < 900


def test_paper_shows_what_the_screen_folds(visit: Visit, report: Path) -> None:
    opened = visit(report)
    page = opened.page
    folded = page.locator("#checklists table, #methods blockquote, #files pre, #strategy-wide details > pre")
    assert not any(folded.nth(i).is_visible() for i in range(folded.count()))
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(folded.nth(i).is_visible() for i in range(folded.count()))
    assert page.locator("#filters, #deciding, #pager, .contents").locator("visible=true").count() == 0
    sent = page.locator("#strategy-wide details > pre").last
    assert sent.evaluate("node => node.scrollHeight <= node.clientHeight + 1")  # nothing is cut off
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details[open]").count() == 2  # the primary strategy, and it as written


def test_page_prints_to_a4(visit: Visit, report: Path) -> None:
    pdf = visit(report).page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    sizes = {
        tuple(round(float(x)) for x in m.split()[2:4]) for m in re.findall(rb"/MediaBox \[([^\]]+)\]", pdf)
    }
    assert sizes == {(595, 842)}
    assert 3 <= len(re.findall(rb"/Type /Page\b", pdf)) <= 60


def test_saved_table_holds_what_is_shown_and_is_safe_to_open(visit: Visit, tmp_path: Path) -> None:
    formula = '=HYPERLINK("http://example.invalid","x") tumour'
    record = replace(draw(1, seed=5, first=30_000_001)[0], title=formula)
    run = make_run(tmp_path, 10, extra=[replace(record, text_sha256=text_sha256(record))])
    path = run / "report.html"
    path.write_text(render(load(run, screening=screening_of(tmp_path))), encoding="utf-8")
    page = visit(path, accept_downloads=True).page
    page.locator("#q").fill("hyperlink")
    with page.expect_download() as waiting:
        page.locator("#csv").click()
    rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text(encoding="utf-8"))))
    assert [row["title"] for row in rows] == ["'" + formula]


def test_hostile_text_shows_as_text(visit: Visit, tmp_path: Path) -> None:
    hostile = "</script><img src=x onerror=\"document.title='owned'\"><b>&amp;</b> \u202eabc"
    record = replace(
        draw(1, seed=5, first=30_000_001)[0],
        title=hostile,
        abstract=hostile + " tumour " + "x" * 50_000,
        authors=(hostile,),
        journal_abbreviation=hostile,
        keywords=(hostile,),
    )
    run = make_run(tmp_path, 10, extra=[replace(record, text_sha256=text_sha256(record))], notice=hostile)
    path = run / "report.html"
    path.write_text(render(load(run, screening=screening_of(tmp_path))), encoding="utf-8")
    opened = visit(path, "#pmid-30000001")
    page = opened.page
    page.locator("#card[open] h3").first.wait_for()
    assert page.locator("#card h2").text_content() == hostile
    assert page.locator("#card .abstract").text_content().startswith(hostile + " tumour xxx")
    assert page.locator(".notice[role=note]").text_content() == hostile
    assert hostile in page.locator("#table").text_content()
    assert page.locator("img").count() == 0 and page.locator("#card b, #table b").count() == 0
    assert page.title() != "owned"
    assert opened.errors == [] and len(opened.requests) == 1
