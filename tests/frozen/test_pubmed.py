"""The frozen PubMed behaves as the live service was seen to, byte shapes and silent habits included."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import client_corpus as corpus
import pytest
from lxml import etree

from resift.frozen import pubmed
from resift.frozen.bodies import Reply
from resift.frozen.pubmed import FrozenPubMed, open_frozen
from resift.pubmed.answers import read_search, read_summaries
from resift.pubmed.source import Endpoint
from resift.pubmed.verdict import Kind, classify, parser
from resift.records import Record

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
BODIES = SHARED / "eutils"
needs_bodies = pytest.mark.skipif(
    not BODIES.is_dir(), reason="the recorded E-utilities bodies are not beside the project (../shared)"
)


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> FrozenPubMed:
    return corpus.frozen(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> FrozenPubMed:
    """Real records: NLM's own sample, books, and a record with references."""
    if not (SHARED / "pubmed").is_dir():
        pytest.skip("the real PubMed records are not beside the project (../shared)")
    folder = tmp_path_factory.mktemp("real")
    for name in ("nlm-medsample1_medline17", "qi29_pubmed_result_121"):
        path = SHARED / "pubmed" / f"{name}.xml.gz"
        (folder / path.name).symlink_to(path)
    (folder / "pubmedpy.xml").symlink_to(BODIES / "pubmedpy/efetch.xml")
    (folder / "book.xml").symlink_to(BODIES / "metapub/sample_article_20301577.xml")
    return open_frozen(folder, cache=tmp_path_factory.mktemp("real-cache"))


def ask(frozen: FrozenPubMed, endpoint: str, **params: object) -> Reply:
    pairs: list[tuple[str, str]] = []
    for name, value in params.items():
        values = value if isinstance(value, list) else [value]
        pairs += [(name, str(item)) for item in values]
    return frozen.answer(Endpoint(endpoint), pairs)


def found(frozen: FrozenPubMed, **params: object) -> Mapping[str, object]:
    body = ask(frozen, "esearch", db="pubmed", retmode="json", **params).body
    result: Mapping[str, object] = json.loads(body)["esearchresult"]
    return result


def shape(body: bytes) -> str:
    """A body with its texts and numbers taken out: prolog, DOCTYPE and the order of elements remain."""
    text = re.sub(r">[^<>]*(?=<)", ">", body.decode())
    return re.sub(r"(<Id></Id>)+", "<Id></Id>", re.sub(r"\s+", "", text))


# -- large archives ------------------------------------------------------------------------------------

ASKED = (
    "cancer[tiab]", "pancreatic neoplasms", "smith j[au] OR jones[au]", "hypertension zzz", "the[ti]",
    "heart and lung[mh]", "2001:2015[dp] NOT humans[mh]", "english[la] AND last 9 years[dp]", "x[ir]",
)  # fmt: skip
SORTS = ("", "pub date", "author", "journal", "relevance", "colour")


def test_an_archive_searched_file_by_file_answers_as_one_held_in_memory(
    real: FrozenPubMed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers(frozen: FrozenPubMed) -> list[bytes]:
        bodies = [ask(frozen, "esearch", term=term, sort=sort).body for term in ASKED for sort in SORTS]
        env = json.loads(ask(frozen, "epost", id="20301577,17284678,1", retmode="json").body)["epostresult"]
        web_env = env["webenv"]
        bodies.append(ask(frozen, "esearch", term=ASKED[0], WebEnv=web_env).body)
        for term in ("#1 AND #2", "#1 OR #2", "(#2 NOT #1) AND english[la]", "#2 NOT cancer[tiab]"):
            bodies.append(ask(frozen, "esearch", term=term, WebEnv=web_env).body)
        bodies.append(ask(frozen, "espell", term="pancraetic tumuor").body)
        return [*bodies, ask(frozen, "einfo").body]

    held, by_file = real.anew(), real.anew()
    monkeypatch.setattr(pubmed, "HELD", 0)
    del by_file._table  # as it is decided when it is first asked for
    assert answers(by_file) == answers(held)
    assert held._table is not None
    assert by_file._table is None


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("title", lambda r: r.title.lower()),
        ("journal", lambda r: r.journal.lower()),
        ("author", lambda r: r.authors[0].lower() if r.authors else "~"),
        ("last author", lambda r: r.authors[-1].lower() if r.authors else "~"),
    ],
)
def test_ids_come_in_the_order_asked_for(real: FrozenPubMed, sort: str, key: Callable[[Record], str]) -> None:
    ids = re.findall(rb"<Id>(\d+)</Id>", ask(real, "esearch", term="cancer", sort=sort, retmax=999).body)
    records = real._archive.records(pmid.decode() for pmid in ids)
    assert len(records) > 20
    assert records == sorted(records, key=lambda r: (key(r), -int(r.pmid)))


