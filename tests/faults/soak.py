"""The long form of the fault suite, as tables; `make soak` runs all of it, which takes hours.

    python tests/faults/soak.py answers [KIND…]  every fault of a server at every answer that the client gets
    python tests/faults/soak.py runs [KIND…]     every fault at the first, middle and last answer of a run
    python tests/faults/soak.py damage [FILE…]   every file of a run damaged, then the same command
    python tests/faults/soak.py disk             a disk full at a dozen places of a run (root only)
    python tests/faults/soak.py kills [N]        kill -9 at N moments of runs (100), then the same command

Each trial is put down in `.cache/soak/` as it ends, and is not made again: what was broken off goes on, and
after a change of the code the file is to be deleted. Exits with 1 when a fault became a result.
"""

from __future__ import annotations

import logging
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

import client_corpus as corpus  # noqa: E402
from tests.faults.full import filled, sizes  # noqa: E402
from tests.faults.kept import Kept, Result  # noqa: E402
from tests.faults.killed import killed, undisturbed  # noqa: E402
from tests.faults.proxy import serving  # noqa: E402
from tests.faults.tiny import world  # noqa: E402
from tests.faults.trial import BATCH, Outcome, attempt, observe, plans  # noqa: E402
from tests.faults.whole import damaged, fault, faults, mended  # noqa: E402

from resift.pubmed.entrez import Entrez  # noqa: E402


def answers(folder: Path, kept: Kept, kinds: Sequence[str]) -> bool:
    """Each fault at the first, middle and last answer of each endpoint: once, three times, for ever."""
    frozen = corpus.frozen(folder)
    asked = {plan.name: plan for plan in plans(long=True) if not kinds or plan.kind in kinds}
    with serving(frozen) as proxy:
        whole = observe(Entrez(proxy.frozen, batch=BATCH))

        def trial(name: str) -> Result:
            with tempfile.TemporaryDirectory(dir=folder) as raw:
                made = attempt(proxy, asked[name], whole, Path(raw))
            return Result(name, asked[name].kind, made.outcome, made.line, round(made.seconds, 2))

        kept.each(asked, trial)
    return kept.table("fault of one answer", asked)


def runs(folder: Path, kept: Kept, kinds: Sequence[str]) -> bool:
    """Each fault at the first, middle and last answer of a whole run, then at others: once, for ever."""
    with world(folder) as here:
        asked = [name for name in faults(here) if not kinds or name.rsplit(", ", 2)[0] in kinds]
        kept.each(asked, lambda name: fault(here, name))
    return kept.table("fault of a run", asked)


def damages(folder: Path, kept: Kept, files: Sequence[str]) -> bool:
    """Each file of a finished run, damaged in each way."""
    with world(folder) as here:
        asked = [name for name in damaged(here) if not files or name.split(" ")[1] in files]
        kept.each(asked, lambda name: mended(here, name))
    return kept.table("damaged", asked)


def disk(folder: Path, kept: Kept, places: Sequence[str]) -> bool:
    """A file system that is full at a dozen places of a run; only root may mount one."""
    with world(folder) as here:
        asked = [name for name in sizes(here) if not places or name in places]
        kept.each(asked, lambda name: filled(here, name))
    return kept.table("disk", asked)


def kills(folder: Path, kept: Kept, numbers: Sequence[str]) -> bool:
    """Kills spread over the steps of as many runs as it takes."""
    most = int(next(iter(numbers), 100))
    made = [one for one in kept.results.values() if one.name.startswith("kill ")]
    whole, a_step = undisturbed(folder / "whole")
    n = 1 + max((int(one.group) for one in made), default=0)
    while (left := most - len(made)) > 0:
        one = killed(folder / f"run{n}", whole, a_step=a_step, chance=random.Random(n), most=left)
        line = f"exit {one.code}, {one.said}; {one.differs[:3]}" if not one.good else ""
        outcome = Outcome.SURVIVED if one.good else Outcome.WRONG
        names = {f"kill {n}.{m} in {step}": step for m, step in enumerate(one.killed_in, 1)}
        kept.each(names, lambda name: Result(name, str(n), outcome, line, 0))  # noqa: B023 - called at once
        made = [one for one in kept.results.values() if one.name.startswith("kill ")]
        print(f"run {n}: killed {len(names)} times, then {line or 'the undisturbed bytes'}", flush=True)
        n += 1
    total = Counter(one.name.partition(" in ")[2] for one in made)
    survived = Counter(one.name.partition(" in ")[2] for one in made if one.outcome is Outcome.SURVIVED)
    print(f"{'killed in':34} kills survived")
    for step, count in sorted(total.items()):
        print(f"{step:34} {count:5} {survived[step]:8}")
    print(f"{total.total()} kills in {n - 1} runs, {survived.total()} survived")
    return survived == total


PARTS = {"answers": answers, "runs": runs, "kills": kills, "damage": damages, "disk": disk}


def main(arguments: Sequence[str]) -> int:
    """Run the part that is named; its table goes to standard output."""
    part, *rest = arguments or [""]
    if part not in PARTS:
        sys.exit(__doc__)
    kept = Kept(PROJECT / ".cache" / "soak" / f"{part}.jsonl")
    with tempfile.TemporaryDirectory(prefix="resift-soak-", ignore_cleanup_errors=True) as name:
        if part != "kills":
            logging.disable(logging.CRITICAL)
        good = PARTS[part](Path(name), kept, rest)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
