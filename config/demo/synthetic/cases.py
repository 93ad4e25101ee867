"""Special cases, one record or a few for each: dates at the edge of the window, languages, duplicates and
their look-alikes, notices and retractions, reference lists, and oddities of the format.

PMIDs are written out, so that decisions and tests can name a case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from .article import Article, Cited, Heading, Link
from .draw import Draw, blank, in_process

CITED_NOWHERE = "90999999"  # a PMID that the corpus does not hold


class Kind(Enum):
    """The element that carries a case."""

    ARTICLE = "PubmedArticle"
    BOOK = "PubmedBookArticle"
    DELETED = "DeleteCitation"


@dataclass(frozen=True)
class Case:
    """One record of the corpus and what it is there to show."""

    article: Article
    branch: str
    shows: str
    kind: Kind = Kind.ARTICLE


EVEROLIMUS = (
    Heading(name="Humans"),
    Heading(name="Neuroendocrine Tumors", qualifiers=("drug therapy*", "secondary")),
    Heading(name="Pancreatic Neoplasms", qualifiers=("drug therapy*",)),
    Heading(name="Liver Neoplasms", qualifiers=("secondary",)),
)
ABSTRACT = (
    "We report on treatment of {n} patients with metastatic pancreatic neuroendocrine tumors. "
    "Median progression-free survival was {months} months. "
    "Adverse events led to a lower dose in {low}% of patients."
)


def core(pmid: str, title: str, *, year: int = 2010, **changes: Any) -> Article:
    """A plain record that every topical strategy finds and all criteria keep, unless changed."""
    draw = Draw.of(pmid)
    values = {"n": draw.number(20, 200), "months": draw.number(8, 40), "low": draw.number(3, 30)}
    article = blank(pmid, year, draw)
    return replace(
        article,
        title=title,
        abstract=(("", ABSTRACT.format(**values)),),
        headings=EVEROLIMUS,
        **changes,
    )


def dates() -> Iterator[Case]:
    """The window is 1995-01-01 to 2012-12-31, by print or electronic date."""
    title = "Systemic treatment of metastatic pancreatic neuroendocrine tumors, report {}."
    for n, (printed, electronic, inside, shows) in enumerate(
        (
            ("1995 Jan 1", "", True, "the first day"),
            ("1995", "", True, "only a year: PubMed reads 1 January"),
            ("1994 Dec 31", "", False, "the day before"),
            ("1994", "", False, "only a year, before"),
            ("1994 Dec-1995 Jan", "", False, "a range is read by its first part"),
            ("1994-1995", "", False, "two years: the first counts"),
            ("1994 Dec", "1995-01-09", True, "electronic date inside"),
            ("2012 Dec 31", "", True, "the last day"),
            ("2012 Oct-Dec", "", True, "a quarter: October"),
            ("2012 Winter", "", True, "winter is read as January of its year"),
            ("2012 Dec-2013 Jan", "", True, "a range is read by its first part"),
            ("2013 Jan", "2012-12-20", True, "ahead of print in 2012, printed in 2013"),
            ("2012 Dec", "2013-01-10", True, "printed in 2012, electronic date later"),
            ("2013 Jan 1", "", False, "the day after"),
            ("2013", "", False, "only a year, after"),
            ("2013 Winter", "", False, "winter of 2013 is January 2013"),
            ("2013 Jan", "2013-01-03", False, "both dates after"),
            ("2015 Jun", "", False, "years after"),
            ("1989 Mar", "", False, "years before"),
        ),
        start=1,
    ):
        pmid = str(90_003_000 + n)
        year = int(printed[:4])
        place = "in the window" if inside else "out of the window"
        article = core(pmid, title.format(n), year=year, printed=printed, electronic=electronic)
        yield Case(article, f"date {place}", f"{printed}{' / e' + electronic if electronic else ''}: {shows}")
    late = core(
        "90003020",
        title.format(20),
        year=2011,
        entered="2015-03-02",
        indexed="2015-06-10",
        revised="2015-07-01",
    )
    yield Case(late, "late arrival", "published in 2011, in PubMed since 2015")


def languages() -> Iterator[Case]:
    """English is a limit of the search; what is not English was never identified."""
    english = "Treatment of metastatic pancreatic neuroendocrine tumors: a national series"
    for n, (codes, vernacular, shows) in enumerate(
        (
            (("fre",), "Traitement des tumeurs neuroendocrines du pancréas métastatiques.", "French"),
            (("ger",), "Therapie metastasierter neuroendokriner Pankreastumoren.", "German"),
            (("ita",), "Terapia dei tumori neuroendocrini pancreatici metastatici.", "Italian"),
            (("jpn",), "", "Japanese, no vernacular title"),
            (("und",), "", "language not determined"),
            (
                ("eng", "spa"),
                "Tratamiento de los tumores neuroendocrinos pancreáticos.",
                "English and Spanish",
            ),
            (("ENG",), "", "English, code in capitals"),
        ),
        start=1,
    ):
        pmid = str(90_003_030 + n)
        inside = any(code.lower() == "eng" for code in codes)
        article = core(
            pmid,
            f"{english} {n}." if codes == ("ENG",) else f"[{english} {n}].",
            year=2005 + n,
            languages=codes,
            vernacular=vernacular,
            types=("English Abstract", "Journal Article") if not inside else ("Journal Article",),
        )
        yield Case(article, "language English" if inside else "language other", shows)
    article = core(
        "90003038",
        "Surgery and chemotherapy for metastatic pancreatic neuroendocrine tumors in one region.",
        other_abstract=("spa", "Resumen sintético de un registro de prueba."),
    )
    yield Case(article, "language English", "a second abstract in Spanish")


def duplicates() -> Iterator[Case]:
    """Records of one report, and records that only look so."""
    title = "Streptozocin-based chemotherapy of metastatic pancreatic neuroendocrine tumors: a cohort."
    first = core("90003051", title, doi="10.5555/synthetic.cohort", pages="101-109", volume="30", issue="2")
    yield Case(first, "duplicate: same DOI", "kept")
    yield Case(
        replace(first, pmid="90003052", entered="2011-05-02"), "duplicate: same DOI", "same DOI, new PMID"
    )
    title = "Hepatic resection for metastatic islet-cell carcinoma: who benefits from treatment?"
    first = core("90003053", title, doi="", pages="211-8", volume="12", issue="4", year=2001)
    again = replace(first, pmid="90003054", title=title.upper().replace("-", " "), pages="211-218")
    yield Case(first, "duplicate: same citation", "title, year and first page")
    yield Case(again, "duplicate: same citation", "capitals, no hyphen, pages in full")
    title = "Sunitinib for metastatic pancreatic neuroendocrine tumors: treatment in daily practice."
    early = core(
        "90003055", title, year=2011, printed="2011 Nov 8", electronic="2011-11-08", volume="", issue="",
        pages="", doi="", status="Publisher", publication_status="aheadofprint", indexed="",
    )  # fmt: skip
    early = replace(early, headings=())
    final = replace(
        early, pmid="90003056", printed="2012 Feb", volume="32", issue="2", pages="77-85", status="MEDLINE",
        publication_status="ppublish", headings=EVEROLIMUS, indexed="2012-05-01",
    )  # fmt: skip
    yield Case(early, "duplicate: ahead of print", "no volume, no pages")
    yield Case(final, "duplicate: ahead of print", "the final record of the same report")
    title = "Treatment of metastatic neuroendocrine tumors of the pancreas."
    for pmid, page in (("90003057", "1-9"), ("90003058", "640-51")):
        yield Case(
            core(pmid, title, year=2008, pages=page, doi=f"10.5555/synthetic.{pmid}"),
            "no duplicate: common title",
            "same short title and year, another paper",
        )
    for pmid, part in (("90003059", "I"), ("90003060", "II")):
        article = core(
            pmid,
            f"Guideline for the treatment of metastatic pancreatic neuroendocrine tumors. Part {part}.",
            year=2009,
            pages="300-12" if part == "I" else "313-29",
            types=("Journal Article", "Practice Guideline"),
        )
        yield Case(article, "no duplicate: parts", f"part {part} of two")
    for pmid, suffix, year in (("90003061", "pub1", 2007), ("90003062", "pub2", 2011)):
        article = core(
            pmid,
            "Chemotherapy for metastatic pancreatic neuroendocrine tumors: a systematic review.",
            year=year,
            doi=f"10.5555/synthetic.review.{suffix}",
            pages="CDX001",
            types=("Journal Article", "Review"),
            links=(Link(kind="UpdateIn", source="Synth Rev Gastroenterol. 2011", pmid="90003062"),)
            if suffix == "pub1"
            else (Link(kind="UpdateOf", source="Synth Rev Gastroenterol. 2007", pmid="90003061"),),
        )
        yield Case(article, "version", f"{suffix} of an updated review")
    title = "Everolimus treatment beyond progression in metastatic pancreatic neuroendocrine tumors."
    preprint = core(
        "90003063", title, year=2012, types=("Preprint",), journal="Synthetic Preprints",
        abbreviation="Synth Preprints", volume="", issue="", pages="", doi="10.5555/synthetic.preprint.1",
        status="PubMed-not-MEDLINE",
        links=(Link(kind="UpdateIn", source="Synth Clin Oncol Rep. 2012", pmid="90003064"),),
    )  # fmt: skip
    yield Case(replace(preprint, headings=()), "version", "a preprint")
    article = replace(
        core("90003064", title, year=2012),
        authors=preprint.authors,
        links=(Link(kind="UpdateOf", source="Synth Preprints. 2012", pmid="90003063"),),
    )
    yield Case(article, "version", "the article of the preprint")
    # Bad data: two papers were given one DOI. People set them apart in the decisions.
    for pmid, title in (
        ("90003065", "Lanreotide treatment of metastatic pancreatic neuroendocrine tumors: quality of life."),
        (
            "90003066",
            "Cryoablation of liver metastases from pancreatic neuroendocrine tumors: treatment results.",
        ),
    ):
        yield Case(
            core(pmid, title, doi="10.5555/synthetic.shared"),
            "no duplicate: one DOI on two papers",
            "wrong DOI; a person says that they differ",
        )


def notices() -> Iterator[Case]:
    """Retractions, concerns, errata, comments: who points to whom."""
    title = "High-dose interferon treatment of metastatic pancreatic neuroendocrine tumors: a trial"
    retracted = core(
        "90003081", f"{title}.", year=2006, types=("Journal Article", "Retracted Publication"),
        links=(Link(kind="RetractionIn", source="Synth Clin Oncol Rep. 2009;29:1", pmid="90003082"),),
    )  # fmt: skip
    yield Case(retracted, "retracted", "the retracted paper")
    notice = core(
        "90003082", f"Retraction notice: {title}.", year=2009, types=("Retraction of Publication",),
        links=(Link(kind="RetractionOf", source="Synth Clin Oncol Rep. 2006", pmid="90003081"),),
    )  # fmt: skip
    yield Case(in_process(replace(notice, abstract=())), "not a report", "the retraction notice")
    doubted = core(
        "90003083",
        "Bevacizumab treatment of metastatic pancreatic neuroendocrine tumors: response in a single center.",
        year=2010,
        links=(Link(kind="ExpressionOfConcernIn", source="Synth Clin Oncol Rep. 2012;32:4"),),
    )
    yield Case(doubted, "expression of concern", "the notice is named without a PMID")
    title = "Everolimus and octreotide treatment of metastatic pancreatic neuroendocrine tumors"
    corrected = core(
        "90003084", f"{title}.", year=2011,
        links=(
            Link(kind="ErratumIn", source="Synth Clin Oncol Rep. 2011;31:9", pmid="90003085"),
            Link(kind="CommentIn", source="Synth Clin Oncol Rep. 2011;31:10", pmid="90003086"),
        ),
    )  # fmt: skip
    yield Case(corrected, "companion", "a paper with an erratum and a comment")
    erratum = core(
        "90003085", f"Erratum: {title}.", year=2011, types=("Published Erratum",),
        links=(Link(kind="ErratumFor", source="Synth Clin Oncol Rep. 2011;31:2", pmid="90003084"),),
    )  # fmt: skip
    yield Case(in_process(replace(erratum, abstract=())), "not a report", "the erratum")
    comment = core(
        "90003086", f"{title}: what comes next?", year=2011, types=("Comment", "Editorial"),
        links=(Link(kind="CommentOn", source="Synth Clin Oncol Rep. 2011;31:2", pmid="90003084"),),
    )  # fmt: skip
    yield Case(replace(comment, abstract=()), "companion", "a comment, without abstract")
    news = core(
        "90003087", "New drugs for metastatic pancreatic neuroendocrine tumors: treatment approved.",
        year=2011,
        types=("News",),
    )  # fmt: skip
    yield Case(in_process(replace(news, abstract=())), "not a report", "a news item")


def unclear() -> Iterator[Case]:
    """Records on which the criteria cannot decide."""
    article = core(
        "90003101",
        "Pancreatic metastases from neuroendocrine carcinoma of the lung: surgical treatment.",
        year=2009,
    )
    article = replace(
        article,
        abstract=(("", "We treated five patients with metastatic neuroendocrine carcinoma of the lung."),),
        headings=(Heading(name="Humans"), Heading(name="Lung Neoplasms", qualifiers=("pathology*",))),
    )
    yield Case(article, "unclear: population", "metastases to the pancreas")
    article = core("90003102", "Pancreatic endocrine tumors: management and consensus.", year=2004)
    yield Case(in_process(replace(article, abstract=())), "unclear: no abstract", "neither abstract nor MeSH")
    article = core("90003103", "Neuroendocrine liver metastases: treatment by radioembolization.", year=2010)
    article = replace(
        article,
        abstract=(
            (
                "",
                "We reviewed radioembolization of liver metastases in 42 patients; the primary tumor was in"
                " the midgut, in the pancreas or unknown.",
            ),
        ),
        headings=(
            Heading(name="Humans"),
            Heading(name="Liver Neoplasms", qualifiers=("secondary*", "radiotherapy")),
            Heading(name="Neuroendocrine Tumors", qualifiers=("radiotherapy*",)),
        ),
    )
    yield Case(article, "mixed series", "names the pancreas among other primaries")


def formats() -> Iterator[Case]:
    """Oddities of PubMed XML."""
    article = core(
        "90003111",
        "Effect of <i>MEN1</i> status and Ca<sup>2+</sup> on treatment of metastatic pancreatic"
        " neuroendocrine tumors: the CO<sub>2</sub> laser &amp; beyond.",
        year=2008,
    )
    yield Case(article, "markup in the title", "italics, superscript, subscript, ampersand")
    article = core(
        "90003112", "Treatment of metastatic pancreatic neuroendocrine tumors: a trial group.", year=2007
    )
    yield Case(
        replace(article, collective="Synthetic Tumor Study Group", registry="NCT00000000"),
        "collective author",
        "a group beside the authors, a registry number",
    )
    article = replace(
        core("90003113", "Metastatic pancreatic neuroendocrine tumors: treatment at a glance.", year=2006),
        authors=(),
    )
    yield Case(article, "no authors", "AuthorList absent")
    article = core(
        "90003114", "Metastatic pancreatic neuroendocrine tumors: a chapter on treatment.", year=2011
    )
    article = replace(
        article, journal="Synthetic Handbook of Endocrine Oncology", types=("Review",), volume=""
    )
    yield Case(article, "book", "a PubmedBookArticle", kind=Kind.BOOK)
    article = core(
        "90003115",
        "Phase II study of temozolomide in metastatic pancreatic neuroendocrine tumors: treatment and MGMT.",
        year=2009,
        printed="2009 Sep-Oct",
        supplementary=("TEMSYN protocol",),
    )
    yield Case(article, "MedlineDate", "2009 Sep-Oct, a supplementary concept")
    article = core(
        "90003116",
        "Treatment of metastatic pancreatic neuroendocrine tumors in the electronic age.",
        year=2012,
        status="PubMed-not-MEDLINE",
        publication_status="epublish",
        electronic="2012-06-15",
        printed="2012 Jun 15",
        indexed="",
    )
    yield Case(replace(article, headings=()), "never indexed", "PubMed-not-MEDLINE, no MeSH")


def seeds() -> Iterator[Case]:
    """Reports with reference lists: works held by PMID, by citation only, and not held."""
    criteria = replace(
        core("90003131", "Criteria for measuring the response of solid tumors: a revision.", year=2009),
        abstract=(("", "Rules for measuring lesions are set out and were tested in sixteen trials."),),
        headings=(Heading(name="Humans"), Heading(name="Treatment Outcome")),
        types=("Journal Article", "Guideline"),
        doi="10.5555/synthetic.90003131",
    )
    yield Case(criteria, "cited, off topic", "cited by seeds: excluded, no neuroendocrine tumour")
    held = replace(
        core("90003132", "Octreotide in functioning islet tumors: symptom control.", year=1998),
        abstract=(),
        headings=(Heading(name="Humans"), Heading(name="Insulinoma", qualifiers=("drug therapy*",))),
        journal="Synthetic Archives of Pancreatology",
        abbreviation="Synth Arch Pancreatol",
        authors=(("Velmor", "Ada B", "AB"), ("Takrin", "Ivo C", "IC")),
        volume="18",
        pages="55-61",
        doi="",
    )
    yield Case(held, "cited, not found by the search", "reached through reference lists")
    french = core(
        "90003133", "[Chemoembolization of metastatic pancreatic neuroendocrine tumors].", year=2003
    )
    french = replace(
        french, languages=("fre",), vernacular="Chimioembolisation.", doi="10.5555/synthetic.90003133"
    )
    yield Case(french, "cited, other language", "outside the limits of the search, cited by a seed")
    old = core("90003134", "Streptozocin treatment of metastatic islet cell carcinoma.", year=1990)
    yield Case(old, "cited, out of window", "outside the limits of the search, cited by a seed")
    works = (
        Cited(citation="Synthetic rules for response. Synth Clin Oncol Rep. 2009.", pmid="90003131"),
        Cited(
            citation="Velmor AB, Takrin IC. Octreotide in functioning islet tumors. 1998.", pmid="90003132"
        ),
        Cited(
            citation="Velmor AB, Takrin IC. Octreotide in functioning islet tumors: symptom control."
            " Synth Arch Pancreatol. 1998;18:55-61."
        ),
        Cited(citation="Chemoembolization. 2003.", doi="10.5555/synthetic.90003133"),
        Cited(citation="Streptozocin treatment. 1990.", pmid="90003134"),
        Cited(
            citation="A work that this corpus does not hold. Synth Hepatol Lett. 2002;22:9.",
            pmid=CITED_NOWHERE,
        ),
        Cited(citation="Synthetic Press. Handbook of islets. 2nd ed. 1999."),
        Cited(citation="Yao JC, et al. J Clin Oncol. 2010;28(1):69-76.", pmid="19933912"),
        Cited(citation="Kvols LK, et al. Ann Intern Med. 1987;107(2):162-8.", pmid="2886085"),
        Cited(citation="Amstutz U, et al. Clin Pharmacol Ther. 2018;103(2):210-216.", pmid="29152729"),
        Cited(citation="Sarmiento JM, Que FG. Surg Oncol Clin N Am. 2003;12(1):231-42.", pmid="12735141"),
        Cited(citation="Davies K, Conlon KC. Curr Gastroenterol Rep. 2009;11(2):119-27.", pmid="19281699"),
    )
    for n in range(6):
        pmid = str(90_003_141 + n)
        article = core(
            pmid,
            f"Treatment of metastatic pancreatic neuroendocrine tumors: evidence to {2006 + n}, a review.",
            year=2006 + n,
            types=("Journal Article", "Review"),
            cited=works[n:] + works[: n // 2],
        )
        yield Case(article, "reference list", f"{len(article.cited)} references")


def withdrawn() -> tuple[Article, Article]:
    """Two records of an earlier file: the first is revised by the update file, the second deleted."""
    title = "Octreotide treatment of metastatic pancreatic neuroendocrine tumors: {}."
    return core("90003151", title.format("interim results"), year=2012, doi=""), core(
        "90003152", title.format("entered by mistake"), year=2012, doi=""
    )


def before_update() -> Iterator[Case]:
    """What the update file is about to change."""
    revised, deleted = withdrawn()
    yield Case(revised, "revised", "superseded by the update file")
    yield Case(deleted, "deleted", "the update file deletes it")


def updates() -> Iterator[Case]:
    """The update file."""
    revised, deleted = withdrawn()
    final = replace(revised, title=revised.title.replace("interim", "final"), revised="2016-01-04")
    yield Case(final, "revised", "the revision that stands")
    yield Case(deleted, "deleted", "a DeleteCitation", kind=Kind.DELETED)


def cases() -> tuple[Case, ...]:
    """All special cases, by PMID."""
    groups = (dates(), languages(), duplicates(), notices(), unclear(), formats(), seeds(), before_update())
    return tuple(case for group in groups for case in group)
