"""What a search could have shown on an earlier day: counts at two levels, and the errors that each carries.

Level 1 counts records that had entered PubMed by that day [crdt]. Level 2 leaves out those of them that the
strategy reaches only through headings added later [mhda]. Both are estimates and no bounds: a record as it
is today may bear an abstract, keywords, a language or dates that it did not have then, and a record deleted
since is not seen at all. Level 3, an archive of that time, is a run of its own (`source: archive`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resift.changes.observation import Observation
from resift.changes.offline import Offline
from resift.pubmed.source import recorded_translation
from resift.records import Record
from resift.tables import AsOfRow
from resift.text.dates import last_day

if TYPE_CHECKING:
    from resift.project.protocol import Protocol
    from resift.project.run import Run
    from resift.query.mesh import MeshTree


def days_of(run: Run, protocol: Protocol) -> tuple[str, ...]:
    """The days to look back to: the run's own as-of day, else the day of the review's search or both ends of
    the time in which it lies, as far as the protocol gives them."""
    if run.as_of:
        return (run.as_of,)
    reported = protocol.reported
    if day := str(reported.get("search_date") or ""):
        return (last_day(day),)
    return tuple(last_day(str(day)) for day in reported.get("search_between") or ())


def as_of(run: Observation, tree: MeshTree | None) -> list[AsOfRow]:
    """One row for each day and strategy, counted over the records that this run holds."""
    days = days_of(run.run, run.protocol)
    if not days:
        return []
    held = {name: record for name, record in run.records.items() if name in run.hits}
    bare = Offline(held.values()).without_headings
    rows = []
    for day in days:
        for strategy in run.protocol.strategies:
            found = [held[name] for name in sorted(held) if strategy.name in run.hits[name]]
            there = [record for record in found if _entered(record) and _entered(record) <= day]
            said = run.said.get(strategy.name)
            recorded = recorded_translation(said) if said else None
            later = [
                record
                for record in there
                if record.mesh
                and (not record.mesh_date or record.mesh_date[:10] > day)
                and bare.finds(strategy.expanded, record.record, tree=tree, recorded=recorded) is False
            ]
            rows.append(
                AsOfRow(
                    day=day,
                    strategy=strategy.name,
                    now=len(found),
                    level_1=len(there),
                    level_2=len(there) - len(later),
                    without_entry_date=sum(not _entered(record) for record in found),
                    revised_since=sum(record.revised[:10] > day for record in there),
                    indexed_since=sum(record.mesh_date[:10] > day for record in there),
                )
            )
    return rows


def errors(rows: Sequence[AsOfRow]) -> list[tuple[str, str, str]]:
    """Each known error of such a count: what it is, in which direction, how large (by the primary strategy's
    first row, or that it cannot be counted)."""
    first = rows[0] if rows else None

    def of(n: int) -> str:
        return f"at most {n:,} records"

    return [
        (
            "headings added later",
            "level 1 too high, level 2 free of it",
            f"{first.level_1 - first.level_2:,} records" if first else "",
        ),
        (
            "abstract, keywords, language or dates added or corrected later",
            "too high, or too low where a correction put a record out",
            of(first.revised_since) if first else "",
        ),
        ("headings changed after they were first given", "either", of(first.revised_since) if first else ""),
        (
            "records without a day of entry",
            "too low",
            f"{first.without_entry_date:,} records" if first else "",
        ),
        ("records deleted or merged since", "too low", "cannot be counted: they are gone"),
        ("rules of the search engine of that time", "either", "cannot be counted"),
    ]


def _entered(record: Record) -> str:
    return (record.entered or record.entrez_date)[:10]
