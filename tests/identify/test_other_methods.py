"""The lane of other methods: which reports are seeds, and when the databases' lane is not even read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.identify.test_references import Library, seed
from tests.screening.people import human

from resift.identify.held_records import InMemory
from resift.identify.other_methods import run_other_methods
from resift.identify.references import Followed
from resift.project.protocol import Protocol, load_protocol
from resift.records import Record
from resift.screening.criteria import load_screening
from resift.screening.human_decisions import HumanDecision
from resift.screening.table import LaneTables
from resift.tables import Grouped
from resift.vocabulary import Lane, Relation

NO_CRITERIA = load_screening(None, {})
HELD = [seed("1", ["11"]), seed("2", ["12"]), seed("3", ["13"])]
LIBRARY = {"11": ["21"], "12": [], "13": [], "21": []}


def protocol_with(folder: Path, other_methods: dict[str, Any]) -> Protocol:
    path = folder / "protocol.yaml"
    strategies = {"a": {"query": "cats[tiab]", "provenance": "reconstructed", "reason": "r"}}
    path.write_text(yaml.safe_dump({"id": "x", "strategies": strategies, "other_methods": other_methods}))
    return load_protocol(path)


def alone(name: str) -> Grouped:
    return Grouped(
        record=name, group=name, kept=True, relation=Relation.UNRELATED, related=(), rule="", score=None,
        evidence="",
    )  # fmt: skip


def databases(records: Sequence[Record] = HELD) -> LaneTables:
    return LaneTables(
        lane=Lane.DATABASES,
        records=records,
        duplicates=[alone(record.record) for record in records],
        answers=[],
        found_by={},
    )


def unread() -> LaneTables:
    raise AssertionError("the lane of databases is not needed here")


def cited(found: Followed) -> set[str]:
    return {record.pmid for record in found.records}


@pytest.mark.parametrize(
    ("seeds", "expected"),
    [("eligible", {"11", "12"}), ("included", {"12"})],
)
def test_seeds_are_the_reports_that_ended_so(tmp_path: Path, seeds: str, expected: set[str]) -> None:
    protocol = protocol_with(tmp_path, {"references": {"rounds": 1, "seeds": seeds}})
    rows = [
        human("include", record="pubmed:1"),
        *(
            human("include", record="pubmed:2", stage=s, line=3)
            for s in ("title_abstract", "retrieval", "full_text")
        ),
        human("exclude", record="pubmed:3", line=4),
    ]
    found = run_other_methods(
        protocol, databases, InMemory(HELD), Library(LIBRARY), screening=NO_CRITERIA, human=rows
    )
    assert cited(found) == expected


def test_listed_seeds_are_followed_whatever_was_decided_and_the_lane_is_not_read(tmp_path: Path) -> None:
    protocol = protocol_with(tmp_path, {"references": {"rounds": 1, "seeds": "listed", "list": ["3"]}})
    found = run_other_methods(
        protocol, unread, InMemory(HELD), Library(LIBRARY), screening=NO_CRITERIA, human=[]
    )
    assert cited(found) == {"13"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [([], {"11"}), ([human("include", record="pubmed:11")], {"11", "21"})],
    ids=["undecided", "included by a person"],
)
def test_a_cited_work_is_followed_in_the_next_round_when_it_is_eligible_itself(
    tmp_path: Path, rows: list[HumanDecision], expected: set[str]
) -> None:
    protocol = protocol_with(tmp_path, {"references": {"rounds": 2, "seeds": "listed", "list": ["1"]}})
    found = run_other_methods(
        protocol, unread, InMemory(HELD), Library(LIBRARY), screening=NO_CRITERIA, human=rows
    )
    assert cited(found) == expected


def test_without_rounds_hand_searching_alone_brings_records(tmp_path: Path) -> None:
    (tmp_path / "by-hand.ris").write_text("TY  - JOUR\nTI  - Cats at home\nPY  - 2009\nER  - \n")
    protocol = protocol_with(tmp_path, {"handsearched": "by-hand.ris"})
    library = Library(LIBRARY)
    found = run_other_methods(protocol, unread, InMemory(HELD), library, screening=NO_CRITERIA, human=[])
    assert [record.title for record in found.records] == ["Cats at home"] and library.asked == []
    nothing = run_other_methods(
        protocol_with(tmp_path, {}), unread, InMemory(HELD), library, screening=NO_CRITERIA, human=[]
    )
    assert nothing == Followed(works=(), records=())
