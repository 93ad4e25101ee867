"""`resift compare`: what one run gained and lost against another, and why."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resift.tables import ChangeRow

HELP = "compare two run folders: every record gained, lost, revised or decided otherwise, with its cause"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift compare`."""
    parser.add_argument(
        "run_a", metavar="RUN_A", help="the earlier run (a folder, or its name under results/)"
    )
    parser.add_argument("run_b", metavar="RUN_B", help="the later run, of the same protocol or another")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--page", metavar="FILE", help="also write a self-contained HTML page")
    parser.add_argument("--csv", metavar="FILE", help="also write the rows as CSV, as in changes.csv")


def run(args: argparse.Namespace) -> int:
    """Print the changes from RUN_A to RUN_B. 0 = none, 10 = something to look at."""
    from dataclasses import asdict

    from resift.changes.between import compare
    from resift.changes.compare import unexplained
    from resift.runs.opened import finished
    from resift.runs.plan import chain_of
    from resift.tables import CHANGES

    folders = [finished(name) for name in (args.run_a, args.run_b)]
    chain = [CHANGES.of(run) for run in reversed(chain_of(folders[0]))]
    rows = compare(folders[0], folders[1], chain=[path for path in chain if path.is_file()])
    if args.csv:
        CHANGES.write(Path(args.csv), rows)
    if args.page:
        from resift.files import write_text
        from resift.report.changed import comparison_page

        page = comparison_page(rows, earlier=folders[0].name, later=folders[1].name)
        write_text(Path(args.page), page)
    if args.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
        return 10 if rows else 0
    for row in rows:
        print(f"{row.change:<10} {row.record:<24} {row.cause:<19} {row.detail}")
    for line in _counted(rows):
        print(line)
    print(f"{len(rows)} changes from {folders[0].name} to {folders[1].name}, {unexplained(rows)} unexplained")
    return 10 if rows else 0


def _counted(rows: list[ChangeRow]) -> list[str]:
    """One line for each lane, change and cause with its number."""
    counted = Counter((row.lane, row.change, row.cause) for row in rows)
    return [f"{lane}: {n} {change}, {cause}" for (lane, change, cause), n in sorted(counted.items())]
