"""Two run folders compared, with what the source says today of records that are no longer found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from resift.changes.compare import changes_between
from resift.changes.observation import Observation, observe
from resift.changes.searched import Searches, Today
from resift.files import sha256_file
from resift.pubmed.entrez import Entrez
from resift.pubmed.source import Source, UnfinishedError
from resift.pubmed.tape import Tape
from resift.pubmed.xml import parse_element
from resift.records import Record
from resift.tables import CHANGES, ChangeRow
from resift.vocabulary import Cause, Change, Lane

if TYPE_CHECKING:
    from resift.query.mesh import MeshTree


def gone(before: Observation, now: Observation) -> list[str]:
    """PMIDs that the earlier search found and the later one does not."""
    lost = before.in_lane(Lane.DATABASES) - now.in_lane(Lane.DATABASES)
    return [record.removeprefix("pubmed:") for record in lost if record in before.hits]


def deleted_in(chain: Iterable[Path]) -> frozenset[str]:
    """Records that the source had no longer, by the changes of a chain of runs, the first run's first."""
    deleted: set[str] = set()
    for path in chain:
        for row in CHANGES.read(path):
            if row.change is Change.LOST and row.cause is Cause.DELETED_OR_MERGED:
                deleted.add(row.record)
            elif row.change is Change.GAINED:
                deleted.discard(row.record)
    return frozenset(deleted)


def look_up(before: Observation, now: Observation, source: Source) -> Today:
    """Fetch the records that are gone from the search: changed, or no longer there. No request where none
    is gone. Raises `SourceError`.
    """
    records: dict[str, Record] = {}
    absent: set[str] = set()
    for answer in source.fetch(gone(before, now)):
        found = [parse_element(element) for element in answer.elements.values()]
        records.update({record.record: record for record in found})
        absent |= {f"pubmed:{miss.pmid}" for miss in answer.misses}
    return Today(records=records, absent=frozenset(absent))


def compare(earlier: Path, later: Path, *, chain: Iterable[Path] = ()) -> list[ChangeRow]:
    """The changes between two run folders, of one protocol or two, without any request. `chain`: the changes
    of the earlier run and of those before it, the first run's first.

    A record that is no longer found is judged by what the later run's tape says of it, if that was asked;
    else by its earlier copy. Raises `RunError`, or `SourceError` where the tape is damaged.
    """
    before, now = observe(earlier), observe(later)
    try:
        today = look_up(before, now, Entrez(Tape(later / "raw")))
    except UnfinishedError:  # the later run was compared with another one, and never asked
        today = Today()
    today = replace(today, restored=deleted_in(chain))
    return changes_between(searches_of(before, now, today))


def searches_of(before: Observation, now: Observation, today: Today) -> Searches:
    """The two runs side by side, with their MeSH trees as far as these are still at hand."""
    return Searches(before, now, today, trees=(_tree(before), _tree(now)))


def _tree(run: Observation) -> MeshTree | None:
    """The tree that a run was given, if its file still holds what it held then."""
    path = Path(run.applied.mesh or run.run.config.get("mesh") or "")
    if not path.is_file():
        return None
    if run.applied.mesh_sha256 and sha256_file(path) != run.applied.mesh_sha256:
        return None
    from resift.query.mesh import MeshTree

    return MeshTree.load(path)
