"""Reading PubMed XML: records per second and peak memory, against other ways of reading the same file.

    .venv/bin/python benchmarks/parse.py [FILE.xml.gz ...]        (NLM baseline or update files)
    python benchmarks/parse.py --repeat 3 FILE...    (best of three)

Each row is measured in a process of its own, on CPU time, so that the peak RSS is that row's alone.
What is compared:

* `gunzip`: inflating with zlib and nothing else, the floor.
* `cut`: our stream cut into elements, not parsed.
* `resift`: every column of a record and both hashes, as searching and screening read it.
* `resift, PMIDs cited`: that and the PMIDs of the reference list, as an archive is indexed.
* `resift, references`: that and the whole reference list as objects, as a fetch writes it.
* `Entrez.read`: Biopython, 200 records at a time as one efetch answer holds. It refuses a DOCTYPE with an
  http address and reads no file larger than memory, so the elements are handed over under a header of its
  liking; that and the cutting are not counted against it.
* `lxml find()`: iterparse with find() and findall() for some twenty fields, as parsers are usually
  written; reference lists not read.
* `2 processes`: `resift` on all files given, two at a time, by the clock, against one after another.

Ratios are what counts: the figures themselves belong to one machine.
"""

from __future__ import annotations

import argparse
import gzip
import io
import itertools
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "pubmed"
NLM_FILES = [SHARED / "pubmed20n0014.xml.gz", SHARED / "pubmed21n1298.xml.gz"]
HEADER = (
    b'<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet PUBLIC '
    b'"-//NLM//DTD PubMedArticle, 1st January 2019//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_190101.dtd">\n<PubmedArticleSet>'
)
ENTREZ_RECORDS = 4000  # enough for a rate; a whole file takes it half a minute


def gunzip(path: Path) -> tuple[int, float]:
    start = time.process_time()
    with gzip.open(path) as stream:
        while stream.read(1 << 20):
            pass
    seconds = time.process_time() - start
    return cut(path)[0], seconds


def cut(path: Path) -> tuple[int, float]:
    from resift.pubmed.elements import ElementKind, read_elements

    start = time.process_time()
    records = sum(element.kind is not ElementKind.DELETION for element in read_elements(path))
    return records, time.process_time() - start


def resift(path: Path, cites: str = "NOTHING") -> tuple[int, float]:
    from resift.pubmed.xml import Cites, read_records
    from resift.records import Record

    start = time.process_time()
    records = sum(isinstance(item, Record) for item in read_records(path, cites=Cites[cites]))
    return records, time.process_time() - start


def entrez(path: Path) -> tuple[int, float]:
    from Bio import Entrez

    from resift.pubmed.elements import ElementKind, read_elements

    elements = (e.raw for e in read_elements(path) if e.kind is ElementKind.ARTICLE)
    records, seconds = 0, 0.0
    for batch in iter(lambda: list(itertools.islice(elements, 200)), []):
        answer = io.BytesIO(HEADER + b"".join(batch) + b"</PubmedArticleSet>")
        start = time.process_time()
        records += len(Entrez.read(answer)["PubmedArticle"])
        seconds += time.process_time() - start
        if records >= ENTREZ_RECORDS:
            break
    return records, seconds


def lxml_find(path: Path) -> tuple[int, float]:
    from lxml import etree

    def text(element: etree._Element, where: str) -> str:
        found = element.find(where)
        return "" if found is None else "".join(found.itertext())

    journal, issue = "Article/Journal", "Article/Journal/JournalIssue"
    fields = ["PMID", "DateRevised", "Article/ArticleTitle", "Article/VernacularTitle", "Article/ArticleDate"]
    fields += ["Article/Pagination/MedlinePgn", f"{journal}/Title", f"{journal}/ISSN"]
    fields += [f"{journal}/ISOAbbreviation", f"{issue}/Volume", f"{issue}/Issue", f"{issue}/PubDate"]
    lists = ["Article/Abstract/AbstractText", "Article/Language", "KeywordList/Keyword"]
    lists += ["Article/PublicationTypeList/PublicationType", "ChemicalList/Chemical/NameOfSubstance"]
    lists += ["MeshHeadingList/MeshHeading/DescriptorName"]
    lists += ["Article/AuthorList/Author/AffiliationInfo/Affiliation"]
    start = time.process_time()
    records = 0
    with gzip.open(path) as stream:
        for _, element in etree.iterparse(stream, tag="PubmedArticle", load_dtd=False, no_network=True):
            citation = element.find("MedlineCitation")
            for name in fields:
                text(citation, name)
            for name in lists:
                ["".join(found.itertext()) for found in citation.findall(name)]
            for author in citation.iterfind("Article/AuthorList/Author"):
                (author.findtext("LastName"), author.findtext("Initials"), author.findtext("CollectiveName"))
            for identifier in element.iterfind("PubmedData/ArticleIdList/ArticleId"):
                (identifier.get("IdType"), identifier.text)
            for day in element.iterfind("PubmedData/History/PubMedPubDate"):
                (day.get("PubStatus"), day.findtext("Year"), day.findtext("Month"), day.findtext("Day"))
            records += 1
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return records, time.process_time() - start


READERS: dict[str, Callable[[Path], tuple[int, float]]] = {
    "gunzip": gunzip,
    "cut": cut,
    "resift": resift,
    "resift, PMIDs cited": partial(resift, cites="PMIDS"),
    "resift, references": partial(resift, cites="REFERENCES"),
    "Entrez.read": entrez,
    "lxml find()": lxml_find,
}


def child(name: str, path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, "--reader", name, str(path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def answer(process: subprocess.Popen[str]) -> tuple[int, float, float]:
    """Records, CPU seconds, peak RSS in MB."""
    out, _ = process.communicate()
    if process.returncode:
        raise SystemExit(process.returncode)
    records, seconds, rss = json.loads(out)
    return records, seconds, rss


def compare(path: Path, repeat: int) -> None:
    print(f"\n{path.name}")
    print(f"{'reader':<20}{'records':>9}{'records/s':>11}{'peak RSS':>10}   resift is")
    rows = {
        name: min((answer(child(name, path)) for _ in range(repeat)), key=lambda row: row[1])
        for name in READERS
    }
    ours = rows["resift"][0] / rows["resift"][1]
    for name, (records, seconds, rss) in rows.items():
        rate = records / seconds
        print(f"{name:<20}{records:>9,}{rate:>11,.0f}{rss:>7.0f} MB   {ours / rate:.2f}x")


def scale(paths: list[Path]) -> None:
    start = time.perf_counter()
    for path in paths:
        answer(child("resift", path))
    one = time.perf_counter() - start
    start = time.perf_counter()
    for process in [child("resift", path) for path in paths]:
        answer(process)
    two = time.perf_counter() - start
    print(f"\n2 processes    {one:.1f} s one after another, {two:.1f} s side by side: {one / two:.2f}x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=NLM_FILES, help="default: the two NLM files")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--reader", choices=READERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.reader:
        records, seconds = READERS[options.reader](options.files[0])
        rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps([records, seconds, rss]))
        return
    for path in options.files:
        compare(path, options.repeat)
    if len(options.files) == 2:
        scale(options.files)


if __name__ == "__main__":
    main()
