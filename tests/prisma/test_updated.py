"""The flow of an updated review: what the previous version included, and the new total."""

from __future__ import annotations

import pytest
from report.flows import flow
from tests.report.test_boxes import shown_texts

from resift.documents import FlowDocument
from resift.errors import FlowError
from resift.prisma.updated import Previous, update
from resift.report.flow_svg import flow_svg
from resift.vocabulary import Box, Column

SVG = "{http://www.w3.org/2000/svg}"


def included_reports(made: FlowDocument) -> tuple[str, ...]:
    box = made.find(Box.INCLUDED_REPORTS, Column.BOTH)
    assert box
    return box.records


def test_previous_version_without_numbers_is_not_reported() -> None:
    made = update(flow(), Previous(studies=None, reports=None))
    text = " ".join(shown_texts(flow_svg(made)))
    assert "Studies included in previous version of review (not reported)" in text
    assert "Total studies included in review (not reported)" in text


def test_update_counts_new_reports_of_old_studies_in_the_total_only() -> None:
    base = flow()
    included = included_reports(base)
    study_of = {included[0]: "old-1", **{r: r for r in included[1:]}}
    made = update(base, Previous(studies=("old-1", "old-2"), reports=("r1", "r2"), study_of=study_of))
    assert made.number(Box.PREVIOUS_REPORTS, Column.PREVIOUS) == 2
    assert made.number(Box.INCLUDED_REPORTS, Column.BOTH) == len(included) - 1
    assert made.number(Box.TOTAL_REPORTS, Column.BOTH) == 2 + len(included)
    assert [i.holds for i in made.identities if i.id == "F9"] == [True, True]
    assert "New reports of studies included before: 1" in made.footnotes[-1]


def test_update_stops_when_a_report_is_counted_as_old_and_new() -> None:
    base = flow()
    included = included_reports(base)
    with pytest.raises(FlowError, match=f"F9 fails.*{included[0]}"):
        update(base, Previous(studies=("old",), reports=(included[0],)))
