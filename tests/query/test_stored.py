from pathlib import Path

import numpy as np
import pytest

from resift.query import stored
from resift.query.evaluate import evaluate
from resift.query.matching import Matcher
from resift.query.stored import Stored
from resift.query.syntax import parse
from resift.query.table import QueryTable
from resift.records import Record, write_records

WHOLE = {"languages": ("eng",), "publication_types": ("Journal Article",)}
RECORDS = [
    Record(record="pubmed:1", source="pubmed", pmid="1", title="Gut and liver", journal="Gut", **WHOLE),
    Record(record="pubmed:2", source="pubmed", pmid="2", title="Liver", journal="Liver", **WHOLE),
    Record(record="pubmed:3", source="pubmed", pmid="3", title="Both", journal="Gut and liver", **WHOLE),
    Record(record="scopus:4", source="scopus", title="Liver elsewhere", journal="Liver", **WHOLE),
]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(stored, "AT_ONCE", 2)
    write_records(RECORDS, tmp_path / "records.parquet")
    return tmp_path / "records.parquet"


def test_the_parts_are_the_records_in_their_order(path: Path) -> None:
    parts = [part.records() for part in Stored(path)]
    assert [len(part) for part in parts] == [2, 2]
    assert [record for part in parts for record in part] == RECORDS


@pytest.mark.parametrize("text", ["gut and liver[ta]", "Liver[ti] NOT gut[tiab]", "liver and lung[ta]"])
def test_parts_answer_as_one_table_does(path: Path, text: str) -> None:
    """A journal's name with a lower-case `and` is a name in all parts if it is one in any of them."""
    query = parse(text)
    whole = evaluate(query, QueryTable.from_records(RECORDS))
    kept = Stored(path)
    parts = [evaluate(query, part.table, elsewhere=kept.knows) for part in kept]
    assert np.concatenate([part.yes for part in parts]).tolist() == whole.yes.tolist()
    assert np.concatenate([part.lacking for part in parts]).tolist() == whole.lacking.tolist()
    assert {said for part in parts for said in part.approximations} == set(whole.approximations)


def test_a_part_alone_does_not_know_the_names_of_the_others(path: Path) -> None:
    leaf = parse("gut and liver[ta]").lines[0].root
    first = next(iter(Stored(path)))
    assert not Matcher(first.table, None).known(leaf)
    assert Stored(path).knows(leaf)


def test_the_records_of_one_source_alone(path: Path) -> None:
    parts = list(Stored(path, source="pubmed"))
    assert [record.pmid for part in parts for record in part.records()] == ["1", "2", "3"]


def test_without_records_there_is_one_empty_part(path: Path) -> None:
    (part,) = Stored(path, source="embase")
    assert len(part.table) == 0
    assert part.records() == []
