"""A finished run opened again, for commands that ask or add something after it: decide, audit, challenge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from resift.errors import RunError
from resift.project.run import RESULTS, load_run, run_folder
from resift.tables import (
    DECISIONS,
    DUPLICATES,
    HITS,
    LANES,
    MANIFEST,
    RECORDS,
    REFERENCES,
    RUN,
    SCREENING,
    DecisionRow,
)
from resift.vocabulary import Lane

if TYPE_CHECKING:
    from resift.project.protocol import Protocol
    from resift.project.run import Run
    from resift.records import Record
    from resift.screening.criteria import Screening
    from resift.screening.decisions import Candidate
    from resift.screening.table import LaneTables


@dataclass(frozen=True)
class OpenedRun:
    """A run folder with the protocol that it was made from, as that stands now."""

    folder: Path
    run: Run
    protocol: Protocol
    screening: Screening

    @cached_property
    def decisions(self) -> list[DecisionRow]:
        """The rows of `decisions.csv`."""
        return DECISIONS.read(DECISIONS.of(self.folder))

    @cached_property
    def lanes(self) -> Sequence[LaneTables]:
        """What deciding needs of both lanes, databases first."""
        from resift.identify.extent import removed_by_limits
        from resift.records import iter_records
        from resift.runs.steps import found_by_references, found_in_databases
        from resift.screening.table import LaneTables

        found_by = {
            Lane.DATABASES: found_in_databases(HITS.read(HITS.of(self.folder))),
            Lane.OTHER: found_by_references(REFERENCES.read(REFERENCES.of(self.folder))),
        }
        held = {lane: list(iter_records(RECORDS.of(self.folder, lane=lane))) for lane in LANES}
        return [
            LaneTables(
                lane=lane,
                records=held[lane],
                duplicates=DUPLICATES.read(DUPLICATES.of(self.folder, lane=lane)),
                answers=SCREENING.read(SCREENING.of(self.folder, lane=lane)),
                found_by=found_by[lane],
                outside_limits=removed_by_limits(lane, held[lane], self.protocol, until=self.run.until),
            )
            for lane in LANES
        ]

    @property
    def records(self) -> list[Record]:
        """The records of both lanes, databases first."""
        return [record for lane in self.lanes for record in lane.records]

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Every record as it is before it is decided."""
        from resift.screening.table import candidates

        return candidates(self.lanes, self.screening)


def open_run(name: str | None) -> OpenedRun:
    """A finished run by its folder or its name under `results/`; without a name the one begun last.

    Raises `RunError` where there is none, `ConfigError` where its protocol cannot be read.
    """
    from resift.project.protocol import load_protocol
    from resift.screening.criteria import load_screening

    folder = _begun_last() if name is None else finished(name)
    run = load_run(RUN.of(folder))
    path = Path(run.config["protocol"])
    if not path.is_file():
        raise RunError(
            f"its protocol {path} is not there", where=str(folder), fix="call it in the folder of the project"
        )
    protocol = load_protocol(path)
    return OpenedRun(folder, run, protocol, load_screening(protocol.screening, protocol.fragments))


def finished(name: str) -> Path:
    """The folder of a finished run by its path or its name under `results/`. Raises `RunError`."""
    folder = run_folder(name)
    if not MANIFEST.of(folder).is_file():
        raise RunError("is not a finished run", where=name, fix="name a run folder that has a manifest.json")
    return folder


def _begun_last() -> Path:
    found = [path.parent for path in RESULTS.glob("*/manifest.json")]
    if not found:
        raise RunError("no finished run", where=str(RESULTS), fix="run a protocol first, or name one: --run")
    return max(found, key=lambda folder: (load_run(RUN.of(folder)).started, folder.name))
