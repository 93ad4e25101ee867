"""From the fields of one entry to the values of a record."""

from __future__ import annotations

from pathlib import Path

import pytest

from .reading import written_and_read


@pytest.mark.parametrize(
    ("lines", "pmid"),
    [
        ("AN  - 20049617\nDB  - PubMed", "20049617"),
        ("AN  - 20049617\nDP  - NLM", "20049617"),
        ("AN  - 20049617\nDB  - Ovid MEDLINE(R) ALL <1946 to March 01, 2024>", "20049617"),
        ("AN  - NLM20049617\nDB  - MEDLINE with Full Text\nDP  - EBSCOhost", "20049617"),
        ("AN  - 20049617\nDB  - cmedm\nDP  - EBSCOhost", "20049617"),
        (
            "AN  - 66693838; 20049617\nDB  - MEDLINE®\nUR  - https://www.proquest.com/docview/66693838/abc",
            "20049617",
        ),
        ("AN  - MEDLINE:20049617\nWE  - Medline", "20049617"),
        ("C5  - 20049617\nDB  - Embase\nDB  - Medline", "20049617"),
        ("C2  - 20049617\nDB  - Scopus", "20049617"),
        ("C3  - PUBMED 20049617,EMBASE 643589775\nAN  - CN-00000001", "20049617"),
        ("C3  - EMBASE 643589775,PUBMED 20049617\nAN  - CN-00000001", "20049617"),
        (
            "N1  - Accession Number: 107983279. Language: English. PMID: NLM20049617.\nDP  - EBSCOhost",
            "20049617",
        ),
        (
            "UR  - http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=reference&D=med13&NEWS=N&AN=20049617",
            "20049617",
        ),
        ("UR  - https://europepmc.org/article/MED/20049617", "20049617"),
        ("L2  - https://www.ncbi.nlm.nih.gov/pubmed/20049617", "20049617"),
        ("PM  - 20049617", "20049617"),
        ("C7  - PMID: 20049617", "20049617"),
        ("N1  - PMID: 20049617", "20049617"),
        ("UR  - https://pubmed.ncbi.nlm.nih.gov/20049617/", "20049617"),
        ("UR  - http://www.ncbi.nlm.nih.gov/pubmed/20049617", "20049617"),
        # What only looks like a PMID: Embase's and Scopus's own numbers, article numbers, counters.
        ("AN  - 20049617", ""),
        ("AN  - 20049617\nDB  - Embase\nDB  - Medline", ""),
        ("AN  - 20049617\nDB  - PubMed Central", ""),
        ("AN  - 20049617\nDB  - CINAHL Complete\nDP  - EBSCOhost", ""),
        ("AN  - 66693838\nDB  - MEDLINE®\nUR  - https://www.proquest.com/docview/66693838/abc", ""),
        ("ID  - 20049617\nDB  - MEDLINE", ""),
        ("ID  - PMID: 20049617", ""),
        ("ID  - 20049617\nDB  - Ovid MEDLINE(R)", ""),
        ("C7  - 20049617\nSP  - 514", ""),
        ("C7  - 20049617\nDB  - PubMed", ""),
        ("C5  - 20049617\nDB  - Scopus", ""),
        ("C2  - 20049617\nDB  - Embase", ""),
        ("C3  - 20049617\nDB  - Embase", ""),
        ("N1  - found_by: pubmed:20049617", ""),
        ("N1  - Comment on PMID: 20049617 and others", ""),
        ("N1  - see https://pubmed.ncbi.nlm.nih.gov/20049617/", ""),
        (
            "UR  - https://pubmed.ncbi.nlm.nih.gov/20049617/\nUR  - https://pubmed.ncbi.nlm.nih.gov/20049618/",
            "",
        ),
        ("M1  - A cited work (2002) https://pubmed.ncbi.nlm.nih.gov/20049617/", ""),
        ("AN  - 2001234567\nDB  - Embase", ""),
        ("AN  - 52345678\nDB  - Embase", ""),
        ("C7  - 2835787\nDB  - Scopus\nSP  - 1", ""),
        ("C7  - 2835787", ""),
        ("ID  - 37656741", ""),
        ("ID  - 3", ""),
    ],
)
def test_pmid_is_found_where_exporters_hide_it_and_nowhere_else(
    lines: str, pmid: str, tmp_path: Path
) -> None:
    (record,) = written_and_read(tmp_path, "one.ris", f"TY  - JOUR\nTI  - A title\n{lines}\nER  - \n")
    assert record.pmid == pmid


def test_several_dois_in_one_field_give_the_first(tmp_path: Path) -> None:
    text = "TY  - JOUR\nTI  - A\nDO  - https://doi.org/10.1000/abc(1)2; 10.1000/def\nER  - \n"
    assert written_and_read(tmp_path, "one.ris", text)[0].doi == "10.1000/abc(1)2"
