"""Cutting a stream into elements: the same elements as a full XML parser sees, whatever is in between."""

from __future__ import annotations

import gzip
import io
import itertools
import tracemalloc
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from xml_samples import PROLOG, article, article_set, deletion, titled

from resift.errors import FormatError
from resift.pubmed import elements
from resift.pubmed.elements import ElementKind, read_elements, split_set
from resift.pubmed.xml import Record, parse_element, parse_set, read_records

TAGS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")


class Trickle(io.BytesIO):
    """A stream that gives a few bytes at a time, as a slow connection does."""

    def __init__(self, content: bytes, size: int) -> None:
        super().__init__(content)
        self.size = size

    def peek(self, _: int) -> bytes:
        return self.getvalue()[:2]

    def read(self, _: int | None = -1) -> bytes:
        return super().read(self.size)


def cut(content: bytes) -> list[bytes]:
    return [element.raw for element in read_elements(io.BytesIO(content))]


def titles(content: bytes) -> list[str]:
    return [found.title for found in parse_set(content) if isinstance(found, Record)]


def seen_by_lxml(content: bytes) -> list[tuple[str, str]]:
    """Tag and text of every member of the set, by a full parse."""
    root = etree.fromstring(content, etree.XMLParser(load_dtd=False, no_network=True))
    return [(child.tag, "".join(child.itertext())) for child in root if child.tag in TAGS]


# ── the frame ───────────────────────────────────────────────────────────────────────────────────────

DOCTYPES = [
    "",
    '<?xml version="1.0"?>\n',
    "<!DOCTYPE PubmedArticleSet>",
    '<?xml version="1.0" encoding="UTF-8" ?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, '
    '1st January 2015//EN" "http://www.ncbi.nlm.nih.gov/corehtml/query/DTD/pubmed_150101.dtd">',
    '<?xml version="1.0"?><!DOCTYPE PubmedArticleSet SYSTEM "http://dtd.nlm.nih.gov/pubmed_310101.dtd">',
    '<!DOCTYPE PubmedArticleSet [ <!ENTITY a "b"> <!ELEMENT x ANY> ]>\n<!-- <PubmedArticle> -->',
    "\ufeff" + PROLOG,
]


@pytest.mark.parametrize("prolog", DOCTYPES)
def test_any_prolog_will_do(prolog: str) -> None:
    assert titles(article_set(titled(1, "a"), titled(2, "b"), prolog=prolog)) == ["a", "b"]


def test_elements_carry_kind_bytes_place_and_order() -> None:
    one, gone, two = titled(1, "a"), deletion(9), titled(2, "b")
    content = article_set(one, gone, two)
    found = list(read_elements(io.BytesIO(content)))
    assert [element.kind for element in found] == [
        ElementKind.ARTICLE,
        ElementKind.DELETION,
        ElementKind.ARTICLE,
    ]
    assert [element.raw.decode() for element in found] == [one, gone, two]
    assert [element.ordinal for element in found] == [1, 2, 3]
    assert all(content[e.offset : e.offset + len(e.raw)] == e.raw for e in found)


@pytest.mark.parametrize("ends", [b"\r\n", b"\r"])
def test_other_line_ends_on_the_way_change_no_record(ends: bytes) -> None:
    content = article_set(titled(1, "a line\nand another"), titled(2, "b"))
    rewritten = content.replace(b"\n", ends)
    assert rewritten != content
    assert [e.raw for e in split_set(rewritten)] == [e.raw for e in split_set(content)]
    assert parse_set(rewritten) == parse_set(content)


@pytest.mark.parametrize(
    "content",
    [
        b"<PubmedArticleSet></PubmedArticleSet>",
        b"<PubmedArticleSet/>",
        b'<?xml version="1.0" ?>\n<PubmedArticleSet>\n<!-- none -->\n</PubmedArticleSet>\n',
    ],
)
def test_an_empty_set_is_a_set_without_records(content: bytes) -> None:
    assert cut(content) == []


def test_attributes_and_spaces_in_the_tags_do_no_harm() -> None:
    odd = titled(1, "a").replace("<PubmedArticle>", '<PubmedArticle\n Note="x > y" >')
    odd = odd.replace("</PubmedArticle>", "</PubmedArticle\n>")
    content = article_set(odd).replace(b"<PubmedArticleSet>", b'<PubmedArticleSet version="1">')
    assert len(cut(content)) == 1


def test_answers_one_after_another_are_read_as_one_file() -> None:
    assert titles(article_set(titled(1, "a")) + article_set(titled(2, "b"))) == ["a", "b"]


def test_an_article_without_its_set_is_read() -> None:
    assert titles(titled(1, "a").encode()) == ["a"]


# ── tags that are no tags ───────────────────────────────────────────────────────────────────────────

