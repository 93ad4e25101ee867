"""Deduplication beside bib-dedupe 0.11.0: accuracy on the labelled sets, time, memory; and at size.

    .venv/bin/python benchmarks/dedupe.py [--sets stroke cardiac] [--no-peer] [--sizes 10000 100000 1000000]

Needs the folder `../shared/data/dedupe` beside the project. Both tools are measured in the same run as
commands, from files to groups, with start-up; sets under 5,000 records also within one process each,
without imports and reading. Ours runs with `--versions merge`, as the labels count. bib-dedupe is
installed by pip into an environment of its own under the temporary folder, once.

The generated sets hold titles drawn word by word from the real vocabulary, and a tenth of altered copies
(a word dropped, a typo, an abbreviated page range, a lost DOI). Memory is the peak of all
processes of a command together.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

PROJECT = Path(__file__).resolve().parents[1]
DATA = PROJECT.parent / "shared" / "data" / "dedupe"
SETS = ("cytology_screening", "stroke", "diabetes", "cardiac", "copper", "cora", "srsr")
PEER = "bib-dedupe==0.11.0"
SMALL = 5000
SEED = 41

PEER_PROGRAM = """
import json, sys, time
import pandas as pd
from bib_dedupe import verbose_print
from bib_dedupe.bib_dedupe import block, cluster, match, prep
verbose_print.verbosity_level = 0
output, *paths = sys.argv[1:]
records = pd.concat([pd.read_csv(p, dtype=str, keep_default_na=False) for p in paths], ignore_index=True)
records = records.rename(columns={"record_id": "ID"}).drop(columns=["cluster_id"])
start = time.perf_counter()
groups = cluster(match(block(prep(records, cpu=2), cpu=2), cpu=2))
seconds = time.perf_counter() - start
json.dump({"groups": groups, "seconds": seconds}, open(output, "w"))
"""

OUR_PROGRAM = """
import json, sys, time
from pathlib import Path
import pandas as pd
from resift.dedupe.pipeline import deduplicate
NAMES = {"record_id": "record", "author": "authors", "number": "issue", "isbn": "issn", "ENTRYTYPE": "type"}
output, *paths = sys.argv[1:]
records = pd.concat([pd.read_csv(p, dtype=str, keep_default_na=False) for p in paths], ignore_index=True)
records["journal"] = records["journal"].where(records["journal"] != "", records["booktitle"])
records = records.rename(columns=NAMES).drop(columns=["cluster_id", "booktitle"])
deduplicate(records.iloc[:2], versions="merge")
start = time.perf_counter()
deduplicate(records, versions="merge")
json.dump({"seconds": time.perf_counter() - start}, open(output, "w"))
"""


@dataclass(frozen=True)
class Run:
    """One finished command: seconds by the clock, seconds of CPU of all its processes, peak memory in MB."""

    seconds: float
    cpu: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.seconds:7.2f} s, {self.cpu:7.2f} s of CPU, {self.megabytes:6.0f} MB"


def run(command: Sequence[str | Path]) -> Run:
    """Run a command to its end; raises CalledProcessError when it fails."""
    start, before = time.perf_counter(), cpu_seconds()
    arguments = [str(part) for part in command]
    peak = 0.0
    with tempfile.TemporaryFile() as complaint:
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=complaint)
        while process.poll() is None:
            asked = time.perf_counter()
            peak = max(peak, tree_megabytes(process.pid))
            # Adding up a gigabyte takes the kernel milliseconds: never more than a twentieth of the time.
            time.sleep(max(0.05, 20 * (time.perf_counter() - asked)))
        seconds = time.perf_counter() - start
        if process.returncode:
            complaint.seek(0)
            raise subprocess.CalledProcessError(process.returncode, arguments, stderr=complaint.read())
    return Run(seconds, cpu_seconds() - before, peak)


def cpu_seconds() -> float:
    """User and system seconds of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tree_megabytes(pid: int) -> float:
    """Memory of a process and of all it started, shared pages counted once (Linux, PSS)."""
    total = 0.0
    waiting = [pid]
    while waiting:
        folder = Path("/proc") / str(waiting.pop())
        try:
            rollup = (folder / "smaps_rollup").read_text(encoding="ascii")
            total += (
                next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
            )
            for task in (folder / "task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
        except (OSError, StopIteration):
            continue  # it has ended meanwhile
    return total


def peer_python(*packages: str) -> Path:
    """The interpreter of an environment of its own with these packages, made on first use."""
    folder = Path(tempfile.gettempdir()) / f"resift-{packages[0].replace('==', '-')}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", *packages], check=True, stderr=subprocess.DEVNULL
        )
        (folder / "complete").touch()
    return python


def files(name: str) -> list[Path]:
    return sorted((DATA / name).glob("records*.csv.gz"))


def record_level(gold: Sequence[Hashable], group: Sequence[Hashable]) -> tuple[int, int, int, float]:
    """TP, FP, FN and F1: one record of each gold group must stay; a group removed whole is a FP."""
    seen: set[Hashable] = set()
    stays: Counter[Hashable] = Counter()
    for g, p in zip(gold, group, strict=True):
        if p not in seen:
            seen.add(p)
            stays[g] += 1
    size = Counter(gold)
    tp = sum(n - max(stays[g], 1) for g, n in size.items())
    fp = sum(not stays[g] for g in size)
    fn = sum(max(stays[g] - 1, 0) for g in size)
    return tp, fp, fn, 2 * tp / (2 * tp + fp + fn)


def pairwise(gold: Sequence[Hashable], group: Sequence[Hashable]) -> float:
    """F1 over pairs of records in one group."""

    def pairs(values: Sequence[Hashable]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(values).values())

    both = pairs(list(zip(gold, group, strict=True)))
    return 2 * both / (pairs(gold) + pairs(group))


