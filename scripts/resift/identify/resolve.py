"""From reference strings to records: by their PMID or DOI, by citation matching, or by what is held.

Every way ends in fetching the record, since a PMID from a string or from ecitmatch may belong to another
paper: what the record says must bear out what the string says, wherever in the string it says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from resift.formats.citations import Citation, CitationIndex, Match, bears_out, match
from resift.identify.held_records import NONE, HeldRecords
from resift.identify.search import ids_of
from resift.pubmed.source import CitationQuery, MatchOutcome, Source
from resift.pubmed.xml import parse_element
from resift.records import Record
from resift.vocabulary import How

# A query of this many DOIs stays far below what the server takes in one POST.
DOIS_AT_ONCE = 200
UNANSWERED = "citation matching: service unavailable; run the same command again"
MATCHER_DOWN = "the citation matcher did not answer; run the same command again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What became of one citation: its record as the source has it, or None with the reason."""

    record: Record | None
    how: How
    reason: str = ""


def fetch_records(pmids: Iterable[str], source: Source) -> dict[str, Record]:
    """Records by PMID; ids that the source does not return are absent."""
    wanted = sorted(set(pmids), key=int)
    records: dict[str, Record] = {}
    if wanted:
        for answer in source.fetch(wanted):
            for element in answer.elements.values():
                record = parse_element(element)
                records[record.pmid] = record
    return records


def resolve(citations: Sequence[Citation], source: Source, held: HeldRecords = NONE) -> list[Resolved]:
    """One outcome for each citation, in order.

    Asked in this order, so that most cost one request together: the PMID that the string gives, its DOI,
    NCBI's ecitmatch, the records already `held`, and for what is left NCBI's citation matcher with the
    string as it stands.
    """
    by_doi = _by_doi([c.doi for c in citations if c.doi and not c.pmid], source)
    matched = _by_ecitmatch(citations, by_doi, source)
    offered = {c.pmid for c in citations if c.pmid} | set(by_doi.values())
    offered |= {pmid for pmid, _ in matched.values() if pmid}
    # What the source gave before is not fetched again.
    fetched = {record.pmid: record for record in held.whole(pmids=offered) if record.source == "pubmed"}
    fetched |= fetch_records(offered - fetched.keys(), source)
    outcomes: list[Resolved] = []
    among_held: dict[int, Match] = {}
    for n, citation in enumerate(citations):
        pmid, how, said = citation.pmid, How.PUBMED, ""
        if not pmid and citation.doi.lower() in by_doi:
            pmid = by_doi[citation.doi.lower()]
        elif not pmid:
            pmid, said = matched.get(n, ("", "nothing to match by"))
            how = How.CITATION_MATCH
        outcome = _outcome(citation, pmid, how, said, fetched)
        if outcome.how is How.UNRESOLVED:
            found = match(citation, held.index)
            if found.record is not None:
                among_held[n] = found
            elif found.reason.startswith("ambiguous") or not outcome.reason:
                outcome = replace(outcome, reason=found.reason)
        outcomes.append(outcome)
    names = {found.record for found in among_held.values() if found.record}
    by_name = {record.record: record for record in held.whole(names=names)}
    for n, found in among_held.items():
        outcomes[n] = Resolved(record=by_name[found.record or ""], how=How.ARCHIVE_MATCH, reason=found.reason)
    return _by_text(citations, outcomes, source)


def _outcome(
    citation: Citation,
    pmid: str,
    how: How,
    said: str,
    fetched: Mapping[str, Record],
) -> Resolved:
    """What the PMID offered for a citation comes to; unresolved, with the reason, where it is nothing."""
    if pmid in fetched and bears_out(citation, fetched[pmid]):
        return Resolved(record=fetched[pmid], how=how)
    if pmid in fetched:
        said = f"PMID {pmid} is of another paper"
    elif pmid:
        said = f"PMID {pmid} is not in this source"
    how = How.UNAVAILABLE if said == UNANSWERED else How.UNRESOLVED
    return Resolved(record=None, how=how, reason=said)


def _by_text(citations: Sequence[Citation], outcomes: list[Resolved], source: Source) -> list[Resolved]:
    """The outcomes, with what the citation matcher finds for strings that nothing else resolved.

    Its candidates are held beside the string like any record held: one that agrees is taken, none or
    several are not. A string that it did not answer for stays open: a later call asks again.
    """
    left = {n for n, outcome in enumerate(outcomes) if outcome.record is None and _can_be_asked(citations[n])}
    offered = source.match_text([citations[n].text for n in sorted(left)]) if left else {}
    records = fetch_records({pmid for pmids in offered.values() for pmid in pmids or ()}, source)
    settled = list(outcomes)
    for n in sorted(left):
        pmids = offered.get(citations[n].text, ())
        if pmids is None:
            settled[n] = Resolved(record=None, how=How.UNAVAILABLE, reason=MATCHER_DOWN)
            continue
        candidates = [records[pmid] for pmid in pmids if pmid in records]
        if not candidates:
            continue
        found = match(citations[n], CitationIndex.from_records(candidates))
        by_name = {record.record: record for record in candidates}
        if found.record is not None:
            settled[n] = Resolved(
                record=by_name[found.record], how=How.CITATION_MATCH, reason=f"by its words: {found.reason}"
            )
        else:
            names = ", ".join(record.pmid for record in candidates[:4])
            reason = f"{outcomes[n].reason}; the citation matcher offers PMID {names}: {found.reason}"
            settled[n] = Resolved(record=None, how=How.UNRESOLVED, reason=reason)
    return settled


def _can_be_asked(citation: Citation) -> bool:
    """Whether a string has words to be looked up by; one that names its PMID was answered already."""
    return not citation.pmid and len(citation.text.split()) >= 4


def _by_doi(dois: Sequence[str], source: Source) -> dict[str, str]:
    """DOI in lower case -> PMID, for the DOIs that the source knows."""
    wanted = sorted({doi.lower() for doi in dois if '"' not in doi})
    found: dict[str, str] = {}
    for start in range(0, len(wanted), DOIS_AT_ONCE):
        query = " OR ".join(f'"{doi}"[doi]' for doi in wanted[start : start + DOIS_AT_ONCE])
        records = fetch_records(ids_of(source, query), source)
        found.update({r.doi.lower(): r.pmid for r in records.values() if r.doi.lower() in wanted})
    return found


def _by_ecitmatch(
    citations: Sequence[Citation], by_doi: Mapping[str, str], source: Source
) -> dict[int, tuple[str, str]]:
    """Position -> (PMID or "", why not), for the citations without PMID or known DOI."""
    results: dict[int, tuple[str, str]] = {}
    asked: dict[str, int] = {}
    questions = []
    for n, citation in enumerate(citations):
        if citation.pmid or citation.doi.lower() in by_doi:
            continue
        if not (citation.journal and citation.year and (citation.volume or citation.first_page)):
            results[n] = ("", "the string names no journal with year and volume or page to match by")
            continue
        key = f"c{n}"
        asked[key] = n
        questions.append(
            CitationQuery(
                key=key,
                journal=citation.journal,
                year=str(citation.year),
                volume=citation.volume,
                first_page=citation.first_page,
                author=citation.first_author,
            )
        )
    for key, answer in (source.match(questions) if questions else {}).items():
        if answer.outcome is MatchOutcome.UNAVAILABLE:
            results[asked[key]] = ("", UNANSWERED)
            continue
        found = answer.outcome is MatchOutcome.FOUND
        said = "" if found else f"citation matching: {answer.said or answer.outcome.value}"
        results[asked[key]] = (answer.pmid if found else "", said)
    return results
