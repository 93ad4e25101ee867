"""`resift study`: a sample of reviews checked, rerun and reported together."""

from __future__ import annotations

import argparse
from pathlib import Path

from resift.commands.run import where_to_run

HELP = "a study of many reviews: new, check, run, report"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift study`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    new = actions.add_parser("new", help="write the skeleton of a study")
    check = actions.add_parser("check", help="name every fault of every row, with line and column")
    run = actions.add_parser("run", help="rerun every PubMed search, then write the tables and the page")
    report = actions.add_parser("report", help="write the tables and the page again from what was run")
    for one in (new, check, run, report):
        one.add_argument("id", help="a folder under config/studies/, or a path")
    check.add_argument("--json", action="store_true", help="print JSON")
    where_to_run(run)
    run.add_argument("--again", action="store_true", help="search again: every review gets a new run")


def run(args: argparse.Namespace) -> int:
    """new, check, run or report. check: 1 when a row cannot be rerun for a fault of the table, else 0."""
    return {"new": _new, "check": _check, "run": _run, "report": _report}[args.action](args)


def _new(args: argparse.Namespace) -> int:
    import re

    from resift.errors import ConfigError
    from resift.studies.model import STUDIES
    from resift.studies.skeleton import files

    folder = Path(args.id) if "/" in args.id else STUDIES / args.id
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", folder.name):
        raise ConfigError(
            f"'{folder.name}' cannot name a study",
            fix="use lower-case letters, digits and hyphens, as in nephrology-2024",
        )
    if folder.exists():
        raise ConfigError("exists already", where=str(folder), fix="choose another id, or edit what is there")
    folder.mkdir(parents=True)
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        print(folder / name)
    print(f"next: one row a database search in {folder / 'reviews.csv'}, then: resift study check {args.id}")
    return 0


def _check(args: argparse.Namespace) -> int:
    import json
    from dataclasses import asdict

    from resift.errors import printable
    from resift.studies.model import Weight
    from resift.studies.protocols import split
    from resift.studies.read import load_study
    from resift.studies.settings import study_folder

    study = load_study(study_folder(args.id))
    reruns, left = split(study)
    errors = [fault for fault in study.faults if fault.weight is Weight.ERROR]
    if args.json:
        print(json.dumps([asdict(fault) for fault in study.faults], indent=1, ensure_ascii=False))
        return int(bool(errors))
    table = study.settings.table
    for fault in study.faults:
        line = (
            f"{table}, line {fault.line}, column {fault.column}: {fault.weight}: {fault.kind}: {fault.what}"
        )
        print(printable(" ".join(f"{line}; {fault.fix}".removesuffix("; ").split())))
    reviews = {row.review for row in study.rows}
    print(
        f"{len(study.rows)} rows, {len(reviews)} reviews, {len(reruns) + len(left)} searches: "
        f"{len(reruns)} will be rerun, {len(left)} not attempted; "
        f"{len(errors)} errors, {len(study.faults) - len(errors)} warnings"
    )
    return int(bool(errors))


def _run(args: argparse.Namespace) -> int:
    from resift.studies.read import load_study
    from resift.studies.settings import study_folder
    from resift.studies.start import run_study

    return run_study(
        load_study(study_folder(args.id)), cores=args.cores, profile=args.profile, again=args.again
    )


def _report(args: argparse.Namespace) -> int:
    from resift.studies.read import load_study
    from resift.studies.settings import study_folder
    from resift.studies.start import report_study

    return report_study(load_study(study_folder(args.id)))
