"""Which words of a sentence are negated."""

from __future__ import annotations

import pytest

from resift.text.negation import negated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Patients without metastases were treated with octreotide.", ["metastases"]),
        (
            "Patients without bone or lung metastases (n=20) had surgery.",
            ["bone or lung metastases"],
        ),
        ("There was no evidence of liver metastases.", ["liver metastases"]),
        ("Surgery rather than chemotherapy was used.", ["chemotherapy"]),
        ("Liver metastases were not found.", ["Liver metastases"]),
        ("Patients with metastases were excluded.", ["metastases"]),
        ("A trial of non-metastatic tumours.", ["metastatic"]),
        ("They were not treated with octreotide.", ["treated with octreotide"]),
        ("Patients free of disease but with metastases", ["disease"]),
        ("With or without metastases, survival was long.", []),
        ("Not only metastases but local disease", []),
        ("No significant difference in metastases", []),
        ("Metastases of the liver", []),
        ("There are nodules and notable metastases", []),
    ],
)
def test_what_a_negation_reaches(text: str, expected: list[str]) -> None:
    assert [text[a:b].strip() for a, b in negated(text, 0, len(text))] == expected
