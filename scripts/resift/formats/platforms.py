"""The platforms whose exports people bring, and how each is recognised.

A file says who wrote it by a header, a link, the name of a database or the habits of its writer. What was
recognised decides what a tag or column means (the same RIS tag `C5` is MEDLINE's PMID at Embase.com and
anybody's note elsewhere), and it is told. `advice` names the export that carries the most, for files that
cannot be read. Layouts after each platform's help pages and its own exports.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One platform: how its RIS entries and its tables are told apart, and which export to choose.

    `entry` is searched in the lines `TAG=value` of one RIS entry (abstract, authors and keywords left out)
    and in what stands before it; `columns` are headings (folded) that only its tables have together.
    """

    name: str
    advice: str
    entry: str = ""
    columns: tuple[frozenset[str], ...] = ()
    text: str = ""
    pattern: re.Pattern[str] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", re.compile(self.entry, re.M | re.I) if self.entry else None)


def _sets(*headings: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(name.strip() for name in line.split(",")) for line in headings)


RESIFT = Platform(name="resift", advice="any of its exports")
UNKNOWN = Platform(name="a platform not recognised", advice="RIS, or CSV with a heading line")

# Reference managers and screening tools first: they keep the links and names of the databases.
PLATFORMS: tuple[Platform, ...] = (
    Platform(
        name="Rayyan",
        advice="Export > RIS or CSV, with abstracts and decisions",
        entry=r"RAYYAN-(?:INCLUSION|LABELS|EXCLUSION)|^ID=rayyan-",
        columns=_sets("key,title,issn,url,notes,pubmed id", "key,title,authors,issn,location,notes"),
    ),
    Platform(
        name="Covidence",
        advice="Export > References, as RIS or CSV",
        entry=r"^(?:ID|U1|N1|DB)=\W*covidence",
        columns=_sets("covidence", "ref,study,notes,tags"),
    ),
    Platform(
        name="EPPI-Reviewer",
        advice="Export selected items > RIS",
        entry=r"^(?:U1|N1|ID|C1|DP)=.*\bEPPI\b",
        columns=_sets("itemid,title", "eppi id", "item id,short title"),
    ),
    Platform(
        name="ASReview",
        advice="Export > CSV, XLSX or RIS",
        entry=r"ASReview_",
        columns=_sets("asreview ranking", "asreview label", "record id,included", "asreview included"),
    ),
    Platform(
        name="DistillerSR",
        advice="Reports > Reference export, as RIS or CSV",
        columns=_sets("refid,title", "refid,bibliography"),
    ),
    Platform(
        name="Citavi",
        advice="File > Export > RIS or BibTeX",
        entry=r"^M4=Citavi",
        columns=_sets(
            "citavi id",
        ),
    ),
    Platform(name="RefWorks", advice="Share > Export references > RIS", entry=r"RefWorks"),
    Platform(name="Papers", advice="File > Export > RIS or BibTeX", entry=r"^(?:DP|N1)=Papers\b|papers3?://"),
    Platform(
        name="Zotero",
        advice="Export library > RIS, or CSV",
        entry=r"^DA=\d{4}/\d{0,2}/\d{0,2}/|^L[12]=.*zotero|^UR=.*zotero\.org",
        columns=_sets("key,item type,publication title", "item type,abstract note"),
    ),
    Platform(
        name="EndNote",
        advice="File > Export > RefMan (RIS) Export, or XML",
        entry=r"^DP=NLM\b|^L1=internal-pdf://|\nID=\d{1,6}\s*\Z",
        columns=_sets("reference type,secondary title", "record number,reference type"),
    ),
    Platform(
        name="Lens",
        advice="Export > CSV or RIS",
        entry=r"^UR=https?://(?:www\.)?lens\.org/|^ID=\d{3}-\d{3}-\d{3}-\d{3}-\w{3}$",
        columns=_sets(
            "lens id",
        ),
    ),
    Platform(
        name="Ovid",
        advice="Export > RIS (or .cgi/.txt tagged), Fields: Complete Reference",
        entry=r"ovidsp\.|ovidweb\.cgi|Link to the Ovid|^VN=Ovid|^XT=.*ovid|^DB=(?:Ovid|APA Psyc|EBM Reviews|"
        r"AMED|HMIC|Joanna|CAB Abstracts|Global Health|Social Work|Embase(?: Classic\S*)?) ?.*<",
        columns=_sets("vn,db,ui", "vn,db,an", "db,ui,ti", "unique identifier,title,source"),
    ),
    Platform(
        name="Embase.com",
        advice="Export > RIS format, or CSV (fields by column)",
        entry=r"www\.embase\.com|^LK=.*sid=EMBASE|^U2=L\d+$|^DB=Embase$",
        columns=_sets("embase accession id", "author names,source title,medline pmid", "pui,medline pmid"),
    ),
    Platform(
        name="Scopus",
        advice="Export > CSV or RIS, all citation, abstract and identifier fields",
        entry=r"^DB=Scopus|scopus\.com/|^N1=Export Date:",
        columns=_sets("eid,source title", "source title,cited by,art no", "source title,page start,page end"),
    ),
    Platform(
        name="Web of Science",
        advice="Export > Tab delimited file or Plain text file, Full Record",
        entry=r"^(?:AN|UT)=(?:WOS|MEDLINE|BIOSIS|BCI|CABI|FSTA|KJD|RSCI|SCIELO|INSPEC|ZOOREC|CCC|PQDT|PPRN|DIIDW):|"
        r"^WE=|Web of Science",
        columns=_sets(
            "ut,pt,au,ti", "ut unique wos id", "ut unique id", "pt,au,ti,so", "article title,source title,ut"
        ),
    ),
    Platform(
        name="Cochrane Library",
        advice="Export selected citations > RIS (EndNote) or CSV, with abstracts",
        entry=r"^AN=CN-\d|^Provider: John Wiley|cochranelibrary\.com|^DO=10\.1002/central",
        columns=_sets("central id", "cochrane review id", "cochrane id", "cochrane review group code"),
    ),
    Platform(
        name="EBSCO",
        advice="Export > RIS (Direct export in RIS format) or CSV",
        entry=r"^DP=EBSCO|ebscohost\.com|^N1=Accession Number:|^Provider: EBSCO|"
        r"openurl\.ebsco|research\.ebsco",
        columns=_sets(
            "an,accession number,db", "longdbname,an", "shortdbname,an", "persistent link,accession number"
        ),
    ),
    Platform(
        name="ProQuest",
        advice="Save > RIS, or XLS/CSV with all fields",
        entry=r"proquest\.com|^D[BP]=ProQuest|^DB=(?:MEDLINE|APA PsycInfo|ERIC)®|^Provider: ProQuest",
        columns=_sets(
            "storeid,title", "proquest document id", "documenturl,pubtitle", "accessionnumber,pubtitle"
        ),
    ),
    Platform(
        name="JSTOR",
        advice="Save > Export a RIS file",
        entry=r"^DB=JSTOR|jstor\.org|^Provider: JSTOR|^Database: JSTOR",
    ),
    Platform(
        name="Europe PMC",
        advice="Export citations > RIS, or CSV",
        entry=r"europepmc\.org/(?:article|abstract)|^D[BP]=Europe ?PMC",
        columns=_sets("extid,source,title", "pmid,author string,journal title"),
    ),
    Platform(
        name="Dimensions",
        advice="Export > CSV, Full record",
        entry=r"dimensions\.ai",
        columns=_sets("publication id,pubyear", "publication id,source title", "rank,publication id"),
    ),
    Platform(
        name="OpenAlex",
        advice="Export > CSV or RIS",
        entry=r"openalex\.org",
        columns=_sets(
            "primary location source display name", "authorships author display name", "openalex id"
        ),
    ),
    Platform(
        name="Semantic Scholar",
        advice="Cite > BibTeX",
        entry=r"semanticscholar\.org",
        columns=_sets("paperid,corpusid", "paperid,title,venue", "corpusid,title"),
    ),
    Platform(
        name="Publish or Perish",
        advice="Save results > CSV or RIS",
        entry=r"^N1=Query date:|^N1=Cited By",
        columns=_sets("cites,gsrank", "cites,authors,querydate"),
    ),
    Platform(name="Google Scholar", advice="Save to My library, then Export all > BibTeX or RefMan"),
    Platform(
        name="BVS (LILACS)",
        advice="Export > RIS, or CSV",
        entry=r"bvsalud\.org|^ID=(?:lil|mdl|biblio|ibc|bde|des|cum|pah|who)-|^DB=LILACS",
        columns=_sets(
            "fulltext url,descriptor s",
            "id,title,authors,database,descriptor s",
            "descriptor s,publication country",
        ),
    ),
    Platform(
        name="ClinicalTrials.gov",
        advice="Download > CSV (all available columns)",
        entry=r"clinicaltrials\.gov",
        columns=_sets("nct number", "nct id,study title"),
    ),
    Platform(
        name="ICTRP",
        advice="Export results to XML or CSV",
        columns=_sets("trialid", "trial id,public title", "main id,public title"),
    ),
    Platform(
        name="IEEE Xplore",
        advice="Export > Citations > RIS, or Search results > CSV",
        entry=r"ieeexplore\.ieee\.org|^D[BP]=IEEE",
        columns=_sets(
            "document title,author affiliations,publication title", "document identifier,document title"
        ),
    ),
    Platform(
        name="ACM Digital Library",
        advice="Export citations > BibTeX or EndNote",
        entry=r"dl\.acm\.org|portal\.acm",
    ),
    Platform(
        name="SpringerLink",
        advice="Cite this article > RIS; the CSV of a search has no separators between authors",
        entry=r"link\.springer\.com",
        columns=_sets("item title,publication title", "item title,item doi"),
    ),
    Platform(name="ScienceDirect", advice="Export > RIS", entry=r"sciencedirect\.com|science/article/pii"),
    Platform(name="ERIC", advice="Save > RIS", entry=r"eric\.ed\.gov|^AN=(?:EJ|ED)\d{5,7}$|^DB=ERIC"),
    Platform(
        name="PubMed",
        advice="Save > Format: PubMed (nbib)",
        entry=r"^DB=PubMed|pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed",
        columns=_sets("pmid,journal book,citation", "pmid,title,first author,create date"),
    ),
    Platform(name="Mendeley", advice="File > Export > RIS or BibTeX"),
    Platform(name="JabRef", advice="File > Export > BibTeX"),
)
BY_NAME: Mapping[str, Platform] = {platform.name: platform for platform in PLATFORMS}

