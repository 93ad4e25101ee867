"""A whole run at 1,000, 10,000 and 100,000 records: time and memory of every step, and how they grow.

    python benchmarks/end_to_end.py [--sizes 1000 10000 100000] [--folder DIR] [--plot growth.svg]

The records are those of two NLM files. Where more are wanted they are repeated as new works: other PMIDs,
DOIs and PMCIDs, and each word of the title replaced by one of about the same frequency, so that copies are no
duplicates of each other. Of each file an equal share is taken, in its order.

A protocol finds all of them, screens them by three criteria, follows the references of the eligible, and
writes the report with its exports: `resift archive add`, then `resift run`, each a command of its own. Steps
are told apart by the process that Snakemake starts for each; `snakemake` is what remains, its own and that
of the front door. CPU seconds; peak RSS of the largest process of a step. `exponent` is the slope in log-log
between the two largest sizes; where there are three, nine tenths of the smallest one's cost count as fixed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import itertools
import math
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared" / "data" / "pubmed"
NLM_FILES = [SHARED / "pubmed20n0014.xml.gz", SHARED / "pubmed21n1298.xml.gz"]
PER_FILE = 10_000
NEW_PMIDS = 40_000_000  # the first PMID of a repetition: above those of the files, and of eight digits
NEW_PMCIDS = 100_000_000  # added to a PMCID with every repetition
ALIKE = 16  # words of neighbouring frequency that stand for each other

PROTOCOL = """
id: growth
question: How do time and memory grow?
databases: [PubMed]
strategies:
  all:
    query: 1800:3000[dp]
    provenance: reconstructed
    reason: Every record.
other_methods:
  references: {rounds: 1, seeds: eligible}
automation: {role: screener}
full_text: not_undertaken
screening: screening.yaml
"""
SCREENING = """
version: "1"
criteria:
  - {id: humans, label: In humans, exclude_if: 'Animals[mh:noexp] NOT Humans[mh:noexp]', reason: Of people.}
  - {id: trial, label: A trial, exclude_unless: 'randomized[tiab] OR randomised[tiab]', reason: Only trials.}
  - {id: placebo, label: Against placebo, unclear_unless: 'placebo[tiab]', reason: Only against placebo.}
"""
CONFIG = (
    "run: growth\nprotocol: config/protocol.yaml\nsource: archive\narchive: {archive}\ncompare_with: none\n"
)


def repeated(files: Sequence[Path], size: int) -> Iterator[bytes]:
    """So many records, as elements; those past the last one are the first ones again as other works."""
    from resift.pubmed.elements import ElementKind, read_elements

    share = -(-size // len(files))
    originals = [
        element.raw
        for path in files
        for element in itertools.islice(
            (e for e in read_elements(path) if e.kind is ElementKind.ARTICLE), share
        )
    ]
    yield from originals[:size]
    words = Counter(word for raw in originals for word in _title(raw).split())
    ranked = sorted(words, key=lambda word: (-words[word], word))
    pmids = itertools.count(NEW_PMIDS)
    for n in range(1, -(-size // len(originals))):
        other = {
            word: ranked[start + (at + n) % len(block)]
            for start in range(0, len(ranked), ALIKE)
            for block in [ranked[start : start + ALIKE]]
            for at, word in enumerate(block)
        }
        for raw in originals[: size - n * len(originals)]:
            yield _renewed(raw, n, next(pmids), other)


_TITLE = re.compile(rb"(<ArticleTitle[^>]*>)(.*?)(</ArticleTitle>)", re.DOTALL)
_OWN = re.compile(
    rb"<PMID[^>]*>(\d+)</PMID>|(?:IdType|EIdType)=\"doi\"[^>]*>([^<]+)<|IdType=\"pmc\">PMC(\d+)<"
)


def _title(raw: bytes) -> bytes:
    found = _TITLE.search(raw)
    return found[2] if found and b"<" not in found[2] else b""


def _renewed(raw: bytes, n: int, new: int, other: dict[bytes, bytes]) -> bytes:
    own, listed, cited = raw.partition(b"<ReferenceList>")
    pmid = next(found[1] for found in _OWN.finditer(own) if found[1])
    own = own.replace(b">%s<" % pmid, b">%d<" % new)
    for doi in {found[2] for found in _OWN.finditer(own) if found[2]}:
        own = own.replace(b">%s<" % doi, b">%s.%d<" % (doi, n))
    for pmcid in {found[3] for found in _OWN.finditer(own) if found[3]}:
        own = own.replace(b">PMC%s<" % pmcid, b">PMC%d<" % (int(pmcid) + n * NEW_PMCIDS))
    if title := _title(own):
        changed = b" ".join(other.get(word, word) for word in title.split())
        own = own.replace(b">%s<" % title, b">%s<" % changed, 1)
    return own + listed + cited


def write_archive(files: Sequence[Path], size: int, folder: Path) -> None:
    """The records as files of `PER_FILE`; a folder that is there is kept."""
    if folder.is_dir():
        return
    part = folder.with_name(f"{folder.name}.part")
    part.mkdir(parents=True, exist_ok=True)
    elements = repeated(files, size)
    for n in itertools.count(1):
        batch = list(itertools.islice(elements, PER_FILE))
        if not batch:
            break
        with gzip.open(part / f"n{n:04}.xml.gz", "wb", compresslevel=1) as stream:
            stream.write(b"<PubmedArticleSet>\n" + b"\n".join(batch) + b"\n</PubmedArticleSet>\n")
    part.rename(folder)


@dataclass
class Cost:
    """CPU seconds, and MB of the largest process."""

    seconds: float = 0.0
    megabytes: float = 0.0


class Watch:
    """CPU and peak memory of a command's processes, told apart by the script that they run."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._seen: dict[int, tuple[str, Cost]] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> dict[str, Cost]:
        self._over.set()
        self._thread.join()
        costs: dict[str, Cost] = defaultdict(Cost)
        for name, cost in self._seen.values():
            costs[name].seconds += cost.seconds
            costs[name].megabytes = max(costs[name].megabytes, cost.megabytes)
        return costs

    def _look(self) -> None:
        ticks = os.sysconf("SC_CLK_TCK")
        while not self._over.wait(0.05):
            waiting = [self._pid]
            while waiting:
                pid = waiting.pop()
                folder = Path("/proc") / str(pid)
                try:
                    said = (folder / "cmdline").read_bytes().decode(errors="replace")
                    times = (folder / "stat").read_text().rpartition(")")[2].split()
                    status = (folder / "status").read_text()
                    for task in (folder / "task").iterdir():
                        waiting += [int(child) for child in (task / "children").read_text().split()]
                except OSError:
                    continue  # it has ended meanwhile
                step = re.search(r"scripts/(?:tmp\w+\.)?(\w+)\.py", said)
                peak = re.search(r"VmHWM:\s+(\d+)", status)
                if peak:
                    cost = Cost((int(times[11]) + int(times[12])) / ticks, int(peak[1]) / 1024)
                    self._seen[pid] = (step[1] if step else "snakemake", cost)


