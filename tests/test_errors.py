"""Each family of errors has its code; the tree at the top of the module shows them all."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import resift
from resift import errors
from resift.errors import Code, QueryError, ResiftError
from resift.pubmed.source import Answer, IncompleteError
from resift.query.lint import ERRORS, lint
from resift.query.syntax import parse

QUERY_CODES = {code for code in Code if code.startswith("query-")}


def kinds(of: type[ResiftError] = ResiftError) -> Iterator[type[ResiftError]]:
    for kind in of.__subclasses__():
        if kind.__module__.startswith("resift."):
            yield kind
            yield from kinds(kind)


def test_the_tree_at_the_top_names_every_class_with_its_code_and_no_other() -> None:
    for module in pkgutil.walk_packages(resift.__path__, "resift."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    tree = dict(re.findall(r"── (\w+Error) +([\w-]+)", errors.__doc__ or ""))
    assert tree == {kind.__name__: kind.family for kind in kinds()}
    assert len(set(tree.values())) == len(tree)


def test_the_tree_lists_every_way_in_which_a_query_cannot_be_read() -> None:
    assert set(re.findall(r"│ +(query-[\w-]+)", errors.__doc__ or "")) == QUERY_CODES


def test_an_error_carries_the_code_of_its_family() -> None:
    for kind in kinds():
        if kind is QueryError:
            continue
        more = {}
        if issubclass(kind, IncompleteError):
            more = {"missing": frozenset({"1"}), "answer": Answer(b"", 200, "2026-01-01T00:00:00Z")}
        assert kind("what is wrong", **more).code is kind.family


UNREADABLE = [
    ("  ", Code.QUERY_EMPTY, "SYN003"),
    ("()", Code.QUERY_EMPTY, "SYN003"),
    ("a1[tiab] AND", Code.QUERY_OPERATOR, "SYN003"),
    ("OR a1[tiab]", Code.QUERY_OPERATOR, "SYN003"),
    ("a1[tiab] OR AND b1[tiab]", Code.QUERY_OPERATOR, "SYN003"),
    ("[tiab]", Code.QUERY_LONE_TAG, "SYN003"),
    ('"a1', Code.QUERY_QUOTATION_MARK, "SYN001"),
    ('""[tiab]', Code.QUERY_QUOTATION_MARK, "SYN001"),
    ("(a1[tiab]", Code.QUERY_BRACKET, "SYN002"),
    ("a1[tiab])", Code.QUERY_BRACKET, "SYN002"),
    ("a1[tiab", Code.QUERY_BRACKET, "SYN002"),
    ("a1]", Code.QUERY_BRACKET, "SYN002"),
    ("#1 a1[tiab]\n#2 #7 AND #1", Code.QUERY_REFERENCE, "SYN014"),
    ("a\x01b[tiab]", Code.QUERY_CONTROL_CHARACTER, "SYN004"),
    ("a1[nonsense]", Code.QUERY_TAG, "FLD001"),
    ("a1[ti:what]", Code.QUERY_TAG, "FLD001"),
    ('"a1 b1"[au:~2]', Code.QUERY_PROXIMITY, "TRM009"),
    ('"a1 b*"[ti:~2]', Code.QUERY_PROXIMITY, "TRM009"),
    ("a1 b1[ti:~2]", Code.QUERY_PROXIMITY, "TRM009"),
    ("2012/13[dp]", Code.QUERY_DATE, "FLD005"),
    ("2012/02/30[dp]", Code.QUERY_DATE, "FLD005"),
    ("soon[dp]", Code.QUERY_DATE, "FLD005"),
    ("2012:1995[dp]", Code.QUERY_RANGE, "FLD005"),
    ('"1995"[dp] : "2012"[edat]', Code.QUERY_RANGE, "FLD005"),
    ("update[pmid]", Code.QUERY_NUMBER, "FLD011"),
    ("1:end[pmid]", Code.QUERY_NUMBER, "FLD011"),
]


@pytest.mark.parametrize(("text", "code", "finding"), UNREADABLE)
def test_a_query_that_cannot_be_read_says_how_by_code(text: str, code: Code, finding: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.code is code
    assert ERRORS[code].code == finding
    (error,) = (found for found in lint(text) if found.code == finding)
    assert error.severity == "error"


def test_a_wildcard_of_a_later_day_has_a_code_of_its_own() -> None:
    import datetime as dt

    with pytest.raises(QueryError) as caught:
        parse("organi*ation[tiab]", dialect=dt.date(2012, 1, 1))
    assert caught.value.code is Code.QUERY_WILDCARD


def test_findings_do_not_hang_on_the_words_of_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message in other words: the findings keep their codes."""
    before = {text: {found.code for found in lint(text)} for text, _, _ in UNREADABLE}
    plain = ResiftError.__init__

    def reworded(self: ResiftError, what: str, *, where: str = "", fix: str = "") -> None:
        plain(self, "nothing of the former words", where=where, fix=fix)

    monkeypatch.setattr(ResiftError, "__init__", reworded)
    assert {text: {found.code for found in lint(text)} for text, _, _ in UNREADABLE} == before


def test_lint_knows_a_finding_for_every_code() -> None:
    assert set(ERRORS) == QUERY_CODES
