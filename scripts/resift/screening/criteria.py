"""Eligibility criteria and topics: PubMed queries answered for every record, with the words that decide.

A criterion excludes on positive evidence (`exclude_if`) or because a concept declared essential is absent
(`exclude_unless`); where absence proves nothing, `unclear_unless` hands the record to a person. An answer
is *unclear* also when the record lacks the field that it hangs on. Unclear never excludes (Cochrane
Handbook, chapter 4: be over-inclusive on title and abstract).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from resift.errors import ConfigError, QueryError
from resift.files import sha256_json
from resift.project.protocol import expand
from resift.project.yaml import load_yaml, validate
from resift.query.stated import settled
from resift.query.syntax import Query, parse
from resift.screening.guards import Guard, guard_of
from resift.tables import TOPIC_PREFIX, CriterionAnswer, Evidence
from resift.vocabulary import Answer

if TYPE_CHECKING:
    from resift.query.evaluate import Evaluation
    from resift.query.evidence import Explainer, Reading
    from resift.query.mesh import MeshTree
    from resift.query.nodes import Leaf
    from resift.query.table import QueryTable
    from resift.query.view import RecordView
    from resift.records import Record
    from resift.screening.guarded import GuardedExplainer


class Kind(StrEnum):
    """How a criterion's query decides."""

    EXCLUDE_IF = "exclude_if"
    EXCLUDE_UNLESS = "exclude_unless"
    UNCLEAR_UNLESS = "unclear_unless"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One eligibility rule. `label` says what is asked and is true of an eligible record, `exclusion_label`
    why a record was excluded (the label where the file gives none). `written` is the query as in the file,
    `query` with fragments put in; `guard` says what of a record it is put to, None being all that the query
    names."""

    id: str
    label: str
    exclusion_label: str
    stage: str
    kind: Kind
    written: str
    query: Query
    reason: str
    guard: Guard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """The ordered criteria and the topics of a review. `version` names the text that was applied."""

    criteria: tuple[Criterion, ...]
    topics: Mapping[str, Query]
    written_topics: Mapping[str, str]
    version: str


def load_screening(path: Path | None, fragments: Mapping[str, str]) -> Screening:
    """Read `screening.yaml`; fragments of the protocol may be used in it. Raises `ConfigError`.

    Without a file there are no criteria, and every record waits for a person.
    """
    if path is None:
        return Screening(criteria=(), topics={}, written_topics={}, version="none")
    content = load_yaml(path)
    where = str(path)
    validate(content, "screening", where=where)
    own = content.get("fragments") or {}
    for name in sorted(set(own) & set(fragments)):
        raise ConfigError(f"fragment '{name}' is also defined in the protocol", where=where, fix="rename one")
    known = {**fragments, **own}
    criteria = []
    seen: set[str] = set()
    for entry in content["criteria"]:
        if entry["id"] in seen:
            raise ConfigError(f"criterion '{entry['id']}' is given twice", where=where)
        seen.add(entry["id"])
        kind = next(kind for kind in Kind if kind in entry)
        at = f"{where}: criterion '{entry['id']}'"
        query = _query(entry[kind], known, at)
        criteria.append(
            Criterion(
                id=entry["id"],
                label=entry["label"],
                exclusion_label=entry.get("exclusion_label", entry["label"]),
                stage=entry.get("stage", "title_abstract"),
                kind=kind,
                written=" ".join(entry[kind].split()),
                query=query,
                reason=" ".join(entry.get("reason", "").split()),
                guard=guard_of(entry, query, at),
            )
        )
    topics = content.get("topics") or {}
    applied = [*map(_applied, criteria), content.get("version", "")]
    digest = sha256_json(applied)[:12]
    return Screening(
        criteria=tuple(criteria),
        topics={name: _query(query, known, f"{where}: topic '{name}'") for name, query in topics.items()},
        written_topics={name: " ".join(query.split()) for name, query in topics.items()},
        version=f"{content['version']}-{digest}" if content.get("version") else digest,
    )


def _applied(criterion: Criterion) -> list[object]:
    """What the version of the criteria is a hash of."""
    guard = criterion.guard
    guarded = [list(guard.fields), guard.one_sentence, guard.negation] if guard else []
    return [criterion.id, criterion.kind, criterion.query.text, *guarded]


def _query(text: str, fragments: Mapping[str, str], where: str) -> Query:
    try:
        return parse(settled(expand(text, fragments, where=where)))
    except QueryError as error:
        raise ConfigError(
            f"{error.what} (character {error.start + 1} of the query)", where=where, fix=error.fix
        ) from None


def answers_of(criterion: Criterion, evaluation: Evaluation | GuardedExplainer) -> list[Answer]:
    """The answer of one criterion for every position of the table that its query was evaluated on."""
    said = {
        (yes, open_): answer(criterion.kind, yes=yes, known=not open_)
        for yes in (False, True)
        for open_ in (False, True)
    }
    hanging = evaluation.unknown | evaluation.lacking
    return [said[pair] for pair in zip(evaluation.yes.tolist(), hanging.tolist(), strict=True)]


def answer(kind: Kind, *, yes: bool, known: bool) -> Answer:
    """A query's answer read as a criterion's: `known` is false when it hangs on a field that is not there.

    Nothing is excluded on what a record lacks; what speaks for a record is taken as it stands.
    """
    if kind is Kind.EXCLUDE_IF:
        return Answer.UNCLEAR if not known else Answer.NOT_MET if yes else Answer.MET
    if yes:
        return Answer.MET
    return Answer.UNCLEAR if not known or kind is Kind.UNCLEAR_UNLESS else Answer.NOT_MET


def screen(
    records: Iterable[Record],
    table: QueryTable,
    screening: Screening,
    *,
    mesh: MeshTree | None = None,
    progress: Callable[[int], object] | None = None,
    elsewhere: Callable[[Leaf], bool] | None = None,
) -> Iterator[tuple[list[CriterionAnswer], list[Evidence]]]:
    """Answer every criterion (and tag every topic) for each record, in order: its answers, its evidence.

    A topic has an evidence row (`topic:<name>`) for each place that earns it, and no answer row. The records
    are gone through once, and once before for each guarded criterion. `elsewhere` is that of `evaluate`,
    where the table is one part of many.
    """
    from resift.query.evaluate import evaluate
    from resift.query.evidence import Explainer
    from resift.query.view import RecordView
    from resift.screening.guarded import GuardedExplainer

    judged: list[tuple[Criterion, list[Answer], Explainer | GuardedExplainer]] = []
    for criterion in screening.criteria:
        if criterion.guard is None:
            evaluation = evaluate(criterion.query, table, mesh=mesh, elsewhere=elsewhere)
            judged.append((criterion, answers_of(criterion, evaluation), Explainer(evaluation)))
        else:
            guarded = GuardedExplainer(
                criterion.query, criterion.guard, records, table, mesh=mesh, elsewhere=elsewhere
            )
            judged.append((criterion, answers_of(criterion, guarded), guarded))
    tagged = []
    for name, query in screening.topics.items():
        evaluation = evaluate(query, table, mesh=mesh, elsewhere=elsewhere)
        tagged.append((TOPIC_PREFIX + name, evaluation.yes, Explainer(evaluation)))
    said = lru_cache(maxsize=1 << 14)(_said)
    for position, record in enumerate(records):
        view = RecordView(record)
        rows: list[CriterionAnswer] = []
        evidence: list[Evidence] = []
        for criterion, answers, explainer in judged:
            reading = explainer.reading(position, view)
            clause, missing = said(reading)
            if not reading.deciding:
                places = _evidence_rows(explainer, position, view, criterion.id)
                clause = _joined(place.clause for place in places)
                evidence += places
            rows.append(
                CriterionAnswer(
                    record=record.record,
                    criterion=criterion.id,
                    answer=answers[position],
                    clause=clause,
                    missing_terms=missing,
                    version=screening.version,
                )
            )
        for name, yes, tagger in tagged:
            if yes[position]:
                evidence += _evidence_rows(tagger, position, view, name)
        if progress:
            progress(1)
        yield rows, evidence


def _said(reading: Reading) -> tuple[str, str]:
    """The deciding clauses and the missing terms as they are written."""
    return _joined(clause.text for clause in reading.deciding), "; ".join(reading.missing_terms)


def _evidence_rows(
    explainer: Explainer | GuardedExplainer, position: int, view: RecordView, criterion: str
) -> list[Evidence]:
    clauses = explainer.evaluation.clauses
    places, _ = explainer.places(position, view)
    # Two clauses of the same words are one row.
    rows = sorted({(p.field, p.start, p.end, clauses[p.clause].text, p.quote) for p in places})
    return [
        Evidence(
            record=view.record.record,
            criterion=criterion,
            clause=clause,
            field=field,
            start=start,
            end=end,
            quote=quote,
        )
        for field, start, end, clause, quote in rows
    ]


def _joined(clauses: Iterable[str]) -> str:
    return _short("; ".join(dict.fromkeys(clauses)))


def _short(text: str, limit: int = 300) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
