"""Running the strategies of a protocol, and writing down what was asked and what was answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from resift.documents import LintFinding, SearchClause, SearchDocument, SearchLine, SearchSlice, ServerMessage
from resift.errors import Code, ConfigError, QueryError, SourceError
from resift.files import canonical_json, write_text
from resift.project.protocol import Protocol, Strategy
from resift.project.run import Run
from resift.pubmed.source import SearchAnswer, Source, is_accepted, recorded_translation, site_link
from resift.query.losses import Message, judged, lost_fields, untranslated
from resift.query.stated import read_stated
from resift.query.syntax import Query, parse
from resift.rows import plain, read_document
from resift.tables import Hit
from resift.text.numbers import counted

if TYPE_CHECKING:
    from resift.query.mesh import MeshTree
    from resift.query.tally import Tally


def check_strategies(protocol: Protocol) -> None:
    """Read every strategy. Raises `ConfigError` with all that must be put right before anything is sent.

    A stated strategy is sent as printed, faults and all, since PubMed's own answer decides; one written by
    the rerun itself must be without fault. An unknown tag is left to the server either way. The syntax of
    another platform and lines that only a person can combine are refused.
    """
    wrong: list[str] = []
    fixes: dict[str, None] = {}
    for strategy in protocol.strategies:
        named = f"strategy '{strategy.name}'"
        try:
            query = read_stated(strategy.text, dialect=strategy.dialect_date, as_pubmed=strategy.as_pubmed)
        except QueryError as error:
            span = strategy.text[error.start : error.end]
            foreign = error.code is Code.QUERY_FOREIGN
            place = "" if foreign else f" (character {error.start + 1}: {span!r:.60})"
            wrong.append(f"{named}: {error.what}{place}")
            fixes.setdefault(error.fix + (", or set `as_pubmed: true`" if foreign else ""))
            continue
        for fault in query.faults:
            if strategy.provenance != "stated" and fault.code is not Code.QUERY_TAG:
                span = query.text[fault.start : fault.end]
                wrong.append(f"{named}: {fault.what} (character {fault.start + 1}: {span!r:.60})")
                fixes.setdefault(fault.fix)
    if wrong:
        raise ConfigError(
            "; ".join(wrong), where=str(protocol.path), fix="; ".join(fix for fix in fixes if fix)
        )


def faults(strategy: Strategy) -> list[str]:
    """What is wrong in a strategy that is sent all the same, and how it is read offline."""
    query = parse(strategy.expanded, dialect=strategy.dialect_date, as_printed=True)
    return [str(fault) for fault in query.faults]


def messages(strategy: Strategy, answer: SearchAnswer) -> list[Message]:
    """What the server said about a strategy, with what was lost; what it dropped silently is added."""
    query = parse(strategy.expanded, dialect=strategy.dialect_date, as_printed=True)
    told = judged(query, answer.unaccepted(strategy.accept_warnings), count=answer.count)
    lost = lost_fields(query, recorded_translation(answer))
    return told + _unaccepted(strategy, lost) + _unread(strategy, answer)


def _unaccepted(strategy: Strategy, found: Iterable[Message]) -> list[Message]:
    accepted = strategy.accept_warnings
    return [message for message in found if not is_accepted(message.kind, message.text, accepted)]


def _unread(strategy: Strategy, answer: SearchAnswer) -> list[Message]:
    """What of the query that was sent the server did not read, but for what the strategy accepts."""
    sent = parse(answer.query, dialect=strategy.dialect_date, as_printed=True)
    return _unaccepted(strategy, untranslated(sent, recorded_translation(answer)))


def count_of(source: Source, query: str, strategy: Strategy) -> int:
    """How many records a query finds that a strategy, or a clause of it, was made into.

    Raises `SourceError` where the server counted another query and the strategy does not accept that.
    """
    answer = source.count(query)
    missing = _unread(strategy, answer)
    if missing and strategy.server_messages != "record":
        raise SourceError(
            f"the source counted another query than was sent ({'; '.join(map(str, missing))})",
            where=f"strategy '{strategy.name}'",
            fix="see what stands between here and the source and run again, or list "
            f"{missing[0].kind} under accept_warnings",
        )
    return answer.count


def ids_of(source: Source, query: str) -> tuple[str, ...]:
    """The PMIDs that a query of our own finds: one by identifiers and the review's limits.

    Raises `SourceError` where the server read another one: nobody has said that this may be used.
    """
    answer = source.search(query)
    missing = untranslated(parse(query, as_printed=True), recorded_translation(answer))
    if missing:
        raise SourceError(
            f"the source searched another query than was sent ({'; '.join(map(str, missing))})",
            where=f"search {query:.60}",
            fix="see what stands between here and the source, and run the same command again",
        )
    return answer.ids


def run_strategies(source: Source, protocol: Protocol, run: Run) -> dict[str, SearchAnswer]:
    """Search every strategy, in the protocol's order.

    Raises `SourceError` with the messages of all strategies when the source dropped or changed what a query
    hangs on and the strategy neither accepts that by name (`accept_warnings`) nor asks to `record` it: such
    an answer is the answer to another query. A phrase dropped beside its alternatives is recorded.
    """
    answers = {}
    refused: list[str] = []
    for strategy in protocol.strategies:
        sent = protocol.sent(strategy, until=run.until, as_of=run.as_of)
        answer = answers[strategy.name] = source.search(sent)
        stopping = [message for message in messages(strategy, answer) if message.loss.stops]
        if stopping and strategy.server_messages != "record":
            refused.append(f"strategy '{strategy.name}': " + "; ".join(map(str, stopping)))
    if refused:
        raise SourceError(
            f"the source did not search the query as written ({'; '.join(refused)})",
            where=str(protocol.path),
            fix="correct the query, list the message under accept_warnings, or set `server_messages: record`",
        )
    return answers


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


def seen_by(run: Run, said: Mapping[str, SearchAnswer]) -> str:
    """The day (ISO) that the source showed a run: its own last update, at most the day of the run. A folder
    of PubMed XML shows the day of its newest record, also where its calendar is ahead of ours."""
    updated = max((answer.database_updated for answer in said.values()), default="")
    if updated and run.config["source"] == "archive":
        return updated
    return min(updated, run.date) if updated else run.date


@dataclass(frozen=True, slots=True)
class Counted:
    """A strategy counted in the records retrieved: by its clauses as sent, and by its lines as printed."""

    clauses: Tally
    lines: Tally


def count_in(
    path: Path,
    strategies: Iterable[Strategy],
    answers: Mapping[str, SearchAnswer],
    *,
    mesh: MeshTree | None,
    known: Iterable[str],
    progress: Callable[[int, int], object] = lambda _done, _of: None,
) -> dict[str, Counted]:
    """What the clauses of each strategy find among PubMed's own records in a table of records.

    A record imported from elsewhere is no hit of PubMed. `known` are PMIDs of known items; `progress` is told
    how many records are counted, of all in the table.
    """
    from resift.query.stored import Stored
    from resift.query.tally import Tally
    from resift.records import number_of

    items = [f"pubmed:{pmid}" for pmid in known]
    counts = {
        strategy.name: Counted(
            Tally(_as_sent(strategy), mesh=mesh, recorded=recorded_translation(said), items=items),
            Tally(_as_printed(strategy), mesh=mesh, shares=False),
        )
        for strategy in strategies
        for said in (answers[strategy.name],)
    }
    stored, of = Stored(path, mesh, source="pubmed"), number_of(path)
    done = 0
    for part in stored:
        table = part.table
        for count in counts.values():
            count.clauses.add(table, stored.knows)
            count.lines.add(table, stored.knows)
        done += len(table)
        progress(done, of)
    return counts


def _as_sent(strategy: Strategy) -> Query:
    return parse(strategy.expanded, dialect=strategy.dialect_date, as_printed=True)


def _as_printed(strategy: Strategy) -> Query:
    return parse(strategy.text, dialect=strategy.dialect_date, as_printed=True)


def describe(
    strategy: Strategy,
    answer: SearchAnswer,
    count: Counted,
    *,
    source: Source | None,
    run: Run,
    limits: list[str],
    mesh: MeshTree | None,
    known: Mapping[str, str],
) -> SearchDocument:
    """`search/<strategy>.json`: as written, sent and translated, with a count for every clause.

    Clauses are counted within the records retrieved (`count`), or by the source itself, one request a
    clause, when a `source` is given. `known` maps PMIDs to the known items
    that a clause may be the only one to find.
    """
    from resift.query.lint import lint

    tally = count.clauses
    how = "retrieved" if source is None else "server"
    counts: dict[str, int] = {}
    clauses: list[SearchClause] = []
    for clause in tally.clauses:
        n = clause.yes
        if source is not None:
            if clause.text not in counts:
                limited = " AND ".join([f"({clause.text})", *limits])
                counts[clause.text] = count_of(source, limited, strategy)
            n = counts[clause.text]
        lost_items = tally.lost_items[clause.id]
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
                unique=tally.unique[clause.id],
                lost=tally.lost[clause.id],
                known_lost=tuple(sorted(known[record.removeprefix("pubmed:")] for record in lost_items)),
                how=how,
            )
        )
    return SearchDocument(
        name=strategy.name,
        primary=strategy.primary,
        provenance=strategy.provenance,
        reason=strategy.reason,
        quote=strategy.quote,
        dialect=strategy.dialect,
        query=strategy.query,
        expanded=strategy.expanded,
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
            f"within the {counted(tally.size, 'record')} retrieved by all strategies; not what PubMed holds"
            if source is None
            else "by the source, each clause within the search limits"
        ),
        clauses=tuple(clauses),
        lines=lines_of(count.lines, source=source, limits=limits),
        faults=tuple(map(str, tally.query.faults)),
        server_messages=tuple(
            ServerMessage(kind=m.kind, text=m.text, lost=str(m.loss), stops=m.loss.stops)
            for m in messages(strategy, answer)
        ),
        approximations=tuple(sorted({*tally.approximations, *answer.approximations})),
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
            for finding in lint(strategy.text, dialect=strategy.dialect_date, mesh=mesh)
        ),
    )


def lines_of(tally: Tally, *, source: Source | None, limits: list[str]) -> tuple[SearchLine, ...]:
    """Each line as printed and as sent, with the count it has now and the one printed behind it.

    A strategy that is one query is one line. Counts are made as those of the clauses.
    """
    query = tally.query
    whole = query.expansions()
    counted = {clause.line: clause.yes for clause in tally.clauses if clause.parent is None}
    if source is not None:
        counted = {
            number: source.count(" AND ".join([f"({text})", *limits])).count for number, text in whole.items()
        }
    return tuple(
        SearchLine(
            line=line.number,
            text=" ".join(query.text[line.start : line.end].split()),
            expansion=whole[line.number],
            n=counted[line.number],
            printed=line.found,
        )
        for line in query.lines
    )
