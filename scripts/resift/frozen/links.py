"""elink and ecitmatch over an archive: who cites whom, and which record a citation means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote
from xml.sax.saxutils import escape

from resift.frozen.bodies import Reply, document, json_reply
from resift.frozen.history import History
from resift.frozen.request import NO_IDS, Parameters, RefusalError
from resift.pubmed.source import REFERENCE_LINKS, Endpoint
from resift.records import Record
from resift.text.fold import fold
from resift.text.names import same_family, split_author
from resift.text.pages import number_key, page_ends

if TYPE_CHECKING:
    import pyarrow as pa

CITED_IN = "pubmed_pubmed_citedin"
RELATED = "pubmed_pubmed"
TO_PMC = "pubmed_pmc"
NAMES = {
    RELATED: ("pubmed", "Similar articles", "Similar articles"),
    CITED_IN: ("pubmed", "Cited in", "Cited in"),
    REFERENCE_LINKS: ("pubmed", "References for this PMC Article", "References"),
    TO_PMC: ("pmc", "PMC Articles", "Free in PMC"),
}


COMMANDS = frozenset(
    {
        "neighbor", "neighbor_score", "neighbor_history", "acheck", "ncheck", "lcheck", "llinks", "llinkslib",
        "prlinks",
    }
)  # fmt: skip
LINKS_HELD = {name: NAMES[name][0] for name in (RELATED, CITED_IN, REFERENCE_LINKS, TO_PMC)}
# A stored set is cut where NCBI cuts it.
WINDOW = 9_999


class Citing(Protocol):
    """The part of an archive that links need."""

    def references(self, pmids: Iterable[str | int]) -> dict[str, list[str]]: ...
    def cited_by(self, pmids: Iterable[str | int]) -> dict[str, list[str]]: ...
    def records(self, pmids: Iterable[str | int]) -> list[Record]: ...


def elink(p: Parameters, archive: Citing, history: History, allowed: frozenset[str] | None = None) -> Reply:
    """Every command of elink that concerns PubMed. Repeated `id` parameters give one LinkSet each, a comma
    list one LinkSet with all links mixed. Links to PubMed outside `allowed` are left out."""
    command = p.get("cmd", "neighbor").lower() or "neighbor"
    if command not in COMMANDS:
        raise RefusalError(f"Invalid cmd parameter: {p.get('cmd')}")
    groups = [ids for ids in p.id_lists if ids]
    if p.get("WebEnv") or p.get("query_key"):
        held = history.stored(p.get("WebEnv"), p.get("query_key", "1"))
        groups = [[str(pmid) for pmid in held[:WINDOW].tolist()]]
    if not groups:
        raise RefusalError(NO_IDS)
    asked = list(dict.fromkeys(pmid for ids in groups for pmid in ids))
    if command in ("prlinks", "llinks", "llinkslib"):
        dois = {r.pmid: r.doi for r in archive.records(asked) if r.doi}
        if command == "prlinks" and p.get("retmode").lower() == "ref":
            return publisher(asked, dois)
        return addresses(asked, dois, json_mode=p.json)
    names = [name for name in re.split(r"[,\s]+", p.get("linkname")) if name in NAMES]
    if not p.get("linkname"):
        target = p.get("db", "pubmed").lower()
        everything = target == "all" or command == "acheck"
        names = [name for name, (db, _, _) in NAMES.items() if db == target or everything]
    found = {name: links(archive, asked, name) for name in names}
    if allowed is not None:
        for name in names:
            if NAMES[name][0] == "pubmed":
                found[name] = {
                    of: [to for to in linked if to in allowed] for of, linked in found[name].items()
                }
    if command in ("acheck", "ncheck", "lcheck"):
        having = {pmid: [name for name in names if found[name][pmid]] for pmid in asked}
        return checked(asked, having, command=command, json_mode=p.json)
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
    if name == REFERENCE_LINKS:
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


def checked(
    pmids: Sequence[str], found: Mapping[str, Sequence[str]], *, command: str, json_mode: bool
) -> Reply:
    """cmd=acheck (which links there are), ncheck and lcheck (whether there are any, within NCBI or outside).

    `found` maps PMIDs to link names. An archive knows no LinkOut, so lcheck answers N for all.
    """
    if command == "acheck":
        infos = {pmid: [_info(name) for name in found.get(pmid, ())] for pmid in pmids}
        if json_mode:
            lists = [
                {"id": pmid, "linkinfos": [{k.lower(): v for k, v in info.items()} for info in infos[pmid]]}
                for pmid in pmids
            ]
            sets = [{"dbfrom": "pubmed", "idchecklist": {"idlinksets": lists}}]
            return json_reply(Endpoint.ELINK, {"linksets": sets})
        rows = ""
        for pmid in pmids:
            inside = "".join(
                "\n\t\t\t\t<LinkInfo>"
                + "".join(f"\n\t\t\t\t\t<{key}>{escape(value)}</{key}>" for key, value in info.items())
                + "\n\t\t\t\t</LinkInfo>"
                for info in infos[pmid]
            )
            rows += f"\n\t\t\t<IdLinkSet>\n\t\t\t\t<Id>{pmid}</Id>{inside}\n\t\t\t</IdLinkSet>"
    else:
        name = "HasNeighbor" if command == "ncheck" else "HasLinkOut"
        has = {pmid: "Y" if command == "ncheck" and found.get(pmid) else "N" for pmid in pmids}
        if json_mode:
            ids = [{"value": pmid, name.lower(): has[pmid]} for pmid in pmids]
            sets = [{"dbfrom": "pubmed", "idchecklist": {"ids": ids}}]
            return json_reply(Endpoint.ELINK, {"linksets": sets})
        rows = "".join(f'\n\t\t\t<Id {name}="{has[pmid]}">{pmid}</Id>' for pmid in pmids)
    return document(
        Endpoint.ELINK,
        "\n\t<LinkSet>\n\t\t<DbFrom>pubmed</DbFrom>"
        f"\n\t\t<IdCheckList>{rows}\n\t\t</IdCheckList>\n\t</LinkSet>\n",
    )


def _info(name: str) -> dict[str, str]:
    target, menu, html = NAMES[name]
    return {"DbTo": target, "LinkName": name, "MenuTag": menu, "HtmlTag": html, "Priority": "1"}


def publisher(pmids: Sequence[str], dois: Mapping[str, str]) -> Reply:
    """cmd=prlinks&retmode=ref: a redirect to the publisher's page of the one id."""
    if len(pmids) != 1:
        raise RefusalError("retmode=ref takes one id")
    if pmids[0] not in dois:
        raise RefusalError(f"No publisher's page is known for {pmids[0]}")
    return Reply(b"", status=302, location="https://doi.org/" + quote(dois[pmids[0]], safe="/:;()"))


