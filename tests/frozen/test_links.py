"""elink and ecitmatch over an archive."""

from __future__ import annotations

import json
import re

import client_corpus as corpus
from lxml import etree

from resift.frozen.pubmed import FrozenPubMed
from resift.safe_xml import xml_parser

from .conftest import ask


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
    root = etree.fromstring(body, xml_parser())
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
