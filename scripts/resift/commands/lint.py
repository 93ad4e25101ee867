"""`resift lint`: what PubMed would read differently, and what a peer reviewer would ask."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt

    from resift.query.lint import Finding
    from resift.query.table import QueryTable

HELP = "check a PubMed query (a text, a file, or the strategies of a protocol)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift lint`."""
    parser.add_argument("query", metavar="FILE|QUERY", help="a query, a file with one, protocol.yaml, or -")
    parser.add_argument("--mesh", metavar="FILE", help="mtreesYYYY.bin or descYYYY.xml, to check headings")
    parser.add_argument("--dialect", metavar="DATE", help="day whose rules apply (default: today's)")
    parser.add_argument(
        "--known-items", metavar="FILE", help="CSV with a pmid column: what NOT must not lose"
    )
    parser.add_argument("--archive", metavar="DIR", help="folder of PubMed XML that holds the known items")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print the findings. 1 when any is an error, else 0."""
    import json
    from dataclasses import asdict

    from resift.query import terminal
    from resift.query.findings import Severity
    from resift.query.given import mesh_tree
    from resift.query.lint import lint

    mesh = mesh_tree(args.mesh)
    known = _known_items(args.known_items, args.archive)
    results: list[tuple[str, str, list[Finding]]] = []
    for name, text, dialect in _queries(args):
        results.append((name, text, lint(text, dialect=dialect, mesh=mesh, known_items=known)))
    if args.json:
        listed: list[dict[str, Any]] = [
            {"name": name, "query": text, "findings": [asdict(finding) for finding in found]}
            for name, text, found in results
        ]
        print(json.dumps(listed if len(listed) != 1 else listed[0], indent=1, ensure_ascii=False))
    else:
        for name, text, found in results:
            terminal.findings(text, found, name)
    return int(any(f.severity is Severity.ERROR for _, _, found in results for f in found))


def _queries(args: argparse.Namespace) -> list[tuple[str, str, dt.date | None]]:
    from resift.query.given import day, existing, query_text

    path = existing(args.query)
    if path is not None and path.suffix in (".yaml", ".yml"):
        from resift.project.protocol import load_protocol

        protocol = load_protocol(path)
        return [(s.name, s.text, day(args.dialect) or s.dialect_date) for s in protocol.strategies]
    text, name = query_text(args.query)
    return [(name, text, day(args.dialect))]


def _known_items(file: str | None, archive: str | None) -> QueryTable | None:
    """The records of the known items that the archive holds."""
    import sys
    from pathlib import Path

    from resift.errors import ConfigError, printable

    if file is None:
        return None
    if archive is None:
        raise ConfigError("--known-items needs the records", where="lint", fix="add --archive DIR")
    from resift.archive.source import Archive
    from resift.formats.build import pmids_in
    from resift.formats.by_hand import headings, read_rows
    from resift.query.table import QueryTable

    path = Path(file)
    rows = read_rows(path, sorted(headings(path) | {"pmid"}), ("pmid",))
    wanted = {pmid for _, row in rows for pmid in pmids_in(row["pmid"])}
    held = Archive.open(Path(archive)).frame(pmids=wanted)
    if missing := sorted(wanted.difference(held["pmid"])):
        some = ", ".join(missing[:5]) + (", ..." if len(missing) > 5 else "")
        print(
            printable(f"resift: not in {archive}: {len(missing):,} of {len(wanted):,} known items ({some})"),
            file=sys.stderr,
        )
    return QueryTable.from_records(held)
