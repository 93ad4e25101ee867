"""The lane of other methods: which reports are seeds, and what their lists and hand searching bring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from resift.identify.hand_searched import hand_searched
from resift.identify.held_records import HeldRecords
from resift.identify.references import Followed, follow, listed_seeds
from resift.project.protocol import Protocol
from resift.pubmed.source import Source
from resift.query.table import QueryTable
from resift.records import Record
from resift.screening.criteria import Screening, screen
from resift.screening.decisions import Candidate, decide
from resift.screening.human_decisions import HumanDecision
from resift.screening.table import LaneTables, candidates
from resift.vocabulary import Lane, State

if TYPE_CHECKING:
    from resift.query.mesh import MeshTree

SEED_STATES = {
    "eligible": (State.ELIGIBLE, State.INCLUDED),
    "included": (State.INCLUDED,),
}


def run_other_methods(
    protocol: Protocol,
    databases: Callable[[], LaneTables],
    held: HeldRecords,
    source: Source,
    *,
    screening: Screening,
    human: Sequence[HumanDecision],
    mesh: MeshTree | None = None,
) -> Followed:
    """Hand-searched citations, and the references of the seeds that the databases lane gives.

    `databases` reads what deciding needs of that lane, `held` are its records.
    """
    other = protocol.other_methods
    by_hand = (
        hand_searched(other.handsearched, source, held)
        if other.handsearched
        else Followed(works=(), records=())
    )
    if other.rounds == 0:
        return by_hand

    def eligible(records: Sequence[Record]) -> set[str]:
        decided = decide(_new(records, screening, mesh), human, role=protocol.role)
        return {d.record for d in decided if d.state in SEED_STATES["eligible"]}

    if other.seeds == "listed":
        seeds = listed_seeds(other.listed, held, source)
    else:
        states = SEED_STATES[other.seeds]
        decided = decide(candidates([databases()], screening), human, role=protocol.role)
        names = {decision.record for decision in decided if decision.state in states}
        del decided  # as many as there are records
        seeds = held.whole(names=names)
    cited = follow(seeds, source, rounds=other.rounds, held=held, eligible=eligible)
    return Followed(
        works=(*by_hand.works, *cited.works),
        records=(*by_hand.records, *cited.records),
    )


def _new(records: Sequence[Record], screening: Screening, mesh: MeshTree | None) -> list[Candidate]:
    """Cited works as candidates of their own, with the answers of the criteria."""
    table = QueryTable.from_records(records)
    screened = screen(list(records), table, screening, mesh=mesh)
    return [
        Candidate(
            record=record.record,
            lane=Lane.OTHER,
            group=record.record,
            kept=True,
            found_by=(),
            answers=tuple((row.criterion, row.answer) for row in rows),
            pmid=record.pmid,
            doi=record.doi,
        )
        for record, (rows, _) in zip(records, screened, strict=True)
    ]
