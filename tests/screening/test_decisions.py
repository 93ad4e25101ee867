"""Rules and people: the later stage over the earlier, people over rules, conflicts stay conflicts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.screening.people import human

from resift.screening.criteria import Kind, answer
from resift.screening.decisions import Candidate, Decision, decide
from resift.screening.human_decisions import (
    HumanDecision,
)
from resift.vocabulary import Answer, Box, GroupedBy, Lane, State

MET, NOT_MET, UNCLEAR = Answer.MET, Answer.NOT_MET, Answer.UNCLEAR


def candidate(record: str = "pubmed:1", *answers: Answer, group: str = "", kept: bool = True) -> Candidate:
    return Candidate(
        record=record,
        lane=Lane.DATABASES,
        group=group or record,
        kept=kept,
        found_by=("a",),
        answers=tuple(zip(("population", "stage"), answers or (MET, MET), strict=False)),
        doi="10.5555/x",
    )


def one(candidates: list[Candidate], rows: list[HumanDecision], role: str = "screener") -> Decision:
    return decide(candidates, rows, role=role)[0]


@pytest.mark.parametrize(
    ("kind", "yes", "known", "expected"),
    [
        (Kind.EXCLUDE_IF, True, True, NOT_MET),
        (Kind.EXCLUDE_IF, False, True, MET),
        (Kind.EXCLUDE_IF, False, False, UNCLEAR),
        (Kind.EXCLUDE_IF, True, False, UNCLEAR),
        (Kind.EXCLUDE_UNLESS, True, True, MET),
        (Kind.EXCLUDE_UNLESS, False, True, NOT_MET),
        (Kind.EXCLUDE_UNLESS, False, False, UNCLEAR),
        (Kind.UNCLEAR_UNLESS, True, True, MET),
        (Kind.UNCLEAR_UNLESS, False, True, UNCLEAR),
        (Kind.UNCLEAR_UNLESS, False, False, UNCLEAR),
    ],
)
def test_only_evidence_excludes(kind: Kind, yes: bool, known: bool, expected: Answer) -> None:
    assert answer(kind, yes=yes, known=known) is expected


@pytest.mark.parametrize(
    ("answers", "state", "criterion"),
    [
        ((MET, MET), State.ELIGIBLE, ""),
        ((NOT_MET, MET), State.EXCLUDED, "population"),
        ((UNCLEAR, NOT_MET), State.EXCLUDED, "stage"),
        ((NOT_MET, NOT_MET), State.EXCLUDED, "population"),
        ((MET, UNCLEAR), State.AWAITING, "stage"),
    ],
)
def test_the_first_criterion_not_met_is_the_reason(
    answers: tuple[Answer, ...], state: State, criterion: str
) -> None:
    decision = one([candidate("pubmed:1", *answers)], [])
    assert (decision.state, decision.criterion, decision.decided_by) == (state, criterion, "rules")
    assert ("would be excluded" if state is State.ELIGIBLE else "would be eligible") in decision.flips_if


def test_the_counterfactual_names_all_that_would_have_to_change() -> None:
    one_of = replace(
        candidate("pubmed:1", NOT_MET, UNCLEAR), conditions=(("population", "Adults: with adult*[tiab]"),)
    )
    assert one([one_of], []).flips_if == (
        "would be eligible if 'population' were met (Adults: with adult*[tiab]) and 'stage' were met"
    )
    unclear = replace(one_of, answers=(("population", UNCLEAR), ("stage", MET)))
    assert one([unclear], []).flips_if == (
        "would be eligible if 'population' were met (Adults: with adult*[tiab])"
    )
    kept = one([one_of], [human("include")])
    assert kept.flips_if == "without that decision the rules would exclude it ('population' not met)"


def test_a_record_without_criteria_waits_for_a_person() -> None:
    empty = Candidate(record="pubmed:1", lane=Lane.DATABASES, group="g", kept=True, found_by=(), answers=())
    assert one([empty], []).state is State.AWAITING


def test_contradicting_records_of_one_report_are_a_conflict() -> None:
    twins = [
        candidate("pubmed:1", MET, MET, group="pubmed:1"),
        candidate("pubmed:2", NOT_MET, MET, group="pubmed:1", kept=False),
    ]
    first, second = decide(twins, [], role="screener")
    assert (first.state, first.reason) == (State.AWAITING, "conflict: population")
    assert second.state is State.DUPLICATE


def test_a_twin_that_lacks_the_field_does_not_contradict() -> None:
    twins = [
        candidate("pubmed:1", UNCLEAR, MET, group="pubmed:1"),
        candidate("pubmed:2", MET, MET, group="pubmed:1", kept=False),
    ]
    assert one(twins, []).state is State.ELIGIBLE


def test_a_person_stands_over_the_rules_and_both_are_shown() -> None:
    decision = one([candidate("pubmed:1", NOT_MET, MET)], [human("include")])
    assert decision.state is State.ELIGIBLE
    assert decision.decided_by == "AB"
    assert decision.automated_outcome == "exclude (population)"
    assert "AB: include" in decision.human_outcomes


def test_reviewers_who_differ_stay_in_conflict_until_a_resolver() -> None:
    rows = [human("include"), human("exclude", by="CD")]
    assert one([candidate()], rows).state is State.AWAITING
    resolved = [*rows, human("exclude", by="EF", role="resolver", reason="not pNET")]
    decision = one([candidate()], resolved)
    assert (decision.state, decision.reason) == (State.EXCLUDED, "not pNET")


@pytest.mark.parametrize(
    ("stage", "outcome", "state", "box"),
    [
        ("retrieval", "not_retrieved", State.NOT_RETRIEVED, Box.NOT_RETRIEVED),
        ("full_text", "include", State.INCLUDED, Box.INCLUDED_REPORTS),
        ("full_text", "exclude", State.EXCLUDED_FULL_TEXT, Box.EXCLUDED_FULL_TEXT),
        ("full_text", "unsure", State.AWAITING, Box.AWAITING_CLASSIFICATION),
    ],
)
def test_the_later_stage_decides(stage: str, outcome: str, state: State, box: Box) -> None:
    decision = one([candidate()], [human(outcome, stage=stage, reason="r")])
    assert (decision.state, decision.box) == (state, box)


def test_a_decision_may_name_a_doi_or_a_duplicate() -> None:
    twins = [candidate("pubmed:1", group="pubmed:1"), candidate("pubmed:2", group="pubmed:1", kept=False)]
    assert one(twins, [human("exclude", record="pubmed:2")]).state is State.EXCLUDED
    assert one([candidate()], [human("exclude", record="10.5555/X")]).state is State.EXCLUDED


def test_as_prefilter_rules_remove_and_people_screen_the_rest() -> None:
    removed = one([candidate("pubmed:1", NOT_MET, MET)], [], role="prefilter")
    assert (removed.state, removed.box) == (State.REMOVED, Box.MARKED_INELIGIBLE)
    assert one([candidate()], [], role="prefilter").state is State.AWAITING
    assert one([candidate()], [human("include")], role="prefilter").state is State.ELIGIBLE


def test_a_record_beside_the_kept_one_says_how_it_came_there() -> None:
    twins = [candidate(), candidate("pubmed:2", group="pubmed:1", kept=False)]
    assert (twin := decide(twins, [], role="screener")[1]).box is Box.DUPLICATES_REMOVED
    assert (twin.decided_by, twin.reason) == ("rules", "same report as pubmed:1")
    by_hand = [twins[0], replace(twins[1], grouped_by=GroupedBy.PERSON)]
    twin = decide(by_hand, [], role="screener")[1]
    assert (twin.decided_by, twin.reason) == ("people", f"same report as pubmed:1 ({GroupedBy.PERSON})")
    known = decide([twins[0], replace(twins[1], known_elsewhere=True)], [], role="screener")[1]
    assert (known.state, known.box) == (State.ALREADY_KNOWN, Box.ALREADY_KNOWN)


def test_the_first_open_criterion_is_named_where_several_are_open() -> None:
    decision = one([candidate("pubmed:1", UNCLEAR, UNCLEAR)], [])
    assert (decision.criterion, decision.reason) == ("population", "unclear: population")


@pytest.mark.parametrize("stage", ["title_abstract", "full_text"])
def test_reviewers_who_disagree_and_one_who_is_unsure_give_their_reason(stage: str) -> None:
    where = " on the full text" if stage == "full_text" else ""
    reason = {"reason": "no data"} if stage == "full_text" else {}
    rows = [human("include", by="A", stage=stage), human("exclude", by="B", stage=stage, **reason)]
    assert one([candidate()], rows).reason == f"reviewers disagree{where}"
    assert one([candidate()], [human("unsure", stage=stage, reason="in Czech")]).reason == "in Czech"
    said = "full text: unsure" if stage == "full_text" else "unsure"
    assert one([candidate()], [human("unsure", stage=stage)]).reason == said


def test_a_report_sought_waits_in_another_box_than_one_that_was_not() -> None:
    included = human("include")
    assert one([candidate()], [included]).box is Box.NOT_YET_SOUGHT
    assert one([candidate()], [included, human("include", stage="retrieval")]).box is Box.NOT_YET_ASSESSED
    assert one([candidate()], []).box is Box.NOT_YET_SOUGHT


def test_a_record_that_limits_leave_out_is_removed_whatever_was_decided_on_it() -> None:
    decision = one([replace(candidate(), outside_limits=True)], [human("include")])
    assert (decision.state, decision.box) == (State.REMOVED, Box.REMOVED_OTHERWISE)
    assert "limits" in decision.reason and "include" in decision.human_outcomes
    beside = [candidate(), replace(candidate("pubmed:2", group="pubmed:1", kept=False), outside_limits=True)]
    assert decide(beside, [], role="screener")[1].state is State.DUPLICATE
