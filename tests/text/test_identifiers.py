"""Identifiers in the shapes that databases and reference lists give them."""

from __future__ import annotations

import pytest

from resift.text.identifiers import as_doi, as_pmcid, as_pmid, doi_key, pmid_in_url


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("https://doi.org/10.1200/JCO.2009.22.8510.", "10.1200/JCO.2009.22.8510"),
        ("doi: 10.1000/a(b)c); see", "10.1000/a(b)c"),
        ("https://dx.doi.org/10.1016%2Fs0140-6736%2897%2911096-0", "10.1016/s0140-6736(97)11096-0"),
        ("10.1002/(SICI)1097&lt;74::AID&gt;3.0.CO;2-8", "10.1002/(SICI)1097<74::AID>3.0.CO;2-8"),
        ("10.1002/1097-4679(197901)35:1<74::aid-jclp2270350108>3.0.co;2-8",
         "10.1002/1097-4679(197901)35:1<74::aid-jclp2270350108>3.0.co;2-8"),
        ("10.1000/one; 10.1000/two", "10.1000/one"),
        ("no identifier 10.1", ""),
    ],
)  # fmt: skip
def test_doi(written: str, doi: str) -> None:
    assert as_doi(written) == doi
    assert doi_key(written) == doi.lower()


def test_pmid_and_pmcid() -> None:
    for written in ("123", "PMID: 123", "MEDLINE:0123", "PubMed ID: 123", "123.0"):
        assert as_pmid(written) == "123", written
    for written in ("", "0", "2-s2.0-123", "123456789", "12.5", "a1"):
        assert as_pmid(written) == "", written
    assert as_pmcid("PMCID: PMC4200651") == "PMC4200651"
    assert pmid_in_url("https://pubmed.ncbi.nlm.nih.gov/25332984/") == "25332984"
