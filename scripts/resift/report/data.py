"""What the report reads: one run folder, loaded whole into a frozen `ReportData`.

All reading of the report happens here; the other modules of this room turn `ReportData` into a page.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resift.errors import RunError
from resift.formats.csv import restore
from resift.prisma.checklist import RunFacts
from resift.project.config import load_yaml
from resift.project.run import amendments, load_run

if TYPE_CHECKING:
    from resift.project.protocol import Protocol
    from resift.records import Record
    from resift.screening.criteria import Screening

LANES = ("databases", "other")
Rows = Sequence[Mapping[str, str]]

# Files without recorded times: their hashes are the same in every run over the same source, so the page
# can print them. The others (run.yaml, search/, summary.json, prisma-s.csv, raw/) stand in manifest.json.
HASHED = (
    "records/databases.parquet",
    "records/databases.references.parquet",
    "records/other.parquet",
    "records/other.references.parquet",
    "duplicates/databases.csv",
    "duplicates/other.csv",
    "screening/databases.csv",
    "screening/databases.evidence.csv",
    "screening/other.csv",
    "screening/other.evidence.csv",
    "decisions.csv",
    "references.csv",
    "known-items.csv",
    "flow.json",
    "flow.svg",
    "changes.csv",
    *(f"exports/{part}.{form}" for part in ("all", "eligible", "included", "excluded", "awaiting")
      for form in ("ris", "nbib", "csv", "bib")),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportData:
    """A run as the report shows it.

    `run` is `run.yaml`; `searches` are the `search/<strategy>.json` in the protocol's order; tables are
    lists of rows with every cell as text; `records` are those of both lanes, databases first, in the order
    of their Parquet files; `hashes` maps file names to SHA-256; `screening` is None when the criteria file
    is not at hand, and labels then fall back to ids; `amendments` say what was changed in the protocol
    since the run froze it.
    """

    run: Mapping[str, Any]
    searches: Sequence[Mapping[str, Any]]
    flow: Mapping[str, Any]
    hits: Rows
    missing: Rows
    records: Sequence[Record]
    duplicates: Rows
    answers: Rows
    evidence: Rows
    decisions: Rows
    references: Rows
    known_items: Rows
    changes: Rows
    checklist: Rows
    hashes: Mapping[str, str] = field(default_factory=dict)
    screening: Screening | None = None
    amendments: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The run's name."""
        return str(self.run["run"])

    @property
    def protocol(self) -> Mapping[str, Any]:
        """The protocol that the files of the run were made with (see `amendments`)."""
        found: Mapping[str, Any] = self.run.get("protocol") or {}
        return found

    @property
    def notice(self) -> str:
        """What must stand on top of the page (a synthetic corpus says so), or ""."""
        return str(self.run.get("notice") or "")

    @property
    def primary(self) -> Mapping[str, Any]:
        """The search that the flow diagram counts."""
        return next(s for s in self.searches if s["primary"])

    @property
    def boxes(self) -> dict[str, Mapping[str, Any]]:
        """The boxes of the flow by key."""
        return {box["key"]: box for box in self.flow["boxes"]}

    @property
    def recorded_times(self) -> list[str]:
        """Every recorded time that the page may show, longest first."""
        times = {str(self.run.get("started") or ""), str(self.run.get("frozen") or "")}
        times |= {str(search.get("searched_at") or "") for search in self.searches}
        return sorted((t for t in times if t), key=lambda t: (-len(t), t))

    @property
    def facts(self) -> RunFacts:
        """What the checklists read."""
        return RunFacts(run=self.run, searches=self.searches, flow=self.flow)


def load(folder: Path, *, protocol: Protocol | None = None, screening: Screening | None = None) -> ReportData:
    """Read a run folder. Raises `RunError` naming the file that is missing or cannot be read.

    `protocol` and `screening` are what the steps read; without them the frozen protocol stands in.
    """
    from resift.records import iter_records

    run = load_yaml(_there(folder / "run.yaml"))
    amended: list[str] = []
    if protocol is not None:
        version = screening.version if screening else ""
        amended = amendments(load_run(folder / "run.yaml"), protocol, version)
        run = {**run, "protocol": protocol.content}
    names = list((run.get("protocol") or {}).get("strategies") or {})
    return ReportData(
        run=run,
        searches=[_json(folder / "search" / f"{name}.json") for name in names],
        flow=_json(folder / "flow.json"),
        hits=_table(folder / "search" / "hits.csv"),
        missing=_table(folder / "search" / "not-returned.csv"),
        records=[
            record
            for lane in LANES
            for record in iter_records(_there(folder / "records" / f"{lane}.parquet"))
        ],
        duplicates=_lanes(folder, "duplicates/{}.csv"),
        answers=_lanes(folder, "screening/{}.csv"),
        evidence=_lanes(folder, "screening/{}.evidence.csv"),
        decisions=_table(folder / "decisions.csv"),
        references=_table(folder / "references.csv"),
        known_items=_table(folder / "known-items.csv"),
        changes=_table(folder / "changes.csv"),
        checklist=_table(folder / "prisma-s.csv"),
        hashes={name: _sha256(folder / name) for name in HASHED if (folder / name).is_file()},
        screening=screening,
        amendments=tuple(amended),
    )


def _there(path: Path) -> Path:
    if not path.is_file():
        raise RunError("no such file", where=str(path), fix="run the same command again to finish the run")
    return path


def _json(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(_there(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"cannot be read ({error})", where=str(path)) from None
    return content


def _table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, with the apostrophe that guards against formulas taken back."""
    csv.field_size_limit(1 << 30)
    try:
        with _there(path).open(encoding="utf-8", newline="") as file:
            return [{k: restore(v or "") for k, v in row.items()} for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RunError(f"cannot be read ({error})", where=str(path)) from None


def _lanes(folder: Path, pattern: str) -> list[dict[str, str]]:
    return [row for lane in LANES for row in _table(folder / pattern.format(lane))]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def by_record(rows: Iterable[Mapping[str, str]]) -> dict[str, list[Mapping[str, str]]]:
    """Rows of a table by their `record`."""
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        found.setdefault(row["record"], []).append(row)
    return found
