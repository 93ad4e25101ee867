"""Asking for many things in few requests: references and citations, whole, in part, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from resift.pubmed.entrez import Entrez
from resift.pubmed.source import (
    Answer,
    AnswerError,
    CitationQuery,
    MatchOutcome,
    Request,
)
from resift.pubmed.tape import Tape


class Scripted:
    """Answers each request with the next body."""

    def __init__(self, *replies: bytes) -> None:
        self.replies = list(replies)
        self.asked: list[Request] = []

    def send(self, request: Request) -> Answer:
        self.asked.append(request)
        return Answer(self.replies.pop(0), 200, "2026-01-01T00:00:00Z")


def _links(found: dict[str, list[str]]) -> bytes:
    from resift.frozen.links import neighbours
    from resift.pubmed.source import REFERENCE_LINKS

    return neighbours(
        [([p], [(REFERENCE_LINKS, linked)]) for p, linked in found.items()], scores=False, json_mode=False
    ).body


def test_references_are_asked_by_repeated_id_and_read_per_record() -> None:
    transport = Scripted(_links({"1": ["7", "5"], "2": []}))
    assert Entrez(transport).cited(["2", "1"]) == {"1": ("7", "5"), "2": ()}
    assert [value for name, value in transport.asked[0].params if name == "id"] == ["1", "2"]


class Elink:
    """An elink of which `refuse` says which lists of ids it fails for, and `omit` which ids it leaves out."""

    def __init__(self, refuse: Callable[[list[str]], bool], omit: Callable[[str], bool]) -> None:
        self.refuse = refuse
        self.omit = omit
        self.sizes: list[int] = []

    def send(self, request: Request) -> Answer:
        ids = list(request.every("id"))
        self.sizes.append(len(ids))
        if self.refuse(ids):
            raise AnswerError("elink: HTTP 502")
        body = _links({pmid: [f"9{pmid}"] for pmid in ids if not self.omit(pmid)})
        return Answer(body, 200, "2026-01-01T00:00:00Z")


def test_elink_batches_shrink_when_they_fail(tmp_path: Path) -> None:
    elink = Elink(lambda ids: len(ids) > 3, lambda pmid: False)
    ids = [str(n) for n in range(1, 261)]
    assert Entrez(Tape(tmp_path, elink)).cited(ids) == {pmid: (f"9{pmid}",) for pmid in ids}
    assert elink.sizes[:7] == [200, 100, 50, 25, 12, 6, 3]


def test_a_list_that_elink_does_not_give_is_absent_and_never_read_as_citing_nothing(tmp_path: Path) -> None:
    for n, elink in enumerate(
        [
            Elink(lambda ids: "7" in ids, lambda pmid: False),
            Elink(lambda ids: False, lambda pmid: pmid == "7"),
        ]
    ):
        tape = Tape(tmp_path / str(n), elink)
        ids = [str(n) for n in range(1, 21)]
        assert sorted(Entrez(tape).cited(ids), key=int) == [pmid for pmid in ids if pmid != "7"]
        elink.refuse, elink.omit = lambda ids: False, lambda pmid: False
        assert sorted(Entrez(tape).cited(ids), key=int) == ids


def test_an_elink_that_is_down_is_not_asked_for_ever(tmp_path: Path) -> None:
    elink = Elink(lambda ids: True, lambda pmid: False)
    assert Entrez(Tape(tmp_path, elink)).cited(str(n) for n in range(1, 1_001)) == {}
    assert elink.sizes == [200, 100, 50, 25, 12, 6, 3, 1]


class Ecitmatch:
    """Finds PMID 5 for the journal "found", drops lines about "dropped", and nothing for the others."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.down = False

    def send(self, request: Request) -> Answer:
        lines = request.get("bdata").split("\r")
        self.asked.append(lines)
        if self.down:
            raise AnswerError("ecitmatch: HTTP 503")
        said = [
            line
            + (
                "5"
                if line.startswith("found")
                else "AMBIGUOUS (3 citations)"
                if "two" in line
                else "NOT_FOUND"
            )
            for line in lines
            if not line.startswith("dropped")
        ]
        return Answer("".join(f"{line}\n" for line in said).encode(), 200, "2026-01-01T00:00:00Z")


def test_citations_are_reconciled_by_key_when_lines_are_dropped(tmp_path: Path) -> None:
    """A line left out is sent once more, between two that are answered, before it counts as dropped."""
    citations = [
        CitationQuery(key=key, journal=journal)
        for key, journal in (("with|bar", "found"), ("d", "dropped"), ("third", "no"), ("fourth", "two"))
    ]
    server = Ecitmatch()
    found = Entrez(Tape(tmp_path, server)).match(citations)
    assert [found[c.key].outcome for c in citations] == [
        MatchOutcome.FOUND,
        MatchOutcome.DROPPED,
        MatchOutcome.NOT_FOUND,
        MatchOutcome.AMBIGUOUS,
    ]
    assert found["with|bar"].pmid == "5"
    assert [len(lines) for lines in server.asked] == [4, 3]
    assert Entrez(Tape(tmp_path)).match(citations) == found


def test_citations_that_a_service_does_not_answer_are_unavailable_and_asked_again(tmp_path: Path) -> None:
    server = Ecitmatch()
    server.down = True
    citations = [CitationQuery(key=str(n), journal=f"found {n}") for n in range(5)]
    found = Entrez(Tape(tmp_path, server)).match(citations)
    assert {match.outcome for match in found.values()} == {MatchOutcome.UNAVAILABLE}
    server.down = False
    found = Entrez(Tape(tmp_path, server)).match(citations)
    assert {match.outcome for match in found.values()} == {MatchOutcome.FOUND}


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=6))
def test_no_text_in_a_citation_breaks_its_line(parts: list[tuple[str, str]]) -> None:
    server = Ecitmatch()
    citations = [CitationQuery(key=str(n), journal=j, author=a) for n, (j, a) in enumerate(parts)]
    found = Entrez(server).match(citations)
    assert set(found) == {c.key for c in citations}
    for lines in server.asked:
        assert all(line.count("|") == 6 for line in lines)
