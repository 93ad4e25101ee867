"""Records that an earlier run holds, copied from its tape onto another, so that every run stands alone.

A tape keeps whole answers: an answer is copied, as received and under the name of the run that received it,
where it holds one record at least that is taken over. It answers no question of the run that holds it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

from resift.errors import ResiftError
from resift.pubmed.elements import ElementKind, split_set
from resift.pubmed.source import Endpoint, FetchAnswer
from resift.pubmed.tape import Tape, TapeRow

log = logging.getLogger(__name__)


def taken_over(tape: Tape, earlier: Path, wanted: Mapping[str, str], *, since: str) -> Iterator[FetchAnswer]:
    """As many of `wanted` as there are, each with the request and the run whose answer holds it.

    `wanted` maps PMIDs to the SHA-256 of the element held. What `tape` holds already is read from it; the
    rest is looked for on the tape of the folder `earlier` (which need not be there), and copied. Answers
    received before `since` (ISO UTC) are left, and so are damaged ones, and those to requests that this run
    has had answered itself: today's answer is then the one that counts.
    """
    left = dict(wanted)
    own = [row for row in tape.rows() if row.from_run]
    there = Tape(earlier).rows() if left and (earlier / "requests.csv").is_file() else ()
    # The newest answers first: they hold most of what still stands.
    for source, rows in ((tape, own), (Tape(earlier), there)):
        for row in sorted(rows, key=lambda row: row.utc, reverse=True):
            if not left:
                return
            found = _elements(source, row, left) if row.utc >= since else {}
            if not found:
                continue
            name = row.from_run if source is tape else tape.take_over(source, row)
            if not name:
                continue
            for pmid in found:
                del left[pmid]
            yield FetchAnswer(found, requests=(row.request,), from_run=name)


def _elements(tape: Tape, row: TapeRow, wanted: Mapping[str, str]) -> dict[str, bytes]:
    """The elements of an answer that are wanted, none where it cannot be read."""
    if row.endpoint != Endpoint.EFETCH.value:
        return {}
    request = row.asked
    by_hash = {wanted[p]: p for p in request.get("id").split(",") if p in wanted}
    if not by_hash:
        return {}
    try:
        answer = tape.find(request)
        elements = split_set(answer.body) if answer else []
    except ResiftError as error:
        log.warning("not taken over: %s", error)
        return {}
    hashes = (
        (hashlib.sha256(e.raw).hexdigest(), e.raw) for e in elements if e.kind is not ElementKind.DELETION
    )
    return {by_hash[sha256]: raw for sha256, raw in hashes if sha256 in by_hash}
