"""The questions that the doctor asks a server, each with what resift assumes of its answer.

At most fifteen requests. What is assumed, and where it was learnt, stands with each question; where the
server answers otherwise, a run could go wrong in just that way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from lxml import etree

from resift.doctor.exchange import Exchange
from resift.doctor.finding import Finding, Verdict
from resift.errors import ResiftError
from resift.pubmed.answers import (
    citation_line,
    read_links,
    read_matches,
    read_records,
    read_search,
    read_summaries,
)
from resift.pubmed.checks import WINDOW
from resift.pubmed.source import NO_ITEMS, RECORDS_AT_ONCE, REFERENCE_LINKS, CitationQuery, Endpoint, Request
from resift.safe_xml import xml_parser

NO_SUCH_PMID = "99999999"
# A phrase that no index holds, beside a word that every database has.
PHRASE = "zyxwv utsrq"
EVERYTHING = "1:99999998[uid]"
MIDDLE = 15_000_000
OLDEST_DTD = 2019
# The two citations of NBK25499 (ECitMatch) with their PMIDs.
CITATIONS = (
    (
        CitationQuery(
            key="Art1", journal="proc natl acad sci u s a", year="1991", volume="88", first_page="3248",
            author="mann bj",
        ),
        "2014248",
    ),
    (
        CitationQuery(
            key="Art2", journal="science", year="1987", volume="235", first_page="182",
            author="palmenberg ac",
        ),
        "3026048",
    ),
)  # fmt: skip
RAW_CITATION = "Mann BJ, et al. Proc Natl Acad Sci U S A. 1991;88(8):3248-52."
KEYED, KEYLESS = 10, 3


class Asked(Protocol):
    """A visit to a server, or a recorded one."""

    def ask(self, request: Request) -> Exchange: ...


@dataclass
class _Seen:
    """What earlier answers showed and later questions need."""

    frozen: bool = False
    everything: int = 0
    ids: tuple[str, ...] = ()


def questions(visit: Asked, *, keyless: Asked | None = None, matcher: bool = True) -> Iterator[Finding]:
    """Every finding about the server; after the first when that shows that it is not reached.

    `keyless` asks without the API key, where requests carry one; `matcher`: the citation matcher is on.
    """
    seen = _Seen()
    first = _einfo(visit, seen, KEYED if keyless is not None else KEYLESS)
    yield first
    if first.verdict is Verdict.FAILED:
        return
    if keyless is not None:
        yield _rate(keyless)
    yield _zero(visit)
    yield _window(visit, seen)
    yield _slices(visit, seen)
    yield _dropped_phrase(visit, seen)
    yield _records(visit, seen)
    yield _omission(visit, seen)
    yield _evidence(visit, seen)
    for size in (50, 200):
        yield _links(visit, seen, size)
    yield _citations(visit, seen)
    if matcher:
        yield _matcher(visit, seen)


def strategy_finding(visit: Asked, name: str, query: str) -> tuple[Finding, list[str]]:
    """One strategy counted, with all that the server says of it: the finding, and the messages as
    `accept_warnings` takes them."""
    exchange = visit.ask(_esearch(query, 0))
    messages: list[str] = []

    def judged() -> tuple[str, Verdict, str]:
        page = read_search(exchange.body)
        messages.extend(f"{kind}: {text}" for kind, text in page.messages if text != NO_ITEMS)
        came = f"{page.count:,} records"
        if not messages:
            return came, Verdict.OK, ""
        said = "; ".join(messages)
        return f"{came}; the server says {said}", Verdict.NOTE, f"correct it, or accept_warnings: {messages}"

    finding = _judged(
        exchange,
        name=f"strategy '{name}'",
        asked=f"esearch, retmax=0: {query[:120]}",
        expected="a count, and no message",
        why="a message says that the server searched something else; pubmed.md says which do so silently",
        judged=judged,
    )
    return finding, messages


# -- the questions ---------------------------------------------------------------------------------------


def _einfo(visit: Asked, seen: _Seen, limit: int) -> Finding:
    exchange = visit.ask(Request.of(Endpoint.EINFO, db="pubmed"))

    def judged() -> tuple[str, Verdict, str]:
        root = etree.fromstring(exchange.body, xml_parser(huge_tree=True))
        build, count = root.findtext(".//DbBuild") or "", root.findtext(".//Count") or ""
        seen.frozen = build.startswith("Build-frozen-")
        if not build or not count.isdigit():
            return "no DbBuild or no Count", Verdict.DIFFERENT, "the build is recorded with every search"
        told = exchange.headers.get("x-ratelimit-limit", "")
        came = f"{build}, {int(count):,} records; {told or 'no'} requests a second told"
        if told and not seen.frozen and told != str(limit):
            return came, Verdict.DIFFERENT, f"expected {limit} a second: set requests_per_second to {told}"
        return came, Verdict.OK, ""

    return _judged(
        exchange,
        name="connection and database",
        asked="einfo, db=pubmed",
        expected=f"DbBuild and Count; {limit} requests a second",
        why="NBK25497, NBK25499",
        judged=judged,
    )


def _rate(keyless: Asked) -> Finding:
    exchange = keyless.ask(Request.of(Endpoint.EINFO, db="pubmed", retmode="json"))

    def judged() -> tuple[str, Verdict, str]:
        told = exchange.headers.get("x-ratelimit-limit", "")
        good = told in ("", str(KEYLESS))
        return f"{told or 'no limit'} told", Verdict.OK if good else Verdict.NOTE, ""

    return _judged(
        exchange,
        name="rate without the key",
        asked="einfo without api_key",
        expected=f"{KEYLESS} requests a second",
        why="NBK25497",
        judged=judged,
    )


def _zero(visit: Asked) -> Finding:
    exchange = visit.ask(_esearch("1804[dp]", 20))

    def judged() -> tuple[str, Verdict, str]:
        page = read_search(exchange.body)
        empty = page.count == 0 and not page.ids
        said = ("OutputMessage", NO_ITEMS) in page.messages
        window = "1804/01/01" in page.translation
        if empty and said and window:
            return "0 records, and says so", Verdict.OK, ""
        return (
            f"{page.count} records, {len(page.ids)} ids, translated as {page.translation!r}, {page.messages}",
            Verdict.DIFFERENT,
            "an honest zero is told from a failed search by this form",
        )

    return _judged(
        exchange,
        name="an honest zero",
        asked="esearch 1804[dp]",
        expected=f"Count 0, OutputMessage {NO_ITEMS!r}, the year written out in QueryTranslation",
        why="recorded answers, 2012-2026",
        judged=judged,
    )


def _window(visit: Asked, seen: _Seen) -> Finding:
    exchange = visit.ask(_esearch(EVERYTHING, WINDOW))

    def judged() -> tuple[str, Verdict, str]:
        page = read_search(exchange.body)
        seen.everything, seen.ids = page.count, page.ids
        wanted = min(page.count, WINDOW)
        came = f"{len(page.ids):,} ids of {page.count:,}"
        if len(set(page.ids)) == wanted and page.count:
            return came, Verdict.OK, ""
        return came, Verdict.DIFFERENT, "searches above the window would lose records: do not run yet"

    return _judged(
        exchange,
        name="the window of 9,999",
        asked=f"esearch {EVERYTHING}, retmax={WINDOW}",
        expected="9,999 different ids, or all where there are fewer",
        why="measured 2022-2026; NBK25499 still says 10,000",
        judged=judged,
    )


def _slices(visit: Asked, seen: _Seen) -> Finding:
    low = visit.ask(_esearch(f"{EVERYTHING} AND 1:{MIDDLE}[uid]", 0))
    high = visit.ask(_esearch(f"{EVERYTHING} AND {MIDDLE + 1}:99999998[uid]", 0))

    def judged() -> tuple[str, Verdict, str]:
        parts = [read_search(exchange.body).count for exchange in (low, high)]
        came = f"{parts[0]:,} + {parts[1]:,} = {sum(parts):,} of {seen.everything:,}"
        if sum(parts) == seen.everything:
            return came, Verdict.OK, ""
        # PubMed grows while it is asked; a run asks again with a fresh Count.
        close = abs(sum(parts) - seen.everything) <= 1_000 and not seen.frozen
        verdict = Verdict.NOTE if close else Verdict.DIFFERENT
        return came, verdict, "" if close else "slices would lose records"

    return _judged(
        low if low.error else high,
        name="slices add up",
        asked="the same below and above one PMID",
        expected="two counts whose sum is the whole",
        why="EDirect slices so; UID is single-valued",
        judged=judged,
    )


def _dropped_phrase(visit: Asked, seen: _Seen) -> Finding:
    exchange = visit.ask(_esearch(f'cancer[tiab] OR "{PHRASE}"[tiab]', 0))

    def judged() -> tuple[str, Verdict, str]:
        page = read_search(exchange.body)
        said = [text for kind, text in page.messages if kind == "QuotedPhraseNotFound"]
        if said == [f'"{PHRASE}"[tiab]']:
            return f"QuotedPhraseNotFound {said[0]}", Verdict.OK, ""
        if seen.frozen and all(text == NO_ITEMS for _, text in page.messages):
            return "not said: an archive is no judge of PubMed's phrase index", Verdict.OK, ""
        return f"messages {list(page.messages)}", Verdict.DIFFERENT, "accept_warnings would not match"

    return _judged(
        exchange,
        name="a dropped phrase is told",
        asked=f'esearch cancer[tiab] OR "{PHRASE}"[tiab]',
        expected=f'WarningList/QuotedPhraseNotFound with the text "{PHRASE}"[tiab]',
        why="measured 2026-09: the phrase is dropped and the rest answers",
        judged=judged,
    )


def _records(visit: Asked, seen: _Seen) -> Finding:
    ids = seen.ids[:RECORDS_AT_ONCE]
    exchange = visit.ask(_efetch(ids))

    def judged() -> tuple[str, Verdict, str]:
        got = read_records(exchange.body)
        year = re.search(rb"pubmed_(\d\d)\d{4}\.dtd", exchange.body[:1000])
        dtd = 2000 + int(year[1]) if year else 0
        came = (
            f"{len(got.elements)} of {len(ids)} records, {len(exchange.body) / 1e6:.1f} MB in "
            f"{exchange.seconds:.1f} s, DTD of {dtd or 'no year'}"
        )
        if set(ids) - set(got.elements):
            return (
                came,
                Verdict.DIFFERENT,
                "records are missing: every fetch would be explained one by one",
            )
        if dtd < OLDEST_DTD:
            return came, Verdict.DIFFERENT, "records of an older form: report it with --save"
        return came, Verdict.OK, ""

    return _judged(
        exchange,
        name=f"{RECORDS_AT_ONCE} records",
        asked=f"efetch of {len(ids)} ids by POST",
        expected=f"every record, DTD of {OLDEST_DTD} or later",
        why=f"batches of {RECORDS_AT_ONCE} are what resift fetches; pubmed_190101.dtd and later",
        judged=judged,
    )


def _omission(visit: Asked, seen: _Seen) -> Finding:
    known = seen.ids[:1]
    exchange = visit.ask(_efetch([*known, NO_SUCH_PMID]))

    def judged() -> tuple[str, Verdict, str]:
        got = list(read_records(exchange.body).elements)
        good = got == list(known)
        return f"{', '.join(got) or 'nothing'}", Verdict.OK if good else Verdict.DIFFERENT, ""

    return _judged(
        exchange,
        name="an unknown id is left out",
        asked="efetch of a PMID and of one that does not exist",
        expected="the first alone, without a word about the other",
        why="measured 2026-07",
        judged=judged,
    )


def _evidence(visit: Asked, seen: _Seen) -> Finding:
    known = seen.ids[:1]
    request = Request.of(
        Endpoint.ESUMMARY, db="pubmed", id=",".join([*known, NO_SUCH_PMID]), retmode="xml", version="2.0"
    )
    exchange = visit.ask(request.asked(absent=[NO_SUCH_PMID]))

    def judged() -> tuple[str, Verdict, str]:
        said = read_summaries(exchange.body)
        missing = said.get(NO_SUCH_PMID)
        there = all(pmid in said and not said[pmid].error for pmid in known)
        if there and missing is not None and missing.error:
            return f"{missing.error!r} for it alone", Verdict.OK, ""
        return (
            f"{said}",
            Verdict.DIFFERENT,
            "a missing record cannot be proved: runs stay unfinished",
        )

    return _judged(
        exchange,
        name="evidence for a missing record",
        asked="esummary 2.0 of the same two",
        expected="a summary for the first, an error for the other",
        why="measured 2026-07: the only answer that says which id is missing",
        judged=judged,
    )


def _links(visit: Asked, seen: _Seen, size: int) -> Finding:
    ids = list(seen.ids[:size])
    request = Request.of(
        Endpoint.ELINK,
        cmd="neighbor",
        db="pubmed",
        dbfrom="pubmed",
        id=ids,
        linkname=REFERENCE_LINKS,
        retmode="xml",
    )
    exchange = visit.ask(request)

    def judged() -> tuple[str, Verdict, str]:
        lists = read_links(exchange.body, REFERENCE_LINKS)
        came = f"{len(lists)} link sets, {sum(map(bool, lists.values()))} with references"
        if set(lists) == set(ids):
            return came, Verdict.OK, ""
        return came, Verdict.DIFFERENT, "reference lists would be mixed up: do not follow references"

    return _judged(
        exchange,
        name=f"reference lists of {len(ids)}",
        asked=f"elink with {len(ids)} repeated ids",
        expected="one LinkSet for each id",
        why="NBK25499: a comma list would mix them",
        judged=judged,
    )


def _citations(visit: Asked, seen: _Seen) -> Finding:
    wanted = {citation.key: pmid for citation, pmid in CITATIONS}
    lines = "\r".join(citation_line(citation.key, citation) for citation, _ in CITATIONS)
    exchange = visit.ask(Request.of(Endpoint.ECITMATCH, bdata=lines, db="pubmed", retmode="xml"))

    def judged() -> tuple[str, Verdict, str]:
        said = read_matches(exchange.body)
        came = ", ".join(f"{key}: {words}" for key, words in sorted(said.items()))
        if said == wanted:
            return came, Verdict.OK, ""
        if seen.frozen and set(said) == set(wanted):
            return f"{came} (the archive need not hold them)", Verdict.OK, ""
        return came or "no line", Verdict.DIFFERENT, "reference strings would not be resolved by ecitmatch"

    return _judged(
        exchange,
        name="citations by their place",
        asked="ecitmatch with the two citations of NBK25499",
        expected=f"PMIDs {' and '.join(wanted.values())}",
        why="NBK25499, ECitMatch",
        judged=judged,
    )


def _matcher(visit: Asked, seen: _Seen) -> Finding:
    exchange = visit.ask(Request.of(Endpoint.CITMATCH, **{"method": "heuristic", "raw-text": RAW_CITATION}))

    def judged() -> tuple[str, Verdict, str]:
        data = json.loads(exchange.body)
        uids = [uid.get("pubmed") for uid in data["result"]["uids"]]
        if data.get("success") is True and (uids == [CITATIONS[0][1]] or seen.frozen):
            return f"candidates {uids}", Verdict.OK, ""
        return f"candidates {uids}", Verdict.DIFFERENT, "set citation_matcher: none in the config"

    return _judged(
        exchange,
        name="citations as raw text",
        asked=f"citation matcher: {RAW_CITATION}",
        expected=f"success, and PMID {CITATIONS[0][1]}",
        why="nquire -citmatch of NCBI's EDirect",
        judged=judged,
        side=True,
    )


# -- the parts of a finding ------------------------------------------------------------------------------


def _judged(
    exchange: Exchange,
    *,
    name: str,
    asked: str,
    expected: str,
    why: str,
    judged: Callable[[], tuple[str, Verdict, str]],
    side: bool = False,
) -> Finding:
    """A finding; `judged` gives what came, its verdict and advice. An answer that cannot be read is a finding
    of its own. `side`: a run ends without this service, so that its failure is a note."""
    if exchange.error:
        came, verdict, advice = exchange.error, Verdict.NOTE if side else Verdict.FAILED, ""
    else:
        try:
            came, verdict, advice = judged()
        except (ResiftError, etree.LxmlError, ValueError, KeyError, TypeError, AttributeError) as error:
            came = f"an answer that cannot be read ({' '.join(str(error).split())[:160]})"
            verdict, advice = Verdict.DIFFERENT, "send the answers with --save"
    return Finding(
        name=name, asked=asked, expected=expected, why=why, came=came, verdict=verdict, advice=advice
    )


def _esearch(term: str, retmax: int) -> Request:
    return Request.of(Endpoint.ESEARCH, db="pubmed", retmax=retmax, retmode="xml", retstart=0, term=term)


def _efetch(ids: Sequence[str]) -> Request:
    request = Request.of(Endpoint.EFETCH, db="pubmed", id=",".join(ids), retmode="xml")
    return request.asked(absent=[NO_SUCH_PMID])
