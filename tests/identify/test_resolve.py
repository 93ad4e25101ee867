"""From reference strings to records."""

from __future__ import annotations

from pathlib import Path

from tests.identify.test_references import Library, everything, seed

from resift.archive.source import Archive
from resift.formats.citations import parse_citation
from resift.frozen.pubmed import FrozenPubMed
from resift.frozen.serve import RequestLog, create_app, running
from resift.identify.references import follow
from resift.identify.resolve import resolve
from resift.identify.source import open_source
from resift.vocabulary import How


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
