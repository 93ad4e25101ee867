"""The client of the E-utilities: every search complete, every requested record returned or explained.

The rules it keeps, each because the service does otherwise without a word: no WebEnv, so that nothing
expires; 9,999 ids at most in one answer, and slices that add up to Count above that; what was returned is
compared with what was requested; the server's messages are kept verbatim. The same client runs over HTTP
and, in one process, over an archive (`resift.frozen.pubmed`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from resift.errors import Code, QueryError, SourceError
from resift.pubmed.answers import (
    SearchPage,
    citation_line,
    citation_match,
    line_key,
    read_build,
    read_candidates,
    read_links,
    read_matches,
    read_search,
    read_updated,
)
from resift.pubmed.batches import SideService, kept_or_partial, settle_partial
from resift.pubmed.checks import WINDOW
from resift.pubmed.retrieval import Retrieval
from resift.pubmed.source import (
    RECORDS_AT_ONCE,
    REFERENCE_LINKS,
    Answer,
    CitationMatch,
    CitationQuery,
    Endpoint,
    FetchAnswer,
    MatchOutcome,
    Request,
    SearchAnswer,
    Slice,
    Transport,
    recorded_translation,
    sorted_ids,
)
from resift.pubmed.verdict import ERROR_LIST

# A PMID above all others for long: the newest of 2025 is 41,297,076.
TOP_PMID = 99_999_999
# Slices are planned to be about this full, since PMIDs are not spread evenly.
PLANNED = 7_000
MOST_PARTS = 40
MOST_HITS = 5_000_000
LINKS_AT_ONCE = 200
CITATIONS_AT_ONCE = 100
# The examples of ECitMatch's documentation (NBK25499): any server answers these lines in one way or another.
EXAMPLES = (
    CitationQuery(
        key="first",
        journal="proc natl acad sci u s a",
        year="1991",
        volume="88",
        first_page="3248",
        author="mann bj",
    ),
    CitationQuery(
        key="last",
        journal="science",
        year="1987",
        volume="235",
        first_page="182",
        author="palmenberg ac",
    ),
)

log = logging.getLogger(__name__)


class DisagreementError(SourceError):
    """The parts of a search do not add up to what the server counted."""

    family = Code.SOURCE_DISAGREEMENT


def _read_as_sent(answer: SearchAnswer, again: Callable[[], SearchAnswer]) -> SearchAnswer:
    """An answer to the query that was sent, by the server's own translation, as far as asking again helps."""
    for _ in range(2):
        if not _lacks(answer):
            break
        log.warning("the server's translation of the query is not that of the query sent; asked again")
        try:
            answer = again()
        except SourceError as error:
            log.warning("%s", error)
            break
    return answer


def _lacks(answer: SearchAnswer) -> bool:
    """Whether the server read another query than was sent, by its own translation."""
    from resift.query.losses import untranslated
    from resift.query.syntax import parse

    try:
        query = parse(answer.query, as_printed=True)
    except QueryError:
        return False
    return bool(untranslated(query, recorded_translation(answer)))


