# ruff: noqa: E501  (samples keep their lines as exporters write them)
"""Reference strings: taken apart, written out, never failing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resift.formats.citations import (
    Citation,
    Kind,
    Style,
    parse_citation,
)

# string -> style, first author, title begins, journal, year, volume, issue, first page, last page
STRINGS = {
    # PubMed's summary text
    "7: Fancello V, Sacchetto L. Management of Juvenile Otosclerosis: A Systematic Review. Children (Basel). 2022 "
    "Nov 21;9(11):1787. doi: 10.3390/children9111787. PMID: 36421236; PMCID: PMC9688878.": (
        Style.VANCOUVER, "Fancello V", "Management of Juvenile", "Children (Basel)", 2022, "9", "11", "1787", ""
    ),
    "Whittaker J, Harris M. Low-carbohydrate diets? Nutr Health. 2022 Nov-Dec;28(4):543-54.": (
        Style.VANCOUVER, "Whittaker J", "Low-carbohydrate diets?", "Nutr Health", 2022, "28", "4", "543", "554"
    ),
    # no volume yet; a bare source; no full stop after the authors; Vancouver's cousins
    "Tomczyk M. Guidelines 2013-2021: a review. J Palliat Care. 2022 Nov 28:8258597221138674. Epub ahead of print.": (
        Style.VANCOUVER, "Tomczyk M", "Guidelines 2013-2021", "J Palliat Care", 2022, "", "", "8258597221138674", ""
    ),
    "Cell. 1984 May;37(1):205-15": (Style.VANCOUVER, "", "", "Cell", 1984, "37", "1", "205", "215"),
    "Simonsen LO, Harbak H, Bennekou P Cobalt metabolism and toxicology. Sci Total Environ 2012;432:210-215.": (
        Style.VANCOUVER, "Simonsen LO", "Cobalt metabolism", "Sci Total Environ", 2012, "432", "", "210", "215"
    ),
    "Sacco RE, Mcgill JL. Respiratory Syncytial Virus Infection. Vet Pathol 2014: 51:427-36.": (
        Style.VANCOUVER, "Sacco RE", "Respiratory Syncytial", "Vet Pathol", 2014, "51", "", "427", "436"
    ),
    # PDQ
    "Kulke MH, Siu LL, Tepper JE, et al.: Future directions: a report. J Clin Oncol 29 (7): 934-43, 2011.": (
        Style.PDQ, "Kulke MH", "Future directions: a report", "J Clin Oncol", 2011, "29", "7", "934", "943"
    ),
    "Gurusamy KS, Ramamoorthy R: Liver resection. Cochrane Database Syst Rev (2): CD007060, 2009.": (
        Style.PDQ, "Gurusamy KS", "Liver resection", "Cochrane Database Syst Rev", 2009, "", "2", "CD007060", ""
    ),
    "Phan GQ, Yeo CJ: Surgical experience. J Gastrointest Surg 2 (5): 473-82, 1998 Sep-Oct.": (
        Style.PDQ, "Phan GQ", "Surgical experience", "J Gastrointest Surg", 1998, "2", "5", "473", "482"
    ),
    # APA, author-year, Nature, no title
    "Yin, S., Vondrasek, J., & Dokholyan, N. V. (2008). MedusaScore: A scoring function. Journal of Chemical "
    "Information and Modeling, 48(8), 1656-1662. https://doi.org/10.1021/ci8001167": (
        Style.APA, "Yin S", "MedusaScore", "Journal of Chemical Information and Modeling", 2008, "48", "8",
        "1656", "1662",
    ),
    "Weng MS, Liao CH (2007) Propolin H induces G1 arrest. J Agric Food Chem 55(3):5289–98. "
    "https://doi.org/10.1000/abc": (
        Style.AUTHOR_YEAR, "Weng MS", "Propolin H", "J Agric Food Chem", 2007, "55", "3", "5289", "5298"
    ),
    "Conant, G. C., and A. Wagner. 2003. Asymmetric divergence of genes. Genome Res. 13:2052-2058.": (
        Style.AUTHOR_YEAR, "Conant GC", "Asymmetric divergence", "Genome Res", 2003, "13", "", "2052", "2058"
    ),
    "Schreiweis, C. et al. Humanized Foxp2 accelerates learning. Proc. Natl Acad. Sci. USA 111, 14253–8 (2014).": (
        Style.NATURE, "Schreiweis C", "Humanized Foxp2", "Proc. Natl Acad. Sci. USA", 2014, "111", "", "14253", "14258"
    ),
    "N. Y. Gorobets, T. Gurley, J. Phys. Org. Chem. 2012, 25, 287.": (
        Style.NO_TITLE, "Gorobets NY", "", "J. Phys. Org. Chem", 2012, "25", "", "287", ""
    ),
}  # fmt: skip


@pytest.mark.parametrize("string", STRINGS)
def test_each_style_is_taken_apart(string: str) -> None:
    style, author, title, journal, year, volume, issue, first, last = STRINGS[string]
    c = parse_citation(string)
    assert c.title.startswith(title)
    assert (c.style, c.first_author, c.journal, c.year) == (style, author, journal, year)
    assert (c.volume, c.issue, c.first_page, c.last_page) == (volume, issue, first, last)


def test_identifiers_are_read_wherever_they_stand() -> None:
    c = parse_citation(
        "Able BC. Title one two. J X. 2010;1:2. doi: 10.1000/x(1)y. Epub 2009 Dec 7. Erratum in: J X. 2010;3:4. "
        "PMID: 123; PMCID: PMC4567."
    )
    assert (c.doi, c.pmid, c.pmcid, c.electronic) == ("10.1000/x(1)y", "123", "PMC4567", "2009 Dec 7")
    assert (c.volume, c.pages, c.notes) == ("1", "2", ("Erratum in: J X. 2010;3:4.",))


@pytest.mark.parametrize(
    ("string", "authors", "collective", "et_al"),
    [
        ("Able BC, Cole D Jr; Some Study Group. A title here. J X. 2010;1:2.", ("Able BC", "Cole D Jr"), ("Some Study Group",), False),
        ("van den Berg LH, de Jong M, et al. A title here. J X. 2010;1:2.", ("van den Berg LH", "de Jong M"), (), True),
        ("World Health Organization. A title here. J X. 2010;1:2.", (), ("World Health Organization",), False),
        ("Pogorelov IaD, Zotov IuV. [A title here]. J X. 2010;1:2.", ("Pogorelov IaD", "Zotov IuV"), (), False),
        ("A title without authors in it. J X. 2010;1:2.", (), (), False),
        ("Ganz, T., Jung, G. & Nemeth, E. (2017) A title here. Blood, 130, 1243-6.", ("Ganz T", "Jung G", "Nemeth E"),
         (), False),
    ],
)  # fmt: skip
def test_author_lists(
    string: str, authors: tuple[str, ...], collective: tuple[str, ...], et_al: bool
) -> None:
    c = parse_citation(string)
    assert (c.authors, c.collective, c.et_al) == (authors, collective, et_al)


@pytest.mark.parametrize(
    ("string", "kind"),
    [
        ("Able BC, Cole D: A title. [Abstract] Ann Oncol 21 (Suppl 8): A-LBA9, 2010.", Kind.ABSTRACT),
        (
            "Neuroendocrine tumors. In: Amin MB, eds.: AJCC Manual. 8th ed. Springer; 2017, pp. 407–19.",
            Kind.CHAPTER,
        ),
        (
            "Stead, D. G. (1963). Sharks and rays of Australian seas. Sydney: Angus and Robertson Press.",
            Kind.BOOK,
        ),
        ("Ministry of Health. https://example.org/x.html. Accessed September 3, 2020.", Kind.WEB),
    ],
)
def test_what_is_no_article_is_said(string: str, kind: Kind) -> None:
    assert parse_citation(string).kind is kind


@pytest.mark.parametrize(
    "string", ["", " ", ".", ":", "2010", "et al.", "1. ", "(((", "A" * 20_000, "a, " * 5_000]
)
def test_nonsense_is_taken_apart_without_failing(string: str) -> None:
    assert isinstance(parse_citation(string), Citation)


@settings(max_examples=settings.default.max_examples * 3)
@given(st.text(st.sampled_from("AB ab.,:;()[]–-0129&“”\n"), max_size=200))
def test_any_text_is_taken_apart_without_failing(string: str) -> None:
    citation = parse_citation(string)
    assert citation == parse_citation(string)
