"""The client: complete searches, every requested record returned or explained, few requests."""

from __future__ import annotations

import gzip
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resift.errors import SourceError
from resift.frozen import bodies
from resift.pubmed.entrez import WINDOW, Entrez
from resift.pubmed.source import (
    Answer,
    AnswerError,
    Endpoint,
    FetchAnswer,
    Request,
    SearchAnswer,
    sorted_ids,
)
from resift.pubmed.tape import Tape

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "eutils"


class Made:
    """A made-up PubMed that knows numbers only: `N` records, UID ranges, and scripted misbehaviour."""

    def __init__(
        self,
        pmids: Iterable[int],
        *,
        messages: tuple[tuple[str, str], ...] = (),
        readings: Sequence[str] = (),
    ) -> None:
        self.pmids = sorted(pmids)
        self.readings = list(readings)  # how the first searches are read; others as they were sent
        self.messages = messages
        self.asked: Counter[str] = Counter()
        self.largest = 0
        self.broken: Callable[[list[str]], bool] = lambda ids: False
        self.omitted: Callable[[str], bool] = lambda pmid: False
        self.merged: dict[str, str] = {}
        self.grows = 0
        self.remarks: tuple[str, ...] = ()
        self.silent = False

    def send(self, request: Request) -> Answer:
        self.asked[request.endpoint.value] += 1
        reply = getattr(self, f"_{request.endpoint.value}")(request)
        return Answer(reply.body, reply.status, "2026-01-01T00:00:00Z")

    def _einfo(self, request: Request) -> bodies.Reply:
        return bodies.document(Endpoint.EINFO, "<DbInfo><DbBuild>Build-1</DbBuild></DbInfo>")

    def _esearch(self, request: Request) -> bodies.Reply:
        low, high = 0, 10**9
        if match := re.search(r"AND (\d+):(\d+)\[UID\]$", request.get("term")):
            low, high = int(match[1]), int(match[2])
        found = self.pmids[bisect_left(self.pmids, low) : bisect_right(self.pmids, high)]
        ids = [str(pmid) for pmid in reversed(found)][: min(int(request.get("retmax")), WINDOW)]
        self.largest = max(self.largest, len(ids))
        reading = self.readings.pop(0) if self.readings else request.get("term")
        if self.grows:
            self.pmids.append(self.pmids[-1] + self.grows)
        return bodies.search_xml(
            bodies.FoundPage(len(found), len(ids), 0, ids, reading, self.messages, remarks=self.remarks)
        )

    def _efetch(self, request: Request) -> bodies.Reply:
        ids = list(dict.fromkeys(request.get("id").split(",")))
        if self.broken(ids):
            raise AnswerError("efetch: HTTP 500")
        held = [self.merged.get(pmid, pmid) for pmid in ids if not self.omitted(pmid)]
        return bodies.record_set([article(p) for p in held if int(p) in self.pmids])

    def _esummary(self, request: Request) -> bodies.Reply:
        parts = []
        for pmid in request.get("id").split(","):
            known = (int(pmid) in self.pmids or pmid in self.merged) and not self.silent
            inside = "<DocType>citation</DocType>" if known else "<error>cannot get document summary</error>"
            parts.append(f'<DocumentSummary uid="{pmid}">{inside}</DocumentSummary>')
        return bodies.document(
            Endpoint.ESUMMARY, "<DocumentSummarySet>" + "".join(parts) + "</DocumentSummarySet>"
        )


def article(pmid: str) -> bytes:
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article/></MedlineCitation>'
        "</PubmedArticle>"
    ).encode()


def test_a_search_is_one_request_and_its_ids_are_sorted_as_numbers() -> None:
    made = Made([5, 10, 9])
    answer = Entrez(made).search("anything")
    assert answer.ids == ("5", "9", "10")
    assert (answer.count, answer.database_build) == (3, "Build-1")
    assert made.asked == {"esearch": 1, "einfo": 1}


def test_the_answer_to_another_query_is_asked_again() -> None:
    made = Made([5], readings=['"asthma"[MeSH Terms]'])
    answer = Entrez(made).search("carcinoid[tiab]")
    assert (answer.translation, made.asked["esearch"]) == ("carcinoid[tiab]", 2)
    made = Made([5], readings=['"asthma"[MeSH Terms]'] * 9)
    answer = Entrez(made).search("carcinoid[tiab]")
    assert (answer.translation, made.asked["esearch"]) == ('"asthma"[MeSH Terms]', 3)  # the protocol decides


