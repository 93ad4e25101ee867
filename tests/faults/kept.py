"""Results of trials, kept as they come: a soak that was broken off goes on where it was."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.faults.trial import GOOD, Outcome


@dataclass(frozen=True)
class Result:
    """One trial: `group` is its row of the table, `line` what the user saw when it did not simply pass."""

    name: str
    group: str
    outcome: Outcome
    line: str
    seconds: float


class Kept:
    """The results in one file, a JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.results: dict[str, Result] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
            row = json.loads(line)
            self.results[row["name"]] = Result(**row | {"outcome": Outcome(row["outcome"])})

    def each(self, names: Iterable[str], attempt: Callable[[str], Result]) -> None:
        """Make the trials that were not made yet."""
        for name in names:
            if name in self.results:
                continue
            result = attempt(name)
            self.results[name] = result
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
            if result.outcome not in GOOD:
                print(f"{result.outcome}: {name}: {result.line}", flush=True)

    def table(self, head: str, names: Iterable[str]) -> bool:
        """Print counts by group; whether all of the trials came out well."""
        asked = list(names)
        made = [self.results[name] for name in asked if name in self.results]
        print(f"{head:34} trials survived stopped told wrong  what the user sees when it does not pass")
        for group in sorted({one.group for one in made}):
            found = [one for one in made if one.group == group]
            counts = [sum(one.outcome is outcome for one in found) for outcome in GOOD]
            wrong = len(found) - sum(counts)
            seen = next((one.line for one in found if one.outcome is Outcome.STOPPED), "")
            print(
                f"{group:34} {len(found):6} {counts[0]:8} {counts[1]:7} {counts[2]:4} {wrong:5}  {seen[:160]}"
            )
        wrongs = [one for one in made if one.outcome not in GOOD]
        for one in wrongs:
            print(f"{one.outcome}: {one.name}: {one.line}")
        print(f"{len(made)} trials of {len(asked)}, {len(wrongs)} wrong")
        return not wrongs and len(made) == len(asked)
