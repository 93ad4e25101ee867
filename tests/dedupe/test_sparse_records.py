"""Records with little more than a title: reference strings, hand-searched lists, venues without pages."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from resift.dedupe import deduplicate

WORK: dict[str, Any] = {
    "title": "Efficient maintenance of materialised views in distributed warehouses",
    "authors": "Hugo Keller, Anna Bosch",
    "year": "1999",
}
SHORT = {**WORK, "title": "Mining association rules"}
NAMELESS = {"title": WORK["title"], "year": "1999"}


def merged(one: dict[str, Any], two: dict[str, Any]) -> bool:
    frame = pd.DataFrame([{"record": "a:1", **one}, {"record": "b:1", **two}]).fillna("")
    return deduplicate(frame)["group"].nunique() == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({**WORK, "journal": "VLDB"}, {**WORK, "journal": "Very Large Data Bases"}),
        (
            {**WORK, "journal": "SIGMOD Conference"},
            {
                **WORK,
                "authors": "Anna Bosch, Hugo Keller",
                "journal": "International Conference on Management of Data",
            },
        ),
        (
            {**WORK, "journal": "ACM Trans. Database Syst."},
            {**WORK, "journal": "ACM Transactions on Database Systems (TODS)"},
        ),
        ({**SHORT, "journal": "VLDB"}, {**SHORT, "journal": "Very Large Data Bases"}),
        (WORK, WORK),
        (NAMELESS, NAMELESS),
        ({**NAMELESS, "journal": "Gut"}, {**WORK, "journal": "Gut"}),
        ({"doi": "10.5555/x.123", "year": "1999"}, {**WORK, "doi": "https://doi.org/10.5555/X.123"}),
    ],
)
def test_sparse_duplicates_merge(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert merged(one, two)
    assert merged(two, one)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({**WORK, "journal": "SIGMOD Conference"}, {**WORK, "year": "2001", "journal": "VLDB J."}),
        ({**WORK, "journal": "VLDB"}, {**WORK, "year": "2001", "journal": "VLDB J."}),
        (WORK, {**WORK, "authors": "Petra Lang"}),
        (
            {**WORK, "title": "Editorial", "journal": "VLDB J."},
            {**WORK, "title": "Editorial", "journal": "VLDB J."},
        ),
        ({"title": "Table of contents", "year": "1999"}, {"title": "Table of contents", "year": "1999"}),
        (
            {**NAMELESS, "title": "Annual report 2009 of the registry"},
            {**NAMELESS, "title": "Annual report 2010 of the registry"},
        ),
        (WORK, {**WORK, "title": "Efficient maintenance of materialised views in centralised warehouses"}),
    ],
)
def test_sparse_records_of_different_works_stay_apart(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert not merged(one, two)
    assert not merged(two, one)


def test_title_that_many_authors_use_decides_nothing() -> None:
    rows = [
        {
            "record": f"a:{n}",
            "title": "Case for diagnosis today",
            "authors": name,
            "year": "1999",
            "journal": "Gut",
        }
        for n, name in enumerate(("Lindqvist", "Moreau", "Tanaka", "Okafor", "Petrov", "Petrov"))
    ]
    assert deduplicate(pd.DataFrame(rows))["group"].nunique() == len(rows)
