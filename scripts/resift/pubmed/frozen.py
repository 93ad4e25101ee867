"""A frozen PubMed: the E-utilities over an archive, byte for byte in NCBI's shapes.

`answer` takes any request of any client and gives what goes over the wire (`resift.pubmed.serve` does
that); `send` is the same in one process, as a transport below our own client. A search that the offline
engine decides otherwise than PubMed might carries an OutputMessage that begins with `resift: `.

Behaviour follows what the live service was seen to do, also where its documentation says otherwise: ids
0 to 9,998 of a set and no more, also by history; pages that cross that edge are clamped; efetch leaves
out what it does not know; unknown field tags are dropped without a word.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from resift.errors import QueryError
from resift.formats.nbib import source_line, to_nbib_record
from resift.pubmed import frozen_bodies as bodies
from resift.pubmed.frozen_bodies import FoundPage, Reply
from resift.pubmed.frozen_info import database, databases
from resift.pubmed.frozen_links import (
    CITED_IN,
    NAMES,
    REFS,
    CitationIndex,
    LinkSet,
    addresses,
    checked,
    links,
    neighbours,
    stored,
)
from resift.pubmed.frozen_summary import JSON_LIMIT, TOO_MANY, summaries_json, summaries_v1, summaries_v2
from resift.pubmed.frozen_translation import stop_words, translated, without_unknown_tags
from resift.pubmed.source import NO_ITEMS, OWN_MESSAGE, Answer, Endpoint, Request
from resift.query.evaluate import evaluate
from resift.query.syntax import parse
from resift.records import Record

if TYPE_CHECKING:
    from resift.pubmed.archive import Archive
    from resift.query.mesh import MeshTree

WINDOW = 9_999
LOST = "Unable to obtain query #{key}"
NO_IDS = "ID list is empty! Possibly it has no correct IDs."
PAST_THE_EDGE = (
    "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed, ESearch can only"
    " retrieve the first 9,999 records matching the query. To obtain more than 9,999 PubMed records, consider"
    " using EDirect that contains additional logic to batch PubMed search results automatically so that an"
    " arbitrary number can be retrieved. For details see https://www.ncbi.nlm.nih.gov/books/NBK25499/"
)
DATE_FIELDS = {"pdat": "dp", "edat": "edat", "mdat": "lr", "crdt": "crdt"}
REMEMBERED_SEARCHES = 16

Pmids = npt.NDArray[np.int64]


class RefusalError(Exception):
    """An ERROR to send instead of an answer."""

    def __init__(self, message: str, status: int = 200) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


class Parameters:
    """The parameters of one request, as the services read them."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = list(pairs)

    def get(self, name: str, default: str = "") -> str:
        return next((value for key, value in self._pairs if key == name), default).strip()

    def every(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name]

    def number(self, name: str, default: int) -> int:
        text = self.get(name)
        return int(text) if re.fullmatch(r"\d{1,12}", text) else default

    @property
    def json(self) -> bool:
        return self.get("retmode").lower() == "json"

    @property
    def id_lists(self) -> list[list[str]]:
        """One list for each `id` parameter: numbers without leading zeros, each once."""
        return [numbers(value) for value in self.every("id")]

    @property
    def ids(self) -> list[str]:
        return list(dict.fromkeys(pmid for ids in self.id_lists for pmid in ids))


def numbers(text: str) -> list[str]:
    found = (part for part in re.split(r"[,\s+]+", text) if re.fullmatch(r"\d{1,18}", part))
    return list(dict.fromkeys(str(int(part)) for part in found))


@dataclass(frozen=True)
class Found:
    """A search: PMIDs newest first, and what is said about the query."""

    pmids: Pmids
    translation: str
    messages: tuple[tuple[str, str], ...]


