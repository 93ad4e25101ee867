"""`resift replay`: a run rebuilt from its tape, without a network, and compared byte for byte."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

HELP = "rebuild a run from its tape without a network, in a new folder, and compare every byte"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift replay`."""
    parser.add_argument("run_folder", metavar="RUN", help="a run folder, or its name under results/")
    parser.add_argument(
        "--to", metavar="FOLDER", help="a new folder, which becomes a project; default: replay/RUN"
    )
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1, metavar="N")


def run(args: argparse.Namespace) -> int:
    """One line for each file that differs. 0 = every byte is the same but for recorded times, 1 = not."""
    from resift.errors import RunError, printable
    from resift.project.run import RESULTS, run_folder
    from resift.runs.replay import compare, prepare, versions_apart, workflow

    folder = run_folder(args.run_folder).resolve()
    if folder.parent.name != RESULTS.name:
        raise RunError(
            "does not lie in the results of a project",
            where=args.run_folder,
            fix=f"put it back as {RESULTS}/{folder.name} beside the protocol that it ran",
        )
    to = Path(args.to or Path("replay") / folder.name).resolve()
    os.chdir(folder.parents[1])  # paths of a protocol start from its project
    config = prepare(RESULTS / folder.name, to)
    if not workflow(config, cores=args.cores):
        print(f"{folder.name}: the replay in {to} did not come to its end")
        return 1
    found = compare(folder, to / RESULTS / folder.name)
    for difference in found:
        print(printable(f"{to / RESULTS / folder.name / difference.name}: {difference.what}"))
    for note in versions_apart(folder, to / RESULTS / folder.name):
        print(f"note: {note}")
    if not found:
        print(f"{folder.name}: rebuilt from its tape in {to}: every byte is the same")
        return 0
    print(
        f"{folder.name}: rebuilt in {to}: {len(found)} files differ; first step that differs: {found[0].step}"
    )
    return 1
