"""One run as it is compared with another: what it asked, what it held, how each record ended."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from resift.documents import Applied
from resift.identify.search import read_answers, seen_by
from resift.project.protocol import Protocol, stored_protocol
from resift.project.run import Run, load_run
from resift.records import Record, iter_records
from resift.tables import (
    ANSWERS,
    APPLIED,
    DECISIONS,
    FLOW,
    HISTORY,
    HITS,
    KNOWN_ITEMS,
    LANES,
    RECORDS,
    REFERENCES,
    RUN,
    SCREENING,
    CitedWork,
    DecisionRow,
    KnownItemFinding,
    RunFile,
)
from resift.vocabulary import Answer, Lane

if TYPE_CHECKING:
    from resift.pubmed.source import SearchAnswer

# What is read of a run folder to compare it, lanes apart.
READ: tuple[RunFile, ...] = (DECISIONS, RUN, ANSWERS, HITS, REFERENCES, KNOWN_ITEMS, APPLIED, FLOW, HISTORY)
READ_IN_LANES: tuple[RunFile, ...] = (RECORDS, SCREENING)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run searches for. `strategies` are queries without limits; `limits` are clauses by their name
    (`languages`, `window`, `as_of`), "" where there is none."""

    strategies: Mapping[str, str]
    limits: Mapping[str, str]

    def sent(self, name: str) -> str:
        """A strategy with its limits, as it is sent."""
        return " AND ".join([f"({self.strategies[name]})", *filter(None, self.limits.values())])


def asked_by(protocol: Protocol, run: Run, *, on: str) -> Asked:
    """What a run's configuration asks when it is carried out on a day (ISO): `today` moves with the day, and
    a window that moves by itself was not moved by anybody."""
    until = run.config.get("until") or protocol.window.until
    until = on if until == "today" else None if until == "open" else until
    full = protocol.limits(until=until, as_of=run.as_of)
    languages, window = protocol.language_clause(), protocol.window_clause(until=until)
    entered = next((clause for clause in full if clause not in (languages, window)), "")
    return Asked(
        strategies={s.name: s.expanded for s in protocol.strategies},
        limits={"languages": languages, "window": window, "as_of": entered},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One run. Record ids are unique over both lanes.

    `seen` is the day (ISO) that the source showed: its own last update, at most the day of the run. `hits`
    maps records of PubMed to the strategies that found them; `answers_of` maps records to (criterion,
    answer).
    """

    run: Run
    protocol: Protocol
    applied: Applied
    seen: str
    said: Mapping[str, SearchAnswer] = field(default_factory=dict)
    hits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    records: Mapping[str, Record] = field(default_factory=dict)
    decisions: Mapping[str, DecisionRow] = field(default_factory=dict)
    criteria: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)
    works: Sequence[CitedWork] = ()
    known_items: Sequence[KnownItemFinding] = ()

    @property
    def name(self) -> str:
        return self.run.name

    @property
    def strategies(self) -> tuple[str, ...]:
        """Names of the strategies, in the protocol's order."""
        return tuple(strategy.name for strategy in self.protocol.strategies)

    @property
    def primary(self) -> str:
        """The strategy whose numbers the flow shows."""
        return self.protocol.primary.name

    def in_lane(self, lane: Lane) -> frozenset[str]:
        """The records that this run identified in a lane, those included that the source did not return."""
        return frozenset(record for record, row in self.decisions.items() if row.lane is lane)

    def seeds_of(self, record: str) -> frozenset[str]:
        """The seeds that cite a record of the other lane."""
        return frozenset(work.seed for work in self.works if work.record == record and work.seed)

    @property
    def seeds(self) -> frozenset[str]:
        """Every report whose reference list was searched."""
        return frozenset(work.seed for work in self.works if work.seed)


def observe(
    folder: Path, *, applied: Applied | None = None, columns: Collection[str] | None = None
) -> Observation:
    """Read a finished run, or with `applied` one that has come to its comparison. Raises `RunError`.

    With `columns`, no others of its records: their text is needed only where searches are made again. A run
    of an earlier version has no `applied.json`; its frozen protocol then stands in.
    """
    run = load_run(RUN.of(folder))
    if applied is None:
        path = APPLIED.of(folder)
        applied = APPLIED.read(path) if path.is_file() else Applied()
    said = read_answers(ANSWERS.of(folder))
    criteria: dict[str, dict[str, Answer]] = {}
    for lane in LANES:
        for row in SCREENING.stream(SCREENING.of(folder, lane=lane)):
            criteria.setdefault(row.record, {})[row.criterion] = row.answer
    return Observation(
        run=run,
        protocol=stored_protocol(json.loads(applied.protocol) if applied.protocol else run.protocol),
        applied=applied,
        seen=seen_by(run, said),
        said=said,
        hits={f"pubmed:{hit.pmid}": hit.strategies for hit in HITS.read(HITS.of(folder))},
        records={r.record: r for path in RECORDS.each(folder) for r in iter_records(path, columns)},
        decisions={row.record: row for row in DECISIONS.read(DECISIONS.of(folder))},
        criteria=criteria,
        works=REFERENCES.read(REFERENCES.of(folder)),
        known_items=KNOWN_ITEMS.read(KNOWN_ITEMS.of(folder)),
    )
