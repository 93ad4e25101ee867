"""Fuzzing by coverage, with atheris: `python tests/faults/fuzz.py READER [-max_total_time=60 …]`.

atheris (https://github.com/google/atheris) is no dependency of the tests, since it exists for few platforms:
`pip install atheris` first. Options of libFuzzer go with it. Without atheris, `--by-chance` changes samples
at random for a minute. Whatever bytes come, a reader gives records or raises `ResiftError` in one line:
anything else, ten seconds or 1,000 MB in all is a fault, and the input that shows it is kept.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests" / "support")]

SECONDS = 10
SIGNS = (b"\0", b"\r", b'"', b"{", b"}", b"<", b"&", b"\xff\xfe", b"\xe2\x80\xa8")
FOLDER = Path(tempfile.mkdtemp(prefix="resift-fuzz-"))


def of_a_file(name: str) -> Callable[[bytes], None]:
    """The reader that takes a file of records, by the ending of its name."""

    def read(data: bytes) -> None:
        from resift.formats import read_export

        path = FOLDER / name
        path.write_bytes(data)
        read_export(path)

    return read


def query(data: bytes) -> None:
    """The reader of queries, and the finder of faults in them."""
    from resift.query.lint import lint
    from resift.query.syntax import parse

    text = data.decode("utf-8", "replace")
    parse(text)
    lint(text)


def yaml(data: bytes) -> None:
    """The reader of protocols and configurations."""
    from resift.project.config import config_from
    from resift.project.yaml import load_yaml

    path = FOLDER / "config.yaml"
    path.write_bytes(data)
    config_from(load_yaml(path), where="config.yaml")


def answer(data: bytes) -> None:
    """The judge of what a server gives; the first byte says to which question."""
    from resift.pubmed.source import Endpoint, Request
    from resift.pubmed.verdict import judge

    asked = (
        Request.of(Endpoint.EFETCH, db="pubmed", id="7000001,7000002", retmode="xml"),
        Request.of(Endpoint.ESEARCH, db="pubmed", retmax=9999, retmode="xml", term="cats"),
        Request.of(Endpoint.ELINK, db="pubmed", dbfrom="pubmed", id="7000001", linkname="pubmed_pubmed_refs"),
        Request.of(Endpoint.ECITMATCH, db="pubmed", bdata="a|2001|1|1|b|one|", retmode="xml"),
    )
    judge(asked[data[0] % len(asked)] if data else asked[0], 200, data[1:])


READERS: Mapping[str, Callable[[bytes], None]] = {
    "ris": of_a_file("a.ris"),
    "nbib": of_a_file("a.nbib"),
    "csv": of_a_file("a.csv"),
    "bib": of_a_file("a.bib"),
    "xml": of_a_file("a.xml"),
    "query": query,
    "yaml": yaml,
    "answer": answer,
}


def samples(reader: str) -> list[bytes]:
    """What a reader is made for, to start from."""
    from tests.formats.samples import TEXTS

    if reader in TEXTS:
        return [TEXTS[reader].encode()]
    pubmed = "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7000001</PMID><Article><ArticleTitle>A"
    pubmed += "</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    found = "<eSearchResult><Count>1</Count><RetMax>1</RetMax><RetStart>0</RetStart><IdList><Id>1</Id>"
    found += "</IdList><TranslationSet/><QueryTranslation>cats</QueryTranslation></eSearchResult>"
    links = "<eLinkResult><LinkSet><DbFrom>pubmed</DbFrom></LinkSet></eLinkResult>"
    texts = {
        "query": [
            '("a b"[tiab:~3] OR c*[ti]) NOT d[mh:noexp] AND 2001:2002/05[dp]',
            "1. a\n2. b\n3. 1 AND 2",
        ],
        "yaml": ["run: a\nprotocol: p.yaml\nsource: archive\nuntil: 2012-12-31\n", "a: &a [1]\nb: *a"],
        "answer": ["\0" + pubmed, "\1" + found, "\2" + links, "\3a|2001|1|1|b|one|7\n"],
    }
    return [text.encode() for text in texts[reader]]


def tried(reader: str) -> Callable[[bytes], None]:
    """A reader that lets pass what a person is told in one line."""
    from resift.errors import ResiftError

    read = READERS[reader]

    def once(data: bytes) -> None:
        began = time.process_time()
        try:
            read(data)
        except ResiftError as error:
            if "\n" in str(error):
                raise AssertionError(f"more than one line: {error}") from None
        if time.process_time() - began > SECONDS:
            raise TimeoutError(f"{reader}: more than {SECONDS} s")

    return once


def by_chance(reader: str, seconds: float, seed: int = 0) -> int:
    """Samples with bytes changed, left out, repeated and joined. Returns how many were tried in that time."""
    once, held, chance = tried(reader), samples(reader), random.Random(seed)
    count, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        data = bytearray(chance.choice(held))
        for _ in range(chance.randint(1, 8)):
            at, to = sorted(chance.randint(0, len(data)) for _ in range(2))
            match chance.randint(0, 4):
                case 0:
                    del data[at : min(to, at + 40)]
                case 1:
                    data[at:at] = data[at : min(to, at + 200)] * chance.randint(1, 5)
                case 2 if at < len(data):
                    data[at] = chance.randrange(256)
                case 3:
                    data[at:at] = chance.choice(
                        (b"\0", b"\r", b'"', b"{", b"}", b"<", b"&", b"\xff\xfe", b"\xe2\x80\xa8")
                    )
                case _:
                    data[at:at] = chance.choice(held)[at:to][:300]
        try:
            once(bytes(data))
        except Exception as error:
            kept = FOLDER / f"{reader}-{count}"
            kept.write_bytes(data)
            print(f"{reader}: {type(error).__name__}: {error}; the input is {kept}")
            raise
        count += 1
    return count


def main(arguments: list[str]) -> None:
    """Fuzz one reader until an option of libFuzzer ends it."""
    if not arguments or arguments[0] not in READERS:
        sys.exit(f"{__doc__}\nREADER is one of: {', '.join(READERS)}")
    reader, *options = arguments
    if "--by-chance" in options:
        print(f"{reader}: {by_chance(reader, 60)} inputs, no fault")
        return
    import atheris  # type: ignore[import-not-found]

    with atheris.instrument_imports(include=["resift"], enable_loader_override=False):
        import resift.formats
        import resift.formats.bibtex
        import resift.formats.csv
        import resift.formats.endnote_xml
        import resift.formats.nbib
        import resift.formats.ris
        import resift.formats.tagged
        import resift.project.config
        import resift.pubmed.verdict
        import resift.query.lint
        import resift.query.syntax  # noqa: F401
    corpus = FOLDER / "corpus"
    corpus.mkdir()
    for n, data in enumerate(samples(reader)):
        (corpus / str(n)).write_bytes(data)
    limits = [f"-timeout={6 * SECONDS}", "-rss_limit_mb=1000"]
    atheris.Setup([sys.argv[0], str(corpus), *limits, *options], tried(reader))
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