def addresses(pmids: Sequence[str], dois: Mapping[str, str], *, json_mode: bool) -> Reply:
    """cmd=prlinks, llinks and llinkslib: the publisher's address, as far as a DOI gives one."""
    if json_mode:
        lists = [
            {
                "id": pmid,
                "objurls": [
                    {
                        "url": {"value": f"https://doi.org/{dois[pmid]}"},
                        "categories": ["Full Text Sources"],
                        "provider": {"name": "DOI", "nameabbr": "doi", "id": "0"},
                    }
                ]
                if pmid in dois
                else [],
            }
            for pmid in pmids
        ]
        return json_reply(Endpoint.ELINK, {"linksets": [{"dbfrom": "pubmed", "idurllist": lists}]})
    rows = ""
    for pmid in pmids:
        inside = (
            f"<ObjUrl><Url>{escape('https://doi.org/' + dois[pmid])}</Url>"
            "<Category>Full Text Sources</Category><Provider><Name>DOI</Name><NameAbbr>doi</NameAbbr>"
            "<Id>0</Id></Provider></ObjUrl>"
            if pmid in dois
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


# NCBI lists the candidates of an ambiguous citation while they are few, and else says how many there are.
MOST_CANDIDATES = 10


def _ambiguous(pmids: Iterable[str]) -> str:
    found = sorted(pmids, key=int)
    if len(found) > MOST_CANDIDATES:
        return f"AMBIGUOUS ({len(found)} citations)"
    return f"AMBIGUOUS {','.join(found)}"


class CitationIndex:
    """Records by journal, volume and first page, as a citation names them."""

    COLUMNS = ("pmid", "journal", "journal_abbreviation", "year", "volume", "pages", "authors")

    def __init__(self, table: pa.Table) -> None:
        self._by_place: dict[tuple[str, str, str], set[str]] = {}
        self._year: dict[str, str] = {}
        self._author: dict[str, str] = {}
        self._journals: set[str] = set()
        rows = zip(*(table.column(name).to_pylist() for name in self.COLUMNS), strict=True)
        for pmid, journal, abbreviation, year, volume, pages, authors in rows:
            first_page = number_key(page_ends(pages)[0])
            self._year[pmid] = "" if year is None else str(year)
            self._author[pmid] = authors[0] if authors else ""
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
        return next(iter(found)) if len(found) == 1 else _ambiguous(found)