# -- esearch -------------------------------------------------------------------------------------------


@needs_bodies
def test_search_results_have_the_recorded_shape(frozen: FrozenPubMed) -> None:
    plain = ask(frozen, "esearch", db="pubmed", term=corpus.ALL).body
    assert shape(plain) == shape((BODIES / "biopython/esearch1.xml").read_bytes())
    with_history = ask(
        frozen, "esearch", db="pubmed", term=corpus.ALL, reldate=60, datetype="edat", usehistory="y"
    ).body
    recorded = (BODIES / "biopython/esearch2.xml").read_bytes()
    translation_set = rb"<TranslationSet>.*</TranslationSet>"
    assert shape(with_history) == shape(
        re.sub(translation_set, b"<TranslationSet/>", recorded, flags=re.DOTALL)
    )
    assert re.search(rb"<WebEnv>MCID_[0-9a-f]{24}</WebEnv>", with_history)
    nothing = ask(frozen, "esearch", db="pubmed", term="the[tiab] AND tumour[tiab]").body
    assert shape(nothing) == shape((BODIES / "biopython/esearch8.xml").read_bytes())


@needs_bodies
def test_errors_are_the_recorded_bytes(frozen: FrozenPubMed) -> None:
    def same(reply: Reply, name: str) -> bool:
        return reply.body.split() == (BODIES / name).read_bytes().split()

    measured = "measured-bodies/"
    past = ask(frozen, "esearch", db="pubmed", term=corpus.ALL, retstart=9999, retmode="json")
    assert (
        past.body == (BODIES / measured / "esearch_retstart9999.http200.invalid-json").read_bytes().rstrip()
    )
    with pytest.raises(ValueError, match="control character"):
        json.loads(past.body)
    assert same(ask(frozen, "epost", db="nothing", id=1), "biopython/epost2.xml")
    assert same(ask(frozen, "esummary", db="pubmed"), "biopython/esummary8.xml")
    invalid = ask(frozen, "efetch", db="pubmed", id="abc")
    assert (invalid.status, same(invalid, measured + "efetch_all-invalid-ids.http400.xml")) == (400, True)
    lost = ask(frozen, "efetch", db="pubmed", WebEnv="MCID_gone", query_key=1)
    assert same(lost, measured + "efetch_expired-webenv.xml")
    unknown = ask(frozen, "efetch", db="pubmed", id=99999998)
    assert (unknown.status, same(unknown, measured + "efetch_unknown-pmid.http200.empty-set.xml")) == (
        200,
        True,
    )
    many = ask(frozen, "esummary", db="pubmed", retmode="json", id=",".join(corpus.pmids()[:501]))
    assert json.loads(many.body) == json.loads(
        (BODIES / measured / "esummary_too-many-uids.http200.json").read_bytes()
    )


def test_no_more_than_9_999_ids_are_served(frozen: FrozenPubMed) -> None:
    everything = found(frozen, term=corpus.ALL, retmax=100_000)
    assert (everything["count"], everything["retmax"]) == ("12000", "9999")
    assert len(everything["idlist"]) == 9_999  # type: ignore[arg-type]
    assert "warninglist" not in everything  # cut silently