class FrozenPubMed:
    """E-utilities over an archive, and a transport. Safe to call from several threads."""

    def __init__(self, archive: Archive, mesh: MeshTree | None = None) -> None:
        self._archive = archive
        self._mesh = mesh
        self._lock = threading.RLock()
        self._searches: OrderedDict[tuple[str, str], Found] = OrderedDict()
        self._histories: dict[str, list[Pmids]] = {}
        self._answers: dict[Endpoint, Callable[[Parameters], Reply]] = {
            Endpoint.EINFO: self._einfo,
            Endpoint.ESEARCH: self._esearch,
            Endpoint.EFETCH: self._efetch,
            Endpoint.ESUMMARY: self._esummary,
            Endpoint.EPOST: self._epost,
            Endpoint.ELINK: self._elink,
            Endpoint.ESPELL: lambda p: bodies.spelling(p.get("term")),
            Endpoint.ECITMATCH: lambda p: Reply(self._citations.answer(p.get("bdata")).encode(), bodies.TEXT),
        }

    def answer(self, endpoint: Endpoint, pairs: Iterable[tuple[str, str]]) -> Reply:
        """The reply to one request; a request that cannot be answered gets an ERROR, never an exception."""
        p = Parameters(pairs)
        try:
            if endpoint is not Endpoint.EINFO:
                name = "dbfrom" if endpoint is Endpoint.ELINK else "db"
                if p.get(name, "pubmed").lower() != "pubmed":
                    raise RefusalError(f"Invalid db name specified: {p.get(name)}")
            with self._lock:
                return self._answers[endpoint](p)
        except RefusalError as refusal:
            return bodies.error(endpoint, refusal.message, json_mode=p.json, status=refusal.status)

    def send(self, request: Request) -> Answer:
        """The transport: the same answer without HTTP."""
        reply = self.answer(request.endpoint, request.params)
        now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Answer(reply.body, reply.status, now)

    def load(self) -> None:
        """Read what the first search needs, so that it need not wait."""
        self._orders, self._table  # noqa: B018

    # -- the state that is served -------------------------------------------------------------------

    @cached_property
    def _pmids(self) -> Pmids:
        return np.asarray(self._archive.pmids, dtype=np.int64)

    @cached_property
    def _table(self) -> Any:
        return self._archive.query_table()

    @cached_property
    def _citations(self) -> CitationIndex:
        return CitationIndex(self._archive.frame(CitationIndex.COLUMNS))

    @cached_property
    def _entered(self) -> npt.NDArray[np.str_]:
        """The day each record was added to PubMed, aligned with the PMIDs."""
        dates = self._archive.frame(["entered", "entrez_date"])
        days = dates["entered"].where(dates["entered"] != "", dates["entrez_date"])
        return np.asarray(days.str[:10], dtype=np.str_)

    @cached_property
    def _orders(self) -> dict[str, Pmids]:
        """Positions in each order that `sort` names; "" is the default, newest added first."""
        columns = ["print_date", "electronic_date", "authors", "journal"]
        frame = self._archive.frame(columns)
        newest = -np.arange(len(self._pmids))
        published = frame["print_date"].where(frame["print_date"] != "", frame["electronic_date"])
        authors = [names[0].lower() if len(names) else "~" for names in frame["authors"]]

        def down(values: npt.NDArray[np.str_]) -> Pmids:
            return -np.unique(values, return_inverse=True)[1].astype(np.int64)

        return {
            "": np.lexsort((newest, down(self._entered))),
            "pub_date": np.lexsort((newest, down(np.asarray(published, dtype=np.str_)))),
            "author": np.lexsort((newest, np.asarray(authors, dtype=np.str_))),
            "journalname": np.lexsort((newest, np.asarray(frame["journal"].str.lower(), dtype=np.str_))),
        }

    @cached_property
    def today(self) -> dt.date:
        """The day the archive shows: of its newest record. A frozen database does not age."""
        days = [day for day in self._entered.tolist() if re.fullmatch(r"\d{4}-\d\d-\d\d", day)]
        return dt.date.fromisoformat(max(days)) if days else dt.date(1970, 1, 1)

    @cached_property
    def build(self) -> str:
        """Stands in for DbBuild: names the content of the archive and nothing else."""
        return f"Build-frozen-{self._archive.identity[:16]}"

    # -- esearch ------------------------------------------------------------------------------------

    def _esearch(self, p: Parameters) -> Reply:
        found = self._found(p)
        count = len(found.pmids)
        if p.get("rettype").lower() == "count":
            return bodies.count_only(count, json_mode=p.json)
        retstart, retmax = p.number("retstart", 0), min(p.number("retmax", 20), WINDOW)
        if retstart >= WINDOW:
            raise RefusalError(PAST_THE_EDGE)
        messages = list(found.messages)
        if retstart + retmax > WINDOW and count > WINDOW:
            retmax = WINDOW - retstart
            messages.append(
                ("OutputMessage", f"Restrictions achieved. start and count adjusted to {retstart}, {retmax}")
            )
        page = [str(pmid) for pmid in found.pmids[retstart : retstart + retmax].tolist()]
        history = None
        if p.get("usehistory").lower() == "y" or p.get("WebEnv"):
            history = self._keep(found.pmids, p.get("WebEnv"))
        shown = FoundPage(count, len(page), retstart, page, found.translation, messages, history)
        return bodies.search_json(shown) if p.json else bodies.search_xml(shown)

    def _found(self, p: Parameters) -> Found:
        term = p.get("term")
        key = p.get("query_key")
        if not term and not key:
            raise RefusalError("Empty term and query_key - nothing todo")
        if not term:
            held = self._history(p)
            return Found(held, f"#{key}", () if len(held) else (("OutputMessage", NO_ITEMS),))
        if p.get("field"):
            term = f"({term})[{p.get('field')}]" if " " in term else f"{term}[{p.get('field')}]"
        within: Pmids | None = self._history(p) if key else None
        # `#1 AND asthma`: a set of the history inside a term, as EDirect's efilter sends it.
        if p.get("WebEnv") and (named := re.fullmatch(r"\(?\s*#(\d+)\s*\)?\s+AND\s+(.+)", term, re.DOTALL)):
            within, term = self._stored(p.get("WebEnv"), named[1]), named[2]
        found = self._searched(self._dated(term, p), p.get("sort").lower().replace("+", "_"))
        if within is None:
            return found
        kept = found.pmids[np.isin(found.pmids, within)]
        messages = tuple(m for m in found.messages if m[1] != NO_ITEMS)
        none = () if len(kept) else (("OutputMessage", NO_ITEMS),)
        return Found(kept, found.translation, (*messages, *none))

    def _dated(self, term: str, p: Parameters) -> str:
        """Date limits given as parameters become part of the query, and so of its translation."""
        field = DATE_FIELDS.get(p.get("datetype", "pdat").lower(), "dp")
        if p.get("reldate").isdigit():
            first = self.today - dt.timedelta(days=min(p.number("reldate", 0), 60_000))
            return f"({term}) AND {first:%Y/%m/%d}:{self.today:%Y/%m/%d}[{field}]"
        if p.get("mindate") and p.get("maxdate"):
            return f"({term}) AND {p.get('mindate')}:{p.get('maxdate')}[{field}]"
        return term

    def _searched(self, term: str, sort: str) -> Found:
        asked = (term, sort)
        if asked in self._searches:
            self._searches.move_to_end(asked)
            return self._searches[asked]
        try:
            query = parse(without_unknown_tags(term))
        except QueryError as error:
            raise RefusalError(f"Search Backend failed: {error}") from None
        evaluation = evaluate(query, self._table, mesh=self._mesh, today=self.today)
        messages = [("OutputMessage", OWN_MESSAGE + said) for said in evaluation.approximations]
        stopped = stop_words(query.root)
        order = self._orders.get(sort, self._orders[""])
        yes = evaluation.yes[order]
        if stopped:
            yes = np.zeros_like(yes)
            messages = [("PhraseNotFound", word) for word in stopped]
        pmids = self._pmids[order[yes]]
        if not len(pmids):
            messages.append(("OutputMessage", NO_ITEMS))
        found = Found(pmids, term if stopped else translated(query.root), tuple(messages))
        self._searches[asked] = found
        if len(self._searches) > REMEMBERED_SEARCHES:
            self._searches.popitem(last=False)
        return found

    # -- history ------------------------------------------------------------------------------------

    def _keep(self, pmids: Pmids, web_env: str = "") -> tuple[int, str]:
        """Store a set; returns its query key and WebEnv (`MCID_` and 24 hexadecimal digits)."""
        if not web_env:
            web_env = "MCID_" + hashlib.sha256(str(len(self._histories)).encode()).hexdigest()[:24]
        elif web_env not in self._histories:
            raise RefusalError(LOST.format(key=1))
        held = self._histories.setdefault(web_env, [])
        held.append(pmids)
        return len(held), web_env

    def _stored(self, web_env: str, key: str) -> Pmids:
        held = self._histories.get(web_env, [])
        if not key.isdigit() or not 1 <= int(key) <= len(held):
            raise RefusalError(LOST.format(key=key or 1))
        return held[int(key) - 1]

    def _history(self, p: Parameters) -> Pmids:
        return self._stored(p.get("WebEnv"), p.get("query_key", "1"))

    def _epost(self, p: Parameters) -> Reply:
        if not "".join(p.every("id")).strip():
            raise RefusalError("Empty ID list; Nothing to store")
        given = [part for value in p.every("id") for part in re.split(r"[,\s+]+", value) if part]
        ids = p.ids
        if not ids:
            raise RefusalError("Empty ID list; Nothing to store")
        key, web_env = self._keep(np.array(ids, dtype=np.int64), p.get("WebEnv"))
        valid = [part for part in given if re.fullmatch(r"\d{1,18}", part)]
        return bodies.posted(key, web_env, omitted=len(valid) < len(given), json_mode=p.json)

    def _asked(self, p: Parameters, *, most: int) -> list[str]:
        """The ids of a request: given, or a page of a stored set, clamped at the edge without a word."""
        if p.get("WebEnv") or p.get("query_key"):
            held = self._history(p)
            retstart = p.number("retstart", 0)
            if retstart >= WINDOW:
                raise RefusalError(PAST_THE_EDGE, 400)
            stop = min(retstart + min(p.number("retmax", most), most), WINDOW)
            return [str(pmid) for pmid in held[retstart:stop].tolist()]
        ids = p.ids
        retstart = p.number("retstart", 0)
        return ids[retstart : retstart + p.number("retmax", len(ids))]

    # -- records ------------------------------------------------------------------------------------

    def _efetch(self, p: Parameters) -> Reply:
        form, mode = p.get("rettype").lower(), p.get("retmode").lower()
        ids = self._asked(p, most=WINDOW)
        if not ids and not (p.get("WebEnv") or p.get("query_key")):
            raise RefusalError(NO_IDS, 400)
        if form in ("uilist", "uid"):
            held = [pmid for pmid in ids if self._holds(pmid)]
            if mode == "xml":
                return bodies.id_list_xml(held)
            return Reply("".join(f"{pmid}\n" for pmid in held).encode(), bodies.TEXT)
        if form == "docsum":
            return self._summaries(ids, p)
        if form == "medline" and mode != "xml":
            text = "".join(f"\n{to_nbib_record(record)}" for record in self._archive.records(ids))
            return Reply(text.encode(), bodies.TEXT)
        if form in ("abstract", "citation") and mode != "xml":
            shown = [_abstract(n, record) for n, record in enumerate(self._archive.records(ids), 1)]
            return Reply("\n\n".join(shown).encode(), bodies.TEXT)
        return bodies.record_set(list(self._archive.elements(ids).values()))

    def _holds(self, pmid: str) -> bool:
        at = int(np.searchsorted(self._pmids, int(pmid)))
        return at < len(self._pmids) and int(self._pmids[at]) == int(pmid)

    def _esummary(self, p: Parameters) -> Reply:
        if not (p.get("WebEnv") or p.get("query_key") or "".join(p.every("id")).strip()):
            raise RefusalError("Neither query_key nor id specified")
        ids = self._asked(p, most=WINDOW)
        if not ids and not p.get("query_key"):
            raise RefusalError(NO_IDS, 400)
        return self._summaries(ids, p)

    def _summaries(self, ids: Sequence[str], p: Parameters) -> Reply:
        if p.json and len(ids) > JSON_LIMIT:
            raise RefusalError(TOO_MANY)
        records = {record.pmid: record for record in self._archive.records(ids)}
        if p.json:
            return summaries_json(ids, records)
        if p.get("version") == "2.0":
            return summaries_v2(ids, records, self.build)
        return summaries_v1(ids, records)

    # -- links --------------------------------------------------------------------------------------

    def _elink(self, p: Parameters) -> Reply:
        command = p.get("cmd", "neighbor").lower()
        groups = [ids for ids in p.id_lists if ids]
        if p.get("WebEnv") or p.get("query_key"):
            groups = [[str(pmid) for pmid in self._history(p)[:WINDOW].tolist()]]
        if not groups:
            raise RefusalError(NO_IDS)
        asked = list(dict.fromkeys(pmid for ids in groups for pmid in ids))
        if command in ("prlinks", "llinks", "llinkslib"):
            return addresses(asked, {r.pmid: r.doi for r in self._archive.records(asked) if r.doi})
        names = [name for name in re.split(r"[,\s]+", p.get("linkname")) if name in NAMES]
        if not p.get("linkname"):
            target = p.get("db", "pubmed").lower()
            names = [name for name, (db, _, _) in NAMES.items() if db == target or command == "acheck"]
        found = {name: links(self._archive, asked, name) for name in names}
        if command in ("acheck", "ncheck", "lcheck"):
            having = {pmid: [name for name in names if found[name][pmid]] for pmid in asked}
            return checked(asked, having, names=command == "acheck")
        link_sets: list[LinkSet] = [(ids, [(n, _merged(found[n], ids)) for n in names]) for ids in groups]
        if command == "neighbor_history":
            return stored(link_sets, lambda ids: self._keep(np.array(ids, dtype=np.int64)), json_mode=p.json)
        return neighbours(link_sets, scores=command == "neighbor_score", json_mode=p.json)

    def _einfo(self, p: Parameters) -> Reply:
        if not p.get("db"):
            return databases(json_mode=p.json)
        if p.get("db").lower() != "pubmed":
            raise RefusalError(f"Invalid db name specified: {p.get('db')}")
        link_names = {name: NAMES[name][0] for name in (CITED_IN, REFS)}
        return database(self.build, len(self._pmids), self.today, link_names, json_mode=p.json)


