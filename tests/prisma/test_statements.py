"""The items in the statements' own words."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from resift.prisma.statements import PRISMA_2020, PRISMA_S, Item

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("items", "stored"), [(PRISMA_S, "prisma-s-items.csv"), (PRISMA_2020, "prisma-2020-items.csv")]
)
def test_item_names_and_texts_are_the_statements_own(items: tuple[Item, ...], stored: str) -> None:
    with (HERE / stored).open(encoding="utf-8", newline="") as file:
        copy = [
            Item(number=r["item"], section=r["section"], name=r["name"], text=r["text"])
            for r in csv.DictReader(file)
        ]
    assert list(items) == copy