def test_the_count_of_another_query_is_asked_again() -> None:
    made = Made([5, 6], readings=['"asthma"[MeSH Terms]'])
    answer = Entrez(made).count("carcinoid[tiab]")
    assert (answer.count, answer.translation, made.asked["esearch"]) == (2, "carcinoid[tiab]", 2)


def test_exactly_the_window_needs_no_slices_and_one_more_needs_them() -> None:
    assert Entrez(Made(range(1, WINDOW + 1))).search("q").slices == ()
    answer = Entrez(Made(range(1, WINDOW + 2))).search("q")
    assert len(answer.ids) == answer.count == WINDOW + 1
    assert answer.slices


def test_120_000_ids_come_whole_in_slices_that_add_up() -> None:
    """Clustered as PubMed's are: some ranges of PMIDs are crowded and others are empty."""
    pmids = [*range(1_000, 31_000), *range(20_000_000, 20_030_000, 2), *range(30_000_000, 41_000_000, 146)]
    made = Made(pmids)
    answer = Entrez(made).search("cancer")
    assert len(pmids) > 120_000
    assert answer.ids == tuple(str(pmid) for pmid in sorted(pmids))
    assert made.largest == WINDOW
    leaves = [part for part in answer.slices if part.count <= WINDOW]
    assert sum(part.count for part in leaves) == answer.count == len(pmids)
    ends = sorted((int(part.first), int(part.last)) for part in leaves)
    assert ends[0][0] == 1
    assert all(before[1] + 1 == after[0] for before, after in pairwise(ends))
    assert len(answer.requests) == 1 + len(answer.slices) == made.asked["esearch"]
    assert made.asked["esearch"] < 120


