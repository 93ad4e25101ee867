"""Reference lists: followed to the end, every seed kept, nothing dropped, no list searched twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from resift.archive.source import Archive
from resift.documents import ReferenceLists
from resift.errors import SourceError
from resift.formats.citations import Citation, parse_citation
from resift.frozen.pubmed import FrozenPubMed
from resift.frozen.serve import RequestLog, create_app, running
from resift.identify.extent import coverage
from resift.identify.held_records import NONE, InMemory, OnDisk
from resift.identify.references import follow, hand_searched, listed_seeds
from resift.identify.resolve import resolve
from resift.identify.source import open_source
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
from resift.records import Record, Reference, write_records
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


def test_a_seed_without_references_is_counted_as_not_searched() -> None:
    found = follow([seed("1"), seed("2", ["9"])], Library({"9": []}), rounds=1, eligible=everything)
    assert coverage(found.works) == ReferenceLists(available=1, seeds=2)


def test_what_cannot_be_resolved_stays_with_its_reason() -> None:
    strings = ["Somebody A. A book about islets. 2nd ed. 1999.", "Alvo A. Title 9. J Test. 2001;3:55-60."]
    found = follow([seed("1", ["404"], strings)], Library({}), rounds=1, eligible=everything)
    assert [w.how for w in found.works] == ["unresolved"] * 3
    assert found.works[0].reason == "PMID 404 is not in this source"
    assert all(w.reason and w.record for w in found.works)
    assert len({r.record for r in found.records}) == 3
    assert found.records[0].pmid == "404"


def test_a_pmid_from_citation_matching_must_be_of_the_work_cited() -> None:
    source = Library({"9": [], "8": []}, matches={"55": "9", "77": "8"})
    strings = ["Alvo A. Title 9. J Test. 2001;3:55-60.", "Zundrel B. Other. J Test. 2001;3:77-80."]
    found = follow([seed("1", (), strings)], source, rounds=1, eligible=everything)
    assert [(w.how, w.pmid) for w in found.works] == [("citation match", "9"), ("unresolved", "")]
    assert found.works[1].reason == "PMID 8 is of another paper"


def test_a_candidate_of_the_citation_matcher_must_agree_with_the_string() -> None:
    source = Library({"9": [], "8": []})
    source.candidates = ("8",)
    found = follow(
        [seed("1", (), ["Zundrel B. Another story. J Test. 2001;3:77-80."])],
        source,
        rounds=1,
        eligible=everything,
    )
    (work,) = found.works
    assert (work.how, work.pmid) == ("unresolved", "")
    assert "the citation matcher offers PMID 8" in work.reason


def test_a_string_that_the_citation_matcher_did_not_answer_for_is_open() -> None:
    """Not the same as a string that nothing was found for: the run says so and asks again."""
    source = Library({"9": []})
    source.candidates = None
    found = follow(
        [seed("1", (), ["Zundrel B. Another story. J Test. 2001;3:77-80."])],
        source,
        rounds=1,
        eligible=everything,
    )
    (work,) = found.works
    assert (work.how, work.pmid) == (How.UNAVAILABLE, "")
    assert "(citation matching, 1 citations)" in coverage(found.works).unavailable


def test_the_citation_matcher_is_asked_over_http_and_kept_on_the_tape(tmp_path: Path) -> None:
    """A string whose journal no ecitmatch knows; the frozen server finds it by its words."""
    article = (
        "<PubmedArticle><MedlineCitation><PMID>77</PMID><Article><Journal><JournalIssue><Volume>12</Volume>"
        "<PubDate><Year>2004</Year></PubDate></JournalIssue><Title>Annals of tests</Title></Journal>"
        "<ArticleTitle>Growth of islet cell tumours after partial resection of the liver.</ArticleTitle>"
        "<Pagination><MedlinePgn>301-9</MedlinePgn></Pagination>"
        "<AuthorList><Author><LastName>Zundrel</LastName><Initials>B</Initials></Author></AuthorList>"
        "</Article></MedlineCitation></PubmedArticle>"
    )
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "one.xml").write_text(f"<PubmedArticleSet>{article}</PubmedArticleSet>")
    frozen = FrozenPubMed(Archive.open(folder, cache=tmp_path / "cache"))
    log = RequestLog()
    title = "Growth of islet cell tumours after partial resection of the liver"
    string = f"12 (2004) 301, B. Zundrel: {title} (Ann. T.)"
    with running(create_app(frozen, log=log)) as url:
        source = open_source(
            "pubmed", raw=tmp_path / "raw", eutils=url, email="a@b.org", requests_per_second=1000,
            citation_matcher=url.replace("/entrez/eutils/", "/api/citmatch/"),
        )  # fmt: skip
        for _ in range(2):
            (found,) = resolve([parse_citation(string)], source)
            assert (found.how, found.record and found.record.pmid) == (How.CITATION_MATCH, "77")
    asked = [entry for entry in log.entries if entry["endpoint"] == "citmatch"]
    assert [(entry["method"], dict(entry["parameters"])["raw-text"]) for entry in asked] == [("GET", string)]
    assert "email" not in dict(asked[0]["parameters"])


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


def test_hand_searched_entries_are_records_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "hand.txt"
    path.write_text(
        "# a remark\n1. Alvo A. Title 9. J Test. 2001;3:55-60.\n2. Nobody Z. Lost. J Gone. 1990;1:1.\n"
    )
    found = hand_searched(path, Library({"9": []}, matches={"55": "9"}))
    assert [(w.n, w.how, w.pmid) for w in found.works] == [
        (2, How.CITATION_MATCH, "9"),
        (3, How.UNRESOLVED, ""),
    ]
    assert all(r.record.startswith("handsearched:") for r in found.records)
    assert found.records[0].title == "Title 9"


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


def test_a_list_that_the_service_did_not_give_is_open_and_not_empty() -> None:
    """Neither read as citing nothing nor taken for a list that nobody has."""
    from resift.tables import CitedWork
    from resift.vocabulary import How

    def row(seed: str, n: int, how: How) -> CitedWork:
        return CitedWork(round=1, seed=seed, n=n, citation="", pmid="", how=how, record="")

    works = [row("a", 0, How.UNAVAILABLE), row("b", 0, How.UNRESOLVED), row("c", 1, How.UNAVAILABLE)]
    lists = coverage(works)
    assert (lists.available, lists.seeds, lists.unanswered, lists.unmatched) == (1, 3, 1, 1)
    assert "Reference lists not followed: service unavailable (elink, 1 of 3 seeds)." in lists.unavailable


def test_a_seed_that_elink_does_not_answer_for_keeps_its_own_list_and_is_told() -> None:
    source = Library({"9": []})
    source.unanswered = {"1"}
    found = follow([seed("1", ["9"]), seed("2", ["9"])], source, rounds=1, eligible=everything)
    rows = [(w.seed, w.n, w.how) for w in found.works]
    assert ("pubmed:1", 0, How.UNAVAILABLE) in rows
    assert ("pubmed:1", 1, How.PUBMED) in rows
    assert not [row for row in rows if row[0] == "pubmed:2" and row[1] == 0]


def test_records_on_disk_resolve_as_those_in_memory_do(tmp_path: Path) -> None:
    """Whole ones, with their own lists, in the order of the table."""
    lists = (Reference(n=1, pmid="5"), Reference(n=2, citation="Alvo A. Elsewhere. 1999."))
    records = [
        Record(record="embase:1", source="embase", pmid="3", title="Carcinoid of the small bowel", year=2001),
        Record(record="pubmed:3", source="pubmed", pmid="3", title="Title 3", references=lists),
        Record(
            record="pubmed:4", source="pubmed", pmid="4", title="Islet cells in cattle and other herds",
            authors=("Alvo A",), journal="J Test", year=2001, volume="7", pages="5-9",
        ),
    ]  # fmt: skip
    path, references = tmp_path / "records.parquet", tmp_path / "references.parquet"
    write_records(records, path, references)
    stored, held = OnDisk(path, references), InMemory(records)
    for asked in ({"names": {"pubmed:4", "no:1"}}, {"pmids": {"3"}}, {"names": {"embase:1"}, "pmids": {"4"}}):
        assert stored.whole(**asked) == held.whole(**asked) != []
    assert stored.whole() == []
    strings = [
        "Alvo A. Islet cells in cattle and other herds. J Test 2001;7:5-9.",
        "Nobody Z. Lost in the post. J Gone 1990;1:1.",
    ]
    citations = [*map(parse_citation, strings), Citation(text="3", pmid="3")]
    found = resolve(citations, Library({}), stored)
    assert found == resolve(citations, Library({}), held)
    assert [outcome.record and outcome.record.record for outcome in found] == ["pubmed:4", None, "pubmed:3"]
    assert found[2].record is not None
    assert found[2].record.references == lists
