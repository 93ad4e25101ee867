"""The databank of an accession number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from resift.archive.source import Archive
from resift.query.evaluate import Evaluation, evaluate
from resift.query.mesh import MeshTree
from resift.query.syntax import parse
from resift.query.table import QueryTable


@pytest.fixture(scope="module")
def table(open_archive: Callable[[str], Archive]) -> QueryTable:
    return open_archive("pubmed").query_table()


@pytest.fixture(scope="module")
def ask(table: QueryTable, mesh: MeshTree) -> Callable[[str], Evaluation]:
    def asked(query: str) -> Evaluation:
        return evaluate(parse(query), table, mesh=mesh, today=dt.date(2021, 6, 1))

    return asked


def test_accession_numbers_are_found_by_their_databank(ask: Callable[[str], Evaluation]) -> None:
    """Guide, "Secondary Source ID [si]". The XML names these in 175, 9 and 6 records."""
    for bank, count in (("clinicaltrials.gov", 175), ("geo", 9), ("dryad", 6)):
        found = ask(f"{bank}[si]")
        assert found.yes.sum() == count
        assert any("told by shape" in said for said in found.approximations)
    assert ask("genbank[si]").yes.any()
