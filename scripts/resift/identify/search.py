"""Running the strategies of a protocol, and writing down what was asked and what was answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from resift.documents import LintFinding, SearchClause, SearchDocument, SearchLine, SearchSlice
from resift.errors import ConfigError, QueryError, SourceError
from resift.files import canonical_json, write_text
from resift.project.protocol import Protocol, Strategy
from resift.project.run import Run
from resift.pubmed.source import SearchAnswer, Source, site_link
from resift.query.syntax import parse
from resift.query.translation import RecordedTranslation
from resift.rows import plain, read_document
from resift.tables import Hit

if TYPE_CHECKING:
    from resift.query.mesh import MeshTree
    from resift.query.table import QueryTable


def check_strategies(protocol: Protocol) -> None:
    """Parse every strategy. Raises `ConfigError` with the position of the first mistake.

    An unknown field tag is a mistake: PubMed would drop it without a word and search something else.
    """
    for strategy in protocol.strategies:
        try:
            parse(strategy.expanded, dialect=strategy.dialect_date)
        except QueryError as error:
            span = strategy.expanded[error.start : error.end]
            raise ConfigError(
                f"{error.what} (character {error.start + 1}: {span!r:.60})",
                where=f"{protocol.path}: strategy '{strategy.name}'",
                fix=error.fix,
            ) from None


def run_strategies(source: Source, protocol: Protocol, run: Run) -> dict[str, SearchAnswer]:
    """Search every strategy, in the protocol's order.

    Raises `SourceError` when the source dropped or changed part of a query and the strategy does not
    accept that by name (`accept_warnings`): such an answer is the answer to another query.
    """
    answers = {}
    for strategy in protocol.strategies:
        sent = protocol.sent(strategy, until=run.until, as_of=run.as_of)
        answer = source.search(sent)
        refused = answer.unaccepted(strategy.accept_warnings)
        if refused:
            messages = "; ".join(f"{kind}: {text}" for kind, text in refused)
            raise SourceError(
                f"the source did not search the query as written ({messages})",
                where=f"{protocol.path}: strategy '{strategy.name}'",
                fix="correct the query, or list the message under accept_warnings",
            )
        answers[strategy.name] = answer
    return answers


def recorded_translation(answer: SearchAnswer) -> RecordedTranslation:
    """How the server itself read a query, for the engine to replay on the records retrieved."""

    def said(kind: str) -> tuple[str, ...]:
        return tuple(text for found, text in (*answer.errors, *answer.warnings) if found == kind)

    return RecordedTranslation(
        query_translation=answer.translation,
        translations=answer.translation_set,
        phrases_not_found=said("PhraseNotFound"),
        fields_not_found=said("FieldNotFound"),
        phrases_ignored=said("PhraseIgnored"),
        quoted_phrases_not_found=said("QuotedPhraseNotFound"),
    )


def hits(answers: Mapping[str, SearchAnswer]) -> list[Hit]:
    """Every PMID of the union with the strategies that found it."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, answer in answers.items():
        for pmid in answer.ids:
            found[pmid].append(name)
    return [Hit(pmid=pmid, strategies=tuple(found[pmid])) for pmid in sorted(found, key=int)]


def write_answers(answers: Mapping[str, SearchAnswer], path: Path) -> None:
    """Write what the source said to each strategy. The ids stand in `search/hits.csv`."""
    said = {name: replace(answer, ids=()) for name, answer in answers.items()}
    write_text(path, canonical_json({name: plain(answer) for name, answer in said.items()}))


def read_answers(path: Path) -> dict[str, SearchAnswer]:
    """What `write_answers` wrote. Raises `RunError`."""
    return read_document(dict[str, SearchAnswer], path)


def describe(
    strategy: Strategy,
    answer: SearchAnswer,
    table: QueryTable,
    *,
    source: Source | None,
    run: Run,
    limits: list[str],
    mesh: MeshTree | None,
    known: Mapping[str, str],
) -> SearchDocument:
    """`search/<strategy>.json`: as written, sent and translated, with a count for every clause.

    Clauses are counted within the records retrieved (`table`), or by the source itself, one request a
    clause, when a `source` is given. `known` maps PMIDs to the known items
    that a clause may be the only one to find.
    """
    from resift.query.evaluate import evaluate
    from resift.query.lint import lint

    expanded = strategy.expanded
    query = parse(expanded, dialect=strategy.dialect_date)
    evaluation = evaluate(query, table, mesh=mesh, recorded=recorded_translation(answer))
    how = "retrieved" if source is None else "server"
    names = table.records
    counts: dict[str, int] = {}
    clauses: list[SearchClause] = []
    for clause in evaluation.clauses:
        n = clause.yes
        if source is not None:
            if clause.text not in counts:
                limited = " AND ".join([f"({clause.text})", *limits])
                counts[clause.text] = source.count(limited).count
            n = counts[clause.text]
        lost = evaluation.lost_without(clause.id)
        lost_records = [names[at] for at in lost.nonzero()[0]]
        clauses.append(
            SearchClause(
                id=clause.id,
                parent=clause.parent,
                start=clause.start,
                end=clause.end,
                text=clause.text,
                operator=clause.operator,
                field=clause.field,
                depth=clause.depth,
                n=n,
                unknown=clause.unknown,
                unique=int(evaluation.unique(clause.id).sum()),
                lost=len(lost_records),
                known_lost=tuple(
                    sorted(known[pmid] for r in lost_records if (pmid := r.removeprefix("pubmed:")) in known)
                ),
                how=how,
            )
        )
    counted = {c.line: row.n for c, row in zip(evaluation.clauses, clauses, strict=True) if c.parent is None}
    return SearchDocument(
        name=strategy.name,
        primary=strategy.primary,
        provenance=strategy.provenance,
        reason=strategy.reason,
        quote=strategy.quote,
        dialect=strategy.dialect,
        query=strategy.query,
        expanded=expanded,
        sent=answer.query,
        url=site_link(answer.query),
        count=answer.count,
        translation=answer.translation,
        translation_set=answer.translation_set,
        errors=answer.errors,
        warnings=answer.warnings,
        accepted_warnings=strategy.accept_warnings,
        slices=tuple(
            SearchSlice(field=s.field, first=s.first, last=s.last, count=s.count, request=s.request)
            for s in answer.slices
        ),
        searched_at=answer.utc,
        database_build=answer.database_build,
        requests=answer.requests,
        source=run.config["source"],
        clause_counts=how,
        counted_how=(
            f"within the {len(table)} records retrieved by all strategies; not what PubMed holds"
            if source is None
            else "by the source, each clause within the search limits"
        ),
        clauses=tuple(clauses),
        lines=tuple(
            SearchLine(line=line.number, text=expanded[line.start : line.end], n=counted[line.number])
            for line in query.lines
        ),
        approximations=tuple(sorted({*evaluation.approximations, *answer.approximations})),
        lint=tuple(
            LintFinding(
                code=finding.code,
                label=finding.label,
                severity=str(finding.severity),
                start=finding.start,
                end=finding.end,
                message=finding.message,
                fix=finding.fix,
                press=str(finding.press),
            )
            for finding in lint(expanded, dialect=strategy.dialect_date, mesh=mesh)
        ),
    )
