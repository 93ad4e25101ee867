"""Answers that look right and are not the answer: found out before they are kept."""

from __future__ import annotations

import pytest

from resift.pubmed.source import Endpoint, Request
from resift.pubmed.verdict import judge

# With a DTD that may define them, entities are well-formed.
DTD = '<!DOCTYPE x PUBLIC "-//NLM//DTD x//EN" "https://dtd.nlm.nih.gov/x.dtd">'
FETCH = Request.of(Endpoint.EFETCH, db="pubmed", id="11,12", retmode="xml")


def article(pmid: int, own: int, content: str = "<Article><ArticleTitle>A</ArticleTitle></Article>") -> str:
    cited = '<ArticleIdList><ArticleId IdType="pubmed">5</ArticleId></ArticleIdList>'
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID>{content}</MedlineCitation><PubmedData>"
        f'<ArticleIdList><ArticleId IdType="pubmed">{own}</ArticleId></ArticleIdList>'
        f"<ReferenceList><Reference>{cited}</Reference></ReferenceList></PubmedData></PubmedArticle>"
    )


def said(*articles: str) -> str:
    verdict = judge(FETCH, 200, f"{DTD}<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>".encode())
    return "" if verdict.usable else verdict.reason


def test_records_under_each_others_pmid_are_not_kept() -> None:
    assert said(article(11, 11), article(12, 12)) == ""
    assert said(article(11, 12), article(12, 11)) == "the record of 11 is that of 12"


def test_records_of_bare_bones_are_not_kept() -> None:
    assert said(article(11, 11), article(12, 12, "")) == "the record of 12 has no Article"


def test_text_lost_to_entities_of_html_is_not_kept() -> None:
    broken = "<Article><ArticleTitle>A&nbsp;B</ArticleTitle></Article>"
    assert "an entity that XML does not know" in said(article(11, 11), article(12, 12, broken))
    kept = "<Article><ArticleTitle>A &amp; B &#160; &lt;</ArticleTitle></Article>"
    assert said(article(11, 11), article(12, 12, kept)) == ""


@pytest.mark.parametrize("words", ["Search Backend&nbsp;failed", "Search&#32;Backend <b>failed</b>"])
def test_an_error_is_read_with_its_entities(words: str) -> None:
    request = Request.of(Endpoint.ESEARCH, db="pubmed", retmax=9999, retmode="xml", term="cats")
    body = f"{DTD}<eSearchResult><ERROR>{words}: read</ERROR></eSearchResult>".encode()
    verdict = judge(request, 200, body)
    assert (verdict.kind, verdict.reason) == ("retry", "Search Backend failed: read")


@pytest.mark.parametrize("retmax", [0, 9999])
@pytest.mark.parametrize(
    ("said", "usable"),
    [
        ("<TranslationSet/><QueryTranslation>cats[Title]</QueryTranslation>", True),
        ("<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>", True),
        ("<TranslationSet/><QueryTranslation/>", False),
        ("", False),
    ],
)
def test_nothing_found_is_believed_only_of_an_answer_that_speaks_of_the_query(
    said: str, usable: bool, retmax: int
) -> None:
    request = Request.of(
        Endpoint.ESEARCH, db="pubmed", retmax=retmax, retmode="xml", retstart=0, term="cats[ti]"
    )
    zero = "<Count>0</Count><RetMax>0</RetMax><RetStart>0</RetStart><IdList/>"
    assert judge(request, 200, f"<eSearchResult>{zero}{said}</eSearchResult>".encode()).usable == usable


LINES = "proc natl acad sci u s a|1991|88|3248|mann bj|Art1|\rZ Gastroenterol|2001|39|7|Müller K|Art2|"


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        # As ECitMatch's documentation prints its answers, and as a server may write the same line anew.
        ("proc natl acad sci u s a|1991|88|3248|mann bj|Art1|2014248", ""),
        ("Proc. Natl  Acad Sci U S A |1991|88|3248|MANN BJ|Art1|2014248", ""),
        (
            "proc natl acad sci u s a|1991|88|3249|mann bj|Art1|2014248",
            "another citation than was sent as Art1",
        ),
        ("science|1987|235|182|palmenberg ac|Art1|3026048", "another citation than was sent as Art1"),
        ("science|1987|235|182|palmenberg ac|Art9|3026048", "Art9 was not asked for"),
    ],
)
def test_a_match_of_another_citation_is_not_kept(answered: str, reason: str) -> None:
    request = Request.of(Endpoint.ECITMATCH, bdata=LINES, db="pubmed", retmode="xml")
    body = f"{answered}\nZ Gastroenterol|2001|39|7|Mueller K|Art2|NOT_FOUND\n".encode()
    verdict = judge(request, 200, body)
    assert verdict.usable == (not reason)
    assert reason in verdict.reason
