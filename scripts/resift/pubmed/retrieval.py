"""Fetching records: every id returned, or known to be absent on the server's own evidence.

efetch answers by omission: an id without a record is left out without a word, and so is one that an
overloaded server dropped. An id that did not come is therefore asked for again, apart from the others and
beside a record that is known to be there; then esummary, which speaks of every id, is asked about it,
again beside that record. Only where esummary has no summary for it (or efetch a DeleteCitation), in answers
that do give the other record, is the id absent. The answers that show it stay on the tape. Anything else
leaves the fetch unfinished.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence

from resift.progress import step_bar
from resift.pubmed.answers import RecordSet, read_records, read_search, read_summaries
from resift.pubmed.batches import AFTER_A_FAILURE, chunks, kept_or_partial, settle_partial
from resift.pubmed.source import (
    AnswerError,
    Cause,
    Endpoint,
    FetchAnswer,
    IncompleteError,
    Miss,
    MissKind,
    Request,
    Transport,
    UnfinishedError,
    sorted_ids,
)

# More single records than this failing means that the server, not the records, is at fault.
GUILTY_RECORDS = 5
AGAIN = "run the same command again to continue: what came is kept"

log = logging.getLogger(__name__)


class Retrieval:
    """One fetch, in batches of `batch` records at most."""

    def __init__(self, transport: Transport, batch: int) -> None:
        self._transport = transport
        self._batch = batch
        self._known = ""  # a PMID whose record came
        self._failed: dict[str, str] = {}

    def fetch(self, ids: Iterable[str]) -> Iterator[FetchAnswer]:
        """The records in batches, then the ids without one. Raises `UnfinishedError` at the end when the
        server holds records that it did not give."""
        wanted = sorted_ids(ids)
        misses: list[Miss] = []
        settled = 0
        with step_bar("fetching", "records") as advance:
            for batch in chunks(wanted, self._batch):
                answer = self._settle(batch)
                misses += answer.misses
                settled += len(batch)
                advance(settled, len(wanted))
                log.info("asked for %d of %d records", settled, len(wanted))
                if answer.elements:
                    yield FetchAnswer(answer.elements, answer.books, (), answer.requests)
        if self._failed:
            raise self._unfinished()
        for miss in misses:
            log.warning("PMID %s did not come: %s (%s)", miss.pmid, miss.kind, miss.detail)
        if misses:
            yield FetchAnswer({}, misses=tuple(misses))

    def _settle(self, batch: Sequence[str], tries: int = 0) -> FetchAnswer:
        """One batch, halved while it fails, down to the records at fault, which `_failed` remembers."""
        try:
            return self._records(batch, tries)
        except AnswerError as error:
            if error.cause is Cause.BAD_KEY:
                raise
            if len(batch) == 1:
                log.warning("PMID %s: %s", batch[0], error)
                self._failed[batch[0]] = error.what
                if len(self._failed) >= GUILTY_RECORDS:
                    raise self._unfinished() from None
                return FetchAnswer({})
            log.warning("%d records asked for in two halves: %s", len(batch), error)
            middle = len(batch) // 2
            halves = (batch[:middle], batch[middle:])
            return _joined([self._settle(half, AFTER_A_FAILURE) for half in halves])

    def _unfinished(self) -> UnfinishedError:
        first, *more = sorted(self._failed, key=int)
        others = f" and {len(more)} more" if more else ""
        return UnfinishedError(f"PMID {first}{others} could not be fetched: {self._failed[first]}", fix=AGAIN)

    def _records(self, ids: Sequence[str], tries: int) -> FetchAnswer:
        """The records of one request, and what became of the ids that it leaves out."""
        request = _efetch(ids).asked(tries=tries)
        answer, kept = kept_or_partial(self._transport, request)
        records = read_records(answer.body)
        missing = [pmid for pmid in ids if pmid not in records.elements]
        came = {pmid: records.elements[pmid] for pmid in ids if pmid in records.elements}
        found = FetchAnswer(came, tuple(b for b in records.books if b in came), (), (request.sha256,))
        known = next((pmid for pmid in ids if pmid in records.elements), self._known)
        if known:
            self._known = known
        if not missing:
            return found
        beside = self._missing(missing, known)
        if not kept:
            settle_partial(self._transport, request, answer)
        return _joined([found, beside])

    # -- what did not come -------------------------------------------------------------------------------

    def _missing(self, missing: Sequence[str], known: str) -> FetchAnswer:
        """Ask for ids again, apart from those that came, and then about them."""
        known = known or self._any_record(missing)
        beside = [known] if known else []
        request = _efetch([*beside, *missing]).asked(absent=missing)
        records = read_records(self._transport.send(request).body)
        came = {pmid: records.elements[pmid] for pmid in missing if pmid in records.elements}
        answers = [FetchAnswer(came, tuple(b for b in records.books if b in came), (), (request.sha256,))]
        rest = [pmid for pmid in missing if pmid not in came]
        if rest:
            answers.append(self._explained(rest, records, beside))
        return _joined(answers)

    def _explained(self, rest: Sequence[str], records: RecordSet, beside: Sequence[str]) -> FetchAnswer:
        asked = ",".join([*beside, *rest])
        request = Request.of(Endpoint.ESUMMARY, db="pubmed", id=asked, retmode="xml", version="2.0")
        summaries = read_summaries(self._transport.send(request).body)
        for pmid in beside:
            if summaries[pmid].error:
                what = f"esummary: {summaries[pmid].error}, for PMID {pmid} that efetch gives"
                raise UnfinishedError(f"the server contradicts itself ({what})", fix=AGAIN)
        misses, answers = [], []
        for pmid in rest:
            said = summaries[pmid].error
            if pmid in records.deleted:
                misses.append(Miss(pmid, MissKind.DELETED, "efetch: DeleteCitation"))
            elif said:
                detail = f"esummary: {said}; a merged PMID looks the same"
                misses.append(Miss(pmid, MissKind.DELETED, detail))
            else:
                answers.append(self._alone(pmid))
        return _joined([FetchAnswer({}, misses=tuple(misses)), *answers])

    def _alone(self, pmid: str) -> FetchAnswer:
        """A record that esummary knows: asked for by itself, and not given up on."""
        request = _efetch([pmid])
        try:
            records = read_records(self._transport.send(request).body)
        except IncompleteError:
            self._failed[pmid] = "esummary knows the record, and efetch does not deliver it"
            return FetchAnswer({})
        return FetchAnswer(records.elements, records.books, (), (request.sha256,))

    def _any_record(self, missing: Sequence[str]) -> str:
        """A PMID of which the server itself says that it is there, "" when it says that it holds nothing."""
        term = "1:99999999[UID]"
        request = Request.of(Endpoint.ESEARCH, db="pubmed", retmax=20, retmode="xml", retstart=0, term=term)
        found = read_search(self._transport.send(request).body).ids
        return next((pmid for pmid in found if pmid not in missing), "")


def _efetch(ids: Sequence[str]) -> Request:
    return Request.of(Endpoint.EFETCH, db="pubmed", id=",".join(ids), retmode="xml")


def _joined(answers: Sequence[FetchAnswer]) -> FetchAnswer:
    return FetchAnswer(
        {pmid: raw for answer in answers for pmid, raw in answer.elements.items()},
        tuple(book for answer in answers for book in answer.books),
        tuple(miss for answer in answers for miss in answer.misses),
        tuple(name for answer in answers for name in answer.requests),
    )
