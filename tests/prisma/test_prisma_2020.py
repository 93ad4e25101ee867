"""The items of PRISMA 2020 that a run can speak to."""

from __future__ import annotations

import pytest
from tests.prisma.run_facts import facts

from resift.prisma.prisma_2020 import prisma_2020
from resift.vocabulary import Status


def test_rules_without_validation_leave_the_selection_process_partial() -> None:
    row = next(r for r in prisma_2020(facts(rules_only=True)) if r.item == "8")
    assert row.status is Status.PARTIAL
    assert "no person read these records" in row.done and "not validated" in row.done


@pytest.mark.parametrize("rules_only", [True, False])
def test_item_8_shows_the_audit_that_validates_the_rules(rules_only: bool) -> None:
    rows = prisma_2020(facts(rules_only=rules_only), validation="Audit of exclusions: 0 of 300 wrong")
    row = next(r for r in rows if r.item == "8")
    assert "Audit of exclusions: 0 of 300 wrong" in row.done and "not validated" not in row.done