DECOYS = [
    "<!-- </PubmedArticle> -->",
    "<!-- <PubmedArticle><PMID>5</PMID></PubmedArticle> -->",
    "<![CDATA[</PubmedArticle><PubmedArticle>]]>",
    "<![CDATA[<DeleteCitation><PMID>1</PMID></DeleteCitation> <!-- ]]>",
    "<?pmc </PubmedArticle> ?>",
    "&lt;/PubmedArticle>",
    "what? wow! a <i>b</i> ?!",
]


@pytest.mark.parametrize("decoy", DECOYS)
@pytest.mark.parametrize("size", [1, 7, 64, 1 << 20])
def test_tags_inside_comments_cdata_and_instructions_do_not_count(decoy: str, size: int) -> None:
    content = article_set(titled(1, f"a{decoy}b"), titled(2, f"{decoy}c"))
    found = [element.raw for element in read_elements(Trickle(content, size))]
    assert len(found) == 2
    assert [parse_element(raw).pmid for raw in found] == ["1", "2"]


@pytest.mark.parametrize("decoy", [d for d in DECOYS if d.startswith(("<!--", "<?"))])
def test_tags_inside_comments_between_records_do_not_count(decoy: str) -> None:
    assert titles(article_set(titled(1, "a"), decoy, titled(2, "b"))) == ["a", "b"]


PIECES = st.one_of(
    st.sampled_from(DECOYS),
    st.text(alphabet="ab &<>!?-[]\n", max_size=12).map(
        lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    ),
)


@given(
    members=st.lists(
        st.one_of(
            st.lists(PIECES, max_size=4).map(lambda parts: titled(len(parts) + 1, "".join(parts))),
            st.integers(1, 99).map(deletion),
            st.sampled_from([d for d in DECOYS if d.startswith(("<!--", "<?"))]),
        ),
        max_size=6,
    ),
    size=st.integers(1, 400),
)
def test_cutting_sees_what_a_full_parser_sees(members: list[str], size: int) -> None:
    content = article_set(*members)
    expected = seen_by_lxml(content)
    found = [element.raw for element in read_elements(Trickle(content, size))]
    trees = [etree.fromstring(raw) for raw in found]
    assert [(tree.tag, "".join(tree.itertext())) for tree in trees] == expected


# ── what cannot be read whole ───────────────────────────────────────────────────────────────────────


def one_line(content: bytes, name: str = "archive/x.xml.gz") -> str:
    with pytest.raises(FormatError) as caught:
        list(read_records(io.BytesIO(content), name=name))
    line = str(caught.value)
    assert line.startswith(f"{name}: ")
    assert "\n" not in line
    return line


LONG = article_set(*(titled(n, "word " * 50) for n in range(1, 200)))


def test_xml_that_breaks_off_names_the_record() -> None:
    start = LONG.index(b'<PMID Version="1">123<')
    offset = LONG.rindex(b"<PubmedArticle>", 0, start)
    assert one_line(LONG[: start + 40]) == (
        "archive/x.xml.gz: the file breaks off inside record 123 (PMID 123), "
        f"byte {offset:,}; download it again"
    )


def test_xml_that_breaks_off_between_records_is_not_taken_for_whole() -> None:
    whole = LONG[: LONG.index(b"</PubmedArticle>") + 16]
    assert "the file breaks off after record 1; download it again" in one_line(whole)


@given(st.integers(0, len(LONG) - len("</PubmedArticleSet>\n")))
def test_no_cut_of_a_file_reads_as_a_whole_one(length: int) -> None:
    with pytest.raises(FormatError):
        list(read_elements(io.BytesIO(LONG[:length])))


@given(st.data())
def test_no_cut_of_a_gzip_file_reads_as_a_whole_one(data: st.DataObject) -> None:
    packed = gzip.compress(LONG, mtime=0)
    length = data.draw(st.integers(0, len(packed) - 1))
    with pytest.raises(FormatError):
        list(read_elements(io.BytesIO(packed[:length])))


