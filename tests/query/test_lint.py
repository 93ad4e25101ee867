"""Each kind of finding, at its place; and nothing on a clean query."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from resift.query.lint import Severity, lint
from resift.query.mesh import MeshTree

from . import filters
from .conftest import a_record, table_of

CLEAN = (
    '("Neuroendocrine Tumors"[mh] OR "neuroendocrine tumor*"[tiab] OR "neuroendocrine tumour*"[tiab]) AND '
    '("Liver Neoplasms/secondary"[mh] OR metastasis[tiab] OR metastases[tiab])'
)


@pytest.mark.parametrize(
    ("query", "code", "piece"),
    [
        ('"asthma[tiab]', "SYN001", '"'),
        ("(asthma[tiab]", "SYN002", "("),
        ("asthma[tiab])", "SYN002", ")"),
        ("asthma[tiab] OR AND cough[tiab]", "SYN003", "OR AND"),
        ("NOT asthma[tiab]", "SYN003", "NOT"),
        ("asthma\u200b[tiab]", "SYN004", "\u200b"),
        ("as\x00thma[tiab]", "SYN004", "\x00"),
        ("“no treatment”[tiab]", "SYN005", "“"),
        ("wheez∗[tiab]", "SYN006", "∗"),
        ("a1[tiab] or b1[tiab]", "SYN007", "or"),
        ("a1[tiab] & b1[tiab]", "SYN008", "&"),
        ("a1[tiab] AND NOT b1[tiab]", "SYN009", "AND NOT"),
        ('"asthma AND cough"', "SYN010", '"asthma AND cough"'),
        ("asthma.ti,ab. AND cough[tiab]", "SYN011", ".ti,ab."),
        ("exp asthma/ AND cough[tiab]", "SYN011", "exp asthma/"),
        ("(asthma adj3 cough)", "SYN011", "adj3"),
        ("TITLE-ABS-KEY(asthma)", "SYN011", "TITLE-ABS-KEY("),
        ("PubMed: asthma[tiab]", "SYN011", "PubMed:"),
        ("crohn&apos[tiab] &amp; a1[tiab]", "SYN012", "&amp;"),
        ("a1[tiab] OR (b1[tiab]/)", "SYN013", "/"),
        ("#1 a1[tiab]\n#2 #3 OR #1", "SYN014", "#3"),
        ("#1 a1[tiab]\n#2 b1[tiab]\n#3 #1 AND c1[tiab]", "SYN015", "b1[tiab]"),
        ("wom?n[tiab]", "SYN016", "wom?n[tiab]"),
        ("asthma[tiabb] OR cough[tiab]", "FLD001", "[tiabb]"),
        ("asthma[ab] OR cough[tiab]", "FLD001", "[ab]"),
        ("(asthma OR cough)[tiab]", "FLD002", "[tiab]"),
        ("heart attack", "FLD003", "heart attack"),
        ("the[tiab] AND asthma[tiab]", "FLD004", "the[tiab]"),
        ("asthma[ti] AND 2012-01-01[dp]", "FLD005", "2012-01-01[dp]"),
        ("asthma[ti] AND 2012", "FLD006", "2012"),
        ("asthma[ti] AND 2012[dp] AND 2013[edat]", "FLD006", "2013[edat]"),
        ("asthma[ti] AND 1995:2012[dp]", "FLD007", "1995:2012[dp]"),
        ("asthma[ti] AND (cough[ti] OR 2012[dp])", "FLD008", "2012[dp]"),
        ("asthma[ti] AND (cough[ti] OR Science[ta])", "FLD009", "Science[ta]"),
        ("asthma [tiab]", "FLD010", " ["),
        ("https://doi.org/10.1/x[aid]", "FLD011", "https://doi.org/10.1/x[aid]"),
        ('asthma[ti] AND "last 5 years"[dp]', "FLD012", '"last 5 years"[dp]'),
        ("ast*[tiab]", "TRM001", "ast*[tiab]"),
        ("*asthma[tiab]", "TRM003", "*asthma[tiab]"),
        ("tumor[tiab] OR tumors[tiab]", "TRM004", "tumor[tiab]"),
        ("randomised[tiab]", "TRM004", "randomised[tiab]"),
        ("lymphoma[tiab]", "TRM005", "lymphoma[tiab]"),
        ("asthma[tiab] OR asthma[tiab]", "TRM006", "asthma[tiab]"),
        ('asthma[tiab] OR "severe asthma"[ti]', "TRM006", '"severe asthma"[ti]'),
        ("asthma*[tiab] OR asthmatic[tiab]", "TRM006", "asthmatic[tiab]"),
        ("heart attack[tiab]", "TRM007", "heart attack[tiab]"),
        (
            "transplanted[ti] OR transplants[ti] OR transplanting[ti] OR transplant[ti]",
            "TRM008",
            "transplanted[ti]",
        ),
        ('"hip pain"[mh:~3]', "TRM009", "[mh:~3]"),
        ('"hip pain*"[tiab:~3]', "TRM009", '"hip pain*"[tiab:~3]'),
        ('"life-saving"[tiab]', "TRM010", '"life-saving"[tiab]'),
        ('"Neuroendocrine Tumor"[mh] OR x1[tiab]', "MSH001", '"Neuroendocrine Tumor"[mh]'),
        ("asthma[mh]", "MSH002", "asthma[mh]"),
        ("asthma[tiab] AND cough[mh]", "MSH003", "asthma[tiab]"),
        ('"Asthma/therapie"[mh] OR x1[tiab]', "MSH004", '"Asthma/therapie"[mh]'),
        ("therapie[sh]", "MSH004", "therapie[sh]"),
        ('"Asthma/prevention & control"[mh]', "MSH005", '"Asthma/prevention & control"[mh]'),
        ("neoplas*[mh]", "MSH006", "neoplas*[mh]"),
        ("a1[ti] OR b1[ti] AND c1[ti]", "STR001", "a1[ti] OR b1[ti] AND c1[ti]"),
        ("((a1[ti] OR b1[ti]))", "STR002", "((a1[ti] OR b1[ti]))"),
        ("(a1[ti] AND b1[ti]) OR c1[ti] OR (a1[ti] AND b1[ti])", "STR003", "(a1[ti] AND b1[ti])"),
        ("a1[ti] OR (a1[ti] AND b1[ti])", "STR003", "(a1[ti] AND b1[ti])"),
        ("a1[ti] NOT animals[mh]", "STR005", "animals[mh]"),
        ("a1[ti] NOT rats[ti]", "STR006", "rats[ti]"),
        ("a1[ti] b1[ti]", "STR007", " "),
        ("a1[ti] AND humans[mh]", "LIM001", "humans[mh]"),
        ("a1[ti] AND hasabstract", "LIM001", "hasabstract"),
    ],
)
def test_each_finding_at_its_place(mesh: MeshTree, query: str, code: str, piece: str) -> None:
    found = [finding for finding in lint(query, mesh=mesh) if finding.code == code]
    assert found, [finding.code for finding in lint(query, mesh=mesh)]
    assert piece in [query[finding.start : finding.end] for finding in found]
    assert all(finding.message and finding.press for finding in found)


def test_a_clean_query_has_no_error_and_no_warning(mesh: MeshTree) -> None:
    assert [f for f in lint(CLEAN, mesh=mesh) if f.severity is not Severity.INFO] == []


def test_the_right_exclusion_of_animal_studies_is_no_finding() -> None:
    codes = {f.code for f in lint("(a1[ti] OR asthma[mh]) NOT (animals[mh] NOT humans[mh])")}
    assert not codes & {"STR005", "STR006"}


def test_truncation_in_a_phrase_under_older_rules() -> None:
    assert "TRM002" in {f.code for f in lint('"islet cell*"[tiab]', dialect=dt.date(2012, 12, 31))}
    assert "TRM002" not in {f.code for f in lint('"islet cell*"[tiab]')}
    inside = lint('"islet* cell"[tiab]', dialect=dt.date(2012, 12, 31))
    assert [f.code for f in inside if f.severity is Severity.ERROR] == ["TRM002"]


def test_several_unknown_tags_are_all_found_and_the_rest_is_still_checked() -> None:
    codes = [f.code for f in lint("a1[foo] OR b1[bar] OR the[tiab]")]
    assert codes.count("FLD001") == 2
    assert "FLD004" in codes


def test_a_not_that_removes_known_items_is_an_error() -> None:
    known = table_of(a_record(1, title="Liver in rats"), a_record(2, title="Liver"))
    found = [f for f in lint("liver[ti] NOT rats[ti]", known_items=known) if f.code == "STR004"]
    assert len(found) == 1
    assert "pubmed:1" in found[0].message
    assert not [f for f in lint("liver[ti] NOT mice[ti]", known_items=known) if f.code == "STR004"]


def test_covered_variants_are_not_asked_for() -> None:
    for query in ("tumor*[tiab] OR tumour*[tiab]", "tumor[tiab] OR tumors[tiab] OR tumour*[tiab]"):
        assert not {f.code for f in lint(query)} & {"TRM004", "TRM005"}


@pytest.mark.parametrize("name", filters.ALL)
def test_public_filters_have_no_errors(name: str, mesh: MeshTree) -> None:
    assert [f for f in lint(filters.ALL[name], mesh=mesh) if f.severity is Severity.ERROR] == []


def test_published_strategies_are_linted_and_their_curly_quotes_found(
    strategies: list[dict[str, Any]], mesh: MeshTree
) -> None:
    for strategy in strategies:
        written = lint(strategy["query"], mesh=mesh)
        edited = lint(strategy["query_edited"], mesh=mesh)
        assert not [f for f in edited if f.severity is Severity.ERROR], strategy["id"]
        has_curly = any(char in strategy["query"] for char in "“”")
        assert has_curly == any(f.code == "SYN005" for f in written), strategy["id"]


def test_findings_come_by_place_and_are_the_same_each_time() -> None:
    query = "tumor[tiab] or “x y”[tiab] NOT the[tiab] AND cough"
    assert lint(query) == lint(query)
    assert [f.start for f in lint(query)] == sorted(f.start for f in lint(query))
