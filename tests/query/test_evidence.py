"""Explanations point into the record's own text and say what decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from resift.query.evaluate import evaluate
from resift.query.evidence import Answer, Explainer, Explanation, explain
from resift.query.mesh import MeshTree
from resift.query.syntax import parse
from resift.query.translation import RecordedTranslation
from resift.records import Record

from .conftest import a_record, table_of


def explained(query: str, **fields: Any) -> Explanation:
    record = a_record(**fields)
    return explain(parse(query), table_of(record), 0, record)


def places(explanation: Explanation) -> list[tuple[str, str]]:
    return [(found.field, found.quote) for found in explanation.evidence]


def test_evidence_quotes_the_original_text() -> None:
    found = explained(
        '"islet beta cell"[tiab] AND tumour*[tiab] AND sjogren[ti]',
        title="Sjögren’s and the islet β-cell",
        abstract="METHODS: Tumours & islet-\nβ‐cell mass.",
    )
    assert found.answer is Answer.YES
    assert places(found) == [
        ("abstract", "islet-\nβ‐cell"),
        ("title", "islet β-cell"),
        ("abstract", "Tumours"),
        ("title", "Sjögren"),
    ]


def test_every_quote_stands_where_it_says(varied: list[Record], mesh: MeshTree) -> None:
    query = parse(
        '(patients[tiab] OR cell*[tw] OR "of the"[tiab] OR "treated patients"[tiab:~5] OR humans[mh] OR '
        "therapy[sh] OR journal article[pt] OR cancer) AND (english[la] OR 1900:3000[dp])"
    )
    table = table_of(*varied)
    explainer = Explainer(evaluate(query, table, mesh=mesh))
    quotes = 0
    for position, record in enumerate(varied):
        for found in explainer.explain(position, record).evidence:
            name, _, index = found.field.partition("[")
            value = getattr(record, name)
            text = str(value[int(index[:-1])] if index else value)
            assert text[found.start : found.end] == found.quote
            assert found.quote
            quotes += 1
    assert quotes > 5000


def test_headings_are_quoted_as_entries_with_their_index(mesh: MeshTree) -> None:
    record = a_record(mesh=("Humans", "Carcinoma, Pancreatic Ductal/therapy*", "Insulinoma/surgery*"))
    found = explain(parse("Neoplasms[mh] AND surgery[sh]"), table_of(record), 0, record, mesh=mesh)
    assert places(found)[-1] == ("mesh[2]", "Insulinoma/surgery*")
    assert ("mesh[1]", "Carcinoma, Pancreatic Ductal/therapy*") in places(found)


def test_author_date_and_language_evidence() -> None:
    found = explained("rossi[1au] AND 2010[dp] AND english[la]", authors=("Rossi RE", "Conte D"))
    assert places(found) == [("authors[0]", "Rossi RE"), ("print_date", "2010-05"), ("languages[0]", "eng")]


def test_the_false_operands_of_an_and_decide() -> None:
    found = explained("pancreas[ti] AND (liver[ti] OR bile[ti]) AND surgery[ti]", title="Pancreas surgery")
    assert found.answer is Answer.NO
    assert [clause.text for clause in found.deciding] == ["(liver[ti] OR bile[ti])"]
    assert found.missing_terms == ("liver[ti]", "bile[ti]")
    assert (found.blocks, found.of_blocks) == (2, 3)


def test_what_a_not_takes_away_decides() -> None:
    found = explained("pancreas[ti] NOT (rats[ti] OR mice[ti])", title="Pancreas of rats")
    assert [clause.text for clause in found.deciding] == ["(rats[ti] OR mice[ti])"]
    assert "takes it away" in found.nearest_fix
    assert ("title", "rats") in places(found)


def test_not_evaluable_names_the_term_it_hangs_on() -> None:
    record = Record(record="cut:1", source="cut", title="Pancreas")
    found = explain(parse("pancreas[ti] AND (review[pt] OR liver[ti])"), table_of(record), 0, record)
    assert found.answer is Answer.NOT_EVALUABLE
    assert [clause.text for clause in found.deciding] == ["review[pt]"]
    assert found.lacking


def test_a_record_without_abstract_says_so() -> None:
    found = explained("liver[ti] AND qqq[tiab]", title="Liver")
    assert "no abstract" in found.nearest_fix
    assert found.lacking


def test_blocks_are_seen_through_line_numbers_and_a_not() -> None:
    found = explained("#1 liver[ti]\n#2 pain[ti]\n#3 #1 AND #2\n#4 #3 NOT rats[ti]", title="Liver")
    assert (found.blocks, found.of_blocks) == (1, 2)


def test_one_explainer_gives_what_single_explanations_give(varied: list[Record]) -> None:
    query = parse("(patients[tiab] OR humans[mh]) AND (trial[tiab] OR review[pt]) NOT animals[mh:noexp]")
    table = table_of(*varied[:80])
    explainer = Explainer(evaluate(query, table))
    for position, record in enumerate(varied[:80]):
        among, alone = explainer.explain(position, record), explain(query, table, position, record)
        assert [c.id for c in among.deciding] == [c.id for c in alone.deciding]
        assert replace(among, deciding=()) == replace(alone, deciding=())


def test_a_recorded_mapping_gives_the_evidence() -> None:
    recorded = RecordedTranslation(
        translations=(("heart attack", '"myocardial infarction"[MeSH Terms] OR "heart attack"[All Fields]'),)
    )
    record = a_record(mesh=("Myocardial Infarction*",))
    found = explain(parse("heart attack"), table_of(record), 0, record, recorded=recorded)
    assert found.answer is Answer.YES
    assert places(found) == [("mesh[0]", "Myocardial Infarction*")]
