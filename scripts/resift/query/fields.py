"""PubMed's search fields: every tag in its short and long forms, and what each one searches.

Names follow "Search field tags" of the PubMed User Guide (https://pubmed.ncbi.nlm.nih.gov/help/), the
short and full names follow EInfo for db=pubmed (`einfo.fcgi?db=pubmed&version=2.0`), the names with a
hyphen (`Date - Publication`) are those that PubMed prints in a QueryTranslation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from resift.errors import Code
from resift.query.text import nearest_of


class Kind(Enum):
    """How a field is searched."""

    TEXT = "text"  # words and phrases
    MESH = "mesh"  # headings, exploded unless told otherwise
    FACET = "facet"  # one whole value of a list: a language, a publication type
    AUTHOR = "author"  # family name and initials, open at the end
    DATE = "date"  # a day, a month, a year or a range of them
    NUMBER = "number"  # PMIDs, ranges allowed
    FILTER = "filter"  # subsets and filters
    ABSENT = "absent"  # PubMed knows it, a record table does not hold it


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One search field. `tag` is the short tag that printing uses; `names` are all that PubMed reads.

    Fields are equal when their tags are, which spares comparing all names at each of 10,000 terms.
    """

    tag: str
    label: str
    kind: Kind
    names: tuple[str, ...]

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Field) and self.tag == other.tag)

    def __hash__(self) -> int:
        return hash(self.tag)

    def __str__(self) -> str:
        return self.tag

    def __repr__(self) -> str:
        return f"[{self.tag}]"


def _field(tag: str, label: str, kind: Kind, *names: str) -> Field:
    return Field(tag, label, kind, (tag, label.lower(), *names))


ALL = _field("all", "All Fields", Kind.TEXT, "all field", "text")
TITLE = _field("ti", "Title", Kind.TEXT, "titl", "title word")
TITLE_ABSTRACT = _field("tiab", "Title/Abstract", Kind.TEXT, "title abstract", "title, abstract")
TEXT_WORD = _field("tw", "Text Word", Kind.TEXT, "word", "text words")
TRANSLITERATED_TITLE = _field("tt", "Transliterated Title", Kind.TEXT, "vernacular title")
AFFILIATION = _field("ad", "Affiliation", Kind.TEXT, "affl")
OTHER_TERM = _field("ot", "Other Term", Kind.TEXT, "otrm", "other terms", "keyword")
CORPORATE_AUTHOR = _field("cn", "Author - Corporate", Kind.TEXT, "coln", "corporate author")

MESH_TERMS = _field("mh", "MeSH Terms", Kind.MESH, "mesh", "mesh term", "mesh heading", "mesh headings")
MESH_MAJOR = _field("majr", "MeSH Major Topic", Kind.MESH, "mj", "mesh major topics", "major topic")
SUBHEADING = _field(
    "sh", "MeSH Subheading", Kind.MESH, "subh", "subheading", "subheadings", "mesh subheadings"
)
PUBLICATION_TYPE = _field("pt", "Publication Type", Kind.MESH, "ptyp", "publication types")

LANGUAGE = _field("la", "Language", Kind.FACET, "lang")
JOURNAL = _field(
    "ta", "Journal", Kind.FACET, "jour", "so", "is", "issn", "journal title", "journal title abbreviation",
    "title abbreviation", "jt", "journal name",
)  # fmt: skip
SUPPLEMENTARY_CONCEPT = _field(
    "nm", "Supplementary Concept", Kind.FACET, "subs", "substance name", "substance", "supplementary concepts"
)
REGISTRY_NUMBER = _field("rn", "EC/RN Number", Kind.FACET, "ecno", "ec/rn", "registry number")
VOLUME = _field("vi", "Volume", Kind.FACET, "vol")
ISSUE = _field("ip", "Issue", Kind.FACET, "iss")
PAGES = _field("pg", "Pagination", Kind.FACET, "page", "pages")
GRANT = _field("gr", "Grants and Funding", Kind.FACET, "grnt", "grant number", "grant numbers", "grant")
SECONDARY_SOURCE = _field("si", "Secondary Source ID", Kind.FACET, "secondary source")
ARTICLE_IDENTIFIER = _field("aid", "Article Identifier", Kind.FACET, "doi", "article identifiers", "pmc")
LOCATION = _field("lid", "Location ID", Kind.FACET, "location identifier")

AUTHOR = _field("au", "Author", Kind.AUTHOR, "auth", "author name", "authors")
FIRST_AUTHOR = _field("1au", "Author - First", Kind.AUTHOR, "faut", "first author", "first author name")
FULL_AUTHOR = _field("fau", "Full Author Name", Kind.AUTHOR, "full", "full author")
LAST_AUTHOR = _field("lastau", "Author - Last", Kind.AUTHOR, "laut", "last author", "last author name")

