"""The MEDLINE text of a record."""

from __future__ import annotations

import gzip
import io
import itertools
from pathlib import Path

import pytest
from Bio import Entrez as BioEntrez
from Bio import Medline

from resift.frozen.bodies import record_set
from resift.frozen.pubmed import FrozenPubMed
from resift.pubmed.elements import ElementKind, read_elements

from .conftest import ask


@pytest.mark.slow
def test_biopython_reads_every_record_that_is_served(shared: Path) -> None:
    read = 0
    for path in sorted((shared / "pubmed").glob("*.xml.gz")):
        elements = itertools.takewhile(
            lambda element: element.kind is not ElementKind.DELETION,
            itertools.islice(read_elements(path), 40),
        )
        served = [element.raw for element in elements]
        found = BioEntrez.read(io.BytesIO(record_set(served).body))
        assert sum(len(records) for records in found.values()) == len(served)
        read += len(served)
    assert read > 300


def test_the_medline_text_has_the_tags_of_pubmeds_own(shared: Path, real: FrozenPubMed) -> None:
    path = shared / "pubmed/zelcofir_pubmed-format_240.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as sample:
        theirs = {tag for record in Medline.parse(sample) for tag in record}
    pmids = [str(p) for p in real._pmids.tolist()]
    body = ask(real, "efetch", db="pubmed", id=",".join(pmids), rettype="medline", retmode="text").body
    ours = list(Medline.parse(io.StringIO(body.decode())))
    assert [r["PMID"] for r in ours] == pmids
    assert theirs - {tag for record in ours for tag in record} <= {"UOF", "UIN", "FIR", "IR", "IRAD", "MID", "CI", "PMCR", "COIS"}  # fmt: skip # noqa: E501
    by_pmid = {r["PMID"]: r for r in ours}
    record = by_pmid["27094199"]
    assert (record["JID"], record["PST"], record["PL"]) == ("101489144", "ppublish", "United States")
    assert record["DP"] == "2016 Apr"
    assert "2016/04/21 06:00 [entrez]" in record["PHST"]
