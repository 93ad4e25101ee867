"""The long form of the fault suite: a table of fault, tries, survived, and what the user sees.

Run with `make soak`; it takes the better part of an hour. Exits with 1 when a fault became a result.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

import client_corpus as corpus  # noqa: E402
from tests.faults.proxy import serving  # noqa: E402
from tests.faults.trial import BATCH, Outcome, Trial, attempt, observe, plans  # noqa: E402

from resift.pubmed.entrez import Entrez  # noqa: E402


def main() -> int:
    logging.disable(logging.CRITICAL)
    asked = set(sys.argv[1:]) - {"--short"}
    trials: dict[str, list[Trial]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="resift-soak-") as folder:
        frozen = corpus.frozen(Path(folder))
        undisturbed = observe(Entrez(frozen, batch=BATCH))
        with serving(frozen) as proxy:
            for n, plan in enumerate(plans(long="--short" not in sys.argv)):
                if asked and plan.kind not in asked:
                    continue
                trials[plan.kind].append(attempt(proxy, plan, undisturbed, Path(folder) / f"raw{n}"))
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
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