_LEFT_OUT = frozenset(("AB", "N2", "AU", "A1", "A2", "KW", "TI", "T1", "ER", "AD", "M1", "M2", "AI"))


# Mendeley sorts its tags but keeps what belongs together.
_PAIRED = {"T2": "TJ", "EP": "SPE"}


def of_entry(pairs: Sequence[tuple[str, str]], before: str = "") -> Platform:
    """The platform that wrote a RIS entry, by its tags and by the text that stands before it."""
    marks = "\n".join(f"{tag}={value}" for tag, value in pairs if tag not in _LEFT_OUT)
    text = f"{before}\n{marks}" if before else marks
    tags = [tag for tag, _ in pairs if tag not in ("TY", "ER")]
    in_order = sorted(tags, key=lambda tag: _PAIRED.get(tag, tag))
    if len(set(tags)) > 5 and tags == in_order and not set(tags) & {"ID", "DB", "AN"}:
        return BY_NAME["Mendeley"]  # the only writer that sorts its tags and gives no number
    for platform in PLATFORMS:
        if platform.pattern is not None and platform.pattern.search(text):
            return platform
    return UNKNOWN


def of_table(headings: Collection[str]) -> Platform:
    """The platform that wrote a table, by its folded headings."""
    held = set(headings)
    for platform in PLATFORMS:
        if any(columns <= held for columns in platform.columns):
            return platform
    return UNKNOWN
