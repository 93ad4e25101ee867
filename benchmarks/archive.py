"""An archive: what indexing and searching cost for each file, and what that makes for all of PubMed.

    python benchmarks/archive.py [FILE.xml.gz ...] [--records N] [--growth 2 5 10] [--processes]

Indexes the files (or the first N records of each) into a temporary folder and answers the query of
`benchmarks/query.py`, with a count for every clause:

* `index`: parsing and storing, normalising, and the places of words; CPU seconds and bytes for each file.
* `cold`: `resift search --ids` as a process of its own, by CPU and by the clock; a second row gives the
  start of Python and the imports, which do not grow.
* `warm`: the query again in one process, files already opened.
* `text rows`: the terms in title and abstract alone, each with its count, in a process whose imports are
  done and whose files are not yet opened.
* `one table`: all records in one table in memory, as a peer, and whether the answers are equal.
* `growth`: CPU seconds of indexing and of a warm search over so many files, with the exponent by records
  from the fewest to the most (1.0: linear), and the peak memory of a process that does nothing but search.
  Files beyond those given are copies with the PMIDs of the originals, so that their records are
  superseded, which costs a search no less than records that stand.
* `processes`: two copies of each file indexed by one worker process and by two, by the clock.
* `extrapolation`: seconds and bytes a record, times 38 million records in `--baseline` files. It assumes
  that cost is proportional to files, which `growth` shows, and files like those given.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import math
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from query import NLM_FILES, QUERY, TEXT_PART

PUBMED = 38_000_000

TEXT_ROWS = """
import sys, time
from pathlib import Path
from resift.archive.search import search
from resift.archive.source import Archive
from resift.query.syntax import parse
began = time.process_time()
search(parse(sys.argv[1]), Archive.open(Path(sys.argv[2]), cache=Path(sys.argv[3])))
print(time.process_time() - began)
"""
SEARCH = """
import resource, sys
from pathlib import Path
from resift.archive.search import search
from resift.archive.source import Archive
from resift.query.syntax import parse
search(parse(sys.argv[1]), Archive.open(Path(sys.argv[2]), cache=Path(sys.argv[3])))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""


