"""The edge between Snakemake and the library: logging, errors as one line, and the tables of a run."""

from __future__ import annotations

import csv
import io
import logging
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from resift.errors import ResiftError
from resift.project.run import Run, write_text

if TYPE_CHECKING:
    from resift.pubmed.source import Source
    from resift.query.mesh import MeshTree
    from resift.runs.changes import Held
    from resift.screening.table import Lane

# A step that fails leaves its one line beside its log, with this ending.
TOLD = ".error"


@contextmanager
def step(snakemake: Any) -> Iterator[logging.Logger]:
    """Run one step: log to the rule's log file, end a `ResiftError` as one line on standard error.

    An unexpected exception goes whole into the log file, and one line says where it is.
    """
    log = Path(snakemake.log[0])
    log.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=log,
        filemode="w",
        level=logging.INFO,
        format="%(levelname)s %(name)s: %(message)s",
        force=True,
    )
    logger = logging.getLogger(f"resift.{snakemake.rule}")
    told = log.with_suffix(TOLD)
    told.unlink(missing_ok=True)

    def end(line: str) -> NoReturn:
        # Left for `resift run`, which says nothing more when a step has said what is wrong.
        told.write_text(line + "\n", encoding="utf-8")
        sys.exit(line)

    try:
        yield logger
    except ResiftError as error:
        logger.error("%s", error)
        end(f"resift: {error}")
    except KeyboardInterrupt:
        end(f"resift: {snakemake.rule}: interrupted; run the same command again to continue")
    except Exception as error:
        logger.error("%s", traceback.format_exc())
        end(
            f"resift: {snakemake.rule} failed unexpectedly: {type(error).__name__}: "
            f"{' '.join(str(error).split())[:200]}; the whole story is in {log}"
        )


def source_of(run: Run, folder: Path) -> Source:
    """The run's source, with its answers kept on the tape in `raw/`."""
    from resift.identify.source import open_source

    config = run.config
    return open_source(
        config["source"],
        raw=folder / "raw",
        archive=Path(config["archive"]) if config.get("archive") else None,
        mesh=Path(config["mesh"]) if config.get("mesh") else None,
        eutils=config.get("eutils"),
        requests_per_second=config.get("requests_per_second"),
        email=config.get("email"),
        tool=config.get("tool"),
    )


def mesh_of(run: Run) -> MeshTree | None:
    """The MeSH tree that the run was given, if any."""
    if not run.config.get("mesh"):
        return None
    from resift.query.mesh import MeshTree

    return MeshTree.load(Path(run.config["mesh"]))


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file of the run, every cell as text."""
    from resift.formats.csv import restore

    with path.open(encoding="utf-8", newline="") as file:
        return [{k: restore(v or "") for k, v in row.items()} for row in csv.DictReader(file)]


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write a CSV file of the run with its header, by rename. Cells that a spreadsheet would take for a
    formula are neutralised: these tables are meant for people."""
    from resift.formats.csv import neutralise

    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([neutralise(str(row.get(column, ""))) for column in columns])
    write_text(path, buffer.getvalue())


def read_lane(folder: Path, name: str, *, references: bool = False) -> Lane:
    """One lane of a run folder with its duplicates, answers and what found each record."""
    from resift.records import iter_records, with_references
    from resift.screening.table import Lane

    path = folder / "records" / f"{name}.parquet"
    records = list(iter_records(path))
    if references:
        records = with_references(records, folder / "records" / f"{name}.references.parquet")
    found_by: dict[str, tuple[str, ...]]
    if name == "databases":
        hits = read_table(folder / "search" / "hits.csv")
        found_by = {f"pubmed:{row['pmid']}": tuple(row["strategies"].split(";")) for row in hits}
    else:
        seeds: dict[str, list[str]] = {}
        for row in read_table(folder / "references.csv"):
            if row["record"]:
                seeds.setdefault(row["record"], []).append(row["seed"])
        found_by = {record: tuple(dict.fromkeys(filter(None, found))) for record, found in seeds.items()}
    return Lane(
        name=name,
        records=records,
        duplicates=read_table(folder / "duplicates" / f"{name}.csv"),
        answers=read_table(folder / "screening" / f"{name}.csv"),
        found_by=found_by,
    )


def held_in(folder: Path) -> dict[str, Held]:
    """What a run holds in its databases lane, for comparison with another run."""
    from resift.records import iter_records
    from resift.runs.changes import Held

    entered = {
        r.record: (r.entered, r.text_sha256) for r in iter_records(folder / "records" / "databases.parquet")
    }
    return {
        row["record"]: Held(
            text_sha256=entered.get(row["record"], ("", ""))[1],
            retracted=row["retracted"] == "yes",
            state=row["state"],
            entered=entered.get(row["record"], ("", ""))[0],
        )
        for row in read_table(folder / "decisions.csv")
        if row["lane"] == "databases"
    }
