"""The updated-review diagram, filled from what people included in an earlier run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pytest
from report.run_folder import make_run, screening_of

from resift.documents import FlowDocument
from resift.prisma.assemble import assemble
from resift.prisma.living import Earlier, since
from resift.project.protocol import load_protocol
from resift.records import iter_records, without
from resift.report.boxes import Template, choose
from resift.tables import DECISIONS, FLOW, LANES, RECORDS, REFERENCES, DecisionRow
from resift.vocabulary import Box, Column, Counted, FullText, State


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("living"), 60)


def flow_since(folder: Path, known: Collection[str], *, full_text: bool = True) -> FlowDocument:
    """This run's flow against an earlier run that had identified `known` of its records."""
    decisions = DECISIONS.read(DECISIONS.of(folder))
    protocol = load_protocol(folder.parents[1] / "protocol.yaml")
    screening = screening_of(folder.parents[1])
    records = [r for lane in LANES for r in iter_records(RECORDS.of(folder, lane=lane))]

    def assembled(only: Collection[str] | None) -> FlowDocument:
        return assemble(
            decisions, protocol, screening, works=REFERENCES.read(REFERENCES.of(folder)), records=records,
            no_abstract=without("abstract", RECORDS.each(folder)), full_text=True, until="2012-12-31",
            only=only,
        )  # fmt: skip

    before = assembled(known) if full_text else FLOW.read(FLOW.of(folder))
    if not full_text:
        from dataclasses import replace

        before = replace(before, full_text=FullText.NOT_UNDERTAKEN)
    return since(Earlier(name="before", flow=before, records=frozenset(known)), decisions, assembled)


def rows_of(folder: Path) -> Sequence[DecisionRow]:
    return DECISIONS.read(DECISIONS.of(folder))


def groups_within(rows: Sequence[DecisionRow], chosen: Collection[str]) -> set[str]:
    """The records chosen, with all others of their reports."""
    groups = {row.group for row in rows if row.record in chosen}
    return {row.record for row in rows if row.group in groups}


def test_previous_new_and_total_add_up(folder: Path) -> None:
    rows = rows_of(folder)
    included = [row.record for row in rows if row.state is State.INCLUDED]
    assert len(included) >= 2
    known = groups_within(rows, [row.record for row in rows][::2])
    flow = flow_since(folder, known)
    before = flow.n(Box.PREVIOUS_REPORTS, Column.PREVIOUS)
    new = flow.n(Box.INCLUDED_REPORTS, Column.BOTH)
    total = flow.n(Box.TOTAL_REPORTS, Column.BOTH)
    assert 0 < before < total == before + new
    assert {i.id for i in flow.identities if i.lane is Column.BOTH} >= {"F9"}
    assert all(identity.holds for identity in flow.identities)
    assert choose(flow) in (Template.UPDATED_V1, Template.UPDATED_V2)


def test_without_full_texts_the_previous_version_is_not_reported(folder: Path) -> None:
    known = {row.record for row in rows_of(folder)}
    flow = flow_since(folder, known, full_text=False)
    box = flow.find(Box.PREVIOUS_STUDIES, Column.PREVIOUS)
    assert box is not None and box.status is Counted.NOT_REPORTED and box.n is None
