"""elink and ecitmatch over an archive: who cites whom, and which record a citation means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol
from xml.sax.saxutils import escape

from resift.frozen.bodies import Reply, document, json_reply
from resift.frozen.history import History
from resift.frozen.request import NO_IDS, Parameters, RefusalError
from resift.pubmed.source import Endpoint
from resift.records import Record
from resift.text.fold import fold
from resift.text.names import same_family, split_author
from resift.text.pages import number_key, page_ends

if TYPE_CHECKING:
    import pandas as pd

REFS = "pubmed_pubmed_refs"
CITED_IN = "pubmed_pubmed_citedin"
RELATED = "pubmed_pubmed"
TO_PMC = "pubmed_pmc"
NAMES = {
    RELATED: ("pubmed", "Similar articles", "Similar articles"),
    CITED_IN: ("pubmed", "Cited in", "Cited in"),
    REFS: ("pubmed", "References for this PMC Article", "References"),
    TO_PMC: ("pmc", "PMC Articles", "Free in PMC"),
}


LINKS_HELD = {name: NAMES[name][0] for name in (CITED_IN, REFS)}
# A stored set is cut where NCBI cuts it.
WINDOW = 9_999


class Citing(Protocol):
    """The part of an archive that links need."""

    def references(self, pmids: Iterable[str | int]) -> dict[str, list[str]]: ...
    def cited_by(self, pmids: Iterable[str | int]) -> dict[str, list[str]]: ...
    def records(self, pmids: Iterable[str | int]) -> list[Record]: ...


def elink(p: Parameters, archive: Citing, history: History) -> Reply:
    """Every command of elink that concerns PubMed. Repeated `id` parameters give one LinkSet each, a comma
    list one LinkSet with all links mixed."""
    command = p.get("cmd", "neighbor").lower()
    groups = [ids for ids in p.id_lists if ids]
    if p.get("WebEnv") or p.get("query_key"):
        held = history.stored(p.get("WebEnv"), p.get("query_key", "1"))
        groups = [[str(pmid) for pmid in held[:WINDOW].tolist()]]
    if not groups:
        raise RefusalError(NO_IDS)
    asked = list(dict.fromkeys(pmid for ids in groups for pmid in ids))
    if command in ("prlinks", "llinks", "llinkslib"):
        return addresses(asked, {r.pmid: r.doi for r in archive.records(asked) if r.doi})
    names = [name for name in re.split(r"[,\s]+", p.get("linkname")) if name in NAMES]
    if not p.get("linkname"):
        target = p.get("db", "pubmed").lower()
        names = [name for name, (db, _, _) in NAMES.items() if db == target or command == "acheck"]
    found = {name: links(archive, asked, name) for name in names}
    if command in ("acheck", "ncheck", "lcheck"):
        having = {pmid: [name for name in names if found[name][pmid]] for pmid in asked}
        return checked(asked, having, names=command == "acheck")
    link_sets: list[LinkSet] = [(ids, [(n, _merged(found[n], ids)) for n in names]) for ids in groups]
    if command == "neighbor_history":
        return stored(link_sets, history, json_mode=p.json)
    return neighbours(link_sets, scores=command == "neighbor_score", json_mode=p.json)


def _merged(found: Mapping[str, list[str]], ids: Sequence[str]) -> list[str]:
    """The links of several ids in one list, as elink mixes them for a comma list; newest PMID first."""
    if len(ids) == 1:
        return found[ids[0]]
    return sorted({linked for pmid in ids for linked in found[pmid]}, key=int, reverse=True)


def links(archive: Citing, pmids: Sequence[str], name: str) -> dict[str, list[str]]:
    """The ids that each PMID is linked to under a link name.

    Similar articles are computed by NCBI from all of PubMed; here a record is similar to itself only, as
    it is first in NCBI's own list.
    """
    if name == REFS:
        found: Mapping[str, Sequence[str]] = archive.references(pmids)
    elif name == CITED_IN:
        found = archive.cited_by(pmids)
    elif name == TO_PMC:
        found = {r.pmid: [r.pmcid.removeprefix("PMC")] for r in archive.records(pmids) if r.pmcid}
    elif name == RELATED:
        found = {r.pmid: [r.pmid] for r in archive.records(pmids)}
    else:
        found = {}
    return {pmid: list(found.get(pmid, ())) for pmid in pmids}


LinkSet = tuple[Sequence[str], Sequence[tuple[str, Sequence[str]]]]  # ids, then (link name, linked ids)


def neighbours(link_sets: Sequence[LinkSet], *, scores: bool, json_mode: bool) -> Reply:
    """cmd=neighbor and neighbor_score."""
    if json_mode:
        sets = [
            {
                "dbfrom": "pubmed",
                "ids": list(ids),
                "linksetdbs": [
                    {"dbto": NAMES[name][0], "linkname": name, "links": list(linked)}
                    for name, linked in found
                    if linked
                ],
            }
            for ids, found in link_sets
        ]
        return json_reply(Endpoint.ELINK, {"linksets": sets})
    parts = []
    for ids, found in link_sets:
        inside = _ids(ids)
        for name, linked in found:
            if linked:
                score = "\n\t\t\t\t<Score>0</Score>" if scores else ""
                rows = "".join(
                    f"\n\t\t\t<Link>\n\t\t\t\t<Id>{pmid}</Id>{score}\n\t\t\t</Link>" for pmid in linked
                )
                inside += (
                    f"\n\t\t<LinkSetDb>\n\t\t\t<DbTo>{NAMES[name][0]}</DbTo>"
                    f"\n\t\t\t<LinkName>{name}</LinkName>{rows}\n\t\t</LinkSetDb>"
                )
        parts.append(f"\n\t<LinkSet>\n\t\t<DbFrom>pubmed</DbFrom>{inside}\n\t</LinkSet>")
    return document(Endpoint.ELINK, "\n" + "".join(parts) + "\n")


def stored(link_sets: Sequence[LinkSet], history: History, *, json_mode: bool) -> Reply:
    """cmd=neighbor_history: the linked ids of each link name under a query key, all in one WebEnv."""
    parts = []
    sets: list[dict[str, Any]] = []
    web_env = ""
    for ids, found in link_sets:
        histories = ""
        kept = []
        for name, linked in found:
            if linked:
                key, web_env = history.keep(linked, web_env)
                kept.append({"dbto": NAMES[name][0], "linkname": name, "querykey": str(key)})
                histories += (
                    f"\n\t\t<LinkSetDbHistory>\n\t\t\t<DbTo>{NAMES[name][0]}</DbTo>"
                    f"\n\t\t\t<LinkName>{name}</LinkName>\n\t\t\t<QueryKey>{key}</QueryKey>"
                    "\n\t\t</LinkSetDbHistory>"
                )
        where = f"\n\t\t<WebEnv>{web_env}</WebEnv>" if kept else ""
        parts.append(f"\n\t<LinkSet>\n\t\t<DbFrom>pubmed</DbFrom>{_ids(ids)}{histories}{where}\n\t</LinkSet>")
        sets.append(
            {"dbfrom": "pubmed", "ids": list(ids), "linksetdbhistories": kept}
            | ({"webenv": web_env} if kept else {})
        )
    if json_mode:
        return json_reply(Endpoint.ELINK, {"linksets": sets})
    return document(Endpoint.ELINK, "\n" + "".join(parts) + "\n")


def checked(pmids: Sequence[str], found: Mapping[str, Sequence[str]], *, names: bool) -> Reply:
    """cmd=acheck (which links there are) and ncheck (whether there are any). `found`: link names by PMID."""
    rows = ""
    for pmid in pmids:
        if not names:
            rows += f'\n\t\t\t<Id HasNeighbor="{"Y" if found.get(pmid) else "N"}">{pmid}</Id>'
            continue
        infos = "".join(
            f"\n\t\t\t\t<LinkInfo>\n\t\t\t\t\t<DbTo>{NAMES[name][0]}</DbTo>"
            f"\n\t\t\t\t\t<LinkName>{name}</LinkName>\n\t\t\t\t\t<MenuTag>{NAMES[name][1]}</MenuTag>"
            f"\n\t\t\t\t\t<HtmlTag>{NAMES[name][2]}</HtmlTag>\n\t\t\t\t\t<Priority>1</Priority>"
            "\n\t\t\t\t</LinkInfo>"
            for name in found.get(pmid, ())
        )
        rows += f"\n\t\t\t<IdLinkSet>\n\t\t\t\t<Id>{pmid}</Id>{infos}\n\t\t\t</IdLinkSet>"
    return document(
        Endpoint.ELINK,
        "\n\t<LinkSet>\n\t\t<DbFrom>pubmed</DbFrom>"
        f"\n\t\t<IdCheckList>{rows}\n\t\t</IdCheckList>\n\t</LinkSet>\n",
    )


def addresses(pmids: Sequence[str], dois: Mapping[str, str]) -> Reply:
    """cmd=prlinks and llinks: the publisher's address, as far as a DOI gives one."""
    rows = ""
    for pmid in pmids:
        doi = dois.get(pmid, "")
        inside = (
            f"<ObjUrl><Url>{escape('https://doi.org/' + doi)}</Url>"
            "<Category>Full Text Sources</Category><Provider><Name>DOI</Name><NameAbbr>doi</NameAbbr>"
            "<Id>0</Id></Provider></ObjUrl>"
            if doi
            else ""
        )
        rows += f"<IdUrlSet>\n\t<Id>{pmid}</Id>{inside}</IdUrlSet>\n"
    return document(
        Endpoint.ELINK,
        f"\n\n<LinkSet><DbFrom>pubmed</DbFrom><IdUrlList>{rows}</IdUrlList></LinkSet>\n",
    )


