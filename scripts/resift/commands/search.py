"""`resift search`: count a query line by line and clause by clause, before anything is fetched."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from resift.progress import bar

if TYPE_CHECKING:
    from pathlib import Path

    from resift.archive.search import Found
    from resift.archive.source import Archive
    from resift.project.config import Config
    from resift.project.protocol import Strategy
    from resift.query.mesh import MeshTree

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
    from resift.errors import ConfigError, QueryError, printable

    if (args.query is None) == (args.config is None):
        raise ConfigError("give a query or --config FILE, one of the two", where="search")
    if args.config is not None:
        for name in ("ids", "dialect", "as_pubmed"):
            if getattr(args, name):
                raise ConfigError(
                    "goes with a query, not with --config",
                    where=f"--{name.replace('_', '-')}",
                    fix="leave it out: the protocol says how its strategies are read",
                )
        return run_config(args)
    if args.archive is None:
        raise ConfigError("nothing to search in", where="search", fix="add --archive DIR, or use --config")
    import json
    import sys
    from pathlib import Path

    from resift.archive.search import search
    from resift.pubmed.source import site_link
    from resift.query import terminal
    from resift.query.given import day, mesh_tree, query_text
    from resift.query.stated import read_stated

    text, _ = query_text(args.query)
    try:
        query = read_stated(text, dialect=day(args.dialect), as_pubmed=args.as_pubmed)
    except QueryError as error:
        terminal.query_error(error, text)
        return 1
    mesh = mesh_tree(args.mesh)
    archive = _opened(Path(args.archive))
    with bar("searching", "files") as advance:
        found = search(query, archive, mesh=mesh, progress=advance)
    sent = query.single()
    link = site_link(sent)
    if args.ids and not args.json:
        unknown = [f"{len(found.unknown):,} more are not evaluable"] if len(found.unknown) else []
        for said in (*query.faults, *found.approximations, *unknown):
            print(printable(f"resift: {said}"), file=sys.stderr)
    if args.json:
        listed: dict[str, Any] = {"query": text, "sent": sent, "link": link, **_counted(found)}
        if args.ids:
            listed["ids"] = [str(pmid) for pmid in found.pmids.tolist()]
        print(json.dumps(listed, indent=1, ensure_ascii=False))
    elif args.ids:
        for pmid in found.pmids.tolist():
            print(pmid)
    else:
        terminal.clause_counts(found)
        out = terminal.console()
        out.print(f"{len(found.pmids):,} of {found.searched:,} records match", style="bold")
        if len(found.unknown):
            out.print(f"{len(found.unknown):,} more are not evaluable", style="yellow")
        terminal.notes(found)
        out.print(f"on PubMed: {link}")
    return 0


def _opened(folder: Path) -> Archive:
    """The archive, its new files indexed under a bar."""
    from resift.archive.source import Archive

    with bar("indexing", "files") as advance:
        return Archive.open(folder, progress=lambda _, done, of: advance(done, of))


def _counted(found: Found, counts: dict[int, int] | None = None) -> dict[str, Any]:
    """The counts of a search as plain data."""
    query, text, whole = found.query, found.query.text, found.query.expansions()
    by_line = {
        clause.line: counts[clause.id] if counts is not None else clause.yes
        for clause in found.clauses
        if clause.parent is None
    }
    return {
        "count": len(found.pmids),
        "not_evaluable": len(found.unknown),
        "searched": found.searched,
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
            for clause in found.clauses
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
        "approximations": list(found.approximations),
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
    if args.archive and config.source != "archive":
        raise ConfigError(
            f"{args.config} searches PubMed, not a folder", where="--archive", fix="set source: archive there"
        )
    protocol = load_protocol(Path(config.protocol))
    until = resolve_until(config, protocol, date=dt.datetime.now(dt.UTC).date().isoformat())
    mesh = mesh_tree(args.mesh or config.mesh)
    listed: list[dict[str, Any]] = []
    for strategy in protocol.strategies:
        sent = protocol.sent(strategy, until=until, as_of=config.as_of)
        limits = protocol.limits(until=until, as_of=config.as_of)
        try:
            found, counts, total = _count_strategy(args, config, strategy, sent, limits, mesh)
        except QueryError as error:
            raise ConfigError(error.what, where=f"strategy '{strategy.name}'", fix=error.fix) from error
        link = site_link(sent)
        if args.json:
            listed.append(
                {
                    "name": strategy.name,
                    "sent": sent,
                    "link": link,
                    **_counted(found, counts),
                    "count": total,
                    "source": config.source,
                }
            )
            continue
        out = terminal.console()
        out.print(f"strategy {strategy.name}{' (primary)' if strategy.primary else ''}", style="bold")
        terminal.clause_counts(found, counts)
        where = f"in {args.archive or config.archive}" if config.source == "archive" else "on PubMed"
        out.print(f"{total:,} {where} within {' AND '.join(limits) or 'no limits'}", style="bold")
        terminal.notes(found)
        out.print(f"on PubMed: {link}\n")
    if args.json:
        print(json.dumps({"protocol": protocol.id, "strategies": listed}, indent=1, ensure_ascii=False))
    return 0


_ARCHIVES: dict[str, Archive] = {}


def _count_strategy(
    args: argparse.Namespace,
    config: Config,
    strategy: Strategy,
    sent: str,
    limits: list[str],
    mesh: MeshTree | None,
) -> tuple[Found, dict[int, int], int]:
    """Counts of a strategy's clauses within the limits, and of the query sent."""
    from pathlib import Path

    from resift.archive.search import in_table, search
    from resift.query.stated import read_stated
    from resift.query.syntax import parse
    from resift.query.table import QueryTable

    query = read_stated(strategy.text, dialect=strategy.dialect_date, as_pubmed=strategy.as_pubmed)
    if config.source == "pubmed" and query.numbered:
        query = parse(strategy.expanded, dialect=strategy.dialect_date, as_printed=True)
    if config.source == "archive":
        folder = args.archive or config.archive or ""
        if folder not in _ARCHIVES:
            _ARCHIVES[folder] = _opened(Path(folder))
        within = parse(" AND ".join(limits)) if limits else None
        with bar("searching", "files") as advance:
            found = search(query, _ARCHIVES[folder], mesh=mesh, limits=within, progress=advance)
        return found, found.within, found.inside
    import tempfile
    from dataclasses import replace

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
        # PubMed itself counts, so nothing is approximated.
        found = replace(in_table(query, QueryTable.from_normalised([]), mesh=mesh), approximations=())
        asked: dict[str, int] = {}
        for clause in found.clauses:
            if clause.text not in asked:
                asked[clause.text] = source.count(" AND ".join([f"({clause.text})", *limits])).count
        counts = {clause.id: asked[clause.text] for clause in found.clauses}
        return found, counts, source.count(sent).count
