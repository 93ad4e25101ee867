"""`resift package`: what of a run can be handed on, with RO-Crate metadata and searchRxiv cards."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "pack a run for sharing: ids and no abstracts, RO-Crate metadata, searchRxiv cards"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift package`."""
    parser.add_argument("run_folder", metavar="RUN", help="a run folder, or its name under results/")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="a new folder; default: packages/RUN")
    parser.add_argument(
        "--with-texts",
        action="store_true",
        help="every file of the run as it is, with abstracts, reviewers' names and the contact address",
    )
    parser.add_argument(
        "--licence", metavar="URL", help="default: the terms of the National Library of Medicine"
    )


def run(args: argparse.Namespace) -> int:
    """Write the package. 0 = done."""
    from resift.project.run import load_run, run_folder
    from resift.pubmed.tape import Tape
    from resift.runs.crate import METADATA, TERMS, write_crate
    from resift.runs.package import package
    from resift.tables import REQUESTS, RUN

    folder = run_folder(args.run_folder)
    to = args.to or Path("packages") / folder.resolve().name
    packed = package(folder, to, texts=args.with_texts)
    started = load_run(RUN.of(folder))
    ended = max((row.utc for row in Tape(REQUESTS.of(folder).parent).rows()), default=started.started)
    write_crate(to, started, packed, ended=max(ended, started.started), licence=args.licence or TERMS)
    kind = "every file of the run" if args.with_texts else "ids, decisions, queries and numbers; no abstracts"
    print(f"{to}: {len(packed)} files and {METADATA}: {kind}")
    return 0