def _ids(pmids: Sequence[str]) -> str:
    rows = "".join(f"\n\t\t\t<Id>{pmid}</Id>" for pmid in pmids)
    return f"\n\t\t<IdList>{rows}\n\t\t</IdList>"


class CitationIndex:
    """Records by journal, volume and first page, as a citation names them."""

    COLUMNS = ("pmid", "journal", "journal_abbreviation", "year", "volume", "pages", "authors")

    def __init__(self, frame: pd.DataFrame) -> None:
        self._by_place: dict[tuple[str, str, str], set[str]] = {}
        self._year: dict[str, str] = {}
        self._author: dict[str, str] = {}
        self._journals: set[str] = set()
        rows = zip(*(frame[column].tolist() for column in self.COLUMNS), strict=True)
        for pmid, journal, abbreviation, year, volume, pages, authors in rows:
            first_page = number_key(page_ends(pages)[0])
            self._year[pmid] = "" if year is None or year != year else str(year)
            self._author[pmid] = authors[0] if len(authors) else ""
            for name in {fold(journal), fold(abbreviation)} - {""}:
                self._journals.add(name)
                self._by_place.setdefault((name, fold(volume), first_page), set()).add(pmid)

    def answer(self, bdata: str) -> str:
        """One line for each line of `bdata`, the outcome appended; lines without six parts are dropped.

        As at NCBI, a wrong year or author does not keep a citation from being found when journal, volume
        and first page name one record only.
        """
        out = []
        for line in re.split(r"[\r\n]+", bdata):
            cells = line.strip().split("|")
            if len(cells) < 6:
                continue
            out.append("|".join([*cells[:6], self._found(cells)]))
        return "".join(f"{line}\n" for line in out)

    def _found(self, cells: Sequence[str]) -> str:
        journal, year, volume = (fold(cell) for cell in cells[:3])
        page = number_key(page_ends(cells[3])[0])
        author = split_author(cells[4].strip())[0]
        if journal not in self._journals:
            return "NOT_FOUND;INVALID_JOURNAL"
        found = self._by_place.get((journal, volume, page), set()) if page or volume else set()
        if len(found) > 1 and year:
            found = {pmid for pmid in found if self._year[pmid] == year} or found
        if len(found) > 1 and author:
            found = {p for p in found if same_family(split_author(self._author[p])[0], author)} or found
        if not found:
            return "NOT_FOUND"
        return next(iter(found)) if len(found) == 1 else f"AMBIGUOUS ({len(found)} citations)"