class Entrez:
    """A `Source` over any transport: `Tape(raw, HttpTransport(...))`, `Tape(raw, FrozenPubMed(...))`."""

    def __init__(
        self, transport: Transport, *, batch: int = RECORDS_AT_ONCE, citation_matcher: bool = True
    ) -> None:
        self._transport = transport
        self._citation_matcher = citation_matcher
        self._batch = batch
        self._info: bytes | None = None

    # -- searching ---------------------------------------------------------------------------------

    def search(self, query: str) -> SearchAnswer:
        """Every id that matches. Above 9,999 in slices of PMIDs, which must add up to the server's Count.

        When they do not, as while the database changes, all is asked again with a fresh Count, twice; then
        it is a `SourceError`. An answer whose translation lacks what was asked is asked for again, twice; it
        is then given as it is, and the protocol says whether it may be used (`identify.search`).
        """
        return _read_as_sent(self._adding_up(query), lambda: self._searched(query, fresh=True))

    def _adding_up(self, query: str) -> SearchAnswer:
        for fresh in (False, True):
            try:
                return self._searched(query, fresh=fresh)
            except DisagreementError as error:
                log.warning("%s; asked again", error)
        try:
            return self._searched(query, fresh=True)
        except DisagreementError as error:
            raise DisagreementError(
                f"{error.what}, three times",
                where=error.where,
                fix="the database is changing: run the same command again in an hour",
            ) from None

    def _searched(self, query: str, *, fresh: bool) -> SearchAnswer:
        request = _esearch(query, WINDOW).asked(fresh=fresh)
        answer = self._transport.send(request)
        whole = read_search(answer.body)
        ids: Iterable[str] = whole.ids
        slices: tuple[Slice, ...] = ()
        if whole.count > MOST_HITS:
            raise SourceError(
                f"{whole.count:,} records match, and the limit is {MOST_HITS:,}",
                where=f"search {_short(query)}",
                fix="narrow the query: nobody can screen so many",
            )
        if whole.count > WINDOW:
            slices, ids = self._sliced(query, whole.count, fresh=fresh)
        unique = sorted_ids(ids)
        if len(unique) != whole.count:
            raise DisagreementError(
                f"the server counts {whole.count} records but gives {len(unique)} different ids",
                where=f"search {_short(query)}",
            )
        return self._answered(query, request, answer, whole, unique, slices)

    def count(self, query: str) -> SearchAnswer:
        """Count, translation and messages without ids, in one request.

        Asked with retmax=0: with rettype=count the server leaves its warnings out. Asked for again as a
        search is.
        """
        return _read_as_sent(self._counted(query, fresh=False), lambda: self._counted(query, fresh=True))

    def _counted(self, query: str, *, fresh: bool) -> SearchAnswer:
        request = _esearch(query, 0).asked(fresh=fresh)
        answer = self._transport.send(request)
        return self._answered(query, request, answer, read_search(answer.body), (), ())

    def database_build(self) -> str:
        """The server's name for the state of its database, asked once."""
        return read_build(self._einfo())

    def _einfo(self) -> bytes:
        if self._info is None:
            request = Request.of(Endpoint.EINFO, db="pubmed", retmode="xml")
            self._info = self._transport.send(request).body
        return self._info

    def _answered(
        self,
        query: str,
        request: Request,
        answer: Answer,
        page: SearchPage,
        ids: tuple[str, ...],
        slices: tuple[Slice, ...],
    ) -> SearchAnswer:
        return SearchAnswer(
            query=query,
            count=page.count,
            ids=ids,
            translation=page.translation,
            translation_set=page.translation_set,
            errors=tuple(m for m in page.messages if m[0] in ERROR_LIST),
            warnings=tuple(m for m in page.messages if m[0] not in ERROR_LIST),
            slices=slices,
            utc=answer.utc,
            database_build=self.database_build(),
            database_updated=read_updated(self._einfo()),
            requests=(request.sha256, *(part.request for part in slices)),
            approximations=page.remarks,
        )

    def _sliced(self, query: str, count: int, *, fresh: bool) -> tuple[tuple[Slice, ...], list[str]]:
        """Slices of PMIDs, each within the window. UID is single-valued, so they tile without overlap;
        publication dates are not (a record has a print and an electronic one)."""
        slices: list[Slice] = []
        ids: list[str] = []
        waiting = [(1, TOP_PMID, count)]
        while waiting:
            first, last, expected = waiting.pop()
            counted = 0
            for low, high in _split(first, last, expected):
                request = _esearch(f"({query}) AND {low}:{high}[UID]", WINDOW)
                request = request.asked(fresh=fresh)
                page = read_search(self._transport.send(request).body)
                slices.append(Slice("UID", str(low), str(high), page.count, request.sha256))
                counted += page.count
                if page.count > WINDOW:
                    waiting.append((low, high, page.count))
                else:
                    ids.extend(page.ids)
                if any(not low <= int(pmid) <= high for pmid in page.ids):
                    raise DisagreementError(
                        f"PMIDs {low} to {high}: the slice holds others",
                        where=f"search {_short(query)}",
                    )
            if counted != expected:
                raise DisagreementError(
                    f"PMIDs {first} to {last}: the slices add up to {counted} records,"
                    f" the server counted {expected}",
                    where=f"search {_short(query)}",
                )
            log.info("%d of %d ids in %d slices", len(ids), count, len(slices))
        slices.sort(key=lambda part: (int(part.first), -int(part.last)))
        return tuple(slices), ids

    # -- records and what is around them -----------------------------------------------------------

    def fetch(self, ids: Iterable[str]) -> Iterator[FetchAnswer]:
        """The records in batches, then the ids of which the server shows that it has none."""
        return Retrieval(self._transport, self._batch).fetch(ids)

    def cited(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """PMIDs in the reference list of each record, by elink; ids without a usable answer are absent.

        Repeated `id` parameters give one LinkSet per id; a comma list would mix all answers in one.
        """

        def links(batch: Sequence[str], tries: int) -> dict[str, tuple[str, ...]]:
            request = Request.of(
                Endpoint.ELINK,
                cmd="neighbor",
                db="pubmed",
                dbfrom="pubmed",
                id=batch,
                linkname=REFERENCE_LINKS,
                retmode="xml",
            )
            return read_links(self._transport.send(request.asked(tries=tries)).body, REFERENCE_LINKS)

        wanted = sorted_ids(ids)
        found: dict[str, tuple[str, ...]] = {}
        for answered in SideService("elink", LINKS_AT_ONCE).ask(wanted, links):
            found.update(answered)
        return {pmid: found[pmid] for pmid in wanted if pmid in found}

    def match(self, citations: Iterable[CitationQuery]) -> dict[str, CitationMatch]:
        """What ecitmatch finds for each citation, reconciled by key.

        Lines travel under keys of our own, which name what they ask: the server drops lines that it cannot
        classify, and the answer to other lines must not be taken for the answer to these. A line left out is
        sent again between two that every server answers; left out again it counts as dropped.
        """
        wanted = list(citations)
        if len({citation.key for citation in wanted}) != len(wanted):
            raise ValueError("citations need keys of their own")
        keys = {citation.key: line_key(citation) for citation in wanted}
        lines = {keys[citation.key]: citation for citation in wanted}
        said: dict[str, str] = {}
        answered: set[str] = set()

        def lookup(batch: Sequence[str], tries: int) -> dict[str, str]:
            request = _ecitmatch({key: lines[key] for key in batch})
            answer, kept = kept_or_partial(self._transport, request.asked(tries=tries))
            found = read_matches(answer.body)
            missing = [key for key in batch if key not in found]
            if missing:
                # Between two lines that are answered: an answer that lost its first or last line shows.
                first, last = EXAMPLES
                again = {line_key(first): first} | {key: lines[key] for key in missing}
                again |= {line_key(last): last}
                beside = self._transport.send(_ecitmatch(again).asked(absent=missing, tries=tries))
                found |= {k: text for k, text in read_matches(beside.body).items() if k in missing}
                if not kept:
                    settle_partial(self._transport, request, answer)
            answered.update(batch)
            return found

        for found in SideService("ecitmatch", CITATIONS_AT_ONCE).ask(list(lines), lookup):
            said.update(found)
        return {
            key: citation_match(key, said.get(line))
            if line in answered
            else CitationMatch(key, MatchOutcome.UNAVAILABLE)
            for key, line in keys.items()
        }

    def match_text(self, texts: Iterable[str]) -> dict[str, tuple[str, ...] | None]:
        """What NCBI's citation matcher offers for each string, one request for each."""
        if not self._citation_matcher:
            return {}

        def lookup(batch: Sequence[str], tries: int) -> dict[str, tuple[str, ...]]:
            parameters = {"method": "heuristic", "raw-text": batch[0]}
            request = Request.of(Endpoint.CITMATCH, **parameters).asked(tries=tries)
            return {batch[0]: read_candidates(self._transport.send(request).body)}

        found: dict[str, tuple[str, ...] | None] = dict.fromkeys(texts)
        for answer in SideService("the citation matcher", 1).ask(list(found), lookup):
            found.update(answer)
        return found


def _esearch(term: str, retmax: int) -> Request:
    return Request.of(Endpoint.ESEARCH, db="pubmed", retmax=retmax, retmode="xml", retstart=0, term=term)


def _split(first: int, last: int, count: int) -> list[tuple[int, int]]:
    """Equal intervals of PMIDs, as many as `count` records fill; at least two, and few enough that a wrong
    Count shows before many requests were made for it."""
    if last - first + 1 < count:
        raise DisagreementError(f"{count} records are counted among PMIDs {first} to {last}")
    parts = min(max(2, -(-count // PLANNED)), MOST_PARTS, last - first + 1)
    edges = [first + (last - first + 1) * n // parts for n in range(parts + 1)]
    return [(low, high - 1) for low, high in pairwise(edges)]


def _ecitmatch(lines: Mapping[str, CitationQuery]) -> Request:
    bdata = "\r".join(citation_line(key, citation) for key, citation in lines.items())
    return Request.of(Endpoint.ECITMATCH, bdata=bdata, db="pubmed", retmode="xml")


def _short(query: str) -> str:
    line = " ".join(query.split())
    return line if len(line) <= 60 else line[:59] + "…"
