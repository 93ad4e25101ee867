"""Recall: which known items a search finds, and why it misses those it misses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from resift.identify.held_records import InMemory
from resift.identify.known_items import LIST_NOT_GIVEN, KnownItem
from resift.identify.resolve import fetch_records, resolve
from resift.identify.search import ids_of
from resift.records import Record
from resift.tables import DecisionRow, Hit, KnownItemFinding
from resift.text.fold import fold
from resift.text.names import is_named, split_author
from resift.vocabulary import Held, Within

if TYPE_CHECKING:
    from resift.project.protocol import Protocol
    from resift.project.run import Run
    from resift.pubmed.source import Source
    from resift.query.mesh import MeshTree


def agrees(item: KnownItem, record: Record) -> bool:
    """Whether the record held under an item's PMID is the work that its citation names.

    The first author's family name, in any customary spelling, and the year must stand in the citation (a
    PMID from memory may belong to another paper).
    """
    if not item.citation:
        return True
    words = fold(item.citation).split()
    family = split_author(record.authors[0])[0] if record.authors else ""
    year_ok = record.year is None or any(
        str(year) in words for year in (record.year - 1, record.year, record.year + 1)
    )
    return year_ok and (not family or is_named(family, item.citation))


def uid_query(pmids: Sequence[str]) -> str:
    """One query for many PMIDs, so that looking them up costs one request."""
    return " OR ".join(f"{pmid}[uid]" for pmid in pmids)


def match(
    items: Sequence[KnownItem],
    source: Source,
    protocol: Protocol,
    run: Run,
    *,
    hits: Iterable[Hit],
    decisions: Sequence[DecisionRow],
    mesh: MeshTree | None = None,
) -> list[KnownItemFinding]:
    """Where each known item stands: in source, window and language, found by which strategies, its state.

    Costs at most three searches and one fetch. For an item that the primary strategy misses, the failing
    clause and the nearest change of the query are given.
    """
    pmids = sorted({item.pmid for item in items if item.pmid}, key=int)
    wanted = set(pmids)
    strategies = {hit.pmid: hit.strategies for hit in hits if hit.pmid in wanted}
    decided = {row.pmid: row for row in reversed(decisions) if row.pmid in wanted}
    held, windowed, spoken = _lookups(pmids, source, protocol, run)
    records = fetch_records(held, source)
    findings = []
    confirmed = _confirmed(items, records, source)
    found_it = {pmid for pmid, names in strategies.items() if protocol.primary.name in names}
    why = _why_missed([records[p] for p in pmids if p in records and p not in found_it], protocol, mesh)
    for item in items:
        record, decision = records.get(item.pmid), decided.get(item.pmid)
        finding = KnownItemFinding(
            item=item.item,
            set=item.set,
            use=item.use,
            pmid=item.pmid,
            in_source=_in_source(item, record, confirmed),
            in_window=_within(record, windowed),
            in_language=_within(record, spoken),
            found_by=strategies.get(item.pmid, ()),
            state=decision.state if decision else None,
            box=decision.box if decision else None,
        )
        if item.pmid in why:
            clause, fix = why[item.pmid]
            if finding.in_window is Within.NO:
                clause, fix = "search limit: window", ""
            elif finding.in_language is Within.NO:
                clause, fix = "search limit: language", ""
            finding = replace(finding, missed_clause=clause, nearest_fix=fix)
        findings.append(finding)
    return findings


def _lookups(
    pmids: Sequence[str], source: Source, protocol: Protocol, run: Run
) -> tuple[set[str], set[str], set[str]]:
    """Which PMIDs the source holds, which of them lie in the window, and which in the languages."""
    if not pmids:
        return set(), set(), set()
    held = set(ids_of(source, uid_query(pmids)))
    limits = {"window": protocol.window_clause(until=run.until), "language": protocol.language_clause()}
    found = {}
    for name, clause in limits.items():
        query = f"({uid_query(sorted(held, key=int))}) AND {clause}"
        found[name] = set(ids_of(source, query)) if clause and held else set(held)
    return held, found["window"], found["language"]


def _confirmed(items: Sequence[KnownItem], records: Mapping[str, Record], source: Source) -> set[str]:
    """The items marked `pmid_verified: no` whose citation the source itself takes to the PMID given."""
    from resift.formats.citations import parse_citation

    asked = [item for item in items if not item.pmid_verified and item.pmid in records and item.citation]
    citations = [replace(parse_citation(item.citation), pmid="") for item in asked]
    held = InMemory([records[pmid] for pmid in sorted({item.pmid for item in asked}, key=int)])
    answers = resolve(citations, source, held) if asked else []
    return {
        item.item
        for item, answer in zip(asked, answers, strict=True)
        if answer.record is not None and answer.record.pmid == item.pmid
    }


def _in_source(item: KnownItem, record: Record | None, confirmed: set[str]) -> Held:
    if not item.pmid:
        return Held.UNAVAILABLE if item == LIST_NOT_GIVEN else Held.NO_PMID
    if record is None:
        return Held.NO
    if not agrees(item, record):
        return Held.OTHER_PAPER
    return Held.YES if item.pmid_verified or item.item in confirmed else Held.UNVERIFIED


def _within(record: Record | None, pmids: set[str]) -> Within:
    if record is None:
        return Within.UNKNOWN
    return Within.YES if record.pmid in pmids else Within.NO


def _why_missed(
    records: Sequence[Record], protocol: Protocol, mesh: MeshTree | None
) -> dict[str, tuple[str, str]]:
    """PMID -> the clauses of the primary strategy that miss a record, and the nearest change of the query."""
    from resift.project.protocol import expand
    from resift.query.evaluate import evaluate
    from resift.query.evidence import Explainer
    from resift.query.syntax import parse
    from resift.query.table import QueryTable

    if not records:
        return {}
    strategy = protocol.primary
    query = parse(strategy.expanded, dialect=strategy.dialect_date, as_printed=True)
    explainer = Explainer(evaluate(query, QueryTable.from_records(records), mesh=mesh))
    # A block that is a fragment of the protocol is called by its name.
    names = {
        f"({expand(text, protocol.fragments, where='')})": f"{{{name}}}"
        for name, text in protocol.fragments.items()
    }
    names = {" ".join(text.split()): name for text, name in names.items()}
    why = {}
    for position, record in enumerate(records):
        found = explainer.explain(position, record)
        clauses = [names.get(clause.text, clause.text) for clause in found.deciding]
        why[record.pmid] = "; ".join(dict.fromkeys(clauses)), found.nearest_fix
    return why
