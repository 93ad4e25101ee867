"""What of a run can be handed on: ids, decisions, queries and numbers, with RO-Crate metadata.

Abstracts belong to their publishers, names of reviewers and the contact address to people. The package holds
neither: records are named by their ids, and whoever wants the texts can fetch them. With texts it is a copy
of the run for co-workers.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from resift.documents import SearchDocument
from resift.errors import RunError
from resift.files import write_text
from resift.project.run import Run, lacks_a_service, load_run
from resift.project.yaml import load_yaml
from resift.rows import as_csv, columns_of, to_csv
from resift.runs.ledger import differing, vouched
from resift.tables import (
    BOUNDARY,
    CHECKLIST,
    DECISIONS,
    DIAGRAM,
    DUPLICATES,
    FLOW,
    HITS,
    KNOWN_ITEMS,
    LANES,
    MANIFEST,
    MISSES,
    REQUESTS,
    RUN,
    SCREENING,
    SEARCH,
    STRICT_DIAGRAM,
    SUMMARY,
    TAKEN_OVER,
    VERDICT,
    DecisionRow,
    Grouped,
    RunFile,
)
from resift.vocabulary import Decider

CARD = "searchrxiv/{strategy}.md"
# Files that hold no text of a record and no name of a person, handed on as they are.
AS_THEY_ARE: tuple[RunFile, ...] = (
    REQUESTS, HITS, MISSES, TAKEN_OVER, SEARCH, SCREENING, KNOWN_ITEMS, BOUNDARY, FLOW, DIAGRAM,
    STRICT_DIAGRAM, CHECKLIST, VERDICT, SUMMARY, MANIFEST,
)  # fmt: skip
# Columns with words of a record or names of people.
LEFT_OUT = {
    DecisionRow: ("title", "human_outcomes", "reason", "flips_if"),
    Grouped: ("evidence",),
}


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of a package: its path, and what it is in a sentence."""

    name: str
    what: str


def package(folder: Path, to: Path, *, texts: bool = False) -> list[Packed]:
    """Write the package of a finished run into the new folder `to`; returns what it holds, by path.

    `texts` adds every file of the run as it is. Raises `RunError` when the run is not finished or not as its
    steps wrote it, and when `to` is not empty.
    """
    if not MANIFEST.of(folder).is_file() or lacks_a_service(folder):
        raise RunError("is not finished", where=str(folder), fix="run it to its end first")
    for name, how in differing(folder):
        raise RunError(
            how, where=str(folder / name), fix="`resift run` makes it again; `resift verify` has more"
        )
    if to.is_dir() and any(to.iterdir()):
        raise RunError("is not empty", where=str(to), fix="name another folder with --to")
    run = load_run(RUN.of(folder))
    packed = list(_all(folder, to) if texts else _without_texts(folder, to))
    searches = [SEARCH.read(folder / name) for name in sorted(vouched(folder)) if SEARCH.matches(name)]
    for search in searches:
        name = CARD.format(strategy=search.name)
        write_text(to / name, card(run, search))
        packed.append(Packed(name, f"searchRxiv card of the strategy '{search.name}'"))
    return sorted(packed, key=lambda one: one.name)


def _all(folder: Path, to: Path) -> Iterator[Packed]:
    for name in sorted({*vouched(folder), MANIFEST.pattern}):
        _copy(folder, to, name)
        yield Packed(name, _what(name))


def _without_texts(folder: Path, to: Path) -> Iterator[Packed]:
    for name in sorted({*vouched(folder), MANIFEST.pattern}):
        if any(file.matches(name) for file in AS_THEY_ARE):
            _copy(folder, to, name)
            yield Packed(name, _what(name))
    kept = {key: value for key, value in load_yaml(RUN.of(folder)).items() if key != "config"}
    write_text(to / RUN.pattern, yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=100))
    yield Packed(
        RUN.pattern, "protocol, strategies as sent, window and hashes, frozen before the first request"
    )
    rows = [_unnamed(row) for row in DECISIONS.read(DECISIONS.of(folder))]
    write_text(to / DECISIONS.pattern, _reduced(DecisionRow, rows))
    yield Packed(DECISIONS.pattern, "where each record ended, by its ids")
    for lane in LANES:
        name = DUPLICATES.pattern.format(lane=lane)
        write_text(to / name, _reduced(Grouped, DUPLICATES.read(folder / name)))
        yield Packed(name, "which records are one report, by which rule")


