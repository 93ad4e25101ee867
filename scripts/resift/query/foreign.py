"""Telling a search of another platform from one of PubMed's.

Each platform has marks of its own (`platform_marks.py`). A certain one is written nowhere in PubMed; a
possible one can also be a word there, so it counts only together with others and where PubMed's own tags are
absent. What stands in double quotation marks and in PubMed's square-bracket tags is no mark.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from resift.query.fields import BY_NAME
from resift.query.platform_marks import MARKS, OTHER, Mark


@dataclass(frozen=True, slots=True)
class Foreign:
    """A search in the syntax of another platform: its name, the marks seen (with their numbers), where."""

    platform: str
    marks: tuple[tuple[str, int], ...]
    lines: int
    start: int
    end: int
    reads_as: str

    def __str__(self) -> str:
        size = f"{self.lines} lines" if self.lines > 1 else "1 line"
        seen = ", ".join(mark if n == 1 else f"{mark} ({n} times)" for mark, n in self.marks[:4])
        return f"this is {self.platform} syntax: {size}, {seen}; {self.reads_as}"


_READS = {
    "Ovid": "PubMed would read adj, exp and the fields as words",
    "Embase.com": "PubMed would read the fields and operators as words",
    "EBSCOhost": "PubMed would read the prefixes and N3 as words",
}
_OTHERWISE = "PubMed would read its fields and operators as words"
_TAG = re.compile(r"\[([^\[\]]{1,64})\]")
_QUOTES = re.compile(r"\"[^\"\n]*+\"|“[^“”\n]*+”")
_RARE = 10  # so many tags of PubMed to one mark make the mark a slip in a search of PubMed's


def _field(match: re.Match[str]) -> str:
    """The field that a tag names."""
    return match[1].partition(":")[0].strip().lower()


def pubmed_tags(text: str) -> int:
    """How many field tags of PubMed's stand in a text."""
    return sum(1 for m in _TAG.finditer(text) if _field(m) in BY_NAME)


@lru_cache(maxsize=8)
def _marks(text: str) -> tuple[tuple[Mark, tuple[tuple[int, int], ...]], ...]:
    """The marks in a text with their places; a search is asked several times, by lint and by what runs it."""
    whole = _TAG.sub(_blanked_tag, text)
    bare = _QUOTES.sub(lambda m: '"' + "x" * (len(m[0]) - 2) + '"', whole)
    small = whole.lower()
    found = []
    for mark in MARKS:
        if not any(sign in small for sign in mark.needs):
            continue
        if spans := tuple(_trimmed(m) for m in mark.pattern.finditer(whole if mark.quoted else bare)):
            found.append((mark, spans))
    return tuple(found)


def foreign(text: str) -> Foreign | None:
    """The platform whose syntax a text is written in, None when it may be PubMed's."""
    seen: dict[str, Counter[str]] = {}
    certain: Counter[str] = Counter()
    where: dict[str, tuple[int, int]] = {}
    possible: Counter[str] = Counter()
    for mark, spans in _marks(text):
        seen.setdefault(mark.platform, Counter())[mark.name] += len(spans)
        (certain if mark.certain else possible)[mark.platform] += len(spans)
        where[mark.platform] = min(where.get(mark.platform, spans[0]), spans[0])
    tags = pubmed_tags(text)
    platforms = [name for name in seen if certain[name] or possible[name] > 1]
    if not platforms:
        return None
    weights = {name: (certain[name] > 0, 3 * certain[name] + possible[name]) for name in platforms}
    if any(certain[name] for name in platforms if name != OTHER):
        weights.pop(OTHER, None)
    alike = [name for name, weight in weights.items() if weight == max(weights.values())]
    best = alike[0]
    if tags and not certain[best]:
        return None
    if tags >= _RARE * (sum(certain.values()) or 1):
        return None
    size = sum(1 for line in text.splitlines() if line.strip())
    marks = tuple(sorted(seen[best].items(), key=lambda item: (-item[1], item[0])))
    return Foreign(" or ".join(alike), marks, size, *where[best], _READS.get(best, _OTHERWISE))


def slips(text: str) -> dict[str, tuple[tuple[int, int], ...]]:
    """Certain marks of other platforms in a search of PubMed's: where each kind stands."""
    return {f"{mark.name} of {mark.platform}": spans for mark, spans in _marks(text) if mark.certain}


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    """Where a mark stands, without blanks around it."""
    text = match[0]
    return match.start() + len(text) - len(text.lstrip()), match.start() + len(text.rstrip())


def _blanked_tag(match: re.Match[str]) -> str:
    """PubMed's own tags, which hold words that are marks elsewhere (`[mh]`, `[ti]`), as blanks."""
    return "\x02" * len(match[0]) if _field(match) in BY_NAME else match[0]
