"""Write the demo corpus: invented PubMed records, and the citations of real known references.

    python config/demo/generate.py [FOLDER]

Without FOLDER it rewrites `corpus/` and `contents.csv` beside this file. The same program always writes the
same records; a gzipped file is left alone when it already holds them, since zlib versions pack differently.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from synthetic.article import Article, article_element, book_element, delete_element, document  # noqa: E402
from synthetic.cases import Case, Kind, cases, updates  # noqa: E402
from synthetic.draw import Draw, aside_record, therapy_record  # noqa: E402
from synthetic.prose import (  # noqa: E402
    ANIMALS,
    MIXED_NAMES,
    MIXED_TOPICS,
    OFF_TOPIC,
    ONE_CONCEPT,
    OTHER_NAMES,
    PHRASE,
    TOPICS,
)

SYNTHETIC = (
    "SYNTHETIC records, invented by config/demo/generate.py to test software. No study, author, journal or"
    " number in them is real; PMIDs from 90000001 and DOIs under 10.5555 belong to no real work."
)
REAL = (
    "Citations of REAL works, repeated as facts for the demo: authors, title, journal, date and pages only,"
    " no abstract, no MeSH. These are not PubMed's records. PMIDs of five works are from memory, unverified:"
    " see pmid_verified in config/demo/real-citations.csv."
)


def therapy(numbers: Iterator[str]) -> Iterator[Case]:
    """Therapy of metastatic pancreatic tumours: seventeen records for each topic."""
    for topic in TOPICS:
        for n in range(17):
            pmid = next(numbers)
            draw = Draw.of(f"{pmid} names")
            tumors = draw.one(PHRASE if n % 3 == 0 else OTHER_NAMES)
            spread = draw.one(("metastatic", "metastatic", "advanced", "progressive", "unresectable"))
            article = therapy_record(pmid, topic, tumors, spread, pancreatic=True)
            yield Case(article, f"topic: {topic.name}", tumors)


def mixed(numbers: Iterator[str]) -> Iterator[Case]:
    """Series that mix primary sites: only `organ-wide` finds them."""
    for topic in TOPICS:
        if topic.name not in MIXED_TOPICS:
            continue
        for _ in range(8):
            pmid = next(numbers)
            draw = Draw.of(f"{pmid} names")
            article = therapy_record(pmid, topic, draw.one(MIXED_NAMES), "metastatic", pancreatic=False)
            yield Case(article, "mixed series", topic.name)


def beside(numbers: Iterator[str]) -> Iterator[Case]:
    """One concept missing, animals, and what no strategy may find."""
    for aside, times in (*((aside, 12) for aside in ONE_CONCEPT), (ANIMALS, 10)):
        for _ in range(times):
            yield Case(aside_record(next(numbers), aside), aside.name, aside.shows)
    for aside in OFF_TOPIC:
        for _ in range(7):
            yield Case(aside_record(next(numbers), aside), f"off topic: {aside.name}", aside.shows)


def real() -> Iterator[Case]:
    """The known references and the rest of PDQ's list, as far as a citation goes."""
    with (HERE / "real-citations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            people = tuple(
                (name.rpartition(" ")[0], "", name.rpartition(" ")[2]) for name in row["authors"].split("; ")
            )
            article = Article(
                pmid=row["pmid"],
                title=row["title"].replace("&", "&amp;") + ".",
                journal=row["journal"],
                printed=row["printed"],
                authors=people,
                authors_complete=row["authors_complete"] == "yes",
                volume=row["volume"],
                issue=row["issue"],
                pages=row["pages"],
                status="PubMed-not-MEDLINE",
                synthetic=False,
            )
            shows = "cited by the review" if row["source"] == "review" else "cited by PDQ"
            yield Case(article, "real citation", shows)


def numbered(first: int) -> Iterator[str]:
    """PMIDs from `first` on."""
    return map(str, itertools.count(first))


def corpus() -> dict[str, tuple[str, list[Case]]]:
    """The comment and the cases of each file."""
    return {
        "therapy.xml.gz": (SYNTHETIC, list(therapy(numbered(90_000_001)))),
        "mixed-series.xml.gz": (SYNTHETIC, list(mixed(numbered(90_001_001)))),
        "beside-the-topic.xml.gz": (SYNTHETIC, list(beside(numbered(90_002_001)))),
        "special-cases.xml": (SYNTHETIC, list(cases())),
        "known-references.xml": (REAL, list(real())),
        "update.xml": (SYNTHETIC, list(updates())),  # the last by name: later files supersede earlier ones
    }


def elements(file: Iterable[Case]) -> Iterator[ET.Element]:
    """The XML of each case; what an update file deletes comes last, in one DeleteCitation."""
    deleted = []
    for case in file:
        if case.kind is Kind.DELETED:
            deleted.append(case.article.pmid)
        else:
            yield (book_element if case.kind is Kind.BOOK else article_element)(case.article)
    if deleted:
        yield delete_element(deleted)


def write(path: Path, content: bytes) -> None:
    """Write `content`, gzipped where the name says so, unless the file holds it already."""
    if path.suffix != ".gz":
        path.write_bytes(content)
        return
    try:
        if gzip.decompress(path.read_bytes()) == content:
            return
    except (FileNotFoundError, OSError, EOFError):
        pass
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as file:
        file.write(content)
    path.write_bytes(packed.getvalue())


def main(folder: Path = HERE) -> None:
    """Write `corpus/` and `contents.csv` into `folder`."""
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    with (folder / "contents.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("pmid", "file", "branch", "shows"))
        for name, (comment, content) in sorted(corpus().items()):
            write(folder / "corpus" / name, document(elements(content), comment))
            rows.writerows((case.article.pmid, name, case.branch, case.shows) for case in content)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
