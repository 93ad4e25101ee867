"""One term: what its words and its tag are, by the rules of the day."""

from __future__ import annotations

import datetime as dt

import pytest

from resift.errors import QueryError
from resift.query import fields as f
from resift.query.nodes import And, Leaf, Node, Proximity, Range
from resift.query.syntax import parse
from resift.query.terms import joined_parts

IN_2012 = dt.date(2012, 12, 31)


def root(text: str) -> Node:
    return parse(text).root


def a(text: str) -> Leaf:
    return Leaf(text, f.TITLE_ABSTRACT)


@pytest.mark.parametrize("suffix", ["mh:noexp", "mesh:NoExp", "MeSH Terms:noexp", "mesh: noexp", "mh:no exp"])
def test_noexp(suffix: str) -> None:
    assert root(f"animals[{suffix}]") == Leaf("animals", f.MESH_TERMS, explode=False)


def test_proximity() -> None:
    assert root('"hip pain"[tiab:~3]') == Proximity("hip pain", 3, f.TITLE_ABSTRACT)


@pytest.mark.parametrize(
    "text",
    [
        "1995/01/01:2012/12/31[dp]",
        "1995/01/01 : 2012/12/31 [Date - Publication]",
        '"1995/01/01"[PDAT] : "2012/12/31"[PDAT]',
        '"1995/01/01":"2012/12/31"[dp]',
    ],
)
def test_date_ranges_in_all_their_forms(text: str) -> None:
    assert root(text) == Range("1995/01/01", "2012/12/31", f.PUBLICATION_DATE)


def test_hasabstract_needs_no_tag() -> None:
    leaf = root("hasabstract")
    assert isinstance(leaf, Leaf)
    assert leaf.field is f.FILTER


def test_a_lone_sign_is_ignored_as_pubmed_does() -> None:
    query = parse("(a[tiab] and b[tiab]/)")
    assert query.root == And((a("a"), a("b")))
    assert [note.kind for note in query.notes] == ["ignored"]


def test_truncation_inside_a_term_needs_the_dialect_of_june_2024() -> None:
    assert parse("organi*ation[tiab]").root == a("organi*ation")
    assert parse("organis*[tiab]", dialect=IN_2012).root == a("organis*")
    with pytest.raises(QueryError, match="June 2024"):
        parse('"vaccin* schedul*"[tiab]', dialect=dt.date(2024, 5, 31))


def test_proximity_needs_the_dialect_of_november_2022() -> None:
    with pytest.raises(QueryError, match="2022-11-29"):
        parse('"hip pain"[tiab:~3]', dialect=dt.date(2022, 11, 28))


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("asthma[tiabb]", "without the tag: the term is mapped as an untagged one"),
        ('"hip pain*"[tiab:~3]', "without the tag: the term is mapped as an untagged one"),
        ("2012/01/01:1995/01/01[dp]", "as a range that holds no day"),
        ("2012/13/01[dp]", "as a date that cannot be decided"),
        ("a:b[pmid]", "as words in all fields"),
        ("abc[pmid]", "as a PMID that no record has"),
    ],
)
def test_as_printed_a_wrong_term_is_read_and_its_reading_is_told(text: str, reading: str) -> None:
    query = parse(text, as_printed=True)
    assert [fault.reading for fault in query.faults] == [reading]
    with pytest.raises(QueryError):
        parse(text)


def test_a_term_without_its_tag_is_searched_as_an_untagged_one() -> None:
    leaf = parse('"hip pain*"[tiab:~3]', as_printed=True).root
    assert leaf == Leaf("hip pain*", f.ALL, quoted=True, tagged=False)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("wounds and injuries[mh]", ["wounds", "injuries"]),
        ("Diseases and Conditions and Care[ta]", ["Diseases", "Conditions", "Care"]),
        ("wounds injuries[mh]", []),
    ],
)
def test_and_in_small_letters_joins_the_names_of_one_heading(text: str, parts: list[str]) -> None:
    leaf = root(text)
    assert isinstance(leaf, Leaf) and joined_parts(leaf) == parts
    assert joined_parts(a("wounds and injuries")) == []
