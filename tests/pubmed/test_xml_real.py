"""Every real PubMed XML file at hand: nothing is lost between the file and the records."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree

from resift.pubmed.elements import ElementKind, read_elements
from resift.pubmed.xml import Deletion, Record, parse, parse_set, read_records

KINDS = tuple(kind.value for kind in ElementKind)
LARGE = ("pubmed20n0014.xml.gz", "pubmed21n1298.xml.gz")
SMALL = (
    "easypubmed_sample_records.xml.gz",
    "net-synergy_truncated_pubmed21n0001.xml.gz",
    "net-synergy_truncated_pubmed21n1000.xml.gz",
    "net-synergy_truncated_pubmed21n1001.xml.gz",
    "net-synergy_truncated_pubmed21n1002.xml.gz",
    "net-synergy_truncated_pubmed21n1003.xml.gz",
    "nlm-medsample1_medline17.xml.gz",
    "polonas_pubmed_results_20.xml.gz",
    "pubmedportable_pancreatic-cancer_100.xml.gz",
    "qi29_pubmed_result_121.xml.gz",
    "sk8erjs69_pubmed_result_106.xml.gz",
    "tipplerow_pubmed20_sample_with_DeleteCitation.xml.gz",
)


def counted_by_lxml(content: bytes) -> Counter[str]:
    """What one streaming pass of an XML parser counts: the members of the set, and their references."""
    counts: Counter[str] = Counter()
    events = etree.iterparse(
        io.BytesIO(content),
        tag=(*KINDS, "Reference", "CommentsCorrections"),
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
    )
    for _, element in events:
        if element.tag != "CommentsCorrections":
            counts[element.tag] += 1
        elif element.get("RefType") == "Cites":  # reference lists before 2018
            counts["Reference"] += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return counts


def counted_by_us(content: bytes) -> Counter[str]:
    counts: Counter[str] = Counter()
    for element in read_elements(io.BytesIO(content)):
        found = parse(element)
        counts[element.kind.value] += 1
        if isinstance(found, Record):
            counts["Reference"] += len(found.references)
    return +counts


@pytest.fixture
def content(shared: Path) -> Callable[[str], bytes]:
    def read(name: str) -> bytes:
        path = shared / name
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()

    return read


@pytest.mark.parametrize("name", SMALL)
def test_records_out_are_elements_in(content: Callable[[str], bytes], name: str) -> None:
    xml = content(f"pubmed/{name}")
    expected = counted_by_lxml(xml)
    assert expected["PubmedArticle"] > 0
    assert counted_by_us(xml) == expected


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_whole_files_of_nlm_are_cut_as_a_full_parser_sees_them(
    content: Callable[[str], bytes], name: str
) -> None:
    xml = content(f"pubmed/{name}")
    counts = Counter(element.kind.value for element in read_elements(io.BytesIO(xml)))
    expected = counted_by_lxml(xml)
    del expected["Reference"]
    assert counts == expected


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.slow
def test_records_of_whole_files_parse(shared: Path, name: str) -> None:
    """Every fiftieth record: the index of an archive parses them all."""
    parsed = 0
    for element in read_elements(shared / "pubmed" / name):
        if element.ordinal % 50 == 0:
            found = parse(element)
            assert isinstance(found, Record)
            assert found.title or found.vernacular_title
            assert found.year
            parsed += 1
    assert parsed > 400


def efetch_answers(shared: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(shared / "pubmed" / "metapub_efetch_single-pmid.tar.gz") as tar:
        for member in tar:
            if member.isfile() and member.name.endswith(".xml"):
                file = tar.extractfile(member)
                assert file is not None
                yield member.name, file.read()
    for path in sorted((shared / "eutils").rglob("*.xml")):
        body = path.read_bytes()
        if b"<PubmedArticle>" in body or b"<PubmedBookArticle>" in body:
            yield str(path), body


def test_efetch_answers_give_one_record_for_each_element(shared: Path) -> None:
    answers = 0
    for name, body in efetch_answers(shared):
        found = parse_set(body, name=name)
        expected = counted_by_lxml(body)
        assert len(found) == sum(expected[kind] for kind in KINDS), name
        assert counted_by_us(body) == expected, name
        answers += bool(found)
    assert answers >= 120


def test_no_paper_is_credited_with_the_ids_of_what_it_cites(shared: Path) -> None:
    cited = 0
    for name, body in efetch_answers(shared):
        root = etree.fromstring(body, etree.XMLParser(load_dtd=False, no_network=True))
        articles = root.iter(*KINDS)  # one answer is a PubmedArticle without its set
        for record, element in zip(parse_set(body, name=name), articles, strict=True):
            assert isinstance(record, Record)
            own = element.xpath("PubmedData/ArticleIdList/ArticleId[@IdType='doi']/text()")
            assert record.pmid == element.xpath("string(*/PMID)")
            assert not own or record.doi == own[0].strip()
            cited += sum(bool(reference.doi) for reference in record.references)
    assert cited > 1000


def test_books_are_records(content: Callable[[str], bytes]) -> None:
    (chapter,) = parse_set(content("eutils/metapub/sample_article_20301577.xml"))
    assert isinstance(chapter, Record)
    assert (chapter.type, chapter.title, chapter.journal, chapter.year) == (
        "chapter",
        "CACNA1C-Related Disorders",
        "GeneReviews®",
        1993,
    )
    assert (chapter.authors, len(chapter.references)) == (("Napolitano C", "Priori SG"), 31)
    (other,) = parse_set(content("eutils/edirect-esample/es_book.xml"))
    assert isinstance(other, Record)
    assert (other.pmid, other.type, other.entered) == ("21433338", "chapter", "2011-03-25")


def records_by_pmid(shared: Path, name: str) -> dict[str, Record]:
    found = read_records(shared / "pubmed" / name)
    return {record.pmid: record for record in found if isinstance(record, Record)}


def test_oddities_of_the_sample_file_of_nlm(shared: Path) -> None:
    found = list(read_records(shared / "pubmed" / "nlm-medsample1_medline17.xml.gz"))
    records = [record for record in found if isinstance(record, Record)]
    deletions = [deletion for deletion in found if isinstance(deletion, Deletion)]
    assert (len(records), [len(deletion.pmids) for deletion in deletions]) == (170, [7])
    assert {r.print_date for r in records} >= {"1965-12", "1998-12", "1944"}
    assert sum(bool(r.vernacular_title) for r in records) == 11
    assert sum(not r.abstract for r in records) == 61
    assert sum(len(r.collective_authors) for r in records) == 13
    assert {link.partition(":")[0] for r in records for link in r.links} >= {
        "RetractionIn",
        "RetractionOf",
        "ErratumIn",
        "UpdateIn",
        "UpdateOf",
        "RepublishedIn",
        "SummaryForPatientsIn",
    }


def test_language_in_capitals_is_the_same_language(shared: Path) -> None:
    records = records_by_pmid(shared, "sk8erjs69_pubmed_result_106.xml.gz").values()
    languages = Counter(language for record in records for language in record.languages)
    assert all(language.islower() for language in languages)
    assert sum(languages.values()) == 106
    assert "JOURNAL ARTICLE" in {kind for record in records for kind in record.publication_types}


def test_history_dates_agree_with_the_medline_export(shared: Path) -> None:
    """PHST `[entrez]`, `[pubmed]`, `[medline]` of PubMed's own export are crdt, edat, mhda."""
    export = gzip.decompress((shared / "pubmed" / "zelcofir_pubmed-format_240.txt.gz").read_bytes()).decode(
        "utf-8-sig"
    )
    fields: dict[str, dict[str, str]] = {}
    pmid = ""
    for line in export.splitlines():
        tag, text = line[:4].strip(), line[6:]
        if tag == "PMID":
            pmid = text.strip()
            fields[pmid] = {}
        elif tag in ("EDAT", "MHDA", "CRDT") and pmid:
            fields[pmid][tag] = text[:10].replace("/", "-")
        elif tag == "PHST" and pmid:
            fields[pmid][text[text.rindex("[") :]] = text[:10].replace("/", "-")
    assert len(fields) == 240
    for tags in fields.values():
        assert tags["CRDT"] == tags["[entrez]"]
        assert tags["EDAT"] == tags["[pubmed]"]
        if "[medline]" in tags:
            assert tags["MHDA"] == tags["[medline]"]
