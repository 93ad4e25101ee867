"""Which fields of which file are read: one row per file, the filled ones counted.

    .venv/bin/python benchmarks/formats.py FILE_OR_FOLDER... [--memory]

prints, for each file, the platform that was recognised, its records, and how many of them have each core
field; `--memory` adds time and peak memory of a table of a million lines and of a gzip bomb.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import resource
import subprocess
import sys
import tempfile
import time
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
HOSTILE = "--one"


def main() -> int:
    """Print the table; exit code 1 if a file could not be read."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument(HOSTILE, type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        return _measure(args.one)
    files = [f for path in args.paths for f in (sorted(path.iterdir()) if path.is_dir() else [path])]
    rows = [_row(file) for file in files if file.suffix not in (".md", ".py")]
    if rows:
        out = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
        out.writerow(("file", "platform", "records", *CORE))
        out.writerows(rows)
    if args.memory:
        _hostile()
    return int(any(row[2] == "refused" for row in rows))


def _row(path: Path) -> list[str]:
    try:
        export = read_export(path)
    except FormatError as error:
        return [path.name, str(error), "refused"]
    platforms = ", ".join(name for name, _ in export.notes.platforms.most_common())
    counts = [str(sum(bool(getattr(record, name)) for record in export.records)) for name in CORE]
    return [path.name, platforms, str(len(export.records)), *counts]


def _hostile() -> None:
    """A million lines of CSV, a gzip bomb, and deep BibTeX, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        table, bomb, deep = (Path(folder) / name for name in ("million.csv", "bomb.ris.gz", "deep.bib"))
        with table.open("w") as file:
            file.write("Title,Authors,Year,Journal,DOI\n")
            for n in range(999_999):
                file.write(f"Title number {n} of many,Smith J,2010,Journal {n % 50},10.5555/x.{n}\n")
        with gzip.open(bomb, "wb") as packed:
            packed.write(b"TY  - JOUR\nTI  - A\nAB  - ")
            for _ in range(4000):
                packed.write(b"a" * (1 << 20))
        deep.write_text("@article{a, title={" + "{" * 5000 + "x" + "}" * 5000 + "}, year={2010}}\n")
        for path in (table, bomb, deep):
            subprocess.run([sys.executable, __file__, HOSTILE, str(path)], check=False)


def _measure(path: Path) -> int:
    start = time.perf_counter()
    try:
        said = f"{len(read_export(path).records)} records"
    except FormatError as error:
        said = str(error)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{path.name}\t{time.perf_counter() - start:.1f} s\t{peak:.0f} MB\t{said}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