def _copy(folder: Path, to: Path, name: str) -> None:
    (to / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / name, to / name)


def _unnamed(row: DecisionRow) -> DecisionRow:
    """The row without the names of those who decided."""
    by = row.decided_by if row.decided_by in ("", *Decider) else Decider.PEOPLE.value
    return replace(row, decided_by=by)


def _reduced(kind: type[Any], rows: Iterable[Any]) -> str:
    """Rows as CSV without the columns that are left out."""
    whole = csv.reader(io.StringIO(to_csv(kind, rows), newline=""))
    kept = [n for n, name in enumerate(columns_of(kind)) if name not in LEFT_OUT[kind]]
    return as_csv([cells[n] for n in kept] for cells in whole)


_WHAT: Mapping[RunFile, str] = {
    REQUESTS: "every request, when it was answered, and the hash of its answer",
    HITS: "the ids found, with the strategies that found them",
    MISSES: "ids that the source counted and did not return",
    TAKEN_OVER: "records that stand as an earlier run received them, and which run",
    SEARCH: "a strategy as written, as sent and as translated, counted clause by clause",
    SCREENING: "the answer of each criterion for each record",
    DECISIONS: "where each record ended, and why",
    KNOWN_ITEMS: "known items: found, by which strategy, or missed by which clause",
    BOUNDARY: "records on the edge of the window",
    FLOW: "the boxes of the PRISMA 2020 flow as sets of ids, with the identities between them",
    DIAGRAM: "PRISMA 2020 flow diagram",
    STRICT_DIAGRAM: "PRISMA 2020 flow diagram, as the template has it",
    CHECKLIST: "PRISMA-S, item by item",
    VERDICT: "whether the review's search is reproduced",
    SUMMARY: "counts, limits and outcome of the run",
    MANIFEST: "SHA-256 of every file of the run, versions of the programs, recorded times",
    DUPLICATES: "which records are one report, by which rule",
}


def _what(name: str) -> str:
    return next((what for file, what in _WHAT.items() if file.matches(name)), "")


def card(run: Run, search: SearchDocument) -> str:
    """A strategy as searchRxiv asks for it, in Markdown: what a person fills in is marked `[…]`."""
    review = run.protocol.get("review") or {}
    citation = " ".join(str(review.get("citation") or "").split())
    window = run.protocol.get("window") or {}
    languages = ", ".join(run.protocol.get("languages") or ()) or "none"
    from_, until = window.get("from") or "the beginning", run.until or "open"
    kind = "as the review states it" if search.provenance == "stated" else f"reconstructed: {search.reason}"
    held = run.config.get("archive")
    source = f"PubMed, as held in the folder of files {Path(str(held)).name}" if held else "PubMed"
    notice = [f"- Note: {run.notice}"] if run.notice else []
    lines = [
        f"# {' '.join((str(run.protocol.get('question') or run.protocol['id'])).split())} ({search.name})",
        "",
        f"- Related publication: {citation or '[…]'}"
        + (f" https://doi.org/{review['doi']}" if review.get("doi") else ""),
        "- Authors and ORCID iDs: […]",
        f"- Database: {source}",
        *notice,
        f"- Date of search: {search.searched_at[:10]}",
        f"- Build of the database: {search.database_build or 'not told'}",
        f"- Results: {search.count}",
        f"- Window: {from_} to {until} [{window.get('field') or 'dp'}]",
        f"- Languages: {languages}",
        f"- Strategy: {kind}",
        "- Peer review of the strategy (PRESS): […]",
        "- Licence: […]",
        "",
        "## As written",
        "",
        *_block(search.query),
        "## As sent",
        "",
        *_block(search.sent),
        "## As the database translated it",
        "",
        *_block(search.translation or "not told"),
    ]
    if search.warnings or search.errors:
        lines += ["## What the database said", ""]
        lines += [
            f"- {kind}: {' '.join(text.split())}" for kind, text in (*search.errors, *search.warnings)
        ] + [""]
    return "\n".join(lines)


def _block(text: str) -> list[str]:
    """A text as a block of code, whatever marks it holds."""
    fence = "```"
    while fence in text:
        fence += "`"
    return [fence, text.strip("\n"), fence, ""]
