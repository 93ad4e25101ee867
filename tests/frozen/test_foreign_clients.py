"""The first documented example of clients written by others gets what our own client gets.

Each test follows the opening example of the client's README or manual, with a question that the archive can
answer. EDirect and Biopython have their own, longer tests in tests/pubmed/test_clients.py. How each client is
pointed at the server stands in its fixture: only easy-entrez has an option for it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import client_corpus as corpus
import pytest

from resift.frozen.pubmed import FrozenPubMed
from resift.frozen.serve import create_app, running
from resift.identify.source import open_source
from resift.pubmed.source import SearchAnswer, Source
from resift.pubmed.xml import Record, parse_set

EMAIL = "test@example.org"
# A question with more answers than the usual page of 20 and fewer than a client's default of 100.
QUERY = f"{corpus.BOTH} AND 1997/02[dp]"
RSCRIPT = shutil.which("Rscript")


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> FrozenPubMed:
    return corpus.frozen(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def server(frozen: FrozenPubMed) -> Iterator[str]:
    with running(create_app(frozen)) as url:
        yield url


@pytest.fixture(scope="module")
def client(server: str, tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Our own client, over HTTP as the others."""
    raw = tmp_path_factory.mktemp("raw")
    return open_source("pubmed", raw=raw, eutils=server, requests_per_second=1000, email=EMAIL)


@pytest.fixture(scope="module")
def ours(client: Source) -> SearchAnswer:
    found = client.search(QUERY)
    assert 20 < found.count <= 100
    return found


@pytest.fixture(scope="module")
def records(client: Source, ours: SearchAnswer) -> dict[str, Record]:
    body = b"".join(element for answer in client.fetch(ours.ids) for element in answer.elements.values())
    parsed = parse_set(b"<PubmedArticleSet>" + body + b"</PubmedArticleSet>")
    return {record.pmid: record for record in parsed if isinstance(record, Record)}


# -- pymed: `PubMed(tool, email).query(...)`, then each article ------------------------------------------