def measured(command: Sequence[str], cwd: Path, codes: Sequence[int] = (0,)) -> dict[str, Cost]:
    """What each step of a command costs."""
    with (cwd / "said.txt").open("ab") as said:
        process = subprocess.Popen(command, cwd=cwd, stdout=said, stderr=said)
        watch = Watch(process.pid)
        code = process.wait()
    costs = watch.end()
    if code not in codes:
        sys.exit(f"{' '.join(command)}: exit code {code}; {cwd / 'said.txt'} says why")
    return costs


def run(size: int, folder: Path, files: Sequence[Path]) -> dict[str, Cost]:
    """Index and run so many records in `folder`."""
    archive = folder / "xml"
    write_archive(files, size, archive)
    (folder / "config").mkdir(exist_ok=True)
    (folder / "config" / "protocol.yaml").write_text(PROTOCOL)
    (folder / "config" / "screening.yaml").write_text(SCREENING)
    (folder / "config" / "config.yaml").write_text(CONFIG.format(archive=archive))
    resift = [sys.executable, "-m", "resift"]
    costs = {"index": Cost()}
    if not (folder / ".cache").exists():
        indexed = measured([*resift, "archive", "add", str(archive)], folder)
        costs["index"] = Cost(
            sum(cost.seconds for cost in indexed.values()), max(cost.megabytes for cost in indexed.values())
        )
    costs |= measured([*resift, "run", "--cores", "1"], folder, codes=range(64))
    report = folder / "results" / "growth" / "report.html"
    if not report.exists():
        sys.exit(f"no {report}; {folder / 'said.txt'} says why")
    exports = sum(path.stat().st_size for path in report.parent.rglob("*") if path.is_file())
    print(f"  {size:,}: report {report.stat().st_size / 1e6:.1f} MB, run folder {exports / 1e6:,.0f} MB")
    return costs


def exponent(sizes: Sequence[int], values: Sequence[float]) -> float | None:
    """The slope in log-log of the last two sizes; None where the cost is too small to tell."""
    if len(sizes) < 2:
        return None
    fixed = values[0] * 0.9 if len(sizes) > 2 else 0.0
    low, high = values[-2] - fixed, values[-1] - fixed
    if low <= 0.2 or high <= 0:
        return None
    return math.log(high / low) / math.log(sizes[-1] / sizes[-2])


