"""How far other methods reach: which limits of the review bind them, and which reference lists were there."""

from __future__ import annotations

from collections.abc import Sequence

from resift.documents import ReferenceLists
from resift.project.protocol import Protocol
from resift.records import Record
from resift.tables import CitedWork
from resift.text.languages import wanted_codes
from resift.vocabulary import How, Lane

# What PRISMA's other column names as the way of identification.
CITATION_SEARCHING = "citation searching"
HAND_SEARCHED = "hand-searched citations"


def coverage(works: Sequence[CitedWork]) -> ReferenceLists:
    """How many seeds there are, and how many of them have a reference list."""
    seeds = {work.seed for work in works if work.seed}
    without = {work.seed for work in works if work.seed and work.n == 0}
    return ReferenceLists(
        available=len(seeds - without),
        seeds=len(seeds),
        unanswered=len({w.seed for w in works if w.how is How.UNAVAILABLE and w.n == 0}),
        unmatched=sum(w.how is How.UNAVAILABLE and w.n != 0 for w in works),
    )


def outside_limits(records: Sequence[Record], protocol: Protocol, *, until: str | None) -> frozenset[str]:
    """Records outside the review's date window or languages, by year and language of the record.

    A record without a year or language is not called outside.
    """
    first = int((protocol.window.start or "0")[:4])
    last = int(until[:4]) if until else 9999
    codes = {code for language in protocol.languages for code in wanted_codes(language)}
    return frozenset(
        record.record
        for record in records
        if (record.year is not None and not first <= record.year <= last)
        or (codes and record.languages and not codes & set(record.languages))
    )


def removed_by_limits(
    lane: Lane, records: Sequence[Record], protocol: Protocol, *, until: str | None
) -> frozenset[str]:
    """Records of a lane outside the review's limits, where these bind it: searches of databases hold them."""
    bound = lane is Lane.OTHER and limits_bind(protocol)
    return outside_limits(records, protocol, until=until) if bound else frozenset()


def limits_bind(protocol: Protocol) -> bool:
    """Whether date and language also bind what other methods find; off where the review does not say."""
    return bool(protocol.other_methods.limits_apply)
