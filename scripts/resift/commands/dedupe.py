"""`resift dedupe`: which records of some exported files are one report."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

HELP = "group the records of RIS, nbib, CSV and BibTeX files (also gzipped) by report"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift dedupe`."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="several files are one set")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="the table of groups: one row per record, in the order of the files",
    )
    parser.add_argument(
        "--versions",
        choices=("link", "merge"),
        default="link",
        help="preprint and article, Cochrane updates and translations: link them as reports of their own "
        "(default), or merge them",
    )


def run(args: argparse.Namespace) -> int:
    """Write the table of groups and say what it holds. Exit code 0."""
    from resift.dedupe.pipeline import deduplicate_packed
    from resift.dedupe.read import read_packed
    from resift.dedupe.summary import summary
    from resift.dedupe.table import write_groups

    # What the readers say of each file: the platform, what was taken from where, what was dropped.
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    progress = _Bar()
    try:
        packed = read_packed(args.files, progress)
        groups = deduplicate_packed(packed, versions=args.versions, progress=progress)
    finally:
        progress.close()
    write_groups(groups, args.output)
    print("\n".join(summary(groups)))
    return 0


class _Bar:
    """A progress bar on a terminal, nothing elsewhere; a new bar for each step."""

    def __init__(self) -> None:
        self.bar: object = None
        self.step = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        from tqdm import tqdm

        if step != self.step:
            self.close()
            self.step = step
            self.bar = tqdm(total=total, desc=step, unit_scale=True, leave=False)
        if isinstance(self.bar, tqdm):
            self.bar.update(done - self.bar.n)

    def close(self) -> None:
        """End the bar of the last step."""
        if self.bar is not None:
            self.bar.close()  # type: ignore[attr-defined]
        self.bar = None
