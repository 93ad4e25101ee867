"""The parser that learned many styles: its model as checked in, and strings in layouts that no rule has."""

from __future__ import annotations

import hashlib

import pytest

from resift.formats.citations import parse_citation
from resift.formats.citations.learned import MODEL, MODEL_SHA256

TITLE = "Hepatic arterial embolisation in 120 patients: what lasts"


def test_the_model_is_the_one_that_the_command_built() -> None:
    data = MODEL.read_bytes()
    assert hashlib.sha256(data).hexdigest() == MODEL_SHA256
    assert len(data) < 2_000_000


@pytest.mark.parametrize(
    "string",
    [
        f"Ng-Castle, T., and Schooner, I. B. “{TITLE}”. Cancer Research 89, no. 3 (May 2012): 500–513.",
        f"NG-CASTLE, T.; SCHOONER, I. B. {TITLE}. Cancer Research, v. 89, n. 3, p. 500–513, maio 2012.",
        f"T. Ng-Castle, I.B. Schooner, {TITLE}, Cancer Res. 89 (2012) 500–513.",
        f"Ng-Castle T. & Schooner I. B. (2012), « {TITLE} », Cancer Research, vol. 89, nᵒ 3, p. 500-513.",
        f"Ng-Castle, T; Schooner, I B: {TITLE}, in: Cancer Research 89 (3), 05.2012, S. 500–513.",
        f"[7] Ng-Castle T, Schooner IB. {TITLE}. Cancer Res 2012; 89: 500–513",
        f"Ng-Castle, T, Schooner, IB: {TITLE}. Cancer Res 89:500, 2012",
        f"Ng-Castle, T. / Schooner, I.B. (2012): {TITLE}. In: Cancer Research, Jg. 89, H. 3, S. 500-513.",
    ],
)  # fmt: skip
def test_styles_without_a_layout_of_their_own(string: str) -> None:
    found = parse_citation(string)
    assert found.authors[0].startswith(("Ng-Castle", "NG-CASTLE"))
    assert (found.title, found.year, found.volume, found.first_page) == (TITLE, 2012, "89", "500")
    assert found.journal.removesuffix(".") in ("Cancer Research", "Cancer Res")


@pytest.mark.parametrize("string", ["personal communication with Dr Who", "12", "", "a 2012 b"])
def test_what_is_no_reference_is_not_made_one(string: str) -> None:
    found = parse_citation(string)
    assert not (found.journal and found.volume)
