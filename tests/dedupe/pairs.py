"""Pairs of records written for the tests: what two databases make of one report, and what only looks like it.

Fictional throughout. `M` merges, `L` links without merging, `N` keeps apart; the classes are those in
which deduplication tools are known to fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MERGE, LINK, APART = "merge", "link", "apart"

PAPER: dict[str, Any] = {
    "title": "Octreotide delays progression of pancreatic neuroendocrine tumours in a transgenic mouse model",
    "authors": "Lindqvist, A. B. and Moreau, C. and Tanaka, H. and Okafor, D.",
    "year": "2009",
    "journal": "Journal of Endocrine Oncology",
    "volume": "41",
    "issue": "3",
    "pages": "211-219",
}


def paper(**changes: Any) -> dict[str, Any]:
    """The paper that most pairs are variants of, with fields changed; None takes a field out."""
    values = {**PAPER, **changes}
    return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class Pair:
    """Two records, what they are to each other, and the class of hard case."""

    case: int
    name: str
    answer: str
    one: dict[str, Any]
    two: dict[str, Any]


COLUMN = {
    "authors": "Brandt, K.",
    "journal": "Annals of Imaging",
    "year": "2004",
    "volume": "12",
    "pages": "5-6",
}
YEAR_ON = {"year": "2005", "volume": ""}
NO_PLACE: dict[str, Any] = {"volume": None, "issue": None, "pages": None}
SLIP = "Octreotide delays progresion of pancreatic neuroendocrine tumours in a transgenic mouse model"
PANEL = "Panel: what comes after the imaging of rare tumours"
EDITORIAL = {"title": "Editorial", "authors": "Brandt, K.", "journal": "Annals of Imaging", "year": "2004"}
COCHRANE = {
    "title": "Somatostatin analogues for acute bleeding oesophageal varices",
    "authors": "Halvorsen, P. and Dimitrov, G.",
    "journal": "Cochrane Database of Systematic Reviews",
}
ABSTRACT = (
    "Somatostatin analogues slow growth of neuroendocrine tumours, but how dose matters is not known. "
    "Forty animals were given octreotide or saline for twelve weeks and followed by imaging. "
    "Progression was delayed by nineteen days with treatment."
)

PAIRS: tuple[Pair, ...] = (
    # 1. Notices about a report; what databases append to the title of the report itself.
    Pair(
        1,
        "erratum by its first word",
        LINK,
        paper(),
        paper(title="Erratum: " + PAPER["title"], pages="402", issue="5"),
    ),
    Pair(
        1,
        "corrigendum with its own DOI",
        LINK,
        paper(doi="10.5555/jeo.2009.211"),
        paper(
            title="Corrigendum to '" + PAPER["title"] + "' [J Endocr Oncol 41 (2009) 211-219]",
            pages="402",
            doi="10.5555/jeo.2009.402",
        ),
    ),
    Pair(
        1,
        "correction named by volume and page",
        LINK,
        paper(),
        paper(title=PAPER["title"] + " (vol 41, pg 211, 2009)", pages="402", issue="5"),
    ),
    Pair(
        1,
        "retraction notice",
        LINK,
        paper(),
        paper(title="Retraction: " + PAPER["title"], year="2011", volume="43", issue="1", pages="12"),
    ),
    Pair(
        1,
        "comment on the paper",
        LINK,
        paper(),
        paper(title="Comment on: " + PAPER["title"], authors="Petrov, S.", pages="300-301", issue="4"),
    ),
    Pair(
        1,
        "author reply",
        LINK,
        paper(),
        paper(title=PAPER["title"] + ": author reply", pages="302", issue="4"),
    ),
    Pair(
        1,
        "erratum appended by one database",
        MERGE,
        paper(),
        paper(title=PAPER["title"] + ". [Erratum appears in J Endocr Oncol. 2010 Jan;42(1):88]"),
    ),
    Pair(
        1,
        "review and number of references appended",
        MERGE,
        paper(),
        paper(title=PAPER["title"] + ". [Review] [33 refs]", pages="211-9"),
    ),
    Pair(1, "review in round brackets", MERGE, paper(), paper(title=PAPER["title"] + " (Review)")),
    Pair(
        1,
        "retracted article flagged by one database",
        MERGE,
        paper(),
        paper(title=PAPER["title"] + " (Retracted article. See vol. 43, pg. 12, 2011)"),
    ),
    # 2. Parts, numbers and one changed word.
    Pair(
        2,
        "part I and part II",
        LINK,
        paper(title="Imaging of islet cell tumours. Part I: ultrasonography in 40 patients"),
        paper(title="Imaging of islet cell tumours. Part II: scintigraphy in 40 patients", pages="220-231"),
    ),
    Pair(
        2,
        "roman numerals at the end",
        LINK,
        paper(title="Peptide receptor scintigraphy in carcinoid disease II"),
        paper(title="Peptide receptor scintigraphy in carcinoid disease III", pages="220-231"),
    ),
    Pair(
        2,
        "one region changed",
        APART,
        paper(
            title="Seroprevalence of hydatid disease among shepherds: a review of studies in West Africa",
            doi="10.5555/a.1",
        ),
        paper(
            title="Seroprevalence of hydatid disease among shepherds: a review of studies in East Asia",
            doi="10.5555/a.2",
            pages="220-231",
        ),
    ),
    Pair(
        2,
        "one number changed, sparse",
        APART,
        {"title": "Blockade of the Kv2.1 channel in rat islets", "authors": "Ng, T.", "year": "1999"},
        {"title": "Blockade of the Kv2.2 channel in rat islets", "authors": "Ng, T.", "year": "1999"},
    ),
    Pair(
        2,
        "animals changed, adjacent pages",
        APART,
        paper(title="Toxicity of streptozotocin in rats after a single dose", pages="10-15"),
        paper(title="Toxicity of streptozotocin in rabbits after a single dose", pages="16-21"),
    ),
    Pair(
        2,
        "opposite beginnings of a word",
        APART,
        {
            "title": "Hypertension during infusion of octreotide",
            "authors": "Weiss, R.",
            "year": "1999",
            "journal": "Acta Medica",
        },
        {
            "title": "Hypotension during infusion of octreotide",
            "authors": "Weiss, R.",
            "year": "1999",
            "journal": "Acta Medica",
        },
    ),
    Pair(
        2,
        "numbers differ but DOI, volume and pages agree",
        MERGE,
        paper(title="Inward rectifier currents (Kir2.1 or Kir2.2) in islet cells", doi="10.5555/jeo.9"),
        paper(title="Inward rectifier currents (Kir2.2) in islet cells", doi="10.5555/jeo.9"),
    ),
    # 3. Meeting abstracts.
    Pair(
        3,
        "meeting abstract and paper",
        LINK,
        paper(),
        paper(
            year="2008",
            journal="Pancreas. Conference: 5th European Meeting on Endocrine Tumours",
            volume="37",
            issue="Suppl 1",
            pages="S88",
        ),
    ),
    Pair(3, "meeting abstract in the same journal", LINK, paper(), paper(issue="Suppl 2", pages="S14")),
    Pair(
        3,
        "one abstract at two meetings",
        APART,
        paper(year="2008", journal="Pancreas", volume="37", issue="Suppl 1", pages="S88"),
        paper(year="2008", journal="Endocrine Reviews", volume="29", issue="Suppl 3", pages="A301"),
    ),
    Pair(
        3,
        "abstract that carries the DOI of the paper",
        LINK,
        paper(doi="10.5555/jeo.2009.211"),
        paper(doi="10.5555/jeo.2009.211", journal="Gut", volume="57", issue="Suppl 1", pages="A45"),
    ),
    Pair(
        3,
        "one abstract, issue written with and without the supplement",
        MERGE,
        paper(
            journal="Pancreas. Conference: 5th European Meeting",
            volume="37",
            issue="1",
            pages=None,
            abstract=ABSTRACT,
        ),
        paper(journal="Pancreas", volume="37", issue="1 SUPPL. 1", pages=None, abstract=ABSTRACT),
    ),
    # 4. Generic titles.
    Pair(
        4,
        "editorials of two issues",
        APART,
        {**EDITORIAL, "volume": "12", "issue": "1", "pages": "1"},
        {**EDITORIAL, "volume": "12", "issue": "2", "pages": "65"},
    ),
    Pair(
        4,
        "editorials without pages",
        APART,
        {**EDITORIAL, "volume": "12", "issue": "1"},
        {**EDITORIAL, "volume": "12", "issue": "2"},
    ),
    Pair(
        4,
        "one editorial",
        MERGE,
        {**EDITORIAL, "volume": "12", "issue": "4", "pages": "301-302"},
        {**EDITORIAL, "journal": "Ann Imaging", "volume": "12", "pages": "301-2"},
    ),
    Pair(
        4,
        "editorial on a page that every issue has, issue not said",
        APART,
        {**EDITORIAL, "volume": "12", "issue": "1", "pages": "1-2"},
        {**EDITORIAL, "journal": "Ann Imaging", "volume": "12", "pages": "1-2"},
    ),
    Pair(
        4,
        "book reviews",
        APART,
        {
            "title": "Book reviews",
            "authors": "Anonymous",
            "journal": "Lancet",
            "year": "2004",
            "volume": "363",
            "pages": "100",
        },
        {
            "title": "Book reviews",
            "authors": "Anonymous",
            "journal": "Lancet",
            "year": "2004",
            "volume": "363",
            "pages": "180",
        },
    ),
    Pair(
        4,
        "letters",
        APART,
        {"title": "Letters", "journal": "BMJ", "year": "2001"},
        {"title": "Letters", "journal": "BMJ", "year": "2001"},
    ),
    # 5. Versions; ahead of print is none.
    Pair(
        5,
        "Cochrane update",
        LINK,
        {
            **COCHRANE,
            "year": "2005",
            "issue": "1",
            "pages": "CD000193",
            "doi": "10.1002/14651858.CD000193.pub2",
        },
        {
            **COCHRANE,
            "year": "2008",
            "issue": "3",
            "pages": "CD000193",
            "doi": "10.1002/14651858.CD000193.pub3",
        },
    ),
    Pair(
        5,
        "Cochrane update with a reworded title",
        LINK,
        {
            **COCHRANE,
            "year": "2005",
            "issue": "1",
            "pages": "CD000193",
            "doi": "10.1002/14651858.CD000193.pub2",
        },
        {
            **COCHRANE,
            "title": "Octreotide for bleeding from varices",
            "year": "2008",
            "issue": "3",
            "pages": "CD000193",
            "doi": "10.1002/14651858.CD000193.pub3",
        },
    ),
    Pair(
        5,
        "preprint and article",
        LINK,
        paper(
            journal="bioRxiv",
            volume=None,
            issue=None,
            pages="2008.11.03.123456",
            year="2008",
            doi="10.1101/2008.11.03.123456",
        ),
        paper(doi="10.5555/jeo.2009.211"),
    ),
    Pair(
        5,
        "translated edition",
        LINK,
        {
            "title": "Circadian rhythms of islet hormones in ageing",
            "authors": "Volkova I. A.;Egorov D. M.",
            "journal": "Genetika",
            "year": "2016",
            "volume": "52",
            "issue": "4",
            "pages": "393-412",
        },
        {
            "title": "Circadian rhythms of islet hormones in ageing",
            "authors": "Volkova I. A.;Egorov D. M.",
            "journal": "Russian Journal of Genetics",
            "year": "2016",
            "volume": "52",
            "issue": "4",
            "pages": "343-361",
        },
    ),
    Pair(
        5,
        "ahead of print and final",
        MERGE,
        paper(year="2008", volume=None, issue=None, pages="1-9"),
        paper(),
    ),
    Pair(
        5,
        "ahead of print without pages",
        MERGE,
        paper(year="2008", volume=None, issue=None, pages=None, doi="10.5555/jeo.2009.211"),
        paper(doi="10.5555/jeo.2009.211"),
    ),
    # 6. Titles in other languages.
    Pair(6, "translated title in brackets", MERGE, paper(), paper(title="[" + PAPER["title"] + "]")),
    Pair(6, "language behind the title", MERGE, paper(), paper(title=PAPER["title"] + " [Chinese]")),
    Pair(6, "language as a last sentence", MERGE, paper(), paper(title=PAPER["title"] + ". Russian")),
    Pair(
        6,
        "original title after a line break",
        MERGE,
        paper(),
        paper(
            title=PAPER["title"]
            + "\nGerman\nOriginaltitel Octreotid verzögert das Wachstum neuroendokriner Tumoren der Maus"
        ),
    ),
    Pair(
        6,
        "original title in brackets",
        MERGE,
        paper(title="Octreotid verzögert das Wachstum neuroendokriner Tumoren der Bauchspeicheldrüse"),
        paper(
            title=PAPER["title"]
            + " [Octreotid verzögert das Wachstum neuroendokriner Tumoren der Bauchspeicheldrüse]"
        ),
    ),
    Pair(
        6,
        "other transliteration",
        MERGE,
        paper(authors="Koniurev, A. V. and Shcherbakov, I. N."),
        paper(authors="Konorev, A. V. and Scherbakov, I. N."),
    ),
    Pair(
        6,
        "given names taken as family names",
        MERGE,
        paper(authors="Wang, Xiaoming and Li, Jianguo"),
        paper(authors="Xiaoming, W. and Jianguo, L."),
    ),
    # 7. Authors.
    Pair(7, "run together", MERGE, paper(), paper(authors="Lindqvist A. B.Moreau C.Tanaka H.Okafor D.")),
    Pair(
        7,
        "run together without full stops",
        MERGE,
        paper(),
        paper(authors="Lindqvist ABMoreau CTanaka HOkafor D"),
    ),
    Pair(7, "group against persons", MERGE, paper(), paper(authors="Islet Tumour Study Group")),
    Pair(
        7, "first author missing", MERGE, paper(), paper(authors="Moreau, C. and Tanaka, H. and Okafor, D.")
    ),
    Pair(
        7,
        "order inverted",
        MERGE,
        paper(),
        paper(authors="Okafor, D. and Tanaka, H. and Moreau, C. and Lindqvist, A. B."),
    ),
    Pair(
        7,
        "authors of the next article",
        MERGE,
        paper(doi="10.5555/jeo.2009.211"),
        paper(authors="Zielinski, P. and Grabowski, M.", doi="10.5555/jeo.2009.211"),
    ),
    Pair(
        7,
        "other authors elsewhere",
        APART,
        paper(title="Management of insulinoma in adults", pages="1-5"),
        paper(
            title="Management of insulinoma in adults",
            authors="Zielinski, P. and Grabowski, M.",
            journal="Surgery Today",
            year="2003",
            volume="7",
            issue="1",
            pages="80-92",
        ),
    ),
    # 8. DOIs.
    Pair(
        8,
        "as a link",
        MERGE,
        paper(doi="10.5555/JEO.2009.211"),
        paper(doi="https://doi.org/10.5555/jeo.2009.211", pages=None),
    ),
    Pair(
        8,
        "percent-encoded",
        MERGE,
        paper(doi="10.1016/S0003-4975(98)00902-3"),
        paper(doi="http://dx.doi.org/10.1016/S0003-4975%2898%2900902-3", volume=None),
    ),
    Pair(
        8,
        "HTML-encoded",
        MERGE,
        paper(doi="10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2"),
        paper(doi="10.1002/(SICI)1097-0258(19980815)17:15&lt;1661::AID-SIM968&gt;3.0.CO;2-2"),
    ),
    Pair(
        8, "trailing full stop", MERGE, paper(doi="10.5555/jeo.2009.211"), paper(doi="10.5555/jeo.2009.211.")
    ),
    Pair(
        8,
        "PII that is no DOI",
        MERGE,
        paper(doi="10.5555/jeo.2009.211"),
        paper(doi="S0003-4975(98)00902-3 [pii]"),
    ),
    Pair(
        8,
        "two DOIs of one publisher for one article",
        MERGE,
        paper(doi="10.5555/j.jeo.2009.02.014"),
        paper(doi="10.5555/s0022-1234(09)00123-4"),
    ),
    Pair(
        8,
        "one DOI on two titles",
        APART,
        paper(doi="10.5555/jeo.2009.211"),
        paper(
            title="Surgical resection of insulinoma by laparoscopy: report of a series",
            authors="Zielinski, P.",
            doi="10.5555/jeo.2009.211",
            pages="230-238",
        ),
    ),
    Pair(
        8,
        "two DOIs, other pages",
        APART,
        paper(title="Imaging of carcinoid disease at one centre", doi="10.5555/a.11", pages="10-15"),
        paper(title="Imaging of carcinoid disease at one centre", doi="10.5555/a.12", pages="16-21"),
    ),
    # 9. Pages, volumes, issues.
    Pair(9, "shortened last page", MERGE, paper(pages="139-154"), paper(pages="139-54")),
    Pair(9, "letters in pages", MERGE, paper(pages="H384-H391"), paper(pages="H384-91")),
    Pair(9, "supplement page cut", MERGE, paper(pages="S417-S429"), paper(pages="Suppl-29")),
    Pair(9, "tail of a range", MERGE, paper(pages="314-320"), paper(pages="t-20")),
    Pair(
        9,
        "article number against page range",
        MERGE,
        paper(pages="969-972", issue=None),
        paper(pages="a1754", issue=None),
    ),
    Pair(
        9,
        "article number against pages from 1",
        MERGE,
        paper(pages="e12724", issue=None),
        paper(pages="1-6", issue=None),
    ),
    Pair(9, "spreadsheet date", MERGE, paper(pages="1-8"), paper(pages="01-Aug")),
    Pair(
        9,
        "spreadsheet date is no match",
        APART,
        paper(pages="01-Aug", title="Case report"),
        paper(pages="01-Aug", title="Case report", authors="Zielinski, P.", year="2001", volume="33"),
    ),
    Pair(9, "title lost to a spreadsheet", MERGE, paper(), paper(title="#NAME?")),
    Pair(
        9,
        "supplement in the volume",
        MERGE,
        paper(volume="85 Suppl 6", issue=None),
        paper(volume="85", issue="SUPPL. 6"),
    ),
    Pair(
        9, "special number", MERGE, paper(volume="90 Spec No 4", issue=None), paper(volume="90", issue=None)
    ),
    # 10. Journals.
    Pair(10, "abbreviated", MERGE, paper(), paper(journal="J Endocr Oncol")),
    Pair(
        10, "place of publication", MERGE, paper(journal="BMJ"), paper(journal="BMJ (Clinical research ed.)")
    ),
    Pair(
        10, "full name of an acronym", MERGE, paper(journal="BMJ"), paper(journal="British Medical Journal")
    ),
    Pair(
        10,
        "publishing society",
        MERGE,
        paper(),
        paper(journal="Journal of endocrine oncology : official publication of the Endocrine Society"),
    ),
    Pair(
        10,
        "parallel title",
        MERGE,
        paper(journal="Zhonghua Nei Fen Mi Za Zhi"),
        paper(journal="Zhonghua nei fen mi za zhi = Chinese journal of endocrinology"),
    ),
    Pair(
        10,
        "former name",
        MERGE,
        paper(journal="Archives of Endocrine Oncology"),
        paper(journal="Hormone and Tumour Reports"),
    ),
    Pair(
        10,
        "dissertation and thesis",
        MERGE,
        {
            "title": "Adherence to somatostatin analogues after surgery: a mixed methods study",
            "authors": "Oyelaran, Funmi",
            "year": "2011",
            "journal": "Dissertation Abstracts International: Section B",
            "volume": "72",
            "issue": "3-B",
            "pages": "1524",
        },
        {
            "title": "Adherence to somatostatin analogues after surgery: a mixed methods study",
            "authors": "Oyelaran, F.",
            "year": "2011",
            "volume": "Ph.D.",
            "pages": "215 p",
        },
    ),
    Pair(
        10,
        "other journal",
        APART,
        paper(title="Treatment of carcinoid syndrome", volume="3", pages="1-5"),
        paper(
            title="Treatment of carcinoid syndrome",
            journal="Surgery Today",
            authors="Moreau, C.",
            volume="8",
            pages="90-94",
        ),
    ),
    # 11. Spelling.
    Pair(
        11,
        "mojibake",
        MERGE,
        paper(authors="Gómez, J. and Müller, K."),
        paper(authors="GÃ³mez, J. and MÃ¼ller, K."),
    ),
    Pair(
        11,
        "entities and tags",
        MERGE,
        paper(title="Binding of <sup>111</sup>In-octreotide &amp; uptake in H<sub>2</sub>O"),
        paper(title="Binding of 111In-octreotide & uptake in H2O"),
    ),
    Pair(
        11,
        "Greek letters spelled",
        MERGE,
        paper(title="Expression of TNF-α and β-catenin in islet cell tumours"),
        paper(title="Expression of TNF-alpha and beta-catenin in islet cell tumours"),
    ),
    Pair(
        11,
        "Greek letters lost",
        MERGE,
        paper(title="Expression of TNF-α and β-catenin in islet cell tumours"),
        paper(title="Expression of TNF-? and ?-catenin in islet cell tumours"),
    ),
    Pair(
        11,
        "spaced letters",
        MERGE,
        paper(title="A PRECLINICAL TRIAL OF OCTREOTIDE IN CARCINOID"),
        paper(title="A PRECLI NI CAL TRIAL OF OCTREOTIDE IN CARCI NOID"),
    ),
    Pair(11, "all capitals", MERGE, paper(), paper(title=PAPER["title"].upper())),
    Pair(
        11,
        "isotope turned round",
        MERGE,
        paper(title="Uptake of [11C]5-HTP by endocrine tumours"),
        paper(title="Uptake of C-11 5-HTP by endocrine tumours"),
    ),
    # 12. Sparse records and identifiers.
    Pair(
        12,
        "identical with few fields",
        MERGE,
        {
            "title": "Long-term follow-up of gastrinoma patients after enucleation",
            "authors": "Farkas, E.",
            "year": "1987",
        },
        {
            "title": "Long-term follow-up of gastrinoma patients after enucleation",
            "authors": "Farkas, E.",
            "year": "1987",
        },
    ),
    Pair(
        12,
        "reference string and record",
        MERGE,
        {
            "title": "long-term follow-up of gastrinoma patients after enucleation.",
            "authors": "e. farkas and m. rossini.",
            "year": "(1987).",
            "journal": "in ann. surg. oncol.,",
        },
        {
            "title": "Long-term follow-up of gastrinoma patients after enucleation",
            "authors": "Farkas, E. and Rossini, M.",
            "year": "1987",
            "journal": "Annals of Surgical Oncology",
            "volume": "9",
            "pages": "12-19",
        },
    ),
    Pair(
        12,
        "no title but DOI and pages",
        MERGE,
        paper(doi="10.5555/jeo.2009.211"),
        paper(doi="10.5555/jeo.2009.211", title=None),
    ),
    Pair(12, "same PMID", MERGE, paper(pmid="19000001"), {"title": "Octreotide in mice", "pmid": "19000001"}),
    Pair(12, "different PMIDs", APART, paper(pmid="19000001"), paper(pmid="19000002")),
    Pair(
        12,
        "one registration in two registries",
        MERGE,
        {
            "title": "A Phase III Trial of Octreotide in Carcinoid",
            "authors": "NCT,",
            "year": "2010",
            "journal": "https://clinicaltrials.gov/show/NCT01234567",
            "url": "https://clinicaltrials.gov/show/NCT01234567",
        },
        {
            "title": "Octreotide for carcinoid tumours (NCT01234567)",
            "year": "2011",
            "journal": "WHO International Clinical Trials Registry Platform (ICTRP)",
        },
    ),
    Pair(
        12,
        "two registrations",
        APART,
        {
            "title": "A Phase III Trial of Octreotide in Carcinoid",
            "year": "2010",
            "journal": "ClinicalTrials.gov",
            "url": "https://clinicaltrials.gov/show/NCT01234567",
        },
        {
            "title": "A Phase III Trial of Octreotide in Carcinoid",
            "year": "2010",
            "journal": "ClinicalTrials.gov",
            "url": "https://clinicaltrials.gov/show/NCT07654321",
        },
    ),
    # 4. Columns: one heading, one editor, one page, other issues.
    *(
        Pair(
            4,
            f"column: {heading}",
            APART,
            {**COLUMN, "title": heading, "issue": "1", "doi": "10.5555/col.2004.0101"},
            {**COLUMN, "title": heading, "issue": "2", "doi": "10.5555/col.2004.0207"},
        )
        for heading in (
            "From the editor",
            "Guest editorial: on rigour",
            "News and notes",
            "Book review",
            "Introduction to the special issue on methods",
            "Images in endocrinology",
            "Case 12-2004",
            "In this issue",
            "Annual report",
        )
    ),
    Pair(
        4,
        "column of two issues, no DOI",
        APART,
        {**COLUMN, "title": "Notes from the field", "issue": "1"},
        {**COLUMN, "title": "Notes from the field", "issue": "2"},
    ),
    Pair(
        4,
        "column of two years",
        APART,
        {**COLUMN, "title": "From the editor", "issue": "1"},
        {**COLUMN, "title": "From the editor", "issue": "1", "year": "2005", "volume": "13"},
    ),
    Pair(
        8,
        "neighbouring DOIs, short title, issue said once",
        APART,
        paper(title="Views on insulinoma", doi="10.5555/jeo.2009.014", issue="1", pages="5"),
        paper(title="Views on insulinoma", doi="10.5555/jeo.2009.088", issue=None, pages="5"),
    ),
    # 6. and 9. What Ovid, EndNote and spreadsheets leave.
    Pair(
        9,
        "whole citation in the journal's field",
        MERGE,
        paper(),
        paper(
            journal="Journal of Endocrine Oncology.41 (3) ()(pp 211-219) 2009.Date of Publication: 2009",
            volume=None,
            issue=None,
            pages=None,
        ),
    ),
    Pair(
        9,
        "volume, issue and no pagination in one field",
        MERGE,
        paper(pages="e211"),
        paper(volume="41 (3) (no pagination)", issue=None, pages=None),
    ),
    Pair(9, "pages that say various", MERGE, paper(), paper(pages="various")),
    Pair(
        7,
        "run together without blanks",
        MERGE,
        paper(),
        paper(authors="LindqvistA.B.MoreauC.TanakaH.OkaforD."),
    ),
    Pair(
        8,
        "PII and DOI in one field",
        MERGE,
        paper(doi="10.5555/jeo.2009.211"),
        paper(doi="JEO211 [pii];10.5555/jeo.2009.211 [doi]", pages=None),
    ),
    Pair(
        11,
        "accents encoded twice",
        MERGE,
        paper(authors="Gómez, J. and Müller, K."),
        paper(authors="GÃƒÂ³mez, J. and MÃƒÂ¼ller, K."),
    ),
    Pair(
        6,
        "original title in the same place",
        MERGE,
        paper(title="[Prognosis of tumours of the pancreas in the elderly]"),
        paper(title="Prognose der Tumoren des Pankreas im Alter"),
    ),
    Pair(
        6,
        "title cut short in the same place",
        MERGE,
        paper(),
        paper(title="Octreotide delays progression of pancreatic neuroendocrine tumours"),
    ),
    # 3. One abstract from two databases.
    Pair(
        3,
        "one abstract, short form and conference record",
        MERGE,
        paper(journal="J Endocr Oncol", issue="s2", pages="123"),
        paper(
            journal="Journal of Endocrine Oncology.Conference: 23rd Congress of the Society Kyoto Japan."
            "41 (pp 123), 2009.Date of Publication: July 2009",
            volume=None,
            issue=None,
            pages=None,
        ),
    ),
    Pair(
        3,
        "one abstract at the meetings of two years",
        APART,
        paper(issue="Suppl 1", pages="S14"),
        paper(issue="Suppl 1", pages="S88", year="2010", volume="42"),
    ),
    Pair(
        5,
        "journal that shares the prefix of a preprint server",
        MERGE,
        paper(journal="Genome Research", doi="10.1101/gr.1234567"),
        paper(journal="Genome Res", doi=None, pages=None),
    ),
    # 9. Fields that an import put into one another.
    Pair(
        9,
        "article number where the issue belongs",
        MERGE,
        paper(volume="10", issue="7", pages="e1001482"),
        paper(volume="10 (7) (no pagination)", issue="e1001482", pages=None),
    ),
    Pair(
        9,
        "two notes of one volume, article numbers where the issue belongs",
        APART,
        {**COLUMN, "title": "Research highlights", "volume": "10 (1) (no pagination)", "issue": "26"},
        {**COLUMN, "title": "Research highlights", "volume": "10", "issue": "1", "pages": "48"},
    ),
    Pair(
        9,
        "volume where the issue belongs",
        MERGE,
        paper(title="Octreotide", doi="10.5555/jeo.2009.211"),
        paper(title="Octreotide", doi="10.5555/jeo.2009.211", volume=None, issue="41", pages="211-217"),
    ),
    Pair(
        9,
        "tail of the journal before the volume",
        MERGE,
        paper(title="The pancreatic link"),
        paper(title="The pancreatic link", volume=": 1995). 41"),
    ),
    Pair(9, "year where the issue belongs", MERGE, paper(), paper(volume="41 (2009)", issue=None, year=None)),
    Pair(9, "volume before the pages", MERGE, paper(), paper(volume=None, issue=None, pages="41, 211-219")),
    Pair(
        9,
        "supplement to an issue and supplement of that number",
        MERGE,
        paper(title="Octreotide and the liver", volume="97 Suppl 8", issue=None, pages="S7-s10"),
        paper(title="Octreotide and the liver", volume="97", issue="8 Supplement", pages="S7-S10"),
    ),
    Pair(
        9,
        "one title printed twice, the second without issue",
        APART,
        paper(),
        paper(issue=None, pages="391"),
    ),
    Pair(9, "one digit of the page lost", MERGE, paper(), paper(pages="21-29")),
    # 4. Recurring titles.
    Pair(
        4,
        "Roman pages of one issue",
        MERGE,
        {**EDITORIAL, "volume": "29", "issue": "2", "pages": "iii-x"},
        {**EDITORIAL, "volume": "29(2)", "pages": "pp. iii - x"},
    ),
    Pair(
        4,
        "Roman pages of two issues",
        APART,
        {**EDITORIAL, "volume": "29", "issue": "2", "pages": "iii-x"},
        {**EDITORIAL, "volume": "29", "issue": "3", "pages": "iii-x"},
    ),
    Pair(
        4,
        "one heading in one place of two journals",
        APART,
        {**COLUMN, "title": "Images in clinical medicine", "issue": "1", "journal": "Poultry Science"},
        {**COLUMN, "title": "Images in clinical medicine", "issue": "1", "journal": "Medicine"},
    ),
    Pair(
        4,
        "one heading by two authors of like names",
        APART,
        {**COLUMN, "title": "In this issue", "issue": "1", "authors": "Jenssen, H."},
        {**COLUMN, "title": "In this issue", "issue": "1", "authors": "Finsen, V. R."},
    ),
    Pair(
        4,
        "short title with one abstract, the issue mistyped",
        MERGE,
        paper(title="Glucose metabolism and octreotide", abstract=ABSTRACT),
        paper(title="Glucose metabolism and octreotide", abstract=ABSTRACT, issue="2"),
    ),
    Pair(
        7,
        "family name that is an article elsewhere",
        MERGE,
        paper(authors="Tosaki A.Maulik N.Das D. K", abstract=ABSTRACT),
        paper(authors="Das D. K.", abstract=ABSTRACT, journal="American Journal of Endocrine Oncology"),
    ),
    Pair(
        3,
        "meeting named after the journal, glued to its name",
        MERGE,
        paper(journal="Blood", volume="118", issue="21", pages=None),
        paper(
            journal="Blood.Conference: 53rd Annual Meeting of the Society",
            volume="118",
            issue=None,
            pages="1242",
        ),
    ),
    # 2. A title that says more or other than the other, and no page to settle it.
    *(
        Pair(2, name, APART, paper(title=one, pages=None, volume=None, issue=None), paper(title=two, **other))
        for name, one, two, other in (
            (
                "a word of denial",
                "Octreotide is involved in growth of pancreatic tumours",
                "Octreotide is not involved in growth of pancreatic tumours",
                {},
            ),
            (
                "another strain",
                "Effects of octreotide in Wistar rats with pancreatic tumours",
                "Effects of octreotide in Wistar-Kyoto rats with pancreatic tumours",
                {},
            ),
            (
                "one letter of a receptor",
                "Effects of somatostatin A receptor ligands in pancreatic tumours",
                "Effects of somatostatin B receptor ligands in pancreatic tumours",
                {},
            ),
            (
                "a later follow-up",
                "Octreotide in patients with pancreatic tumours: five years of follow-up in a cohort",
                "Octreotide in patients with pancreatic tumours",
                {},
            ),
        )
    ),
    Pair(
        2,
        "cases A and B",
        APART,
        paper(title="Running a clinic for rare tumours: the Lindqvist case (A)", pages="1-12"),
        paper(title="Running a clinic for rare tumours: the Lindqvist case (B)", pages="13-20"),
    ),
    Pair(2, "a slip of the hand, no page", MERGE, paper(pages=None), paper(title=SLIP, issue=None)),
    # 3. Meetings of one series.
    Pair(
        3,
        "panel at two meetings of a series",
        LINK,
        paper(title=PANEL, year="1998", journal="ICES 1998 Proceedings", **NO_PLACE),
        paper(title=PANEL, year="1999", journal="ICES 1999 Proceedings", **NO_PLACE),
    ),
    Pair(
        3,
        "paper at two meetings of a name alike",
        LINK,
        paper(title=PANEL, type="conference", journal="ICES 2010 Proceedings", **NO_PLACE),
        paper(title=PANEL, type="conference", journal="ECES 2010 Proceedings", **NO_PLACE),
    ),
    Pair(
        3,
        "one meeting under two names",
        MERGE,
        paper(title=PANEL, type="conference", journal="Proceedings of the ICES Conference", **NO_PLACE),
        paper(title=PANEL, type="conference", journal="ICES Conference 2009", **{**NO_PLACE, "pages": "1-9"}),
    ),
    Pair(
        3,
        "abstract of the year after, place lost",
        APART,
        paper(journal="Blood", volume="106", issue="11", pages="756A", year="2005"),
        paper(journal="Blood", year="2006", **NO_PLACE),
    ),
    # 4. More recurring titles.
    Pair(
        4,
        "call for papers in two issues",
        APART,
        {**COLUMN, "title": "Call for papers: imaging in rare tumours", "authors": "", "issue": "1"},
        {**COLUMN, "title": "Call for papers: imaging in rare tumours", "authors": ""},
    ),
    Pair(
        4,
        "special section of two years",
        APART,
        {**COLUMN, "title": "Special section: imaging, economics and society", "issue": "2"},
        {**COLUMN, "title": "Special section: imaging, economics and society", "issue": "2", **YEAR_ON},
    ),
    Pair(
        4,
        "two minitracks",
        APART,
        {**COLUMN, "title": "Introduction to the rare tumours minitrack", "pages": "1"},
        {**COLUMN, "title": "Introduction to the rare tumours minitrack", "pages": "1", **YEAR_ON},
    ),
    Pair(
        4,
        "heading with two slips, issue lost",
        APART,
        {**COLUMN, "title": "Cse records oof the hospital"},
        {**COLUMN, "title": "Case recordo of the hospital"},
    ),
    Pair(
        4,
        "one word with slips, issue lost",
        APART,
        {**COLUMN, "title": "Rapy"},
        {**COLUMN, "title": "Rply"},
    ),
    Pair(
        4,
        "one DOI on headings by two people",
        APART,
        {**COLUMN, "title": "Editorial", "doi": "10.5555/annim.15"},
        {**COLUMN, "title": "Editorial", "doi": "10.5555/annim.15", "authors": "Ueda, M.", "pages": "1-2"},
    ),
    Pair(
        4,
        "one column's place in two journals alike",
        APART,
        {**COLUMN, "title": "Book review", "issue": "1", "authors": "Liu, M.", "journal": "J Cancer"},
        {**COLUMN, "title": "Book review", "issue": "1", "authors": "Liu, F.", "journal": "Am J Cancer Res"},
    ),
    # 1. Notices.
    Pair(
        1,
        "two corrections of one paper, one without a place",
        APART,
        paper(title=f"Correction to: {PAPER['title']}", pages="1828"),
        paper(title=f"Correction to: {PAPER['title']}", **NO_PLACE),
    ),
    Pair(
        1,
        "two replies to two letters of one issue",
        APART,
        paper(title=f"Response to letter to the editor regarding {PAPER['title']}", issue=None, pages="700"),
        paper(title=f"Response to letter to editor regarding {PAPER['title']}", issue=None, pages="696-697"),
    ),
    Pair(
        1,
        "one correction from two databases",
        MERGE,
        paper(title=f"Correction to: {PAPER['title']}", pages="1828"),
        paper(title=f"Correction: {PAPER['title']}", pages="1828"),
    ),
)
