"""The query engine: how fast, how large, and beside SQLite FTS5 and tantivy.

    python benchmarks/query.py [--tantivy] FILE.xml.gz...      (NLM baseline or update files)

All in one run, so that ratios hold on any machine. What is measured:

* `parse`: reading the same records from XML, the yardstick for scanning.
* `normalise`: from the records table to the searchable table, with its size as Parquet.
* `query`: a nested strategy of some 30 terms (words, phrases, truncation, proximity, headings, subheading,
  language, dates, animals without humans) with a count for every clause, from the searchable table in memory,
  numbering of words included; on 10,000 records and on all.
* `explain`: one explanation a record.
* `cold`: a fresh process that reads the stored table and answers the same query.
* `FTS5`, `tantivy`: the same normalised text; building, the text part as one query, and the set of every text
  term (which the engine has anyway, to count and explain).
* `hostile`: very large queries.

tantivy is installed by pip into a temporary environment of its own and removed with it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "pubmed"
NLM_FILES = [SHARED / "pubmed20n0014.xml.gz", SHARED / "pubmed21n1298.xml.gz"]
T = TypeVar("T")

TEXT_PART = """
(pancreas[tiab] OR pancreatic[tiab] OR gastroenteropancreatic[tiab] OR "islet cell"[tiab]
OR insulinoma*[tiab] OR gastrinoma*[tiab] OR glucagonoma*[tiab])
AND (neuroendocrine[tiab] OR "endocrine tumor"[tiab] OR "endocrine tumour*"[tiab] OR carcinoid*[tiab]
OR "neuroendocrine neoplasm*"[tiab])
AND (metastas*[tiab] OR metastatic[tiab] OR advanced[tiab] OR unresectable[tiab])
AND (treatment[tiab] OR therapy[tiab] OR surg*[tiab] OR "liver resection"[tiab] OR chemotherapy[tiab]
OR everolimus[tiab])
"""
QUERY = f"""
(({" ".join(TEXT_PART.split())})
OR ("pancreatic tumor"[tiab:~3] AND "liver metastases"[tiab:~5])
OR ("Pancreatic Neoplasms"[mh] AND "Neuroendocrine Tumors"[mh])
OR ("Liver Neoplasms/secondary"[mh] AND therapy[sh]))
AND english[la] AND 1970:2021[dp] NOT (animals[mh] NOT humans[mh])
"""


def timed(work: Callable[[], T], repeat: int = 1) -> tuple[T, float]:
    """The outcome and the best time in seconds."""
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        outcome = work()
        best = min(best, time.perf_counter() - start)
    return outcome, best


def row(name: str, seconds: float, records: int, remark: str = "") -> None:
    """One line of the table."""
    print(f"{name:<34} {seconds:>9.3f} s {records / seconds if seconds else 0:>12,.0f} records/s  {remark}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, default=NLM_FILES, help="default: the two NLM files")
    parser.add_argument("--mesh", type=Path, help="mtreesYYYY.bin or descYYYY.xml")
    parser.add_argument("--tantivy", action="store_true", help="install tantivy and compare with it")
    args = parser.parse_args()

    import pandas as pd
    import pyarrow.parquet as pq

    from resift.pubmed.xml import read_records
    from resift.query.evaluate import evaluate
    from resift.query.evidence import Explainer
    from resift.query.mesh import MeshTree
    from resift.query.nodes import leaves
    from resift.query.syntax import parse
    from resift.query.table import TEXT_COLUMNS, QueryTable, normalised
    from resift.records import RECORD_COLUMNS, Record

    mesh = MeshTree.load(args.mesh) if args.mesh else None

    def read() -> list[Record]:
        found: dict[str, Record] = {}
        for path in args.files:
            for item in read_records(path):
                if isinstance(item, Record):
                    found[item.record] = item
        return list(found.values())

    records, parsing = timed(read)
    size = len(records)
    print(f"{size:,} records, {len(list(leaves(parse(QUERY).root)))} terms in the query\n")
    row("parse", parsing, size)
    frame = pd.DataFrame({name: [getattr(r, name) for r in records] for name in RECORD_COLUMNS})
    table, seconds = timed(lambda: normalised(frame))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pq.write_table(table.select(list(TEXT_COLUMNS)), folder / "text.parquet", compression="zstd")
        pq.write_table(table, folder / "table.parquet", compression="zstd")
        text, whole = ((folder / f).stat().st_size / size for f in ("text.parquet", "table.parquet"))
        row(
            "normalise",
            seconds,
            size,
            f"stored: text {text:.0f}, with lists and dates {whole:.0f} bytes/record",
        )
        query = parse(QUERY)
        few, seconds = timed(lambda: evaluate(query, QueryTable(table.slice(0, 10_000)), mesh=mesh), repeat=3)
        row("query, 10,000 records", seconds, min(size, 10_000), f"{int(few.yes.sum())} match; target 0.5 s")
        evaluation, scanning = timed(lambda: evaluate(query, QueryTable(table), mesh=mesh), repeat=3)
        row("query, all records", scanning, size, f"{int(evaluation.yes.sum())} match")
        warm = QueryTable(table)
        evaluate(query, warm, mesh=mesh)
        _, seconds = timed(lambda: evaluate(query, warm, mesh=mesh), repeat=3)
        row("query again, words numbered", seconds, size)
        print(f"{'scan rate / parse rate':<34} {parsing / scanning:>9.1f} times (target 5)")
        explainer = Explainer(evaluation)
        some = list(range(0, size, max(1, size // 3000)))
        _, seconds = timed(lambda: [explainer.explain(i, records[i]) for i in some])
        print(f"{'explain':<34} {seconds / len(some) * 1000:>9.3f} ms/record (target 1)")
        _, seconds = timed(lambda: cold(folder / "table.parquet", args.mesh))
        row("cold process", seconds, size, "target 3 s")
        pairs = zip(*(table.column(name).to_pylist() for name in ("title", "abstract")), strict=True)
        texts = [" | ".join(filter(None, pair)) for pair in pairs]
        beside_fts5(texts, table)
        if args.tantivy:
            beside_tantivy(texts, folder)
    hostile()


def cold(path: Path, mesh: Path | None) -> str:
    """The query in a process of its own."""
    code = (
        "import sys, pyarrow.parquet as pq\n"
        "from resift.query.syntax import parse\nfrom resift.query.evaluate import evaluate\n"
        "from resift.query.mesh import MeshTree\nfrom resift.query.table import QueryTable\n"
        "mesh = MeshTree.load(sys.argv[3]) if sys.argv[3] else None\n"
        "table = QueryTable.from_normalised([pq.read_table(sys.argv[1])])\n"
        "print(int(evaluate(parse(sys.argv[2]), table, mesh=mesh).yes.sum()))"
    )
    command = [sys.executable, "-c", code, str(path), QUERY, str(mesh or "")]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def text_terms() -> list[Any]:
    """The words of each text term, and the groups that the text part joins."""
    from resift.query.nodes import And, Leaf, Or
    from resift.query.pattern import phrase
    from resift.query.syntax import parse

    root = parse(TEXT_PART).root
    assert isinstance(root, And)
    groups = []
    for group in root.children:
        assert isinstance(group, Or)
        groups.append(
            [" ".join(phrase(leaf.text).words) for leaf in group.children if isinstance(leaf, Leaf)]
        )
    return groups


def beside_fts5(texts: list[str], table: Any) -> None:
    """SQLite FTS5 on the same text, and whether its sets are ours."""
    import numpy as np

    from resift.query.pattern import phrase
    from resift.query.table import Corpus

    def build() -> sqlite3.Connection:
        made = sqlite3.connect(":memory:")
        made.execute("CREATE VIRTUAL TABLE t USING fts5(body, tokenize='unicode61 remove_diacritics 0')")
        rows = ((i + 1, text.replace("|", "zzsentinelzz")) for i, text in enumerate(texts))
        made.executemany("INSERT INTO t(rowid, body) VALUES (?, ?)", rows)
        made.commit()
        return made

    def wanted(term: str) -> str:
        return f'"{term.rstrip("*")}"' + (" *" if term.endswith("*") else "")

    def rows(expression: str) -> list[int]:
        return [r[0] - 1 for r in connection.execute("SELECT rowid FROM t WHERE t MATCH ?", (expression,))]

    groups = text_terms()
    connection, building = timed(build)
    row("FTS5, build", building, len(texts))
    whole = " AND ".join("(" + " OR ".join(map(wanted, group)) + ")" for group in groups)
    found, seconds = timed(lambda: rows(whole), repeat=3)
    row("FTS5, text part as one query", seconds, len(texts), f"{len(found)} match")
    every, leafwise = timed(lambda: {t: rows(wanted(t)) for group in groups for t in group}, repeat=3)
    row("FTS5, the set of every term", leafwise, len(texts), f"with build {building + leafwise:.2f} s")
    import pyarrow as pa

    def ours() -> dict[str, Any]:
        corpus = Corpus(pa.array(texts, type=pa.string()))
        return {t: phrase(t).search(corpus) for group in groups for t in group}

    sets, seconds = timed(ours, repeat=3)
    row("ours, the set of every term", seconds, len(texts), "numbering of words included")
    numbered = Corpus(pa.array(texts, type=pa.string()))
    terms = [phrase(t) for group in groups for t in group]
    [term.search(numbered) for term in terms]
    _, seconds = timed(lambda: [term.search(numbered) for term in terms], repeat=3)
    row("ours again, words numbered", seconds, len(texts))
    different = [t for t, mask in sets.items() if sorted(every[t]) != np.flatnonzero(mask).tolist()]
    print(f"{'terms whose sets differ from FTS5':<34} {len(different):>9} {different or ''}")


TANTIVY = """
import json, sys, time, tantivy
texts, groups = json.load(open(sys.argv[1]))
builder = tantivy.SchemaBuilder()
builder.add_unsigned_field("id", stored=True, indexed=True)
builder.add_text_field("body", stored=False, tokenizer_name="default")
start = time.perf_counter()
index = tantivy.Index(builder.build(), path=sys.argv[2])
writer = index.writer(heap_size=200_000_000, num_threads=2)
for i, text in enumerate(texts):
    document = tantivy.Document()
    document.add_unsigned("id", i)
    document.add_text("body", text)
    writer.add_document(document)
