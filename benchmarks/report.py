"""Size and speed of the report: file size, first paint, keystroke to result, decision to saved.

    .venv/bin/python benchmarks/report.py [--records FILE.xml.gz] [--word cancer] [N ...]

Without `--records` the records are made up; with it they are the first N of a PubMed XML file whose title
or abstract holds the word, so that abstracts, indexing and evidence have their real size. The goals: 3 MB
for 2,000 records, 10 MB for 5,000; at 5,000 a first paint in 1.5 s, 100 ms from keystroke to result, 50 ms
from decision to saved. Any number of records stays below 12 MB.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from report.run_folder import make_run, screening_of  # noqa: E402

from resift.pubmed.xml import read_records  # noqa: E402
from resift.records import Record  # noqa: E402
from resift.report.page import load, render  # noqa: E402

QUERIES = ("therapy", "liver meta", "survival of patients", "2008", "zzz")
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
# From the input event to the frame after the new rows stand in the table, in milliseconds.
KEYSTROKE = """text => new Promise(done => {
    const box = document.getElementById('q'), start = performance.now();
    box.value = text;
    box.dispatchEvent(new Event('input', { bubbles: true }));
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""
# From the key to the decision standing in the browser's storage, in milliseconds; the next card follows.
DECISION = """() => {
    const before = localStorage.length, start = performance.now();
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'u', bubbles: true }));
    const spent = performance.now() - start;
    if (localStorage.length === before) throw new Error('not saved');
    return spent;
}"""
DECISIONS = 40


@dataclass(frozen=True)
class Measured:
    """One page; times in milliseconds, `render` in seconds."""

    records: int
    size: int
    render: float
    paint: float
    keystroke: float
    slowest: float
    decision: float
    slowest_decision: float


def real_records(path: Path, word: str, n: int) -> list[Record]:
    """The first n records of a file that hold the word, each PMID once (a file may revise its own)."""
    found: dict[str, Record] = {}
    for record in read_records(path):
        if isinstance(record, Record) and word in f"{record.title} {record.abstract}".lower():
            found[record.record] = record
            if len(found) == n:
                break
    return list(found.values())


def measure(page: Any, folder: Path, n: int, extra: Sequence[Record]) -> Measured:
    """Build one run, render it, open it five times, type into its search."""
    run = make_run(
        folder, 0 if extra else n, extra=extra, people=not extra, other=not extra, empty=bool(extra)
    )
    data = load(run, screening=screening_of(folder))
    start = time.perf_counter()
    html = render(data)
    seconds = time.perf_counter() - start
    path = run / "report.html"
    path.write_text(html, encoding="utf-8")
    paints = []
    for _ in range(5):
        page.goto(path.as_uri())
        page.wait_for_function(PAINT)
        paints.append(page.evaluate(PAINT))
    page.wait_for_timeout(1500)
    keys = [page.evaluate(KEYSTROKE, text) for text in QUERIES for _ in range(3)]
    page.locator("#clear").click()
    page.locator("#reviewer").fill("AB")
    page.locator("#decide").click()
    saved = []
    for i in range(DECISIONS):
        page.wait_for_function(
            "n => document.querySelector('#card .bar').textContent.includes(`${n} of`)", arg=i + 1
        )
        page.wait_for_timeout(50)
        saved.append(page.evaluate(DECISION))
    return Measured(
        len(data.decisions),
        len(html.encode()),
        seconds,
        statistics.median(paints),
        statistics.median(keys),
        max(keys),
        statistics.median(saved),
        max(saved),
    )


def main() -> None:
    """Print one line per size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[500, 2000, 5000])
    parser.add_argument("--records", type=Path, help="a PubMed XML file (.xml or .xml.gz)")
    parser.add_argument("--word", default="cancer", help="take records that hold this word (default: cancer)")
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("benchmarks/report.py needs Debian's chromium: apt-get install chromium")
    print("records    size MB  render s  first paint ms  keystroke ms (median, slowest)  decision ms (same)")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for n in options.sizes:
            extra = real_records(options.records, options.word.lower(), n) if options.records else []
            found = measure(browser.new_page(), Path(scratch) / str(n), n, extra)
            print(
                f"{found.records:7,}  {found.size / 1e6:9.2f}  {found.render:8.2f}  {found.paint:14.0f}  "
                f"{found.keystroke:12.0f}, {found.slowest:.0f}  "
                f"{found.decision:24.1f}, {found.slowest_decision:.1f}",
                flush=True,
            )
        browser.close()


if __name__ == "__main__":
    main()
