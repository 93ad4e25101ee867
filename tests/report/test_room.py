"""What a page lists and shows in full where it cannot bear every record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from resift.report.data import ReportData, load
from resift.report.embed import core, packed
from resift.report.page import render
from resift.report.room import by_rank, in_full, listed
from resift.tables import Grouped
from resift.vocabulary import Relation, State

from .run_folder import screening_of
from .test_page import embedded, unpacked


def test_all_records_are_listed_as_long_as_they_have_room(data: ReportData) -> None:
    assert listed(data.decisions) is data.decisions


def test_those_listed_are_the_first_to_be_read_in_the_order_of_the_table(data: ReportData) -> None:
    wanted = {State.INCLUDED, State.AWAITING}
    most = sum(row.state in wanted for row in data.decisions)
    chosen = listed(data.decisions, most)
    assert {row.state for row in chosen} == wanted
    assert list(chosen) == [row for row in data.decisions if row in chosen]
    assert in_full(data.decisions, most) == {row.record for row in chosen}
    assert sorted(by_rank(data.decisions)) == list(range(len(data.decisions)))


def test_a_box_keeps_its_number_and_hash_where_its_records_are_not_all_listed(data: ReportData) -> None:
    whole, some = unpacked(packed(data).core), unpacked(packed(data, most=10).core)
    assert len(some["records"]) == 10
    assert some["all"] == len(whole["records"]) == len(data.decisions)
    assert some["boxes"].keys() == whole["boxes"].keys()
    ids = [row[0] for row in some["records"]]
    for name, box in some["boxes"].items():
        full = whole["boxes"][name]
        assert (box["n"], box["sha256"]) == (full["n"], full["sha256"])
        there = {whole["records"][at][0] for at in full["at"]}
        assert [ids[at] for at in box["at"]] == [record for record in ids if record in there]


def test_a_page_says_how_many_of_its_records_it_lists(
    data: ReportData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resift.report.page.embed.packed", lambda data: packed(data, most=10))
    assert f"This page lists 10 of {len(data.decisions)} records and holds" in render(data)


def test_records_not_shown_in_full_count_as_all_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screening = screening_of(folder.parents[1])
    whole = load(folder, screening=screening)
    few = in_full(whole.decisions, 3)
    monkeypatch.setattr("resift.report.data.in_full", lambda decisions, first: few)
    part = load(folder, screening=screening)
    assert {row.record for row in (*part.answers, *part.evidence)} <= few
    assert part.answered == whole.answered
    assert core(part, part.decisions) == core(whole, whole.decisions)
    with pytest.raises(AttributeError):
        print([record.abstract for record in part.records])
    monkeypatch.setattr("resift.report.embed.PARCEL", 3)
    monkeypatch.setattr("resift.report.embed.IN_FULL", 3)
    pages = [render(replace(one, hashes={})) for one in (whole, part)]
    assert embedded(pages[0]) == embedded(pages[1])
    assert pages[0] == pages[1]


def test_pairs_to_be_settled_have_their_place_before_all_others(data: ReportData) -> None:
    last = [data.decisions[at].record for at in by_rank(data.decisions)[-2:]]
    pair = Grouped(
        record=last[0], group=last[0], kept=True, relation=Relation.REVIEW, related=(last[1],), rule="a rule",
        score=None, evidence="",
    )  # fmt: skip
    some = unpacked(packed(replace(data, duplicates=[pair]), most=2).core)
    assert {row[0] for row in some["records"]} == set(last)
    assert len(some["pairs"]) == 1
