"""The sheet and the page of an audit sample. Neither shows what the rules said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape

from resift.records import Record
from resift.rows import to_csv


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One record to judge; `answer` is include, exclude or unsure."""

    n: int
    record: str
    title: str
    authors: str
    journal: str
    year: int | None
    abstract: str
    answer: str = ""
    reviewer: str = ""
    note: str = ""


def sheet(records: Sequence[Record]) -> str:
    """The CSV that a person fills in."""
    rows = [
        SheetRow(
            n=n,
            record=record.record,
            title=record.title,
            authors=", ".join(record.authors[:6]),
            journal=record.journal_abbreviation or record.journal,
            year=record.year,
            abstract=record.abstract,
        )
        for n, record in enumerate(records, 1)
    ]
    return to_csv(SheetRow, rows)


_STYLE = (
    "body{font:17px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "article{border-top:1px solid #999;padding:1rem 0;break-inside:avoid}h2{font-size:1.1rem;margin:.2rem 0}"
    "p{white-space:pre-wrap;overflow-wrap:anywhere;margin:.4rem 0}.where{color:#444}"
)


def page(records: Sequence[Record], sha256: str, question: str) -> str:
    """The texts to read, one after the other, as one HTML page without scripts."""
    parts = []
    for n, record in enumerate(records, 1):
        where = f"{record.journal_abbreviation or record.journal} {record.year or ''}".strip()
        parts.append(
            f'<article id="n{n}"><p class="where">{n} of {len(records)} · {escape(record.record)} · '
            f"<bdi>{escape(where)}</bdi></p><h2><bdi>{escape(record.title)}</bdi></h2>"
            f"<p><bdi>{escape(record.abstract or 'No abstract.')}</bdi></p></article>"
        )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Audit sample</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>Audit sample</h1><p>{escape(question)}</p>"
        "<p>Judge each record by its title and abstract, and write include, exclude or unsure into the "
        "sheet. "
        f'What the rules said is not shown.</p><p class="where">SHA-256 of the sample: {sha256}</p>'
        f"{''.join(parts)}</main></body></html>\n"
    )
