"""A study of real strategies: one review a strategy, over the records of them that the shared data holds.

`python tests/studies/strategies.py` reruns all twenty in full and prints a row each.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
FILES = ("pubmed", "screening/cohen2006_as_pubmed")
STATED = {
    "item_1": "yes",
    "item_1_quote": "PubMed",
    "item_2": "not applicable",
    "item_8": "yes",
    "item_8_quote": "as printed",
    "item_9": "yes",
    "item_9_quote": "from and until, as the collection gives them",
    "item_13": "yes",
    "item_13_quote": "until, as the collection gives it",
    "item_15": "yes",
    "item_15_quote": "retrieved, of which the archive holds so many",
}


def strategies(shared: Path) -> list[dict[str, Any]]:
    """The collection as it is."""
    with gzip.open(shared / "strategies" / "strategies.jsonl.gz", "rt", encoding="utf-8") as text:
        return [json.loads(line) for line in text]


def iso(day: str) -> str:
    """`17/04/2019` as ISO."""
    return "-".join(reversed(day.split("/")))


def row_of(strategy: Mapping[str, Any], held: int) -> dict[str, str]:
    """A row of `reviews.csv`: the count printed is the number of records of PubMed's answer that are held."""
    return {
        "review": f"s{strategy['id']}",
        "citation": str(strategy["title"]),
        "database": "PubMed",
        "query": str(strategy["query"]),
        "count": str(held),
        "search_date": iso(strategy["until"]),
        "included": " ".join(map(str, strategy["included_studies"])),
        **STATED,
    }


def write_archive(folder: Path, elements: Mapping[str, bytes]) -> None:
    """The elements as one file of PubMed XML."""
    folder.mkdir(parents=True, exist_ok=True)
    body = b"<PubmedArticleSet>" + b"\n".join(elements.values()) + b"</PubmedArticleSet>"
    (folder / "held.xml").write_bytes(b'<?xml version="1.0" encoding="utf-8"?>\n' + body)


def settings(mesh: Path) -> str:
    """`study.yaml`, beside its question; many of the shared records bear no date of entry."""
    return f"source: archive\narchive: archive\nmesh: {mesh}\ncounts_of: source\nas_of: none\n"


def run_study(project: Path) -> subprocess.CompletedProcess[str]:
    """Rerun the study `real` of a project on one core."""
    return subprocess.run(
        [sys.executable, "-m", "resift", "study", "run", "real", "--cores", "1"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


def elements_of(shared: Path, names: Sequence[str], wanted: set[str]) -> dict[str, bytes]:
    """The records held of those wanted, from the shared archives, indexed in the project's cache."""
    from resift.archive.source import Archive

    found: dict[str, bytes] = {}
    for name in names:
        found.update(
            Archive.open(shared / name, cache=PROJECT / ".cache" / "archive").elements(sorted(wanted))
        )
    return found


def main() -> None:
    """All twenty, over every record held of any of them."""
    from tests.studies.conftest import write_study

    from resift.studies.gather import gather
    from resift.studies.read import load_study

    shared = PROJECT.parent / "shared" / "data"
    every = strategies(shared)
    wanted = {str(pmid) for one in every for pmid in (*one["retrieved"], *one["included_studies"])}
    elements = elements_of(shared, FILES, wanted)
    with tempfile.TemporaryDirectory() as temporary, contextlib.chdir(temporary):
        project = Path(temporary)
        write_archive(project / "archive", elements)
        rows = [row_of(one, len(set(map(str, one["retrieved"])) & set(elements))) for one in every]
        write_study(project / "config/studies/real", rows, settings(shared / "mesh" / "mtrees2019.bin.gz"))
        began = time.perf_counter()
        done = run_study(project)
        print(done.stdout + done.stderr)
        print(f"{len(elements)} records, {time.perf_counter() - began:.0f} s, {os.cpu_count()} cores")
        results = gather(load_study(Path("config/studies/real")), Path("results/studies/real"))
        for search in results.searches:
            print(
                f"{search.review:>5} {search.ending:<15} PubMed's answer held {search.printed:>3}, "
                f"found {search.now if search.now is not None else '-':>3} "
                f"{len(search.messages)} messages, {len(search.lint)} findings"
            )


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    main()
