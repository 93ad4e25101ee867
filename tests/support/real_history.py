"""A history cut from one real update file of NLM: each step holds what had entered PubMed by a day.

`cut(file, folder, days)` leaves the files of a history (tests/support/pubmed_history.py) and gives its truth,
told from the XML by plain means. Only arrivals can be told so: a file holds one state of each record.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from pathlib import Path

from pubmed_history import Truth

from resift.vocabulary import Cause, Change

QUERY = "cancer[tiab]"
_MONTHS = {
    name: n
    for n, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}


def cut(file: Path, folder: Path, days: Sequence[str]) -> list[Truth]:
    """Write step-00.xml, ... with the records that entered up to each day (ISO), and those trees that a run
    wants; the truth of `QUERY` in every step."""
    folder.mkdir(parents=True, exist_ok=True)
    text = gzip.decompress(file.read_bytes()).decode("utf-8")
    steps: list[list[str]] = [[] for _ in days]
    truth = []
    for article in re.findall(r"<PubmedArticle>.*?</PubmedArticle>", text, flags=re.DOTALL):
        entered = _day(article, r'PubStatus="entrez"')
        step = next((n for n, day in enumerate(days) if entered and entered <= day), None)
        if step is None:
            continue
        steps[step].append(article)
        if step and _wanted(article):
            late = _published(article) <= days[step - 1]
            pmid = int(re.search(r"<PMID[^>]*>(\d+)<", article)[1])  # type: ignore[index]
            truth.append(Truth(step, pmid, Change.GAINED, Cause.ARRIVED_LATE if late else Cause.NEW))
    for n, articles in enumerate(steps):
        body = "<PubmedArticleSet>" + "\n".join(articles) + "</PubmedArticleSet>"
        (folder / f"step-{n:02}.xml").write_text(body, encoding="utf-8")
        (folder / f"tree-{n:02}.bin").write_text("Humans;B01.050\n", encoding="utf-8")
    return truth


def _wanted(article: str) -> bool:
    """The word in what [tiab] searches (titles, abstracts, keywords), in English, of 2000 or later."""
    fields = "ArticleTitle|VernacularTitle|AbstractText|Keyword"
    parts = re.findall(rf"<({fields})\b[^>]*>(.*?)</\1>", article, flags=re.DOTALL)
    words = re.sub(r"<[^>]+>", "", " ".join(part for _, part in parts))
    in_english = "eng" in re.findall(r"<Language>(\w+)<", article)
    return (
        in_english and bool(re.search(r"(?<!\w)cancer(?!\w)", words, re.I)) and _published(article) >= "2000"
    )


def _day(article: str, which: str) -> str:
    found = re.search(which + r">\s*<Year>(\d+)</Year>\s*<Month>(\w+)</Month>\s*<Day>(\d+)</Day>", article)
    return f"{found[1]}-{_number(found[2]):02}-{int(found[3]):02}" if found else ""


def _published(article: str) -> str:
    """The first of the print and the electronic day: the 1st where no day is given."""
    days = [_day(article, r"<ArticleDate[^>]*")]
    for part in re.findall(r"<PubDate>(.*?)</PubDate>", article, flags=re.DOTALL)[:1]:
        year = re.search(r"(\d{4})", part)
        month = re.search(r"<Month>(\w+)<", part) or re.search(r"\d{4} (\w{3})", part)
        day = re.search(r"<Day>(\d+)<", part)
        if year:
            number = _number(month[1]) if month else 1
            days.append(f"{year[1]}-{number:02}-{int(day[1]) if day else 1:02}")
    return min(filter(None, days), default="")


def _number(month: str) -> int:
    return int(month) if month.isdigit() else _MONTHS.get(month[:3].title(), 1)