def test_a_page_across_the_edge_is_clamped_and_says_so(frozen: FrozenPubMed) -> None:
    page = found(frozen, term=corpus.ALL, retstart=9_990, retmax=10)
    assert (page["retmax"], len(page["idlist"])) == ("9", 9)  # type: ignore[arg-type]
    assert page["warninglist"] == {
        "phrasesignored": [],
        "quotedphrasesnotfound": [],
        "outputmessages": ["Restrictions achieved. start and count adjusted to 9990, 9"],
    }


def test_history_stops_at_the_same_edge_silently_and_then_with_http_400(frozen: FrozenPubMed) -> None:
    stored = found(frozen, term=corpus.ALL, usehistory="y", retmax=0)
    where = {"db": "pubmed", "WebEnv": stored["webenv"], "query_key": stored["querykey"]}
    clamped = ask(frozen, "efetch", **where, retstart=9_500, retmax=500)
    assert clamped.body.count(b"<PubmedArticle>") == 499
    past = ask(frozen, "efetch", **where, retstart=9_999, retmax=10)
    assert past.status == 400
    assert b"cannot be larger than 9998" in past.body


def test_newest_records_come_first_and_paging_loses_nothing(frozen: FrozenPubMed) -> None:
    pages = [found(frozen, term=corpus.BOTH, retstart=n, retmax=2_000)["idlist"] for n in (0, 2_000, 4_000)]
    ids = [pmid for page in pages for pmid in page]  # type: ignore[attr-defined]
    assert len(ids) == len(set(ids)) == 6_000
    assert int(ids[0]) > int(ids[-1])


def test_unknown_tags_are_dropped_without_a_word(frozen: FrozenPubMed) -> None:
    with_tag, without = (found(frozen, term=term) for term in ("pancreas[foo]", "pancreas"))
    assert with_tag == without
    assert with_tag["count"] == "6000"


def test_a_tagged_stop_word_makes_the_search_zero(frozen: FrozenPubMed) -> None:
    result = found(frozen, term="the[tiab] OR pancreas[tiab]")
    assert (result["count"], result["idlist"]) == ("0", [])
    assert result["errorlist"] == {"phrasesnotfound": ["the"], "fieldsnotfound": []}
    assert result["querytranslation"] == "the[tiab] OR pancreas[tiab]"


def test_count_alone_hides_the_messages(frozen: FrozenPubMed) -> None:
    assert found(frozen, term="the[tiab]", rettype="count") == {"count": "0"}


def test_date_limits_become_part_of_the_translation(frozen: FrozenPubMed) -> None:
    by_parameter = found(frozen, term=corpus.BOTH, datetype="pdat", mindate="2002/03", maxdate="2003")
    in_query = found(frozen, term=f"({corpus.BOTH}) AND 2002/03:2003[dp]")
    assert by_parameter == in_query
    assert str(by_parameter["querytranslation"]).endswith(" AND 2002/03/01:2003/12/31[Date - Publication]")


@pytest.mark.parametrize(
    ("term", "translation"),
    [
        ("1804[dp]", "1804/01/01:1804/12/31[Date - Publication]"),
        ("english[la] AND x[ti]", '"english"[Language] AND "x"[Title]'),
        ('"a b"[tiab:~3]', '"a b"[Title/Abstract:~3]'),
        ("(a[ti] OR b[ti]) NOT 1:9[uid]", '("a"[Title] OR "b"[Title]) NOT 1:9[UID]'),
    ],
)
def test_translations_are_written_as_pubmed_writes_them(
    term: str, translation: str, frozen: FrozenPubMed
) -> None:
    said = found(frozen, term=term)["querytranslation"]
    assert said == translation or said == term  # a stop word repeats the query


def test_bad_syntax_is_an_error_under_http_200(frozen: FrozenPubMed) -> None:
    reply = ask(frozen, "esearch", db="pubmed", term="((")
    assert reply.status == 200
    assert b"<ERROR>Search Backend failed: " in reply.body


