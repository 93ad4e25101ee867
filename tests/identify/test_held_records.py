"""The records that a run holds already, to match strings against."""

from __future__ import annotations

from pathlib import Path

from tests.identify.test_references import Library

from resift.formats.citations import Citation, parse_citation
from resift.identify.held_records import InMemory, OnDisk
from resift.identify.resolve import resolve
from resift.records import Record, Reference, write_records


def test_records_on_disk_resolve_as_those_in_memory_do(tmp_path: Path) -> None:
    """Whole ones, with their own lists, in the order of the table."""
    lists = (Reference(n=1, pmid="5"), Reference(n=2, citation="Alvo A. Elsewhere. 1999."))
    records = [
        Record(record="embase:1", source="embase", pmid="3", title="Carcinoid of the small bowel", year=2001),
        Record(record="pubmed:3", source="pubmed", pmid="3", title="Title 3", references=lists),
        Record(
            record="pubmed:4", source="pubmed", pmid="4", title="Islet cells in cattle and other herds",
            authors=("Alvo A",), journal="J Test", year=2001, volume="7", pages="5-9",
        ),
    ]  # fmt: skip
    path, references = tmp_path / "records.parquet", tmp_path / "references.parquet"
    write_records(records, path, references)
    stored, held = OnDisk(path, references), InMemory(records)
    for asked in ({"names": {"pubmed:4", "no:1"}}, {"pmids": {"3"}}, {"names": {"embase:1"}, "pmids": {"4"}}):
        assert stored.whole(**asked) == held.whole(**asked) != []
    assert stored.whole() == []
    strings = [
        "Alvo A. Islet cells in cattle and other herds. J Test 2001;7:5-9.",
        "Nobody Z. Lost in the post. J Gone 1990;1:1.",
    ]
    citations = [*map(parse_citation, strings), Citation(text="3", pmid="3")]
    found = resolve(citations, Library({}), stored)
    assert found == resolve(citations, Library({}), held)
    assert [outcome.record and outcome.record.record for outcome in found] == ["pubmed:4", None, "pubmed:3"]
    assert found[2].record is not None
    assert found[2].record.references == lists
