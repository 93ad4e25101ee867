"""Reference lists: followed to the end, every seed kept, nothing dropped, no list searched twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from resift.archive.source import Archive
from resift.errors import SourceError
from resift.frozen.pubmed import FrozenPubMed
from resift.identify.held_records import NONE
from resift.identify.references import follow, listed_seeds
from resift.pubmed.entrez import Entrez
from resift.pubmed.source import (
    CitationMatch,
    CitationQuery,
    FetchAnswer,
    MatchOutcome,
    Miss,
    MissKind,
    SearchAnswer,
)
from resift.records import Record, Reference
from resift.vocabulary import How


def xml(pmid: str, cites: Iterable[str] = ()) -> bytes:
    refs = "".join(
        f'<Reference><ArticleIdList><ArticleId IdType="pubmed">{c}</ArticleId></ArticleIdList></Reference>'
        for c in cites
    )
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article>"
        f"<ArticleTitle>Title {pmid}</ArticleTitle>"
        "<AuthorList><Author><LastName>Alvo</LastName><Initials>A</Initials></Author></AuthorList>"
        f"</Article></MedlineCitation><PubmedData><ReferenceList>{refs}</ReferenceList></PubmedData>"
        "</PubmedArticle>"
    ).encode()


class Library:
    """A source over a handful of records: PMID -> PMIDs that its record cites."""

    def __init__(self, cites: dict[str, list[str]], matches: dict[str, str] | None = None) -> None:
        self.cites = cites
        self.matches = matches or {}
        self.asked: list[str] = []
        self.unanswered: set[str] = set()
        self.candidates: tuple[str, ...] | None = ()

    def search(self, query: str) -> SearchAnswer:
        return SearchAnswer(query, 0, (), "", (), (), (), (), "", "", ())

    count = search

    def fetch(self, ids: Iterable[str]) -> Iterator[FetchAnswer]:
        wanted = list(ids)
        elements = {pmid: xml(pmid, self.cites[pmid]) for pmid in wanted if pmid in self.cites}
        misses = tuple(Miss(pmid, MissKind.DELETED) for pmid in wanted if pmid not in self.cites)
        yield FetchAnswer(elements, misses=misses)

    def cited(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        wanted = list(ids)
        self.asked += wanted
        return {pmid: () for pmid in wanted if pmid not in self.unanswered}

    def match(self, citations: Iterable[CitationQuery]) -> dict[str, CitationMatch]:
        found = {}
        for citation in citations:
            pmid = self.matches.get(citation.first_page, "")
            outcome = MatchOutcome.FOUND if pmid else MatchOutcome.NOT_FOUND
            found[citation.key] = CitationMatch(citation.key, outcome, pmid, pmid or "NOT_FOUND")
        return found

    def match_text(self, texts: Iterable[str]) -> dict[str, tuple[str, ...] | None]:
        return dict.fromkeys(texts, self.candidates) if self.candidates != () else {}


def seed(pmid: str, cites: Iterable[str] = (), strings: Iterable[str] = ()) -> Record:
    refs = [Reference(n=n, pmid=cited) for n, cited in enumerate(cites, 1)]
    refs += [Reference(n=len(refs) + n, citation=text) for n, text in enumerate(strings, 1)]
    return Record(record=f"pubmed:{pmid}", source="pubmed", pmid=pmid, references=tuple(refs))


def everything(records: Iterable[Record]) -> set[str]:
    return {record.record for record in records}


def test_every_seed_that_cites_a_work_is_kept() -> None:
    source = Library({"9": []})
    found = follow([seed("1", ["9"]), seed("2", ["9"])], source, rounds=1, eligible=everything)
    assert [(w.seed, w.record) for w in found.works] == [
        ("pubmed:1", "references:9"),
        ("pubmed:2", "references:9"),
    ]
    assert [r.record for r in found.records] == ["references:9"]


def test_lists_that_cite_each_other_and_themselves_end() -> None:
    source = Library({"1": ["1", "2"], "2": ["1", "2", "3"], "3": ["2"]})
    found = follow([seed("1", ["1", "2"])], source, rounds=10, eligible=everything)
    assert sorted(source.asked) == ["1", "2", "3"]
    assert {r.pmid for r in found.records} == {"1", "2", "3"}
    assert ("pubmed:1", "1") not in {(w.seed, w.pmid) for w in found.works}


def test_only_eligible_works_are_seeds_of_the_next_round() -> None:
    source = Library({"2": ["3"], "4": ["5"], "3": [], "5": []})
    found = follow([seed("1", ["2", "4"])], source, rounds=2, eligible=lambda records: {"references:2"})
    assert {w.pmid for w in found.works if w.round == 2} == {"3"}


@pytest.mark.slow
def test_ten_thousand_seeds_are_followed() -> None:
    cites = {str(n): [] for n in range(1, 301)}
    seeds = [seed(str(n + 1000), [str(n % 300 + 1)]) for n in range(10_000)]
    found = follow(seeds, Library(cites), rounds=1, eligible=everything)
    assert len(found.works) == 10_000
    assert len(found.records) == 300


def test_listed_seeds_are_fetched_and_a_wrong_one_is_named() -> None:
    source = Library({"7": ["9"], "9": []})
    assert [s.pmid for s in listed_seeds(["pubmed:7"], NONE, source)] == ["7"]
    with pytest.raises(SourceError, match="seed 8 is not in this source"):
        listed_seeds(["8"], NONE, source)


@pytest.mark.slow
def test_real_reference_lists_lead_to_exactly_the_works_held(
    shared: Path, open_archive: Callable[[str], Archive]
) -> None:
    """The NLM update file of June 2021 cites 101 PMIDs that it also holds."""
    archive = open_archive("pubmed")
    name = "pubmed21n1298.xml.gz"
    if name not in {f.name for f in archive.files}:
        pytest.skip(f"{name} is not there")
    held = [str(pmid) for pmid in archive.pmids]
    citing = {cited: set(by) - {cited} for cited, by in archive.cited_by(held).items()}
    cited = {pmid for pmid, by in citing.items() if by}
    seeds = archive.records(sorted({pmid for by in citing.values() for pmid in by}, key=int))
    source = Entrez(FrozenPubMed(archive))
    source.match_text = lambda texts: {}  # type: ignore[method-assign]  # no question here of strings alone
    found = follow(seeds, source, rounds=1, eligible=everything)
    listed = {(seed.record, ref.n): ref.pmid for seed in seeds for ref in seed.references}
    by_pmid = {w.pmid for w in found.works if w.how == "pubmed" and listed.get((w.seed, w.n)) == w.pmid}
    by_doi = {w.pmid for w in found.works if w.how == "pubmed"} - by_pmid
    assert by_pmid == cited
    assert by_doi <= set(held)
    assert len(cited) >= 101


def test_a_seed_that_elink_does_not_answer_for_keeps_its_own_list_and_is_told() -> None:
    source = Library({"9": []})
    source.unanswered = {"1"}
    found = follow([seed("1", ["9"]), seed("2", ["9"])], source, rounds=1, eligible=everything)
    rows = [(w.seed, w.n, w.how) for w in found.works]
    assert ("pubmed:1", 0, How.UNAVAILABLE) in rows
    assert ("pubmed:1", 1, How.PUBMED) in rows
    assert not [row for row in rows if row[0] == "pubmed:2" and row[1] == 0]
