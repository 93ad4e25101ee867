"""`resift search`: count a query line by line and clause by clause, before anything is fetched."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resift.project.config import Config
    from resift.project.protocol import Strategy
    from resift.query.evaluate import Evaluation
    from resift.query.mesh import MeshTree
    from resift.query.table import QueryTable

HELP = "count a query, or the strategies of a configuration, clause by clause"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift search`."""
    parser.add_argument("query", metavar="QUERY", nargs="?", help="a query, a file with one, or -")
    parser.add_argument("--config", metavar="FILE", help="count the strategies of this configuration instead")
    parser.add_argument("--archive", metavar="DIR", help="folder of PubMed XML to search")
    parser.add_argument("--mesh", metavar="FILE", help="mtreesYYYY.bin or descYYYY.xml, to explode headings")
    parser.add_argument("--dialect", metavar="DATE", help="day whose rules apply (default: today's)")
    parser.add_argument(
        "--as-pubmed", action="store_true", help="search the text in PubMed's syntax, whatever it looks like"
    )
    parser.add_argument("--ids", action="store_true", help="print the PMIDs found, one a line, and no counts")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Search. 1 when the query cannot be read, else 0."""
    from resift.errors import ConfigError, QueryError

    if (args.query is None) == (args.config is None):
        raise ConfigError("give a query or --config FILE, one of the two", where="search")
    if args.config is not None:
        return run_config(args)
    if args.archive is None:
        raise ConfigError("nothing to search in", where="search", fix="add --archive DIR, or use --config")
    import json
    import sys
    from pathlib import Path

    from resift.archive.source import Archive
    from resift.pubmed.source import site_link
    from resift.query import terminal
    from resift.query.evaluate import evaluate
    from resift.query.given import day, mesh_tree, query_text
    from resift.query.stated import read_stated

    text, _ = query_text(args.query)
    try:
        query = read_stated(text, dialect=day(args.dialect), as_pubmed=args.as_pubmed)
    except QueryError as error:
        terminal.query_error(error, text)
        return 1
    evaluation = evaluate(query, Archive.open(Path(args.archive)).query_table(), mesh=mesh_tree(args.mesh))
    sent = query.single()
    link = site_link(sent)
    if args.ids and not args.json:
        for fault in query.faults:
            print(f"resift: {fault}", file=sys.stderr)
    if args.json:
        found: dict[str, Any] = {"query": text, "sent": sent, "link": link, **_counted(evaluation)}
        if args.ids:
            found["ids"] = _ids(evaluation)
        print(json.dumps(found, indent=1, ensure_ascii=False))
    elif args.ids:
        for pmid in _ids(evaluation):
            print(pmid)
    else:
        terminal.clause_counts(evaluation)
        out = terminal.console()
        out.print(f"{int(evaluation.yes.sum()):,} of {len(evaluation.table):,} records match", style="bold")
        if evaluation.unknown.any():
            out.print(f"{int(evaluation.unknown.sum()):,} more are not evaluable", style="yellow")
        terminal.notes(evaluation)
        out.print(f"on PubMed: {link}")
    return 0


def _ids(evaluation: Evaluation) -> list[str]:
    """The PMIDs that match, ascending; a record without one by its id."""
    numbers = evaluation.table.numbers("pmid")
    found = sorted(
        (int(numbers[at]), "" if numbers[at] else evaluation.table.records[at])
        for at in evaluation.yes.nonzero()[0]
    )
    return [name or str(number) for number, name in found]


def _counted(evaluation: Evaluation, counts: dict[int, int] | None = None) -> dict[str, Any]:
    """The counts of an evaluation as plain data."""
    query, text, whole = evaluation.query, evaluation.query.text, evaluation.query.expansions()
    by_line = {
        clause.line: counts[clause.id] if counts is not None else clause.yes
        for clause in evaluation.clauses
        if clause.parent is None
    }
    return {
        "count": int(evaluation.yes.sum()),
        "not_evaluable": int(evaluation.unknown.sum()),
        "searched": len(evaluation.table),
        "clauses": [
            {
                "id": clause.id,
                "parent": clause.parent,
                "line": clause.line,
                "depth": clause.depth,
                "start": clause.start,
                "end": clause.end,
                "operator": clause.operator,
                "field": clause.field,
                "text": clause.text,
                "n": counts[clause.id] if counts is not None else clause.yes,
                "not_evaluable": clause.unknown,
                "dropped": clause.dropped,
            }
            for clause in evaluation.clauses
        ],
        "lines": [
            {
                "line": n.number,
                "text": text[n.start : n.end],
                "expansion": whole[n.number],
                "n": by_line[n.number],
                "printed": n.found,
            }
            for n in query.lines
        ]
        if query.numbered
        else [],
        "faults": [str(fault) for fault in query.faults],
        "approximations": list(evaluation.approximations),
    }


def run_config(args: argparse.Namespace) -> int:
    """Count every strategy of a configuration, clause by clause, within its search limits.

    From an archive the counts are evaluated; from PubMed each distinct clause is one request (ESearch with
    retmax=0). Nothing is fetched and no run folder is touched.
    """
    import datetime as dt
    import json
    from pathlib import Path

    from resift.errors import ConfigError, QueryError
    from resift.project.config import load_config
    from resift.project.protocol import load_protocol
    from resift.project.run import resolve_until
    from resift.pubmed.source import site_link
    from resift.query import terminal
    from resift.query.given import mesh_tree

    config = load_config(Path(args.config))
    protocol = load_protocol(Path(config.protocol))
    until = resolve_until(config, protocol, date=dt.datetime.now(dt.UTC).date().isoformat())
    mesh = mesh_tree(args.mesh or config.mesh)
    listed: list[dict[str, Any]] = []
    for strategy in protocol.strategies:
        sent = protocol.sent(strategy, until=until, as_of=config.as_of)
        limits = protocol.limits(until=until, as_of=config.as_of)
        try:
            evaluation, counts, total = _count_strategy(args, config, strategy, sent, limits, mesh)
        except QueryError as error:
            raise ConfigError(error.what, where=f"strategy '{strategy.name}'", fix=error.fix) from error
        link = site_link(sent)
        if args.json:
            listed.append(
                {
                    "name": strategy.name,
                    "sent": sent,
                    "link": link,
                    **_counted(evaluation, counts),
                    "count": total,
                    "source": config.source,
                }
            )
            continue
        out = terminal.console()
        out.print(f"strategy {strategy.name}{' (primary)' if strategy.primary else ''}", style="bold")
        terminal.clause_counts(evaluation, counts)
        where = f"in {config.archive}" if config.source == "archive" else "on PubMed"
        out.print(f"{total:,} {where} within {' AND '.join(limits) or 'no limits'}", style="bold")
        if config.source == "archive":
            terminal.notes(evaluation)
        out.print(f"on PubMed: {link}\n")
    if args.json:
        print(json.dumps({"protocol": protocol.id, "strategies": listed}, indent=1, ensure_ascii=False))
    return 0


_TABLES: dict[str, QueryTable] = {}


def _count_strategy(
    args: argparse.Namespace,
    config: Config,
    strategy: Strategy,
    sent: str,
    limits: list[str],
    mesh: MeshTree | None,
) -> tuple[Evaluation, dict[int, int], int]:
    """Counts of a strategy's clauses within the limits, and of the query sent."""
    from pathlib import Path

    from resift.query.evaluate import evaluate
    from resift.query.stated import read_stated
    from resift.query.syntax import parse
    from resift.query.table import QueryTable

    query = read_stated(strategy.text, dialect=strategy.dialect_date, as_pubmed=strategy.as_pubmed)
    if config.source == "pubmed" and query.numbered:
        query = parse(strategy.expanded, dialect=strategy.dialect_date, as_printed=True)
    if config.source == "archive":
        from resift.archive.source import Archive

        folder = args.archive or config.archive or ""
        if folder not in _TABLES:
            _TABLES[folder] = Archive.open(Path(folder)).query_table()
        table = _TABLES[folder]
        evaluation = evaluate(query, table, mesh=mesh)
        within = ~evaluation.matcher.nowhere
        if limits:
            within = evaluate(parse(" AND ".join(limits)), table, mesh=mesh).yes
        counts = {c.id: int((evaluation.clause_sets[c.id] & within).sum()) for c in evaluation.clauses}
        return evaluation, counts, int((evaluation.yes & within).sum())
    import tempfile

    from resift.identify.source import open_source
    from resift.pubmed.entrez import Entrez

    with tempfile.TemporaryDirectory(prefix="resift-search-") as folder:
        source = open_source(
            config.source,
            raw=Path(folder),
            eutils=config.eutils,
            requests_per_second=config.requests_per_second,
            email=config.email,
            tool=config.tool,
        )
        assert isinstance(source, Entrez)
        evaluation = evaluate(query, QueryTable.from_normalised([]), mesh=mesh)
        asked: dict[str, int] = {}
        for clause in evaluation.clauses:
            if clause.text not in asked:
                asked[clause.text] = source.count(" AND ".join([f"({clause.text})", *limits])).count
        counts = {clause.id: asked[clause.text] for clause in evaluation.clauses}
        return evaluation, counts, source.count(sent).count
