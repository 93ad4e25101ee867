"""What a study's jobs need to know, put down once in `results/studies/<id>/`: `plan.json` and its protocols.

Every PubMed search of the study has a run of its own, `results/<study>-<review>`. A row that has changed
since its run, and every row with `again`, gets a new run (`-2`, `-3`, ...): searching again is a new run.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import yaml

from resift.files import sha256_json, write_text
from resift.project.run import RESULTS
from resift.rows import read_document, write_document
from resift.studies.model import Study
from resift.studies.protocols import Rerun, config_of, split

STUDY_RESULTS = RESULTS / "studies"
PLAN = "plan.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One search to rerun: its name, its run's name, its configuration file and what it was made from."""

    name: str
    run: str
    config: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`plan.json`: the study's folder as given, and its searches in batches, one batch a job."""

    study: str
    batches: tuple[tuple[Planned, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How the rerun of one search ended, `ended/<name>.json`.

    `cause` is the one line of the step that failed, "" where none did; `by_later_headings` and `undated`
    count records whose place in the count as of the day of the search is open (`resift.studies.dated`), None
    where that day is not known. `sha256` and `library` say what made it.
    """

    name: str
    run: str
    sha256: str
    library: str
    cause: str = ""
    by_later_headings: int | None = None
    undated: int | None = None


def results_of(study: str) -> Path:
    """Where a study's tables and page lie."""
    return STUDY_RESULTS / study


def ended_file(folder: Path, name: str) -> Path:
    """Where the end of one rerun is put down."""
    return folder / "ended" / f"{name}.json"


def make_plan(study: Study, folder: Path, *, source: Path, cores: int, again: bool = False) -> Plan:
    """Write protocols, configurations and `plan.json` below `folder`; `source` is the study's own folder."""
    reruns, _ = split(study)
    before = _before(folder)
    taken = {one.run for one in before.values()}
    planned = []
    for rerun in reruns:
        planned.append(_planned(study, rerun, folder, before.get(rerun.name), taken, again=again))
        taken.add(planned[-1].run)
    size = max(1, min(study.settings.reviews_per_job, -(-len(planned) // max(cores, 1))))
    batches = tuple(tuple(planned[n : n + size]) for n in range(0, len(planned), size))
    plan = Plan(study=str(source), batches=batches)
    write_document(plan, folder / PLAN)
    return plan


def load_plan(path: Path) -> Plan:
    """Read `plan.json`. Raises `RunError`."""
    return read_document(Plan, path)


def _before(folder: Path) -> dict[str, Planned]:
    if not (folder / PLAN).is_file():
        return {}
    return {one.name: one for batch in load_plan(folder / PLAN).batches for one in batch}


def made_from(study: Study, rerun: Rerun) -> str:
    """SHA-256 of what a rerun is made from: its protocol with its files, and the source that is asked."""
    return sha256_json({**rerun.files, "config": config_of(study.settings, "", "")})


def _planned(
    study: Study, rerun: Rerun, folder: Path, held: Planned | None, taken: AbstractSet[str], *, again: bool
) -> Planned:
    place = folder / "reviews" / rerun.name
    config = place / "config.yaml"
    sha256 = made_from(study, rerun)
    base = f"{study.settings.id}-{rerun.name}"[:95]
    if held is None:
        run = _free(base, taken)
    elif again or held.sha256 != sha256:
        run = _free(base, taken) if (RESULTS / held.run / "run.yaml").is_file() else held.run
    else:
        run = held.run
    for name, text in rerun.files.items():
        _write(place / name, text)
    _write(config, config_of(study.settings, run, str(place / "protocol.yaml")))
    return Planned(name=rerun.name, run=run, config=str(config), sha256=sha256)


def _free(base: str, planned: AbstractSet[str]) -> str:
    """The first name of a run that nothing has begun under, and no other search is planned under."""
    taken = planned | {p.parent.name for p in RESULTS.glob(f"{base}*/run.yaml")}
    n = 1
    while (name := base if n == 1 else f"{base}-{n}") in taken:
        n += 1
    return name


def _write(path: Path, text: str) -> None:
    """Write what has changed only: Snakemake goes by times."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_text(path, text)


def config_content(planned: Planned) -> dict[str, object]:
    """The configuration of a planned run as plain data."""
    content = yaml.safe_load(Path(planned.config).read_text(encoding="utf-8"))
    return {str(key): value for key, value in content.items()}
