"""Whatever happens to one answer: the undisturbed result, or one line that says why not; never another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import client_corpus as corpus
import pytest
from tests.faults.kinds import KINDS
from tests.faults.proxy import Plan, Proxy, serving
from tests.faults.trial import BATCH, GOOD, Outcome, Seen, attempt, observe, plans

from resift.pubmed.entrez import Entrez
from resift.pubmed.source import Endpoint


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with serving(corpus.frozen(tmp_path_factory.getbasetemp())) as running:
        yield running


@pytest.fixture(scope="module")
def undisturbed(proxy: Proxy) -> Seen:
    seen = observe(Entrez(proxy.frozen, batch=BATCH))
    assert len(seen.records) == seen.count > 3 * BATCH
    assert seen.cited and not seen.misses
    return seen


# Kinds stand in the order of their names, those that are alike side by side: the quick tests try every ninth.
PLANS = [
    pytest.param(plan, id=plan.name, marks=() if n % 9 == 0 else pytest.mark.slow)
    for n, plan in enumerate(plans())
]


@pytest.mark.parametrize("plan", PLANS)
def test_a_fault_never_becomes_a_result(plan: Plan, proxy: Proxy, undisturbed: Seen, tmp_path: Path) -> None:
    """Disturbed once or for ever, then the same command against a healthy server."""
    trial = attempt(proxy, plan, undisturbed, tmp_path)
    assert trial.outcome in GOOD, trial.line
    assert "\n" not in trial.line
    if trial.outcome is Outcome.TOLD:
        assert plan.endpoint in (Endpoint.ELINK, Endpoint.ECITMATCH)


def test_there_are_more_than_63_kinds_of_faults() -> None:
    assert len(KINDS) > 63
