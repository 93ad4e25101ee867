"""How far a run is: its step, the requests done of those planned, the time left.

Read from what the run writes anyway (the logs of its steps, the list of its requests), so that steps need not
know that they are watched.
"""

from __future__ import annotations

import contextlib
import csv
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

# Steps of a run, those of both lanes counted twice (workflow/rules/).
STEPS = 12
SECONDS_BETWEEN_LOOKS = 0.5


@dataclass(frozen=True, slots=True)
class Standing:
    """`step` is the one begun last, `begun` how many have begun; `requests` are those answered, `planned`
    those that the databases lane needs in all (0 while the search is not done)."""

    step: str
    begun: int
    requests: int
    planned: int

    def __str__(self) -> str:
        planned = f" of {max(self.planned, self.requests)}" if self.planned else ""
        return f"{self.step or 'starting'}: step {self.begun} of {STEPS}, {self.requests}{planned} requests"


def standing(folder: Path, logs: Path, began: float) -> Standing:
    """How far the run in `folder` is; `began` is when this call began (seconds since the epoch)."""
    from resift.pubmed.source import RECORDS_AT_ONCE

    times = []
    for path in logs.glob("*.log"):
        with contextlib.suppress(OSError):
            times.append((path.stat().st_mtime, path.stem))
    begun = sorted(found for found in times if found[0] >= began - 1)
    searched = len(list((folder / "search").glob("*.json")))
    hits = _lines(folder / "search" / "hits.csv")
    # einfo, a request a strategy, and one for every batch; slices and other methods come on top.
    planned = 1 + max(searched, 1) + -(-hits // RECORDS_AT_ONCE) if hits else 0
    return Standing(
        step=begun[-1][1] if begun else "",
        begun=len(begun),
        requests=_lines(folder / "raw" / "requests.csv"),
        planned=planned,
    )


def _lines(path: Path) -> int:
    """Rows of a CSV file below its header; 0 for one that is not there."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return max(0, sum(1 for _ in csv.reader(file)) - 1)
    except (OSError, csv.Error):
        return 0


@contextlib.contextmanager
def watched(folder: Path, logs: Path, began: float) -> Iterator[None]:
    """Show how far the run is while the body goes on: one bar on a terminal, else a line for each step."""
    over = threading.Event()
    terminal = sys.stderr.isatty()
    bar = tqdm(total=STEPS, unit="step", disable=not terminal, file=sys.stderr, leave=True)

    def look() -> None:
        said = ""
        while not over.wait(SECONDS_BETWEEN_LOOKS):
            now = standing(folder, logs, began)
            if terminal:
                bar.n = max(0, now.begun - 1)
                bar.set_description(str(now), refresh=True)
            elif now.step != said and now.step:
                print(f"resift: {now}", file=sys.stderr, flush=True)
                said = now.step

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()
        if terminal:
            bar.n = standing(folder, logs, began).begun
            bar.refresh()
        bar.close()
