"""Sentences of the report with every number computed: title, methods paragraph, limits, citation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from resift import __version__
from resift.prisma.limits import limits_in_words
from resift.report.data import ReportData
from resift.screening.audit import bounded, in_words
from resift.text.numbers import counted
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
        removed += f", {n(Box.MARKED_INELIGIBLE):,} marked as ineligible by automation tools"
    if n(Box.REMOVED_OTHERWISE):
        removed += f", {n(Box.REMOVED_OTHERWISE):,} removed for other reasons"
    identified = n(Box.IDENTIFIED_DATABASES) + n(Box.IDENTIFIED_REGISTERS)
    said.append(
        f"The primary strategy identified {counted(identified, 'record')}{_sources(data)}; {removed}; "
        f"{n(Box.SCREENED):,} {_were(n(Box.SCREENED))} screened."
    )
    if n(Box.SCREENED):
        said.append(_screening(data))
    other = data.flow.find(Box.IDENTIFIED_OTHER, Column.OTHER)
    if other and other.n:
        parts = "; ".join(f"{part.label} {part.n:,}" for part in other.parts)
        said.append(
            f"Other methods identified {counted(other.n, 'record')} ({parts}), of which "
            f"{n(Box.ALREADY_KNOWN, Column.OTHER):,} {_were(n(Box.ALREADY_KNOWN, Column.OTHER))} already "
            "known from the databases."
        )
    if data.flow.number(Box.INCLUDED_REPORTS, Column.BOTH) is None:
        said.append("Full texts were not assessed.")
    else:
        said.append(
            f"{counted(n(Box.SOUGHT), 'report')} {_were(n(Box.SOUGHT))} sought"
            f"{_waiting(n(Box.NOT_YET_SOUGHT), 'not yet sought')}, {n(Box.NOT_RETRIEVED):,} not retrieved, "
            f"{n(Box.ASSESSED):,} assessed in full text, {n(Box.NOT_YET_ASSESSED):,} not yet assessed, and "
            f"{counted(n(Box.INCLUDED_REPORTS, Column.BOTH), 'report')} of "
            f"{counted(n(Box.INCLUDED_STUDIES, Column.BOTH), 'study', 'studies')} included."
        )
    if protocol.get("id"):
        said.append(
            f"Protocol {protocol['id']} (SHA-256 {data.run.protocol_sha256[:16]}) was frozen before the "
            f"first fetch; software: resift {__version__}."
        )
    return said


def _were(n: int) -> str:
    return "was" if n == 1 else "were"


def _waiting(n: int, what: str) -> str:
    return f" ({n:,} {what})" if n else ""


def _duplicates(n: int) -> str:
    return f"{counted(n, 'duplicate record')} {_were(n)} removed"


def _sources(data: ReportData) -> str:
    """`, of them 100 from PubMed and 20 from Embase`, where more than one source was used."""
    named = {**data.flow.sources.databases, **data.flow.sources.registers}
    if len(named) < 2:
        return ""
    return f" ({', '.join(f'{name} {n:,}' for name, n in sorted(named.items()))})"


def _strategy(data: ReportData) -> str:
    primary, m = data.primary, len(data.searches)
    kind = "as the review states it" if primary.provenance == "stated" else "reconstructed"
    text = f"The primary strategy, {primary.name}, is {kind} and found {counted(primary.count, 'record')}"
    if m > 1:
        counts = [search.count for search in data.searches]
        text += f"; {m} declared candidates found {min(counts):,} to {max(counts):,}"
    return text + "; all are given in full."


def _limits_sentence(data: ReportData) -> str:
    limits = limits_in_words(data.run)
    return f"Limits of the search: {'; '.join(limits)}." if limits else "No limits were used."


def _screening(data: ReportData) -> str:
    n = data.flow.n
    who = (
        "Rules applied to title, abstract and indexing, with no person reading the records,"
        if data.flow.rules_only
        else f"Rules ({n(Box.EXCLUDED_BY_AUTOMATION):,}) and people ({n(Box.EXCLUDED_BY_HUMAN):,})"
    )
    return (
        f"{who} excluded {counted(n(Box.EXCLUDED), 'record')}; {n(Box.AWAITING):,} "
        f"{'awaits' if n(Box.AWAITING) == 1 else 'await'} a person, and "
        f"{n(Box.ELIGIBLE):,} {_were(n(Box.ELIGIBLE))} eligible on title and abstract."
    )


def limits(data: ReportData) -> Sequence[str]:
    """What a reader must know before using a number."""
    said = [data.run.notice] if data.run.notice else []
    said += [f"Limit of the search: {limit}." for limit in limits_in_words(data.run)]
    said += [f"Incomplete: {service}." for service in data.verdict.incomplete]
    if age := data.received.in_words(data.run):
        said.append(age)
    if data.boundary:
        said.append(
            f"Whether {counted(len(data.boundary), 'record')} lie in the window hangs on the "
            "meaning of the date field or on a day at its edge: see boundary records."
        )
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
    audit = data.appraisal.audit
    checked = in_words(audit) if bounded(audit) else "The rules are not validated."
    if data.flow.rules_only:
        said.append(f"Rules screened the records; no person read them. {checked}")
    else:
        said.append(f"Where no person decided, rules did. {checked}")
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
        have = "has" if counts.no_abstract == 1 else "have"
        said.append(f"{counted(counts.no_abstract, 'record')} screened {have} no abstract.")
    if data.missing:
        said.append(
            f"{counted(len(data.missing), 'id')} {_were(len(data.missing))} counted by the source but not "
            "returned as records."
        )
    return said


def how_to_cite(data: ReportData) -> str:
    """A citation of this run; the recorded time of the search says which observation it is."""
    when = data.primary.searched_at or "at an unrecorded time"
    return (
        f"{title_of(data)}. Run {data.name}, searched {when}. "
        f"Protocol SHA-256 {data.run.protocol_sha256}. resift {__version__}."
    )