def cpu() -> float:
    """CPU seconds of this process and of those that ended."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def row(name: str, seconds: float, records: int, remark: str = "") -> None:
    """One line of the table."""
    print(f"{name:<14} {seconds:8.3f} s CPU  {records / seconds:10,.0f} records/s  {remark}", flush=True)


def first_records(path: Path, records: int, out: Path) -> None:
    """The first so many elements of a file as a file of their own."""
    from resift.pubmed.elements import read_elements

    with gzip.open(out, "wb", compresslevel=6) as stream:
        stream.write(b"<PubmedArticleSet>\n")
        for element in itertools.islice(read_elements(path), records):
            stream.write(element.raw + b"\n")
        stream.write(b"</PubmedArticleSet>\n")


def copied(sources: list[Path], number: int, folder: Path) -> None:
    """So many files: those given, in turn, each copy with another content and so with an index of its own."""
    folder.mkdir()
    for n in range(number):
        out = folder / f"{n:03}-{sources[n % len(sources)].name}"
        shutil.copyfile(sources[n % len(sources)], out)
        with out.open("ab") as stream:
            stream.write(gzip.compress(f"<!-- {n} -->".encode()))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, default=NLM_FILES, help="default: the two NLM files")
    parser.add_argument("--records", type=int, help="the first N records of each file")
    parser.add_argument("--baseline", type=int, default=1300, help="files of a baseline with its updates")
    parser.add_argument("--growth", type=int, nargs="*", default=[2, 5, 10], help="numbers of files (2 5 10)")
    parser.add_argument("--processes", action="store_true", help="index by one process and by two")
    args = parser.parse_args()

    from resift.archive import build
    from resift.archive.search import search
    from resift.archive.source import Archive
    from resift.query.evaluate import evaluate
    from resift.query.syntax import parse

    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name) / "xml", Path(name) / ".cache" / "archive"
        folder.mkdir()
        for path in args.files:
            if args.records:
                first_records(path, args.records, folder / path.name)
            else:
                (folder / path.name).symlink_to(path.resolve())
        stored = sum(path.stat().st_size for path in folder.iterdir())

        began = cpu()
        archive = Archive.open(folder, cache=cache)
        indexing = cpu() - began
        records = sum(file.records for file in archive.files)
        sizes: dict[str, int] = {}
        for path in cache.glob("*/*"):
            kind = path.name.partition("-v")[0].partition(".")[0]
            sizes[kind] = sizes.get(kind, 0) + path.stat().st_size
        print(f"{records:,} records in {len(archive.files)} files, {stored / records:,.0f} bytes each")
        row("index", indexing, records)
        listed = ", ".join(f"{kind} {size / records:,.0f}" for kind, size in sorted(sizes.items()))
        print(f"               bytes a record: {listed}; in all {sum(sizes.values()) / records:,.0f}")

        code = "import sys; from resift.__main__ import main; main(['search', '--help'])"
        for what, command in (
            ("start", [sys.executable, "-c", code]),
            ("cold", [sys.executable, "-m", "resift", "search", QUERY, "--archive", str(folder), "--ids"]),
        ):
            began, clock = cpu(), time.perf_counter()
            subprocess.run(command, cwd=name, check=True, stdout=subprocess.DEVNULL)
            spent, waited = cpu() - began, time.perf_counter() - clock
            row(what, spent, records, f"{waited:.2f} s by the clock")

        query = parse(QUERY)
        search(query, archive)
        warm = min(_spent(lambda: search(query, archive)) for _ in range(3))
        row("warm", warm, records)
        text = " ".join(TEXT_PART.split())
        command = [sys.executable, "-c", TEXT_ROWS, text, str(folder), str(cache)]
        spent = min(float(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(3))
        row(
            "text rows",
            spent,
            records,
            f"{sum(c.operator == '' for c in search(parse(text), archive).clauses)} terms",
        )
        began = cpu()
        table = archive.query_table()
        whole = evaluate(query, table)
        spent = cpu() - began
        found = search(query, archive)
        same = found.clauses == whole.clauses and len(found.pmids) == int(whole.yes.sum())
        row("one table", spent, records, "equal" if same else "NOT EQUAL")

        points = []
        for n in args.growth:
            if not points:
                print("\ngrowth         files    records    index s   search s    peak MB")
            many, held = Path(name) / f"xml{n}", Path(name) / f"cache{n}"
            copied(sorted(folder.iterdir()), n, many)
            began = cpu()
            several = Archive.open(many, cache=held)
            spent = cpu() - began
            holding = sum(file.records for file in several.files)
            searching = min(_spent(partial(search, query, several)) for _ in range(2))
            points.append((holding, spent, searching))
            command = [sys.executable, "-c", SEARCH, QUERY, str(many), str(held)]
            peak = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            print(
                f"               {n:>5} {holding:>10,} {spent:>10.2f} {searching:>10.3f} {peak:>10,}",
                flush=True,
            )
            shutil.rmtree(held)
        if len(points) > 1:
            (low, *first), (high, *last) = points[0], points[-1]
            exponents = [math.log(b / a) / math.log(high / low) for a, b in zip(first, last, strict=True)]
            print("exponent                        {:>10.2f} {:>10.2f}".format(*exponents))

        if args.processes:
            many = Path(name) / "twice"
            copied(sorted(folder.iterdir()), 2 * len(args.files), many)
            waited = []
            for build.WORKERS in (1, 2):
                clock = time.perf_counter()
                Archive.open(many, cache=Path(name) / f"by{build.WORKERS}")
                waited.append(time.perf_counter() - clock)
            print("\nprocesses      one {:.1f} s, two {:.1f} s by the clock: {:.2f} times".format(
                *waited, waited[0] / waited[1]))  # fmt: skip

        print(f"\nextrapolated to {PUBMED:,} records in {args.baseline:,} files, from the figures above")
        hours = indexing / records * PUBMED / 3600
        print(f"  disk: {stored / records * PUBMED / 1e9:,.0f} GB as received, "
              f"{sum(sizes.values()) / records * PUBMED / 1e9:,.0f} GB of indexes")  # fmt: skip
        print(f"  indexing: {hours:,.1f} CPU hours; {hours / 2:,.1f} h on 2 cores, {hours / 64:,.2f} h on 64")
        seconds = warm / records * PUBMED
        print(f"  one query: {seconds:,.0f} s CPU; {seconds / 64:,.1f} s on 64 cores")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
        print(f"peak memory of a worker or of the cold search: {peak:,} MB")


def _spent(work: Callable[[], object]) -> float:
    began = cpu()
    work()
    return cpu() - began


if __name__ == "__main__":
    main()
