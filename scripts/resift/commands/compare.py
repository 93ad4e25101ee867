"""`resift compare`: what one run gained and lost against another."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resift.runs.changes import HeldRecord

HELP = "compare two run folders: records gained, lost, revised, retracted"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift compare`."""
    parser.add_argument(
        "run_a", metavar="RUN_A", help="the earlier run (a folder, or its name under results/)"
    )
    parser.add_argument("run_b", metavar="RUN_B", help="the later run")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print the changes from RUN_A to RUN_B. 0 = none, 10 = something to look at."""
    from dataclasses import asdict

    from resift.errors import RunError
    from resift.project.run import RESULTS
    from resift.runs.changes import compare
    from resift.tables import MANIFEST

    folders = []
    for name in (args.run_a, args.run_b):
        folder = Path(name) if Path(name).is_dir() else RESULTS / name
        if not MANIFEST.of(folder).is_file():
            raise RunError(
                "is not a finished run", where=name, fix="name a run folder that has a manifest.json"
            )
        folders.append(folder)
    rows = compare(_held(folders[1]), _held(folders[0]))
    if args.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        for row in rows:
            print(f"{row.change:<10} {row.record:<24} {row.detail}")
        print(f"{len(rows)} changes from {folders[0].name} to {folders[1].name}")
    return 10 if rows else 0


def _held(folder: Path) -> dict[str, HeldRecord]:
    from resift.runs.steps import held_in
    from resift.tables import DECISIONS, RECORDS
    from resift.vocabulary import Lane

    return held_in(DECISIONS.of(folder), RECORDS.of(folder, lane=Lane.DATABASES))
