"""Recorded answers of PubMed are replayed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from resift.query.evaluate import evaluate
from resift.query.syntax import parse
from resift.query.translation import RecordedTranslation

from .conftest import a_record, table_of

ASTHMA = '"asthma"[MeSH Terms] OR "asthma"[All Fields] OR "asthmas"[All Fields] OR "asthma s"[All Fields]'


def told(answer: dict[str, Any]) -> RecordedTranslation:
    """What ESearch's JSON says of how it read a query."""
    result = answer["esearchresult"]
    errors, warnings = result.get("errorlist", {}), result.get("warninglist", {})
    return RecordedTranslation(
        result.get("querytranslation", ""),
        tuple((pair["from"], pair["to"]) for pair in result.get("translationset", ())),
        phrases_not_found=tuple(errors.get("phrasesnotfound", ())),
        phrases_ignored=tuple(warnings.get("phrasesignored", ())),
        quoted_phrases_not_found=tuple(warnings.get("quotedphrasesnotfound", ())),
    )


def recorded(shared: Path, name: str) -> RecordedTranslation:
    return told(json.loads((shared / "eutils" / "measured-bodies" / name).read_text(encoding="utf-8")))


def test_an_untagged_word_is_searched_as_pubmed_mapped_it() -> None:
    table = table_of(a_record(1, mesh=("Asthma*",)), a_record(2, title="asthmas"), a_record(3, title="cough"))
    answer = RecordedTranslation(translations=(("asthma", ASTHMA),))
    assert evaluate(parse("asthma"), table, recorded=answer).yes.tolist() == [True, True, False]
    assert not any("untagged" in a for a in evaluate(parse("asthma"), table, recorded=answer).approximations)
    assert evaluate(parse("asthma"), table).yes.tolist() == [True, False, False]


def test_words_are_cut_at_the_phrases_that_were_mapped() -> None:
    answer = RecordedTranslation(
        translations=(("heart attack", '"myocardial infarction"[mh]'), ("asthma", ASTHMA))
    )
    table = table_of(
        a_record(1, title="asthma", mesh=("Myocardial Infarction*",)),
        a_record(2, title="asthma heart attack"),
    )
    assert evaluate(parse("asthma heart attack"), table, recorded=answer).yes.tolist() == [True, False]


def test_a_phrase_that_the_index_lacks_is_dropped_inside_an_or(shared: Path) -> None:
    answer = recorded(shared, "esearch_term-dropped-in-OR_with-hits.json")
    assert answer.quoted_phrases_not_found == ('"body battery"[tiab]',)
    table = table_of(a_record(1, title="Body battery"), a_record(2, title="Garmin"))
    query = parse('"body battery"[tiab] OR "Garmin"[tiab]')
    result = evaluate(query, table, recorded=answer)
    assert result.yes.tolist() == [False, True]
    assert result.clauses[1].dropped
    assert "left out of the query by PubMed" in "\n".join(result.approximations)
    assert evaluate(query, table).yes.tolist() == [True, True]


def test_a_tagged_stop_word_makes_its_and_empty(shared: Path) -> None:
    answer = recorded(shared, "esearch_stopword_the[tiab].json")
    table = table_of(a_record(title="The asthma"))
    assert not evaluate(parse("the[tiab] AND asthma[tiab]"), table, recorded=answer).yes.any()


def test_query_translations_are_read_back(shared: Path) -> None:
    for path in sorted((shared / "eutils" / "measured-bodies").glob("esearch_*.json")):
        try:
            body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        translation = told(body).query_translation if "esearchresult" in body else ""
        if translation:
            parse(translation)


def test_a_translation_of_the_whole_query_that_answers_otherwise_is_told() -> None:
    table = table_of(a_record(1, title="asthma"), a_record(2, title="cough"))
    same = RecordedTranslation('"asthma"[Title/Abstract]')
    other = RecordedTranslation('"asthma"[Title/Abstract] OR "cough"[Title/Abstract]')
    assert evaluate(parse("asthma[tiab]"), table, recorded=same).approximations == ()
    found = evaluate(parse("asthma[tiab]"), table, recorded=other)
    assert "otherwise for 1 of 2 records" in found.approximations[0]
    assert found.yes.tolist() == [True, False]


def test_an_answer_without_lists_is_no_obstacle() -> None:
    assert not evaluate(parse("asthma"), table_of(a_record()), recorded=RecordedTranslation()).yes.any()
