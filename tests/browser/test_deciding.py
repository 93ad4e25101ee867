"""Deciding in the page: by keyboard, blind, kept by the browser, saved as rows of human-decisions.csv."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from report.run_folder import make_run

from browser.conftest import Opened, twin
from resift.screening.human_decisions import HUMAN_COLUMNS, HumanDecision, load_human_decisions
from resift.tables import DECISIONS, FLOW, SCREENING, DecisionRow
from resift.vocabulary import Lane, State

Visit = Callable[..., Opened]
TO_DECIDE = "#records?state=eligible,excluded,awaiting&by=rules&lane=databases"


def begin(page: Any, name: str = "EF") -> None:
    """Open the first record to decide, with the keyboard, and say who decides."""
    page.locator("#decide").focus()
    page.keyboard.press("Enter")
    page.locator("#card[open] h2").wait_for()
    page.keyboard.press("i")
    page.locator("#who").wait_for()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.locator(".choices, #who").wait_for()


def saved(page: Any) -> Path:
    """The file that the page saves, by keyboard."""
    page.locator("#card[open]").wait_for(state="hidden")  # until it is closed nothing behind it takes a key
    with page.expect_download() as waiting:
        page.locator("#export").press("Enter")
    return Path(waiting.value.path())


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def state_after(decision: HumanDecision) -> State:
    return {"include": State.ELIGIBLE, "exclude": State.EXCLUDED, "unsure": State.AWAITING}[decision.outcome]


def test_a_hundred_records_decided_by_keyboard_change_these_and_nothing_else(
    visit: Visit, report: Path, tmp_path: Path
) -> None:
    opened = visit(report, TO_DECIDE, accept_downloads=True)
    page = opened.page
    begin(page)
    for i in range(100):
        keys: tuple[str, ...] = (("i",), ("e", "2"), ("u",), ("e", "x", "Enter"))[i % 4]
        for key in keys:
            page.keyboard.press(key)
    page.keyboard.press("Escape")
    assert page.locator("#progress").text_content().startswith("100 of ")
    path = saved(page)
    assert opened.errors == [] and opened.requests == [report.as_uri()]

    with path.open(encoding="utf-8") as file:
        assert next(csv.reader(file)) == list(HUMAN_COLUMNS)
    human = load_human_decisions(path)
    assert len({row.record for row in human}) == len(human) == 100
    before = {row.record: row for row in DECISIONS.read(DECISIONS.of(report.parent))}
    version = SCREENING.read(SCREENING.of(report.parent, lane=Lane.DATABASES))[0].version
    for row in human:
        assert (row.reviewer, row.role, row.stage, row.blind) == ("EF", "reviewer", "title_abstract", "no")
        assert (row.text_sha256, row.criteria_version) == (before[row.record].text_sha256, version)
    assert {row.reason for row in human if row.outcome == "exclude"} == {"No tumour", "x"}

    again = make_run(tmp_path, extra=[twin()], human=human)
    after = {row.record: row for row in DECISIONS.read(DECISIONS.of(again))}
    decided = {row.record: row for row in human}
    for record, row in after.items():
        if record in decided:
            assert (row.state, row.decided_by) == (state_after(decided[record]), "EF"), record
        else:
            assert plain(row) == plain(before[record])
    assert all(identity.holds for identity in FLOW.read(FLOW.of(again)).identities)


def plain(row: DecisionRow) -> tuple[Any, ...]:
    return row.state, row.box, row.decided_by, row.reason, row.human_outcomes


def test_decisions_survive_a_reload_and_can_be_taken_back(visit: Visit, report: Path) -> None:
    page = visit(report).page
    begin(page)
    page.keyboard.press("i")
    page.keyboard.press("n")
    page.locator("#note").wait_for()
    page.keyboard.type("see figure 2")
    page.keyboard.press("Enter")
    page.keyboard.press("u")
    page.reload()
    page.locator("#card[open] .choices").wait_for()  # the record that was open is open again
    page.keyboard.press("Escape")
    assert page.locator("#reviewer").input_value() == "EF"
    assert page.locator("#kept").text_content().startswith("2 decisions of EF kept in this browser, not all")
    page.locator("#f-mine").select_option("unsure")
    page.locator("#table tbody a").first.click()
    page.locator(".foot .now", has_text="see figure 2").wait_for()
    page.keyboard.press("z")
    page.locator(".foot .now", has_text="not decided").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#kept").text_content().startswith("1 decision of EF")


def test_blind_shows_nothing_of_what_rules_and_others_say(visit: Visit, report: Path) -> None:
    page = visit(report, "#records", accept_downloads=True).page
    begin(page, "AB")
    page.keyboard.press("i")
    page.keyboard.press("b")
    page.locator("#card .eyebrow", has_text="Blind").wait_for()
    told = re.compile(
        "eligible|excluded|awaiting|rules alone|decided by|otherwise|criteri|AB: |would|duplicate", re.I
    )
    for _ in range(12):
        assert not told.search(page.locator("#card .body").inner_text())
        assert page.locator("#card .state, #card .legend, #card mark[title]").count() == 0
        page.keyboard.press("j")
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert not told.search(page.locator("#table").inner_text())
    assert page.locator("#verdict, #flow, #map").locator("visible=true").count() == 0
    assert page.locator("#f-reason, #f-by, #f-criterion").locator("visible=true").count() == 0
    assert [row["blind"] for row in rows_of(saved(page))] == ["no", "yes"]
    # Another reviewer at the same browser sees none of the first one's.
    page.locator("#reviewer").fill("CD")
    page.locator("#reviewer").press("Tab")
    assert page.locator("#progress").text_content().startswith("0 of ")
    assert "".join(page.locator("#table .mine").all_text_contents()) == ""


def test_two_records_stand_side_by_side_and_are_told_apart(visit: Visit, report: Path) -> None:
    page = visit(report, accept_downloads=True).page
    page.locator("a", has_text="Settle 1 pair").click()
    page.locator("#records .pairs a", has_text="side by side").click()
    table = page.locator("#card[open] .side")
    table.wait_for()
    assert table.locator("tr.differs th").all_text_contents() == ["PMIDdiffers"]
    page.keyboard.press("s")
    page.keyboard.type("EF")
    page.keyboard.press("Enter")
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    (row,) = rows_of(saved(page))
    assert (row["stage"], row["outcome"]) == ("duplicate", "same")
    assert {row["record"], row["other_record"]} == {"pubmed:10000001", "pubmed:19999999"}


def test_what_may_not_be_saved_is_asked_for(visit: Visit, report: Path) -> None:
    page = visit(report, accept_downloads=True).page
    begin(page, "rules")
    assert "stands for what no named person decided" in page.locator(".foot").text_content()
    page.locator("#who").fill("=EF")
    page.keyboard.press("Enter")
    page.locator(".choices").wait_for()
    page.keyboard.press("Escape")
    page.locator("#stage").select_option("full_text")
    page.locator("#decide").click()
    page.keyboard.press("e")
    page.locator("#reason").wait_for()
    page.keyboard.press("Enter")
    assert "needs a reason" in page.locator(".foot").text_content()
    page.keyboard.type('=cmd|"x", <b>')
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    (row,) = rows_of(saved(page))
    assert (row["stage"], row["outcome"]) == ("full_text", "exclude")
    assert (row["reviewer"], row["reason"]) == ("'=EF", '\'=cmd|"x", <b>')


def test_saved_decisions_can_be_read_into_another_browser(visit: Visit, report: Path, tmp_path: Path) -> None:
    page = visit(report, accept_downloads=True).page
    begin(page)
    page.keyboard.press("i")
    page.keyboard.press("u")
    page.keyboard.press("Escape")
    first = saved(page).read_text(encoding="utf-8")
    row = next(iter(csv.DictReader(io.StringIO(first)))) | {"record": "elsewhere:1"}
    path = tmp_path / "decisions.csv"
    path.write_text(first + ",".join(row.values()) + "\n", encoding="utf-8")
    other = visit(report, accept_downloads=True).page
    other.locator("#import").set_input_files(path)
    other.locator("#kept", has_text="2 decisions read, 1 row left out").wait_for()
    assert saved(other).read_text(encoding="utf-8") == first


def test_nothing_is_decided_while_a_person_types(visit: Visit, report: Path) -> None:
    page = visit(report).page
    page.locator("#q").focus()
    page.keyboard.type("ieu")
    assert page.locator("#q").input_value() == "ieu"
    assert page.locator("#card[open]").count() == 0
    assert page.locator("#progress").text_content().startswith("0 of ")
