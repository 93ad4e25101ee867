"""`resift explain`: why a query finds a record, or misses it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resift.records import Record

HELP = "explain why a query matches a record or misses it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift explain`."""
    parser.add_argument("query", metavar="QUERY", help="a query, or a file with one")
    parser.add_argument("record", metavar="PMID|FILE", nargs="+", help="PMIDs, or a file of PubMed XML")
    parser.add_argument("--archive", metavar="DIR", help="folder of PubMed XML that holds the PMIDs")
    parser.add_argument("--mesh", metavar="FILE", help="mtreesYYYY.bin or descYYYY.xml, to explode headings")
    parser.add_argument("--dialect", metavar="DATE", help="day whose rules apply (default: today's)")
    parser.add_argument(
        "--as-pubmed", action="store_true", help="read the text in PubMed's syntax, whatever it looks like"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print one explanation a record. 1 when the query cannot be read, else 0."""
    import json
    import sys
    from dataclasses import asdict

    from resift.errors import QueryError
    from resift.query import terminal
    from resift.query.evaluate import evaluate
    from resift.query.evidence import Explainer
    from resift.query.given import day, mesh_tree, query_text
    from resift.query.stated import read_stated
    from resift.query.table import QueryTable

    text, _ = query_text(args.query)
    try:
        query = read_stated(text, dialect=day(args.dialect), as_pubmed=args.as_pubmed)
    except QueryError as error:
        terminal.query_error(error, text)
        return 1
    wanted = list(_records(args))
    held = [record for _, record in wanted if record is not None]
    evaluation = evaluate(query, QueryTable.from_records(held), mesh=mesh_tree(args.mesh))
    explainer = Explainer(evaluation)
    clauses = {clause.id: clause.text for clause in evaluation.clauses}
    listed: list[dict[str, Any]] = []
    position = 0
    for name, record in wanted:
        if record is None:
            listed.append({"record": name, "answer": "not evaluable", "why": "not in the archive"})
            if not args.json:
                print(f"{name}: not evaluable: not in the archive")
            continue
        reason = explainer.explain(position, record)
        position += 1
        if args.json:
            told = asdict(reason) | {"evidence": [place._asdict() for place in reason.evidence]}
            listed.append({"record": record.record, "title": record.title, **told})
        else:
            terminal.explanation(record.record, record.title, reason, text, clauses)
    if args.json:
        json.dump(
            {
                "query": text,
                "records": listed,
                "faults": [str(fault) for fault in query.faults],
                "approximations": evaluation.approximations,
            },
            sys.stdout,
            indent=1,
            ensure_ascii=False,
        )
        print()
    else:
        terminal.notes(evaluation)
    return 0


def _records(args: argparse.Namespace) -> Iterator[tuple[str, Record | None]]:
    """The records asked for in their order; None for a PMID that the archive does not hold."""
    from pathlib import Path

    from resift.errors import ConfigError
    from resift.query.given import existing
    from resift.records import Record, iter_records

    files = [existing(argument) for argument in args.record]
    pmids = [a for a, path in zip(args.record, files, strict=True) if path is None]
    for argument in pmids:
        if not (argument.isascii() and argument.isdigit()):
            raise ConfigError(
                "is neither a PMID nor a file", where=argument, fix="give a PMID or a file of PubMed XML"
            )
    held: dict[str, Record] = {}
    if pmids:
        if args.archive is None:
            raise ConfigError("a PMID needs the records", where="explain", fix="add --archive DIR")
        from resift.archive.source import Archive

        held = {record.pmid: record for record in Archive.open(Path(args.archive)).records(pmids)}
    for argument, path in zip(args.record, files, strict=True):
        if path is None:
            yield f"pubmed:{int(argument)}", held.get(str(int(argument)))
        elif path.suffix == ".parquet":
            for record in iter_records(path):
                yield record.record, record
        else:
            from resift.pubmed.xml import read_records

            for item in read_records(path):
                if isinstance(item, Record):
                    yield item.record, item
