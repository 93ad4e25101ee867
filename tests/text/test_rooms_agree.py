"""Every room that matches words gives the same answer for a letter, a language or a name."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from resift.dedupe import deduplicate
from resift.dedupe.fields import read_authors
from resift.dedupe.titles import read_title
from resift.formats import read_file
from resift.formats.citations import Citation, CitationIndex, match
from resift.frozen.links import CitationIndex as FrozenIndex
from resift.identify.known_items import KnownItem
from resift.identify.recall import agrees
from resift.identify.resolve import bears_out
from resift.query.evaluate import evaluate
from resift.query.syntax import parse
from resift.query.table import QueryTable
from resift.query.text import normalise, normalise_term, normalise_with_offsets
from resift.records import Record, frame_of
from resift.text import languages
from resift.text.fold import fold

from .letters import LETTERS

FORMS = [(written, word, form) for written, word in LETTERS.items() for form in ("NFC", "NFD")]


def paper(title: str, author: str, *, pmid: str = "7", source: str = "pubmed") -> Record:
    return Record(
        record=f"{source}:{pmid}", source=source, pmid=pmid if source == "pubmed" else "", title=title,
        authors=(f"{author} H",), journal="Annals of Surgery", journal_abbreviation="Ann Surg", year=2010,
        volume="17", issue="3", pages="514-23", languages=("eng",), publication_types=("Journal Article",),
    )  # fmt: skip


def finds(record: Record, query: str) -> bool:
    table = QueryTable.from_records(frame_of([record]))
    return bool(evaluate(parse(query), table).yes[0])


@pytest.mark.parametrize(("written", "word", "form"), FORMS)
def test_query_finds_a_word_however_it_is_written(written: str, word: str, form: str) -> None:
    written = unicodedata.normalize(form, written)
    assert fold(written) == normalise(written) == normalise_term(written) == word
    assert normalise_with_offsets(written)[0] == word
    record = paper(f"A study of {written} and others", "Smith")
    assert finds(record, f"{word}[ti]")
    assert finds(record, f"{written}[ti]")
    assert finds(paper("A study", written), f"{word} h[au]")


@pytest.mark.parametrize(("written", "word", "form"), FORMS)
def test_identify_formats_dedupe_and_frozen_take_both_for_one(written: str, word: str, form: str) -> None:
    """A record as PubMed writes it, and the same work as another source wrote it."""
    written = unicodedata.normalize(form, written)
    title = "Outcome of hepatic resection for neuroendocrine {} metastases in the elderly"
    record = paper(title.format(written), written)

    item = KnownItem(
        item="a", set="independent", use="test", citation=f"{word.title()} H, Doe J. A title. 2010;17:514.",
        pmid="7", pmid_verified=False, doi="",
    )  # fmt: skip
    assert agrees(item, record)
    for cited in (word.title(), written):
        assert bears_out(Citation(authors=(f"{cited} H",), year=2010), record)

    asked = Citation(authors=(f"{word.title()} H",), title=title.format(word), journal="Ann Surg", year=2010)
    assert match(asked, CitationIndex.from_records([record])).record == record.record

    assert read_title(title.format(written)).core == read_title(title.format(word)).core
    assert read_authors(f"{written}, H.")[0] == read_authors(f"{word.title()}, H.")[0] == word
    other = paper(title.format(word), word.title(), pmid="9", source="embase")
    assert deduplicate(frame_of([record, other]))["group"].nunique() == 1

    second = paper("Another one on this page", "Zander", pmid="8")
    frozen = FrozenIndex(frame_of([record, second]))
    assert frozen.answer(f"ann surg|2010|17|514|{word} h|k|") == f"ann surg|2010|17|514|{word} h|k|7\n"


NAMED = [
    (written, code)
    for code, name in languages.NAMES.items()
    for written in (code, code.upper(), name, name.lower())
] + [(name, code) for name, code in languages.NLM_NAMES.items()]


@pytest.mark.parametrize(("written", "code"), NAMED)
def test_a_language_is_one_in_every_room(written: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "one.ris"
    path.write_text(f"TY  - JOUR\nTI  - A title of a paper\nLA  - {written}\nER  - \n", encoding="utf-8")
    (record,) = read_file(path)
    assert record.languages == (code,)
    whole = paper("A title", "Smith")
    held = Record(
        **{name: getattr(whole, name) for name in whole.__slots__} | {"languages": record.languages}
    )
    for tag in (written, code, languages.NAMES[code]):
        assert finds(held, f'"{tag}"[la]'), tag
    assert languages.wanted_codes(written) & set(record.languages)
