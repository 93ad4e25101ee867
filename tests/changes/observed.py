"""Runs made by hand: what was asked, and the records that were found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from resift.changes.compare import changes_between
from resift.changes.observation import Observation
from resift.changes.searched import Searches, Today
from resift.documents import Applied
from resift.project.protocol import stored_protocol
from resift.project.run import Run
from resift.pubmed.source import SearchAnswer
from resift.records import Record, text_sha256
from resift.tables import DecisionRow
from resift.vocabulary import Box, Cause, Lane, Retracted, State

PROTOCOL: dict[str, Any] = {
    "id": "small",
    "window": {"from": "2000-01-01", "until": "2012-12-31"},
    "languages": ["english"],
    "fragments": {"tumour": "glioma[tiab]"},
    "strategies": {"one": {"query": "{tumour} AND surgery[tiab]", "primary": True, "reason": "made up"}},
}


def record(pmid: int, title: str = "Surgery of glioma", **fields: Any) -> Record:
    values: dict[str, Any] = {
        "print_date": "2010-05-01", "year": 2010, "languages": ("eng",), "entered": "2010-05-20",
        "mesh_date": "2010-06-20", "revised": "2010-06-20", "publication_types": ("Journal Article",),
    } | fields  # fmt: skip
    made = Record(record=f"pubmed:{pmid}", source="pubmed", pmid=str(pmid), title=title, **values)
    return replace(made, text_sha256=text_sha256(made), element_sha256=text_sha256(made) + made.revised)


def decided(made: Record, state: State = State.AWAITING, **fields: Any) -> DecisionRow:
    values: dict[str, Any] = {
        "lane": Lane.DATABASES, "found_by": ("one",), "group": made.record, "box": Box.AWAITING,
        "decided_by": "rules", "criterion": "", "reason": "", "automated_outcome": "unclear",
        "human_outcomes": "",
    } | fields  # fmt: skip
    return DecisionRow(
        record=made.record, pmid=made.pmid, doi="", year=made.year, title=made.title, source=made.source,
        first_seen="", study=made.record, state=state, flips_if="", topics=(), retracted=Retracted.NO,
        text_sha256=made.text_sha256, criteria_version="", **values,
    )  # fmt: skip


def observed(
    records: Sequence[Record],
    *,
    day: str,
    protocol: Mapping[str, Any] = PROTOCOL,
    decisions: Sequence[DecisionRow] = (),
    translation: str = "as sent",
    **fields: Any,
) -> Observation:
    """A run in which every record of PubMed given was found by every strategy."""
    read = stored_protocol(protocol)
    run = Run(
        name=f"small-{day}", started=f"{day}T08:00:00Z", until=read.window.until, as_of=None,
        compare_with=None, protocol_sha256="", strategies_sha256="", config={}, protocol=protocol, sent={},
    )  # fmt: skip
    names = tuple(strategy.name for strategy in read.strategies)
    said = {
        name: SearchAnswer(
            query="", count=len(records), ids=(), translation=translation, translation_set=(), errors=(),
            warnings=(), slices=(), utc="", database_build="", requests=(),
        )
        for name in names
    }  # fmt: skip
    rows = decisions or [decided(made) for made in records]
    return Observation(
        run=run,
        protocol=read,
        applied=fields.pop("applied", Applied()),
        seen=day,
        said=said,
        hits=fields.pop("hits", {r.record: names for r in records if r.source == "pubmed"}),
        records={r.record: r for r in records},
        decisions={row.record: row for row in rows},
        **fields,
    )


def causes(before: Observation, now: Observation, today: Today | None = None) -> dict[tuple[str, str], Cause]:
    """(record, change) -> cause."""
    rows = changes_between(Searches(before, now, today or Today()))
    assert len({(r.record, r.change) for r in rows}) == len(rows)
    return {(row.record, row.change.value): row.cause for row in rows}


OLD, NEW = "2013-01-10", "2014-01-10"
HELD = record(1)
