"""Single fields as databases write them."""

from __future__ import annotations

import pytest

from resift.dedupe.fields import read_authors, read_doi, read_pages, read_place, read_pmid, read_registry
from resift.dedupe.likeness import author_likeness, wording
from resift.dedupe.titles import Kind, read_title, repair_mojibake, split_leading_year, title_part
from resift.dedupe.venues import Venue, journal_likeness, read_journal, read_venue, volume_in_name


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


@pytest.mark.parametrize(
    ("raw", "core", "kind"),
    [
        ("[Octreotide in rats].", "octreotide in rats", Kind.ARTICLE),
        ("Octreotide in rats. [Review] [33 refs]", "octreotide in rats", Kind.ARTICLE),
        ("Octreotide in rats. [Erratum appears in X. 2013;27(3):377]", "octreotide in rats", Kind.ARTICLE),
        ("Octreotide in rats (vol 4, pg 12, 2009)", "octreotide in rats", Kind.ERRATUM),
        ("Correction to: Octreotide in rats", "octreotide in rats", Kind.ERRATUM),
        ("Correction of scoliosis in rats", "correction of scoliosis in rats", Kind.ARTICLE),
        ("RETRACTED ARTICLE: Octreotide in rats", "octreotide in rats", Kind.ARTICLE),
        ("Octreotide in rats - authors' reply", "octreotide in rats", Kind.REPLY),
        ("Response to Letter to the Editor Regarding Octreotide", "octreotide", Kind.REPLY),
        ("Letter to the Editor Regarding Octreotide in rats", "octreotide in rats", Kind.COMMENT),
        ("Does octreotide help rats? A reply", "does octreotide help rats", Kind.REPLY),
        (
            "Octreotide in rats (author's transl) [L'octréotide chez les rats blancs]",
            "octreotide in rats",
            Kind.ARTICLE,
        ),
        ("Octreotide and the immune-response", "octreotide and the immune response", Kind.ARTICLE),
        ("#NAME?", "", Kind.ARTICLE),
    ],
)
def test_title_core_and_kind(raw: str, core: str, kind: Kind) -> None:
    title = read_title(raw)
    assert (title.core, title.kind) == (core, kind)


def test_numbers_of_a_title_are_arabic_and_roman() -> None:
    assert read_title("Phase II trial of 111In-octreotide, part 1").numbers == "1 111 2"
    assert read_title("Vitamin C, group I and stage I disease").numbers == "1"
    assert title_part("imaging of islet cell tumours part ii scintigraphy") == "2"


def test_year_before_the_title_of_a_reference_string() -> None:
    assert split_leading_year("Freund (1996). Boosting a weak learner") == (1996, "Boosting a weak learner")
    assert split_leading_year("Boosting a weak learner") == (0, "Boosting a weak learner")


def test_mojibake_is_put_right_or_left() -> None:
    assert repair_mojibake("GÃ³mez") == "Gómez"
    assert repair_mojibake("Ãx, Ñuble, Å") == "Ãx, Ñuble, Å"
    assert repair_mojibake("NÃƒÂ¡") == "Ná"


@pytest.mark.parametrize(
    ("one", "two", "least", "most"),
    [
        (
            "Am J Physiol Heart Circ Physiol",
            "American Journal of Physiology - Heart and Circulatory Physiology",
            85,
            100,
        ),
        ("BMJ (Clinical research ed.)", "British Medical Journal", 85, 100),
        ("Circulation. Conference: AHA Scientific Sessions", "Circulation", 100, 100),
        ("Circulation", "Circulation Research", 0, 64),
        ("Brain Research", "Brain Research Protocols", 0, 64),
        ("ICIS 2010 Proceedings", "ECIS 2010 Proceedings", 0, 64),
        ("J Hepatol", "J Viral Hepat", 0, 64),
        ("Diabetes", "Diabetologia", 0, 64),
    ],
)
def test_journals(one: str, two: str, least: float, most: float) -> None:
    assert least <= journal_likeness(read_journal(one), read_journal(two)) <= most


def test_kinds_of_venue() -> None:
    assert read_venue("bioRxiv", "article", "", "") == Venue.PREPRINT
    assert read_venue("in proceedings of the 9th conference on learning", "article", "", "") == Venue.MEETING
    assert read_venue("Technical Report CS-12", "article", "", "") == Venue.REPORT
    assert read_venue("Gut", "article", "", "") == Venue.JOURNAL
    assert read_venue("", "article", "", "") == Venue.UNKNOWN
    assert volume_in_name("machine learning 5(2)") == ("5", "2")


@pytest.mark.parametrize(
    ("one", "two", "differs", "added"),
    [
        ("toxicity in rats", "toxicity in rabbits", True, True),
        ("toxicity in rats", "toxicity in cats", True, True),
        ("risk in women", "risk in men", True, True),
        ("hypertension after infusion", "hypotension after infusion", True, True),
        ("hepatitis b in rats", "hepatitis c in rats", True, True),
        ("omega corporation a", "omega corporation b", True, True),
        ("gaba a receptors", "gaba receptors", False, False),
        ("zinc is involved", "zinc is not involved", False, True),
        ("effects in wistar rats", "effects in wistar kyoto rats", False, True),
        ("morphological effects", "physiological effects", True, True),
        ("tumours of the pancreas", "tumors of the pancreas", False, False),
        ("precli ni cal trial", "preclinical trial", False, True),
        ("5 ht 1a receptors in rats", "5 ht1a receptors in rats", False, False),
    ],
)
def test_wording(one: str, two: str, differs: bool, added: bool) -> None:
    assert wording(one, two) == wording(two, one) == (differs, added)


def test_words_of_other_fields_are_none_of_the_title() -> None:
    assert wording("boosting a weak learner machine learning", "boosting a weak learner").added
    elsewhere = frozenset({"machine", "learning"})
    assert not wording("boosting a weak learner machine learning", "boosting a weak learner", elsewhere).added


def test_names_run_together_in_capitals_are_found() -> None:
    likeness, _ = author_likeness("fyrberg ebeall cfyrberg cc", "fyrberg beall", "fyrberg", "fyrberg")
    assert likeness >= 75


def test_identifiers() -> None:
    assert read_pmid("", "http://www.ncbi.nlm.nih.gov/pubmed/0123") == "123"
    assert read_registry("Trial NCT01234567 of octreotide", "") == "nct01234567"
    assert read_registry("NCT01234567 and NCT07654321", "") == ""
