"""What a checklist reads, made up: a run with one search."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from resift.documents import FlowDocument, SearchDocument
from resift.prisma.checklist import RunFacts
from resift.project.run import Run
from resift.tables import ChecklistRow
from resift.vocabulary import FullText, Status

SEARCH = SearchDocument(
    name="one", primary=True, provenance="reconstructed", reason="", quote="", dialect=None,
    query="cancer[ti]", expanded="cancer[ti]", sent="", url="", count=7, translation="", translation_set=(),
    errors=(), warnings=(), accepted_warnings=(), slices=(), searched_at="2026-01-02T03:04:05Z",
    database_build="", requests=(), source="pubmed", clause_counts="retrieved", counted_how="", clauses=(),
    lines=(), approximations=(), lint=(),
)  # fmt: skip


FLOW = FlowDocument(
    primary="one", full_text=FullText.NOT_UNDERTAKEN, automation_role="screener", boxes=(), by_strategy={},
    identities=(), footnotes=(),
)  # fmt: skip


def facts(protocol: dict[str, Any] | None = None, *, query: str = "cancer[ti]", **flow: Any) -> RunFacts:
    run = Run(
        name="r", started="2026-01-02T03:04:05Z", until="2012-12-31", as_of=None, compare_with=None,
        protocol_sha256="", strategies_sha256="", config={"source": "pubmed"},
        protocol=protocol or {}, sent={},
    )  # fmt: skip
    return RunFacts(run=run, searches=[replace(SEARCH, expanded=query)], flow=replace(FLOW, **flow))


def status(rows: list[ChecklistRow], item: str) -> Status:
    return next(row.status for row in rows if row.item == item)
