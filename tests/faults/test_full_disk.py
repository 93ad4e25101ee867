"""A disk that is full at any writer: the former file stands, nothing half written bears its name.

A limit on the size of files stands in for the full disk: it fails in the same call, `write`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from counting import Counting, efetch
from tests.support.tapes import faults_of

from resift.archive.index import build, is_complete
from resift.pubmed.refused import Refused
from resift.pubmed.source import Answer
from resift.pubmed.tape import Tape
from resift.records import Record, iter_records, write_records
from resift.runs.ledger import put, read_ledger, record
from resift.tables import HITS, RUN, Hit

# Each writes more than the limit over what stands there.
WRITERS = {
    "a table": "HITS.write(run / 'search/hits.csv', [Hit(pmid=str(n), strategies=()) for n in range(5_000)])",
    "a document": "write_text(run / 'flow.json', 'x' * 50_000)",
    "records": "write_records([Record(record=f'pubmed:{n}', source='pubmed', title=str(n)) "
    "for n in range(9_000)], run / 'records/databases.parquet')",
    "an answer": "Tape(run / 'raw', Counting(body=LONG)).send(efetch(2))",
    "the ledger": "write_ledger(run, {f'{n:064d}': '0' * 64 for n in range(500)})",
    "a copy": "put(run / '.kept/run.yaml', b'x' * 50_000)",
    "the list of answers": "Tape(run / 'raw', Counting(body=FOUND)).send(search(noise))",
    "a refused answer": "Refused(run / 'raw/refused').keep(efetch(3), Answer(LONG, 200, ''), noise)",
    "the index of an archive": "build(run.parent / 'archive.xml', run.parent / 'cache/index')",
}
PROGRAM = """
import hashlib, resource, sys
from pathlib import Path
from counting import Counting, efetch
from resift.files import write_text
from resift.archive.index import build
from resift.errors import SourceError
from resift.pubmed.refused import Refused
from resift.pubmed.source import Answer, Endpoint, Request
from resift.pubmed.tape import Tape
from resift.records import Record, write_records
from resift.runs.ledger import put, write_ledger
from resift.tables import HITS, Hit
run = Path(sys.argv[1])
noise = "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(500))
article = f"<MedlineCitation><PMID>2</PMID><Article>{noise}</Article></MedlineCitation>"
LONG = f"<PubmedArticleSet><PubmedArticle>{article}</PubmedArticle></PubmedArticleSet>".encode()
FOUND = b"<eSearchResult><Count>1</Count><RetMax>1</RetMax><RetStart>0</RetStart><IdList><Id>1</Id></IdList>"
FOUND += b"<TranslationSet/><QueryTranslation>cats</QueryTranslation></eSearchResult>"
def search(term):
    return Request.of(Endpoint.ESEARCH, db="pubmed", retmax=9999, retmode="xml", term=term)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
for writer in sys.argv[2:]:
    try:
        exec(writer)
        print("written")
    except OSError as error:
        print(type(error).__name__, error.errno)
    except SourceError as error:
        print(error.what)
"""
ARTICLES = "".join(
    f"<PubmedArticle><MedlineCitation><PMID>{n}</PMID><Article><ArticleTitle>Paper {n}: {n * n}"
    "</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    for n in range(1, 400)
)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    HITS.write(folder / "search/hits.csv", [Hit(pmid="1", strategies=("a",))])
    write_records(
        [Record(record="pubmed:1", source="pubmed", title="One")], folder / "records/databases.parquet"
    )
    (folder / "flow.json").write_text("{}\n")
    RUN.of(folder).write_text("run: demo\n")
    Tape(folder / "raw", Counting()).send(efetch(1))
    names = ("search/hits.csv", "records/databases.parquet", "flow.json", "run.yaml")
    record(folder, [folder / name for name in names])
    return folder


def test_the_former_file_stands_and_the_next_call_goes_on(run: Path) -> None:
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    archive, index = run.parent / "archive.xml", run.parent / "cache" / "index"
    archive.write_text(f"<PubmedArticleSet>{ARTICLES}</PubmedArticleSet>")
    support = Path(__file__).resolve().parents[1] / "support"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(run), *WRITERS.values()],
        env={"PYTHONPATH": f"{support}:{':'.join(sys.path)}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = dict(zip(WRITERS, done.stdout.splitlines(), strict=True))
    assert "its index cannot be written" in told.pop("the index of an archive")
    assert told == dict.fromkeys(told, "OSError 27")
    for path, content in before.items():
        held = path.read_bytes()
        # The list is added to: a row that did not get through has no end, and the next one takes its place.
        assert held == content or (path.name == "requests.csv" and held.startswith(content)), path
    assert not index.exists()
    new = {path for path in run.rglob("*") if path.is_file() and path.name != ".lock"} - set(before)
    assert all(path.name.endswith(".part") for path in new), new
    tape = Tape(run / "raw", Counting())
    assert tape.send(efetch(1)).body and tape.send(efetch(2)).body
    assert len(tape.rows()) == 2 and faults_of(tape) == []
    Refused(run / "raw/refused").keep(efetch(3), Answer(b"{}", 200, ""), "no answer")
    build(archive, index)
    assert is_complete(index)
    put(run / ".kept/run.yaml", b"run: demo\n")
    record(run, [run / "flow.json"])
    assert len(read_ledger(run)) == 7
    assert [one.title for one in iter_records(run / "records/databases.parquet")] == ["One"]