def open_frozen(folder: Path, *, mesh: Path | None = None, cache: Path | None = None) -> FrozenPubMed:
    """A frozen PubMed over a folder of PubMed XML; `mesh` is `mtreesYYYY.bin` or `descYYYY.xml`."""
    from resift.pubmed.archive import Archive
    from resift.query.mesh import MeshTree

    archive = Archive.open(folder) if cache is None else Archive.open(folder, cache=cache)
    return FrozenPubMed(archive, MeshTree.load(mesh) if mesh else None)


def _merged(found: dict[str, list[str]], ids: Sequence[str]) -> list[str]:
    """The links of several ids in one list, as elink mixes them for a comma list; newest PMID first."""
    if len(ids) == 1:
        return found[ids[0]]
    return sorted({linked for pmid in ids for linked in found[pmid]}, key=int, reverse=True)


def _abstract(n: int, record: Record) -> str:
    """rettype=abstract: a numbered citation, title, authors, abstract, identifiers."""
    parts = [
        f"{n}. {source_line(record)}",
        record.title,
        ", ".join((*record.authors, *record.collective_authors)) + "." if record.authors else "",
        record.abstract,
        " ".join(
            part
            for part in (
                f"DOI: {record.doi}" if record.doi else "",
                f"PMCID: {record.pmcid}" if record.pmcid else "",
                f"PMID: {record.pmid}",
            )
            if part
        ),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
