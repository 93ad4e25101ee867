"""Builds the model of the learned parser of reference strings from seeds; compares it with the one in use.

    .venv/bin/python benchmarks/train_citations.py [-o FILE]

`-o scripts/resift/formats/citations/styles.crfsuite` puts a new one in its place, and the names of journals
that it knows beside it (`journals.crc32`); their SHA-256 are then written into `learned.py`, `lexicon.py`.
Needs the folder `../shared/data` beside the project. PubMed records drawn with a fixed seed are written out
by citeproc-py, three in each of up to 1,200 styles, and their words labelled by the record's own values.
Neither records nor styles are of the half that is held out (`csl.is_held_out`), nor is a style related to a
measured one (`csl.is_for_training`). One record of three is one that misleads (`is_odd`); half the strings
name a journal of any field for the record's own, some have given names for initials, abbreviations with
full stops, or volumes in letters. A third is learned as if no journal were known by name. AnyStyle's
labelled strings are added. The model holds weights of features and no record, the names are numbers of 32
bits.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import html
import random
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import csl
import pycrfsuite
from citations import DATA
from labelled import Labelled, of_anystyle, of_record

from resift.formats.citations import lexicon
from resift.formats.citations.learned import MODEL, MODEL_SHA256
from resift.formats.citations.tokens import features
from resift.pubmed.xml import parse_element
from resift.records import Record
from resift.text.fold import fold
from resift.text.pages import page_ends

SEED = 20142
FILES = ("pubmed20n0014.xml.gz", "pubmed21n1298.xml.gz")
READ = 24 << 20  # bytes of each file, unpacked: of which some three thousand are drawn from
STYLES, PER_STYLE = 1200, 3
OTHER_JOURNAL = 0.5  # share of the strings that name a journal of another field
STRANGE_JOURNAL = 0.2  # share of the others that name a journal with marks in its name
DOTTED = 0.3  # share of the strings whose abbreviations have full stops
VOLUME_WITH_WORDS = 0.06
WITHOUT_LEXICON = 0.35  # share of the strings that are learned without knowing journals by name
GIVEN_NAMES = 0.3  # share of the strings with given names, where PubMed has them
# L1 and L2 terms, the least count of a feature, and steps: the model stays below 2 MB.
SETTINGS = {
    "c1": 0.25, "c2": 0.01, "max_iterations": 75, "feature.minfreq": 3, "feature.possible_transitions": False,
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A record to be written out, and its authors' given names as far as PubMed has them."""

    record: Record
    given_names: tuple[str, ...]


def _articles(name: str, limit: int = -1) -> Iterator[bytes]:
    """The XML of each article of a file, within its first bytes."""
    with gzip.open(DATA / "pubmed" / name) as stream:
        data = stream.read(limit)
    yield from re.findall(rb"<PubmedArticle>.*?</PubmedArticle>", data, re.DOTALL)


def training_records() -> list[Source]:
    """Articles with all parts that are not held out, in an order drawn with the seed."""
    found: dict[str, Source] = {}
    for name in FILES:
        for element in _articles(name, READ):
            record = parse_element(element)
            whole = record.authors and record.title and record.journal and record.year and record.volume
            if record.type != "article" or not whole or not page_ends(record.pages)[0]:
                continue
            if not csl.is_held_out(record.record):
                names = [
                    html.unescape(n.decode()) for n in re.findall(rb"<ForeName>([^<]*)</ForeName>", element)
                ]
                full = len(names) == len(record.authors) and any(len(w) > 2 for w in names[0].split())
                found[record.pmid] = Source(record, tuple(names) if full else ())
    records = sorted(found.values(), key=lambda source: int(source.record.pmid))
    random.Random(SEED).shuffle(records)
    return records


def journal_names() -> set[str]:
    """Names and abbreviations of the journals of the articles that are not held out, and of styles."""
    found = {name for pair in csl.journals() for name in pair}
    for name in FILES:
        for element in _articles(name):
            pmid = re.search(rb"<PMID[^>]*>(\d+)</PMID>", element)
            if pmid and not csl.is_held_out(f"pubmed:{pmid.group(1).decode()}"):
                told = re.findall(rb"<(?:Title|ISOAbbreviation|MedlineTA)>([^<]+)<", element)
                found.update(html.unescape(value.decode()) for value in told)
    return found