def measure_set(name: str, peer: Path | None, folder: Path) -> None:
    """Print one set: ours, the peer's, and the ratios."""
    paths = files(name)
    table = pd.concat([pd.read_csv(p, dtype=str, keep_default_na=False) for p in paths], ignore_index=True)
    gold = table["cluster_id"].tolist()
    output = folder / f"{name}.csv"
    ours = run([_resift(), "dedupe", *paths, "-o", output, "--versions", "merge"])
    groups = pd.read_csv(output, dtype=str, keep_default_na=False)
    _line(name, len(table), "resift", gold, groups["group"].tolist(), ours)
    review = (groups["relation"] == "review").mean()
    print(f"{'':20}{'':>8} {'':10} to review: {review:.2%} of the records")
    if peer is None:
        return
    answer, program = folder / "peer.json", folder / "peer.py"
    program.write_text(PEER_PROGRAM, encoding="utf-8")
    theirs = run([peer, program, answer, *paths])
    found = json.loads(answer.read_text(encoding="utf-8"))
    group_of = {record: n for n, members in enumerate(found["groups"]) for record in members}
    _line(name, len(table), "bib-dedupe", gold, [group_of.get(r, r) for r in table["record_id"]], theirs)
    ratio = f"{theirs.seconds / ours.seconds:.1f} x as fast as a command"
    ratio += f", {theirs.megabytes / ours.megabytes:.1f} x less memory"
    if len(table) < SMALL:
        program.write_text(OUR_PROGRAM, encoding="utf-8")
        run([sys.executable, program, answer, *paths])
        inside = json.loads(answer.read_text(encoding="utf-8"))["seconds"]
        ratio += f", {found['seconds'] / inside:.1f} x in process ({inside:.2f} s)"
    print(f"{'':20}{'':>8} {'':10} {ratio}", flush=True)


def _line(
    name: str, size: int, tool: str, gold: Sequence[str], group: Sequence[Hashable], measured: Run
) -> None:
    tp, fp, fn, f1 = record_level(gold, group)
    print(
        f"{name:20}{size:>8} {tool:10} TP {tp:6} FP {fp:3} FN {fn:4} F1 {f1:.4f}"
        f"  pairs F1 {pairwise(gold, group):.4f}  {measured}",
        flush=True,
    )


def _resift() -> Path:
    return Path(sys.executable).with_name("resift")


def generate(size: int, path: Path) -> None:
    """Write a set of `size` records in the labelled sets' shape, a tenth of them altered copies."""
    source = pd.concat([pd.read_csv(p, dtype=str, keep_default_na=False) for p in files("srsr")])
    random = np.random.default_rng(SEED)
    words = Counter(word for title in source["title"] for word in title.lower().split())
    vocabulary = np.array(sorted(words))
    weight = np.array([words[word] for word in vocabulary], dtype=float) ** 0.75
    weight /= weight.sum()
    lengths = source["title"].str.split().str.len().clip(4, 25).to_numpy()
    authors, journals = source["author"].to_numpy(), source["journal"].to_numpy()
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["record_id", "title", "author", "year", "journal", "volume", "number", "pages", "doi"])
        written = 0
        while written < size:
            count = min(50_000, size - written)
            length = random.choice(lengths, count)
            drawn = vocabulary[random.choice(len(vocabulary), int(length.sum()), p=weight)]
            stops = np.cumsum(length)
            row: list[str] = []
            for n in range(count):
                copy = bool(row) and random.random() < 0.1
                if copy:
                    row = altered(row, random)
                else:
                    first = int(random.integers(1, 2000))
                    row = [
                        " ".join(drawn[stops[n] - length[n] : stops[n]]).capitalize(),
                        str(authors[random.integers(len(authors))]),
                        str(random.integers(1985, 2020)),
                        str(journals[random.integers(len(journals))]),
                        str(random.integers(1, 120)),
                        str(random.integers(1, 13)),
                        f"{first}-{first + int(random.integers(2, 15))}",
                        f"10.5555/g.{written + n}" if random.random() < 0.7 else "",
                    ]
                out.writerow([f"g{written + n}", *row])
            written += count


def altered(row: list[str], random: np.random.Generator) -> list[str]:
    """A copy as another database might have it."""
    title = row[0].split()
    if random.random() < 0.3 and len(title) > 5:
        del title[int(random.integers(len(title)))]
    text = " ".join(title)
    if random.random() < 0.3:
        place = int(random.integers(len(text)))
        text = text[:place] + text[place + 1 :]
    start, _, end = row[6].partition("-")
    pages = f"{start}-{end[-2:]}" if random.random() < 0.5 else row[6]
    return [text, *row[1:6], pages, row[7] if random.random() < 0.5 else ""]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", nargs="*", default=SETS, choices=SETS)
    parser.add_argument("--sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--no-peer", action="store_true", help="measure resift only")
    args = parser.parse_args()
    if not DATA.is_dir():
        sys.exit(f"needs the labelled sets in {os.path.relpath(DATA, PROJECT)}")
    peer = None if args.no_peer else peer_python(PEER)
    with tempfile.TemporaryDirectory(prefix="resift-bench-") as name:
        folder = Path(name)
        for chosen in args.sets:
            measure_set(chosen, peer, folder)
        for size in args.sizes:
            path = folder / f"generated-{size}.csv"
            generate(size, path)
            measured = run([_resift(), "dedupe", path, "-o", folder / "groups.csv"])
            print(f"generated {size:>18} resift     {measured}", flush=True)
            path.unlink()


if __name__ == "__main__":
    main()
