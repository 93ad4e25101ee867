"""Pages: `123-9`, `S109-12`, `e123`, and where they begin and end."""

from __future__ import annotations

import re

from resift.text.fold import fold, one_line

_RANGE = re.compile(r"([A-Za-z]*)(\d+)([A-Za-z]*)\s*[-–—−‐‑]+\s*([A-Za-z]*)(\d+)([A-Za-z]*(?:\.e\d+)?)")
_LABEL = re.compile(r"(?:pp?|pgs?|pages?)(?:\.\s*|\s+)(?=[A-Za-z]?\d)", re.IGNORECASE)


def page_range(pages: str) -> tuple[str, str]:
    """First and last page of a plain range with the last one in full: `514-23` gives 514 and 523.

    MEDLINE leaves out the digits that the pages share (NLM, MEDLINE data element PG). Anything that is
    not one plain range (`110-2; discussion 113`, `e123`) comes back whole as the first page.
    """
    pages = _LABEL.sub("", pages.strip(), count=1) if _LABEL.match(pages.strip()) else pages.strip()
    found = _RANGE.fullmatch(pages)
    if not found:
        return pages, ""
    before, first, after, last_before, last, last_after = found.groups()
    if len(last) < len(first) and last_before in ("", before):
        last = first[: len(first) - len(last)] + last
        if int(last) < int(first):
            return pages, ""
    if before and not last_before and not last_after:
        last_before = before
    if (before, first, after) == (last_before, last, last_after):
        return f"{before}{first}{after}", ""
    return f"{before}{first}{after}", f"{last_before}{last}{last_after}"


def page_ends(pages: str) -> tuple[str, str]:
    """First and last page in full of the first stretch of pages (`361-2, 367-9` gives 361 and 362)."""
    return page_range(re.split(r"\s*;\s*|,\s", pages.strip())[0])


def expand_pages(pages: str) -> str:
    """Pages with the last page of a plain range in full (`514-23` becomes `514-523`)."""
    first, last = page_range(pages)
    return f"{first}-{last}" if last else first


def join_pages(first: str, last: str) -> str:
    """One page field from the two of RIS, EndNote or Scopus."""
    first, last = one_line(first), one_line(last)
    if not last or last == first or first.endswith(f"-{last}"):
        return first
    return f"{first}-{last}" if first else last


def number_key(text: str) -> str:
    """A page, volume or issue as it is compared: folded, without blanks and leading zeros (`e0123`: e123)."""
    return re.sub(r"^([a-z]*)0+(?=\d)", r"\1", fold(text).replace(" ", ""))
