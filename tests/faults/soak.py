"""The long form of the fault suite, as tables; `make soak` runs all of it, which takes hours.

    python tests/faults/soak.py answers [KIND…]   every fault of a server at every answer
    python tests/faults/soak.py kills [N [SEED]]  kill -9 at N moments of runs (100), then the same command
    python tests/faults/soak.py damage            every file of a run damaged, then the same command

Exits with 1 when a fault became a result.
"""

from __future__ import annotations

import logging
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

import client_corpus as corpus  # noqa: E402
from tests.faults.damaged import DAMAGES, damage, files_of  # noqa: E402
from tests.faults.killed import Chain, killed, undisturbed  # noqa: E402
from tests.faults.proxy import serving  # noqa: E402
from tests.faults.small import COMMAND, differences  # noqa: E402
from tests.faults.trial import BATCH, Outcome, Trial, attempt, observe, plans  # noqa: E402

from resift.pubmed.entrez import Entrez  # noqa: E402
from resift.tables import TAPE  # noqa: E402


def answers(folder: Path, kinds: Sequence[str]) -> bool:
    """Each fault at the first, middle and last answer of each endpoint: once, three times, for ever."""
    trials: dict[str, list[Trial]] = defaultdict(list)
    frozen = corpus.frozen(folder)
    whole = observe(Entrez(frozen, batch=BATCH))
    with serving(frozen) as proxy:
        for n, plan in enumerate(plans(long=True)):
            if not kinds or plan.kind in kinds:
                trials[plan.kind].append(attempt(proxy, plan, whole, folder / f"raw{n}"))
    good = (Outcome.SURVIVED, Outcome.STOPPED, Outcome.TOLD)
    wrong = [trial for found in trials.values() for trial in found if trial.outcome not in good]
    print(f"{'fault':34} trials survived stopped told wrong  what the user sees when it does not pass")
    for kind, found in trials.items():
        counts = [sum(trial.outcome is outcome for trial in found) for outcome in good]
        seen = next((trial.line for trial in found if trial.outcome is Outcome.STOPPED), "")
        bad = len(found) - sum(counts)
        print(f"{kind:34} {len(found):6} {counts[0]:8} {counts[1]:7} {counts[2]:4} {bad:5}  {seen[:150]}")
    for trial in wrong:
        print(f"{trial.outcome}: {trial.plan.name}: {trial.line}")
    print(f"{sum(map(len, trials.values()))} trials, {len(wrong)} wrong")
    return not wrong


def kills(folder: Path, most: int, seed: int) -> bool:
    """Kills spread over the steps of as many runs as it takes."""
    whole, a_step = undisturbed(folder / "whole")
    chance = random.Random(seed)
    chains: list[Chain] = []
    while (left := most - sum(len(chain.killed_in) for chain in chains)) > 0:
        one = killed(folder / f"run{len(chains)}", whole, a_step=a_step, chance=chance, most=left)
        chains.append(one)
        end = "the undisturbed bytes" if one.good else f"exit {one.code}, {one.said}; {one.differs[:3]}"
        print(f"run {len(chains)}: killed {len(one.killed_in)} times, then {end}", flush=True)
    kills_of = Counter(step for chain in chains for step in chain.killed_in)
    survived = Counter(step for chain in chains if chain.good for step in chain.killed_in)
    print(f"{'killed in':34} kills survived")
    for step, n in sorted(kills_of.items()):
        print(f"{step:34} {n:5} {survived[step]:8}")
    print(f"{kills_of.total()} kills in {len(chains)} runs, {survived.total()} survived")
    return survived == kills_of


def damages(folder: Path) -> bool:
    """Every file once, a few of different steps at a time, the ways of damage taking turns."""
    run, _ = undisturbed(folder / "project")
    kept = Path(shutil.copytree(run, folder / "whole"))
    rounds = _rounds(list(files_of(kept)))
    wrong = 0
    print(f"{'damaged':34} then  what the user sees")
    for n, chosen in enumerate(rounds):
        for m, name in enumerate(chosen):
            damage(run / name, DAMAGES[(n + m) % 3], keep_time=(n + m) % 2 == 0)
        done = subprocess.run(
            COMMAND, cwd=folder / "project", capture_output=True, text=True, check=False, timeout=1800
        )
        differs = differences(kept, run)
        said = done.stderr.replace("results/small/", "").splitlines()
        wrong += bool(done.returncode or differs)
        for m, name in enumerate(chosen):
            line = next((line for line in said if name in line), "")
            end = "differs" if differs else "same" if done.returncode == 0 else f"exit {done.returncode}"
            print(f"{DAMAGES[(n + m) % 3].__name__ + ' ' + name:60} {end:8} {line[:120]}", flush=True)
        if differs:
            print(f"differs: {differs}; {said[:3]}")
    print(f"{sum(map(len, rounds))} files damaged in {len(rounds)} rounds, {wrong} rounds wrong")
    return not wrong


def _rounds(names: Sequence[str]) -> list[list[str]]:
    """Files that are damaged together: one of several copies by itself; an answer with answers, since all
    that rests on it is made again; else five of different steps."""
    hidden = [name for name in names if name.startswith(".")]
    tape = [name for name in names if TAPE.matches(name)]
    others = [name for name in names if name not in (*hidden, *tape)]
    many = -(-len(others) // 5)
    rounds = [[name] for name in hidden] + [tape[n::3] for n in range(3)]
    return [chosen for chosen in rounds + [others[n::many] for n in range(many)] if chosen]


def main(arguments: Sequence[str]) -> int:
    """Run the part that is named; its table goes to standard output."""
    part, *rest = arguments or [""]
    if part not in ("answers", "kills", "damage"):
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix="resift-soak-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if part == "answers":
            logging.disable(logging.CRITICAL)
            good = answers(folder, rest)
        elif part == "kills":
            good = kills(folder, *map(int, [*rest, *(100, 13)[len(rest) :]]))
        else:
            good = damages(folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
