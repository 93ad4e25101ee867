"""What is asked of a reference list changes the list alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from resift.pubmed.xml import Cites, parse_element

ELEMENT = b"""<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID>7</PMID>
<Article><ArticleTitle>A <i>b</i></ArticleTitle></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="Cites"><RefSource>Lancet 1</RefSource>
<PMID>5</PMID></CommentsCorrections></CommentsCorrectionsList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1/own</ArticleId></ArticleIdList>
<ReferenceList><Reference><Citation>One</Citation><ArticleIdList><ArticleId IdType="pubmed">1</ArticleId>
<ArticleId IdType="doi">10.1/one</ArticleId></ArticleIdList></Reference>
<Reference><Citation>Two</Citation></Reference></ReferenceList></PubmedData></PubmedArticle>"""


@pytest.mark.parametrize("cites", Cites)
def test_every_column_and_both_hashes_are_the_same(cites: Cites) -> None:
    whole, asked = parse_element(ELEMENT), parse_element(ELEMENT, cites=cites)
    assert replace(asked, references=()) == replace(whole, references=())


def test_what_is_asked_for_is_given_in_order() -> None:
    def cited(cites: Cites) -> list[tuple[str, str, str]]:
        return [(r.pmid, r.doi, r.citation) for r in parse_element(ELEMENT, cites=cites).references]

    assert cited(Cites.REFERENCES) == [("1", "10.1/one", "One"), ("", "", "Two"), ("5", "", "Lancet 1")]
    assert cited(Cites.PMIDS) == [("1", "", ""), ("", "", ""), ("5", "", "")]
    assert cited(Cites.NOTHING) == []