def plot(rows: Sequence[tuple[str, int, float, float]], path: Path) -> None:
    """Seconds and memory of each step over the number of records, both axes logarithmic, as SVG."""
    names = list(dict.fromkeys(row[0] for row in rows))
    colours = ["#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#117a65", "#7f8c8d", "#a04000",
               "#2c3e50", "#c2185b", "#5d6d1e", "#000000", "#6d4c41"]  # fmt: skip
    parts = []
    for panel, (label, at, low, high) in enumerate(
        (("CPU seconds", 2, 0.1, 1e4), ("peak memory, MB", 3, 30, 1e4))
    ):
        left, top, width, height = 60 + panel * 520, 30, 300, 320
        sizes = sorted({row[1] for row in rows})
        first, last = math.log10(sizes[0]), math.log10(max(sizes[-1], sizes[0] * 10))

        def x(size: float, left: float = left, first: float = first, last: float = last) -> float:
            return left + (math.log10(size) - first) / (last - first) * 300

        def y(value: float, low: float = low, high: float = high) -> float:
            share = (math.log10(max(value, low)) - math.log10(low)) / (math.log10(high) - math.log10(low))
            return 350 - share * 320

        parts.append(
            f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="#888"/>'
        )
        parts.append(f'<text x="{left}" y="20" font-weight="bold">{label}</text>')
        for size in sizes:
            parts.append(f'<text x="{x(size):.0f}" y="368" text-anchor="middle">{size:,}</text>')
        for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1):
            line = y(10.0**power)
            parts.append(f'<path d="M{left} {line:.1f}h{width}" stroke="#ddd"/>')
            parts.append(f'<text x="{left - 6}" y="{line + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
        ends: list[tuple[float, str, str]] = []
        for n, name in enumerate(names):
            points = [(row[1], float(row[at])) for row in rows if row[0] == name and row[at]]  # type: ignore[arg-type]
            if not points:
                continue
            colour = colours[n % len(colours)]
            drawn = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in points)
            parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
            parts += [
                f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="2.5" fill="{colour}"/>'
                for size, value in points
            ]
            ends.append((y(points[-1][1]), name, colour))
        beside = 0.0
        for end, name, colour in sorted(ends):  # names beside their lines, none upon another
            beside = max(beside + 13, end + 4)
            parts.append(f'<text x="{left + width + 8}" y="{beside:.1f}" fill="{colour}">{name}</text>')
        if panel == 0:  # what is proportional to the records
            start = y(1.0)
            rise = (last - first) / (math.log10(high) - math.log10(low)) * 320
            parts.append(
                f'<path d="M{left} {start:.1f}l{width} {-rise:.1f}" stroke="#999" stroke-dasharray="4 4"/>'
            )
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="1080" height="385" font-family="sans-serif" '
        f'font-size="11"><rect width="1080" height="385" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", nargs="*", type=Path, default=NLM_FILES, help="default: two NLM files")
    parser.add_argument("--sizes", nargs="*", type=int, default=[1_000, 10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="keep archives, indexes and runs here (default: nowhere)")
    parser.add_argument("--plot", type=Path, help="write the growth as SVG")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="resift-growth-") as temporary:
        folder = args.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        table = folder / "growth.csv"  # of every size measured so far
        rows: list[tuple[str, int, float, float]] = []
        if table.exists():
            with table.open(newline="") as stream:
                rows = [(name, int(n), float(s), float(m)) for name, n, s, m in csv.reader(stream)]
        print(f"load of the machine: {os.getloadavg()[0]:.1f}")
        for size in args.sizes:
            began = time.monotonic()
            where = folder / str(size)
            where.mkdir(exist_ok=True)
            costs = run(size, where.resolve(), args.files)
            rows = [row for row in rows if row[1] != size]
            rows += [(name, size, cost.seconds, cost.megabytes) for name, cost in costs.items()]
            print(f"  {size:,}: {time.monotonic() - began:.0f} s by the clock", flush=True)
            with table.open("w", newline="") as stream:  # at once: a larger size takes hours
                csv.writer(stream).writerows(rows)
        sizes = sorted({row[1] for row in rows})
        held = {(name, size): (seconds, megabytes) for name, size, seconds, megabytes in rows}
        names = list(dict.fromkeys(row[0] for row in rows))
        print(f"{'CPU s, MB':<20}" + "".join(f"{size:>17,}" for size in sizes) + "   exponent  MB/1,000 more")
        for name in names:
            points = [held.get((name, size), (0.0, 0.0)) for size in sizes]
            grown = exponent(sizes, [point[0] for point in points])
            more = ""
            if len(sizes) > 1:
                more = f"{(points[-1][1] - points[-2][1]) / (sizes[-1] - sizes[-2]) * 1000:10.2f}"
            print(
                f"{name:<20}" + "".join(f"{s:>9.1f}{m:>8.0f}" for s, m in points)
                + (f"{grown:>11.2f}" if grown is not None else f"{'':>11}") + more
            )  # fmt: skip
        if args.plot:
            plot(rows, args.plot)


if __name__ == "__main__":
    main()
