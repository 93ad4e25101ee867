"""CSL JSON, as Zotero, Mendeley, Paperpile and JabRef save it, and trial registers' XML as a table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

from resift.errors import FormatError
from resift.formats.build import Found, build
from resift.formats.entry import Entry
from resift.formats.notes import Notes
from resift.text.fold import one_line

_TYPES = {
    "article-journal": "article", "article": "unpublished", "article-magazine": "article",
    "article-newspaper": "article", "book": "book", "chapter": "chapter", "paper-conference": "conference",
    "thesis": "thesis", "report": "report", "webpage": "web", "manuscript": "unpublished",
}  # fmt: skip
_ORDER = {
    "title": ("title",), "vernacular_title": ("original-title",), "abstract": ("abstract",),
    "journal": ("container-title",), "journal_abbreviation": ("container-title-short", "journalAbbreviation"),
    "issn": ("ISSN",), "volume": ("volume",), "issue": ("issue",), "pages": ("page",),
    "article_number": ("number", "article-number"), "doi": ("DOI",), "pmid": ("PMID",), "pmcid": ("PMCID",),
    "languages": ("language",), "links": ("URL",),
}  # fmt: skip


def read(text: str, *, where: str, notes: Notes) -> Iterator[Entry]:
    """The items of a CSL JSON file. Raises FormatError where it is other JSON or breaks."""
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise FormatError("the JSON breaks", where=f"{where}{line}", fix="export the file again") from None
    items = content.get("items", [content]) if isinstance(content, dict) else content
    if (
        not isinstance(items, list)
        or not all(isinstance(i, dict) and "title" in i for i in items)
        or not items
    ):
        raise FormatError(
            "is JSON, but not CSL JSON (a list of items with type and title)",
            where=where,
            fix="export as RIS, CSL JSON or CSV",
        )
    for n, item in enumerate(items, start=1):
        yield _entry(item, n, notes)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    return re.sub(r"</?(?:i|b|sub|sup|span)[^>]*>", "", str(value)) if value is not None else ""


def _entry(item: Mapping[str, Any], n: int, notes: Notes) -> Entry:
    found: Found = {
        name: [(_text(item[key]), key) for key in keys if item.get(key)] for name, keys in _ORDER.items()
    }
    found["authors"] = [(name, "author") for name in _names(item.get("author"))]
    found["editors"] = [(name, "editor") for name in _names(item.get("editor"))]
    date = _date(item.get("issued"))
    found["year"] = [(date, "issued")]
    found["date"] = [(date, "issued")]
    found["keywords"] = [(word, "keyword") for word in re.split(r"[;,]\s*", _text(item.get("keyword", "")))]
    for line in _text(item.get("note", "")).split("\n"):
        for name, pattern in (("pmid", r"PMID:\s*(\d{1,8})"), ("pmcid", r"PMCID:\s*(PMC\d+)")):
            if labelled := re.fullmatch(pattern, line.strip(), flags=re.I):
                found[name].append((labelled.group(1), "note"))
    found["type"] = [(_TYPES.get(str(item.get("type", "")), "other"), "type")]
    used = {key for keys in _ORDER.values() for key in keys} | {
        "author", "editor", "issued", "keyword", "note", "type", "id",
    }  # fmt: skip
    for key in sorted(set(item) - used):
        notes.unused[key] += 1
    notes.platforms["Zotero or another writer of CSL JSON"] += 1
    raw = json.dumps(item, ensure_ascii=False, sort_keys=True)
    return Entry(values=build(found, notes, place=f"item {n}"), raw=raw)


def _date(issued: Any) -> str:
    """`date-parts` as far as they are numbers; without any the words beside them (Crossref gives `[[null]]`
    where it knows no date)."""
    if not isinstance(issued, dict):
        return _text(issued)
    dated = issued.get("date-parts")
    first = dated[0] if isinstance(dated, list) and dated and isinstance(dated[0], list) else []
    numbers = list(takewhile(re.compile("[0-9]{1,4}").fullmatch, map(str, first[:3])))
    words = (_text(issued.get(key)) for key in ("raw", "literal", "season"))
    return "-".join(f"{int(n):02d}" for n in numbers) or next(filter(None, words), "")


def _names(people: Any) -> list[str]:
    names = []
    for one in people if isinstance(people, list) else []:
        if not isinstance(one, dict):
            continue
        family = " ".join(filter(None, (_text(one.get("non-dropping-particle")), _text(one.get("family")))))
        if family and one.get("given"):
            suffix = _text(one.get("suffix"))
            names.append(", ".join(part for part in (family, _text(one["given"]), suffix) if part))
        else:
            names.append(f"{_text(one.get('literal')) or family},")
    return [one_line(name) for name in names if name.strip(" ,")]


def trial_rows(text: str, where: str) -> list[tuple[int, list[str]]]:
    """The trials of ICTRP's XML as rows under their elements' names."""
    from lxml import etree

    from resift.safe_xml import xml_parser

    parser = xml_parser()
    try:
        root = etree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise FormatError(
            f"the XML breaks ({error.msg})", where=f"{where}, line {error.lineno}", fix="export it again"
        ) from None
    trials = [
        {str(child.tag): " ".join("".join(str(t) for t in child.itertext()).split()) for child in trial}
        for trial in root.iter("Trial")
    ]
    headings = list(dict.fromkeys(name for trial in trials for name in trial))
    rows = [(n, [trial.get(name, "") for name in headings]) for n, trial in enumerate(trials, start=2)]
    return [(1, headings), *rows]
