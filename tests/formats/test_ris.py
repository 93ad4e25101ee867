# ruff: noqa: E501  (samples keep their lines as exporters write them)
# ruff: noqa: E501  (samples keep their lines as exporters write them)
"""RIS as exporters write it, and damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from resift.errors import FormatError

from .reading import EMBASE_RIS, written_and_read


def test_embase_ris_by_its_older_tags(tmp_path: Path) -> None:
    (record,) = written_and_read(tmp_path, "embase.ris", EMBASE_RIS, source="embase")
    assert record.record == "embase:L361234567"
    assert record.title == "Future directions in the treatment of neuroendocrine tumors"
    assert record.authors == ("Kulke MH", "Siu LL")
    assert (record.year, record.volume, record.issue, record.pages) == (2011, "29", "7", "934-943")
    assert record.abstract == "An abstract that is wrapped onto a second line."
    assert (record.journal, record.journal_abbreviation) == (
        "Journal of Clinical Oncology",
        "J. Clin. Oncol.",
    )
    assert record.languages == ("eng",)
    assert record.doi == "10.1200/JCO.2010.33.2056"
    assert record.pmid == ""


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("TY  - JOUR\nTI  - A\nER  - \nTY  - JOUR\nTI  - B\n", 4, "may be cut off"),
        ("TY  - JOUR\nTI  - A\nER  - \nTI  - B\nER  - \n", 4, "its TY line is missing"),
        ("TY  - JOUR", 1, "nothing more"),
        ("TI  - A\nAU  - B\nER  - \n", 1, "outside any entry"),
        ("TY  - JOUR\nVL  - 3\nER  - \n", 1, "no title"),
    ],
)
def test_malformed_ris_names_the_line(text: str, line: int, words: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=words) as caught:
        written_and_read(tmp_path, "bad.ris", text)
    assert f"line {line}:" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\nTI  - A\nER  -\nTY  - JOUR\nTI  - B\nER  - \n",  # the blank after ER lost
        "TY - JOUR\nTI - A\nER - \n\nTY - JOUR\nTI - B\nER - \n",  # one blank before the hyphen
        "1.\nTY  - JOUR\nTI  - A\nER  - \n\n2.\nTY  - JOUR\nTI  - B\nER  - \n",  # counters, as rispy writes
        "Provider: A publisher\nContent: text/plain\n\nTY  - JOUR\nTI  - A\nER  - \nTY  - JOUR\nTI  - B\nER  - ",
        "TY  - JOUR\nTI  - A\nTY  - JOUR\nTI  - B\nER  - \n",  # an ER line lost
        "TY  - JOUR\nTI  - A\nER  - \nstray words\nTY  - JOUR\nTI  - B\nER  - \n",
        "TY  - JOUR\nTI  - A\nER  - \nAU  - Stray, A\nTY  - JOUR\nTI  - B\nER  - \n",
        "TY  - JOUR\nstray words\nTI  - A\nER  - \nTY  - JOUR\nTI  - B\nER  - \n",
        "TY  - JOUR\nT1  - A\nER  - 1\n\nTY  - JOUR\nT1  - B\nER  - 2\n",
        "  TY  - JOUR\n  TI  - A\n  ER  - \n  TY  - JOUR\n  TI  - B\n  ER  - \n",  # all of it set in
        "TY  - JOUR\nTI  - A\nER  - \n-----\nRecord 2 of 2\nTY  - JOUR\nTI  - B\nER  - \n",
    ],
)
def test_loose_ris_is_read(text: str, tmp_path: Path) -> None:
    assert [record.title for record in written_and_read(tmp_path, "loose.ris", text)] == ["A", "B"]


def test_ris_keeps_every_repeated_line(tmp_path: Path) -> None:
    text = "TY  - JOUR\nTI  - A\nKW  - one\nKW  - two\nAU  - Li, X\nAU  - WHO,\nAU  - van der Berg, J.-P.\nER  - \n"
    (record,) = written_and_read(tmp_path, "one.ris", text)
    assert record.keywords == ("one", "two")
    assert record.authors == ("Li X", "van der Berg JP")
    assert record.collective_authors == ("WHO",)
