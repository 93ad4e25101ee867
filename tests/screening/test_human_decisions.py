"""What people wrote, and what of it is in force: every row is heard, a resolver's last."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.screening.people import human

from resift.errors import ConfigError, ScreeningError
from resift.screening.human_decisions import (
    HUMAN_COLUMNS,
    checked,
    full_text_undertaken,
    in_force,
    load_human_decisions,
    record_pairs,
    settle,
)


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


def test_the_last_word_of_a_reviewer_counts() -> None:
    rows = [human("exclude"), human("include", decided_at="2026-01-02")]
    assert settle(rows).outcome == "include"


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


def test_a_resolver_among_reviewers_is_named_with_the_reason() -> None:
    rows = [human("include", by="A"), human("exclude", by="B", role="resolver", reason="no data")]
    verdict = settle(rows)
    assert (verdict.outcome, verdict.reason, verdict.decided_by) == ("exclude", "no data", "resolver B")


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


def test_a_pair_in_dispute_is_named_by_its_last_line() -> None:
    rows = [
        human(outcome, by=by, stage="duplicate", other_record="pubmed:2", line=line)
        for by, outcome, line in (("A", "same", 2), ("B", "different", 3), ("C", "same", 4))
    ]
    named = [(("pubmed:1",), "pubmed:1"), (("pubmed:2",), "pubmed:2")]
    with pytest.raises(ScreeningError, match="human decisions, line 4"):
        record_pairs(named, rows, "same")


def test_full_texts_were_assessed_where_the_protocol_or_a_decision_says_so() -> None:
    assert full_text_undertaken("assessed", [])
    assert full_text_undertaken("not_undertaken", [human("include", stage="retrieval")])
    assert not full_text_undertaken("not_undertaken", [human("include")])
