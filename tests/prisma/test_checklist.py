"""Rows of a checklist: one for each item, and what the review reported beside what was done."""

from __future__ import annotations

from tests.prisma.run_facts import facts

from resift.prisma.prisma_2020 import prisma_2020
from resift.prisma.prisma_s import prisma_s


def test_every_item_has_one_row_in_order() -> None:
    assert [row.item for row in prisma_s(facts())] == [str(n) for n in range(1, 17)]
    assert [row.item for row in prisma_2020(facts())] == ["5", "6", "7", "8", "16a", "16b", "27"]


def test_left_column_describes_the_review_and_unknown_is_not_reported() -> None:
    rows = prisma_s(facts({"reported": {"prisma_s": {"1": "PubMed", "13": None}}}))
    assert (rows[0].reported, rows[12].reported, rows[15].reported) == (
        "PubMed",
        "not reported",
        "not reported",
    )
