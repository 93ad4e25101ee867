"""The sections of the page, in the order in which a reader's questions come."""

from __future__ import annotations

from dataclasses import replace

from tests.report.test_page import embedded

from resift.report.page import ReportData, render
from resift.report.sections import sections_of
from resift.tables import ChangeRow
from resift.vocabulary import Cause, Change, ChangedIn, Lane


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
