"""einfo: the one database, its build, and the fields that its queries may name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from resift.frozen.bodies import Reply, document, json_reply
from resift.pubmed.source import Endpoint

_FLAGS = ("IsDate", "IsNumerical", "SingleToken", "Hierarchy", "IsHidden")
# NCBI's list of 2025-11-27: name, full name, description, and a letter for each flag that is Y.
_FIELDS = """
ALL | All Fields | All terms from all searchable fields | -----
UID | UID | Unique number assigned to publication | -ns-x
FILT | Filter | Limits the records | --s--
TITL | Title | Words in title of publication | -----
MESH | MeSH Terms | Medical Subject Headings assigned to publication | --sh-
MAJR | MeSH Major Topic | MeSH terms of major importance to publication | --sh-
JOUR | Journal | Journal abbreviation of publication | --s--
AFFL | Affiliation | Author's institutional affiliation and address | -----
ECNO | EC/RN Number | EC number for enzyme or CAS registry number | --s--
SUBS | Supplementary Concept | CAS chemical name or MEDLINE Substance Name | --s--
PDAT | Date - Publication | Date of publication | d-s--
EDAT | Date - Entry | Date publication first accessible through Entrez | d-s--
VOL | Volume | Volume number of publication | --s--
PAGE | Pagination | Page number(s) of publication | --s--
PTYP | Publication Type | Type of publication (e.g., review) | --sh-
LANG | Language | Language of publication | --s--
ISS | Issue | Issue number of publication | --s--
SUBH | MeSH Subheading | Additional specificity for MeSH term | --sh-
SI | Secondary Source ID | Cross-reference from publication to other databases | --s--
MHDA | Date - MeSH | Date publication was indexed with MeSH terms | d-s--
TIAB | Title/Abstract | Free text associated with Abstract/Title | -----
OTRM | Other Term | Other terms associated with publication | -----
COLN | Author - Corporate | Corporate Author of publication | -----
CNTY | Place of Publication | Country of publication | ----x
PAPX | Pharmacological Action | MeSH pharmacological action pre-explosions | --s--
GRNT | Grants and Funding | NIH Grant Numbers | --s--
MDAT | Date - Modification | Date of last modification | d-s--
CDAT | Date - Completion | Date of completion | d-s--
PID | Publisher ID | Publisher ID | --s-x
FAUT | Author - First | First Author of publication | --s--
FULL | Author | Full Author Name(s) of publication | --s--
FINV | Investigator | Full name of investigator | --s--
TT | Transliterated Title | Words in transliterated title of publication | -----
LAUT | Author - Last | Last Author of publication | --s--
PPDT | Print Publication Date | Date of print publication | d-s-x
EPDT | Electronic Publication Date | Date of Electronic publication | d-s-x
LID | Location ID | ELocation ID | --s--
CRDT | Date - Create | Date publication first accessible through Entrez | d-s--
BOOK | Book | ID of the book that contains the document | --s--
ED | Editor | Section's Editor | --s--
ISBN | ISBN | ISBN | --s--
PUBN | Publisher | Publisher's name | --s--
AUCL | Author Cluster ID | Author Cluster ID | --s-x
EID | Extended PMID | Extended PMID | --s-x
DSO | DSO | Additional text from the summary | ----x
AUID | Author - Identifier | Author Identifier | --s--
PS | Subject - Personal Name | Personal Name as Subject | --s--
COIS | Conflict of Interest Statements | Conflict of Interest Statements | -----
WORD | Text Word | Free text associated with publication | -----
P1DAT | P1DAT | Date publication first accessible through Solr | d-s-x
"""
_LINKS = {
    "pubmed_pubmed": (
        "Similar articles",
        "Similar PubMed articles, obtained by matching text and MeSH terms",
    ),
    "pubmed_pubmed_citedin": ("Cited in", "PubMed articles that cite this one"),
    "pubmed_pubmed_refs": ("References for PMC Articles", "References for this PMC Article"),
    "pubmed_pmc": ("PMC Links", "Free full text articles in PMC"),
}


def databases(*, json_mode: bool) -> Reply:
    if json_mode:
        return json_reply(Endpoint.EINFO, {"einforesult": {"dblist": ["pubmed"]}})
    return document(Endpoint.EINFO, "\n<DbList>\n\n\t<DbName>pubmed</DbName>\n</DbList>\n\n")


def database(
    build: str, count: int, updated: dt.date, link_names: Mapping[str, str], *, json_mode: bool
) -> Reply:
    """einfo for PubMed: the field list is NCBI's, the links are those that an archive can follow."""
    info = {
        "DbName": "pubmed",
        "MenuName": "PubMed",
        "Description": "PubMed bibliographic record",
        "DbBuild": build,
        "Count": str(count),
        "LastUpdate": f"{updated:%Y/%m/%d} 00:00",
    }
    fields = [_members(row) for row in _FIELDS.strip().splitlines()]
    links = [
        {"Name": name, "Menu": _LINKS[name][0], "Description": _LINKS[name][1], "DbTo": target}
        for name, target in link_names.items()
    ]
    if json_mode:
        shown: dict[str, Any] = {name.lower(): value for name, value in info.items()}
        shown["fieldlist"] = [{key.lower(): text for key, text in field.items()} for field in fields]
        shown["linklist"] = [{key.lower(): text for key, text in link.items()} for link in links]
        return json_reply(Endpoint.EINFO, {"einforesult": {"dbinfo": [shown]}})
    head = "".join(f"\t\t{_tagged(name, value)}\n" for name, value in info.items())
    return document(
        Endpoint.EINFO,
        f"\n\t<DbInfo>\n{head}{_listed('FieldList', 'Field', fields)}"
        f"{_listed('LinkList', 'Link', links)}\t</DbInfo>\n\n",
    )


def _members(row: str) -> dict[str, str]:
    name, label, description, flags = (part.strip() for part in row.split("|"))
    marks = dict(zip(_FLAGS, flags, strict=True))
    said = {key: "Y" if marks[key] != "-" else "N" for key in _FLAGS}
    return {"Name": name, "FullName": label, "Description": description, "TermCount": "", **said}


def _listed(outer: str, inner: str, rows: list[dict[str, str]]) -> str:
    parts = []
    for row in rows:
        members = "".join(f"\t\t\t\t{_tagged(name, text)}\n" for name, text in row.items())
        parts.append(f"\t\t\t<{inner}>\n{members}\t\t\t</{inner}>\n")
    return f"\t\t<{outer}>\n{''.join(parts)}\t\t</{outer}>\n"


def _tagged(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else f"<{name}/>"
