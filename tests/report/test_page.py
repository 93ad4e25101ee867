"""The page as text: the same bytes everywhere, nothing invented, hostile text harmless."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from report.run_folder import draw, make_run, screening_of
from resift.errors import RunError
from resift.prisma.checklist import prisma_s
from resift.records import text_sha256
from resift.report.boxes import anchor
from resift.report.data import updates_of
from resift.report.embed import PARCEL, Details, packed
from resift.report.figures import flow_svg
from resift.report.page import ReportData, load, render
from resift.report.sections import sections_of
from resift.report.todo import tasks_of
from resift.report.verdict import strip_of
from resift.tables import LIVING_DIAGRAM, UPDATE_DIAGRAM, BoundaryRecord, ChangeRow, DecisionRow, TakenOver
from resift.vocabulary import Box, Cause, Change, ChangedIn, Column, Inside, Lane, Retracted, State

ROOT = Path(__file__).parents[2]
RENDER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from report.run_folder import screening_of
from resift.report.boxes import anchor
from resift.report.page import load, render
sys.stdout.buffer.write(render(load(Path(sys.argv[1]), screening=screening_of(Path(sys.argv[2])))).encode())
"""


def unpacked(text: str) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(text)))


def embedded(page: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the page embeds: its table, and its details with `records` in the order of the table."""
    core = re.search(r'id="core">(.*?)</script>', page, re.S)
    packed = re.search(r'id="details">(.*?)</script>', page, re.S)
    assert core and packed
    head, *parcels = map(unpacked, packed[1].split("\n"))
    held = dict(zip(head["order"], (row for parcel in parcels for row in parcel), strict=True))
    table = unpacked(core[1])
    return table, {**head, "records": [held.get(i) for i in range(len(table["records"]))]}


def without_times(page: str) -> str:
    return re.sub(r"<time data-recorded[^>]*>[^<]*</time>", "<time>", page)


def test_the_limits_of_an_update_say_how_old_its_texts_may_be(folder: Path) -> None:
    data = load(folder)
    assert "taken over as received" not in render(data)
    taken = [TakenOver(pmid=hit.pmid, received_by="january") for hit in data.hits[1:]]
    page = render(replace(data, run=replace(data.run, compare_with="february"), taken_over=taken))
    said = lxml_html.fromstring(page).get_element_by_id("methods").text_content()
    assert f"1 record fetched, {len(taken)} taken over as received by run january {len(taken)}" in said
    assert "not modified since run february" in said
    assert "no date of revision since then (NLM makes some without a new one) shows in the first run" in said
    assert "more than 90 days later than the answer" in said


@pytest.mark.slow
def test_page_has_the_same_bytes_on_two_paths_and_in_two_locales(
    folder: Path, html: str, tmp_path: Path
) -> None:
    other = tmp_path / "another path" / "results" / folder.name
    shutil.copytree(folder, other)
    script = RENDER.format(tests=str(ROOT / "tests"))
    for locale, seed, zone in (("C", "1", "UTC"), ("tr_TR.UTF-8", "2", "Asia/Tokyo")):
        env = {**os.environ, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": seed, "TZ": zone}
        done = subprocess.run(
            [sys.executable, "-c", script, str(other), str(folder.parents[1])],
            env=env, cwd=tmp_path, capture_output=True, check=True,
        )  # fmt: skip
        assert done.stdout == html.encode(), locale


def test_recorded_times_stand_in_time_elements_and_nowhere_else(tmp_path: Path) -> None:
    pages = []
    for name, started in (
        ("one", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("two", datetime(2027, 8, 9, 10, 11, 12, tzinfo=UTC)),
    ):
        run = make_run(tmp_path / name, 20, started=started)
        pages.append(render(load(run, screening=screening_of(tmp_path / name))))
    assert pages[0] != pages[1]
    assert without_times(pages[0]) == without_times(pages[1])


def test_page_names_no_path_and_asks_for_nothing_from_outside(folder: Path, html: str) -> None:
    assert str(folder) not in html and str(ROOT) not in html and str(folder.parents[1]) not in html
    tree = lxml_html.fromstring(html)
    for node in tree.iter("script", "link", "img", "iframe", "object", "embed", "source"):
        for attribute in ("src", "href", "data"):
            assert (node.get(attribute) or "data:").startswith("data:")
    assert not re.search(r"@import|url\((?!#)", html)


def test_every_id_of_the_page_is_unique(html: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_every_inner_link_without_a_filter_has_a_target_or_a_record(html: str) -> None:
    core, _ = embedded(html)
    ids = set(re.findall(r'\sid="([^"]+)"', html)) | set(core["boxes"])
    records = {f"pmid-{row[1]}" for row in core["records"]}
    for target in re.findall(r'href="#([^"]+)"', html):
        assert target in ids | records or target.startswith(("records?", "record-")), target


def test_box_table_and_embedded_boxes_hold_the_numbers_of_the_flow(data: ReportData, html: str) -> None:
    core, _ = embedded(html)
    names = [row[0] for row in core["records"]]
    counted = 0
    for box in data.flow.boxes:
        if box.n is None:
            continue
        shown = core["boxes"][anchor(box.box, box.lane)]
        assert (shown["n"], shown["sha256"]) == (box.n, box.sha256)
        assert {names[i] for i in shown["at"]} == set(box.records)
        counted += 1
    assert counted > 25


def test_every_decision_is_embedded_with_its_text(data: ReportData, html: str) -> None:
    core, details = embedded(html)
    assert [row[0] for row in core["records"]] == [row.record for row in data.decisions]
    abstracts = {record.record: record.abstract for record in data.records}
    for row, detail in zip(core["records"], details["records"], strict=True):
        assert detail.get("abstract", "") == abstracts[row[0]][:6000]


def test_evidence_offsets_cut_the_quote_out_of_the_text(data: ReportData, html: str) -> None:
    core, details = embedded(html)
    checked = 0
    quotes = {(r.record, r.field, r.start, r.end): r.quote for r in data.evidence}
    for row, detail in zip(core["records"], details["records"], strict=True):
        for _, field, start, end, *_ in detail.get("spans", ()):
            name = details["fields"][field]
            if name in ("title", "abstract"):
                text = row[4] if name == "title" else detail["abstract"]
                assert text[start:end] == quotes[row[0], name, start, end]
                checked += 1
    assert checked > 200


def test_retracted_papers_are_marked_in_every_list(data: ReportData, html: str) -> None:
    core, _ = embedded(html)
    retracted = {row.record for row in data.decisions if row.retracted is Retracted.YES}
    assert retracted
    flag = core["columns"].index("retracted")
    assert {row[0] for row in core["records"] if row[flag]} == retracted
    tree = lxml_html.fromstring(html)
    titles = {d.title for d in data.decisions if d.record in retracted}
    marked = 0
    for row in tree.xpath('//table[contains(@class, "list")]//tr'):
        text = row.text_content()
        if any(title in text for title in titles):
            assert "Retracted" in text
            marked += 1
    assert marked


def test_notice_stands_above_the_title(html: str) -> None:
    assert html.index("Synthetic records: these are not real papers.") < html.index("<h1>")


HOSTILE = (
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "<!-- <script> ]]> &lt;b&gt; &amp; \u2028 \u2029",
    "\u202egnirts desrever\u202c and \u200fmarks\u200f",
    '=HYPERLINK("http://example.invalid","x")',
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 tumour beyond U+FFFF",
)


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    extra = [
        replace(
            record,
            title=f"{text} tumour",
            abstract=f"{text} treatment of metastatic tumour. " + "x" * (0 if i else 50_000),
            authors=(text,),
            journal_abbreviation=text,
            keywords=(text,),
        )
        for i, (record, text) in enumerate(
            zip(draw(len(HOSTILE), seed=9, first=30_000_001), HOSTILE, strict=True)
        )
    ]
    extra = [replace(record, text_sha256=text_sha256(record)) for record in extra]
    run = make_run(tmp_path, 10, extra=extra, changes={"question": HOSTILE[0]}, notice=HOSTILE[1])
    page = render(load(run, screening=screening_of(tmp_path)))
    # Three script elements of ours and no more: nothing of the records has opened or closed one.
    assert len(re.findall(r"<script", page)) == len(re.findall(r"</script>", page)) == 3
    assert "<img" not in page and "<!--" not in page
    core, details = embedded(page)
    at = {row[0]: i for i, row in enumerate(core["records"])}
    for record, text in zip(extra, HOSTILE, strict=True):
        i = at[record.record]
        assert core["records"][i][4].startswith(text)
        assert details["records"][i]["abstract"].startswith(text)
    long = details["records"][at[extra[0].record]]
    assert len(long["abstract"]) == 6000 and long["cut"] > 50_000
    beyond = details["records"][at[extra[5].record]]
    units = core["records"][at[extra[5].record]][4].encode("utf-16-le")
    spans = [s for s in beyond["spans"] if details["fields"][s[1]] == "title"]
    assert spans
    for _, _, start, end, *_ in spans:
        assert units[2 * start : 2 * end].decode("utf-16-le") == "tumour"


def test_rules_only_run_without_full_text_says_so(tmp_path: Path) -> None:
    run = make_run(tmp_path, 30, people=False, full_text=False, other=False)
    page = render(load(run, screening=screening_of(tmp_path)))
    assert "Screened by rules only; no person read these records." in page
    assert "Full texts were not assessed." in page
    assert "not undertaken" in page
    assert "via other methods" not in page


def test_zero_hits_is_a_report(tmp_path: Path) -> None:
    run = make_run(tmp_path, 0, people=False, other=False, empty=True)
    page = render(load(run, screening=screening_of(tmp_path)))
    assert "0 records by the primary strategy" in page


def test_missing_file_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"run\.yaml: no such file"):
        load(tmp_path)


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


def test_known_items_lost_are_shown_only_where_they_were_counted(data: ReportData) -> None:
    assert "Known items lost" not in render(data)
    first, *others = data.searches[0].clauses
    clauses = (replace(first, known_lost=("smith-2001",)), *others)
    counted = replace(data, searches=[replace(data.searches[0], clauses=clauses), *data.searches[1:]])
    page = render(counted)
    assert page.count("Known items lost") == 1 and "smith-2001" in page


def test_page_that_cannot_bear_all_details_keeps_what_is_read_first_and_says_so(data: ReportData) -> None:
    copies = [
        replace(row, record=f"{row.record}-{n}", pmid=f"{row.pmid}{n}")
        for n in range(4)
        for row in data.decisions
    ]
    many = replace(data, decisions=copies)
    whole = packed(many)
    assert whole.held == len(copies) > PARCEL
    some = packed(many, limit=len(whole.core) + len(whole.details) // 2)
    assert some.held == PARCEL and len(some.core) + len(some.details) < len(whole.core) + len(whole.details)
    head, *parcels = map(unpacked, some.details.split("\n"))
    assert [len(parcel) for parcel in parcels] == [PARCEL]
    left_out = {copies[i].state for i in set(range(len(copies))) - set(head["order"])}
    assert State.INCLUDED not in left_out and State.AWAITING not in left_out
    assert len(unpacked(some.core)["records"]) == len(copies)


def test_page_says_how_many_records_it_holds(data: ReportData, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "This page lists all" not in render(data)
    whole = packed(data)
    limit = len(whole.core) + 2 * len(whole.details) // 3
    monkeypatch.setattr("resift.report.embed.PARCEL", 50)
    monkeypatch.setattr("resift.report.page.embed.packed", lambda data: packed(data, limit=limit))
    words = render(data).split("This page lists all ")[1]
    assert words.startswith(f"{len(data.decisions)} records and holds the abstracts and evidence of 50<")
    assert "decisions.csv" in words[:300]


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


def test_the_items_of_a_living_review_stand_beside_the_other_checklists(data: ReportData) -> None:
    def shown(data: ReportData) -> list[str]:
        tree = lxml_html.fromstring(render(data))
        table = tree.xpath('//div[@aria-label="PRISMA-LSR"]//tbody/tr/td[1]')
        return [cell.text_content() for cell in table]

    assert shown(data) == []
    protocol = {**data.run.protocol, "declared": {"prisma_lsr": {"trigger": "a monthly run"}}}
    living = replace(data, run=replace(data.run, protocol=protocol))
    assert shown(living) == ["version", "preceding", "trigger", "L1", "L2", "L3", "L4"]
    words = [task.words for task in tasks_of(living)]
    assert "Declare what nobody has said of the living mode: L1, L4" in words


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


def test_what_changed_comes_first_where_there_is_an_earlier_run(data: ReportData) -> None:
    earlier = replace(data, run=replace(data.run, compare_with="earlier"))
    new = next(row.record for row in data.decisions if row.lane is Lane.DATABASES)
    earlier = replace(
        earlier,
        changes=[
            ChangeRow(record=new, lane=ChangedIn.DATABASES, change=Change.GAINED, cause=Cause.NEW, detail="")
        ],
    )
    assert [section.id for section in sections_of(data)][:3] == ["verdict", "flow", "records"]
    assert [section.id for section in sections_of(earlier)][:3] == ["verdict", "changes", "flow"]
    core, _ = embedded(render(earlier))
    assert [core["records"][i][0] for i in core["changes"]["gained"]] == [new]


def test_decisions_that_fall_on_nothing_stand_in_the_page(html: str, data: ReportData) -> None:
    assert data.odd_decisions
    for row in data.odd_decisions:
        assert f"{row.record} is not in this run" in html


def test_a_record_in_the_window_by_its_electronic_date_alone_says_so(data: ReportData) -> None:
    row = data.decisions[0]
    edge = BoundaryRecord(
        record=row.record,
        pmid=row.pmid,
        print_date="2013-02",
        electronic_date="2012-12-20",
        by_print_date=Inside.OUT,
        by_electronic_date=Inside.IN,
        why="print and electronic date differ in it",
    )
    told = Details(replace(data, boundary=[edge])).of(row)
    assert told["window"] == "in by its electronic date (2012-12-20); printed 2013-02"
    assert "window" not in Details(replace(data, boundary=[replace(edge, by_print_date=Inside.IN)])).of(row)
