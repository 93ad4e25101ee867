"""Known items: references that a search should find, and why it misses those it misses.

Items used while the strategy was built (`use: build`) never measure it: for them only "k of n retrieved"
with their names is said. A reference cited by a review is not an included study.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from resift.errors import ConfigError, SourceError
from resift.formats.build import pmids_in
from resift.formats.by_hand import read_rows
from resift.identify.resolve import fetch_records
from resift.records import Record, Reference
from resift.rows import columns_of
from resift.tables import DecisionRow, Hit, KnownItemFinding
from resift.text.fold import fold
from resift.text.names import is_named, split_author
from resift.vocabulary import Held, Within

if TYPE_CHECKING:
    from resift.project.protocol import Protocol
    from resift.project.run import Run
    from resift.pubmed.source import Source
    from resift.query.mesh import MeshTree

SETS = ("cited by the review", "independent", "included in the review")
USES = ("build", "test")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """One row of `known-items.csv`."""

    item: str
    set: str
    use: str
    citation: str
    pmid: str
    pmid_verified: bool
    doi: str


INPUT_COLUMNS = columns_of(KnownItem)


# Stands among the items for what elink would have added to the review's own list, had it answered.
LIST_NOT_GIVEN = KnownItem(
    item="review-list",
    set=SETS[0],
    use=USES[1],
    citation="the rest of the review's reference list",
    pmid="",
    pmid_verified=False,
    doi="",
)


def load_known_items(paths: Sequence[Path]) -> list[KnownItem]:
    """Read known-items files. Raises `ConfigError` naming file and line."""
    items: list[KnownItem] = []
    seen: dict[str, str] = {}
    for path in paths:
        for line, row in read_rows(path, INPUT_COLUMNS, INPUT_COLUMNS[:5]):
            where = f"{path}, line {line}"
            item = _item(row, where)
            if item.item in seen:
                raise ConfigError(f"item '{item.item}' is given twice ({seen[item.item]})", where=where)
            seen[item.item] = where
            items.append(item)
    return items


def _item(row: Mapping[str, str | None], where: str) -> KnownItem:
    value = {name: (row.get(name) or "").strip() for name in INPUT_COLUMNS}
    if not value["item"]:
        raise ConfigError("an item needs a name in column 'item'", where=where)
    for name, allowed in (("set", SETS), ("use", USES)):
        if value[name] not in allowed:
            raise ConfigError(
                f"column '{name}' cannot be '{value[name]}'",
                where=where,
                fix=f"use one of: {', '.join(allowed)}",
            )
    numbers = pmids_in(value["pmid"])
    if value["pmid"] and len(numbers) != 1:
        problem = "holds several PMIDs" if numbers else "is not a PMID"
        raise ConfigError(f"'{value['pmid']}' {problem}", where=where, fix="give one whole number")
    return KnownItem(
        item=value["item"],
        set=value["set"],
        use=value["use"],
        citation=value["citation"],
        pmid=numbers[0] if numbers else "",
        pmid_verified=value["pmid_verified"].lower() in ("yes", "true", "1"),
        doi=value["doi"],
    )


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


def items_of_review(pmid: str, source: Source) -> list[KnownItem]:
    """The references of the review itself (its own list, and elink's), split before anyone looks.

    Half of them, by the hash of the PMID, may be used to build a strategy; the others test it.
    Raises `SourceError` when the source does not hold the review.
    """
    record = fetch_records([pmid], source).get(pmid)
    if record is None:
        raise SourceError(
            f"PMID {pmid} is not in this source",
            where="known_items.from_review",
            fix="check the PMID, or list the references in a known-items file",
        )
    citations = {ref.pmid or f"n{ref.n}": ref for ref in record.references}
    linked = source.cited([pmid])
    for cited in linked.get(pmid, ()):
        citations.setdefault(cited, Reference(n=0, pmid=cited))
    items = [] if pmid in linked else [LIST_NOT_GIVEN]
    for name, ref in citations.items():
        digest = hashlib.sha256((ref.pmid or ref.citation).encode()).digest()
        items.append(
            KnownItem(
                item=f"review-{name}",
                set=SETS[0],
                use=USES[digest[0] % 2],
                citation="",  # the review's list gives the PMID itself: nothing to compare it with
                pmid=ref.pmid,
                pmid_verified=bool(ref.pmid),
                doi=ref.doi,
            )
        )
    return sorted(items, key=lambda item: (not item.pmid, int(item.pmid or 0), item.item))


def uid_query(pmids: Sequence[str]) -> str:
    """One query for many PMIDs, so that looking them up costs one request."""
    return " OR ".join(f"{pmid}[uid]" for pmid in pmids)


def match(
    items: Sequence[KnownItem],
    source: Source,
    protocol: Protocol,
    run: Run,
    *,
    hits: Sequence[Hit],
    decisions: Sequence[DecisionRow],
    mesh: MeshTree | None = None,
) -> list[KnownItemFinding]:
    """Where each known item stands: in source, window and language, found by which strategies, its state.

    Costs at most three searches and one fetch. For an item that the primary strategy misses, the failing
    clause and the nearest change of the query are given.
    """
    strategies = {hit.pmid: hit.strategies for hit in hits}
    decided = {row.pmid: row for row in reversed(decisions) if row.pmid}
    pmids = sorted({item.pmid for item in items if item.pmid}, key=int)
    held, windowed, spoken = _lookups(pmids, source, protocol, run)
    records = fetch_records(held, source)
    findings = []
    confirmed = _confirmed(items, records, source)
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
        missed = protocol.primary.name not in finding.found_by
        if record is not None and missed:
            clause, fix = _why_missed(record, protocol, mesh)
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
    held = set(source.search(uid_query(pmids)).ids)
    limits = {"window": protocol.window_clause(until=run.until), "language": protocol.language_clause()}
    found = {}
    for name, clause in limits.items():
        query = f"({uid_query(sorted(held, key=int))}) AND {clause}"
        found[name] = set(source.search(query).ids) if clause and held else set(held)
    return held, found["window"], found["language"]


def _confirmed(items: Sequence[KnownItem], records: Mapping[str, Record], source: Source) -> set[str]:
    """The items marked `pmid_verified: no` whose citation the source itself takes to the PMID given."""
    from resift.formats.citations import parse_citation
    from resift.identify.resolve import resolve

    asked = [item for item in items if not item.pmid_verified and item.pmid in records and item.citation]
    citations = [replace(parse_citation(item.citation), pmid="") for item in asked]
    held = [records[pmid] for pmid in sorted({item.pmid for item in asked}, key=int)]
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


def _why_missed(record: Record, protocol: Protocol, mesh: MeshTree | None) -> tuple[str, str]:
    from resift.project.protocol import expand
    from resift.query.evidence import explain
    from resift.query.syntax import parse
    from resift.query.table import QueryTable
    from resift.records import frame_of

    strategy = protocol.primary
    query = parse(strategy.expanded, dialect=strategy.dialect_date, as_printed=True)
    table = QueryTable.from_records(frame_of([record]))
    found = explain(query, table, 0, record, mesh=mesh)
    # A block that is a fragment of the protocol is called by its name.
    names = {
        f"({expand(text, protocol.fragments, where='')})": f"{{{name}}}"
        for name, text in protocol.fragments.items()
    }
    names = {" ".join(text.split()): name for text, name in names.items()}
    clauses = [names.get(clause.text, clause.text) for clause in found.deciding]
    return "; ".join(dict.fromkeys(clauses)), found.nearest_fix
