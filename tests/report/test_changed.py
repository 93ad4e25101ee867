"""The page of a comparison, and the waterfall, hold every number that the rows give."""

from __future__ import annotations

from dataclasses import replace

from resift.report.changed import comparison_page, series, trays, waterfall
from resift.report.data import ReportData
from resift.tables import ChangeRow, HistoryRow
from resift.vocabulary import Cause, Change, ChangedIn

HOSTILE = "<script>alert(1)</script>"


def row(n: int, change: Change, cause: Cause) -> ChangeRow:
    return ChangeRow(
        record=f"pubmed:{n}", lane=ChangedIn.DATABASES, change=change, cause=cause, detail=HOSTILE
    )


ROWS = [
    row(1, Change.GAINED, Cause.ARRIVED_LATE),
    row(2, Change.GAINED, Cause.NEW),
    row(3, Change.LOST, Cause.UNEXPLAINED),
    row(4, Change.REVISED, Cause.REVISED),
]


def test_the_page_escapes_what_it_shows_and_counts_what_is_unexplained() -> None:
    page = comparison_page(ROWS, earlier="first", later="second")
    assert "4 changes, <b>1 unexplained</b>" in page
    assert HOSTILE not in page and "&lt;script&gt;" in page
    assert all(f"pubmed:{n}" in page for n in (1, 2, 3, 4))


def test_the_waterfall_ends_at_this_run_and_the_trays_hold_each_record(data: ReportData) -> None:
    compared = replace(data, changes=ROWS)
    now = sum(r.lane == "databases" for r in data.decisions)
    drawn = waterfall(compared)
    assert f"earlier run {now - 1}" in drawn and f"this run {now}" in drawn
    assert "gained: arrived late +1" in drawn and "lost: unexplained \u22121" in drawn
    held = {label.split(":")[0]: len(rows) for label, rows in trays(compared)}
    assert held == {"Arrived late": 1, "Revised": 1, "Unexplained": 1, "Record by record": 4}


def test_the_series_ends_with_this_run(data: ReportData) -> None:
    assert series(data) == []
    first = HistoryRow(
        run="first", started="2020-01-01T00:00:00Z", until="open", records=10, new=0, awaiting=1, included=1,
        exit_code=0,
    )  # fmt: skip
    rows = series(replace(data, history=[first], changes=ROWS))
    assert [r[0] for r in rows] == ["first", data.name]
    assert rows[-1][2] == len(data.decisions) and rows[-1][3] == 2 and rows[-1][6] == 100
