"""`resift challenge`: would another word have found more, and would any of it have been eligible?"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resift.pubmed.source import SearchAnswer, Source
    from resift.records import Record
    from resift.runs.opened import OpenedRun

HELP = "count and list what a suggested term would add to the search, and how much would pass screening"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift challenge`."""
    parser.add_argument("query", metavar="QUERY", help="what the strategy is said to lack, as a PubMed query")
    parser.add_argument("--run", dest="name", metavar="RUN", help="default: the run begun last")
    parser.add_argument("--strategy", metavar="NAME", help="default: the primary strategy")
    parser.add_argument(
        "--most", type=int, default=500, metavar="N", help="fetch and screen at most so many (default: 500)"
    )
    parser.add_argument("--verdict", default="", metavar="TEXT", help="your answer to the challenge")
    parser.add_argument("--by", default="", metavar="NAME", help="who answers")
    parser.add_argument("--dry-run", action="store_true", help="file nothing")
    parser.epilog = "example: resift challenge 'haemorrhage[tiab]' --run demo --dry-run"


def run(args: argparse.Namespace) -> int:
    """Print what the challenge finds, and file it beside the protocol. Exit code 0."""
    from resift.errors import ConfigError
    from resift.files import write_text
    from resift.project.run import stamp, utc_now
    from resift.runs.opened import open_run
    from resift.runs.steps import mesh_of
    from resift.screening.challenges import judge, read_challenges, row_of, text_with

    if args.most < 0:
        raise ConfigError(f"{args.most} is no number of records", where="--most", fix="give 0 or more")
    opened = open_run(args.name)
    name, sent = _query(opened, args)
    answer, records = _ask(opened, sent, args.most)
    judged = judge(records, opened.screening, mesh=mesh_of(opened.run))
    row = row_of(
        asked_at=stamp(utc_now()),
        run=opened.run.name,
        source=str(opened.run.config["source"]),
        strategy=name,
        query=args.query,
        sent=sent,
        count=answer.count,
        judged=judged,
        version=opened.screening.version,
        verdict=args.verdict,
        by=args.by,
    )
    for kind, text in (*answer.errors, *answer.warnings):
        print(f"the source says: {kind}: {text}")
    for note in answer.approximations:
        print(f"note: {note}")
    for one in judged:
        why = f" ({one.criterion})" if one.criterion else ""
        named = f"{one.record.record:<18} {one.record.year or '':<5} {one.record.title[:90]}"
        print(f"{one.outcome + why:<28} {named}")
    print(
        f"{row.found} records beyond strategy '{name}', {row.judged} of them screened: "
        f"{row.would_pass} would pass, "
        f"{row.would_await} would await a person, {row.would_be_excluded} would be excluded"
    )
    if not args.dry_run:
        path = opened.protocol.challenges or opened.protocol.path.with_name("challenges.csv")
        held = read_challenges(path if path.is_file() else None)
        write_text(path, text_with([*held, row]))
        print(f"filed in {path}" + ("" if args.verdict else "; write your answer into its column verdict"))
    return 0


def _query(opened: OpenedRun, args: argparse.Namespace) -> tuple[str, str]:
    """The strategy's name and the query to send. Raises `ConfigError`."""
    from resift.errors import ConfigError, QueryError
    from resift.query.syntax import parse

    protocol = opened.protocol
    try:
        parse(args.query)
    except QueryError as error:
        raise ConfigError(
            error.what, where=f"challenge, character {error.start + 1}", fix=error.fix
        ) from None
    named = {strategy.name: strategy for strategy in protocol.strategies}
    if args.strategy is not None and args.strategy not in named:
        raise ConfigError(
            f"no strategy is called '{args.strategy}'", where="challenge", fix=f"known: {', '.join(named)}"
        )
    strategy = named[args.strategy] if args.strategy else protocol.primary
    limits = protocol.limits(until=opened.run.until, as_of=opened.run.as_of)
    beyond = f"(({args.query}) NOT ({strategy.expanded}))"
    return strategy.name, " AND ".join([beyond, *limits])


def _ask(opened: OpenedRun, sent: str, most: int) -> tuple[SearchAnswer, list[Record]]:
    """The source's answer, and the records of at most so many of its ids. The run's folder is not touched."""
    import tempfile

    from resift.pubmed.xml import parse_element
    from resift.runs.steps import source_of

    with tempfile.TemporaryDirectory(prefix="resift-challenge-") as folder:
        source: Source = source_of(opened.run, Path(folder))
        answer = source.search(sent)
        pmids = sorted(answer.ids, key=int)[:most]
        fetched = source.fetch(pmids) if pmids else ()
        return answer, [parse_element(element) for part in fetched for element in part.elements.values()]
