"""The second worked review: a stated query, over real records that PubMed returned for it."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.config_content.conftest import PROJECT

from resift.archive.source import Archive
from resift.project.config import load_config
from resift.project.protocol import Protocol, load_protocol
from resift.query.evaluate import Evaluation, evaluate
from resift.query.syntax import parse
from resift.query.table import QueryTable
from resift.records import frame_of
from resift.screening.criteria import load_screening, screen
from resift.vocabulary import Answer

REVIEW = PROJECT / "config" / "reviews" / "moynihan-2021"


@pytest.fixture(scope="module")
def archive(open_archive: Callable[[str], Archive]) -> Archive:
    return open_archive("pubmed")


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return load_protocol(REVIEW / "protocol.yaml")


@pytest.fixture(scope="module")
def table(archive: Archive) -> QueryTable:
    return archive.query_table()


@pytest.fixture(scope="module")
def found(protocol: Protocol, table: QueryTable) -> Evaluation:
    return evaluate(parse(protocol.primary.expanded, as_printed=True), table)


def test_its_files_are_valid_and_fit_each_other(protocol: Protocol, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCBI_EMAIL", "test@example.org")
    screening = load_screening(protocol.screening, protocol.fragments)
    assert load_config(REVIEW / "config.yaml").protocol == "config/reviews/moynihan-2021/protocol.yaml"
    assert all(criterion.exclusion_label != criterion.label for criterion in screening.criteria)
    with (REVIEW / "known-items.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["pmid"] for row in rows}) == len(rows) == 76
    assert {row["set"] for row in rows} == {"included in the review"}


def test_its_query_finds_the_held_records_that_pubmed_returned_for_it(
    shared: Path, table: QueryTable, found: Evaluation
) -> None:
    held = {table.records[at].removeprefix("pubmed:") for at in range(len(table.records))}
    ours = {table.records[at].removeprefix("pubmed:") for at in (found.yes | found.unknown).nonzero()[0]}
    with gzip.open(shared / "strategies" / "strategies.jsonl.gz", "rt", encoding="utf-8") as lines:
        (review,) = (one for one in map(json.loads, lines) if one["id"] == "14")
    returned = {str(pmid) for pmid in review["retrieved"]} & held
    assert len(ours) > 100
    assert returned <= ours


def test_its_criteria_answer_for_every_record_that_is_found(
    archive: Archive, protocol: Protocol, table: QueryTable, found: Evaluation
) -> None:
    criteria = load_screening(protocol.screening, protocol.fragments)
    ids = [table.records[at].removeprefix("pubmed:") for at in found.yes.nonzero()[0]]
    records = list(archive.records(ids))
    own = QueryTable.from_records(frame_of(records))
    answers = [row for rows, _ in screen(records, own, criteria) for row in rows]
    assert len(answers) == len(records) * len(criteria.criteria)
    assert {row.answer for row in answers} == {Answer.MET, Answer.NOT_MET, Answer.UNCLEAR}
