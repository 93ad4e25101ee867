"""Builds the model of the learned parser of reference strings from seeds; compares it with the one in use.

    .venv/bin/python benchmarks/train_citations.py [-o FILE]

`-o scripts/resift/formats/citations/styles.crfsuite` puts a new one in its place; its SHA-256 is then written
into `learned.py`. Needs the folder `../shared/data` beside the project. PubMed records drawn with a fixed
seed are written out by citeproc-py, three in each of 900 styles, and their words labelled by the record's own
values. Neither records nor styles are of the half that is held out (`csl.is_held_out`). Half the strings name
a journal of any field for the record's own, some have given names for initials. AnyStyle's labelled strings
are added. The model holds weights of features and no record.
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

import csl
import pycrfsuite
from citations import DATA
from labelled import Labelled, of_anystyle, of_record

from resift.formats.citations.learned import MODEL, MODEL_SHA256
from resift.formats.citations.tokens import features
from resift.pubmed.xml import parse_element
from resift.records import Record
from resift.text.pages import page_ends

SEED = 20142
FILES = ("pubmed20n0014.xml.gz", "pubmed21n1298.xml.gz")
READ = 24 << 20  # bytes of each file, unpacked: of which some three thousand are drawn from
STYLES, PER_STYLE = 900, 3
OTHER_JOURNAL = 0.5  # share of the strings that name a journal of another field
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


def training_records() -> list[Source]:
    """Articles with all parts that are not held out, in an order drawn with the seed."""
    found: dict[str, Source] = {}
    for name in FILES:
        with gzip.open(DATA / "pubmed" / name) as stream:
            data = stream.read(READ)
        for element in re.findall(rb"<PubmedArticle>.*?</PubmedArticle>", data, re.DOTALL):
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


def rendered(sources: Sequence[Source], styles: int = STYLES) -> Iterator[Labelled]:
    """Labelled strings of records in styles that are not held out."""
    chance = random.Random(SEED)
    names = [name for name in csl.style_names() if not csl.is_held_out(name)]
    chance.shuffle(names)
    journals = csl.journals()
    used = 0
    for name in names:
        if used == styles:
            return
        given = {}
        records = []
        for source in chance.sample(sources, PER_STYLE):
            record = source.record
            if chance.random() < OTHER_JOURNAL:
                full, short = chance.choice(journals)
                record = replace(record, journal=full, journal_abbreviation=short)
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
            trainer.append(features(line.tokens), [part.value for part in line.parts])
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
    with tempfile.TemporaryDirectory() as folder:
        output = options.output or Path(folder) / MODEL.name
        count = train((*rendered(training_records()), *people()), output)
        data = output.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    same = "the one checked in" if digest == MODEL_SHA256 else "not the one checked in"
    print(f"{count} strings; {len(data):,} bytes; SHA-256 {digest} ({same})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
