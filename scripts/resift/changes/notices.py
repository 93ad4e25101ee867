"""Retractions and expressions of concern on everything that was or is included, checked at every run."""

from __future__ import annotations

from collections.abc import Mapping

from resift.changes.observation import Observation
from resift.changes.searched import Today
from resift.pubmed.source import Source
from resift.pubmed.xml import parse_element
from resift.records import Record, natural_key
from resift.screening.table import is_retracted
from resift.tables import NoticeRow
from resift.vocabulary import NoticeKind, State

# PubMed's words in CommentsCorrections for what stands on the report itself, with what they mean.
NOTICES: Mapping[str, NoticeKind] = {
    "RetractionIn": NoticeKind.RETRACTED,
    "PartialRetractionIn": NoticeKind.PARTLY_RETRACTED,
    "ExpressionOfConcernIn": NoticeKind.CONCERN,
}
# What stands as a result: included reports, and those that are still to be read.
STANDING = (State.INCLUDED, State.ELIGIBLE)

NOTED_BY = ("record", "pmid", "title", "publication_types", "links")
"""Columns of a record that are read here."""


def checked(now: Observation, before: Observation | None) -> list[str]:
    """Every record of a report that is or was included (or eligible), duplicates of it among them."""
    found: set[str] = set()
    for run in filter(None, (now, before)):
        groups = {row.group for row in run.decisions.values() if row.state in STANDING}
        found |= {record for record, row in run.decisions.items() if row.group in groups}
    return sorted(found, key=natural_key)


def notices(now: Observation, before: Observation | None, today: Today, source: Source) -> list[NoticeRow]:
    """One row for each notice, retractions first. The notices' own records are fetched for their dates, in
    one request; none where there is no notice. Raises `SourceError`."""
    rows: list[tuple[Record, NoticeKind, str, bool]] = []
    for name in checked(now, before):
        copy = now.records.get(name) or today.records.get(name) or (before and before.records.get(name))
        if not copy:
            continue
        old = before.records.get(name) if before else None
        then = set(_on(old)) if old else set()
        rows += [(copy, kind, pmid, (kind, pmid) not in then) for kind, pmid in _on(copy)]
    dates = _dates({pmid for _, _, pmid, _ in rows if pmid}, source)
    found = [
        NoticeRow(
            record=copy.record,
            pmid=copy.pmid,
            title=copy.title,
            kind=kind,
            notice_pmid=pmid,
            notice_date=dates.get(pmid, ""),
            before=_state(before, copy.record) if before else None,
            now=_state(now, copy.record),
            since_earlier=new and before is not None,
        )
        for copy, kind, pmid, new in rows
    ]
    order = list(NoticeKind)
    return sorted(found, key=lambda row: (order.index(row.kind), natural_key(row.record), row.notice_pmid))


def _on(record: Record) -> list[tuple[NoticeKind, str]]:
    """The notices on a record; a retracted publication whose notice is not linked has one without a PMID."""
    found = []
    for link in record.links:
        kind, _, pmid = link.partition(":")
        if kind in NOTICES:
            found.append((NOTICES[kind], pmid))
    if is_retracted(record) and not any(kind is NoticeKind.RETRACTED for kind, _ in found):
        found.append((NoticeKind.RETRACTED, ""))
    return list(dict.fromkeys(found))


def _dates(pmids: set[str], source: Source) -> dict[str, str]:
    found = {}
    for answer in source.fetch(pmids):
        for element in answer.elements.values():
            notice = parse_element(element)
            found[notice.pmid] = notice.electronic_date or notice.print_date or str(notice.year or "")
    return found


def _state(run: Observation, record: str) -> State | None:
    """How the report ended that a record belongs to."""
    row = run.decisions.get(record)
    if row is None:
        return None
    kept = run.decisions.get(row.group, row)
    return kept.state
