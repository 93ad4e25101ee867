"""Every room that matches words gives the same answer for a letter, a language or a name."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from resift.arrow import table as as_table
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
from resift.records import Record, columns_of, frame_of, record_schema
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


def table_of(record: Record) -> QueryTable:
    return QueryTable.from_records(frame_of([record]))


def finds(table: QueryTable, query: str) -> bool:
    return bool(evaluate(parse(query), table).yes[0])


@pytest.mark.parametrize(("written", "word", "form"), FORMS)
def test_query_finds_a_word_however_it_is_written(written: str, word: str, form: str) -> None:
    written = unicodedata.normalize(form, written)
    assert fold(written) == normalise(written) == normalise_term(written) == word
    assert normalise_with_offsets(written)[0] == word
    table = table_of(paper(f"A study of {written} and others", written))
    assert finds(table, f"{word}[ti]")
    assert finds(table, f"{written}[ti]")
    assert finds(table, f"{word} h[au]")


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
    frozen = FrozenIndex(as_table(columns_of([record, second]), record_schema()))
    assert frozen.answer(f"ann surg|2010|17|514|{word} h|k|") == f"ann surg|2010|17|514|{word} h|k|7\n"


NAMED = [
    (written, code)
    for code, name in languages.NAMES.items()
    for written in (code, code.upper(), name, name.lower())
] + [(name, code) for name, code in languages.NLM_NAMES.items()]


def test_a_language_is_one_in_every_room(tmp_path: Path) -> None:
    """One file with a record of each name and code: a search for one finds its records and no others."""
    path = tmp_path / "all.ris"
    cited = "TY  - JOUR\nTI  - A title of a paper\nLA  - {}\nER  - \n"
    path.write_text("".join(cited.format(written) for written, _ in NAMED), encoding="utf-8")
    read = [record.languages for record in read_file(path)]
    assert read == [(code,) for _, code in NAMED]

    held = [replace(paper("A title", "Smith", pmid=str(n)), languages=of) for n, of in enumerate(read, 1)]
    table = QueryTable.from_records(frame_of(held))
    for written, code in NAMED:
        found = evaluate(parse(f'"{written}"[la]'), table).yes
        assert found.tolist() == [of == (code,) for of in read], written
        assert languages.wanted_codes(written) & {code}