@pytest.fixture
def pymed(server: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    module = pytest.importorskip("pymed")
    import pymed.api

    monkeypatch.setattr(pymed.api, "BASE_URL", server.removesuffix("/entrez/eutils/"))
    return module


def test_pymed_queries_and_reads_articles(pymed: Any, ours: SearchAnswer, records: dict[str, Record]) -> None:
    pubmed = pymed.PubMed(tool="MyTool", email=EMAIL)
    assert pubmed.getTotalResultsCount(QUERY) == ours.count
    # It takes the PMIDs of an article's reference list for the article's own: the first line is its own.
    articles = {a.pubmed_id.splitlines()[0]: a for a in pubmed.query(QUERY, max_results=500)}
    assert tuple(sorted(articles, key=int)) == ours.ids
    for pmid, article in articles.items():
        assert json.loads(article.toJSON())["title"] == article.title == records[pmid].title
        assert article.abstract == records[pmid].abstract
        assert article.publication_date.isoformat()[:7] == "1997-02"


# -- easy-entrez: `EntrezAPI(...).search(...)`, `.summarize`, `.fetch` --------------------------------------


def test_easy_entrez_searches_summarizes_and_fetches(
    server: str, ours: SearchAnswer, records: dict[str, Record]
) -> None:
    easy = pytest.importorskip("easy_entrez")
    api = easy.EntrezAPI("your-tool-name", EMAIL, return_type="json", minimal_interval=0, server=server)
    found = api.search(QUERY, max_results=9_999, database="pubmed").data["esearchresult"]
    assert found["count"] == str(ours.count)
    assert tuple(sorted(found["idlist"], key=int)) == ours.ids
    assert found["querytranslation"] == ours.translation
    ids = list(ours.ids[:5])
    summaries = api.summarize(ids, max_results=5, database="pubmed").data["result"]
    assert summaries["uids"] == ids
    assert [summaries[pmid]["title"] for pmid in ids] == [records[pmid].title for pmid in ids]
    fetched = api.fetch(ids, max_results=5, database="pubmed", return_type="xml").data
    assert [e.findtext("MedlineCitation/PMID") for e in fetched.iter("PubmedArticle")] == ids


def test_easy_entrez_follows_links(server: str, client: Source, ours: SearchAnswer) -> None:
    easy = pytest.importorskip("easy_entrez")
    api = easy.EntrezAPI("your-tool-name", EMAIL, return_type="xml", minimal_interval=0, server=server)
    [pmid] = ours.ids[:1]
    linked = api.link([pmid], database="pubmed", database_from="pubmed").data
    found = [
        link.text
        for links in linked.iter("LinkSetDb")
        if links.findtext("LinkName") == "pubmed_pubmed_refs"
        for link in links.iterfind("Link/Id")
    ]
    assert tuple(found) == client.cited([pmid])[pmid] != ()


# -- entrezpy: Esearcher, and a pipeline of a Conduit --------------------------------------------------------


@pytest.fixture
def entrezpy(server: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    module = pytest.importorskip("entrezpy")
    import entrezpy.base.query

    monkeypatch.delenv("NCBI_API_KEY", raising=False)
    monkeypatch.setattr(entrezpy.base.query.EutilsQuery, "base_url", server.rstrip("/"))
    return module


def test_entrezpy_searches(entrezpy: Any, ours: SearchAnswer) -> None:
    import entrezpy.esearch.esearch_analyzer
    import entrezpy.esearch.esearcher

    searcher = entrezpy.esearch.esearcher.Esearcher("esearcher", EMAIL)
    found = searcher.inquire(
        {"db": "pubmed", "term": QUERY, "retmax": 1000, "rettype": "uilist"},
        entrezpy.esearch.esearch_analyzer.EsearchAnalyzer(),
    )
    assert found is not None
    assert found.result.count == ours.count
    assert tuple(map(str, sorted(map(int, found.result.uids)))) == ours.ids


def test_entrezpy_fetches_through_a_pipeline(
    entrezpy: Any, ours: SearchAnswer, capfd: pytest.CaptureFixture[str]
) -> None:
    import entrezpy.conduit

    conduit = entrezpy.conduit.Conduit(EMAIL)
    pipeline = conduit.new_pipeline()
    search = pipeline.add_search({"db": "pubmed", "term": QUERY, "rettype": "count"})
    pipeline.add_fetch({"retmode": "text", "rettype": "medline"}, dependency=search)
    conduit.run(pipeline)
    printed = capfd.readouterr().out  # its default analyzer prints what comes
    got = [line.removeprefix("PMID- ") for line in printed.splitlines() if line.startswith("PMID- ")]
    assert tuple(sorted(got, key=int)) == ours.ids


# -- metapub: `PubMedFetcher().article_by_pmid(...)`, `.pmids_for_query(...)` ------------------------------


@pytest.fixture
def metapub(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Not among the development packages: its wheel installs a package `tests`, which would hide this one,
    and some thirty others. Where someone has it, this runs."""
    monkeypatch.setenv("HOME", str(tmp_path))
    module = pytest.importorskip(
        "metapub", reason="metapub is not in the lock: it installs a package `tests`"
    )
    import metapub.ncbi_client

    monkeypatch.setattr(metapub.ncbi_client.NCBIClient, "BASE_URL", server.rstrip("/"))
    return module


def test_metapub_fetches_an_article_and_queries(
    metapub: Any, tmp_path: Path, ours: SearchAnswer, records: dict[str, Record]
) -> None:
    fetcher = metapub.PubMedFetcher(cachedir=str(tmp_path))
    found = fetcher.pmids_for_query(QUERY, retmax=1000)
    assert tuple(sorted(found, key=int)) == ours.ids
    for pmid in ours.ids[:3]:
        article = fetcher.article_by_pmid(pmid)
        record = records[pmid]
        assert (article.pmid, article.title, article.abstract) == (pmid, record.title, record.abstract)
        assert (article.journal, article.volume, str(article.year)) == ("J Made Rec", record.volume, "1997")


# -- rentrez: entrez_search, entrez_summary, entrez_fetch, entrez_link -----------------------------------

REDIRECTED = """
suppressMessages(library(rentrez))
make <- getFromNamespace("make_entrez_query", "rentrez")
swap <- function(e) {
  if (is.character(e)) return(sub("https://eutils.ncbi.nlm.nih.gov/entrez/eutils/", base, e, fixed = TRUE))
  if (is.call(e)) return(as.call(lapply(as.list(e), function(x) if (missing(x)) x else swap(x))))
  e
}
base <- Sys.getenv("EUTILS")
body(make) <- swap(body(make))
environment(make) <- asNamespace("rentrez")
assignInNamespace("make_entrez_query", make, "rentrez")
assignInNamespace("sleep_time", function(argument_list) 0, "rentrez")
"""


def rentrez(server: str, script: str) -> list[str]:
    """The lines that an R script prints with rentrez pointed at the server, by rewriting its one function."""
    assert RSCRIPT is not None
    done = subprocess.run(
        [RSCRIPT, "--vanilla", "-e", REDIRECTED + script],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"EUTILS": server},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def rentrez_is_here() -> bool:
    return RSCRIPT is not None and any(
        Path(folder, "rentrez").is_dir()
        for folder in (
            "/usr/lib/R/site-library",
            "/usr/local/lib/R/site-library",
            os.environ.get("R_LIBS", ""),
        )
        if folder
    )


needs_rentrez = pytest.mark.skipif(
    not rentrez_is_here(), reason="rentrez is not installed (Debian: r-cran-rentrez)"
)


@needs_rentrez
def test_rentrez_searches_summarizes_fetches_and_links(
    server: str, client: Source, ours: SearchAnswer, records: dict[str, Record]
) -> None:
    lines = rentrez(
        server,
        f"""
        found <- entrez_search(db = "pubmed", term = "{QUERY}", retmax = 1000, use_history = TRUE)
        cat("count", found$count, "\\n")
        cat("ids", found$ids, "\\n")
        cat("translation", found$QueryTranslation, "\\n")
        three <- found$ids[1:3]
        cat("title", paste0(extract_from_esummary(entrez_summary(db = "pubmed", id = three), "title"),
                            collapse = "|"), "\\n")
        xml <- entrez_fetch(db = "pubmed", web_history = found$web_history, rettype = "xml", parsed = TRUE)
        cat("fetched", XML::xpathSApply(xml, "//MedlineCitation/PMID", XML::xmlValue), "\\n")
        links <- entrez_link(dbfrom = "pubmed", db = "pubmed", id = three[1])
        cat("cited", links$links$pubmed_pubmed_refs, "\\n")
        cat("fields", names(entrez_db_searchable("pubmed")), "\\n")
        cat("build", entrez_db_summary("pubmed")[["DbBuild"]], "\\n")
        """,
    )
    said = dict(line.strip().partition(" ")[::2] for line in lines)
    assert said["count"] == str(ours.count)
    ids = said["ids"].split()
    assert tuple(sorted(ids, key=int)) == ours.ids
    assert said["translation"] == ours.translation
    assert said["title"].split("|") == [records[pmid].title for pmid in ids[:3]]
    assert tuple(sorted(said["fetched"].split(), key=int)) == ours.ids
    assert tuple(said["cited"].split()) == client.cited(ids[:1])[ids[0]] != ()
    assert {"UID", "TIAB", "MESH", "PDAT"} <= set(said["fields"].split())
    assert said["build"] == ours.database_build
