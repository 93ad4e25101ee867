"""From the tables of a run to `flow.json`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest
from report.run_folder import make_run, screening_of
from tests.prisma.test_living import flow_since, groups_within, rows_of

from resift.documents import FlowDocument
from resift.prisma.assemble import assemble
from resift.prisma.living import Earlier, since
from resift.project.protocol import load_protocol
from resift.tables import DECISIONS
from resift.vocabulary import Box, Column, Lane, State


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("living"), 60)


def test_only_what_is_new_is_counted_as_identified(folder: Path) -> None:
    rows = rows_of(folder)
    everything = {row.record for row in rows}
    flow = flow_since(folder, everything)
    assert flow.n(Box.IDENTIFIED_DATABASES) == 0
    assert flow.n(Box.INCLUDED_REPORTS, Column.BOTH) == 0
    known = groups_within(rows, [r.record for r in rows if r.lane is Lane.DATABASES][:20])
    box = flow_since(folder, known).find(Box.IDENTIFIED_DATABASES)
    assert box is not None and not set(box.records) & known and box.n


def test_a_report_identified_before_and_included_since_is_told(folder: Path) -> None:
    rows = rows_of(folder)
    late = next(row.record for row in rows if row.state is State.INCLUDED)
    known = {row.record for row in rows}
    decisions = DECISIONS.read(DECISIONS.of(folder))
    protocol = load_protocol(folder.parents[1] / "protocol.yaml")

    def assembled(only: Collection[str] | None) -> FlowDocument:
        return assemble(
            decisions, protocol, screening_of(folder.parents[1]), works=(), records=(), no_abstract=(),
            full_text=True, until="2012-12-31", only=only,
        )  # fmt: skip

    before = assembled(known - groups_within(rows, [late]))
    flow = since(Earlier(name="before", flow=before, records=frozenset(known)), decisions, assembled)
    assert any("included since: 1" in note for note in flow.footnotes)
    assert flow.n(Box.TOTAL_REPORTS, Column.BOTH) == flow.n(Box.PREVIOUS_REPORTS, Column.PREVIOUS) + 1
