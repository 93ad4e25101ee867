"""Decisions on a text or under criteria that have changed since are in force, marked, and listed."""

from __future__ import annotations

import random

import pytest
from tests.screening.people import human

from resift.screening.decisions import Candidate, decide
from resift.screening.reread import EARLIER_TEXT, odd_decisions, to_reread
from resift.vocabulary import Answer, Lane, State

NOW, BEFORE = "a" * 64, "b" * 64


def candidate(record: str = "pubmed:1", text: str = NOW, *, doi: str = "", group: str = "") -> Candidate:
    return Candidate(
        record=record,
        lane=Lane.DATABASES,
        group=group or record,
        kept=True,
        found_by=("a",),
        answers=(("population", Answer.NOT_MET),),
        doi=doi,
        text_sha256=text,
    )


def test_a_decision_on_an_earlier_text_stays_in_force_and_says_so() -> None:
    rows = [human("include", text_sha256=BEFORE)]
    listed = to_reread([candidate()], rows, version="v1")
    assert [(row.line, row.why, row.text_sha256) for row in listed] == [(2, EARLIER_TEXT, NOW)]
    (decision,) = decide([candidate()], rows, role="screener", marks={row.line: row.why for row in listed})
    assert decision.state is State.ELIGIBLE
    assert decision.human_outcomes == "title_abstract: AB: include (made on an earlier text)"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"text_sha256": NOW, "criteria_version": "v2"}, ""),
        ({"text_sha256": NOW.upper()}, ""),
        ({}, ""),
        ({"criteria_version": "v1"}, "made under earlier criteria (v1; now v2)"),
        (
            {"text_sha256": BEFORE, "criteria_version": "v1"},
            f"{EARLIER_TEXT}; made under earlier criteria (v1; now v2)",
        ),
        ({"text_sha256": BEFORE, "criteria_version": "v1", "stage": "retrieval"}, ""),
        ({"criteria_version": "v1", "stage": "duplicate", "other_record": "pubmed:2"}, ""),
        ({"text_sha256": BEFORE, "stage": "duplicate", "other_record": "pubmed:2"}, EARLIER_TEXT),
    ],
)
def test_what_was_read_at_a_stage_is_what_counts(more: dict[str, str], why: str) -> None:
    rows = [human("include", **more)]
    assert "; ".join(row.why for row in to_reread([candidate()], rows, version="v2")) == why


def test_reading_again_takes_a_decision_off_the_list() -> None:
    first = human("include", text_sha256=BEFORE)
    again = human("include", text_sha256=NOW, decided_at="2026-02-01", line=3)
    of_another = human("include", by="CD", text_sha256=NOW, line=4)
    resolved = human("exclude", by="EF", role="resolver", text_sha256=NOW, line=5)
    one = [candidate()]
    assert not to_reread(one, [first, again], version="v1")
    assert [row.line for row in to_reread(one, [first, of_another], version="v1")] == [2]
    assert not to_reread(one, [first, of_another, resolved], version="v1")


def test_a_name_of_two_records_counts_as_read_with_the_text_of_either() -> None:
    doi, report = "10.5555/x", "pubmed:1"
    twins = [candidate(report, NOW, doi=doi), candidate("embase:2", BEFORE, doi=doi, group=report)]
    assert not to_reread(twins, [human("include", record="10.5555/X", text_sha256=BEFORE)], version="v1")
    assert to_reread(twins, [human("include", record="10.5555/x", text_sha256="c" * 64)], version="v1")


def test_of_two_reviewers_on_200_records_nothing_is_lost() -> None:
    """Planted conflicts, changed texts and unknown ids: each is told, and every row comes to something."""
    chance = random.Random(1)
    known = [candidate(f"pubmed:{n}") for n in range(1, 201)]
    conflicts = set(chance.sample(range(1, 201), 20))
    changed = set(chance.sample(range(1, 201), 25))
    rows = []
    for n in range(1, 201):
        for by in ("AB", "CD"):
            outcome = "exclude" if n in conflicts and by == "CD" else "include"
            read = BEFORE if n in changed and by == "AB" else NOW
            values = {"record": f"pubmed:{n}", "text_sha256": read, "line": len(rows) + 2}
            rows.append(human(outcome, by=by, **values))  # type: ignore[arg-type]
    unknown = [human("include", record=f"pubmed:{n}", line=n) for n in range(1000, 1007)]  # type: ignore[arg-type]
    listed = to_reread(known, [*rows, *unknown], version="v1")
    assert {row.record for row in listed} == {f"pubmed:{n}" for n in changed}
    assert len(odd_decisions(known, [*rows, *unknown], today="2026-03-01")) == 7
    ends = decide(known, [*rows, *unknown], role="screener", marks={row.line: row.why for row in listed})
    assert {row.record for row in ends if row.state is State.AWAITING} == {f"pubmed:{n}" for n in conflicts}
    assert {row.record for row in ends if EARLIER_TEXT in row.human_outcomes} == {
        row.record for row in listed
    }
    assert all(row.human_outcomes.count("AB: ") == row.human_outcomes.count("CD: ") == 1 for row in ends)
