from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from report.run_folder import draw, make_run, screening_of

from resift.records import Record
from resift.report.page import load, render

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium through Playwright's Python client."""
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright's Python client")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


def twin() -> Record:
    """The first record of the run under another PMID: deduplication leaves the pair to a person."""
    first = draw(1)[0]
    return replace(first, record="pubmed:19999999", pmid="19999999")


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run of 120 records with both lanes, people's decisions and a retracted paper."""
    base = tmp_path_factory.mktemp("browser")
    run = make_run(base, extra=[twin()], notice="Synthetic records: these are not real papers.")
    path = run / "report.html"
    path.write_text(render(load(run, screening=screening_of(base))), encoding="utf-8")
    return path


TITLES = """() => {
    const titles = [], next = document.getElementById('next');
    for (;;) {
        const links = document.querySelectorAll('#table tbody tr[data-at] td:first-child a');
        titles.push(...[...links].map(a => a.textContent));
        if (document.getElementById('pager').hidden || next.disabled) return titles;
        next.click();
    }
}"""


@pytest.fixture(scope="session")
def brief(report: Path) -> Path:
    """The same page with few rows in its long tables: every kind of element, soon looked through."""
    folder = report.parent
    data = load(folder, screening=screening_of(folder.parents[1]))
    rows = [row for i, row in enumerate(data.decisions) if i < 9 or row.record == twin().record]
    data = replace(
        data,
        decisions=rows,
        known_items=data.known_items[:2],
        hashes=dict(list(data.hashes.items())[:3]),
        searches=[replace(search, clauses=search.clauses[:4]) for search in data.searches],
        flow=replace(data.flow, identities=data.flow.identities[:3]),
        checklist=data.checklist[::4],
    )
    path = folder.parent / "brief.html"
    path.write_text(render(data), encoding="utf-8")
    return path


@dataclass
class Opened:
    """A page in the browser, with everything it complained of and asked for."""

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def shown(self) -> list[str]:
        """Titles of the records in the table, over all its pages."""
        titles: list[str] = self.page.evaluate(TITLES)
        return titles


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Opened]]:
    """Open a page: `visit(path, fragment="", **context options)`."""
    contexts = []

    def go(path: Path, fragment: str = "", **options: Any) -> Opened:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        opened = Opened(context.new_page())
        opened.page.on("console", lambda m: opened.errors.append(m.text) if m.type == "error" else None)
        opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.page.goto(path.as_uri() + fragment)
        if options.get("java_script_enabled", True):
            opened.page.locator("#filters:not([hidden])").wait_for()
        return opened

    yield go
    for context in contexts:
        context.close()
