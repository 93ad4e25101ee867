"""The identities between PRISMA 2020 boxes, checked as sets."""

from __future__ import annotations

import pytest
from tests.prisma.test_flow import row

from resift.errors import FlowError
from resift.prisma.flow import build, view
from resift.prisma.identities import check
from resift.vocabulary import Box, State


def test_a_state_that_contradicts_its_box_stops_the_run_and_names_the_record() -> None:
    placed = view([row(1), row(2, state=State.EXCLUDED, box=Box.REMOVED_OTHERWISE)], None)
    with pytest.raises(FlowError, match=r"F1 fails.*pubmed:2"):
        check({"a": build(placed, full_text=True)})


def test_a_record_counted_twice_stops_the_run() -> None:
    placed = view([row(1)], None)
    with pytest.raises(FlowError, match="pubmed:1"):
        check({"a": build([*placed, *placed], full_text=True)})
