"""What each RIS tag means, and where each platform puts the PMID.

The RIS specification (Research Information Systems; EndNote's RefMan export) leaves `C1`–`C8`, `M1`–`M3`,
`U1`–`U5` and `N1` to the writer. So a PMID is read only from the field that the entry's database or
writer is known to use for it: a number in any other place is nobody's PMID. `ID` never holds one: it is
the reference manager's own count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from resift.formats.build import Found
from resift.formats.platforms import Platform
from resift.text.identifiers import as_doi, as_pmid

# Tags that some writer of RIS is known to use. Any other in the place of a tag is text.
_KNOWN_TEXT = (
    "TY ER A1 A2 A3 A4 AB AD AI AN AR AU AV BN BT C1 C2 C3 C4 C5 C6 C7 C8 CA CC CN CP CR CT CY D2 DA DB "
    "DE DI DO DP DS ED EP ET FU FX H1 H2 ID IP IS J1 J2 J9 JA JF JI JO KW L1 L2 L3 L4 LA LB LK LP M1 M2 "
    "M3 M4 M5 N1 N2 NL NO NS NV OP P2 PA PB PD PI PM PP PR PT PU PY RD RI RN RP SE SL SN SO SP ST SU T1 "
    "T2 T3 TA TI TT U1 U2 U3 U4 U5 UI UK UN UR UT VL VN VO WE WP WT XT Y1 Y2 "
)
KNOWN = frozenset(_KNOWN_TEXT.split())
# A line without a tag after one of these is a value of its own, as EndNote writes lists.
_LISTS_TEXT = "KW DB SN UR N1 AU A1 A2 L1 L2 AD DE C1 C8 M1 "
LISTS = frozenset(_LISTS_TEXT.split())
# Tags that an entry has once.
_SINGLE_TEXT = "TI T1 T2 PY VL IS SP EP AB JF "
SINGLE = frozenset(_SINGLE_TEXT.split())

_ORDER: Mapping[str, tuple[str, ...]] = {
    "title": ("TI", "T1", "CT"),
    "vernacular_title": ("TT", "OP"),
    "abstract": ("AB", "N2"),
    "journal": ("T2", "JF", "JO", "SO", "JA", "J2", "BT", "JI", "J9", "T3"),
    "journal_abbreviation": ("J2", "JA", "TA", "JI", "JO", "J9", "J1"),
    "issn": ("SN",),
    "year": ("PY", "Y1", "DA", "YR"),
    "date": ("DA", "PD", "Y1"),
    "volume": ("VL", "VO"),
    "issue": ("IS", "CP"),
    "first_page": ("SP",),
    "last_page": ("EP", "LP"),
    "article_number": ("C7", "AR", "SE"),
    "languages": ("LA",),
    "keywords": ("KW", "DE"),
    "doi": ("DO", "DI", "M3", "L3"),
    "links": ("UR", "LK", "L2", "L1", "L4"),
    "affiliations": ("AD",),
    "editors": ("A2", "ED"),
}
_AUTHORS = ("AU", "A1", "CA")
_MEDLINE = re.compile(r"(?i)^\W*(?:ovid\s+)?(?:medline|pubmed)\b(?!\s*central)|^NLM\b")
_MEDLINE_CODES = ("cmedm", "mdc", "mnh", "medline complete")  # EBSCO's names of its MEDLINE
_LABELLED = re.compile(r"(?i)^(?:PMID|PubMed(?: PM)? ?ID|PubMed)\s*[:=]\s*(?:NLM)?(\d{1,8})\.?$")
_EBSCO_NOTE = re.compile(r"\bPMID: NLM(\d{1,8})\b")
_OVID_LINK = re.compile(r"(?i)[?&]D=(?:med|prem|pmnm|ppez)\w*&(?:\S*&)?AN=(\d{1,8})\b")


def found_in(
    pairs: Sequence[tuple[str, str]], platform: Platform, before: str = "", after: str = ""
) -> tuple[Found, set[str]]:
    """The fields of one entry, and the tags that they came from; `before` and `after` stand around it."""
    tags: dict[str, list[str]] = {}
    for tag, value in pairs:
        tags.setdefault(tag, []).append(value)
    order = dict(_ORDER)
    if platform.name == "Embase.com":
        order["affiliations"] = ("M1", "AD")
    if platform.name != "Ovid":  # Ovid: classification codes
        order["publication_types"] = ("PT", "M3")
    else:
        order["publication_types"] = ("PT",)
    found: Found = {
        name: [(value, tag) for tag in names for value in tags.get(tag, ()) if value]
        for name, names in order.items()
    }
    found["publication_types"] = [
        (v, tag) for v, tag in found["publication_types"] if not as_doi(v) and not v.isdigit()
    ]
    found["authors"] = [(value, tag) for tag, value in pairs if tag in _AUTHORS and value]
    found["pmcid"] = [
        (value, tag)
        for tag in ("C2", "PMC", "C1", "C6", "N1", "UR", "L1", "L2")
        for value in tags.get(tag, ())
        if re.match(r"(?i)(?:PMCID:?\s*)?PMC\s?\d+$", value)
        or (tag[0] in "UL" and "/pmc/articles/PMC" in value)
    ]
    found["registries"] = [
        (v, t) for t in ("AN", "C3", "N1") for v in tags.get(t, ()) if re.search(r"\bNCT\d{8}\b", v)
    ]
    found["pmid"] = list(_pmids(tags, platform, f"{before}\n{after}"))
    used = {tag for pairs_ in found.values() for _, tag in pairs_}
    return found, used


def _pmids(  # noqa: C901 - a table of platforms, read from the top
    tags: Mapping[str, Sequence[str]], platform: Platform, around: str
) -> list[tuple[str, str]]:
    """(PMID, tag) from each place that is known to hold one, the surest first."""
    found: list[tuple[str, str]] = []
    databases = [part for tag in ("DB", "DP") for value in tags.get(tag, ()) for part in value.split("\n")]
    names = [name.lower() for name in tags.get("DB", ())]
    medline = (
        bool(databases)
        and any(map(_MEDLINE.search, databases))
        and not any(re.search(r"(?i)embase|scopus|cinahl|psyc|central|cochrane", name) for name in databases)
    )
    medline = medline or (
        any(name in _MEDLINE_CODES or name.startswith("medline") for name in names) and len(names) == 1
    )

    def add(tag: str, pattern: str, value: str) -> None:
        if match := re.search(pattern, value):
            found.append((match.group(1).lstrip("0"), tag))

    for value in (*tags.get("PM", ()), *tags.get("PMID", ())):
        add("PM", r"(?i)^(?:PMID:?\s*)?(\d{1,8})$", value)
    for tag in ("AN", "UT"):
        for value in tags.get(tag, ()):
            add(tag, r"(?i)^MEDLINE:\s*(\d{1,8})$", value)
    if medline and not any(name.startswith("embase") for name in names):
        link = " ".join(tags.get("UR", ()))
        document = re.search(r"docview/(\d+)", link)
        for value in tags.get("AN", ()):
            parts = [part.strip() for part in re.split(r"[;,]", value)]
            numbers = [part for part in parts if not document or part != document.group(1)]
            if platform.name == "ProQuest" and len(parts) < 2:
                continue  # one number alone is ProQuest's own
            for part in numbers:
                add("AN", r"(?i)^(?:NLM|PMID:?\s*)?(\d{1,8})$", part)
    if any(name.startswith("embase") for name in names) or platform.name == "Embase.com":
        for value in tags.get("C5", ()):
            add("C5", r"^(\d{1,8})$", value)
    if platform.name == "Scopus" or any(name.startswith("scopus") for name in names):
        for value in tags.get("C2", ()):
            add("C2", r"^(\d{1,8})$", value)
    if platform.name == "Cochrane Library" or any(v.startswith("CN-") for v in tags.get("AN", ())):
        for value in tags.get("C3", ()):
            add("C3", r"(?i)\bPUBMED\s+(\d{1,8})\b", value)
    if platform.name == "EBSCO":
        for value in tags.get("N1", ()):
            add("N1", _EBSCO_NOTE.pattern, value)
    for tag in ("UR", "XT", "L2"):
        for value in tags.get(tag, ()):
            add(f"{tag} (Ovid MEDLINE)", _OVID_LINK.pattern, value)
    if own := [*tags.get("ID", ()), *tags.get("AN", ()), *tags.get("UI", ())]:
        # The link after the entry names its own accession number.
        linked = (number for number in _OVID_LINK.findall(around) if number in own)
        found.extend((number.lstrip("0"), "the link to Ovid MEDLINE") for number in linked)
    for tag in ("N1", "C2", "C3", "C5", "C7", "U1", "U2", "U5", "M1", "M2", "AN"):
        for value in tags.get(tag, ()):
            for line in value.split("\n"):
                add(tag, _LABELLED.pattern, line.strip())
    return [(pmid, tag) for pmid, tag in found if pmid]


def accession_of(tags: Mapping[str, Sequence[str]], platform: Platform, pmid: str) -> str:
    """The number that the database itself gives the entry; "" where none is certain."""
    for tag in ("AN", "UT", "U2"):
        for value in tags.get(tag, ()):
            value = value.split(";")[0].strip()
            if tag == "U2" and not re.fullmatch(r"L\d{6,}", value):
                continue
            if value and not (pmid and as_pmid(value) == pmid):
                return value
    if platform.name in ("Ovid", "Lens", "BVS (LILACS)"):
        return next((value for value in tags.get("ID", ()) if value != pmid), "")
    return ""
