"""Agreement with PubMed itself, and with other engines, on 60,000 real records."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from resift.archive.source import Archive
from resift.query.mesh import MeshTree
from resift.query.pattern import phrase
from resift.query.table import QueryTable

from .agreement import OUR_ERROR, Form, compare, held, lines

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def archives(open_archive: Callable[[str], Archive]) -> list[Archive]:
    return [open_archive("pubmed"), open_archive("screening/cohen2006_as_pubmed")]


@pytest.fixture(scope="module")
def table(archives: list[Archive]) -> QueryTable:
    return held(archive.query_table() for archive in archives)


@pytest.mark.parametrize("form", Form)
def test_the_engine_agrees_with_pubmed_on_twenty_strategies(
    form: Form,
    archives: list[Archive],
    table: QueryTable,
    mesh: MeshTree,
    strategies: list[dict[str, Any]],
) -> None:
    assert len(table) == 60_287
    wanted = {pmid for strategy in strategies for pmid in strategy["retrieved"]}
    copies = {r.pmid: r for archive in reversed(archives) for r in archive.records(wanted)}
    comparisons = [compare(strategy, table, mesh, copies, form) for strategy in strategies]
    report = "\n".join(lines(comparisons))
    causes = [
        cause
        for c in comparisons
        for cause in (*c.only_pubmed.values(), *c.not_evaluable.values(), *c.only_we.values())
    ]
    assert OUR_ERROR not in causes, report
    assert sum(len(c.both) for c in comparisons) >= 39, report
    assert sum(len(c.only_pubmed) for c in comparisons) <= 2, report


def test_sqlite_full_text_search_gives_the_same_sets(archives: list[Archive]) -> None:
    """FTS5 on the same normalised words, for every kind of text term that it can express."""
    table = archives[0].query_table()
    corpora = [table.corpus(name) for name in ("title", "abstract")]
    connection = sqlite3.connect(":memory:")
    tokenizer = "unicode61 remove_diacritics 0"
    connection.execute(f'CREATE VIRTUAL TABLE t USING fts5(title, abstract, tokenize="{tokenizer}")')
    columns = [table.table.column(name).to_pylist() for name in ("title", "abstract")]
    # a sentinel word keeps phrases from crossing between values, as "|" does here
    rows = (
        (i + 1, *(text.replace("|", "zzsentinelzz") for text in row))
        for i, row in enumerate(zip(*columns, strict=True))
    )
    connection.executemany("INSERT INTO t(rowid, title, abstract) VALUES (?, ?, ?)", rows)
    chance = random.Random(5)
    checked = 0
    for text in _terms(table, chance):
        term = phrase(text)
        for column, corpus in zip(("title", "abstract"), corpora, strict=True):
            ours = np.flatnonzero(term.search(corpus)) + 1
            joined = " ".join(term.words)
            wanted = f'"{joined.rstrip("*")}"' + (" *" if joined.endswith("*") else "")
            found = connection.execute(
                "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid", (f"{column}: {wanted}",)
            )
            assert ours.tolist() == [row[0] for row in found], (text, column)
            checked += len(ours)
    assert checked > 50_000


def _terms(table: QueryTable, chance: random.Random) -> list[str]:
    """Words, phrases and truncated forms from the records themselves (letters FTS5 also keeps)."""
    corpus = table.corpus("abstract")
    found = [
        "treatment",
        "of the",
        "insulinoma*",
        "islet cell",
        "pancrea*",
        "quality of lif*",
        "neuroendocrine tumor*",
    ]
    while len(found) < 90:
        words = corpus.words(chance.randrange(len(corpus)))
        if len(words) < 8:
            continue
        at = chance.randrange(len(words) - 4)
        piece = words[at : at + chance.randint(1, 4)]
        if "|" in piece or not all(word.isascii() for word in piece):
            continue
        if chance.random() < 0.3 and len(piece[-1]) > 4:
            piece[-1] = piece[-1][: chance.randint(4, len(piece[-1]))] + "*"
        found.append(" ".join(piece))
    return found
