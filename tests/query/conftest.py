"""Records for the query tests: small hand-made tables, and the real files beside the project."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from resift.pubmed.xml import read_records
from resift.query.mesh import MeshTree
from resift.query.table import QueryTable
from resift.records import RECORD_COLUMNS, Record

PROJECT = Path(__file__).resolve().parents[2]

# Fields that make a record a whole PubMed citation.
WHOLE: dict[str, Any] = {
    "publication_types": ("Journal Article",),
    "languages": ("eng",),
    "status": "MEDLINE",
    "journal": "Some Journal",
    "print_date": "2010-05",
    "year": 2010,
}


def a_record(n: int = 1, **fields: Any) -> Record:
    """A whole PubMed citation with some fields of one's own."""
    return Record(record=f"pubmed:{n}", source="pubmed", pmid=str(n), **{**WHOLE, **fields})


def table_of(*records: Record) -> QueryTable:
    """The query table of some records."""
    return QueryTable.from_records(frame_of(*records))


def frame_of(*records: Record) -> pd.DataFrame:
    """The records table of some records."""
    return pd.DataFrame({name: [getattr(r, name) for r in records] for name in RECORD_COLUMNS})


@pytest.fixture(scope="session")
def mesh(shared: Path) -> MeshTree:
    """The tree of 2019 (without A01-A04)."""
    return MeshTree.load(shared / "mesh" / "mtrees2019.bin.gz")


@pytest.fixture(scope="session")
def varied(shared: Path) -> list[Record]:
    """Real records chosen for their oddities, from the small files."""
    found: dict[str, Record] = {}
    for path in sorted((shared / "pubmed").glob("*.xml.gz")):
        if path.stat().st_size < 1_000_000:
            for item in read_records(path):
                if isinstance(item, Record):
                    found[item.record] = item
    return list(found.values())


@pytest.fixture(scope="session")
def strategies(shared: Path) -> list[dict[str, Any]]:
    """Twenty published strategies with the PMIDs that PubMed returned for them."""
    with gzip.open(shared / "strategies" / "strategies.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
