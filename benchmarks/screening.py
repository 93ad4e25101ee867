"""How well criteria written from a topic alone screen labelled reviews, and how fast it is.

    .venv/bin/python benchmarks/screening.py [--lost] [--speed N]

Needs the folder `../shared/data` beside the project (Cohen et al. 2006, JAMIA 13:206-19). The criteria are
`tests/screening/examples/`, written and committed before any label was read. Sensitivity counts what the
rules leave to a person as kept; spared is the share of records that rules exclude. In the first three sets
every concept excludes; the other three follow the advice of docs/screening.md, where only the essential
concept and animals do. Intervals are Clopper and Pearson's, 95 %. `--lost` names records wrongly excluded,
with the criterion. `--speed N` screens N records against 12 criteria as the step of a run does, from the
Parquet file to answers and evidence on disk. They are the 8,759 labelled ones over and over under new ids;
what screening keeps for records alike in every clause is dropped long before they come round again.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from multiprocessing import Process
from pathlib import Path

from scipy.stats import beta

from resift.pubmed.xml import read_records
from resift.query.stored import Stored
from resift.query.table import QueryTable
from resift.records import Record, frame_of, number_of, write_records
from resift.screening.criteria import Screening, load_screening, screen
from resift.screening.decisions import apply_rules
from resift.tables import EVIDENCE, SCREENING

PROJECT = Path(__file__).resolve().parents[1]
DATA = PROJECT.parent / "shared" / "data" / "screening"
EXAMPLES = PROJECT / "tests" / "screening" / "examples"
SETS = {
    "ADHD": "adhd",
    "ProtonPumpInhibitors": "proton-pump-inhibitors",
    "SkeletalMuscleRelaxants": "skeletal-muscle-relaxants",
    "NSAIDS": "nsaids",
    "OralHypoglycemics": "oral-hypoglycemics",
    "Antihistamines": "antihistamines",
}
STAGES = {"label1": "title and abstract", "label2": "full text"}


def interval(k: int, n: int) -> str:
    """A share with its 95 % interval."""
    low = float(beta.ppf(0.025, k, n - k + 1)) if k else 0.0
    high = float(beta.ppf(0.975, k + 1, n - k)) if k < n else 1.0
    return f"{k / n:6.1%} ({low:.1%} to {high:.1%}), {k} of {n}"


def labels(name: str) -> dict[str, Mapping[str, str]]:
    """PMID -> row of a labelled set; the last row of a PMID that stands twice."""
    csv.field_size_limit(1 << 24)
    with gzip.open(DATA / "cohen2006_raw" / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        return {row["pubmedID"].strip(): row for row in csv.DictReader(file)}


def outcomes(records: Sequence[Record], screening: Screening) -> dict[str, tuple[str, str]]:
    """PMID -> (what the rules say, for which criterion)."""
    table = QueryTable.from_records(frame_of(records))
    found = {}
    for record, (answers, _) in zip(records, screen(records, table, screening), strict=True):
        rules = apply_rules([[(row.criterion, row.answer) for row in answers]])
        found[record.pmid] = (rules.outcome, rules.criterion)
    return found


def measure(name: str, held: Mapping[str, Record], *, lost: bool) -> None:
    """Print one set's figures."""
    rows = labels(name)
    records = [held[pmid] for pmid in rows if pmid in held]
    said = outcomes(records, load_screening(EXAMPLES / f"{SETS[name]}.yaml", {}))
    counted = Counter(outcome for outcome, _ in said.values())
    print(f"\n{name}: {len(records)} records, {dict(sorted(counted.items()))}")
    print(f"  spared                          {interval(counted['exclude'], len(said))}")
    for label, stage in STAGES.items():
        included = [pmid for pmid in said if rows[pmid][label].strip() == "I"]
        kept = sum(said[pmid][0] != "exclude" for pmid in included)
        print(f"  sensitivity, {stage:<18} {interval(kept, len(included))}")
    missed = [pmid for pmid in said if rows[pmid]["label1"].strip() == "I" and said[pmid][0] == "exclude"]
    print(
        f"  lost by criterion               {dict(Counter(said[pmid][1] for pmid in missed).most_common())}"
    )
    for pmid in missed if lost else ():
        print(f"    {pmid} {said[pmid][1]:<14} {held[pmid].title[:100]}")


def speed(held: Mapping[str, Record], n: int) -> None:
    """Print time and peak memory of screening n records against 12 criteria as the step of a run does it."""
    base = list(held.values())
    with tempfile.TemporaryDirectory() as folder:
        stored, answers, evidence = (Path(folder) / name for name in ("records", "answers", "evidence"))
        # In processes of their own: the peak of memory is one of the whole process.
        for child in (
            Process(target=_store, args=(base, n, stored)),
            Process(target=_screen, args=(stored, answers, evidence)),
        ):
            child.start()
            child.join()
            if child.exitcode:
                sys.exit(child.exitcode)


def _store(base: Sequence[Record], n: int, path: Path) -> None:
    write_records(
        (replace(base[i % len(base)], record=f"pubmed:{i + 1}", pmid=str(i + 1)) for i in range(n)), path
    )


def _screen(stored: Path, answers_path: Path, evidence_path: Path) -> None:
    each = [load_screening(EXAMPLES / f"{name}.yaml", {}) for name in SETS.values()]
    criteria = [criterion for screening in each for criterion in screening.criteria][:12]
    numbered = tuple(replace(criterion, id=f"{i}-{criterion.id}") for i, criterion in enumerate(criteria))
    screening = replace(each[0], criteria=numbered)
    began, before = time.perf_counter(), time.process_time()
    rows = places = 0
    reading = 0.0
    with SCREENING.writing(answers_path) as put_answers, EVIDENCE.writing(evidence_path) as put_evidence:
        at = before
        for part in Stored(stored):
            records, table = part.records(), part.table
            reading += time.process_time() - at
            for answers, evidence in screen(records, table, screening):
                rows += len(answers)
                places += len(evidence)
                put_answers(answers)
                put_evidence(evidence)
            at = time.process_time()
    ended = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    written = (answers_path.stat().st_size + evidence_path.stat().st_size) / 1e6
    print(f"\n{number_of(stored):,} records x {len(numbered)} criteria: {rows:,} answers, {places:,} places")
    print(f"  {ended - before:.1f} s of one core ({time.perf_counter() - began:.1f} s by the clock)")
    print(f"  of them reading and folding {reading:.1f} s")
    print(f"  {written:,.0f} MB written, peak memory {peak:,.0f} MB")


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lost", action="store_true", help="name the records wrongly excluded")
    parser.add_argument("--speed", type=int, metavar="N", help="screen N records against 12 criteria")
    args = parser.parse_args()
    archive = DATA / "cohen2006_as_pubmed" / "cohen2006.xml.gz"
    if not archive.is_file():
        print(f"needs the labelled sets in {DATA}", file=sys.stderr)
        return 0
    held = {item.pmid: item for item in read_records(archive) if isinstance(item, Record)}
    if args.speed:
        speed(held, args.speed)
        return 0
    for name in SETS:
        measure(name, held, lost=args.lost)
    return 0


if __name__ == "__main__":
    sys.exit(main())
