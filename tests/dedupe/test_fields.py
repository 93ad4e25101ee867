"""Single fields as databases write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.dedupe import fields
from resift.dedupe.fields import read_authors, read_doi, read_pages, read_place, read_pmid, read_registry


@pytest.mark.parametrize(
    ("raw", "pages"),
    [
        ("139-54", ("139", "154")),
        ("H384-91", ("h384", "h391")),
        ("pp. 282 - 293", ("282", "293")),
        ("2539‐2546", ("2539", "2546")),
        ("S417", ("s417", "")),
        ("e0012724", ("e12724", "")),
        ("01-Aug", ("", "")),
        ("Jun-13", ("", "")),
        ("Suppl-29", ("", "")),
        ("t-20", ("", "")),
        ("215 p", ("", "")),
        ("49P", ("49", "")),
        ("xi-+", ("r11", "")),
        ("S4-76-S4-101", ("s76", "s101")),
        ("xiii, 351", ("", "")),
        ("2015 (no pagination)", ("", "")),
    ],
)
def test_pages(raw: str, pages: tuple[str, str]) -> None:
    assert read_pages(raw) == pages


@pytest.mark.parametrize(
    ("volume", "number", "place"),
    [
        ("55 (10 SUPPL 1)", "", ("55", "10", "s1")),
        ("85 Suppl 6", "", ("85", "", "s6")),
        ("85", "SUPPL. 6", ("85", "", "s6")),
        ("110 (1)", "", ("110", "1", "")),
        ("Heart and circulatory physiology. 291", "4", ("291", "4", "")),
        ("90 Spec No 4", "", ("90", "", "s4")),
        ("103:2,", "", ("103", "2", "")),
        ("12", "01-Mar", ("12", "", "")),
        ("Ph.D.", "", ("", "", "")),
    ],
)
def test_volume_and_issue(volume: str, number: str, place: tuple[str, str, str]) -> None:
    assert read_place(volume, number, "")[:3] == place


@pytest.mark.parametrize(
    ("raw", "doi"),
    [
        ("http://dx.doi.org/10.1016/S0003-4975%2898%2900902-3", "10.1016/s0003-4975(98)00902-3"),
        ("doi:10.5555/ABC.1.", "10.5555/abc.1"),
        ("S0003-4975(98)00902-3 [pii]", ""),
        ("10.1158/15387445", ""),
        ("", ""),
    ],
)
def test_doi(raw: str, doi: str) -> None:
    assert read_doi(raw) == doi


@pytest.mark.parametrize(
    ("raw", "first", "names"),
    [
        ("Dickson E. W.Ludwig P. S.", "dickson", "dickson ludwig"),
        ("Fohr CPascoe DWilliams HC", "fohr", "fohr pascoe williams"),
        ("Smith JA;van der Berg H", "smith", "smith berg"),
        ("freund, y. & schapire, r. e.", "freund", "freund schapire"),
        ("y. freund and r. e. schapire.", "freund", "freund schapire"),
        ("Nuñez, M. and Łoś, K.", "nunez", "nunez los"),
        ("Edmond KV, Jacobson TWP, Oh JS, et al.", "edmond", "edmond jacobson oh"),
        ("Garey LJ, Vital-Durand F", "garey", "garey vital durand"),
        ("Smith, JA", "smith", "smith"),
        ("OH JS, LI XY, EDMOND K", "oh", "oh li edmond"),
        ("Foray, J., Kalt-Binder, F., Lanoye, P.", "foray", "foray kalt binder lanoye"),
        ("Foray, JB, Lanoye, P", "foray", "foray lanoye"),
        ("Anonymous", "", ""),
    ],
)
def test_authors(raw: str, first: str, names: str) -> None:
    assert read_authors(raw) == (first, names)


def test_identifiers() -> None:
    assert read_pmid("", "http://www.ncbi.nlm.nih.gov/pubmed/0123") == "123"
    assert read_registry("Trial NCT01234567 of octreotide", "") == "nct01234567"
    assert read_registry("NCT01234567 and NCT07654321", "") == ""


@pytest.mark.parametrize("places", fields.HOLDS, ids=str)
@given(data=st.data())
def test_what_is_looked_for_first_stands_wherever_authors_are_parted(
    places: re.Pattern[str], data: st.DataObject
) -> None:
    text = data.draw(st.text(alphabet="ab.,;&|\n MSÄßand", max_size=30) | st.from_regex(fields.HOLDS[places]))
    assert fields.HOLDS[places].search(text) or not places.search(text)


@given(st.from_regex(fields._REGISTRY))
def test_what_is_looked_for_first_stands_in_every_number_of_a_registry(text: str) -> None:
    assert fields.REGISTRY_HOLDS.search(text)


@given(st.from_regex(fields._PLAIN_DOI, fullmatch=True))
def test_a_plain_doi_is_read_as_any_other(doi: str) -> None:
    quickly = fields.read_doi(doi)
    assert quickly == fields.read_doi(f"https://doi.org/{doi}")


@given(st.from_regex(fields._PLAIN_PAGES, fullmatch=True))
def test_plain_pages_are_read_as_any_others(pages: str) -> None:
    assert fields.read_pages(pages) == fields.read_pages(f"pp. {pages}")