writer.commit(); writer.wait_merging_threads(); index.reload()
built = time.perf_counter() - start
searcher = index.searcher()
def query(term):
    words = term.split()
    if not term.endswith("*"):
        return index.parse_query('"' + term + '"' if len(words) > 1 else term, ["body"])
    if len(words) == 1:
        return tantivy.Query.regex_query(builder_schema, "body", term[:-1] + ".*")
    return index.parse_query('"' + term[:-1] + '"*', ["body"])
builder_schema = index.schema
def union(group):
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query(t)) for t in group])
whole = tantivy.Query.boolean_query([(tantivy.Occur.Must, union(g)) for g in groups])
start = time.perf_counter(); count = searcher.search(whole, 1, count=True).count
one = time.perf_counter() - start
start = time.perf_counter(); total = 0
for group in groups:
    for term in group:
        hits = searcher.search(query(term), len(texts), count=True).hits
        total += len([searcher.doc(address)["id"][0] for _, address in hits])
print(json.dumps([built, one, count, time.perf_counter() - start, total]))
"""


def beside_tantivy(texts: list[str], folder: Path) -> None:
    """tantivy on the same text, in a temporary environment."""
    place = folder / "environment"
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    try:
        subprocess.run([python, "-m", "pip", "install", "-q", "tantivy"], check=True, capture_output=True)
        (folder / "texts.json").write_text(json.dumps([texts, text_terms()]))
        (folder / "index").mkdir()
        command = [python, "-c", TANTIVY, folder / "texts.json", folder / "index"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        print(f"tantivy was not measured: {str(error.stderr)[-300:]}")
        return
    built, one, count, leafwise, _ = json.loads(done.stdout)
    row("tantivy, build (2 threads)", built, len(texts))
    row("tantivy, text part as one query", one, len(texts), f"{count} match")
    row("tantivy, the set of every term", leafwise, len(texts), f"with build {built + leafwise:.2f} s")


def hostile() -> None:
    """The largest queries that are read, on one record: reading, counting, explaining, linting.

    The target is under 1 s of processor time for each on a machine of today.
    """
    import pandas as pd

    from resift.errors import QueryError
    from resift.query.evaluate import evaluate
    from resift.query.evidence import Explainer
    from resift.query.foreign import foreign
    from resift.query.lexer import LONGEST
    from resift.query.lint import lint
    from resift.query.reader import MOST_TERMS
    from resift.query.stated import read_stated
    from resift.query.table import QueryTable
    from resift.records import RECORD_COLUMNS, Record

    record = Record(record="x:1", source="x", title="asthma", abstract="a b")
    table = QueryTable.from_records(pd.DataFrame({name: [getattr(record, name)] for name in RECORD_COLUMNS}))

    def full(term: str) -> str:
        """As many terms as are read, joined by OR."""
        most = min(MOST_TERMS - 10, LONGEST // (len(term) + 8))
        return " OR ".join(term.format(i) for i in range(most))

    lines = [f"#{n} " + " OR ".join(f"word{n}x{m}[tiab]" for m in range(20)) for n in range(1, 300)]
    deep = "(" * 1000 + "a1[ti]" + "".join(f" {'OR' if i % 2 else 'AND'} b{i}[ti])" for i in range(1000))
    cases = {
        "10,000 words": " ".join(f"w{i}" for i in range(10_000)),
        "5,000 ORs": " OR ".join(f'"term {i}"[tiab]' for i in range(5001)),
        "1,000 groups deep": deep,
        "5,000 NOTs": " NOT ".join(["x1[tiab]"] * 5000),
        "100,000 opening brackets": "(" * 100_000,
        "15,000 unknown tags": "a1[zz] " * 15_000,
        "as many words": full("word{}[tiab]"),
        "as many truncated words": full("wo{}rd*[tiab]"),
        "as many authors": full("smith j{}[au]"),
        "as many PMIDs": full("{}[pmid]"),
        "as many unknown types": full("review{}[pt]"),
        "as many unknown tags": full("w[t{}]"),
        "as many headings": full('"Heading {}"[mh]'),
        "as many spellings": full("tumour{} tumor[tiab]"),
        "as many groups": " OR ".join(f"(a{n}[ti] AND b{n}[ti])" for n in range(4500)),
        "300 numbered lines of 20": "\n".join(
            [*lines, "#300 " + " OR ".join(f"#{n}" for n in range(1, 300))]
        ),
        "3,000 lines, each on the last": "#1 a1[ti]\n"
        + "\n".join(f"#{n} #{n - 1} OR w{n}[ti]" for n in range(2, 3000)),
        "2,300 lines of Ovid's": "\n".join(
            f"{n}. exp Asthma/ or (a$ adj3 b$).ti,ab." for n in range(1, 2300)
        ),
    }
    # As long as is read, and each a run that a careless pattern walks once from every character.
    runs = ("exp a ", "“", "\n", "[ ", "(1 OR ", "#1 a\n", "a and ", "a/dt [", "&amp;", "∗", "'a ", "a adj3 ")
    cases |= {f"{LONGEST:,} characters of {run!r}": (run * LONGEST)[:LONGEST] for run in runs}
    print()
    for name, text in cases.items():
        steps: dict[str, Callable[[str], object]] = {
            "foreign": foreign,
            "read": read_stated,
            "count": lambda text: evaluate(read_stated(text), table),
            "expand": lambda text: read_stated(text).expansions(),
            "explain": lambda text: Explainer(evaluate(read_stated(text), table)).explain(0, record),
            "lint": lint,
        }
        shown = []
        for step, work in steps.items():
            start = time.process_time()
            with contextlib.suppress(QueryError):
                work(text)
            shown.append(f"{step} {time.process_time() - start:.2f}")
        print(f"{name:<38} {', '.join(shown)} s", flush=True)


if __name__ == "__main__":
    main()