def is_odd(record: Record) -> bool:
    """Whether a record holds what misleads: marks within title or journal, a year in the title, a body among
    the authors, a volume that is no number."""
    inner = re.search(r"[.?!:;] |\b(?:1[89]|20)\d\d\b|^\[", record.title)
    journal = re.search(r"[.,:;(]", record.journal)
    return bool(inner or journal or record.collective_authors or not record.volume.isdigit())


def dotted(short: str, full: str) -> str:
    """An abbreviation with full stops behind the words that are shortened (`J. Clin. Oncol.`)."""
    whole = {fold(word) for word in full.split()}
    return " ".join(w if fold(w) in whole or not w.isalpha() else f"{w}." for w in short.split())


def varied(source: Source, chance: random.Random, strange: Sequence[Record]) -> Record:
    """A record with the journal of another, an abbreviation with full stops, or a volume in letters."""
    record = source.record
    if chance.random() < OTHER_JOURNAL:
        full, short = chance.choice(csl.journals())
        record = replace(record, journal=full, journal_abbreviation=short)
    elif chance.random() < STRANGE_JOURNAL:
        other = chance.choice(strange)
        record = replace(record, journal=other.journal, journal_abbreviation=other.journal_abbreviation)
    if chance.random() < DOTTED:
        short = dotted(record.journal_abbreviation, record.journal)
        record = replace(record, journal_abbreviation=short)
    if chance.random() < VOLUME_WITH_WORDS:
        more = chance.choice(("A", "B", " Suppl 1", " Suppl", " Pt 2"))
        record = replace(record, volume=f"{record.volume}{more}")
    return record


def rendered(sources: Sequence[Source], styles: int = STYLES) -> Iterator[Labelled]:
    """Labelled strings of records in styles that may be trained on."""
    chance = random.Random(SEED)
    names = [name for name in csl.style_names() if csl.is_for_training(name)]
    chance.shuffle(names)
    odd = [source for source in sources if is_odd(source.record)]
    strange = [source.record for source in sources if re.search(r"[.,:;(]", source.record.journal)]
    used = 0
    for name in names:
        if used == styles:
            return
        given = {}
        records = []
        for source in (*chance.sample(sources, PER_STYLE - 1), chance.choice(odd)):
            record = varied(source, chance, strange)
            if chance.random() < GIVEN_NAMES:
                given[record.record] = source.given_names
            records.append(record)
        pairs = csl.strings_in(name, records, given_names=given)
        strings = [
            found
            for record, text in pairs
            if (found := of_record(text, record, given.get(record.record, ()))) is not None
        ]
        if len(strings) * 2 >= PER_STYLE:
            used += 1
            yield from strings


def people() -> list[Labelled]:
    """AnyStyle's labelled strings, in their order."""
    return [found.labelled for found in of_anystyle(DATA / "strings" / "anystyle-core.xml")]


def train(lines: Iterable[Labelled], output: Path) -> int:
    """Train on labelled strings and write the model; the number of strings."""
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.select("lbfgs")
    trainer.set_params(SETTINGS)
    count = 0
    for line in lines:
        if line.tokens:
            # Journals that no list has are learned from the strings that are given without it.
            strange = crc32(line.text.encode()) % 100 < 100 * WITHOUT_LEXICON
            trainer.append(features(line.tokens, lexicon=not strange), [part.value for part in line.parts])
            count += 1
    trainer.train(str(output))
    return count


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("-o", "--output", type=Path, help="where to write it (default: it is only compared)")
    options = parser.parse_args(arguments)
    if not DATA.is_dir():
        print(f"{DATA} is absent: nothing to train on", file=sys.stderr)
        return 2
    names = lexicon.written(journal_names())
    if options.output:
        lexicon.NAMES.write_bytes(names)
        lexicon.known.cache_clear()
    print(f"{len(names) // 4} names; {_told(names, lexicon.NAMES_SHA256)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        output = options.output or Path(folder) / MODEL.name
        count = train((*rendered(training_records()), *people()), output)
        data = output.read_bytes()
    print(f"{count} strings; {_told(data, MODEL_SHA256)}")
    return 0


def _told(data: bytes, checked_in: str) -> str:
    digest = hashlib.sha256(data).hexdigest()
    same = "the one checked in" if digest == checked_in else "not the one checked in"
    return f"{len(data):,} bytes; SHA-256 {digest} ({same})"


if __name__ == "__main__":
    raise SystemExit(main())
