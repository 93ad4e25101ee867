"""Running a study: the plan, Snakemake over its batches, and what to tell at the end."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

from filelock import FileLock, Timeout

from resift.errors import RunError, printable
from resift.project.workflow import run_workflow
from resift.studies.gather import gather, write_results
from resift.studies.model import Study, Weight
from resift.studies.outcome import Ending
from resift.studies.plan import PLAN, make_plan, results_of
from resift.studies.results import RESULT_FILES, ReviewResult, StudyResults


def run_study(study: Study, *, cores: int | None, profile: str | None = None, again: bool = False) -> int:
    """Rerun what has not ended yet, and write the results. 0, or 1 when a rerun failed or Snakemake did."""
    folder = results_of(study.settings.id)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock", preserve_lock_file=True)
    try:
        with lock.acquire(blocking=False):
            return _run(study, folder, cores=cores, profile=profile, again=again)
    except Timeout:
        raise RunError(
            f"study '{study.settings.id}' is going on in another process", fix="wait for it to end"
        ) from None


def report_study(study: Study) -> int:
    """Write tables and page again from what was run."""
    folder = results_of(study.settings.id)
    if not (folder / PLAN).is_file():
        raise RunError("nothing was run yet", where=str(folder), fix=f"resift study run {study.settings.id}")
    return _tell(write_results(study, folder), folder)


def _run(study: Study, folder: Path, *, cores: int | None, profile: str | None, again: bool) -> int:
    source = study.settings.table.parent
    errors = {fault.line for fault in study.faults if fault.weight is Weight.ERROR}
    if errors:
        print(
            f"resift: rows with faults, which are not rerun: {len(errors)}; see resift study check",
            file=sys.stderr,
        )
    # Under a profile a job is as large as the study lets it be, whatever cores the machine that submits has.
    at_once = cores or (1 if profile else os.cpu_count() or 1)
    make_plan(study, folder, source=source, cores=at_once, again=again)
    config: dict[str, object] = {"plan": folder / PLAN, "table": study.settings.table}
    options = ["--quiet", "all"]
    if study.settings.source.get("source") == "pubmed":
        # NCBI counts requests per address: one job asks at a time.
        config["live"] = 1
        options += ["--resources", "eutils=1"]
    run_workflow(
        "workflow/study.smk",
        config,
        profile=profile,
        cores=cores,
        log=folder / "logs" / "snakemake.log",
        options=options,
    )
    return _tell(gather(study, folder), folder)


def _tell(results: StudyResults, folder: Path) -> int:
    failed = [search for search in results.searches if search.ending is Ending.FAILED]
    for search in failed:
        print(
            printable(f"resift: {search.review}, {search.name}: {'; '.join(search.because)}"), file=sys.stderr
        )
    endings = Counter(review.ending for review in results.reviews)
    told = ", ".join(f"{endings[ending]} {ending}" for ending in Ending if endings[ending])
    ended = sum(review.ended for review in results.reviews)
    print(
        f"{len(results.reviews)} reviews: {told}. "
        f"{ended} of {len(results.searches)} searches were rerun.{_first(results.reviews)}"
    )
    print(f"page: {folder / RESULT_FILES['page']}")
    return int(bool(failed))


def _first(reviews: tuple[ReviewResult, ...]) -> str:
    held = sum(review.included_held or 0 for review in reviews)
    found = sum(review.included_found or 0 for review in reviews)
    return f" Included studies found: {found} of {held} held." if held else ""
