"""A guarded query answered for every record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.screening.test_guards import criteria

from resift.query.table import QueryTable
from resift.records import Record, frame_of
from resift.screening.criteria import Screening, screen
from resift.tables import CriterionAnswer, Evidence
from resift.vocabulary import Answer

MET, NOT_MET, UNCLEAR = Answer.MET, Answer.NOT_MET, Answer.UNCLEAR


def judged(screening: Screening, *records: Record) -> tuple[list[CriterionAnswer], list[Evidence]]:
    answers: list[CriterionAnswer] = []
    evidence: list[Evidence] = []
    for rows, found in screen(records, QueryTable.from_records(frame_of(records)), screening):
        answers += rows
        evidence += found
    for place in evidence:
        record = next(one for one in records if one.record == place.record)
        if "[" not in place.field:
            assert getattr(record, place.field)[place.start : place.end] == place.quote
    return answers, evidence


def record(abstract: str = "", title: str = "A study", **more: Any) -> Record:
    whole = {"languages": ("eng",), "publication_types": ("Journal Article",), **more}
    return Record(record="pubmed:1", source="pubmed", title=title, abstract=abstract, **whole)


def answer(screening: Screening, one: Record) -> Answer:
    return judged(screening, one)[0][0].answer


def test_negated_words_are_passed_over(tmp_path: Path) -> None:
    plain = criteria(tmp_path, exclude_unless="metastas*[tiab]")
    guarded = criteria(tmp_path, exclude_unless="metastas*[tiab]", negation="skip")
    without = record("Patients without metastases were treated.")
    both = record("Patients without metastases were treated. Ten had liver metastases.")
    assert answer(plain, without) is MET
    assert answer(guarded, without) is NOT_MET
    answers, evidence = judged(guarded, both)
    assert answers[0].answer is MET
    assert [(place.start, place.quote) for place in evidence] == [(56, "metastases")]


def test_a_phrase_does_not_close_over_what_was_passed_over(tmp_path: Path) -> None:
    guarded = criteria(tmp_path, exclude_if='"carcinoma were treated"[tiab]', negation="skip")
    assert answer(guarded, record("Carcinoma without metastases were treated.")) is MET


def test_negated_words_alone_may_be_read(tmp_path: Path) -> None:
    guarded = criteria(tmp_path, exclude_if="metastas*[ti]", negation="only")
    assert answer(guarded, record(title="Carcinoma without metastases")) is NOT_MET
    assert answer(guarded, record(title="Carcinoma with metastases")) is MET


def test_two_terms_in_one_sentence(tmp_path: Path) -> None:
    guarded = criteria(tmp_path, exclude_unless="surgery[tiab] AND versus[tiab]", one_sentence=True)
    assert answer(guarded, record("We did surgery. Octreotide versus interferon was new.")) is NOT_MET
    apart = record("We did nothing. It was surgery versus octreotide. Surgery is old.")
    answers, evidence = judged(guarded, apart)
    assert answers[0].answer is MET
    assert [place.quote for place in evidence] == ["surgery", "versus"]
    assert answer(guarded, record("", title="Surgery versus octreotide")) is MET


def test_a_nested_query_within_one_sentence_also_takes_not(tmp_path: Path) -> None:
    guarded = criteria(tmp_path, exclude_if="mice[tiab] NOT patients[tiab]", one_sentence=True)
    assert answer(guarded, record("Mice and patients were seen.")) is MET
    assert answer(guarded, record("Mice and patients were seen. Mice died.")) is NOT_MET


def test_only_chosen_sections_are_read(tmp_path: Path) -> None:
    guarded = criteria(tmp_path, exclude_unless="surgery[tiab]", fields=["METHODS", "title"])
    assert answer(guarded, record("BACKGROUND: Surgery is old.\nMETHODS: We gave drugs.")) is NOT_MET
    assert answer(guarded, record("BACKGROUND: Drugs.\nPATIENTS AND METHODS: They had surgery.")) is MET
    assert answer(guarded, record("They had surgery, without labels.")) is UNCLEAR
    assert answer(guarded, record("", title="On surgery")) is MET


def test_only_the_title_is_read(tmp_path: Path) -> None:
    guarded = criteria(tmp_path, exclude_if="mice[tiab] OR animals[mh:noexp]", fields=["title", "headings"])
    assert answer(guarded, record("Mice.", mesh=("Humans",))) is MET
    assert answer(guarded, record("x", mesh=("Animals", "Humans"))) is NOT_MET
    assert answer(guarded, record("x", title="Of mice", keywords=("mice",), mesh=("Humans",))) is NOT_MET


@pytest.mark.parametrize("guard", [{"one_sentence": True}, {"negation": "only"}, {"fields": ["abstract"]}])
def test_what_a_record_lacks_stays_unclear(tmp_path: Path, guard: dict[str, Any]) -> None:
    guarded = criteria(tmp_path, exclude_unless="surgery[tiab]", **guard)
    assert answer(guarded, record("")) is UNCLEAR
    assert answer(guarded, record("Nothing of that. It was not there.")) is NOT_MET
