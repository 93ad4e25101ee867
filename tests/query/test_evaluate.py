"""What each kind of term matches, where nothing can be said, and what each clause contributes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from resift.query.evaluate import ClauseSets, Evaluation, evaluate
from resift.query.mesh import MeshTree
from resift.query.syntax import parse
from resift.query.translation import RecordedTranslation
from resift.records import Record

from .conftest import a_record, table_of


def matches(query: str, *, mesh: MeshTree | None = None, **fields: Any) -> bool | None:
    """The answer for one whole PubMed citation with these fields."""
    return answer(query, a_record(**fields), mesh=mesh)


def answer(query: str, record: Record, *, mesh: MeshTree | None = None, **options: Any) -> bool | None:
    result = evaluate(parse(query), table_of(record), mesh=mesh, **options)
    return True if result.yes[0] else None if result.unknown[0] else False


def test_a_phrase_does_not_cross_a_keyword_boundary() -> None:
    assert not matches('"islet cell"[tiab]', keywords=("islet", "cell tumor"))
    assert matches('"islet cell"[tiab]', keywords=("pancreas", "islet cell"))


def test_a_phrase_does_not_cross_from_title_to_abstract_nor_to_the_next_record() -> None:
    assert not matches('"islet cell"[tiab]', title="On the islet", abstract="Cell tumours.")
    table = table_of(a_record(1, title="On the islet"), a_record(2, title="cell tumours"))
    assert not evaluate(parse('"islet cell"[ti]'), table).yes.any()


def test_greek_letters_are_spelled_out_and_never_dropped() -> None:
    assert not matches('"islet cell"[ti]', title="Islet β-cell mass")
    assert matches('"islet beta cell"[ti]', title="Islet β-cell mass")
    assert matches('"17β-HSD"[ti]', title="17beta-HSD in man")


def test_hyphens_separate_words_on_both_sides() -> None:
    for title in ("First-line therapy", "first line therapy", "FIRST–LINE therapy"):
        assert matches("first-line[ti]", title=title)
    assert not matches("firstline[ti]", title="First-line therapy")


def test_accents_and_case_do_not_matter() -> None:
    assert matches("sjogren[ti]", title="SJÖGREN syndrome")
    assert matches("Sjögren[ti]", title="sjogren syndrome")
    assert matches("sorensen[ti]", title="The Sørensen index")


def test_an_apostrophe_separates_words() -> None:
    assert matches("crohn[ti]", title="Crohn's disease")
    assert matches('"crohn s disease"[ti]', title="Crohn’s disease")


def test_not_animals_not_humans_keeps_human_studies() -> None:
    query = "x[ti] NOT (animals[mh] NOT humans[mh])"
    assert matches(query, title="x")
    for headings, kept in (
        (("Animals*", "Humans"), True),
        (("Animals*", "Rats"), False),
        (("Humans*",), True),
    ):
        record = a_record(title="x", mesh=headings)
        assert answer(query, record) is kept


def test_a_heading_is_exploded_over_all_its_tree_positions(mesh: MeshTree) -> None:
    # Carcinoid Tumor stands under Adenocarcinoma, and under Neuroendocrine Tumors at two positions.
    for narrower in ("Carcinoid Tumor", "Melanoma", "Pheochromocytoma"):
        record = a_record(mesh=(f"{narrower}*",))
        assert answer('"Neuroendocrine Tumors"[mh]', record, mesh=mesh)
        assert answer('"Neuroendocrine Tumors"[mh:noexp]', record, mesh=mesh) is False
    assert len(mesh.explode("Neuroendocrine Tumors")) == 26
    assert len(mesh.explode("Pancreatic Neoplasms")) == 10


def test_exploding_stops_at_the_dot() -> None:
    tree = MeshTree(
        2019, "", {"a": ("C01.2",), "b": ("C01.25",), "c": ("C01.2.3", "D9"), "d": ("D9.1",)}
    ).ready()
    assert tree.explode("a") == {"a", "c"}
    assert tree.explode("c") == {"c", "d"}


@pytest.mark.parametrize(
    ("query", "fields", "expected"),
    [
        ("insulinoma*[tiab]", {"title": "Insulinomas"}, True),
        ("insulinoma[tiab]", {"title": "Insulinomas"}, False),
        ("organi*ation[ti]", {"title": "Organisation"}, True),
        ('"vaccin* schedul*"[tiab]', {"abstract": "The vaccination schedules of"}, True),
        ("in*[ti]", {"title": "insulin"}, False),
        ('"hip pain"[tiab:~2]', {"title": "Pain of the hip"}, True),
        ('"hip pain"[tiab:~1]', {"title": "Pain of the hip"}, False),
        ('"pain pain hip"[ti:~0]', {"title": "pain hip pain"}, True),
        ('"pain pain"[ti:~3]', {"title": "pain of the hip"}, False),
        ('"hip pain"[tiab:~50]', {"title": "hip", "abstract": "pain"}, False),
        ("x[tiab]", {"other_abstract": "x"}, True),
        ("x[ti]", {"abstract": "x"}, False),
        ("x[tt]", {"vernacular_title": "x"}, True),
        ("x[tiab]", {"vernacular_title": "x"}, False),
        ("x[ot]", {"keywords": ("x y",)}, True),
        ("secondary[tw]", {"mesh": ("Liver Neoplasms/secondary*",)}, True),
        ("milan[ad]", {"affiliations": ("Dept, Milan, Italy",)}, True),
        ('"Liver Neoplasms/secondary"[mh]', {"mesh": ("Liver Neoplasms/secondary*",)}, True),
        ('"Liver Neoplasms/surgery"[mh]', {"mesh": ("Liver Neoplasms/transplantation*",)}, True),
        ('"Liver Neoplasms/surgery"[mh:noexp]', {"mesh": ("Liver Neoplasms/transplantation*",)}, False),
        ('"Liver Neoplasms/SU"[mh]', {"mesh": ("Liver Neoplasms/surgery*",)}, True),
        (
            '"Somatostatin/analogs and derivatives"[mh]',
            {"mesh": ("Somatostatin*/analogs & derivatives",)},
            True,
        ),
        ("therapy[sh]", {"mesh": ("Asthma/drug therapy*",)}, True),
        ("therapy[sh:noexp]", {"mesh": ("Asthma/drug therapy*",)}, False),
        ("asthma[majr]", {"mesh": ("Asthma/therapy*",)}, True),
        ("asthma[majr]", {"mesh": ("Asthma/therapy", "Cough*")}, False),
        ("neoplas*[mh]", {"mesh": ("Neoplasms*",)}, True),
        ("english[la]", {"languages": ("eng",)}, True),
        ("eng[la]", {"languages": ("ENG", "fre")}, True),
        ("french[la]", {"languages": ("eng",)}, False),
        ("meta analysis[pt]", {"publication_types": ("META-ANALYSIS",)}, True),
        ('"Cochrane Database Syst Rev"[jour]', {"journal_abbreviation": "Cochrane Database Syst Rev"}, True),
        ("1469-493X[ta]", {"issn": "1469-493X"}, True),
        ("rossi[au]", {"authors": ("Bianchi A", "Rossi RE")}, True),
        ("rossi r[au]", {"authors": ("Rossi RE",)}, True),
        ('"rossi r"[au]', {"authors": ("Rossi RE",)}, False),
        ("rossi[1au]", {"authors": ("Bianchi A", "Rossi RE")}, False),
        ("rossi[lastau]", {"authors": ("Bianchi A", "Rossi RE")}, True),
        ("rossi[au]", {"authors": ("Rossini A",)}, False),
        ("octreotide[nm]", {"substances": ("Octreotide|RWM8CCW8GP",)}, True),
        ("RWM8CCW8GP[rn]", {"substances": ("Octreotide|RWM8CCW8GP",)}, True),
        ("NCT01234567[si]", {"registries": ("NCT01234567",)}, True),
        ("10.1000/xyz[aid]", {"doi": "10.1000/XYZ"}, True),
        ("1[pmid]", {}, True),
        ("1:38498[UID]", {}, True),
        ("2:38498[UID]", {}, False),
        ("hasabstract", {"abstract": "x"}, True),
        ("hasabstract", {}, False),
        ("medline[sb]", {}, True),
        ("inprocess[sb]", {"status": "In-Process"}, True),
        ("hasretractionin[sb]", {"links": ("RetractionIn:9",)}, True),
        ("humans[filter]", {"mesh": ("Humans", "Cough*")}, True),
        ("all[sb]", {}, True),
        ("the[tiab]", {"title": "the"}, False),
        ("x[ti] AND the", {"title": "x"}, True),
        ('"heart attack"', {"mesh": ("Heart Attack*",)}, True),
        ("attack heart", {"title": "Attack of the heart"}, True),
    ],
)
def test_one_term(query: str, fields: dict[str, Any], expected: bool) -> None:
    assert answer(query, a_record(**fields)) is expected


@pytest.mark.parametrize(
    ("query", "dates", "expected"),
    [
        ("2012[dp]", {"print_date": "2012-12-31"}, True),
        ("2012[dp]", {"print_date": "2013", "electronic_date": "2012-11-02"}, True),
        # an electronic date later than print is found by a range only
        ("2013[dp]", {"print_date": "2012-12", "electronic_date": "2013-01-05"}, False),
        ("2013:2014[dp]", {"print_date": "2012-12", "electronic_date": "2013-01-05"}, True),
        # no month is January, no day is the first
        ("2012/01/01[dp]", {"print_date": "2012"}, True),
        ("2012/02:2012/12[dp]", {"print_date": "2012"}, False),
        ("2012/10/01[dp]", {"print_date": "2012-10"}, True),
        ("1995/01/01:2012/12/31[dp]", {"print_date": "2012-12-31"}, True),
        ("1995/01/01:2012/12/30[dp]", {"print_date": "2012-12-31"}, False),
        ("1995:3000[dp]", {"print_date": "2012"}, True),
        ("2012/05[crdt]", {"entered": "2012-05-31"}, True),
        ("2012/05[edat]", {"entrez_date": "2012-06-01"}, False),
        ("2010[dp]", {"print_date": "", "year": 2010}, True),
        ('"last 5 years"[dp]', {"print_date": "2009"}, True),
        ('"last 5 years"[dp]', {"print_date": "2006"}, False),
    ],
)
def test_dates(query: str, dates: dict[str, Any], expected: bool) -> None:
    assert answer(query, a_record(**dates), today=dt.date(2012, 12, 31)) is expected


CUT = Record(record="cut:1", source="cut", title="x", mesh=("Asthma", "Humans"))


@pytest.mark.parametrize(
    ("query", "record", "expected"),
    [
        ("review[pt]", CUT, None),
        ("english[la]", CUT, None),
        ("therapy[sh]", CUT, None),
        ("asthma[majr]", CUT, None),
        ("cough[majr]", CUT, False),
        ("asthma/therapy[mh]", CUT, None),
        ("asthma[mh]", CUT, True),
        ("cough[mh]", CUT, False),
        ("2012[dp]", CUT, None),
        ("science[ta]", CUT, None),
        ("x[ti]", CUT, True),
        ("y[tiab]", CUT, False),
        ("smith[au]", CUT, None),
        ("x[ti] OR review[pt]", CUT, True),
        ("x[ti] AND review[pt]", CUT, None),
        ("y[ti] AND review[pt]", CUT, False),
        ("x[ti] NOT review[pt]", CUT, None),
        ("y[ti] NOT review[pt]", CUT, False),
        ("x[cois]", a_record(), None),
        ("asthma[mh]", a_record(status="Publisher"), False),
        ("asthma[mh]", Record(record="ris:1", source="embase", title="x"), None),
        ('"last 5 years"[dp]', a_record(), None),
        ("free full text[sb]", a_record(), None),
    ],
)
def test_what_a_copy_lost_is_not_evaluable(query: str, record: Record, expected: bool | None) -> None:
    assert answer(query, record) is expected


@pytest.mark.parametrize(
    ("query", "record", "yes", "lacking"),
    [
        ("asthma[mh]", a_record(title="asthma", status="Publisher"), False, True),
        ("asthma[mh] OR asthma[ti]", a_record(title="asthma"), True, False),
        ("rats[tiab]", a_record(title="x"), False, True),
        ("rats[tiab]", a_record(title="x", abstract="y"), False, False),
        ("x[ti] NOT animals[mh]", a_record(title="x", status="Publisher"), True, True),
        ("review[pt]", CUT, False, True),
    ],
)
def test_lacking_names_answers_that_hang_on_an_empty_field(
    query: str, record: Record, yes: bool, lacking: bool
) -> None:
    result = evaluate(parse(query), table_of(record))
    assert (bool(result.yes[0]), bool(result.lacking[0])) == (yes, lacking)
    assert not (result.unknown & ~result.lacking).any()


def evaluated(query: str) -> Evaluation:
    titles = ["p", "p q", "q", "p r", "q r", "s"]
    return evaluate(parse(query), table_of(*(a_record(i + 1, title=t) for i, t in enumerate(titles))))


def test_every_node_is_counted_in_pre_order() -> None:
    result = evaluated("(p[ti] OR q[ti]) AND r[ti]")
    assert [(c.operator or c.text, c.parent, c.depth, c.yes) for c in result.clauses] == [
        ("AND", None, 0, 2),
        ("OR", 0, 1, 5),
        ("p[ti]", 1, 2, 3),
        ("q[ti]", 1, 2, 3),
        ("r[ti]", 0, 1, 2),
    ]
    assert all(int(result.clause_sets[c.id].sum()) == c.yes for c in result.clauses)


def test_ablation_and_unique_contribution() -> None:
    result = evaluated("(p[ti] OR q[ti]) AND r[ti]")
    assert int(result.lost_without(2).sum()) == 1  # "p r"
    assert int(result.gained_without(4).sum()) == 3  # what r cuts away
    assert int(result.unique(2).sum()) == 2  # "p", "p r"
    assert np.array_equal(result.without(1), result.clause_sets[4])


def test_deleting_what_a_not_takes_away_gains_records() -> None:
    result = evaluated("p[ti] NOT r[ti]")
    assert int(result.gained_without(2).sum()) == 1


def test_lines_are_counted_and_referred_to() -> None:
    result = evaluated("#1 p[ti]\n#2 q[ti]\n#3 #1 OR #2\n#4 #3 AND r[ti]")
    assert [(c.line, c.yes) for c in result.clauses if c.parent is None] == [(1, 3), (2, 3), (3, 5), (4, 2)]
    assert int(result.yes.sum()) == 2
    assert int(result.lost_without(0).sum()) == 1


def test_what_was_not_evaluated_to_the_letter_is_listed() -> None:
    result = evaluated('"Asthma"[mh] AND elevated AND "a b"[ti] AND x[cois] AND ins*[ti]')
    told = "\n".join(result.approximations)
    for part in (
        "no MeSH tree given",
        "untagged 'elevated'",
        "neighbouring words",
        "[cois]",
        "does not truncate",
    ):
        assert part in told


def test_a_heading_not_in_the_tree_is_evaluated_and_named(mesh: MeshTree) -> None:
    result = evaluate(parse('"COVID-19"[mh]'), table_of(a_record(mesh=("COVID-19*",))), mesh=mesh)
    assert result.yes[0]
    assert "not in the MeSH tree of 2019" in result.approximations[0]


def test_one_warning_for_each_heading_without_a_tree() -> None:
    result = evaluated('"Asthma"[mh] OR "Asthma"[mh] OR "Cough"[mh] OR "Croup"[mh:noexp]')
    assert len(result.approximations) == 2


def test_clauses_are_told_at_any_position_in_any_order() -> None:
    chance = np.random.default_rng(1)
    masks = chance.random((5, 2500)) < 0.3  # more than two of the blocks that are turned at a time
    sets = ClauseSets(2500)
    for clause, mask in enumerate(masks):
        sets.put(clause, mask)
    for position in (0, 1023, 1024, 2499, 5, 2047, 2048, 1500, 3):
        assert list(sets.at(position)) == masks[:, position].astype(int).tolist()
    sets.put(0, ~masks[0])
    assert sets.at(3)[0] == int(not masks[0][3])


@pytest.mark.parametrize("read", ['"asthma"[Title] OR "cough"[Title]', '"fever"[Title]'])
def test_a_translation_that_answers_otherwise_is_told_whichever_way(read: str) -> None:
    table = table_of(a_record(1, title="asthma"), a_record(2, title="cough"))
    found = evaluate(parse("asthma[ti]"), table, recorded=RecordedTranslation(read))
    assert any("answers otherwise for 1 of 2 records" in line for line in found.approximations)


COUGHERS = ("asthma and cough", "asthma", "cough")


def test_a_translation_into_words_asks_for_each_of_them() -> None:
    table = table_of(*(a_record(n, title=title) for n, title in enumerate(COUGHERS, 1)))
    recorded = RecordedTranslation('"asthma"[Title] AND "cough"[Title]')
    found = evaluate(parse("asthma[ti] AND cough[ti]"), table, recorded=recorded)
    assert not any("answers otherwise" in line for line in found.approximations)
    found = evaluate(parse("asthma[ti]"), table, recorded=recorded)
    assert any("answers otherwise for 1 of 3 records" in line for line in found.approximations)


@pytest.mark.parametrize(
    ("query", "positions"),
    [
        ("the AND asthma[ti]", [0, 1]),
        ("asthma[ti] AND the", [0, 1]),
        ("asthma[ti] NOT the", [0, 1]),
        ("the NOT asthma[ti]", []),
        ("cough[ti] OR (the NOT asthma[ti])", [0, 2]),
    ],
)
def test_a_term_left_out_leaves_what_it_is_joined_to(query: str, positions: list[int]) -> None:
    table = table_of(*(a_record(n, title=title) for n, title in enumerate(COUGHERS, 1)))
    assert evaluate(parse(query), table).yes.nonzero()[0].tolist() == positions


def test_sets_are_those_of_the_clauses_and_no_others() -> None:
    found = evaluated("#1 p[ti]\n#2 (q[ti] OR #1) NOT (r[ti] AND s[ti])")
    assert sorted(found.clause_sets) == sorted(found.possible_sets) == [c.id for c in found.clauses]
    for position in range(6):
        assert list(found.clause_sets.at(position)) == [
            int(found.clause_sets[c.id][position]) for c in found.clauses
        ]


def test_without_a_clause_only_what_is_certain_counts() -> None:
    table = table_of(CUT, a_record(2, title="x"))
    found = evaluate(parse("y[ti] OR review[pt]"), table)
    assert found.without(1).tolist() == [False, False]
    assert not found.lost_without(2).any()


def test_records_that_may_match_are_counted_beside_those_that_do() -> None:
    table = table_of(a_record(1, title="x", publication_types=("Review",)), CUT, a_record(3, title="y"))
    found = evaluate(parse("review[pt]"), table)
    assert [(c.yes, c.unknown) for c in found.clauses] == [(1, 1)]


def test_a_line_may_be_referred_to_more_than_once() -> None:
    found = evaluated("#1 p[ti]\n#2 #1 OR q[ti]\n#3 #2 NOT #1\n#4 #1 OR #3")
    assert [c.yes for c in found.clauses if c.parent is None] == [3, 5, 2, 5]


def test_only_an_operand_of_or_shares_with_its_siblings() -> None:
    found = evaluated("p[ti] AND q[ti]")
    assert [int(found.unique(clause).sum()) for clause in (0, 1, 2)] == [1, 3, 3]


def test_a_not_without_what_it_takes_from_matches_nothing() -> None:
    assert not evaluated("p[ti] NOT r[ti]").without(1).any()
    assert not evaluated("the AND p[ti]").without(2).any()


def test_what_one_of_many_operands_brings_alone() -> None:
    found = evaluated(" OR ".join([*(f"word{n}[ti]" for n in range(300)), "s[ti]"]))
    assert int(found.unique(301).sum()) == 1
