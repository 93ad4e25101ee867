"""A schedule over a made-up history (`pubmed_history`): each month one run, in this process.

Search, fetch and comparison are those of the steps; nothing is screened, so every record waits for a person.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from pubmed_history import LANGUAGE, QUERY, Truth

from resift.changes.applied import applied_by
from resift.changes.between import deleted_in, look_up, searches_of
from resift.changes.compare import changes_between
from resift.changes.observation import Observation
from resift.files import write_text
from resift.frozen.pubmed import open_frozen
from resift.identify.search import hits, run_strategies, seen_by
from resift.identify.update import Held, HeldRecord, Received, fetched
from resift.project.config import Config
from resift.project.protocol import load_protocol
from resift.project.run import start_run, utc_now
from resift.pubmed.entrez import Entrez
from resift.pubmed.source import Answer, Endpoint, Request, Transport
from resift.pubmed.tape import Tape
from resift.pubmed.xml import parse_element
from resift.query.mesh import MeshTree
from resift.records import Record
from resift.screening.criteria import load_screening
from resift.screening.table import LaneTables, candidates, decision_rows
from resift.tables import CHANGES, ChangeRow, Grouped, Miss, TakenOver
from resift.vocabulary import Cause, Change, Lane, Relation

LISTED = frozenset(Change) - {Change.RE_DECIDED, Change.REFOUND}
"""Changes that the history's log speaks of: nothing is decided in it, and there is one strategy."""


class Counting:
    """A transport that remembers what it carried."""

    def __init__(self, carried: Transport) -> None:
        self._carried = carried
        self.requests: list[Request] = []

    def send(self, request: Request) -> Answer:
        self.requests.append(request)
        return self._carried.send(request)


@dataclass(frozen=True)
class Month:
    """One run of the schedule."""

    step: int
    folder: Path
    observation: Observation
    changes: list[ChangeRow]
    requests: list[Request]
    received: Received
    chain: tuple[Path, ...]
    """The changes of all months, the first month's first."""

    @property
    def fetched(self) -> list[str]:
        """The PMIDs that efetch was asked for, one for each time."""
        asked = [r.get("id") for r in self.requests if r.endpoint is Endpoint.EFETCH]
        return [pmid for ids in asked for pmid in ids.split(",")]


def protocol_file(folder: Path, query: str = QUERY) -> Path:
    """A protocol that searches the made-up history (or another one, with a query of its own), to the end of
    time."""
    path = folder / "protocol.yaml"
    content = {
        "id": "history",
        "window": {"from": "2000-01-01", "until": "open"},
        "languages": [LANGUAGE],
        "strategies": {"only": {"query": query, "reason": "made up", "primary": True}},
    }
    write_text(path, yaml.safe_dump(content))
    return path


