"""The parser accepts what PubMed accepts, keeps the spans, and prints queries back equal."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.errors import QueryError
from resift.query import fields as f
from resift.query.mesh import MeshTree
from resift.query.nodes import And, Leaf, LineRef, Node, Not, Or, Proximity, Range, leaves, walk
from resift.query.syntax import parse, to_text

from . import filters

IN_2012 = dt.date(2012, 12, 31)


def root(text: str) -> Node:
    return parse(text).root


def a(text: str) -> Leaf:
    return Leaf(text, f.TITLE_ABSTRACT)


def test_operators_are_applied_from_left_to_right() -> None:
    assert root("a[tiab] OR b[tiab] AND c[tiab]") == And((Or((a("a"), a("b"))), a("c")))
    assert root("a[tiab] AND b[tiab] OR c[tiab]") == Or((And((a("a"), a("b"))), a("c")))
    assert root("a[tiab] NOT b[tiab] AND c[tiab]") == And((Not((a("a"), a("b"))), a("c")))


def test_brackets_group() -> None:
    assert root("a[tiab] OR (b[tiab] AND c[tiab])") == Or((a("a"), And((a("b"), a("c")))))


@pytest.mark.parametrize(
    "text", ["a[tiab] and b[tiab]", "a[tiab] And b[tiab]", "a[tiab] & b[tiab]", "a[tiab] b[tiab]"]
)
def test_and_in_any_case_as_a_sign_or_left_out(text: str) -> None:
    assert root(text) == And((a("a"), a("b")))


def test_a_quoted_phrase_keeps_operators_and_brackets_inside() -> None:
    assert root('"wait and see (again)"[tiab]') == Leaf("wait and see (again)", f.TITLE_ABSTRACT, quoted=True)


def test_a_blank_before_the_tag_and_any_case_of_it() -> None:
    assert root("Brefeldin [TiAb]") == a("Brefeldin")


def test_a_range_stands_among_other_terms() -> None:
    found = root("a[tiab] AND 1:38498 [UID] AND b[tiab]")
    assert found == And((a("a"), Range("1", "38498", f.PMID), a("b")))


def test_line_lists_refer_to_earlier_lines() -> None:
    query = parse("#1 a[tiab]\n#2 b[tiab]\n   OR c[tiab]\n#3 #1 AND #2")
    assert [line.number for line in query.lines] == [1, 2, 3]
    assert query.lines[1].root == Or((a("b"), a("c")))
    assert query.root == And((LineRef(1), LineRef(2)))


def test_bare_numbers_are_lines_in_a_numbered_list() -> None:
    assert parse("1. a[tiab]\n2. b[tiab]\n3. 1 OR 2").root == Or((LineRef(1), LineRef(2)))


def test_curly_quotes_are_kept_apart_from_straight_ones() -> None:
    leaf = root("“wait and see”[tiab]")
    assert leaf == Leaf("wait and see", f.TITLE_ABSTRACT, curly=True)
    assert root('“wait and see"[tiab]') == leaf


def test_spans_point_at_the_source() -> None:
    text = 'x[ti] AND ( "liver cancer" [tiab] OR 1990:1999[dp] )'
    for node, _ in walk(root(text)):
        piece = text[node.start : node.end]
        if isinstance(node, Leaf):
            assert node.text in piece
            assert piece.endswith("]")
        elif isinstance(node, Or):
            assert piece.startswith("(")
            assert piece.endswith(")")


@pytest.mark.parametrize(
    ("text", "start", "end", "said"),
    [
        ("asthma[tiabb]", 6, 13, "did you mean [tiab]"),
        ("asthma[ab]", 6, 10, "[tiab]"),
        ('a[ti] OR "b[ti]', 9, 10, "never closed"),
        ("a[ti] OR (b[ti]", 9, 10, "never closed"),
        ("a[ti]) OR b[ti]", 5, 6, "closes nothing"),
        ("a[ti] OR AND b[ti]", 6, 12, "followed by"),
        ("a[ti] AND", 6, 9, "right"),
        ("NOT a[ti]", 0, 3, "left"),
        ("a[ti] AND ()", 10, 12, "nothing stands between"),
        ("[ti]", 0, 4, "no term"),
        ("2012/13[dp]", 0, 11, "no such month"),
        ("2012-12-31[dp]", 0, 14, "slashes"),
        ("2013:2012[dp]", 0, 13, "ends before"),
        ("#1 AND #2", 0, 2, "no earlier line"),
        ('"a b"[mh:~3]', 5, 12, "proximity"),
        ('"a* b"[tiab:~3]', 0, 15, "truncation"),
        ("a b[tiab:~3]", 0, 12, "quotation marks"),
        ("as\x00thma", 2, 3, "U+0000"),
        ("  ", 0, 2, "empty"),
    ],
)
def test_errors_name_the_place_and_the_remedy(text: str, start: int, end: int, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.start, caught.value.end) == (start, end)
    assert said in str(caught.value)
    assert caught.value.fix


@pytest.mark.parametrize("name", filters.ALL)
def test_public_filters_are_read_and_printed_back_equal(name: str) -> None:
    query = parse(filters.ALL[name])
    assert len(list(leaves(query.root))) > 2 or query.numbered
    assert parse(to_text(query)) == query


def test_published_strategies_are_read_and_printed_back_equal(strategies: list[dict[str, Any]]) -> None:
    for strategy in strategies:
        for version in ("query", "query_edited"):
            query = parse(strategy[version])
            assert parse(to_text(query)) == query, (strategy["id"], version)


words = st.text(alphabet="abcdefgh éßα", min_size=1, max_size=12).map(lambda s: " ".join(s.split()) or "x")


free_fields = st.sampled_from([f.TITLE, f.TITLE_ABSTRACT, f.MESH_TERMS, f.AUTHOR, f.JOURNAL, f.ALL])


terms = st.one_of(
    st.builds(Leaf, text=words, field=free_fields, quoted=st.booleans()),
    st.builds(Leaf, text=words, field=st.just(f.ALL), tagged=st.just(False), quoted=st.just(True)),
    st.builds(Leaf, text=words, field=st.just(f.MESH_TERMS), explode=st.booleans(), quoted=st.just(True)),
    st.builds(Proximity, text=words, distance=st.integers(0, 99), field=st.sampled_from(f.PROXIMITY_FIELDS)),
    st.builds(
        Range,
        low=st.integers(1000, 1999).map(str),
        high=st.integers(2000, 3000).map(str),
        field=st.sampled_from([f.PUBLICATION_DATE, f.PMID, f.CREATE_DATE]),
    ),
)


def _groups(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=2, max_size=4).map(tuple)
    return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(Not, several))


trees: st.SearchStrategy[Node] = st.recursive(terms, _groups, max_leaves=12)


@given(trees)
def test_a_printed_tree_is_read_back_equal(tree: Node) -> None:
    assert parse(to_text(tree)).root == tree


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        assert 0 <= error.start <= error.end <= len(text)
    else:
        assert parse(to_text(query)) == query


SIGNS = [
    '"',
    "(",
    ")",
    "[ti]",
    "[tiab]",
    "AND",
    "OR",
    "NOT",
    "a",
    "b*",
    "“",
    "”",
    ":",
    "2012",
    "[dp]",
    "#1",
    "&",
    "|",
    "/",
]


@given(st.lists(st.sampled_from(SIGNS), max_size=25))
def test_any_mixture_of_signs_is_read_or_refused_with_a_place(pieces: list[str]) -> None:
    text = " ".join(pieces)
    try:
        query = parse(text)
    except QueryError as error:
        assert 0 <= error.start <= error.end <= len(text)
    else:
        assert parse(to_text(query)) == query


def test_the_parser_needs_no_table_library() -> None:
    code = "import sys, resift.query.syntax as s\nprint({'pandas', 'pyarrow', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    assert parse("x1[ti]").lines
    assert MeshTree(None, "", {}).explode("x") == frozenset()
