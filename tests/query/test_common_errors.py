"""The errors that published strategies make, one test for each kind.

Salvador-Olivan JA, Marco-Cuenca G, Arquero-Aviles R. Errors in search strategies used in systematic reviews
and their effects on information retrieval. J Med Libr Assoc 2019;107(2):210-21 (PMC6466507).
"""

from __future__ import annotations

import pytest

from resift.query.lint import lint
from resift.query.mesh import MeshTree

KINDS = {
    "terms missing in natural language": ('"Asthma"[mh] AND child[tiab]', "headings-only-concept"),
    "descriptors missing": ('asthma[tiab] AND "Child"[mh]', "text-only-concept"),
    "morphological variations missing": ('asthma[tiab] OR "bronchial disorder"[tiab]', "plural-missing"),
    "spelling variations missing": ("ischemia[tiab] AND stroke[tiab]", "spelling-variant"),
    "more specific descriptors not retrieved": (
        '"Neoplasms"[mh:noexp] OR cancer[tiab]',
        "heading-not-exploded",
    ),
    "descriptors that are none": ('"Heart Attacks Sudden"[mh] OR infarct*[tiab]', "heading-not-in-tree"),
    "field tags wrong": ("asthma[tab] AND child[tiab]", "unknown-tag"),
    "truncation wrong": ("ast*[tiab] OR *asthma[tiab]", "short-truncation"),
    "operators and brackets wrong": ("asthma[tiab] OR wheez*[tiab] AND child*[tiab]", "implicit-precedence"),
    "redundant terms": ('"Asthma"[mh] OR asthma[tiab] OR "asthma attack"[tiab]', "redundant-term"),
}


@pytest.mark.parametrize(("query", "label"), KINDS.values(), ids=KINDS.keys())
def test_each_kind_of_error_is_found(mesh: MeshTree, query: str, label: str) -> None:
    assert label in [finding.label for finding in lint(query, mesh=mesh)]


def test_curly_quotes_are_one_finding_for_the_query() -> None:
    text = "“heart failure”[tiab] OR “cardiac failure”[tiab] OR “heart attack”[tiab]"
    (finding,) = [f for f in lint(text) if f.label == "curly-quotes"]
    assert "6 curly quotation marks" in finding.message


def test_male_is_a_heading_and_an_unknown_type_is_a_finding(mesh: MeshTree) -> None:
    assert "heading-not-in-tree" not in [f.label for f in lint("Male[mh] OR men[tiab]", mesh=mesh)]
    labels = [f.label for f in lint('x1[tiab] AND "Clinical Trail"[pt]', mesh=mesh)]
    assert "unknown-publication-type" in labels
    for known in ("Validation Studies", "Retraction Notice", "D016449", "Congresses"):
        assert "unknown-publication-type" not in [f.label for f in lint(f'"{known}"[pt]', mesh=mesh)], known


def test_the_and_of_a_heading_is_no_operator_in_small_letters() -> None:
    labels = [f.label for f in lint("wounds and injuries[mh] and x1[tiab]")]
    assert labels.count("operator-capitalization") == 1
    assert "lower-case-and-in-heading" in labels
