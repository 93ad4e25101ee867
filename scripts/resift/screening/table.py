"""`decisions.csv`: the records of both lanes with their decisions, from the tables of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resift.records import Record, natural_key
from resift.screening.criteria import Criterion, Kind, Screening
from resift.screening.decisions import Candidate, decide
from resift.screening.human_decisions import HumanDecision
from resift.screening.reread import to_reread
from resift.tables import TOPIC_PREFIX, CriterionAnswer, DecisionRow, Evidence, Grouped, Miss
from resift.vocabulary import Answer, Box, Decider, Lane, Retracted, State

DECIDED_BY = (
    "record", "source", "pmid", "doi", "year", "title", "languages", "publication_types", "links",
    "text_sha256",
)  # fmt: skip
"""Columns of a record that deciding reads: without its text, a million records fit into memory."""


def is_retracted(record: Record) -> bool:
    """Whether a record is of a retracted publication (the notice of a retraction itself is not)."""
    types = {kind.lower() for kind in record.publication_types}
    return "retracted publication" in types or any(link.startswith("RetractionIn:") for link in record.links)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneTables:
    """What deciding needs of one lane: records in order, their groups, their answers, what found them.

    Of the records, `DECIDED_BY` is read. `outside_limits` are those outside limits of the review that bind
    them.
    """

    lane: Lane
    records: Sequence[Record]
    duplicates: Sequence[Grouped]
    answers: Sequence[CriterionAnswer]
    found_by: Mapping[str, tuple[str, ...]]
    outside_limits: frozenset[str] = frozenset()


def candidates(lanes: Sequence[LaneTables], screening: Screening) -> list[Candidate]:
    """Every record of every lane, ready to be decided."""
    found: list[Candidate] = []
    in_databases = {record.record for tables in lanes[:1] for record in tables.records}
    for tables in lanes:
        group = {row.record: row for row in tables.duplicates}
        told = _told(tables.answers, screening)
        for record in tables.records:
            grouped = group[record.record]
            elsewhere = tables.lane is Lane.OTHER and grouped.group in in_databases
            answers, conditions = told.get(record.record, ((), ()))
            found.append(
                Candidate(
                    record=record.record,
                    lane=tables.lane,
                    group=grouped.group,
                    kept=grouped.kept and not elsewhere,
                    found_by=tables.found_by.get(record.record, ()),
                    answers=answers,
                    pmid=record.pmid,
                    doi=record.doi,
                    known_elsewhere=elsewhere,
                    outside_limits=record.record in tables.outside_limits,
                    grouped_by=grouped.rule,
                    text_sha256=record.text_sha256,
                    conditions=conditions,
                )
            )
    return found


_Answers = tuple[tuple[str, Answer], ...]
_Conditions = tuple[tuple[str, str], ...]


def _told(rows: Iterable[CriterionAnswer], screening: Screening) -> dict[str, tuple[_Answers, _Conditions]]:
    """Record -> its answers and conditions, in the order of the criteria; what many share is held once."""
    criteria = {criterion.id: (n, criterion) for n, criterion in enumerate(screening.criteria)}
    shared: dict[Any, Any] = {}
    given: dict[str, tuple[tuple[int, Answer, str], ...]] = {}
    for row in rows:
        if row.criterion in criteria:
            n, criterion = criteria[row.criterion]
            words = "" if row.answer is Answer.MET else condition(criterion, row)
            own = (*given.get(row.record, ()), (n, row.answer, words))
            given[row.record] = shared.setdefault(own, own)
    order = [criterion.id for criterion in screening.criteria]
    told = {
        own: (
            tuple((order[n], answer) for n, (answer, _) in by_criterion),
            tuple((order[n], words) for n, (answer, words) in by_criterion if answer is not Answer.MET),
        )
        for own in set(given.values())
        for by_criterion in [sorted({n: (answer, words) for n, answer, words in own}.items())]
    }
    return {record: told[own] for record, own in given.items()}


def condition(criterion: Criterion, row: CriterionAnswer) -> str:
    """What would have to be so for a criterion to be met, in words: the places or terms that it hangs on."""
    if row.answer is Answer.CONFLICT:
        wanted = "the records of this report would have to agree"
    elif criterion.kind is Kind.EXCLUDE_IF and row.answer is Answer.NOT_MET:
        wanted = f"without {_cut(row.clause)}"
    elif criterion.kind is not Kind.EXCLUDE_IF and row.missing_terms:
        wanted = f"with {_cut(row.missing_terms.replace('; ', ' or '))}"
    else:
        wanted = "it hangs on a field that this copy of the record lacks"
    return f"{criterion.label}: {wanted}"


def _cut(text: str, limit: int = 160) -> str:
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"


def decision_rows(
    everyone: Sequence[Candidate],
    records: Sequence[Record],
    screening: Screening,
    human: Sequence[HumanDecision],
    *,
    role: str,
    full_text: bool,
    topics: Mapping[str, Sequence[str]],
    first_seen: Mapping[str, str],
    run: str,
    missing: Iterable[Miss] = (),
    missing_found_by: Mapping[str, tuple[str, ...]] | None = None,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> list[DecisionRow]:
    """Rows of `decisions.csv`, sorted by lane and record.

    `everyone` are the `candidates`, and `records` theirs, in the same order. `topics` maps record ids to
    topic names, `first_seen` to the run that saw a record first. `missing` are ids that the source counted
    and did not return (PRISMA: removed for other reasons). `progress` is told how many records are done, of
    how many.
    """
    marks = {row.line: row.why for row in to_reread(everyone, human, version=screening.version)}
    decided = decide(everyone, human, role=role, marks=marks)
    rows = []
    for done, (candidate, record, decision) in enumerate(zip(everyone, records, decided, strict=True), 1):
        progress(done, len(everyone))
        rows.append(
            DecisionRow(
                record=record.record,
                pmid=record.pmid,
                doi=record.doi,
                year=record.year,
                title=record.title,
                lane=candidate.lane,
                source=record.source,
                found_by=candidate.found_by,
                first_seen=first_seen.get(record.record, run),
                group=candidate.group,
                study=candidate.group,
                state=decision.state,
                box=_final_box(decision.box, full_text=full_text),
                decided_by=decision.decided_by,
                criterion=decision.criterion,
                reason=decision.reason,
                automated_outcome=decision.automated_outcome,
                human_outcomes=decision.human_outcomes,
                flips_if=decision.flips_if,
                topics=tuple(topics.get(record.record, ())),
                retracted=Retracted.YES if is_retracted(record) else Retracted.NO,
                text_sha256=record.text_sha256,
                criteria_version=screening.version,
            )
        )
    found_by = missing_found_by or {}
    rows += [_not_returned(miss, found_by.get(miss.pmid, ()), first_seen, run) for miss in missing]
    return sorted(rows, key=lambda row: (row.lane is not Lane.DATABASES, natural_key(row.record)))


def _not_returned(
    miss: Miss, found_by: tuple[str, ...], first_seen: Mapping[str, str], run: str
) -> DecisionRow:
    """An id without a record: identified, and removed before screening."""
    name = f"pubmed:{miss.pmid}"
    return DecisionRow(
        record=name,
        pmid=miss.pmid,
        doi="",
        year=None,
        title="",
        lane=Lane.DATABASES,
        source="pubmed",
        found_by=found_by,
        first_seen=first_seen.get(name, run),
        group=name,
        study=name,
        state=State.REMOVED,
        box=Box.REMOVED_OTHERWISE,
        decided_by=Decider.RULES.value,
        criterion="",
        reason=f"counted by the source but not returned: {miss.reason}",
        automated_outcome="",
        human_outcomes="",
        flips_if="would be screened if the source returned it",
        topics=(),
        retracted=Retracted.UNKNOWN,
        text_sha256="",
        criteria_version="",
    )


def _final_box(box: Box, *, full_text: bool) -> Box:
    """Where full text was not undertaken, a record that passed ends as eligible."""
    waiting = box in (Box.NOT_YET_SOUGHT, Box.NOT_YET_ASSESSED)
    return Box.ELIGIBLE if waiting and not full_text else box


def topics_of(evidence: Iterable[Evidence], order: Sequence[str]) -> dict[str, list[str]]:
    """Topics of every record, in the order of `screening.yaml`, from the evidence rows."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in evidence:
        if row.criterion.startswith(TOPIC_PREFIX):
            found[row.record].add(row.criterion.removeprefix(TOPIC_PREFIX))
    return {record: [name for name in order if name in names] for record, names in found.items()}
