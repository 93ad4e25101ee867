"""What hangs on a criterion, near misses, full-text exclusions and the order of reading."""

from __future__ import annotations

from dataclasses import replace

from resift.runs.opened import OpenedRun
from resift.screening.decisions import apply_rules
from resift.screening.robustness import (
    full_text_exclusions,
    near_misses,
    reading_order,
    reports,
    weights,
    work,
)
from resift.vocabulary import Answer, Box, State

Answers = tuple[tuple[str, Answer], ...]


def outcomes(opened: OpenedRun, change: object) -> dict[str, str]:
    """Report -> the rules' outcome when `change` has been made to its joined answers."""
    found = {}
    for report, given in reports(opened.candidates).items():
        rows: Answers = tuple(change(given.items()))  # type: ignore[operator]
        found[report] = apply_rules([rows]).outcome
    return found


def test_the_figures_are_those_of_screening_anew_with_the_criterion_changed(opened: OpenedRun) -> None:
    answers = reports(opened.candidates)
    now = outcomes(opened, lambda rows: rows)
    rows = weights(opened.screening, answers)
    assert [row.criterion for row in rows] == [criterion.id for criterion in opened.screening.criteria]
    assert any(row.on_this_alone for row in rows) and any(row.tightened_to_excluded for row in rows)
    for row in rows:
        name = row.criterion

        def dropped(given: Answers, name: str = name) -> Answers:
            return tuple((c, a) for c, a in given if c != name)

        def relaxed(given: Answers, name: str = name) -> Answers:
            return tuple((c, Answer.UNCLEAR if c == name and a is Answer.NOT_MET else a) for c, a in given)

        def tightened(given: Answers, name: str = name) -> Answers:
            unclear = (Answer.UNCLEAR, Answer.CONFLICT)
            return tuple((c, Answer.NOT_MET if c == name and a in unclear else a) for c, a in given)

        without, asked, stricter = (outcomes(opened, f) for f in (dropped, relaxed, tightened))
        out = [report for report, outcome in now.items() if outcome == "exclude"]
        assert row.on_this_alone == sum(without[report] != "exclude" for report in out)
        assert row.dropped_to_eligible == sum(without[report] == "include" for report in out)
        assert row.dropped_to_awaiting == sum(without[report] == "unclear" for report in out)
        assert row.relaxed_to_awaiting == sum(asked[report] == "unclear" for report in out)
        kept = [report for report, outcome in now.items() if outcome != "exclude"]
        assert row.tightened_to_excluded == sum(stricter[report] == "exclude" for report in kept)


def test_near_misses_are_what_one_criterion_alone_excludes(opened: OpenedRun) -> None:
    answers = reports(opened.candidates)
    rows = near_misses(opened.decisions, answers)
    alone = sum(row.on_this_alone for row in weights(opened.screening, answers))
    assert rows and len(rows) == alone
    assert {row.criterion for row in rows} <= {criterion.id for criterion in opened.screening.criteria}
    assert [row.would_be for row in rows] == sorted((row.would_be for row in rows), reverse=True)
    assert all(row.counterfactual.startswith("would be eligible if") for row in rows)
    assert all(row.unclear for row in rows if row.would_be is State.AWAITING)


def test_every_record_that_awaits_a_person_has_a_place_and_a_reason_for_it(opened: OpenedRun) -> None:
    rows = reading_order(opened.decisions, reports(opened.candidates), opened.protocol.question)
    waiting = {row.record for row in opened.decisions if row.state is State.AWAITING}
    assert {row.record for row in rows} == waiting and [row.place for row in rows] == [
        *range(1, len(rows) + 1)
    ]
    met = [int(row.why.split()[0]) for row in rows]
    assert met == sorted(met, reverse=True)
    again = reading_order(opened.decisions[::-1], reports(opened.candidates), opened.protocol.question)
    assert again == rows


def test_work_done_left_and_spared_adds_up(opened: OpenedRun) -> None:
    counted = work(opened.decisions)
    unscreened = (State.DUPLICATE, State.ALREADY_KNOWN, State.REMOVED)
    assert sum(counted.values()) == sum(row.state not in unscreened for row in opened.decisions)
    assert counted["left to people"] and counted["excluded by rules"] and not counted["decided by people"]


def test_full_text_exclusions_carry_their_reasons(opened: OpenedRun) -> None:
    one = replace(
        opened.decisions[0],
        state=State.EXCLUDED_FULL_TEXT,
        box=Box.EXCLUDED_FULL_TEXT,
        reason="No separate data",
        decided_by="AB",
    )
    (row,) = full_text_exclusions([one, *opened.decisions])
    assert (row.record, row.reason, row.decided_by) == (one.record, "No separate data", "AB")


def test_a_full_text_that_waits_is_no_title_that_is_left_to_screen(opened: OpenedRun) -> None:
    waits = next(row for row in opened.decisions if row.state is State.AWAITING)
    read = replace(waits, box=Box.AWAITING_CLASSIFICATION, human_outcomes="title_abstract: AB: include")
    assert work([read])["left to people"] == 0 and work([read])["decided by people"] == 1
