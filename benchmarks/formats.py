"""Which fields of which file are read: one row per file, the filled ones counted.

    .venv/bin/python benchmarks/formats.py FILE_OR_FOLDER...

prints, for each file, the platform that was recognised, its records, and how many of them have each core
field. What large and hostile files cost: `tests/faults/bombs.py`.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from resift.errors import FormatError
from resift.formats import read_export

CORE = (
    "pmid",
    "doi",
    "title",
    "authors",
    "journal",
    "year",
    "volume",
    "issue",
    "pages",
    "abstract",
    "keywords",
)


def main() -> int:
    """Print the table; exit code 1 if a file could not be read."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path)
    args = parser.parse_args()
    files = [f for path in args.paths for f in (sorted(path.iterdir()) if path.is_dir() else [path])]
    rows = [_row(file) for file in files if file.suffix not in (".md", ".py")]
    if rows:
        out = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
        out.writerow(("file", "platform", "records", *CORE))
        out.writerows(rows)
    return int(any(row[2] == "refused" for row in rows))


def _row(path: Path) -> list[str]:
    try:
        export = read_export(path)
    except FormatError as error:
        return [path.name, str(error), "refused"]
    platforms = ", ".join(name for name, _ in export.notes.platforms.most_common())
    counts = [str(sum(bool(getattr(record, name)) for record in export.records)) for name in CORE]
    return [path.name, platforms, str(len(export.records)), *counts]


if __name__ == "__main__":
    sys.exit(main())