def test_gzip_that_breaks_off_or_is_damaged_says_so() -> None:
    packed = gzip.compress(LONG, mtime=0)
    assert "the gzip stream breaks off" in one_line(packed[:-20])
    flipped = packed[:-8] + bytes(4) + packed[-4:]  # a wrong checksum
    assert "cannot be read" in one_line(flipped)
    assert "download it again" in one_line(flipped)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (gzip.compress(b"", mtime=0), "the file is empty"),
        (b"  \n ", "no PubmedArticleSet"),
        (b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet>\n', "no PubmedArticleSet"),
        (b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArt', "breaks off at its beginning"),
        (b"PMID- 123\nTI  - A title\n", "not PubMed XML: it begins with 'PMID- 123"),
        (b"<!DOCTYPE html><html><body>Bad gateway</body></html>", "it begins with <html>"),
        (b'{"error":"API rate limit exceeded","api-key":"SECRET"}', "not PubMed XML"),
        (b"<eSearchResult><Count>3</Count></eSearchResult>", "it begins with <eSearchResult>"),
        (b"<eFetchResult><ERROR>ID list is empty!</ERROR></eFetchResult>", "an error instead of records: ID"),
        (
            b"<MedlineCitationSet><MedlineCitation/></MedlineCitationSet>",
            "it begins with <MedlineCitationSet>",
        ),
        (b"<pm:PubmedArticleSet/>", "not PubMed XML"),
        (article_set(titled(1, "a"), "<Article>lost</Article>"), "<Article> stands where a PubmedArticle"),
        (article_set(titled(1, "a"), "stray words"), "'stray words"),
        (article_set(titled(1, "a")) + b"<html/>", "after record 1"),
        (b"<PubmedArticleSet><PubmedArticleSet></PubmedArticleSet>", "do not match"),
        (b"</PubmedArticleSet>", "do not match"),
        (article_set().decode().encode("utf-16"), "UTF-16"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><PubmedArticleSet/>', "ISO-8859-1"),
        (article_set("<PubmedArticle><PMID>5</PMID>", titled(1, "a")), "record 1"),
    ],
)
def test_what_is_not_pubmed_xml_is_one_clear_line(content: bytes, said: str) -> None:
    line = one_line(content)
    assert said in line
    assert "SECRET" not in line


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"gone\.xml: No such file"):
        list(read_elements(tmp_path / "gone.xml"))


def test_content_and_not_the_name_tells_gzip(tmp_path: Path) -> None:
    plain, packed = tmp_path / "plain.xml.gz", tmp_path / "packed.xml"
    plain.write_bytes(article_set(titled(1, "a")))
    packed.write_bytes(gzip.compress(article_set(titled(1, "a"))))
    assert list(read_elements(plain)) == list(read_elements(packed))


def test_gzip_members_one_after_another_are_one_file() -> None:
    half = len(LONG) // 2
    assert cut(gzip.compress(LONG[:half]) + gzip.compress(LONG[half:])) == cut(LONG)


def test_zlib_reads_and_refuses_the_same_where_isal_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = gzip.compress(LONG, mtime=0)
    with_isal = cut(packed)
    monkeypatch.setattr(elements, "inflate", gzip)
    assert cut(packed) == with_isal == cut(LONG)
    for damaged in (
        packed[:-20],
        packed[:-8] + bytes(4) + packed[-4:],
        packed[:40] + b"\xff" * 9 + packed[49:],
    ):
        assert "download it again" in one_line(damaged)


def test_memory_stays_flat_whatever_the_size() -> None:
    """A stream of 60 MB: no more is held than a few times what is read at once."""
    member = titled(1, "word " * 2000).encode()
    parts = itertools.chain(
        [b"<PubmedArticleSet>"], itertools.repeat(member * 20, 300), [b"</PubmedArticleSet>"]
    )

    class Stream:
        def peek(self, _: int) -> bytes:
            return b"<P"

        def read(self, _: int) -> bytes:
            return next(parts, b"")

    tracemalloc.start()
    try:
        assert sum(1 for _ in read_elements(cast("BinaryIO", Stream()), name="stream")) == 6000
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


# ── security ────────────────────────────────────────────────────────────────────────────────────────


def test_entities_of_a_doctype_do_not_exist() -> None:
    tenfold = (f'<!ENTITY l{n} "{"".join([f"&l{n - 1};"] * 10)}">' for n in range(1, 10))
    laughs = '<!ENTITY l0 "lol">' + "".join(tenfold)
    prolog = f"<!DOCTYPE PubmedArticleSet [{laughs}]>"
    assert "'l9' not defined" in one_line(article_set(titled(1, "&l9;"), prolog=prolog))


def test_no_file_or_address_is_ever_read_for_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("do not read me")
    prolog = f'<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    assert "do not read me" not in one_line(article_set(titled(1, "&x;"), prolog=prolog))
    inside = f'<!DOCTYPE PubmedArticle [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{titled(1, "&x;")}'
    with_doctype = parse_element(inside.encode())  # a caller that hands over more than an element
    assert "do not read me" not in with_doctype.title


def test_an_element_without_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "_LARGEST_ELEMENT", 1 << 20)
    read = 0

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:
            nonlocal read
            text = article_set(article(1)).removesuffix(b"</PubmedArticle>\n</PubmedArticleSet>\n")
            chunk = text[: len(buffer)] if not read else b"<x/>" * (len(buffer) // 4)
            buffer[: len(chunk)] = chunk
            read += len(chunk)
            return len(chunk)

    with pytest.raises(FormatError, match="no </PubmedArticle> within 1 MB inside record 1"):
        list(read_elements(Endless(), name="endless"))
    assert read < 8 << 20
