"""The verdict strip: what was asked, what was possible, what was found, and the largest caveat.

The verdict itself is computed in `resift.prisma.reproduction` and read from `verdict.json`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from resift.prisma.limits import limits_in_words
from resift.report.boxes import anchor
from resift.report.data import ReportData
from resift.screening.audit import bounded
from resift.vocabulary import Box, Column, Outcome

SHOWN = {Outcome.NOT_ASSESSABLE: "Reproduction not assessable"}
"""What is not assessable is the reproduction: records, eligibility and recall may well be."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the diagram that leads the page, with the fragment that opens its records."""

    n: int
    label: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The strip in words. `figures` are the numbers that a reader looks for first."""

    outcome: str
    kind: str
    question: str
    asked: tuple[str, ...]
    limits: str
    possible: tuple[str, ...]
    figures: tuple[Figure, ...]
    found: tuple[str, ...]
    caveat: str


def strip_of(data: ReportData) -> Strip:
    """The strip of a run."""
    return Strip(
        outcome=SHOWN.get(data.verdict.outcome, data.verdict.outcome.value),
        kind=_kind(data),
        question=" ".join(str(data.protocol.get("question") or "").split()),
        asked=_asked(data),
        limits="; ".join(limits_in_words(data.run)),
        possible=_possible(data),
        figures=_figures(data),
        found=_found(data),
        caveat=_caveat(data),
    )


def _kind(data: ReportData) -> str:
    """Reproduction needs the review's own query; with a query of ours it is a reconstruction."""
    if not (data.protocol.get("review") or {}).get("citation"):
        return "A search of its own: no earlier review is rerun"
    if _moved(data):
        return "An update of the review's search: its window was moved"
    if data.primary.provenance == "stated":
        return "A rerun with the review's own strategy"
    return "Reconstruction, not reproduction"


def _moved(data: ReportData) -> bool:
    from resift.prisma.reproduction import moved

    return moved(data.facts)


def _asked(data: ReportData) -> tuple[str, ...]:
    databases = ", ".join(data.protocol.get("databases") or ())
    return (f"Databases: {databases}." if databases else "The protocol lists no databases.",)


def _figures(data: ReportData) -> tuple[Figure, ...]:
    """The primary strategy's numbers from first to last; a step that was not done has none."""
    shown = (
        (Box.IDENTIFIED_DATABASES, Column.DATABASES, "identified"),
        (Box.ELIGIBLE, Column.DATABASES, "eligible on title and abstract"),
        (Box.AWAITING, Column.DATABASES, "await a person"),
        (Box.INCLUDED_REPORTS, Column.BOTH, "included on full text"),
    )
    numbers = [(data.flow.number(box, lane), label, anchor(box, lane)) for box, lane, label in shown]
    return tuple(Figure(n, label, link) for n, label, link in numbers if n is not None)


def _possible(data: ReportData) -> tuple[str, ...]:
    """How many parts of the protocol are the review's words, ours, or nobody's."""
    parts: dict[str, list[str]] = {"stated": [], "reconstructed": [], "not_reported": []}
    for name, entry in (data.protocol.get("provenance") or {}).items():
        parts.setdefault(entry["status"], []).append(name.replace("_", " ").replace(".", ": "))
    words = {
        "stated": "Stated by the review",
        "reconstructed": "Reconstructed",
        "not_reported": "Not reported",
    }
    said = tuple(f"{words[status]}: {_list(names)}." for status, names in parts.items() if names)
    return said or ("The protocol does not say which of its parts a review states.",)


def _found(data: ReportData) -> tuple[str, ...]:
    name = data.primary.name
    counts = [search.count for search in data.searches]
    said = [f"{_number(data.primary.count, 'record')} by the primary strategy, {name}."]
    if len(counts) > 1:
        said[0] = (
            f"{said[0][:-1]}; {min(counts):,} to {max(counts):,} over {len(counts)} declared candidates (a "
            "range, not a confidence interval)."
        )
    imported = {name: n for name, n in data.flow.sources.databases.items() if name != "PubMed"}
    said += [f"{_number(n, 'record')} imported from {name}." for name, n in sorted(imported.items())]
    if data.flow.number(Box.INCLUDED_REPORTS, Column.BOTH) is None:
        said.append("Full texts: not assessed.")
    if data.flow.reference_lists.unavailable:
        said.append(data.flow.reference_lists.unavailable)
    if data.missing:
        said.append(
            f"{_number(len(data.missing), 'record')} counted by the source and not returned: the "
            "source itself has none under that number."
        )
    overlap = data.verdict.overlap
    if overlap.held:
        said.append(
            f"Of {_number(overlap.held, 'study', 'studies')} that the review included and the source holds, "
            f"{overlap.found.get(name, 0):,} found by {name}."
        )
    return tuple(said)


def _caveat(data: ReportData) -> str:
    """The one limit that weighs most; the others stand under Limits."""
    if data.run.notice:
        return "The records are synthetic: nothing here is evidence about any treatment."
    if data.verdict.incomplete:
        return f"Incomplete: {'; '.join(data.verdict.incomplete)}."
    if not data.facts.live:
        return "PubMed itself was not searched: what the records at hand do not hold could not be found."
    if data.primary.provenance != "stated":
        return "The query is ours. Another reading of the review would have found other records."
    if data.run.as_of:
        return f"Records that entered PubMed after {data.run.as_of} are left out."
    if data.flow.rules_only:
        if bounded(data.appraisal.audit):
            return "Rules screened these records; people read a sample of what the rules excluded."
        return "Rules screened these records; no person read them, and the rules are not validated."
    return "PubMed changes: the same query finds other records on another day."


def _number(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
