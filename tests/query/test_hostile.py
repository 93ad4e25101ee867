"""Hostile and broken queries: an answer or a clear error with the place, no recursion, in bounded work.

Nothing is timed here (`benchmarks/query.py` does that); work that grew with the square of these sizes would
run for minutes and show.
"""

from __future__ import annotations

import pytest

from resift.errors import QueryError
from resift.query.evaluate import evaluate
from resift.query.evidence import explain
from resift.query.lint import lint
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


@pytest.mark.slow
def test_a_line_of_blanks_is_read_once() -> None:
    for before in ("exp", "[", "#1 a[ti]\n#2 b[ti]\n", "1. Search: a[ti]", "a[ti] AND", '"'):
        lint(before + " " * SIZE + "asthma[tiab]")


@pytest.mark.parametrize("word", ["x" * SIZE, "x" * SIZE + "é", "é" + "-" * SIZE, "1.5e" * (SIZE // 4)])
def test_a_record_of_one_long_word_is_explained(word: str) -> None:
    record = a_record(title="asthma", abstract=f"{word} treatment of naïve patients")
    for query, answer in (("naive[tiab]", "yes"), ("asthmas[tiab] AND other[tiab]", "no")):
        assert explain(parse(query), table_of(record), 0, record).answer == answer
