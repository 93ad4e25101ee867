"""A frozen PubMed: the E-utilities over an archive, byte for byte in NCBI's shapes.

`answer` takes any request of any client and gives what goes over the wire (`resift.frozen.serve` does
that); `send` is the same in one process, as a transport below our own client. Where the offline
engine decides otherwise than PubMed might, a remark stands where clients do not look: a processing
instruction in XML, a member `resift` in JSON.

Behaviour follows what the live service was seen to do, also where its documentation says otherwise: ids
0 to 9,998 of a set and no more, also by history; pages that cross that edge are clamped; efetch leaves
out what it does not know; unknown field tags are dropped without a word.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resift.archive.search import Found, in_table, search
from resift.errors import QueryError
from resift.frozen import bodies
from resift.frozen.abstract import abstract
from resift.frozen.bodies import FoundPage, Reply
from resift.frozen.details import details
from resift.frozen.history import (
    History,
    LostHistoryError,
    Pmids,
    combined,
    named_keys,
    parse_with_history,
)
from resift.frozen.info import database, databases
from resift.frozen.links import LINKS_HELD, CitationIndex, elink
from resift.frozen.medline import medline
from resift.frozen.order import BEST_MATCH, NEWEST_ADDED, in_order, order_named
from resift.frozen.request import NO_IDS, Parameters, RefusalError
from resift.frozen.spelling import Speller
from resift.frozen.summary import JSON_LIMIT, TOO_MANY, summaries_json, summaries_v1, summaries_v2
from resift.frozen.translation import mappings, stop_words, translated, unheard, without_unknown_tags
from resift.progress import step_bar
from resift.pubmed.source import NO_ITEMS, Answer, Endpoint, Request
from resift.query.nodes import Node
from resift.query.syntax import Query, parse, to_text
from resift.query.table import Corpus, QueryTable

if TYPE_CHECKING:
    from resift.archive.source import Archive, Progress
    from resift.frozen.citmatch import CitationMatcher
    from resift.query.mesh import MeshTree

WINDOW = 9_999
PAST_THE_EDGE = (
    "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed, ESearch can only"
    " retrieve the first 9,999 records matching the query. To obtain more than 9,999 PubMed records, consider"
    " using EDirect that contains additional logic to batch PubMed search results automatically so that an"
    " arbitrary number can be retrieved. For details see https://www.ncbi.nlm.nih.gov/books/NBK25499/"
)
DATE_FIELDS = {"pdat": "dp", "edat": "edat", "mdat": "lr", "crdt": "crdt", "mhda": "mhda"}
# Recorded in 2022: efetch with an empty id answers so in plain text under HTTP 200.
EMPTY_ID = "Supplied id parameter is empty.\n"
REMEMBERED_SEARCHES = 16
# Up to so many records (one file of NLM's) their text is held in memory, which answers a tenfold faster.
HELD = 30_000


@dataclass(frozen=True)
class Match:
    """The PMIDs of the archive that match a query, and what is said about the query.

    They are ascending where the query was decided, and in the order asked for where a search answers.
    """

    pmids: Pmids
    translation: str
    messages: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...] = ()
    mapped: tuple[tuple[str, str], ...] = ()


class FrozenPubMed:
    """E-utilities over an archive, and a transport. Safe to call from several threads."""

    def __init__(self, archive: Archive, mesh: MeshTree | None = None) -> None:
        self._archive = archive
        self._mesh = mesh
        self._lock = threading.RLock()
        self._matches: OrderedDict[str, Match] = OrderedDict()
        self._history = History()
        self._answers: dict[Endpoint, Callable[[Parameters], Reply]] = {
            Endpoint.EINFO: self._einfo,
            Endpoint.ESEARCH: self._esearch,
            Endpoint.EFETCH: self._efetch,
            Endpoint.ESUMMARY: self._esummary,
            Endpoint.EPOST: self._epost,
            Endpoint.ELINK: self._elink,
            Endpoint.ESPELL: self._espell,
            Endpoint.CITMATCH: lambda p: self._matcher.answer(p.get("raw-text")),
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
        except LostHistoryError as lost:
            return bodies.error(endpoint, f"Unable to obtain query #{lost.key}", json_mode=p.json)
        except RefusalError as refusal:
            return bodies.error(endpoint, refusal.message, json_mode=p.json, status=refusal.status)

    def send(self, request: Request) -> Answer:
        """The transport: the same answer without HTTP."""
        reply = self.answer(request.endpoint, request.params)
        now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Answer(reply.body, reply.status, now)

    def anew(self) -> FrozenPubMed:
        """The same records, already read, with an empty history, as though nobody had asked before."""
        self.load()
        other = FrozenPubMed(self._archive, self._mesh)
        other.__dict__ = {**self.__dict__, **other.__dict__}
        return other

    def load(self) -> None:
        """Read what the first search needs, so that it need not wait."""
        self._days, self._table  # noqa: B018

    # -- the state that is served -------------------------------------------------------------------

    @cached_property
    def _pmids(self) -> Pmids:
        return np.asarray(self._archive.pmids, dtype=np.int64)

    @cached_property
    def _citations(self) -> CitationIndex:
        return CitationIndex(self._archive.table(CitationIndex.COLUMNS))

    @cached_property
    def _matcher(self) -> CitationMatcher:
        from resift.frozen.citmatch import CitationMatcher  # a third of a second, for one endpoint

        return CitationMatcher(self._archive.table(CitationMatcher.COLUMNS))

    @cached_property
    def _days(self) -> tuple[npt.NDArray[np.int32], tuple[str, ...]]:
        """The day each record was added to PubMed, aligned with the PMIDs: its place among all days."""
        numbers: dict[str, int] = {}
        found = np.zeros(len(self._pmids), dtype=np.int32)
        for places, table in self._archive.by_shard(["entered", "entrez_date"]):
            entered, entrez = (table.column(name).to_pylist() for name in ("entered", "entrez_date"))
            found[places] = [
                numbers.setdefault((first or second)[:10], len(numbers))
                for first, second in zip(entered, entrez, strict=True)
            ]
        days = sorted(numbers)
        rank = np.zeros(len(days), dtype=np.int32)
        rank[[numbers[day] for day in days]] = np.arange(len(days))
        return rank[found], tuple(days)

    def _newest_first(self, pmids: Pmids) -> Pmids:
        """Ascending PMIDs by the day they were added to PubMed, ties with the newest PMID first."""
        days, _ = self._days
        places = np.searchsorted(self._pmids, pmids)
        return pmids[np.lexsort((-places, -days[places]))]

    @cached_property
    def today(self) -> dt.date:
        """The day the archive shows: of its newest record. A frozen database does not age."""
        days = [day for day in self._days[1] if re.fullmatch(r"\d{4}-\d\d-\d\d", day)]
        return dt.date.fromisoformat(days[-1]) if days else dt.date(1970, 1, 1)

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
            history = self._history.keep(found.pmids, p.get("WebEnv"))
        shown = FoundPage(
            count,
            len(page),
            retstart,
            page,
            found.translation,
            messages,
            history,
            remarks=found.remarks,
            mapped=found.mapped,
        )
        return bodies.search_json(shown) if p.json else bodies.search_xml(shown)

    def _found(self, p: Parameters) -> Match:
        term, key = p.get("term"), p.get("query_key")
        if not term and not key:
            raise RefusalError("Empty term and query_key - nothing todo")
        limit = self._limit(p)
        if not term and not limit:
            stored = self._history.stored(p.get("WebEnv"), key)
            return Match(stored, f"#{key}", () if len(stored) else (("OutputMessage", NO_ITEMS),))
        if term and p.get("field"):
            term = f"({term})[{p.get('field')}]" if " " in term else f"{term}[{p.get('field')}]"
        if term and limit:
            term = f"({term}) AND {limit}"
        match = self._matched(term or limit, p.get("WebEnv"))
        held = np.intersect1d(match.pmids, self._held(p.get("WebEnv"), key)) if key else match.pmids
        translation = match.translation if term else f"#{key} AND {match.translation}"
        order, said = order_named(p.get("sort"))
        pmids = self._newest_first(held) if order == NEWEST_ADDED else in_order(order, held, self._archive)
        none = () if len(pmids) else (("OutputMessage", NO_ITEMS),)
        remarks = match.remarks
        if p.get("sort").lower() == BEST_MATCH:
            remarks = (*remarks, "sort=relevance is NCBI's own ranking; these ids are newest first")
        return Match(pmids, translation, (*match.messages, *said, *none), remarks, match.mapped)

    def _limit(self, p: Parameters) -> str:
        """Date limits given as parameters, as a part of the query and so of its translation; "" = none.

        mindate and maxdate count only together (NBK25499).
        """
        field = DATE_FIELDS.get(p.get("datetype", "pdat").lower(), "dp")
        if p.get("reldate").isdecimal():
            first = self.today - dt.timedelta(days=min(p.number("reldate", 0), 60_000))
            return f"{first:%Y/%m/%d}:{self.today:%Y/%m/%d}[{field}]"
        if p.get("mindate") and p.get("maxdate"):
            return f"{p.get('mindate')}:{p.get('maxdate')}[{field}]"
        return ""

    def _matched(self, term: str, web_env: str) -> Match:
        try:
            if not web_env or not named_keys(term):
                return self._evaluated(parse(term, as_printed=True), term)
            root = parse_with_history(without_unknown_tags(term))
        except QueryError as error:
            raise RefusalError(f"Search Backend failed: {error}") from None
        parts: list[Match] = []

        def evaluated(node: Node) -> Pmids:
            parts.append(self._evaluated(parse(to_text(node)), to_text(node)))
            return parts[-1].pmids

        return Match(
            combined(root, lambda key: self._held(web_env, key), evaluated),
            translated(root),
            tuple(dict.fromkeys(said for part in parts for said in part.messages)),
            tuple(dict.fromkeys(said for part in parts for said in part.remarks)),
            tuple(dict.fromkeys(said for part in parts for said in part.mapped)),
        )

    def _evaluated(self, query: Query, term: str) -> Match:
        """The match of a query without references to the history; pages ask for the same one again."""
        if query.text in self._matches:
            self._matches.move_to_end(query.text)
            return self._matches[query.text]
        stopped = stop_words(query.root)
        if stopped:
            nothing = np.zeros(0, dtype=np.int64)
            match = Match(nothing, term, tuple(("PhraseNotFound", word) for word in stopped))
        else:
            found = self._search(query)
            match = Match(
                found.pmids,
                translated(query.root),
                tuple(("PhraseNotFound", word) for word in unheard(found, self._known)),
                (*map(str, query.faults), *found.approximations),
                mappings(query.root, self._mesh),
            )
        self._matches[query.text] = match
        if len(self._matches) > REMEMBERED_SEARCHES:
            self._matches.popitem(last=False)
        return match

    @cached_property
    def _table(self) -> QueryTable | None:
        """The searchable text of all records, where they are few; None: the archive is searched by file."""
        return self._archive.query_table() if len(self._pmids) <= HELD else None

    def _search(self, query: Query) -> Found:
        if self._table is not None:
            return in_table(query, self._table, mesh=self._mesh, today=self.today)
        with step_bar("searching", "files") as advance:
            return search(query, self._archive, mesh=self._mesh, today=self.today, progress=advance)

    def _known(self, word: str) -> bool:
        """Whether any record holds a word."""
        return len(self._search(parse(f'"{word}"[all]')).pmids) > 0

    # -- history ------------------------------------------------------------------------------------

    def _held(self, web_env: str, key: str) -> Pmids:
        """Of a stored set, the PMIDs that the archive holds, ascending."""
        return np.intersect1d(self._pmids, self._history.stored(web_env, key))

    def _epost(self, p: Parameters) -> Reply:
        given = [part for value in p.every("id") for part in re.split(r"[,\s+]+", value) if part]
        if not p.ids:
            raise RefusalError("Empty ID list; Nothing to store")
        key, web_env = self._history.keep(p.ids, p.get("WebEnv"))
        omitted = any(not re.fullmatch(r"\d{1,18}", part) for part in given)
        return bodies.posted(key, web_env, omitted=omitted, json_mode=p.json)

    def _asked(self, p: Parameters, *, most: int) -> list[str]:
        """The ids of a request: given, or a page of a stored set, clamped at the edge without a word."""
        if p.get("WebEnv") or p.get("query_key"):
            held = self._history.stored(p.get("WebEnv"), p.get("query_key", "1"))
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
        if p.every("id") and not "".join(p.every("id")).strip():
            return Reply(EMPTY_ID.encode(), bodies.TEXT)
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
            elements = self._archive.elements(ids)
            texts = [f"\n{medline(elements[r.pmid], r)}" for r in self._archive.records(ids)]
            return Reply("".join(texts).encode(), bodies.TEXT)
        if form in ("abstract", "citation") and mode != "xml":
            shown = [abstract(n, record) for n, record in enumerate(self._archive.records(ids), 1)]
            return Reply("\n\n".join(shown).encode(), bodies.TEXT)
        return bodies.record_set(list(self._archive.elements(ids).values()))

    def _holds(self, pmid: str) -> bool:
        at = int(np.searchsorted(self._pmids, int(pmid)))
        return at < len(self._pmids) and int(self._pmids[at]) == int(pmid)

    def _elink(self, p: Parameters) -> Reply:
        """Links, limited by `term` and dates where they lead to PubMed (NBK25499, ELink)."""
        term = " AND ".join(f"({part})" for part in (p.get("term"), self._limit(p)) if part)
        if not term:
            return elink(p, self._archive, self._history)
        allowed = frozenset(map(str, self._matched(term, "").pmids.tolist()))
        return elink(p, self._archive, self._history, allowed)

    @cached_property
    def _speller(self) -> Speller:
        words: set[str] = set()
        for n in self._archive.shards():
            words.update(self._archive.in_shard(n, lambda table: Corpus(table.column("title")).vocabulary))
        return Speller(words)

    def _espell(self, p: Parameters) -> Reply:
        return bodies.spelling(p.get("term"), self._speller.corrected(p.get("term")))

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
        elements = self._archive.elements(ids)
        records = {r.pmid: (r, details(elements[r.pmid])) for r in self._archive.records(ids)}
        if p.json:
            return summaries_json(ids, records)
        if p.get("version") == "2.0":
            return summaries_v2(ids, records, self.build)
        return summaries_v1(ids, records)

    def _einfo(self, p: Parameters) -> Reply:
        if not p.get("db"):
            return databases(json_mode=p.json)
        if p.get("db").lower() != "pubmed":
            raise RefusalError(f"Invalid db name specified: {p.get('db')}")
        return database(self.build, len(self._pmids), self.today, LINKS_HELD, json_mode=p.json)


def open_frozen(
    folder: Path, *, mesh: Path | None = None, cache: Path | None = None, progress: Progress | None = None
) -> FrozenPubMed:
    """A frozen PubMed over a folder of PubMed XML; `mesh` is `mtreesYYYY.bin` or `descYYYY.xml`.

    `progress` is called as files are indexed."""
    from resift.archive.source import Archive
    from resift.query.mesh import MeshTree

    kept = {} if cache is None else {"cache": cache}
    archive = Archive.open(folder, progress=progress, **kept)
    return FrozenPubMed(archive, MeshTree.load(mesh) if mesh else None)