def test_the_history_can_be_combined(frozen: FrozenPubMed) -> None:
    first = found(frozen, term=corpus.BOTH, usehistory="y", retmax=0)
    web_env = first["webenv"]
    second = found(frozen, term="2002[dp]", WebEnv=web_env, retmax=0)
    assert second["querykey"] == "2"
    both = found(frozen, term="(#1) AND #2", WebEnv=web_env, usehistory="y", retmax=9999)
    direct = found(frozen, term=f"({corpus.BOTH}) AND 2002[dp]", retmax=9999)
    assert both["idlist"] == direct["idlist"] != []
    neither = found(frozen, term="#1 NOT (#2 OR 2003[dp])", WebEnv=web_env, retmax=9999)
    assert (
        neither["idlist"]
        == found(frozen, term=f"({corpus.BOTH}) NOT (2002[dp] OR 2003[dp])", retmax=9999)["idlist"]
    )
    by_key = found(frozen, term="2002[dp]", WebEnv=web_env, query_key=1, retmax=9999)
    assert by_key["idlist"] == direct["idlist"]


def test_what_is_approximated_is_said_where_no_client_of_pubmed_looks(real: FrozenPubMed) -> None:
    page = read_search(ask(real, "esearch", db="pubmed", term='"Neoplasms"[mh]').body)
    assert page.count > 0
    assert page.messages == ()
    assert any("without narrower headings" in text for text in page.remarks)
    reply = ask(real, "esearch", db="pubmed", term='"Neoplasms"[mh]', retmode="json")
    assert json.loads(reply.body)["resift"] == list(page.remarks)
    assert b"warninglist" not in reply.body


# -- records -------------------------------------------------------------------------------------------


def pmids_of(reply: Reply) -> list[str]:
    root = etree.fromstring(reply.body, parser())
    return [str(e.text) for e in root.iterfind("*/MedlineCitation/PMID")]


def test_fetched_records_follow_the_request_and_unknown_ones_are_left_out(frozen: FrozenPubMed) -> None:
    a, b, c = corpus.pmids()[:3]
    reply = ask(frozen, "efetch", db="pubmed", id=f"{c},000{a},99999998,{c},x,{b}")
    assert pmids_of(reply) == [c, a, b]
    assert pmids_of(ask(frozen, "efetch", db="pubmed", id=[a, b])) == [a, b]  # pymed repeats id=


@pytest.mark.parametrize(
    "odd",
    [
        {"rettype": "xml", "retmode": "text"},  # metapub
        {"rettype": "full", "retmode": "xml"},  # EDirect
        {"retmode": "html"},
        {"rettype": "medline", "retmode": "xml"},
        {},
    ],
)
def test_odd_pairs_of_clients_still_give_xml(odd: dict[str, str], frozen: FrozenPubMed) -> None:
    a = corpus.pmids()[0]
    assert pmids_of(ask(frozen, "efetch", db="pubmed", id=a, **odd)) == [a]


def test_text_forms_hold_the_same_records(frozen: FrozenPubMed) -> None:
    ids = corpus.pmids()[:3]
    assert ask(frozen, "efetch", id=",".join(ids), rettype="uilist").body.decode().split() == ids
    root = etree.fromstring(
        ask(frozen, "efetch", id=",".join(ids), rettype="uilist", retmode="xml").body, parser()
    )
    assert [e.text for e in root] == ids
    text = ask(frozen, "efetch", id=",".join(ids), rettype="abstract", retmode="text").body.decode()
    assert re.findall(r"PMID: (\d+)", text) == ids
    for rettype in ("uilist", "medline", "abstract"):
        reply = ask(frozen, "efetch", id=",".join(ids), rettype=rettype, retmode="text")
        assert reply.content_type.startswith("text/plain")
        assert classify(Endpoint.EFETCH, 200, {}, reply.body).kind is Kind.HITS


