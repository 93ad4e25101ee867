"""esummary in its forms, beside PubMed's own as recorded."""

from __future__ import annotations

import json
from pathlib import Path

import client_corpus as corpus
from lxml import etree

from resift.frozen.pubmed import FrozenPubMed
from resift.safe_xml import xml_parser

from .conftest import BODIES, ask


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


def test_summaries_agree_with_the_recorded_ones(real: FrozenPubMed) -> None:
    """Six records that were recorded through efetch and esummary: what a record holds is summarised alike."""
    recorded = etree.parse(BODIES / "pubmedpy/esummary.xml", xml_parser()).getroot()
    ids = [e.findtext("Id") for e in recorded.iterfind("DocSum")]
    ours = etree.fromstring(ask(real, "esummary", db="pubmed", id=",".join(map(str, ids))).body, xml_parser())

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
    root = etree.fromstring(ask(frozen, "esummary", id=asked, version="2.0").body, xml_parser())
    assert [e.get("uid") for e in root.iter("DocumentSummary")] == ids
    assert root.findtext("DocumentSummarySet/DbBuild") == frozen.build
