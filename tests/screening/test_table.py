"""`decisions.csv`: a row for every record of both lanes and for every id that no record came for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.screening.people import human

from resift.records import Record
from resift.screening.criteria import Screening, load_screening
from resift.screening.human_decisions import HumanDecision
from resift.screening.table import (
    LaneTables,
    candidates,
    condition,
    decision_rows,
    is_retracted,
    topics_of,
)
from resift.tables import TOPIC_PREFIX, CriterionAnswer, DecisionRow, Evidence, Grouped, Miss
from resift.vocabulary import Answer, Box, Lane, Relation, Retracted, State

CRITERIA = """
criteria:
  - {id: population, label: Cats, exclude_unless: "cats[tiab]"}
  - {id: design, label: No letters, exclude_if: "letter[pt]"}
topics: {care: "home[tiab]", diet: "food[tiab]"}
"""


@pytest.fixture(scope="module")
def screening(tmp_path_factory: pytest.TempPathFactory) -> Screening:
    path = tmp_path_factory.mktemp("criteria") / "screening.yaml"
    path.write_text(CRITERIA)
    return load_screening(path, {})


def record(n: int, **fields: str) -> Record:
    return Record(record=f"pubmed:{n}", source="pubmed", pmid=str(n), title=f"Cats {n}", **fields)


def grouped(name: str, group: str = "") -> Grouped:
    return Grouped(
        record=name, group=group or name, kept=not group, relation=Relation.UNRELATED, related=(), rule="",
        score=None, evidence="",
    )  # fmt: skip


def given(name: str, criterion: str, answer: Answer, **more: str) -> CriterionAnswer:
    return CriterionAnswer(
        record=name, criterion=criterion, answer=answer, clause=more.get("clause", ""),
        missing_terms=more.get("missing_terms", ""), version="",
    )  # fmt: skip


def lane(
    records: Sequence[Record],
    duplicates: Sequence[Grouped] = (),
    answers: Sequence[CriterionAnswer] = (),
    *,
    name: Lane = Lane.DATABASES,
) -> LaneTables:
    return LaneTables(
        lane=name,
        records=records,
        duplicates=duplicates or [grouped(r.record) for r in records],
        answers=answers,
        found_by={r.record: ("one",) for r in records},
    )


def rows(
    screening: Screening,
    *lanes: LaneTables,
    human: Sequence[HumanDecision] = (),
    full_text: bool = False,
    missing: Sequence[Miss] = (),
) -> list[DecisionRow]:
    return decision_rows(
        candidates(lanes, screening), [r for one in lanes for r in one.records], screening, human,
        role="screener", full_text=full_text, topics={"pubmed:1": ["care"]}, first_seen={"pubmed:1": "first"},
        run="now", missing=missing, missing_found_by={"9": ("one",)},
    )  # fmt: skip


def met(name: str) -> list[CriterionAnswer]:
    return [given(name, "population", Answer.MET), given(name, "design", Answer.MET)]


def test_every_record_has_one_row_databases_first_and_by_number(screening: Screening) -> None:
    found = rows(
        screening,
        lane([record(10), record(9)], answers=[*met("pubmed:9"), *met("pubmed:10")]),
        lane([record(1)], answers=met("pubmed:1"), name=Lane.OTHER),
    )
    assert [(row.lane, row.record) for row in found] == [
        (Lane.DATABASES, "pubmed:9"),
        (Lane.DATABASES, "pubmed:10"),
        (Lane.OTHER, "pubmed:1"),
    ]
    assert [row.first_seen for row in found] == ["now", "now", "first"]
    assert [row.topics for row in found] == [(), (), ("care",)]
    assert {row.criteria_version for row in found} == {screening.version}


def test_a_work_that_is_cited_and_in_the_databases_too_is_already_known(screening: Screening) -> None:
    cited = lane([record(2)], [grouped("pubmed:2", "pubmed:1")], met("pubmed:2"), name=Lane.OTHER)
    first, second = rows(screening, lane([record(1)], answers=met("pubmed:1")), cited)
    assert (first.state, second.state) == (State.ELIGIBLE, State.ALREADY_KNOWN)


def test_an_id_without_a_record_is_removed_and_says_why(screening: Screening) -> None:
    missing = [Miss(pmid="9", reason="the source has no such record", detail="")]
    first, gone = rows(screening, lane([record(1)], answers=met("pubmed:1")), missing=missing)
    assert first.record == "pubmed:1"
    assert (gone.record, gone.state, gone.box) == ("pubmed:9", State.REMOVED, Box.REMOVED_OTHERWISE)
    assert gone.reason == "counted by the source but not returned: the source has no such record"
    assert (gone.found_by, gone.retracted, gone.first_seen) == (("one",), Retracted.UNKNOWN, "now")


def test_where_full_texts_were_not_assessed_a_record_that_passed_ends_as_eligible(
    screening: Screening,
) -> None:
    tables = lane([record(1)], answers=met("pubmed:1"))
    (without,) = rows(screening, tables)
    (sought,) = rows(screening, tables, full_text=True)
    assert (without.box, sought.box) == (Box.ELIGIBLE, Box.NOT_YET_SOUGHT)


def test_answers_to_criteria_that_are_no_more_are_not_heard(screening: Screening) -> None:
    old = [*met("pubmed:1"), given("pubmed:1", "language", Answer.NOT_MET)]
    (row,) = rows(screening, lane([record(1)], answers=old))
    assert row.state is State.ELIGIBLE
    (one,) = candidates([lane([record(1)], answers=old[::-1])], screening)
    assert one.answers == (("population", Answer.MET), ("design", Answer.MET))


def test_a_decision_made_on_an_earlier_text_is_marked_in_the_row(screening: Screening) -> None:
    tables = lane([record(1, text_sha256="a" * 64)], answers=met("pubmed:1"))
    (row,) = rows(screening, tables, human=[human("exclude", text_sha256="b" * 64)])
    assert row.state is State.EXCLUDED and "made on an earlier text" in row.human_outcomes


@pytest.mark.parametrize(
    ("criterion", "answer", "more", "said"),
    [
        ("population", Answer.NOT_MET, {"missing_terms": "cats; kittens"}, "Cats: with cats or kittens"),
        ("design", Answer.NOT_MET, {"clause": "letter[pt]"}, "No letters: without letter[pt]"),
        ("population", Answer.UNCLEAR, {}, "Cats: it hangs on a field that this copy of the record lacks"),
        ("design", Answer.CONFLICT, {}, "No letters: the records of this report would have to agree"),
    ],
)
def test_what_would_have_to_be_so_is_said_in_words(
    screening: Screening, criterion: str, answer: Answer, more: dict[str, str], said: str
) -> None:
    held = next(one for one in screening.criteria if one.id == criterion)
    assert condition(held, given("pubmed:1", criterion, answer, **more)) == said


def test_a_long_clause_is_cut_between_words(screening: Screening) -> None:
    clause = "alpha[tiab] OR " * 30
    said = condition(screening.criteria[1], given("pubmed:1", "design", Answer.NOT_MET, clause=clause))
    assert said.endswith(" …") and len(said) < 200
    assert said.removesuffix(" …").split()[-1] in ("alpha[tiab]", "OR")


def test_topics_come_in_the_order_of_the_criteria_file_each_once() -> None:
    def of(criterion: str, start: int = 0) -> Evidence:
        return Evidence(
            record="pubmed:1",
            criterion=criterion,
            field="title",
            start=start,
            end=start + 4,
            clause="x",
            quote="Cats",
        )

    evidence = [
        of(TOPIC_PREFIX + "diet"),
        of("population"),
        of(TOPIC_PREFIX + "care"),
        of(TOPIC_PREFIX + "diet", 9),
    ]
    assert topics_of(evidence, ["care", "diet"]) == {"pubmed:1": ["care", "diet"]}


@pytest.mark.parametrize(
    ("fields", "retracted"),
    [
        ({"publication_types": ("Retracted Publication",)}, True),
        ({"links": ("RetractionIn:123",)}, True),
        ({"publication_types": ("Retraction of Publication",), "links": ("RetractionOf:123",)}, False),
        ({}, False),
    ],
)
def test_a_notice_of_retraction_is_not_itself_retracted(
    fields: dict[str, tuple[str, ...]], retracted: bool
) -> None:
    assert is_retracted(Record(record="pubmed:1", source="pubmed", **fields)) is retracted