def observe_month(
    history: Path,
    folder: Path,
    step: int,
    before: Month | None,
    *,
    cache: Path | None = None,
    around: Callable[[Transport], Transport] = lambda t: t,
    query: str = QUERY,
    **settings: Any,
) -> Month:
    """Run the schedule in month `step`; files and tapes lie in `folder`. `settings`: of the configuration."""
    archive = folder / f"archive-{step:02}"
    archive.mkdir(parents=True, exist_ok=True)
    for n in range(step + 1):
        link = archive / f"step-{n:02}.xml"
        if not link.exists():
            os.link(history / link.name, link)
    tree = history / f"tree-{step:02}.bin"
    carried = Counting(around(open_frozen(archive, mesh=tree, cache=cache or folder / "cache")))
    run_folder = folder / f"run-{step:02}"
    source = Entrez(Tape(run_folder / "raw", carried))
    protocol = load_protocol(protocol_file(folder, query))
    config = Config(
        protocol=str(protocol.path), source="archive", archive=str(archive), mesh=str(tree), **settings
    )
    run = start_run(run_folder, config, protocol, now=utc_now())
    screening = load_screening(None, {})
    said = run_strategies(source, protocol, run)
    found = {f"pubmed:{hit.pmid}": hit.strategies for hit in hits(said)}
    records: dict[str, Record] = {}
    missing: list[Miss] = []
    taken: list[TakenOver] = []
    answers = fetched(
        [name.removeprefix("pubmed:") for name in found],
        source=source,
        tape=Tape(run_folder / "raw"),
        run=run,
        protocol=protocol,
        hits={name.removeprefix("pubmed:"): by for name, by in found.items()},
        held=held(before) if before else None,
        mesh=lambda: MeshTree.load(tree),
    )
    for answer in answers:
        parsed = [parse_element(element) for element in answer.elements.values()]
        records.update({record.record: record for record in parsed})
        missing += [Miss(pmid=m.pmid, reason=m.kind.value, detail=m.detail) for m in answer.misses]
        if answer.from_run:
            taken += [TakenOver(pmid=pmid, received_by=answer.from_run) for pmid in answer.elements]
    groups = [
        Grouped(record=r, group=r, kept=True, relation=Relation.UNRELATED, related=(), rule="", score=None,
                evidence="")
        for r in records
    ]  # fmt: skip
    lane = LaneTables(
        lane=Lane.DATABASES, records=list(records.values()), duplicates=groups, answers=(), found_by=found
    )
    rows = decision_rows(
        candidates([lane], screening), lane.records, screening, [],
        role="screener", full_text=False, topics={}, first_seen={}, run=run.name,
        missing=missing, missing_found_by={},
    )  # fmt: skip
    now = Observation(
        run=run,
        protocol=protocol,
        applied=applied_by(run, protocol, screening),
        seen=seen_by(run, said),
        said=said,
        hits=found,
        records=records,
        decisions={row.record: row for row in rows},
    )
    changes = []
    if before is not None:
        old = before.observation
        today = replace(look_up(old, now, source), restored=deleted_in(before.chain))
        changes = changes_between(searches_of(old, now, today))
    CHANGES.write(CHANGES.of(run_folder), changes)
    chain = (*(before.chain if before else ()), CHANGES.of(run_folder))
    received = Received.of(hits=len(found), missing=len(missing), taken=taken)
    return Month(step, run_folder, now, changes, carried.requests, received, chain)


def held(month: Month) -> Held:
    """What a month's run holds, as `held_by` reads it from a run folder."""
    seen = month.observation
    return Held(
        name=seen.name,
        seen=seen.seen,
        tape=month.folder / "raw",
        strategies={s.name: s.expanded for s in seen.protocol.strategies},
        records={
            r.pmid: HeldRecord(r.element_sha256, r.revised, r.mesh, seen.hits.get(r.record, ()))
            for r in seen.records.values()
        },
        mesh=(seen.applied.mesh, seen.applied.mesh_sha256),
    )


def confusion(truth: list[Truth], months: list[Month]) -> dict[tuple[str, str], int]:
    """True cause and named cause -> how many changes; `not listed` and `not in the log` where one lacks."""
    expected = {(t.step, f"pubmed:{t.pmid}", t.change): t.cause for t in truth}
    named = {
        (month.step, row.record, row.change): row.cause
        for month in months
        for row in month.changes
        if row.change in LISTED
    }
    table: dict[tuple[str, str], int] = {}
    for key in {*expected, *named}:
        if key[0] not in {month.step for month in months}:
            continue
        pair = (
            expected[key].value if key in expected else "not in the log",
            named[key].value if key in named else "not listed",
        )
        table[pair] = table.get(pair, 0) + 1
    return dict(sorted(table.items()))


def share_right(table: dict[tuple[str, str], int]) -> float:
    """The share of changes whose true cause is named, those missed and those made up among the wrong."""
    return sum(n for (true, named), n in table.items() if true == named) / max(1, sum(table.values()))


def printed(table: dict[tuple[str, str], int]) -> str:
    """The confusion table as text."""
    lines = [f"{'true cause':<20} {'named':<20} {'n':>5}"]
    lines += [f"{true:<20} {named:<20} {n:>5}" for (true, named), n in table.items()]
    lines.append(f"right: {share_right(table):.4f} of {sum(table.values())}")
    return "\n".join(lines)


__all__ = ["Cause", "Month", "confusion", "observe_month", "printed", "share_right"]
