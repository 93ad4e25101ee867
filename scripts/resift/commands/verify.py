"""`resift verify`: whether a run is what its steps wrote."""

from __future__ import annotations

import argparse

HELP = "check every file, answer, row and number of a run against what was recorded"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift verify`."""
    parser.add_argument("run_folder", metavar="RUN", help="a run folder, or its name under results/")


def run(args: argparse.Namespace) -> int:
    """One line for each finding. 0 = nothing differs, 1 = something does."""
    from resift.errors import printable
    from resift.project.run import run_folder
    from resift.runs.verify import verify

    folder = run_folder(args.run_folder)
    found = verify(folder)
    for finding in found.findings:
        print(printable(f"{folder / finding.name}: {finding.what}"))
    for note in found.notes:
        print(printable(f"note: {note}"))
    looked = (
        f"{found.files} files, {found.answers} answers, {found.rows:,} rows, {found.identities} identities"
    )
    if not found.findings:
        print(f"{folder.name}: {looked}: all as they were written")
        return 0
    first = f"; the first step that differs: {found.first_step}" if found.first_step else ""
    print(f"{folder.name}: {looked}: {len(found.findings)} findings{first}")
    return 1
