"""Small files after real exports and public bug reports: what each entry holds, right to the field."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from resift.formats import read_export

FILES = Path(__file__).parent / "real_world"
EXPECTED = [
    row
    for row in csv.DictReader((FILES / "expected.csv").open(encoding="utf-8"))
    if row["field"] != "reports"  # what deduplication makes of two files is tested with it
]


def _text(value: object) -> str:
    return ";".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row['file']}-{row['n']}-{row['field']}")
def test_the_value_that_the_file_holds(row: dict[str, str]) -> None:
    records = read_export(FILES / row["file"]).records
    field, contains, _ = row["field"].partition(" contains")
    if field == "records":
        assert len(records) == int(row["value"])
    elif row["n"] == "each":
        wanted = [re.sub("<n-1>", str(n), row["value"]) for n in range(len(records))]
        assert [_text(getattr(record, field)) for record in records] == wanted
    elif contains:
        assert row["value"] in _text(getattr(records[int(row["n"]) - 1], field))
    else:
        assert _text(getattr(records[int(row["n"]) - 1], field)) == row["value"]


@pytest.mark.parametrize("name", ["endnote_library_a.ris", "endnote_library_b.ris", "endnote_embase.ris"])
def test_the_count_of_a_reference_manager_is_no_pmid(name: str) -> None:
    assert {record.pmid for record in read_export(FILES / name).records} == {""}