def test_books_are_served_as_books(real: FrozenPubMed) -> None:
    reply = ask(real, "efetch", db="pubmed", id="20301577")
    assert b"<PubmedBookArticle>" in reply.body
    summary = read_summaries(ask(real, "esummary", id="20301577", version="2.0").body)
    assert summary["20301577"].document_type in ("book", "chapter")


def test_deleted_records_are_left_out_by_efetch_and_named_by_esummary(real: FrozenPubMed) -> None:
    gone = sorted(real._archive.deleted)
    assert len(gone) == 7  # the DeleteCitation of NLM's sample
    assert pmids_of(ask(real, "efetch", db="pubmed", id=",".join(gone))) == []
    summaries = read_summaries(ask(real, "esummary", id=",".join(gone), version="2.0").body)
    assert {s.error for s in summaries.values()} == {"cannot get document summary"}
    assert set(summaries) == set(gone)


def test_summaries_agree_with_the_recorded_ones(real: FrozenPubMed) -> None:
    """Six records that were recorded through efetch and esummary: what a record holds is summarised alike."""
    recorded = etree.parse(BODIES / "pubmedpy/esummary.xml", parser()).getroot()
    ids = [e.findtext("Id") for e in recorded.iterfind("DocSum")]
    ours = etree.fromstring(ask(real, "esummary", db="pubmed", id=",".join(map(str, ids))).body, parser())

    def items(doc: etree._Element) -> dict[str, list[str]]:
        return {
            str(item.get("Name")): [sub.text or "" for sub in item] or [item.text or ""]
            for item in doc.iterfind("Item")
        }

    assert [e.findtext("Id") for e in ours.iterfind("DocSum")] == ids
    for theirs, mine in zip(recorded.iterfind("DocSum"), ours.iterfind("DocSum"), strict=True):
        a, b = items(theirs), items(mine)
        for name in ("Source", "Title", "Volume", "Issue", "LangList", "DOI", "AuthorList", "LastAuthor"):
            assert a[name] == b[name], (mine.findtext("Id"), name)
        # Members of their time that no record holds may be absent, none may be new.
        assert list(b) == [name for name in a if name in b]


def test_summaries_come_in_three_forms(frozen: FrozenPubMed) -> None:
    ids = [*corpus.pmids()[:2], "99999998"]
    asked = ",".join(ids)
    result = json.loads(ask(frozen, "esummary", id=asked, retmode="json").body)["result"]
    assert result["uids"] == ids
    assert result[ids[0]]["source"] == "J Made Rec"
    assert result["99999998"]["error"] == "cannot get document summary"
    root = etree.fromstring(ask(frozen, "esummary", id=asked, version="2.0").body, parser())
    assert [e.get("uid") for e in root.iter("DocumentSummary")] == ids
    assert root.findtext("DocumentSummarySet/DbBuild") == frozen.build


# -- links, citations, database ------------------------------------------------------------------------


def test_repeated_ids_give_a_link_set_each_and_a_comma_list_mixes_them(frozen: FrozenPubMed) -> None:
    ids = corpus.pmids()[10:12]
    common = {"dbfrom": "pubmed", "db": "pubmed", "linkname": "pubmed_pubmed_refs"}
    apart = json.loads(ask(frozen, "elink", **common, id=ids, retmode="json").body)["linksets"]
    mixed = json.loads(ask(frozen, "elink", **common, id=",".join(ids), retmode="json").body)["linksets"]
    assert [s["ids"] for s in apart] == [[pmid] for pmid in ids]
    assert apart[0]["linksetdbs"][0]["links"] == corpus.pmids()[8:10]
    assert len(mixed) == 1
    assert set(mixed[0]["linksetdbs"][0]["links"]) == {
        pmid for s in apart for pmid in s["linksetdbs"][0]["links"]
    }


def test_cited_in_is_the_reverse_of_references(frozen: FrozenPubMed) -> None:
    a, b, c = corpus.pmids()[20:23]
    body = ask(frozen, "elink", dbfrom="pubmed", id=a, linkname="pubmed_pubmed_citedin", retmode="json").body
    assert json.loads(body)["linksets"][0]["linksetdbs"][0]["links"] == [b, c]


