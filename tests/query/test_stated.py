"""A stated search is read as printed: its faults are told with the reading that is used."""

from __future__ import annotations

from typing import Any

import pytest

from resift.errors import Code, QueryError
from resift.query.evaluate import evaluate
from resift.query.nodes import leaves
from resift.query.stated import read_stated
from resift.query.syntax import parse

from .conftest import a_record, table_of

# as printed, the query it is read as, the code of the fault, whether PubMed is known to read it so
FAULTS = [
    ("(a1[tiab] OR b1[tiab]", "a1[tiab] OR b1[tiab]", Code.QUERY_BRACKET, False),
    ("a1[tiab] OR b1[tiab])", "a1[tiab] OR b1[tiab]", Code.QUERY_BRACKET, False),
    ("a1[tiab", "a1[tiab]", Code.QUERY_BRACKET, False),
    ("a1] OR b1[tiab]", "a1 OR b1[tiab]", Code.QUERY_BRACKET, False),
    ('"a1 b1[tiab]', "a1 b1[tiab]", Code.QUERY_QUOTATION_MARK, False),
    ("OR a1[tiab]", "a1[tiab]", Code.QUERY_OPERATOR, False),
    ("a1[tiab] AND", "a1[tiab]", Code.QUERY_OPERATOR, False),
    ("a1[tiab] OR AND b1[tiab]", "a1[tiab] AND b1[tiab]", Code.QUERY_OPERATOR, False),
    ("a1[tiab] OR () OR b1[tiab]", "a1[tiab] OR b1[tiab]", Code.QUERY_EMPTY, False),
    ("lancet[JO] AND a1[tiab]", "lancet AND a1[tiab]", Code.QUERY_TAG, True),
    ("a1 b1[tiab:~3]", "a1 b1", Code.QUERY_PROXIMITY, True),
    ("a1[tiab] [ti] OR b1[tiab]", "a1[tiab] OR b1[tiab]", Code.QUERY_LONE_TAG, False),
]


@pytest.mark.parametrize(("printed", "read_as", "code", "known"), FAULTS)
def test_a_fault_is_told_with_its_reading(printed: str, read_as: str, code: Code, known: bool) -> None:
    query = read_stated(printed)
    assert query == parse(read_as)
    assert code in [fault.code for fault in query.faults]
    for fault in query.faults:
        assert fault.known is (known and fault.code is code)
        assert ("not known" in str(fault)) is not fault.known
    with pytest.raises(QueryError):
        parse(printed)


@pytest.mark.parametrize(
    ("printed", "what", "code"),
    [
        ('"a1 b1[tiab]" OR c1[tiab]', "within the quotation marks", Code.QUERY_TAG),
        ("（a1[tiab] OR b1[tiab]）AND c1[tiab]", "full-width bracket", Code.QUERY_BRACKET),
        ("a1%5Btiab%5D AND c1[tiab]", "encoded for a web address", Code.QUERY_BRACKET),
        ("asthma%20AND%20child", "encoded for a web address", Code.QUERY_BRACKET),
        ("asthma[tiab]+AND+child", "encoded for a web address", Code.QUERY_BRACKET),
        ('"a1 b1"~5 AND c1[tiab]', "distance without a field", Code.QUERY_PROXIMITY),
    ],
)
def test_a_sign_that_is_no_syntax_of_pubmeds_is_told(printed: str, what: str, code: Code) -> None:
    (fault,) = read_stated(printed).faults
    assert what in fault.what and fault.code is code and not fault.known
    with pytest.raises(QueryError, match=what):
        parse(printed)


def test_a_date_that_is_none_is_not_evaluable_and_said() -> None:
    query = read_stated("a1[ti] AND 2012-13[dp]")
    found = evaluate(query, table_of(a_record(title="a1")))
    assert found.unknown.all()
    assert any("2012-13" in said for said in found.approximations)


def test_nothing_to_search_and_lines_that_do_not_exist_stay_errors() -> None:
    for text in ("((", "", "()", "AND", "#1 OR asthma"):
        with pytest.raises(QueryError):
            read_stated(text)


def test_twenty_published_strategies_are_read_as_printed(strategies: list[dict[str, Any]]) -> None:
    for strategy in strategies:
        query = read_stated(strategy["query"])
        assert len(list(leaves(query.root))) > 5, strategy["id"]
