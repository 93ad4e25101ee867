"""One element in, one record out: each field, and each trap that parsers of PubMed XML fell into."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from xml_samples import article, article_set, deletion

from resift.errors import FormatError
from resift.pubmed.xml import Deletion, parse_element, parse_set, read_records
from resift.records import Record, text_sha256


def parsed(body: str = "", citation: str = "", data: str = "") -> Record:
    return parse_element(article(7, body, citation, data).encode())


# ── text ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("Effect of <i>KRAS</i> on Ca<sup>2+</sup>", "Effect of KRAS on Ca2+"),
        ("<b>CO<sub>2</sub></b> <i>in</i> <i>vivo</i>.", "CO2 in vivo."),
        ("<i>First</i> <b>second</b>", "First second"),
        ("[Insulinoma: a case].", "[Insulinoma: a case]."),
        ("P &lt; 0.05 &amp; more", "P < 0.05 & more"),
        ("<![CDATA[a < b]]> <!-- note -->end", "a < b end"),
        ("over\n      two   lines", "over two lines"),
        (
            'Rate <mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>k</mml:mi>'
            "<mml:mo>=</mml:mo><mml:mn>3</mml:mn></mml:math> found",
            "Rate k=3 found",
        ),
        ("thin\u2009space and\u00a0nbsp", "thin\u2009space and\u00a0nbsp"),
    ],
)
def test_title_is_all_descendant_text(inner: str, text: str) -> None:
    assert parsed(f"<ArticleTitle>{inner}</ArticleTitle>").title == text


def test_prefix_declared_on_the_set_does_not_break_the_element() -> None:
    math = "<ArticleTitle>x <mml:math><mml:mi>y</mml:mi></mml:math></ArticleTitle>"
    assert parsed(math).title == "x y"


def test_structured_abstract_has_one_labelled_section_a_line() -> None:
    record = parsed(
        '<Abstract><AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND">One <i>two</i>.</AbstractText>'
        '<AbstractText Label="RESULTS">Three.</AbstractText><AbstractText>Four.</AbstractText>'
        "<AbstractText/><CopyrightInformation>(c) Publisher</CopyrightInformation></Abstract>"
    )
    assert record.abstract == "BACKGROUND: One two.\nRESULTS: Three.\nFour."


def test_other_abstracts_are_kept_apart_from_the_abstract() -> None:
    record = parsed(
        "<Abstract><AbstractText>English.</AbstractText></Abstract>",
        '<OtherAbstract Type="Publisher" Language="spa"><AbstractText>Español.</AbstractText></OtherAbstract>'
        '<OtherAbstract Type="plain-language-summary" Language="eng">'
        '<AbstractText Label="WHY">Simple.</AbstractText></OtherAbstract>',
    )
    assert (record.abstract, record.other_abstract) == ("English.", "Español.\nWHY: Simple.")


# ── ids ─────────────────────────────────────────────────────────────────────────────────────────────

CITED = (
    "<ReferenceList><Title>References</Title><Reference><Citation>Cited A. 2001</Citation><ArticleIdList>"
    '<ArticleId IdType="pubmed">99</ArticleId><ArticleId IdType="doi">10.1/cited</ArticleId>'
    '<ArticleId IdType="pmc">PMC99</ArticleId></ArticleIdList></Reference></ReferenceList>'
)


def test_ids_in_the_reference_list_belong_to_the_papers_cited() -> None:
    record = parsed(data=CITED)
    assert (record.pmid, record.doi, record.pmcid) == ("7", "", "")
    assert [(r.n, r.pmid, r.doi, r.citation) for r in record.references] == [
        (1, "99", "10.1/cited", "Cited A. 2001")
    ]


def test_reference_list_before_the_ids_of_the_paper_changes_nothing() -> None:
    own = '<ArticleIdList><ArticleId IdType="doi"> 10.1/Own </ArticleId></ArticleIdList>'
    assert parsed(data=CITED + own).doi == parsed(data=own + CITED).doi == "10.1/Own"


def test_pmid_of_a_comment_is_not_the_pmid_of_the_paper() -> None:
    link = (
        '<CommentsCorrectionsList><CommentsCorrections RefType="CommentIn"><RefSource>J. 2001</RefSource>'
        '<PMID Version="1">55</PMID></CommentsCorrections></CommentsCorrectionsList>'
    )
    assert parsed(citation=link).pmid == "7"
    without = article(7, "", link).replace('<PMID Version="1">7</PMID>', "")
    with pytest.raises(FormatError, match="no PMID"):
        parse_element(without.encode())


@pytest.mark.parametrize(
    ("body", "data", "doi"),
    [
        ('<ELocationID EIdType="doi" ValidYN="Y">10.1/loc</ELocationID>', "", "10.1/loc"),
        ('<ELocationID EIdType="doi">10.1/loc</ELocationID>', "", "10.1/loc"),
        ('<ELocationID EIdType="doi" ValidYN="N">10.1/wrong</ELocationID>', "", ""),
        ('<ELocationID EIdType="pii" ValidYN="Y">S0001</ELocationID>', "", ""),
        (
            '<ELocationID EIdType="doi" ValidYN="Y">10.1/loc</ELocationID>',
            '<ArticleIdList><ArticleId IdType="doi">10.1/list</ArticleId></ArticleIdList>',
            "10.1/list",
        ),
        ("", '<ArticleIdList><ArticleId IdType="pii">S1</ArticleId></ArticleIdList>', ""),
        (
            "",
            '<ArticleIdList><ArticleId IdType="doi">10.1/a</ArticleId>'
            '<ArticleId IdType="doi">10.1/b</ArticleId></ArticleIdList>',
            "10.1/a",
        ),
    ],
)
def test_doi_comes_from_the_article_ids_then_from_a_valid_location(body: str, data: str, doi: str) -> None:
    assert parsed(body, data=data).doi == doi


def test_nested_reference_lists_and_references_without_ids_are_all_kept_in_order() -> None:
    def one(n: int, ids: str = "") -> str:
        return f"<Reference><Citation>Cited {n}</Citation>{ids}</Reference>"

    ids = '<ArticleIdList><ArticleId IdType="pubmed">33</ArticleId></ArticleIdList>'
    record = parsed(
        data=f"<ReferenceList>{one(1)}<ReferenceList><Title>Part</Title>{one(2)}"
        f"{one(3, ids)}"
        f"</ReferenceList></ReferenceList><ReferenceList>{one(4)}<Reference/></ReferenceList>"
    )
    assert [(r.n, r.pmid, r.citation) for r in record.references] == [
        (1, "", "Cited 1"),
        (2, "", "Cited 2"),
        (3, "33", "Cited 3"),
        (4, "", "Cited 4"),
        (5, "", ""),
    ]


def test_papers_cited_under_comments_are_references_too_but_not_twice() -> None:
    def cites(*pmids: str) -> str:
        return "".join(
            f'<CommentsCorrections RefType="Cites"><RefSource>J {p}</RefSource><PMID>{p}</PMID>'
            "</CommentsCorrections>"
            for p in pmids
        )

    record = parsed(
        citation=f"<CommentsCorrectionsList>{cites('99', '100')}</CommentsCorrectionsList>", data=CITED
    )
    assert [(r.n, r.pmid) for r in record.references] == [(1, "99"), (2, "100")]
    assert record.links == ("Cites:99", "Cites:100")


# ── people ──────────────────────────────────────────────────────────────────────────────────────────


def test_authors_collectives_suffixes_and_missing_initials() -> None:
    record = parsed(
        '<AuthorList CompleteYN="Y">'
        '<Author ValidYN="Y"><LastName>de la Cruz</LastName><ForeName>Ana M</ForeName><Initials>AM</Initials>'
        "<AffiliationInfo><Affiliation>Dept A</Affiliation></AffiliationInfo>"
        "<AffiliationInfo><Affiliation>Dept B</Affiliation></AffiliationInfo></Author>"
        "<Author><LastName>King</LastName><Initials>ML</Initials><Suffix>Jr</Suffix>"
        "<AffiliationInfo><Affiliation>Dept A</Affiliation></AffiliationInfo></Author>"
        "<Author><LastName>Suharto</LastName><Suffix>\n\t\t</Suffix></Author>"
        "<Author><LastName>Lee</LastName><ForeName>Jae Won</ForeName></Author>"
        "<Author><CollectiveName>NET <i>Study</i> Group</CollectiveName></Author>"
        '<Author ValidYN="N"><LastName>Mispelt</LastName><Initials>X</Initials></Author>'
        "</AuthorList>"
    )
    assert record.authors == ("de la Cruz AM", "King ML Jr", "Suharto", "Lee JW")
    assert record.collective_authors == ("NET Study Group",)
    assert record.affiliations == ("Dept A", "Dept B")


def test_investigators_and_subjects_are_not_authors() -> None:
    person = "<LastName>Other</LastName><ForeName>P</ForeName><Initials>P</Initials>"
    record = parsed(
        "<AuthorList><Author><LastName>Real</LastName><Initials>A</Initials></Author></AuthorList>",
        f"<InvestigatorList><Investigator>{person}<AffiliationInfo><Affiliation>Site</Affiliation>"
        f"</AffiliationInfo></Investigator></InvestigatorList>"
        f"<PersonalNameSubjectList><PersonalNameSubject>{person}</PersonalNameSubject>"
        "</PersonalNameSubjectList>",
    )
    assert (record.authors, record.affiliations) == (("Real A",), ("Site",))


# ── headings and other lists ────────────────────────────────────────────────────────────────────────


def test_mesh_has_one_entry_for_each_pair_with_stars_on_major_topics() -> None:
    record = parsed(
        citation="<MeshHeadingList>"
        '<MeshHeading><DescriptorName UI="D1" MajorTopicYN="N">Liver Neoplasms</DescriptorName>'
        '<QualifierName UI="Q1" MajorTopicYN="Y">secondary</QualifierName>'
        '<QualifierName UI="Q2" MajorTopicYN="N">drug therapy</QualifierName></MeshHeading>'
        '<MeshHeading><DescriptorName UI="D2" MajorTopicYN="N">Humans</DescriptorName></MeshHeading>'
        '<MeshHeading><DescriptorName UI="D3" MajorTopicYN="Y">Octreotide</DescriptorName></MeshHeading>'
        "</MeshHeadingList>"
    )
    assert record.mesh == (
        "Liver Neoplasms/secondary*",
        "Liver Neoplasms/drug therapy",
        "Humans",
        "Octreotide*",
    )


def test_lists_of_the_citation() -> None:
    record = parsed(
        "<Language>ENG</Language><Language>fre</Language>"
        "<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>"
        "<AccessionNumber>NCT00000001</AccessionNumber><AccessionNumber>NCT00000002</AccessionNumber>"
        "</AccessionNumberList></DataBank></DataBankList>"
        "<GrantList><Grant><GrantID>R01 1</GrantID><Acronym>CA</Acronym><Agency>NCI NIH HHS</Agency>"
        "<Country>United States</Country></Grant><Grant><Agency>Wellcome Trust</Agency><Country/></Grant>"
        "</GrantList><PublicationTypeList><PublicationType>JOURNAL ARTICLE</PublicationType>"
        "<PublicationType>Review</PublicationType></PublicationTypeList>",
        "<ChemicalList><Chemical><RegistryNumber>RWM8CCW8GP</RegistryNumber>"
        "<NameOfSubstance>Octreotide</NameOfSubstance></Chemical><Chemical><RegistryNumber>0</RegistryNumber>"
        "<NameOfSubstance>Antineoplastic Agents</NameOfSubstance></Chemical></ChemicalList>"
        '<SupplMeshList><SupplMeshName Type="Protocol">FOLFOX protocol</SupplMeshName></SupplMeshList>'
        '<KeywordList Owner="NOTNLM"><Keyword>p<i>NET</i></Keyword><Keyword> </Keyword></KeywordList>'
        '<KeywordList Owner="KIE"><Keyword>Ethics</Keyword></KeywordList>'
        '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>J. 2013</RefSource>'
        '</CommentsCorrections><CommentsCorrections RefType="ErratumIn"><RefSource>J</RefSource>'
        "<PMID>12</PMID></CommentsCorrections></CommentsCorrectionsList>",
    )
    assert record.languages == ("eng", "fre")
    assert record.registries == ("NCT00000001", "NCT00000002")
    assert record.grants == ("R01 1/CA/NCI NIH HHS/United States", "Wellcome Trust")
    assert record.publication_types == ("JOURNAL ARTICLE", "Review")
    assert record.substances == ("Octreotide|RWM8CCW8GP", "Antineoplastic Agents")
    assert record.supplementary_concepts == ("FOLFOX protocol",)
    assert record.keywords == ("pNET", "Ethics")
    assert record.links == ("RetractionIn:", "ErratumIn:12")


# ── dates and places ────────────────────────────────────────────────────────────────────────────────


def test_print_electronic_and_history_dates_are_not_confused() -> None:
    def stamp(status: str, year: int) -> str:
        return (
            f'<PubMedPubDate PubStatus="{status}"><Year>{year}</Year><Month>3</Month><Day>4</Day>'
            "<Hour>6</Hour><Minute>0</Minute></PubMedPubDate>"
        )

    record = parsed(
        "<Journal><JournalIssue><PubDate><Year>2012</Year><Month>Dec</Month></PubDate></JournalIssue></Journal>"
        '<ArticleDate DateType="Electronic"><Year>2011</Year><Month>11</Month><Day>09</Day></ArticleDate>',
        "<DateCompleted><Year>1999</Year><Month>01</Month><Day>01</Day></DateCompleted>"
        "<DateRevised><Year>2019</Year><Month>02</Month><Day>03</Day></DateRevised>",
        "<History>"
        + stamp("received", 2001)
        + stamp("entrez", 2013)
        + stamp("pubmed", 2014)
        + stamp("medline", 2015)
        + "</History><PublicationStatus>aheadofprint</PublicationStatus>",
    )
    assert record.publication_status == "aheadofprint"
    assert (record.year, record.print_date, record.electronic_date) == (2012, "2012-12", "2011-11-09")
    assert (record.entered, record.entrez_date, record.mesh_date) == (
        "2013-03-04",
        "2014-03-04",
        "2015-03-04",
    )
    assert record.revised == "2019-02-03"


def test_year_falls_back_to_the_electronic_date() -> None:
    record = parsed("<ArticleDate><Year>2020</Year><Month>05</Month><Day>01</Day></ArticleDate>")
    assert (record.year, record.print_date) == (2020, "")


def test_journal_issue_and_pages() -> None:
    record = parsed(
        '<Journal><ISSN IssnType="Electronic">1234-5678</ISSN><JournalIssue CitedMedium="Internet">'
        "<Volume>10</Volume><Issue>4 Pt 2</Issue></JournalIssue><Title>Annals of Things</Title>"
        "<ISOAbbreviation>Ann Things</ISOAbbreviation></Journal>"
        "<Pagination><StartPage>514</StartPage><EndPage>523</EndPage><MedlinePgn>514-23</MedlinePgn>"
        "</Pagination><VernacularTitle>Über Dinge</VernacularTitle>",
        "<MedlineJournalInfo><MedlineTA>Ann Thi</MedlineTA><ISSNLinking>8765-4321</ISSNLinking>"
        "</MedlineJournalInfo>",
    )
    assert (record.journal, record.journal_abbreviation, record.issn) == (
        "Annals of Things",
        "Ann Things",
        "1234-5678",
    )
    assert (record.volume, record.issue, record.pages) == ("10", "4 Pt 2", "514-23")
    assert record.vernacular_title == "Über Dinge"
    bare = parsed(
        "<Pagination><StartPage>514</StartPage><EndPage>523</EndPage></Pagination>",
        "<MedlineJournalInfo><MedlineTA>Ann Thi</MedlineTA><ISSNLinking>8765-4321</ISSNLinking>"
        "</MedlineJournalInfo>",
    )
    assert (bare.pages, bare.journal_abbreviation, bare.issn) == ("514-523", "Ann Thi", "8765-4321")


# ── books, deletions, hashes, errors ────────────────────────────────────────────────────────────────

BOOK = (
    '<PubmedBookArticle><BookDocument><PMID Version="1">20301577</PMID><ArticleIdList>'
    '<ArticleId IdType="bookaccession">NBK1403</ArticleId></ArticleIdList><Book>'
    "<BookTitle>Gene<i>Reviews</i></BookTitle><PubDate><Year>1993</Year></PubDate>"
    '<AuthorList Type="editors"><Author><LastName>Adam</LastName><Initials>MP</Initials></Author>'
    "</AuthorList>"
    "</Book>{chapter}<Language>eng</Language>{authors}<PublicationType>Review</PublicationType>"
    "<Abstract><AbstractText>Text.</AbstractText></Abstract>"
    "<ReferenceList><Reference><Citation>C</Citation></Reference></ReferenceList>"
    "</BookDocument><PubmedBookData><History><PubMedPubDate PubStatus='entrez'><Year>2010</Year>"
    "<Month>3</Month><Day>20</Day></PubMedPubDate></History></PubmedBookData></PubmedBookArticle>"
)


def test_chapter_stands_in_its_book() -> None:
    author = "<Author><LastName>Napolitano</LastName><Initials>C</Initials></Author>"
    authors = f'<AuthorList Type="authors">{author}</AuthorList>'
    raw = BOOK.format(chapter="<ArticleTitle>A Disorder</ArticleTitle>", authors=authors)
    record = parse_element(raw.encode())
    assert (record.record, record.type, record.title, record.journal) == (
        "pubmed:20301577",
        "chapter",
        "A Disorder",
        "GeneReviews",
    )
    assert (record.authors, record.year, record.entered) == (("Napolitano C",), 1993, "2010-03-20")
    assert (record.abstract, record.publication_types, len(record.references)) == ("Text.", ("Review",), 1)


def test_whole_book_has_its_own_title_and_its_editors() -> None:
    record = parse_element(BOOK.format(chapter="", authors="").encode())
    assert (record.type, record.title, record.journal, record.authors) == (
        "book",
        "GeneReviews",
        "",
        ("Adam MP",),
    )


def test_deletions_come_in_their_place_among_the_records() -> None:
    found = parse_set(article_set(article(1), deletion(3, 4), article(2)))
    assert [f if isinstance(f, Deletion) else f.record for f in found] == [
        "pubmed:1",
        Deletion(("3", "4")),
        "pubmed:2",
    ]


def test_hashes_are_of_the_bytes_received_and_of_what_screening_reads() -> None:
    raw = article(7, "<ArticleTitle>T</ArticleTitle>").encode()
    record = parse_element(raw)
    assert record.element_sha256 == hashlib.sha256(raw).hexdigest()
    assert record.text_sha256 == text_sha256(replace(record, text_sha256=""))
    respaced = parse_element(raw.replace(b"<Article ", b"\n  <Article "))
    assert respaced.text_sha256 == record.text_sha256
    assert respaced.element_sha256 != record.element_sha256


def test_old_parts_that_no_record_column_takes_do_no_harm() -> None:
    record = parsed(
        citation="<GeneSymbolList><GeneSymbol>abc</GeneSymbol></GeneSymbolList><Unknown><PMID>5</PMID></Unknown>"
    )
    assert record == replace(parsed(), element_sha256=record.element_sha256)


@pytest.mark.parametrize(
    ("element", "message"),
    [
        (article("12x"), "PMID '12x' is not a number"),
        (article(""), "no PMID"),
        (article(12, "<ArticleTitle>a<b></ArticleTitle>"), r"PMID 12\) is not well-formed"),
        (article(12, "<ArticleTitle>a &nbsp; b</ArticleTitle>"), "nbsp"),
        ("<PubmedArticle/>", "no PMID"),
        ("<DeleteCitation><PMID>x</PMID></DeleteCitation>", "PMID 'x' is not a number"),
    ],
)
def test_record_that_cannot_be_read_is_an_error_that_names_it(element: str, message: str) -> None:
    answer = article_set(article(1), element)
    with pytest.raises(FormatError, match=message) as caught:
        parse_set(answer, name="answer.xml")
    line = str(caught.value)
    assert line.startswith("answer.xml: record 2, byte ")
    assert "\n" not in line


def test_other_elements_are_not_records() -> None:
    with pytest.raises(FormatError, match="neither a PubmedArticle nor"):
        parse_element(b"<eSearchResult><Count>1</Count></eSearchResult>")


def test_records_of_a_path_name_the_path(tmp_path) -> None:
    path = tmp_path / "one.xml"
    path.write_bytes(article_set(article(1), article("")))
    with pytest.raises(FormatError, match=r"one\.xml: record 2, byte"):
        list(read_records(path))
