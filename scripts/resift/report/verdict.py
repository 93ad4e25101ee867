"""The verdict strip: what was asked, what was possible, what was found, and the largest caveat.

The measure is that of Rethlefsen et al. (J Clin Epidemiol 2024;166:111229): a search counts as
reproducible when six PRISMA-S items are reported (1, 2, 8, 9, 13, 15), and as reproduced when a rerun
comes within 10 % of the number of records reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from resift.prisma.statements import PRISMA_S
from resift.report.data import ReportData
from resift.vocabulary import Box, Column

SIX_ITEMS = ("1", "2", "8", "9", "13", "15")
TOLERANCE = 0.10


class Outcome(StrEnum):
    """What can be said of a review's number of records."""

    REPRODUCED = "Reproduced"
    DIFFERS = "Differs"
    NOT_ASSESSABLE = "Not assessable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The strip in words. `items` are (number, name, what the review reports or "") of the six items."""

    outcome: Outcome
    kind: str
    because: tuple[str, ...]
    asked: tuple[str, ...]
    possible: tuple[str, ...]
    found: tuple[str, ...]
    caveat: str
    items: tuple[tuple[str, str, str], ...]


def judge(data: ReportData) -> Verdict:
    """The verdict on a run."""
    reported = data.protocol.get("reported") or {}
    told = reported.get("prisma_s") or {}
    names = {item.number: item.name for item in PRISMA_S}
    items = tuple((n, names[n], "" if told.get(n) is None else str(told[n])) for n in SIX_ITEMS)
    outcome, because = _outcome(data, reported, items)
    return Verdict(
        outcome=outcome,
        kind=_kind(data),
        because=because,
        asked=_asked(data),
        possible=_possible(data),
        found=_found(data),
        caveat=_caveat(data),
        items=items,
    )


def _kind(data: ReportData) -> str:
    """Reproduction needs the review's own query; with a query of ours it is a reconstruction."""
    if not (data.protocol.get("review") or {}).get("citation"):
        return "A search of its own: no earlier review is rerun"
    if _moved(data):
        return "An update of the review's search: its window was moved"
    if data.primary.provenance == "stated":
        return "Reproduction: the strategy is the review's own"
    return "Reconstruction, not reproduction"


def _moved(data: ReportData) -> bool:
    """Whether the run's window ends on another day than the review's."""
    stated = (data.protocol.get("window") or {}).get("until")
    return stated not in (None, "today", "open") and (data.run.until or "open") != str(stated)


def _outcome(
    data: ReportData, reported: Mapping[str, Any], items: tuple[tuple[str, str, str], ...]
) -> tuple[Outcome, tuple[str, ...]]:
    because: list[str] = []
    missing = [f"{number} ({name.lower()})" for number, name, told in items if not told]
    count = reported.get("records_identified")
    if data.primary.provenance != "stated":
        because.append(
            "The review prints no search string; "
            + _number(len(data.searches), "declared candidate stands", "declared candidates stand")
            + " in for it."
        )
    if missing:
        because.append(f"Of the six PRISMA-S items of the measure the review leaves out {_list(missing)}.")
    if count is None:
        because.append("It gives no number of records, so there is nothing to compare a count with.")
    if _moved(data):
        ends = data.protocol["window"]["until"]
        because.append(f"The review's window ends on {ends}, this run's on {data.run.until or 'open'}.")
    if not data.facts.live:
        because.append(
            f"Searched here: {data.facts.platform[0].lower()}{data.facts.platform[1:]}. A verdict on a count "
            "needs PubMed itself or a whole baseline of it."
        )
    if because:
        return Outcome.NOT_ASSESSABLE, tuple(because)
    n = data.primary.count
    apart = abs(n - count) / count if count else float(n > 0)
    said = f"The review reports {count:,} records, this run found {n:,}: {apart:.1%} apart."
    if apart <= TOLERANCE:
        return Outcome.REPRODUCED, (said,)
    return Outcome.DIFFERS, (
        said,
        "Share explained: not known, since the review publishes no list of the records that it found.",
    )


def _asked(data: ReportData) -> tuple[str, ...]:
    protocol, window = data.protocol, data.protocol.get("window") or {}
    asked = [" ".join(str(protocol["question"]).split())] if protocol.get("question") else []
    limits = [", ".join(protocol.get("databases") or ["PubMed"])]
    limits += [f"in {', '.join(protocol['languages'])}"] if protocol.get("languages") else []
    if window.get("from") or window.get("until"):
        first, last = window.get("from") or "the beginning", data.run.until or "open"
        limits.append(f"{first} to {last} [{window.get('field') or 'dp'}]")
    return (*asked, "; ".join(limits) + ".")


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
    said = [f"{_number(data.primary.count, 'record', 'records')} by the primary strategy, {name}."]
    if len(counts) > 1:
        said.append(
            f"{min(counts):,} to {max(counts):,} over {len(counts)} declared candidates (a range, not a "
            "confidence interval)."
        )
    evidenced, waiting = data.flow.n(Box.ELIGIBLE), data.flow.n(Box.AWAITING)
    said.append(
        f"{evidenced:,} eligible on title and abstract; {evidenced + waiting:,} with those that await a "
        "person."
    )
    included = data.flow.number(Box.INCLUDED_REPORTS, Column.BOTH)
    if included is not None:
        said.append(f"{_number(included, 'report', 'reports')} included by people on full text.")
    else:
        said.append("Full texts: not assessed.")
    if data.flow.reference_lists.unavailable:
        said.append(data.flow.reference_lists.unavailable)
    if data.missing:
        said.append(
            f"{_number(len(data.missing), 'record', 'records')} counted by the source and not returned: the "
            "source itself has none under that number."
        )
    return tuple(said)


def _caveat(data: ReportData) -> str:
    """The one limit that weighs most; the others stand under Limits."""
    if data.run.notice:
        return "The records are synthetic: nothing here is evidence about any treatment."
    if not data.facts.live:
        return "PubMed itself was not searched: what the records at hand do not hold could not be found."
    if data.primary.provenance != "stated":
        return "The query is ours. Another reading of the review would have found other records."
    if data.flow.rules_only:
        return "Rules screened these records; no person read them, and the rules are not validated."
    return "PubMed changes: the same query finds other records on another day."


def _number(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
