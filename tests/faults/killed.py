"""Kill -9 at many moments of a run, each in another step or at another point of it; then the same command.

Calls follow one another on one run: each is killed soon after a step of its own has begun, the wrapper alone
and everything by turns, until one comes to its end. The run must then have the undisturbed bytes, and must
have asked for nothing twice.
"""

from __future__ import annotations

import contextlib
import csv
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.small import COMMAND, differences, small_project

from resift.tables import REQUESTS


@dataclass
class Chain:
    """Calls on one run until one came to its end: the step in which each was killed, and what came of it."""

    killed_in: list[str] = field(default_factory=list)
    code: int = 0
    said: str = ""
    differs: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return self.code == 0 and not self.differs


def undisturbed(folder: Path) -> tuple[Path, float]:
    """A whole run, and how long one of its steps takes (seconds)."""
    run = small_project(folder)
    began = time.monotonic()
    subprocess.run(COMMAND, cwd=folder, check=True, capture_output=True)
    return run, (time.monotonic() - began) / len(_logs(folder))


def killed(folder: Path, whole: Path, *, a_step: float, chance: random.Random, most: int) -> Chain:
    """One run, killed up to `most` times."""
    run = small_project(folder)
    chain = Chain()
    while True:
        with (folder / "said.txt").open("wb") as said:
            process = subprocess.Popen(
                COMMAND, cwd=folder, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
            )
            step = "" if len(chain.killed_in) >= most else _strike(process, folder, a_step, chance)
            chain.code = process.wait()
        if not step:
            break
        chain.killed_in.append(step)
    chain.said = (folder / "said.txt").read_text(encoding="utf-8").strip()
    chain.differs = [*differences(whole, run), *_asked(whole, run)]
    return chain


def _strike(process: subprocess.Popen[bytes], folder: Path, a_step: float, chance: random.Random) -> str:
    """Kill a call in its first, second or third step, at any moment of it. Returns the step, "" where the
    call came to its end before."""
    before, wanted = _logs(folder), chance.randint(1, 3)
    begun: list[str] = []
    while process.poll() is None and len(begun) < wanted:
        time.sleep(0.01)
        begun = [name for name, changed in _logs(folder).items() if before.get(name) != changed]
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(chance.uniform(0, 1.5 * a_step))
    if process.poll() is not None:
        return ""
    if chance.random() < 0.5:
        os.kill(process.pid, signal.SIGKILL)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    return begun[-1] if begun else "before the first step"


def _logs(folder: Path) -> dict[str, int]:
    """Step -> when its log was written last; those that came last are last."""
    found: dict[str, int] = {}
    for path in (folder / "logs" / "small").glob("*.log"):
        with contextlib.suppress(FileNotFoundError):
            found[path.stem] = path.stat().st_mtime_ns
    found.pop("snakemake", None)
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _asked(whole: Path, run: Path) -> Iterator[str]:
    """What was asked twice, or not at all."""
    then, now = (Counter(_requests(folder)) for folder in (whole, run))
    if set(now) != set(then):
        yield f"{len(set(now) ^ set(then))} requests are not those of an undisturbed run"
    if any(times > 1 for times in now.values()):
        yield "a request was sent twice"


def _requests(folder: Path) -> list[str]:
    if not REQUESTS.of(folder).is_file():  # refused before anything was asked: what was said tells why
        return []
    with REQUESTS.of(folder).open(encoding="utf-8", newline="") as file:
        return [row["request"] for row in csv.DictReader(file)]
