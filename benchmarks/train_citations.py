"""Builds the model of the learned parser of reference strings from seeds; compares it with the one in use.

    .venv/bin/python benchmarks/train_citations.py [-o FILE]

`-o scripts/resift/formats/citations/styles.crfsuite` puts a new one in its place; its SHA-256 is then written
into `learned.py`. Needs the folder `../shared/data` beside the project. PubMed records drawn with a fixed
seed are written out by citeproc-py, six in each of 300 styles that are not held out (`csl.is_held_out`),
and their words labelled by the record's own values; AnyStyle's labelled strings are added. The model holds
weights of features and no record.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import random
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
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
READ = 24 << 20  # bytes of each file, unpacked: some two thousand records
STYLES, PER_STYLE = 300, 6
# L1 and L2 terms, the least count of a feature, and steps: the model stays below 2 MB.
SETTINGS = {
    "c1": 0.2, "c2": 0.02, "max_iterations": 70, "feature.minfreq": 3, "feature.possible_transitions": False,
}  # fmt: skip


def training_records() -> list[Record]:
    """Articles with all parts, in an order drawn with the seed."""
    found: dict[str, Record] = {}
    for name in FILES:
        with gzip.open(DATA / "pubmed" / name) as stream:
            data = stream.read(READ)
        for element in re.findall(rb"<PubmedArticle>.*?</PubmedArticle>", data, re.DOTALL):
            record = parse_element(element)
            whole = record.authors and record.title and record.journal and record.year and record.volume
            if record.type == "article" and whole and page_ends(record.pages)[0]:
                found[record.pmid] = record
    records = sorted(found.values(), key=lambda record: int(record.pmid))
    random.Random(SEED).shuffle(records)
    return records


def rendered(records: Sequence[Record]) -> Iterator[Labelled]:
    """Labelled strings of records in styles that are not held out."""
    chance = random.Random(SEED)
    names = [name for name in csl.style_names() if not csl.is_held_out(name)]
    chance.shuffle(names)
    used = 0
    for name in names:
        if used == STYLES:
            return
        pairs = csl.strings_in(name, chance.sample(records, PER_STYLE))
        strings = [found for record, text in pairs if (found := of_record(text, record)) is not None]
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
