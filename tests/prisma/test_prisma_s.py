"""The items of PRISMA-S, each with a status that nobody fills by default."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.prisma.run_facts import facts, status

from resift.documents import ReferenceLists
from resift.prisma.prisma_s import prisma_s
from resift.vocabulary import Status


def test_what_a_person_must_say_is_missing_until_said() -> None:
    rows = prisma_s(facts())
    assert {row.item for row in rows if row.status is Status.MISSING} == {
        "3",
        "4",
        "5",
        "6",
        "7",
        "10",
        "11",
        "14",
    }


def test_declared_none_is_explicit_and_declared_words_are_declared() -> None:
    rows = prisma_s(facts({"declared": {"prisma_s": {"3": "none", "14": "PRESS by two librarians"}}}))
    assert status(rows, "3") is Status.EXPLICIT_NONE
    assert status(rows, "14") is Status.DECLARED


@pytest.mark.parametrize(("available", "expected"), [(8, Status.PARTIAL), (10, Status.AUTO)])
def test_citation_searching_is_partial_below_full_coverage(available: int, expected: Status) -> None:
    protocol = {"other_methods": {"references": {"rounds": 1}}}
    rows = prisma_s(facts(protocol, reference_lists=ReferenceLists(available=available, seeds=10)))
    assert status(rows, "5") is expected
    assert f"{available} of 10 seeds" in rows[4].done


def test_zero_rounds_is_an_explicit_none() -> None:
    assert (
        status(prisma_s(facts({"other_methods": {"references": {"rounds": 0}}})), "5") is Status.EXPLICIT_NONE
    )


def test_limits_need_a_justification() -> None:
    limits: dict[str, Any] = {
        "window": {"from": "1995-01-01", "until": "2012-12-31"},
        "languages": ["english"],
    }
    assert status(prisma_s(facts(limits)), "9") is Status.PARTIAL
    stated = {name: {"status": "stated", "quote": "q"} for name in ("window", "languages")}
    assert status(prisma_s(facts(limits | {"provenance": stated})), "9") is Status.AUTO
    unlimited = facts()
    assert prisma_s(unlimited)[8].status is Status.PARTIAL  # the run's own last day is nobody's stated limit
    open_ended = replace(unlimited, run=replace(unlimited.run, until=None))
    assert prisma_s(open_ended)[8].done == "No limits were used"


def test_what_an_imported_file_is_given_without_reads_missing_and_partial() -> None:
    imports = [
        {"file": "a.ris", "database": "Embase", "query": "'x':ti", "date": "2013-01-15", "count": 7},
        {"file": "b.ris", "database": "CINAHL", "query": "TI x"},
    ]
    rows = {row.item: row for row in prisma_s(facts({"imports": imports}))}
    assert (rows["8"].status, rows["13"].status, rows["15"].status) == (
        Status.AUTO,
        Status.PARTIAL,
        Status.PARTIAL,
    )
    assert "Embase: 'x':ti; CINAHL: TI x" in rows["8"].done
    assert "Embase: 2013-01-15; CINAHL: MISSING" in rows["13"].done
    assert "Embase: 7; CINAHL: MISSING" in rows["15"].done


@pytest.mark.parametrize("query", ["cancer AND systematic[sb]", "x[ti] AND (animals[mh] NOT humans[mh])"])
def test_known_filter_is_recognised_but_not_taken_for_cited(query: str) -> None:
    row = prisma_s(facts(query=query))[9]
    assert row.status is Status.PARTIAL and "Recognised" in row.done


def test_dates_of_searches_carry_the_recorded_time() -> None:
    assert "one: 2026-01-02T03:04:05Z" in prisma_s(facts())[12].done
