"""Hostile and broken queries: an answer or a clear error with the place, no recursion, in bounded work.

Nothing is timed here (`benchmarks/query.py` does that); work that grew with the square of these sizes would
run for minutes and show.
"""

from __future__ import annotations

import pytest

from resift.errors import Code, QueryError
from resift.query import evidence
from resift.query.evaluate import evaluate
from resift.query.evidence import explain
from resift.query.foreign import foreign
from resift.query.history import as_lines
from resift.query.lexer import LONGEST
from resift.query.lint import lint
from resift.query.reader import MOST_TERMS
from resift.query.stated import read_stated
from resift.query.syntax import parse, to_text

from .conftest import a_record, table_of

RECORD = a_record(title="asthma of term 7", abstract="w " * 400, mesh=("Asthma*",))


SIZE = 100_000


DEEP = "(" * 1000 + "a1[tiab]" + "".join(f" {'OR' if i % 2 else 'AND'} b{i}[tiab])" for i in range(1000))


ANSWERED = {
    "one long word": "a" * SIZE,
    "many words": " ".join(f"w{i}" for i in range(9_500)),
    "5,000 ORs": " OR ".join(f'"term {i}"[tiab]' for i in range(5001)),
    "5,000 mixed operators": " ".join(f"t{i}[tiab] {'AND' if i % 2 else 'OR'}" for i in range(5000))
    + " x1[ti]",
    "1,000 brackets": "(" * 1000 + "a1[tiab]" + ")" * 1000,
    "1,000 groups deep": DEEP,
    "1,000 groups deep on the right": "a1[ti] AND (b1[ti] OR (" * 500 + "z1[ti]" + "))" * 500,
    "5,000 NOTs": " NOT ".join(["x1[tiab]"] * 5000),
    "right to left": "سرطان[tiab] OR \u202easthma\u202c[tiab]",
    "many asterisks": "aaaaa" + "*b" * 20_000 + "[tiab]",
    "long proximity": '"' + "w " * 20_000 + '"[tiab:~5]',
    "long phrases": " OR ".join(['"' + "w " * 50 + '"[tiab]'] * 900),
    "unknown headings": " OR ".join(f'"heading number {i}"[mh]' for i in range(3000)),
    "lines that refer back": "\n".join(
        f"#{i} a{i}[ti]" if i < 3 else f"#{i} #{i - 1} OR #{i - 2}" for i in range(1, 1500)
    ),
}


REFUSED = {
    "NUL": ("asthma\x00[tiab]", 6),
    "NUL in a phrase": ('"as\x00"[tiab]', 3),
    "half a surrogate": ("a\ud800[tiab]", 1),
    "an open quotation mark": ('asthma[tiab] OR "copd', 16),
    "only quotation marks": ('"' * 99_999, None),
    "only opening brackets": ("(" * SIZE, SIZE - 1),
    "only closing brackets": (")" * SIZE, 0),
    "only square brackets": ("[" * SIZE, 0),
    "only asterisks": ("*" * SIZE, 0),
    "only ampersands": ("&" * SIZE, 0),
    "only curly quotes": ("“" * SIZE, 0),
    "only blanks": (" " * SIZE, 0),
    "15,000 unknown tags": ("a1[zz] " * 15_000, 2),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ANSWERED)
def test_large_queries_are_answered(name: str) -> None:
    text = ANSWERED[name]
    query = parse(text)
    assert parse(to_text(query)) == query
    result = evaluate(query, table_of(RECORD))
    assert len(result.clauses) == len(result.clause_sets)
    explain(query, table_of(RECORD), 0, RECORD)
    lint(text)


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUSED)
def test_unreadable_queries_are_refused_with_the_place(name: str) -> None:
    text, start = REFUSED[name]
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert start is None or caught.value.start == start
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)
    assert any(finding.severity.value == "error" for finding in lint(text))


# Each is read by patterns that would take time by the square of such a run, or by its cube.
RUNS = ("“", "\n", "exp" + " " * 40, "[" + " " * 70, "#1 a\n", "1 a 2 a ", "(1 ", "1 AND\n", "Add ", "| ",
        "a and ", "[[", "a/dt [", "&amp;", "∗", "(a ", "'a ", "1. Search: a ")  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("before", ["", "#1 a[ti]\n#2 b[ti]\n"])
def test_a_run_of_one_thing_is_read_once(run: str, before: str) -> None:
    text = (before + run * (30_000 // len(run)))[:30_000]
    foreign(text)
    lint(text)


@pytest.mark.slow
def test_a_line_of_blanks_is_read_once() -> None:
    for before in ("exp", "[", "#1 a[ti]\n#2 b[ti]\n", "1. Search: a[ti]", "a[ti] AND", '"'):
        lint(before + " " * SIZE + "asthma[tiab]")


def test_a_query_longer_than_any_search_is_refused_in_one_line() -> None:
    text = "asthma[tiab] OR " * (LONGEST // 16) + "x" * 16
    assert len(text) > LONGEST
    for reader in (parse, read_stated, as_lines):
        with pytest.raises(QueryError, match="more than 131,072 characters") as caught:
            reader(text)
        assert caught.value.code is Code.QUERY_LENGTH
    (finding,) = lint(text)
    assert finding.label == "query-length"


@pytest.mark.slow
def test_more_terms_or_faults_than_any_search_has_are_refused() -> None:
    for text in ("ab[ti] " * (MOST_TERMS + 1), "\n".join(f"#{n} ab cd[ti] e[ti]" for n in range(1, 6000))):
        with pytest.raises(QueryError, match="more than 10,000 terms") as caught:
            parse(text)
        assert caught.value.code is Code.QUERY_LENGTH
    with pytest.raises(QueryError, match="more than 1,000 faults") as caught:
        read_stated("(a1[ti] AND " * 2000)
    assert caught.value.code is Code.QUERY_LENGTH
    read_stated("a1[zz] OR " * 2000 + "a1[ti]")  # what PubMed makes of these is known


@pytest.mark.parametrize("word", ["x" * SIZE, "x" * SIZE + "é", "é" + "-" * SIZE, "1.5e" * (SIZE // 4)])
def test_a_record_of_one_long_word_is_explained(word: str) -> None:
    record = a_record(title="asthma", abstract=f"{word} treatment of naïve patients")
    for query, answer in (("naive[tiab]", "yes"), ("asthmas[tiab] AND other[tiab]", "no")):
        assert explain(parse(query), table_of(record), 0, record).answer == answer


def test_near_forms_are_tried_of_so_many_terms_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST", 3)
    record = a_record(title="tumour", abstract="children")
    for terms, said in (
        ("a1 b1 c1 tumor", "no near form of its first 3 terms"),
        ("a1 tumor", "with tumour[ti]"),
    ):
        query = parse(" OR ".join(f"{term}[ti]" for term in terms.split()))
        assert said in explain(query, table_of(record), 0, record).nearest_fix
