"""Gathering the results of a study: every rerun read, every search and review judged, every file written.

Everything is derived from the table of searches and from the finished runs; nothing is asked of a source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resift.documents import DatabaseVerdict, Reproduction, SearchDocument
from resift.errors import RunError
from resift.files import write_text
from resift.prisma.reproduction import is_pubmed
from resift.project.run import RESULTS
from resift.query.lint import lint
from resift.rows import document_text, read_document, write_rows
from resift.studies.errors_found import ErrorKind, by_kind
from resift.studies.extractors import agreements, disagreements
from resift.studies.model import ITEMS, SearchRow, Study
from resift.studies.outcome import Counts, Ending, ending_of_review, judge_search
from resift.studies.plan import Ended, ended_file, made_from
from resift.studies.protocols import STRATEGY, included, split
from resift.studies.results import (
    RESULT_FILES,
    ReviewResult,
    ReviewVerdict,
    SearchResult,
    StudyResults,
    Verdicts,
)
from resift.studies.shares import shares_of
from resift.tables import SEARCH, VERDICT


def write_results(study: Study, folder: Path) -> StudyResults:
    """Gather, and write every file of `RESULT_FILES` into `folder`."""
    from resift.studies.page import render

    results = gather(study, folder)
    write_rows(SearchResult, results.searches, folder / RESULT_FILES["searches"])
    write_rows(ReviewResult, results.reviews, folder / RESULT_FILES["reviews"])
    write_text(folder / RESULT_FILES["verdicts"], document_text(results.verdicts))
    write_text(folder / RESULT_FILES["page"], render(results))
    return results


def gather(study: Study, folder: Path) -> StudyResults:
    """Read what every rerun left, and judge. `folder` is `results/studies/<id>`."""
    reruns, left = split(study)
    run_of = {rerun.row.line: _opened(folder, rerun.name, made_from(study, rerun)) for rerun in reruns}
    why = {one.row.line: one.why for one in left}
    searches = tuple(
        _search(study, row, run_of.get(row.line), why.get(row.line, "")) for row in study.counted()
    )
    reviews, verdicts = [], []
    for name, rows in _by_review(study.counted()).items():
        mine = [search for search in searches if search.review == name]
        opened = [run for row in rows if (run := run_of.get(row.line))]
        review = _review(name, rows, mine, opened)
        reviews.append(review)
        verdicts.append(
            ReviewVerdict(
                review=name,
                ending=review.ending,
                because=review.because,
                searches=tuple(f"{search.name}: {search.ending}" for search in mine),
                runs={run.ended.run: run.verdict for run in opened if run.verdict},
            )
        )
    counted = [search for search in searches if search.variants is not None]
    document = Verdicts(
        study=study.settings.id,
        measure=measure_in_words(study),
        counts_of="the archive searched" if study.settings.counts_of_source else "PubMed",
        shares=tuple(shares_of(study, searches, reviews)),
        kinds={str(kind): sum(search.of_kind(kind) or 0 for search in counted) for kind in ErrorKind},
        strategies_with_kind={str(kind): sum(bool(s.of_kind(kind)) for s in counted) for kind in ErrorKind},
        strategies=len(counted),
        agreement=tuple(agreements(study.rows)),
        disagreements=tuple(disagreements(study.rows)),
        reviews=tuple(verdicts),
    )
    return StudyResults(
        study=study,
        searches=searches,
        reviews=tuple(reviews),
        verdicts=document,
        notice=next((run.notice for run in run_of.values() if run and run.notice), ""),
    )


def measure_in_words(study: Study) -> str:
    """The measure as one sentence."""
    measure = study.settings.measure
    items = ", ".join(measure.items)
    day = "as of the day of its search" if study.settings.as_of_search_date else "now"
    return (
        f"A search is reproduced when PRISMA-S items {items} are reported and its count {day} is within "
        f"{measure.within_percent:g} % of the count printed."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """What a rerun left behind: how it ended, and where it did not fail its documents."""

    ended: Ended
    verdict: Reproduction | None = None
    document: SearchDocument | None = None
    live: bool = False
    notice: str = ""


def _opened(folder: Path, name: str, sha256: str) -> _Opened | None:
    """The rerun of a search; None where there is none, and where it was made from another row (`sha256`)."""
    from resift.prisma.checklist import RunFacts
    from resift.project.run import load_run
    from resift.tables import FLOW, RUN

    path = ended_file(folder, name)
    if not path.is_file():
        return None
    ended = read_document(Ended, path)
    if ended.sha256 != sha256:
        return None
    if ended.cause:
        return _Opened(ended=ended)
    run = RESULTS / ended.run
    try:
        verdict = VERDICT.read(VERDICT.of(run))
        document = SEARCH.read(SEARCH.of(run, strategy=STRATEGY))
        started = load_run(RUN.of(run))
        facts = RunFacts(run=started, searches=[document], flow=FLOW.read(FLOW.of(run)))
    except RunError as error:
        from dataclasses import replace

        return _Opened(ended=replace(ended, cause=str(error)))
    return _Opened(ended=ended, verdict=verdict, document=document, live=facts.live, notice=started.notice)


def _by_review(rows: Sequence[SearchRow]) -> dict[str, list[SearchRow]]:
    found: dict[str, list[SearchRow]] = defaultdict(list)
    for row in rows:
        found[row.review].append(row)
    return found


def _database(verdict: Reproduction | None) -> DatabaseVerdict | None:
    if verdict is None:
        return None
    return next((one for one in verdict.databases if is_pubmed(one.database)), None)


def _certain(database: DatabaseVerdict | None, run: _Opened | None) -> int | None:
    if database is None or run is None or database.compared is None or run.ended.by_later_headings is None:
        return None
    return max(0, database.compared - run.ended.by_later_headings)


def _search(study: Study, row: SearchRow, run: _Opened | None, why: str) -> SearchResult:
    database = _database(run.verdict) if run else None
    document = run.document if run else None
    counts = Counts(
        printed=row.count,
        now=(database.now if database else None) if document else None,
        possible=database.compared if database else None,
        certain=_certain(database, run),
        undated=(run.ended.undated or 0) if run else 0,
    )
    attempted = not why
    if attempted and run is None:
        why = "not rerun yet, or not since its row was changed"
    judged = judge_search(
        study.settings,
        row,
        counts,
        not_attempted=why,
        cause=run.ended.cause if run else "",
        live=bool(run and run.live),
    )
    codes: tuple[str, ...] | None = None
    if document is not None:
        codes = tuple(finding.code for finding in document.lint)
    elif row.is_pubmed and row.query:
        codes = tuple(finding.code for finding in lint(row.query))
    kinds = by_kind(codes) if codes is not None else {}
    numbers: dict[str, Any] = {kind.name.lower(): kinds.get(kind) for kind in ErrorKind}
    return SearchResult(
        review=row.review,
        database=row.database,
        platform=row.platform,
        search=row.search,
        line=row.line,
        extractor=row.extractor,
        **{f"item_{item}": row.judged(item) for item in ITEMS},  # type: ignore[arg-type]
        items_reported=judged.items_reported,
        rerun_possible=attempted,
        ending=judged.ending,
        because=judged.because,
        search_date=row.search_date,
        printed=counts.printed,
        now=counts.now,
        as_of_possible=counts.possible,
        as_of_certain=counts.certain,
        compared=judged.compared,
        apart_percent=judged.apart_percent,
        within=judged.within,
        run=run.ended.run if run and not run.ended.cause else "",
        messages=_messages(document),
        lint=codes or (),
        **numbers,
    )


def _messages(document: SearchDocument | None) -> tuple[str, ...]:
    if document is None:
        return ()
    return tuple(f"{m.kind}: {m.text} ({m.lost})" for m in document.server_messages)


def _review(
    name: str, rows: Sequence[SearchRow], searches: Sequence[SearchResult], opened: Sequence[_Opened]
) -> ReviewResult:
    ending, because = ending_of_review([(search.ending, search.because, search.name) for search in searches])
    overlaps = [run.verdict.overlap for run in opened if run.verdict and run.verdict.overlap.listed]
    held = max((one.held for one in overlaps), default=None) if overlaps else None
    found = max((one.found.get(STRATEGY, 0) for one in overlaps), default=0) if overlaps else None
    return ReviewResult(
        review=name,
        citation=rows[0].citation,
        pmid=next((row.pmid for row in rows if row.pmid), ""),
        doi=next((row.doi for row in rows if row.doi), ""),
        searches=len(rows),
        pubmed_searches=sum(row.is_pubmed for row in rows),
        attempted=sum(search.rerun_possible for search in searches),
        ended=sum(bool(search.run) for search in searches),
        reproduced=sum(search.ending is Ending.REPRODUCED for search in searches),
        items_reported=all(search.items_reported for search in searches),
        ending=ending,
        because=because,
        included=len(included(rows)),
        included_held=held,
        included_found=found,
        recall=found / held if held and found is not None else None,
        runs=tuple(search.run for search in searches if search.run),
    )