PUBLICATION_DATE = _field(
    "dp", "Date - Publication", Kind.DATE, "pdat", "publication date", "date of publication", "date published"
)
PRINT_DATE = _field("ppdat", "Print Publication Date", Kind.DATE, "ppdt", "print date", "date - print")
ELECTRONIC_DATE = _field(
    "epdat", "Electronic Publication Date", Kind.DATE, "epdt", "electronic date", "date - electronic"
)
ENTRY_DATE = _field("edat", "Date - Entry", Kind.DATE, "entry date", "entrez date", "date - entrez")
CREATE_DATE = _field("crdt", "Date - Create", Kind.DATE, "create date", "date created")
MESH_DATE = _field("mhda", "Date - MeSH", Kind.DATE, "mesh date", "date mesh")
MODIFICATION_DATE = _field(
    "lr", "Date - Modification", Kind.DATE, "mdat", "modification date", "last revision", "date last revised"
)
COMPLETION_DATE = _field("dcom", "Date - Completion", Kind.DATE, "cdat", "completion date")

PMID = _field("pmid", "UID", Kind.NUMBER, "pubmed id")
FILTER = _field("sb", "Filter", Kind.FILTER, "filt", "subset", "subsets", "sset", "filters")

_ABSENT = (
    _field("fir", "Full Investigator Name", Kind.ABSENT, "finv", "full investigator"),
    _field("ir", "Investigator", Kind.ABSENT, "investigators"),
    _field("auid", "Author - Identifier", Kind.ABSENT, "author identifier"),
    _field("aucl", "Author Cluster ID", Kind.ABSENT),
    _field("cois", "Conflict of Interest Statements", Kind.ABSENT, "conflict of interest statement"),
    _field("ed", "Editor", Kind.ABSENT, "editors"),
    _field("isbn", "ISBN", Kind.ABSENT),
    _field("book", "Book", Kind.ABSENT, "book accession id"),
    _field("pubn", "Publisher", Kind.ABSENT),
    _field("pid", "Publisher ID", Kind.ABSENT),
    _field("eid", "Extended PMID", Kind.ABSENT),
    _field("dso", "DSO", Kind.ABSENT),
    _field("p1dat", "P1DAT", Kind.ABSENT),
    _field("jid", "NLM Unique ID", Kind.ABSENT, "nlm id"),
    _field("pl", "Place of Publication", Kind.ABSENT, "cnty", "country", "cp"),
    _field("pa", "Pharmacological Action", Kind.ABSENT, "papx", "pharmacological action mesh terms"),
    _field("ps", "Subject - Personal Name", Kind.ABSENT, "personal name as subject"),
    _field("owner", "Owner", Kind.ABSENT),
    _field("ecf", "Entrez Citation Filter", Kind.ABSENT),
)

FIELDS: tuple[Field, ...] = (
    *(value for value in list(globals().values()) if isinstance(value, Field)),
    *_ABSENT,
)
BY_NAME: dict[str, Field] = {name: field for field in FIELDS for name in field.names}

EXPLODED = (MESH_TERMS, MESH_MAJOR, SUBHEADING, PUBLICATION_TYPE)
# NLM Technical Bulletin 2022 Nov-Dec (449:e4) began with [ti] and [tiab]; [ad] followed in 2023.
PROXIMITY_FIELDS = (TITLE, TITLE_ABSTRACT, AFFILIATION)


@dataclass(frozen=True, slots=True)
class Tag:
    """What stands between the brackets: the field, and `noexp` or a proximity distance."""

    field: Field
    noexp: bool = False
    distance: int | None = None


class UnknownTagError(LookupError):
    """The words between the brackets are no field. `fix` names the nearest tag, if any is near."""

    def __init__(self, what: str, fix: str, code: Code = Code.QUERY_TAG) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix
        self.code = code


@lru_cache(maxsize=1024)
def _nearest(name: str) -> str:
    return nearest_of(name, BY_NAME) if len(name) <= 60 else ""


@lru_cache(maxsize=1024)
def read_tag(inside: str) -> Tag:
    """The field that the text between the brackets names; case and blanks do not matter.

    Raises `UnknownTagError`: PubMed would drop an unknown tag without a word and map the term by itself.
    """
    name = " ".join(inside.lower().split())
    base, colon, suffix = (part.strip() for part in name.partition(":"))
    field = BY_NAME.get(base)
    if field is None:
        if base in ("ab", "abstract"):
            raise UnknownTagError(
                f"PubMed has no tag [{inside}]", "write [tiab], which searches title and abstract"
            )
        close = _nearest(base)
        raise UnknownTagError(
            f"[{inside}] is not a PubMed field tag; PubMed would drop it silently and map the term by itself",
            f"did you mean [{BY_NAME[close].tag}] ({BY_NAME[close].label})?" if close else "",
        )
    if not colon:
        return Tag(field)
    if suffix in ("noexp", "no exp") and field in EXPLODED:
        return Tag(field, noexp=True)
    if suffix == "exp" and field in EXPLODED:
        return Tag(field)
    if match := re.fullmatch(r"~\s*(\d{1,4})", suffix):
        if field not in PROXIMITY_FIELDS:
            allowed = ", ".join(f"[{f.tag}:~N]" for f in PROXIMITY_FIELDS)
            raise UnknownTagError(
                f"[{field.tag}] has no proximity search",
                f"PubMed knows it for {allowed}",
                Code.QUERY_PROXIMITY,
            )
        return Tag(field, distance=int(match[1]))
    raise UnknownTagError(
        f"[{inside}] has a suffix that PubMed does not know",
        ":noexp goes with MeSH fields, :~N with [ti], [tiab] and [ad]",
    )
