# ruff: noqa: E501  (samples keep their lines as exporters write them)
# ruff: noqa: E501  (samples keep their lines as exporters write them)
"""Identifiers that cannot all be right."""

from __future__ import annotations

from pathlib import Path

from tests.formats.test_platforms import read_as


def test_one_pmid_on_two_papers_is_suspicious(tmp_path: Path) -> None:
    text = "Title,Year,PMID\nGrowth of bones in birds,2010,31000001\nPortal pressure after embolisation,2011,31000001\n"
    told = "\n".join(line for _, line in read_as(tmp_path, text, "own.csv").notes.lines())
    assert "suspicious: one PMID on records with different titles: 31000001" in told
    count = "Title,Year,PMID\n" + "".join(f"Title {n} of its own,2010,{n}\n" for n in range(1, 9))
    told = "\n".join(line for _, line in read_as(tmp_path, count, "own.csv").notes.lines())
    assert "suspicious: the PMIDs look like a count" in told