def test_links_can_be_stored_and_fetched(frozen: FrozenPubMed) -> None:
    pmid = corpus.pmids()[30]
    body = ask(
        frozen, "elink", dbfrom="pubmed", id=pmid, linkname="pubmed_pubmed_refs", cmd="neighbor_history"
    ).body
    root = etree.fromstring(body, parser())
    key = root.findtext("LinkSet/LinkSetDbHistory/QueryKey")
    web_env = root.findtext("LinkSet/WebEnv")
    reply = ask(frozen, "efetch", db="pubmed", WebEnv=web_env, query_key=key, rettype="uilist")
    assert reply.body.decode().split() == corpus.pmids()[28:30]


def test_checks_say_which_links_there_are(frozen: FrozenPubMed) -> None:
    first = corpus.pmids()[0]
    body = ask(frozen, "elink", dbfrom="pubmed", id=first, cmd="acheck").body
    names = re.findall(rb"<LinkName>(.*?)</LinkName>", body)
    assert b"pubmed_pubmed_citedin" in names
    assert b"pubmed_pubmed_refs" not in names  # the first record cites nothing
    body = ask(frozen, "elink", dbfrom="pubmed", id="99999998", cmd="ncheck").body
    assert b'<Id HasNeighbor="N">99999998</Id>' in body


def test_citations_are_matched_as_ncbi_matches_them(frozen: FrozenPubMed) -> None:
    pmid = corpus.pmids()[250]
    lines = [
        "j made rec|2002|3|250|writer|a|",
        "Journal of made-up records|1900|3|250|nobody|b|",  # a wrong year and author are overlooked
        "j made rec|1996|3|999999||c|",
        "no such journal|1996|3|250||d|",
        "a line that cannot be read",
    ]
    answers = ask(frozen, "ecitmatch", db="pubmed", bdata="\r".join(lines)).body.decode().splitlines()
    assert [line.split("|", 5)[5] for line in answers] == [
        f"a|{pmid}",
        f"b|{pmid}",
        "c|NOT_FOUND",
        "d|NOT_FOUND;INVALID_JOURNAL",
    ]


@needs_bodies
def test_fields_are_named_as_einfo_names_them(frozen: FrozenPubMed) -> None:
    def names(body: bytes) -> set[tuple[str | None, str | None]]:
        root = etree.fromstring(body, parser())
        return {(e.findtext("Name"), e.findtext("FullName")) for e in root.iter("Field")}

    recorded = names((BODIES / "biopython/einfo2.xml").read_bytes())
    ours = names(ask(frozen, "einfo", db="pubmed").body)
    assert len(recorded & ours) >= 30
    assert shape(ask(frozen, "einfo").body) == re.sub(
        "(<DbName></DbName>)+", "<DbName></DbName>", shape((BODIES / "biopython/einfo1.xml").read_bytes())
    )


def test_the_build_names_the_content_of_the_archive(frozen: FrozenPubMed, real: FrozenPubMed) -> None:
    assert frozen.build != real.build
    assert frozen.build == f"Build-frozen-{frozen._archive.identity[:16]}"


@pytest.mark.parametrize("endpoint", list(Endpoint))
@pytest.mark.parametrize("retmode", ["xml", "json", ""])
def test_nothing_that_is_asked_raises(endpoint: Endpoint, retmode: str, frozen: FrozenPubMed) -> None:
    for params in (
        {},
        {"term": "]["},
        {"term": "#9", "WebEnv": "x"},
        {"id": "-1, ٣ ,1e9,99999999999999999999999"},
        {"id": "1", "retstart": "99999999", "retmax": "-5"},
        {"db": "nucleotide", "dbfrom": "gene"},
        {"WebEnv": "MCID_0", "query_key": "one"},
        {"bdata": "|||||||\r\r|"},
    ):
        pairs = [("retmode", retmode), *params.items()]
        assert frozen.answer(endpoint, pairs).status in (200, 400)