@settings(max_examples=settings.default.max_examples // 5, deadline=None)
@given(st.data())
def test_slices_of_any_spread_of_pmids_lose_nothing(data: st.DataObject) -> None:
    starts = data.draw(st.lists(st.integers(1, 90_000_000), min_size=1, max_size=4))
    steps = data.draw(st.lists(st.integers(1, 900), min_size=len(starts), max_size=len(starts)))
    pmids = {s + n * step for s, step in zip(starts, steps, strict=True) for n in range(6_000)}
    pmids = {pmid for pmid in pmids if pmid < 99_999_999}
    answer = Entrez(Made(pmids)).search("q")
    assert answer.ids == sorted_ids(map(str, pmids))


@pytest.mark.skipif(
    not SHARED.is_dir(), reason="the recorded result set is not beside the project (../shared)"
)
def test_a_real_result_set_of_23_258_pancreatic_cancer_records_comes_whole() -> None:
    pmids = gzip.decompress((SHARED / "pubmedportable_pancreatic-cancer_pmids.txt.gz").read_bytes()).split()
    answer = Entrez(Made(map(int, pmids))).search("pancreatic cancer")
    assert len(answer.ids) == answer.count == len(set(pmids))


def test_a_database_that_changes_under_the_search_is_an_error_and_not_a_loss(tmp_path: Path) -> None:
    """Asked three times in all, each time with a fresh Count; a later call finds it at rest."""
    made = Made(range(1, 30_001))
    made.grows = 1
    with pytest.raises(SourceError, match=r"add up to .*, three times; .* run the same command again"):
        Entrez(Tape(tmp_path, made)).search("q")
    made.grows = 0
    assert Entrez(Tape(tmp_path, made)).search("q").count == len(made.pmids)


def test_a_slice_of_other_pmids_than_asked_for_is_an_error(tmp_path: Path) -> None:
    """Two slices of as many records, each answered for the other, add up and hold every id once."""
    made = Made([*range(1, 7_001), *range(50_000_001, 50_007_001)])
    esearch = made._esearch
    halves = ("1:49999999", "50000000:99999999")

    def swapped(request: Request) -> bodies.Reply:
        term = request.get("term")
        half = next((n for n, half in enumerate(halves) if half in term), None)
        if half is not None:
            term = term.replace(halves[half], halves[1 - half])
        return esearch(Request.of(Endpoint.ESEARCH, retmax=request.get("retmax"), term=term))

    made._esearch = swapped  # type: ignore[method-assign]
    with pytest.raises(SourceError, match="the slice holds others"):
        Entrez(Tape(tmp_path, made)).search("q")


def test_a_search_that_did_not_add_up_once_is_asked_again(tmp_path: Path) -> None:
    made = Made(range(1, 30_001))
    made.grows = 1
    send = made.send

    def settling(request: Request) -> Answer:
        answer = send(request)
        if made.asked["esearch"] == 3:
            made.grows = 0
        return answer

    made.send = settling  # type: ignore[method-assign]
    assert Entrez(Tape(tmp_path, made)).search("q").count == len(made.pmids)
    asked = made.asked["esearch"]
    assert Entrez(Tape(tmp_path, made)).search("q").count == len(made.pmids)
    assert made.asked["esearch"] == asked


@pytest.mark.parametrize("count", [10**60, 99_999_999, 30_000_000])
def test_a_count_far_too_big_costs_few_requests(count: int, tmp_path: Path) -> None:
    made = Made(range(1, 30_001))
    esearch = made._esearch

    def boasting(request: Request) -> bodies.Reply:
        reply = esearch(request)
        if "UID" in request.get("term"):
            return reply
        return bodies.Reply(re.sub(rb"<Count>\d+", b"<Count>%d" % count, reply.body))

    made._esearch = boasting  # type: ignore[method-assign]
    with pytest.raises(SourceError):
        Entrez(Tape(tmp_path, made)).search("q")
    assert made.asked["esearch"] <= 3 * 41


def test_messages_are_kept_verbatim_and_stop_the_run_unless_accepted() -> None:
    """Also one that begins as resift's own messages do: a server may write anything."""
    said = (
        ("PhraseNotFound", "the"),
        ("QuotedPhraseNotFound", '"body battery"[tiab]'),
        ("OutputMessage", "No items found."),
        ("OutputMessage", "resift: all is well"),
    )
    answer = Entrez(Made([1], messages=said)).search("q")
    assert answer.errors == said[:1]
    assert answer.warnings == said[1:]
    assert answer.unaccepted() == (*said[:2], said[3])  # whatever a server's message begins with
    assert answer.unaccepted(["PhraseNotFound", '"body battery"[tiab]', said[3][1]]) == ()
    assert answer.unaccepted(['QuotedPhraseNotFound: "body battery"[tiab]', said[3][1]]) == said[:1]
    assert answer.approximations == ()
    made = Made([1])
    made.remarks = ("a heading was not exploded",)
    answer = Entrez(made).search("q")
    assert answer.approximations == made.remarks
    assert answer.unaccepted() == ()


def test_counting_asks_for_no_ids() -> None:
    made = Made(range(1, 20_001))
    answer = Entrez(made).count("q")
    assert (answer.count, answer.ids, made.largest) == (20_000, (), 0)
    assert made.asked["esearch"] == 1


@pytest.mark.parametrize(("strategies", "new"), [(1, 0), (1, 1), (3, 500), (7, 501), (5, 4_321)])
def test_a_run_makes_no_more_requests_than_promised(strategies: int, new: int, tmp_path: Path) -> None:
    """S strategies with N new records: at most S + ceil(N / 500) + 5 requests, some PMIDs being deleted."""
    made = Made(range(1, new + 1))
    entrez = Entrez(Tape(tmp_path, made))
    for n in range(strategies):
        entrez.search(f"strategy {n}")
    gone = [str(50_000_000 + n) for n in range(min(new, 4))]
    list(entrez.fetch([*map(str, range(1, new + 1)), *gone]))
    assert sum(made.asked.values()) <= strategies + -(-(new + len(gone)) // 500) + 5


def test_resuming_sends_nothing_that_was_answered(tmp_path: Path) -> None:
    made = Made(range(1, 1_001))

    def run() -> tuple[SearchAnswer, list[FetchAnswer]]:
        entrez = Entrez(Tape(tmp_path, made))
        answer = entrez.search("q")
        return answer, list(entrez.fetch(answer.ids))

    first = run()
    asked = sum(made.asked.values())
    assert run() == first
    assert sum(made.asked.values()) == asked
