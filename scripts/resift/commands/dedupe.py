"""`resift dedupe`: which records of some exported files are one report."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

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
    from resift.dedupe.pipeline import deduplicate_entries
    from resift.dedupe.read import read_entries
    from resift.dedupe.table import write_groups

    # What the readers say of each file: the platform, what was taken from where, what was dropped.
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    progress = _Bar()
    try:
        entries = read_entries(args.files, progress)
        groups = deduplicate_entries(entries, versions=args.versions, progress=progress)
    finally:
        progress.close()
    write_groups(groups, args.output)
    print("\n".join(summary(groups)))
    return 0


SUSPICIOUS = ("one PMID on two unlike records", "one DOI on two unlike records")
"""Rules that say that an import took identifiers from the wrong place."""

REASONS = 3
"""So many reasons for asking a person are printed."""


def summary(groups: pd.DataFrame) -> list[str]:
    """What the table of groups holds: merged, linked, to a person with the commonest reasons, suspicions."""
    relations = groups["relation"].value_counts()
    counts = {name: int(relations.get(name, 0)) for name in ("version", "companion", "review")}
    kept = int(groups["kept"].sum())
    lines = [
        f"{len(groups)} records, {kept} reports",
        f"merged: {len(groups) - kept} duplicates",
        f"linked: {counts['version']} versions, {counts['companion']} companions",
        f"to a person: {counts['review']} records ({counts['review'] / max(len(groups), 1):.1%})",
    ]
    asked = groups.loc[groups["relation"] == "review", "rule"].value_counts(sort=False)
    commonest = sorted(asked.items(), key=lambda reason: (-reason[1], reason[0]))
    lines += [f"  {count} {reason}" for reason, count in commonest[:REASONS]]
    if len(commonest) > REASONS:
        rest = sum(count for _, count in commonest[REASONS:])
        lines.append(f"  {rest} for other reasons")
    suspicious = int(groups["rule"].isin(SUSPICIOUS).sum())
    if suspicious:
        lines.append(
            f"suspicious import: {suspicious} records share a PMID or DOI with a record that has nothing else"
            " in common; check the field that the identifier was taken from"
        )
    return lines


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
