"""What other people's clients ask of the E-utilities and an early version of the frozen PubMed left out."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import client_corpus as corpus
import httpx
import pytest
from Bio import Entrez as BioEntrez
from Bio import Medline
from lxml import etree

from resift.frozen.bodies import Reply, record_set
from resift.frozen.pubmed import FrozenPubMed, open_frozen
from resift.frozen.serve import LONGEST_BODY, create_app, running
from resift.frozen.spelling import Speller
from resift.pubmed.answers import read_search
from resift.pubmed.elements import ElementKind, read_elements
from resift.pubmed.source import Endpoint


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> FrozenPubMed:
    return corpus.frozen(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> FrozenPubMed:
    folder = tmp_path_factory.mktemp("real")
    for name in ("nlm-medsample1_medline17", "qi29_pubmed_result_121"):
        (folder / f"{name}.xml.gz").symlink_to(shared / "pubmed" / f"{name}.xml.gz")
    (folder / "pubmedpy.xml").symlink_to(shared / "eutils/pubmedpy/efetch.xml")
    (folder / "book.xml").symlink_to(shared / "eutils/metapub/sample_article_20301577.xml")
    return open_frozen(folder, cache=tmp_path_factory.mktemp("real-cache"))


@pytest.fixture(scope="module")
def server(frozen: FrozenPubMed) -> Iterator[str]:
    with running(create_app(frozen)) as url:
        yield url


def ask(frozen: FrozenPubMed, endpoint: str, **params: object) -> Reply:
    return frozen.answer(Endpoint(endpoint), [(name, str(value)) for name, value in params.items()])


def search(frozen: FrozenPubMed, **params: object) -> dict[str, object]:
    reply = ask(frozen, "esearch", db="pubmed", retmode="json", **params)
    result: dict[str, object] = json.loads(reply.body)["esearchresult"]
    return result


# -- esearch -------------------------------------------------------------------------------------------


def test_date_limits_narrow_a_stored_set_without_a_term(frozen: FrozenPubMed) -> None:
    stored = search(frozen, term=corpus.BOTH, usehistory="y")
    limits = {"mindate": "2002", "maxdate": "2003", "datetype": "pdat"}
    direct = search(frozen, term=f"({corpus.BOTH}) AND 2002:2003[dp]", retmax=9999)
    by_key = search(frozen, WebEnv=stored["webenv"], query_key=stored["querykey"], retmax=9999, **limits)
    assert 0 < int(str(by_key["count"])) < int(str(stored["count"]))
    assert by_key["idlist"] == direct["idlist"]
    assert str(by_key["querytranslation"]).startswith("#1 AND 2002/01/01:2003/12/31")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("efilter") is None, reason="EDirect is not installed")
def test_edirect_searches_and_filters_without_complaint(server: str, frozen: FrozenPubMed) -> None:
    # EDirect posts a thousand PMIDs at a time, and asks three times more, with pauses, where a group of them
    # holds nothing within the dates: here are two groups, of which each holds some.
    command = (
        f"esearch -base {server} -db pubmed -query '({corpus.BOTH}) AND 2000:2003[dp]'"
        f" | efilter -base {server} -mindate 2002 -maxdate 2003 -datetype PDAT"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=300, check=False)
    wanted = search(frozen, term=f"({corpus.BOTH}) AND 2002:2003[dp]")["count"]
    assert f"<Count>{wanted}</Count>" in done.stdout, done.stdout + done.stderr
    assert "FAIL" not in done.stderr + done.stdout
    plain = subprocess.run(
        ["bash", "-c", f"esearch -base {server} -db pubmed -query neuroendocrine"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert f"<Count>{corpus.SIZE}</Count>" in plain.stdout
    assert "FAIL" not in plain.stderr + plain.stdout


def test_an_unknown_sort_is_said_and_relevance_is_remarked(frozen: FrozenPubMed) -> None:
    odd = search(frozen, term=corpus.BOTH, sort="colour")
    assert odd["warninglist"]["outputmessages"] == ["Unknown sort schema 'colour' ignored"]  # type: ignore[index]
    page = read_search(ask(frozen, "esearch", db="pubmed", term=corpus.BOTH, sort="relevance").body)
    assert page.messages == ()
    assert any("ranking" in text for text in page.remarks)
    for known in ("pub_date", "pub date", "Author", "first_author", "last_author", "JournalName", "title"):
        assert "warninglist" not in search(frozen, term=corpus.BOTH, sort=known), known


def test_untagged_words_that_no_record_holds_are_named_also_beside_hits(frozen: FrozenPubMed) -> None:
    alone = search(frozen, term="xyzzyq")
    assert (alone["count"], alone["errorlist"]["phrasesnotfound"]) == ("0", ["xyzzyq"])  # type: ignore[index]
    beside = search(frozen, term="neuroendocrine OR xyzzyq")
    assert beside["count"] == str(corpus.SIZE)
    assert beside["errorlist"]["phrasesnotfound"] == ["xyzzyq"]  # type: ignore[index]
    assert "errorlist" not in search(frozen, term='"xyzzyq"[tiab] OR neuroendocrine[tiab]')


# -- espell --------------------------------------------------------------------------------------------


def test_words_are_corrected_by_the_words_of_the_archive(frozen: FrozenPubMed) -> None:
    root = etree.fromstring(ask(frozen, "espell", db="pubmed", term="neuroendocine AND pancreas[ti]").body)
    assert root.findtext("CorrectedQuery") == "neuroendocrine AND pancreas[ti]"
    assert [e.tag for e in root.iterfind("SpelledQuery/*")] == ["Original", "Replaced", "Original"]
    assert root.findtext("SpelledQuery/Replaced") == "neuroendocrine"
    known = etree.fromstring(ask(frozen, "espell", db="pubmed", term="pancreas").body)
    assert not known.findtext("CorrectedQuery")


def test_short_words_numbers_and_tags_are_left_alone() -> None:
    speller = Speller(["metastases", "liver"])
    pieces = [
        ("lever", "liver"),
        (" 1995[dp] OR ", ""),
        ("metastasis", "metastases"),
        ("[metastses] lvr", ""),
    ]
    assert speller.corrected("lever 1995[dp] OR metastasis[metastses] lvr") == pieces


# -- efetch --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_biopython_reads_every_record_that_is_served(shared: Path) -> None:
    read = 0
    for path in sorted((shared / "pubmed").glob("*.xml.gz")):
        elements = itertools.takewhile(
            lambda element: element.kind is not ElementKind.DELETION,
            itertools.islice(read_elements(path), 40),
        )
        served = [element.raw for element in elements]
        found = BioEntrez.read(io.BytesIO(record_set(served).body))
        assert sum(len(records) for records in found.values()) == len(served)
        read += len(served)
    assert read > 300


def test_the_medline_text_has_the_tags_of_pubmeds_own(shared: Path, real: FrozenPubMed) -> None:
    path = shared / "pubmed/zelcofir_pubmed-format_240.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as sample:
        theirs = {tag for record in Medline.parse(sample) for tag in record}
    pmids = [str(p) for p in real._pmids.tolist()]
    body = ask(real, "efetch", db="pubmed", id=",".join(pmids), rettype="medline", retmode="text").body
    ours = list(Medline.parse(io.StringIO(body.decode())))
    assert [r["PMID"] for r in ours] == pmids
    assert theirs - {tag for record in ours for tag in record} <= {"UOF", "UIN", "FIR", "IR", "IRAD", "MID", "CI", "PMCR", "COIS"}  # fmt: skip # noqa: E501
    by_pmid = {r["PMID"]: r for r in ours}
    record = by_pmid["27094199"]
    assert (record["JID"], record["PST"], record["PL"]) == ("101489144", "ppublish", "United States")
    assert record["DP"] == "2016 Apr"
    assert "2016/04/21 06:00 [entrez]" in record["PHST"]


def test_an_empty_id_is_answered_as_ncbi_answers_it(frozen: FrozenPubMed) -> None:
    assert ask(frozen, "efetch", db="pubmed", id="").body == b"Supplied id parameter is empty.\n"
    assert ask(frozen, "efetch", db="pubmed").status == 400


# -- esummary ------------------------------------------------------------------------------------------


def test_a_summary_agrees_with_the_recorded_one_item_by_item(shared: Path, real: FrozenPubMed) -> None:
    recorded = etree.fromstring((shared / "eutils/pubmedpy/esummary.xml").read_bytes())
    pmids = [str(e.text) for e in recorded.iterfind("DocSum/Id")]
    served = etree.fromstring(ask(real, "esummary", db="pubmed", id=",".join(pmids)).body)

    def items(doc: etree._Element) -> dict[str, list[str]]:
        return {
            i.get("Name", ""): [(x.get("Name") or "") + "=" + (x.text or "") for x in i.iter("Item")][1:]
            or [i.text or ""]
            for i in doc.iterfind("Item")
        }

    # Citation counts, the ISSN of the other medium (from the catalogue), a flag that is 0 in the sample.
    unknowable = {"PmcRefCount", "ISSN", "ESSN", "HasAbstract"}
    # Retired ids, the order of dates, a type added since, PMIDs within the text of a reference.
    changed = {"ArticleIds", "History", "PubTypeList", "References"}
    for theirs, ours in zip(recorded.iterfind("DocSum"), served.iterfind("DocSum"), strict=True):
        a, b = items(theirs), items(ours)
        assert list(a) == list(b)
        for name in (n for n in a if n not in unknowable | changed):
            assert a[name] in ([""], b[name]), (name, theirs.findtext("Id"))
        kept = [x for x in a["ArticleIds"] if not x.startswith(("rid=", "eid=", "pmcid="))]
        assert set(kept) <= set(b["ArticleIds"])


# -- elink and ecitmatch -------------------------------------------------------------------------------


def test_links_to_all_databases_and_checks_come_as_json_too(real: FrozenPubMed) -> None:
    pmid = "27094199"
    every = json.loads(
        ask(real, "elink", dbfrom="pubmed", db="all", id=pmid, retmode="json").body
    )["linksets"][0]["linksetdbs"]  # fmt: skip
    assert "pubmed_pubmed" in {found["linkname"] for found in every}
    check = json.loads(ask(real, "elink", dbfrom="pubmed", cmd="acheck", id=pmid, retmode="json").body)
    assert check["linksets"][0]["idchecklist"]["idlinksets"][0]["id"] == pmid
    links = json.loads(ask(real, "elink", dbfrom="pubmed", cmd="prlinks", id=pmid, retmode="json").body)
    assert links["linksets"][0]["idurllist"][0]["objurls"][0]["url"]["value"].startswith("https://doi.org/")
    assert b"ERROR" in ask(real, "elink", dbfrom="pubmed", cmd="guess", id=pmid).body


def test_prlinks_with_retmode_ref_leads_to_the_publisher(real: FrozenPubMed) -> None:
    reply = ask(real, "elink", dbfrom="pubmed", cmd="prlinks", id="27094199", retmode="ref")
    assert (reply.status, reply.location) == (302, "https://doi.org/10.1161/CIRCGENETICS.115.001181")


def test_links_can_be_limited_by_a_term_and_dates(frozen: FrozenPubMed) -> None:
    held = corpus.pmids()
    pmid = next(p for n, p in enumerate(held) if n > 5)
    free = ask(frozen, "elink", dbfrom="pubmed", id=pmid, linkname="pubmed_pubmed_refs").body
    limited = ask(
        frozen, "elink", dbfrom="pubmed", id=pmid, linkname="pubmed_pubmed_refs", term="pancreas[ti]"
    ).body
    assert free.count(b"<Link>") == 2
    assert limited.count(b"<Link>") == 1


# -- HTTP ----------------------------------------------------------------------------------------------


def test_every_way_of_posting_is_read(server: str) -> None:
    form = {"db": "pubmed", "term": corpus.BOTH, "retmode": "json"}
    counts = {
        httpx.get(f"{server}esearch.fcgi", params=form).json()["esearchresult"]["count"],
        httpx.post(f"{server}esearch.fcgi", data=form).json()["esearchresult"]["count"],
        httpx.post(f"{server}esearch.fcgi", files={k: (None, v) for k, v in form.items()}).json()[
            "esearchresult"
        ]["count"],
        httpx.post(f"{server}esearch.fcgi?db=pubmed&retmode=json", data={"term": corpus.BOTH}).json()[
            "esearchresult"
        ]["count"],
    }
    assert len(counts) == 1


def test_a_body_past_the_limit_is_refused(server: str) -> None:
    answer = httpx.post(f"{server}esearch.fcgi", content=b"term=" + b"a" * LONGEST_BODY, timeout=30)
    assert answer.status_code == 413
