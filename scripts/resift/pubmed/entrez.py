"""The client of the E-utilities: every search complete, every requested record returned or explained.

The rules it keeps, each because the service does otherwise without a word: no WebEnv, so that nothing
expires; 9,999 ids at most in one answer, and slices that add up to Count above that; what was returned is
compared with what was requested; the server's messages are kept verbatim. The same client runs over HTTP
and, in one process, over an archive (`resift.frozen.pubmed`).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

from tqdm import tqdm

from resift.errors import SourceError
from resift.pubmed.answers import (
    RecordSet,
    SearchPage,
    citation_line,
    citation_match,
    read_build,
    read_links,
    read_matches,
    read_records,
    read_search,
    read_summaries,
)
from resift.pubmed.source import (
    Answer,
    AnswerError,
    Cause,
    Citation,
    CitationMatch,
    Endpoint,
    FetchAnswer,
    Miss,
    MissKind,
    Request,
    SearchAnswer,
    Slice,
    Transport,
    sorted_ids,
)
from resift.pubmed.verdict import ERROR_LIST

# esearch gives ids 0..9998 of a set since 2022; the documentation still says 10,000.
WINDOW = 9_999
# A PMID above all others for long: the newest of 2025 is 41,297,076.
TOP_PMID = 99_999_999
# Slices are planned to be about this full, since PMIDs are not spread evenly.
PLANNED = 7_000
LINKS_AT_ONCE = 200
CITATIONS_AT_ONCE = 100
REFERENCES = "pubmed_pubmed_refs"
# More single records than this failing means that the server, not the records, is at fault.
GUILTY_RECORDS = 5
# How often a record is asked for that the server says it has and does not deliver.
INSIST = 6

T = TypeVar("T")
log = logging.getLogger(__name__)


class Entrez:
    """A `Source` over any transport: `Tape(raw, HttpTransport(...))`, `Tape(raw, FrozenPubMed(...))`."""

    def __init__(self, transport: Transport, *, batch: int = 500) -> None:
        self._transport = transport
        self._batch = batch
        self._build: str | None = None

    # -- searching ---------------------------------------------------------------------------------

    def search(self, query: str) -> SearchAnswer:
        """Every id that matches. Above 9,999 in slices of PMIDs, which must add up to the server's Count.

        Raises `SourceError` when they do not, as when the database changes while it is being searched.
        """
        request = _esearch(query, WINDOW)
        answer = self._transport.send(request)
        whole = read_search(answer.body)
        ids: Iterable[str] = whole.ids
        slices: tuple[Slice, ...] = ()
        if whole.count > WINDOW:
            slices, ids = self._sliced(query, whole.count)
        unique = sorted_ids(ids)
        if len(unique) != whole.count:
            raise SourceError(
                f"the server counts {whole.count} records but gives {len(unique)} different ids",
                where=f"search {_short(query)}",
                fix="start a new run",
            )
        return self._answered(query, request, answer, whole, unique, slices)

    def count(self, query: str) -> SearchAnswer:
        """Count, translation and messages without ids, in one request.

        Asked with retmax=0: with rettype=count the server leaves its warnings out.
        """
        request = _esearch(query, 0)
        answer = self._transport.send(request)
        return self._answered(query, request, answer, read_search(answer.body), (), ())

    def database_build(self) -> str:
        """The server's name for the state of its database, asked once."""
        if self._build is None:
            request = Request.of(Endpoint.EINFO, db="pubmed", retmode="xml")
            self._build = read_build(self._transport.send(request).body)
        return self._build

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
            requests=(request.sha256, *(part.request for part in slices)),
            approximations=page.remarks,
        )

    def _sliced(self, query: str, count: int) -> tuple[tuple[Slice, ...], list[str]]:
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
                page = read_search(self._transport.send(request).body)
                slices.append(Slice("UID", str(low), str(high), page.count, request.sha256))
                counted += page.count
                if page.count > WINDOW:
                    waiting.append((low, high, page.count))
                else:
                    ids.extend(page.ids)
            if counted != expected:
                raise SourceError(
                    f"PMIDs {first} to {last}: the slices add up to {counted} records,"
                    f" the server counted {expected}",
                    where=f"search {_short(query)}",
                    fix="the database changed while it was searched; start a new run",
                )
            log.info("%d of %d ids in %d slices", len(ids), count, len(slices))
        slices.sort(key=lambda part: (int(part.first), -int(part.last)))
        return tuple(slices), ids

    # -- fetching ----------------------------------------------------------------------------------

    def fetch(self, ids: Iterable[str]) -> Iterator[FetchAnswer]:
        """The records in batches of 500 at most, then what did not come, each miss explained.

        efetch answers by omission. What the batches leave out is asked for again when all are done, and
        esummary, which does speak of every id, says why the rest is missing.
        """
        wanted = sorted_ids(ids)
        missing: list[str] = []
        failed: list[Miss] = []
        beside = ""
        settled = 0
        with tqdm(total=len(wanted), unit=" records", desc="fetch", disable=not sys.stderr.isatty()) as bar:
            for batch in _chunks(wanted, self._batch):
                answer = self._settle(batch, failed)
                missing.extend(pmid for pmid in batch if pmid not in answer.elements)
                beside = next(iter(answer.elements), beside)
                bar.update(len(batch))
                settled += len(batch)
                log.info("asked for %d of %d records", settled, len(wanted))
                if answer.elements:
                    yield answer
        log.info("%d of %d records came with the first asking", len(wanted) - len(missing), len(wanted))
        guilty = {miss.pmid for miss in failed}
        yield from self._missing([pmid for pmid in missing if pmid not in guilty], failed, beside)

    def _settle(self, batch: Sequence[str], failed: list[Miss]) -> FetchAnswer:
        """One batch, halved while it fails, down to the records at fault, which are added to `failed`."""
        try:
            return self._records(batch)
        except AnswerError as error:
            if error.cause is Cause.NO_VALID_IDS:
                return FetchAnswer({})
            if error.cause is Cause.BAD_KEY or (len(batch) == 1 and len(failed) >= GUILTY_RECORDS):
                raise
            if len(batch) == 1:
                log.warning("PMID %s: %s", batch[0], error)
                failed.append(Miss(batch[0], MissKind.NOT_RETURNED, error.what))
                return FetchAnswer({})
            log.warning("%d records asked for in two halves: %s", len(batch), error)
            middle = len(batch) // 2
            return _joined([self._settle(half, failed) for half in (batch[:middle], batch[middle:])])

    def _missing(self, missing: list[str], failed: list[Miss], beside: str) -> Iterator[FetchAnswer]:
        while missing:
            again = _joined([self._settle(batch, failed) for batch in _chunks(missing, self._batch)])
            if not again.elements:
                break
            yield again
            missing = [pmid for pmid in missing if pmid not in again.elements]
        guilty = {miss.pmid for miss in failed}
        misses = list(failed)
        for pmid, miss in self._explained([pmid for pmid in missing if pmid not in guilty]):
            answer = FetchAnswer({}, misses=(miss,)) if miss else self._insist(pmid, beside)
            misses.extend(answer.misses)
            if answer.elements:
                yield answer
        misses.sort(key=lambda miss: int(miss.pmid))
        for miss in misses:
            log.warning("PMID %s did not come: %s (%s)", miss.pmid, miss.kind, miss.detail)
        if misses:
            yield FetchAnswer({}, misses=tuple(misses))

    def _explained(self, missing: Sequence[str]) -> Iterator[tuple[str, Miss | None]]:
        """Each id that did not come with the reason, None where esummary knows it as an article."""
        for batch in _chunks(missing, self._batch):
            request = Request.of(
                Endpoint.ESUMMARY, db="pubmed", id=",".join(batch), retmode="xml", version="2.0"
            )
            summaries = read_summaries(self._transport.send(request).body)
            for pmid in batch:
                summary = summaries.get(pmid)
                if summary is None or summary.error:
                    said = summary.error if summary else "no summary"
                    yield (
                        pmid,
                        Miss(pmid, MissKind.DELETED, f"esummary: {said}; a merged PMID looks the same"),
                    )
                elif summary.document_type in ("book", "chapter"):
                    yield pmid, Miss(pmid, MissKind.BOOK, f"esummary: {summary.document_type}")
                else:
                    yield pmid, None

    def _insist(self, pmid: str, beside: str) -> FetchAnswer:
        """Ask for one record that esummary knows, beside another that is known to be there.

        The companion makes it a new question for the tape, and shows that the server did answer.
        """
        for repeat in range(1, INSIST + 1 if beside and beside != pmid else 1):
            request, records = self._efetch([pmid] + [beside] * repeat)
            if pmid in records.elements:
                books = tuple(book for book in records.books if book == pmid)
                return FetchAnswer({pmid: records.elements[pmid]}, books, (), (request,))
            others = [got for got in records.elements if got != beside]
            if len(others) == 1:
                merged = Miss(pmid, MissKind.MERGED, f"the server gives {others[0]} instead")
                return FetchAnswer({}, misses=(merged,))
        detail = "esummary knows the record, efetch does not deliver it"
        return FetchAnswer({}, misses=(Miss(pmid, MissKind.NOT_RETURNED, detail),))

    def _records(self, ids: Sequence[str]) -> FetchAnswer:
        """Those of the records asked for that came; one that nobody asked for stands for a merged PMID."""
        request, records = self._efetch(ids)
        asked = {pmid: records.elements[pmid] for pmid in ids if pmid in records.elements}
        for stranger in sorted(records.elements.keys() - asked.keys()):
            log.warning("PMID %s came without being asked for, perhaps for one merged into it", stranger)
        return FetchAnswer(asked, tuple(b for b in records.books if b in asked), (), (request,))

    def _efetch(self, ids: Sequence[str]) -> tuple[str, RecordSet]:
        request = Request.of(Endpoint.EFETCH, db="pubmed", id=",".join(ids), retmode="xml")
        return request.sha256, read_records(self._transport.send(request).body)

    # -- references --------------------------------------------------------------------------------

    def cited(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """PMIDs in the reference list of each record, by elink; ids without an answer are absent.

        Repeated `id` parameters give one LinkSet per id; a comma list would mix all answers in one.
        """
        found: dict[str, tuple[str, ...]] = {}
        wanted = sorted_ids(ids)
        for batch in _chunks(wanted, LINKS_AT_ONCE):
            found.update(self._links(batch))
        missing = [pmid for pmid in wanted if pmid not in found]
        if len(missing) < len(wanted):
            for batch in _chunks(missing, LINKS_AT_ONCE):
                found.update(self._links(batch))
        for pmid in missing:
            if pmid not in found:
                log.warning("PMID %s: elink gave no answer about its references", pmid)
        return {pmid: found[pmid] for pmid in wanted if pmid in found}

    def _links(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        request = Request.of(
            Endpoint.ELINK,
            cmd="neighbor",
            db="pubmed",
            dbfrom="pubmed",
            id=ids,
            linkname=REFERENCES,
            retmode="xml",
        )
        return read_links(self._transport.send(request).body, REFERENCES)

    def match(self, citations: Iterable[Citation]) -> dict[str, CitationMatch]:
        """What ecitmatch finds for each citation, reconciled by key.

        Lines travel under keys of our own: the server drops lines that it cannot classify, and a `|` or a
        line break inside a key would shift the columns.
        """
        wanted = list(citations)
        if len({citation.key for citation in wanted}) != len(wanted):
            raise ValueError("citations need keys of their own")
        found: dict[str, CitationMatch] = {}
        for batch in _chunks(wanted, CITATIONS_AT_ONCE):
            lines = {f"r{n}": citation for n, citation in enumerate(batch, 1)}
            bdata = "\r".join(citation_line(key, citation) for key, citation in lines.items())
            request = Request.of(Endpoint.ECITMATCH, bdata=bdata, db="pubmed", retmode="xml")
            said = read_matches(self._transport.send(request).body)
            found.update({c.key: citation_match(c.key, said.get(key)) for key, c in lines.items()})
        return found


def _esearch(term: str, retmax: int) -> Request:
    return Request.of(Endpoint.ESEARCH, db="pubmed", retmax=retmax, retmode="xml", retstart=0, term=term)


def _split(first: int, last: int, count: int) -> list[tuple[int, int]]:
    """Equal intervals of PMIDs, as many as `count` records fill; at least two."""
    if last - first + 1 < count:
        raise SourceError(f"{count} records are counted among PMIDs {first} to {last}", fix="start a new run")
    parts = min(max(2, -(-count // PLANNED)), last - first + 1)
    edges = [first + (last - first + 1) * n // parts for n in range(parts + 1)]
    return [(low, high - 1) for low, high in pairwise(edges)]


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _joined(answers: Sequence[FetchAnswer]) -> FetchAnswer:
    return FetchAnswer(
        {pmid: raw for answer in answers for pmid, raw in answer.elements.items()},
        tuple(book for answer in answers for book in answer.books),
        tuple(miss for answer in answers for miss in answer.misses),
        tuple(name for answer in answers for name in answer.requests),
    )


def _short(query: str) -> str:
    line = " ".join(query.split())
    return line if len(line) <= 60 else line[:59] + "…"
