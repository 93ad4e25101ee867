"""Rules and people: the later stage over the earlier, people over rules, conflicts stay conflicts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from resift.errors import ConfigError, ScreeningError
from resift.screening.criteria import Kind, answer
from resift.screening.decisions import (
    HUMAN_COLUMNS,
    Candidate,
    Decision,
    HumanDecision,
    checked,
    decide,
    full_text_undertaken,
    in_force,
    load_human_decisions,
    record_pairs,
    settle,
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


def human(outcome: str, *, by: str = "AB", stage: str = "title_abstract", **more: str | int) -> HumanDecision:
    values = {"decided_at": "2026-01-01", "role": "reviewer", "record": "pubmed:1", "line": 2, **more}
    return HumanDecision(reviewer=by, stage=stage, outcome=outcome, **values)  # type: ignore[arg-type]


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


def test_the_last_word_of_a_reviewer_counts() -> None:
    rows = [human("exclude"), human("include", decided_at="2026-01-02")]
    assert settle(rows).outcome == "include"


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


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([",".join(HUMAN_COLUMNS), *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "2026-01-01,AB,reviewer,pubmed:1,full_text,exclude",
            "line 2: an exclusion on full text needs",
        ),
        ("2026-01-01,AB,reviewer,pubmed:1,title,include", "line 2: key 'stage' cannot be 'title'"),
        ("2026-01-01,AB,reviewr,pubmed:1,full_text,include", "did you mean 'reviewer'?"),
        ("2026-01-01,AB,reviewer,pubmed:1,full_text,not_retrieved", "does not belong to stage 'full_text'"),
        ("yesterday,AB,reviewer,pubmed:1,full_text,include", "key 'decided_at' cannot be 'yesterday'"),
        ("2026-01-01,,reviewer,pubmed:1,full_text,include", "key 'reviewer' is missing"),
        ("2026-01-01,AB,reviewer,pubmed:1,duplicate,same", "needs other_record"),
        ("2026-01-01,Rules,reviewer,pubmed:1,title_abstract,exclude", "cannot be called 'Rules'"),
        (
            "2026-01-01,AB,reviewer,pubmed:1,full_text,include,a,b,c,d,e,f,g",
            "13 fields where the header",
        ),
    ],
)
def test_a_wrong_row_is_named_by_its_line(tmp_path: Path, row: str, said: str) -> None:
    path = write(tmp_path / "human.csv", row)
    with pytest.raises(ConfigError) as caught:
        load_human_decisions(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "row",
    [
        "2026-01-01,AB,reviewer,pubmed:1,full_text,include",
        "2026-01-01,AB,reviewer,pubmed:1,full_text,unsure",
        "2026-01-01,AB,reviewer,pubmed:1,title_abstract,exclude",
        "2026-01-01,AB,reviewer,pubmed:1,retrieval,not_retrieved",
    ],
)
def test_only_an_exclusion_on_full_text_needs_a_reason(tmp_path: Path, row: str) -> None:
    assert [d.reason for d in load_human_decisions(write(tmp_path / "human.csv", row))] == [""]


def test_a_time_that_is_none_still_has_a_place_in_the_order() -> None:
    rows = [human("include", decided_at="soon", line=3), human("exclude", line=2)]
    assert [d.outcome for d in in_force(rows)] == ["include"]


def test_a_file_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "human.csv"
    row = '2026-01-01T10:00:00Z,"Müller, A",reviewer,pubmed:1,title_abstract,include'
    path.write_bytes(("\ufeff" + ",".join(HUMAN_COLUMNS[:6]) + "\r\n" + row + "\r\n\r\n").encode())
    assert [d.reviewer for d in load_human_decisions(path)] == ["Müller, A"]


def test_a_file_without_a_column_that_a_decision_needs_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "human.csv"
    path.write_text(",".join(HUMAN_COLUMNS[:5]) + "\n2026-01-01,AB,reviewer,pubmed:1,title_abstract\n")
    with pytest.raises(ConfigError, match="outcome"):
        load_human_decisions(path)


def test_a_resolvers_last_row_alone_is_in_force() -> None:
    first, other = human("include", line=2), human("exclude", by="CD", line=3)
    wrong, right = (human("unsure", by="EF", role="resolver", line=n) for n in (4, 5))
    assert in_force([first, other]) == [first, other]
    assert in_force([first, other, wrong, right]) == [right]


def test_the_trail_tells_every_word_with_its_reason_and_what_must_be_said_of_it() -> None:
    rows = [human("include"), human("exclude", by="CD", reason="No comparison", line=3)]
    assert settle(rows, {3: "made on an earlier text"}).trail == (
        "AB: include; CD: exclude (No comparison, made on an earlier text)"
    )


def test_pairs_are_told_in_the_order_of_their_numbers_and_strangers_make_none() -> None:
    names = [(("pubmed:9",), "pubmed:9"), (("pubmed:10",), "pubmed:10")]
    pair = human("same", stage="duplicate", record="pubmed:10", other_record="pubmed:9")
    stranger = human("same", stage="duplicate", record="pubmed:10", other_record="pubmed:11")
    assert record_pairs(names, [pair, stranger], "same") == [("pubmed:9", "pubmed:10")]
    other = human("different", by="CD", stage="duplicate", record="pubmed:9", other_record="pubmed:10")
    with pytest.raises(ScreeningError) as caught:
        record_pairs(names, [pair, other], "same")
    assert "whether pubmed:9 and pubmed:10 are" in str(caught.value)
    assert caught.value.fix == "add a row with role resolver"


def test_pairs_called_different_are_given_to_deduplication() -> None:
    names = [(("pubmed:1",), "pubmed:1"), (("pubmed:2",), "pubmed:2")]
    rows = [human("different", stage="duplicate", other_record="pubmed:2")]
    assert record_pairs(names, rows, "different") == [("pubmed:1", "pubmed:2")]
    assert record_pairs(names, rows, "same") == []
    other = human("same", by="CD", stage="duplicate", other_record="pubmed:2", line=7)
    with pytest.raises(ScreeningError, match="line 7: reviewers disagree"):
        record_pairs(names, [*rows, other], "same")


def test_the_last_word_is_the_last_on_the_clock_whatever_zone_or_fraction_it_is_written_in() -> None:
    said = [
        human("exclude", decided_at="2026-01-01T10:00:00-05:00"),
        human("include", decided_at="2026-01-01T12:30Z"),
        human("unsure", decided_at="2026-01-01T12:29:59.5Z"),
    ]
    assert settle(said).outcome == "exclude"
    assert settle(said[1:]).outcome == "include"
    assert (
        settle(
            [
                human("unsure", decided_at="2026-01-01T10:00:00.5Z"),
                human("include", decided_at="2026-01-01T10:00:00Z"),
            ]
        ).outcome
        == "unsure"
    )


@pytest.mark.parametrize(("written", "held"), [("yes", "yes"), ("true", "yes"), ("no", "no"), ("", "")])
def test_whether_a_decision_was_made_blind_is_kept(written: str, held: str) -> None:
    row = {"decided_at": "2026-01-01", "reviewer": "AB", "role": "reviewer", "record": "pubmed:1",
           "stage": "title_abstract", "outcome": "include", "blind": written}  # fmt: skip
    assert checked(row, 2, "decisions.csv, line 2").blind == held


def test_a_record_beside_the_kept_one_says_how_it_came_there() -> None:
    twins = [candidate(), candidate("pubmed:2", group="pubmed:1", kept=False)]
    assert (twin := decide(twins, [], role="screener")[1]).box is Box.DUPLICATES_REMOVED
    assert (twin.decided_by, twin.reason) == ("rules", "same report as pubmed:1")
    by_hand = [twins[0], replace(twins[1], grouped_by=GroupedBy.PERSON)]
    twin = decide(by_hand, [], role="screener")[1]
    assert (twin.decided_by, twin.reason) == ("people", f"same report as pubmed:1 ({GroupedBy.PERSON})")
    known = decide([twins[0], replace(twins[1], known_elsewhere=True)], [], role="screener")[1]
    assert (known.state, known.box) == (State.ALREADY_KNOWN, Box.ALREADY_KNOWN)


def test_a_resolver_among_reviewers_is_named_with_the_reason() -> None:
    rows = [human("include", by="A"), human("exclude", by="B", role="resolver", reason="no data")]
    verdict = settle(rows)
    assert (verdict.outcome, verdict.reason, verdict.decided_by) == ("exclude", "no data", "resolver B")


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


def test_full_texts_were_assessed_where_the_protocol_or_a_decision_says_so() -> None:
    assert full_text_undertaken("assessed", [])
    assert full_text_undertaken("not_undertaken", [human("include", stage="retrieval")])
    assert not full_text_undertaken("not_undertaken", [human("include")])


def test_a_pair_in_dispute_is_named_by_its_last_line() -> None:
    rows = [
        human(outcome, by=by, stage="duplicate", other_record="pubmed:2", line=line)
        for by, outcome, line in (("A", "same", 2), ("B", "different", 3), ("C", "same", 4))
    ]
    named = [(("pubmed:1",), "pubmed:1"), (("pubmed:2",), "pubmed:2")]
    with pytest.raises(ScreeningError, match="human decisions, line 4"):
        record_pairs(named, rows, "same")


def test_a_record_that_limits_leave_out_is_removed_whatever_was_decided_on_it() -> None:
    decision = one([replace(candidate(), outside_limits=True)], [human("include")])
    assert (decision.state, decision.box) == (State.REMOVED, Box.REMOVED_OTHERWISE)
    assert "limits" in decision.reason and "include" in decision.human_outcomes
    beside = [candidate(), replace(candidate("pubmed:2", group="pubmed:1", kept=False), outside_limits=True)]
    assert decide(beside, [], role="screener")[1].state is State.DUPLICATE
