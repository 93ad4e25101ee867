"""A study of a hundred synthetic reviews over the demo corpus: seconds in all and a review, on two cores.

Each review is a full run with its page. The queries differ, so that nothing is answered from memory.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

from resift.studies.read import COLUMNS

PROJECT = Path(__file__).resolve().parents[1]
FIRST = ("octreotide", "interferon", "everolimus", "sunitinib", "streptozocin", "embolization", "resection",
         "transplantation", "ablation", "lutetium")  # fmt: skip
SECOND = ("liver", "pancreatic", "neuroendocrine", "metastases", "survival", "tumours", "carcinoid",
          "response",
          "therapy", "patients")  # fmt: skip


def main() -> None:
    """Write the study into a temporary folder, run it, print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=100)
    parser.add_argument("--cores", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        project = Path(temporary)
        folder = project / "config" / "studies" / "many"
        folder.mkdir(parents=True)
        archive = PROJECT / "config" / "demo" / "corpus"
        (folder / "study.yaml").write_text(
            f"question: How long?\nsource: archive\narchive: {archive}\ncounts_of: source\n"
        )
        with (folder / "reviews.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            for n, (one, two) in zip(range(args.reviews), product(FIRST, SECOND), strict=False):
                writer.writerow(
                    {
                        "review": f"r{n:03}",
                        "citation": f"Synthetic review {n}",
                        "database": "PubMed",
                        "query": f"{one}[tiab] AND {two}[tiab]",
                        "count": "10",
                        "search_date": "2010-12-31",
                    }
                )
        began = time.perf_counter()
        command = [sys.executable, "-m", "resift", "study", "run", "many", "--cores", str(args.cores)]
        subprocess.run(command, cwd=project, check=True)
        took = time.perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        pages = len(list(project.glob("results/many-*/report.html")))
        cpu = used.ru_utime + used.ru_stime
        print(f"{pages} full runs: {took:.0f} s, {took / pages:.2f} s a review, {cpu:.0f} s of CPU")
        print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
