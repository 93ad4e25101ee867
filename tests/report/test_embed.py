"""The records inside the page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.report.test_page import embedded, unpacked

from resift.report.boxes import anchor
from resift.report.embed import PARCEL, Details, packed
from resift.report.page import ReportData, render
from resift.tables import BoundaryRecord
from resift.vocabulary import Inside, State


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
