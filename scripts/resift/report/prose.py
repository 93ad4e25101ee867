"""Sentences of the report with every number computed: title, methods paragraph, limits, citation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from resift import __version__
from resift.report.data import ReportData
from resift.vocabulary import Box, Column


def title_of(data: ReportData) -> str:
    """`Rossi 2014: the literature search, rerun`; the protocol's id where no review is named."""
    citation = " ".join(str((data.protocol.get("review") or {}).get("citation") or "").split())
    year = re.search(r"\b(?:19|20)\d\d\b", citation)
    if citation and year:
        return f"{citation.split()[0].strip(',.')} {year.group()}: the literature search, rerun"
    return f"{data.protocol.get('id') or data.name}: a literature search, audited"


def methods_paragraph(data: ReportData) -> list[str]:
    """The methods as sentences, ready to paste; the same numbers as the diagram."""
    n = data.flow.n
    primary = data.primary
    protocol, platform = data.protocol, data.facts.platform
    where = platform if data.facts.live else platform[0].lower() + platform[1:]
    said = [f"We searched {where}, at {primary.searched_at or 'an unrecorded time'}."]
    said.append(_strategy(data))
    said.append(_limits_sentence(data))
    removed = _duplicates(n(Box.DUPLICATES_REMOVED))
    if n(Box.MARKED_INELIGIBLE):
        removed += f", {n(Box.MARKED_INELIGIBLE):,} were marked as ineligible by automation tools"
    if n(Box.REMOVED_OTHERWISE):
        removed += f", {n(Box.REMOVED_OTHERWISE):,} were removed for other reasons"
    identified = n(Box.IDENTIFIED_DATABASES) + n(Box.IDENTIFIED_REGISTERS)
    said.append(
        f"The primary strategy identified {identified:,} records; {removed}; {n(Box.SCREENED):,} were "
        "screened."
    )
    if n(Box.SCREENED):
        said.append(_screening(data))
    other = data.flow.find(Box.IDENTIFIED_OTHER, Column.OTHER)
    if other and other.n:
        parts = "; ".join(f"{part.label} {part.n:,}" for part in other.parts)
        said.append(
            f"Other methods identified {other.n:,} records ({parts}), of which "
            f"{n(Box.ALREADY_KNOWN, Column.OTHER):,} were already known from the databases."
        )
    if data.flow.number(Box.INCLUDED_REPORTS, Column.BOTH) is None:
        said.append("Full texts were not assessed.")
    else:
        said.append(
            f"{n(Box.SOUGHT):,} reports were sought, {n(Box.NOT_RETRIEVED):,} not retrieved, "
            f"{n(Box.ASSESSED):,} assessed in full text, {n(Box.NOT_YET_ASSESSED):,} not yet assessed, and "
            f"{n(Box.INCLUDED_REPORTS, Column.BOTH):,} reports of "
            f"{n(Box.INCLUDED_STUDIES, Column.BOTH):,} studies included."
        )
    if protocol.get("id"):
        said.append(
            f"Protocol {protocol['id']} (SHA-256 {data.run.protocol_sha256[:16]}) was frozen before the "
            f"first fetch; software: resift {__version__}."
        )
    return said


def _duplicates(n: int) -> str:
    return f"{n:,} duplicate {'record was' if n == 1 else 'records were'} removed"


def _strategy(data: ReportData) -> str:
    primary, m = data.primary, len(data.searches)
    kind = "as the review states it" if primary.provenance == "stated" else "reconstructed"
    text = f"The primary strategy, {primary.name}, is {kind} and found {primary.count:,} records"
    if m > 1:
        counts = [search.count for search in data.searches]
        text += f"; {m} declared candidates found {min(counts):,} to {max(counts):,}"
    return text + "; all are given in full."


def _limits_sentence(data: ReportData) -> str:
    window = data.protocol.get("window") or {}
    parts = []
    if data.protocol.get("languages"):
        parts.append(f"to {', '.join(data.protocol['languages'])}")
    if window.get("from") or window.get("until"):
        first, last = window.get("from") or "the beginning", data.run.until or "open"
        parts.append(f"to {first} through {last} [{window.get('field') or 'dp'}]")
    return f"Searches were limited {' and '.join(parts)}." if parts else "No limits were used."


def _screening(data: ReportData) -> str:
    n = data.flow.n
    who = (
        "Rules applied to title, abstract and indexing, with no person reading the records,"
        if data.flow.rules_only
        else f"Rules ({n(Box.EXCLUDED_BY_AUTOMATION):,}) and people ({n(Box.EXCLUDED_BY_HUMAN):,})"
    )
    return (
        f"{who} excluded {n(Box.EXCLUDED):,} records; {n(Box.AWAITING):,} await a person, and "
        f"{n(Box.ELIGIBLE):,} were eligible on title and abstract."
    )


def limits(data: ReportData) -> Sequence[str]:
    """What a reader must know before using a number."""
    said = [data.run.notice] if data.run.notice else []
    if not data.facts.live:
        said.append(
            "Other records stand in for PubMed: what they do not hold could not be found, and the query was "
            "not evaluated by PubMed itself."
        )
    rebuilt = [s.name for s in data.searches if s.provenance != "stated"]
    if rebuilt:
        said.append(
            f"The review prints no query for: {', '.join(rebuilt)}. These are declared reconstructions."
        )
    if data.flow.rules_only:
        said.append("Rules screened the records; no person read them, and the rules are not validated.")
    else:
        said.append("Where no person decided, rules did; the rules are not validated.")
    approximations = sum(len(s.approximations) for s in data.searches)
    if approximations:
        said.append("Parts of the strategies were evaluated by approximation, listed under each strategy.")
    other = data.protocol.get("other_methods") or {}
    if (other.get("references") or {}).get("rounds"):
        seeds = (other.get("references") or {}).get("seeds", "eligible")
        lists = data.flow.reference_lists
        said.append(
            f"Backward citation searching stands in for reference list checking, from {seeds} reports; lists "
            f"that the source does not carry were not searched ({lists.available:,} of {lists.seeds:,} lists "
            "were there)."
        )
    counts = data.flow.counts
    if counts and counts.no_abstract:
        said.append(f"{counts.no_abstract:,} records screened have no abstract.")
    if data.missing:
        said.append(f"{len(data.missing):,} ids were counted by the source but not returned as records.")
    return said


def how_to_cite(data: ReportData) -> str:
    """A citation of this run; the recorded time of the search says which observation it is."""
    when = data.primary.searched_at or "at an unrecorded time"
    return (
        f"{title_of(data)}. Run {data.name}, searched {when}. "
        f"Protocol SHA-256 {data.run.protocol_sha256}. resift {__version__}."
    )
