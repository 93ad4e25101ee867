"""The lane of other methods: which reports are seeds, and what their lists and hand searching bring."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from resift.protocol import Protocol
from resift.pubmed.source import Source
from resift.records import Record, frame_of
from resift.references import Followed, follow, listed_seeds
from resift.screening.criteria import load_screening, screen
from resift.screening.decisions import Candidate, Decision, State, decide, load_human_decisions
from resift.screening.table import Lane, candidates

if TYPE_CHECKING:
    from resift.query.mesh import MeshTree

SEED_STATES = {
    "eligible": (State.ELIGIBLE, State.INCLUDED),
    "included": (State.INCLUDED,),
}


def run_other_methods(
    protocol: Protocol, lane: Lane, source: Source, *, mesh: MeshTree | None = None
) -> Followed:
    """Follow references as the protocol asks, from the seeds that the databases lane gives."""
    other = protocol.other_methods
    if other.rounds == 0:
        return Followed(works=(), records=(), coverage=(0, 0))
    screening = load_screening(protocol.screening, protocol.fragments)
    human = load_human_decisions(protocol.decisions)
    labels = {criterion.id: criterion.label for criterion in screening.criteria}

    def eligible(records: Sequence[Record]) -> Collection[str]:
        decided = _decide_new(records)
        return [d.record for d in decided if d.state in SEED_STATES["eligible"]]

    def _decide_new(records: Sequence[Record]) -> list[Decision]:
        from resift.query.table import QueryTable

        table = QueryTable.from_records(frame_of(records))
        answers = screen(list(records), table, screening, mesh=mesh)
        found = [
            Candidate(
                record=record.record,
                lane="other",
                group=record.record,
                kept=True,
                found_by=(),
                answers=tuple((a.criterion, a.answer) for a in rows_of),
                aliases=(f"pubmed:{record.pmid}",) if record.pmid else (),
            )
            for record, (rows_of, _) in zip(records, answers, strict=True)
        ]
        return decide(found, human, role=protocol.role, labels=labels)

    held = {record.record: record for record in lane.records}
    if other.seeds == "listed":
        seeds = listed_seeds(other.listed, held, source)
    else:
        decided = decide(candidates([lane], screening), human, role=protocol.role, labels=labels)
        seeds = [held[d.record] for d in decided if d.state in SEED_STATES[other.seeds]]
    return follow(seeds, source, rounds=other.rounds, eligible=eligible)


def outside_limits(records: Sequence[Record], protocol: Protocol, *, until: str | None) -> frozenset[str]:
    """Records outside the review's date window or languages, by year and language of the record.

    A record without a year or language is not called outside.
    """
    from resift.query.languages import language_codes

    first = int((protocol.window.start or "0")[:4])
    last = int(until[:4]) if until else 9999
    codes = {code for language in protocol.languages for code in language_codes(language)}
    return frozenset(
        record.record
        for record in records
        if (record.year is not None and not first <= record.year <= last)
        or (codes and record.languages and not codes & set(record.languages))
    )


def limits_bind(protocol: Protocol) -> bool:
    """Whether date and language also bind what other methods find; off where the review does not say."""
    return bool(protocol.other_methods.limits_apply)
