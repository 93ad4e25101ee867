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
from resift.records import text_sha256
from resift.report.page import ReportData, load, render
from resift.report.todo import tasks_of
from resift.tables import TakenOver
from resift.vocabulary import Retracted

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


def test_known_items_lost_are_shown_only_where_they_were_counted(data: ReportData) -> None:
    assert "Known items lost" not in render(data)
    first, *others = data.searches[0].clauses
    clauses = (replace(first, known_lost=("smith-2001",)), *others)
    counted = replace(data, searches=[replace(data.searches[0], clauses=clauses), *data.searches[1:]])
    page = render(counted)
    assert page.count("Known items lost") == 1 and "smith-2001" in page


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


def test_decisions_that_fall_on_nothing_stand_in_the_page(html: str, data: ReportData) -> None:
    assert data.odd_decisions
    for row in data.odd_decisions:
        assert f"{row.record} is not in this run" in html
