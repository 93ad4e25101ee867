"""Name the cause of every change in a made-up PubMed that changes monthly, and print how often rightly.

    .venv/bin/python benchmarks/history.py                    # 24 months, 300 records to begin with
    .venv/bin/python benchmarks/history.py --seed 7 --size 1000
    .venv/bin/python benchmarks/history.py --history DIR      # one of your own, in the same format
    .venv/bin/python benchmarks/history.py --real FILE --days 2021-06-03 2021-06-05 2021-06-07
                                              # a real update file of NLM, cut by the day of entry

The format of a history and of its truth is described in tests/support/pubmed_history.py. Printed are
the true cause beside the one named, for every change, and the requests that each month's run made.
"""

from __future__ import annotations

import argparse
import csv
import logging
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "tests" / "support"))

import real_history  # noqa: E402
from pubmed_history import QUERY, Truth, write_history  # noqa: E402
from schedule import Month, confusion, observe_month, printed  # noqa: E402

from resift.vocabulary import Cause, Change  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--steps", type=int, default=24, metavar="N", help="months; default: %(default)s")
    parser.add_argument("--size", type=int, default=300, metavar="N", help="records of the first month")
    parser.add_argument("--seed", type=int, default=19)
    parser.add_argument("--history", type=Path, metavar="DIR", help="a history that is there already")
    parser.add_argument("--real", type=Path, metavar="FILE", help="an update file of NLM (.xml.gz)")
    parser.add_argument(
        "--days", nargs="+", default=["2021-06-03", "2021-06-05", "2021-06-07"], metavar="DAY"
    )
    args = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        base, query = Path(folder), QUERY
        if args.real:
            history, steps, query = base / "history", len(args.days), real_history.QUERY
            truth = real_history.cut(args.real, history, args.days)
        elif args.history:
            history, truth = args.history, read_truth(args.history)
            steps = len(list(history.glob("step-*.xml")))
        else:
            history, steps = base / "history", args.steps
            truth = write_history(history, steps=steps, size=args.size, seed=args.seed)
        months: list[Month] = []
        print(f"{'month':>5} {'records':>8} {'changes':>8} {'requests':>8} {'fetched':>8}")
        for step in range(steps):
            month = observe_month(history, base / "runs", step, months[-1] if months else None, query=query)
            months.append(month)
            held = len(month.observation.records)
            counts = (step, held, len(month.changes), len(month.requests), len(month.fetched))
            print("{:>5} {:>8} {:>8} {:>8} {:>8}".format(*counts), flush=True)
        two = sum(t.also is not None for t in truth)
        print(f"\n{len(truth)} changes, {two} of them with two causes\n")
        print(printed(confusion(truth, months)))


def read_truth(history: Path) -> list[Truth]:
    """`log.csv` of a history."""
    with (history / "log.csv").open(encoding="utf-8", newline="") as file:
        return [
            Truth(
                int(row["step"]),
                int(row["pmid"]),
                Change(row["change"]),
                Cause(row["cause"]),
                Cause(row["also"]) if row["also"] else None,
            )
            for row in csv.DictReader(file)
        ]


if __name__ == "__main__":
    main()
