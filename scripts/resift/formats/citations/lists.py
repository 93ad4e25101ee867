"""From a list of references, as people paste it, to its reference strings.

Word processors, web pages and PDFs number entries, set bullets before them, part them by empty lines, hang
or indent them, or do none of this and wrap the lines. What marks the entries is found once for a list; only
where nothing marks them does a line have to look like the beginning of a reference.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from resift.formats.citations.pages import Line, clear
from resift.formats.citations.wrapped import unhyphenate, unwrap, words_of
from resift.formats.notes import Notes

_JUMP = 5  # how far a list may skip ahead in its numbers and still be one list
_LOOKED_AT = 12  # lines in which the first number, bullet or reference of a list is looked for
# `1.`, `1)`, `[1]`, `(1)`, `1:` with and without a blank after it; `1 Smith`; the number alone on its line.
_NUMBERS = (
    re.compile(r"\s*(?:ref(?:erence)?\.?\s*)?\[(\d{1,4})\][.:]?\s*"),
    re.compile(r"\s*\((\d{1,4})\)\s*"),
    re.compile(r"\s*(?:ref(?:erence)?\.?\s*)?(\d{1,4})\s?[.):]+(?:\s+|(?=[^\W\d]|$))"),
    re.compile(
        r"\s*(\d{1,4})(?:\s+(?=[^\W\d_a-z]|[\"“\[(]|(?:van|von|de|di|del|la|le|el|al|ter)\b)|\s*$|(?=[^\W\d_a-z][^\W\d_A-Z]))"
    ),
)
_BULLET = re.compile(r"\s*(?:([•▪◦●‣·▸►◆■□○➢✓\uf0b7\uf0a7*])\s*|([-–—o])\s+(?=\S))(?=[^\s\d])")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_CLOSED = re.compile(r"(?:[.?!][\"'”’)\]]*|\d[a-z]?[)\]]?|[)\]]|https?://\S+|10\.\d{4,}/\S+)$")
_OPEN = re.compile(
    r"(?i)(?:[-–—‐\u00ad,:;&(\[/]|\b(?:and|or|of|the|in|for|with|by|to|on|from|at|et|und|de|an?|vs\.?"
    r"|doi:?|PMID:?|vol\.|no\.|pp?\.))$"
)
_PARTICLES = r"(?:van|von|de[rlns]?|du|di|da|dos|la|le|el|al|ter|ten|zu[rm]?|bin|ibn|af)\b[ '’]"
_PARTICLE = re.compile(_PARTICLES, re.IGNORECASE)
_FAMILY = r"[^\W\d_a-z][\w'’‘`´‐‑-]*(?:\s(?!and\b|et\b)[\w'’‘`´‐‑-]+){0,2}"
_TOPIC = re.compile(r"[^\W\d_a-z](?:[^.;?!]{0,68}[^\W_])?[):]{0,2}")
_BEGINS = re.compile(
    rf"(?:(?i:{_PARTICLES}))*(?:"
    # `Smith J, ...`, `Smith, J. A., ...`
    rf"{_FAMILY},?\s(?:[^\W\d_a-z]{{1,4}}(?=[,.;:&\s(]|$)|(?:[^\W\d_a-z][a-z]?\.[\s-]?)+)"
    # `J. A. Smith, ...`
    rf"|(?:[^\W\d_a-z]\.[\s-]?)+{_FAMILY}(?:[,.;:&(]|\sand\b|$)"
    # `Smith, John, ...`
    rf"|{_FAMILY},\s[^\W\d_a-z]\w+(?:\s[^\W\d_a-z]\.?)?(?:,|\.|;|\sand\b|\s&))"
)
_CONTINUES = re.compile(
    r"(?:[^\W\d_A-Z]|\d|[(&/.,;:%<>=–-]|doi\b|https?:|www\.|PMC?ID|\[(?:PubMed|Cross|Google))"
)


def split_strings(text: str, notes: Notes | None = None) -> Iterator[tuple[int, str]]:
    """Each reference string of a text, whole again, with the line that it begins in; without its number.

    A numbered list goes by its numbers (a line that merely begins with one, `2021: A systematic review`,
    does not begin an entry), one with bullets by these; else paragraphs between empty lines where they have
    several lines; else hanging or indented first lines; else each line is an entry, unless the lines are
    wrapped: then an entry begins where the one before is complete and a line begins as references do.
    `notes` are told of what was left out.
    """
    cleared = clear(text)
    lines = cleared.lines
    if notes is not None:
        for n, dropped in cleared.dropped:
            notes.drop(n, dropped)
    if not lines:
        return
    found = _numbered(lines) or _bulleted(lines)
    starts = found or dict.fromkeys(_unmarked(lines), 0)
    words = words_of("\n".join(line.text for line in lines))
    first = min(starts)
    headings: list[Line] = []
    if found and not any(_YEAR.search(line.text) for line in lines[:first]):
        headings += lines[:first]
    elif first:
        starts[0] = 0
    order = [*sorted(starts), len(lines)]
    for at, until in itertools.pairwise(order):
        if until - at > 1 and _begins_at_1(lines, until, found) and _is_heading(lines, until - 1):
            until -= 1
            headings.append(lines[until])
        block = [lines[at].text[starts[at] :], *(line.text for line in lines[at + 1 : until])]
        string = unwrap(unhyphenate("\n".join(part.strip() for part in block).strip(), words))
        if string:
            yield lines[at].n, string
    if notes is not None:
        for line in headings:
            notes.drop(line.n, line.text)


def _begins_at_1(lines: Sequence[Line], at: int, found: Mapping[int, int]) -> bool:
    """Whether an entry is the first of a numbered list."""
    return at in found and re.sub(r"\D", "", lines[at].text[: found[at]]) == "1"


def _numbered(lines: Sequence[Line]) -> dict[int, int]:
    """Place of each line that begins an entry of a numbered list -> length of its number; else {}."""
    best: dict[int, int] = {}
    for pattern in _NUMBERS:
        chain = _chain(lines, pattern)
        if len(chain) > len(best):
            best = chain
    return best


def _chain(lines: Sequence[Line], pattern: re.Pattern[str]) -> dict[int, int]:
    """The lines whose numbers follow one another, from the first line that is numbered so."""
    starts: dict[int, int] = {}
    expected: int | None = None
    numbered = {at: found for at, line in enumerate(lines) if (found := pattern.match(line.text))}
    last = {int(found.group(1)): at for at, found in numbered.items()}  # where each number stands last
    for at, found in numbered.items():
        line, number = lines[at], int(found.group(1))
        whole = _CLOSED.search(line.text) is not None and _YEAR.search(line.text) is not None
        reference = whole or _BEGINS.match(line.text, found.end()) is not None
        if expected is None:
            begins = at < _LOOKED_AT and number < 1800 and last.get(number + 1, -1) > at
            only = len(numbered) == 1 and number < 1800 and pattern is not _NUMBERS[-1]
            below = at == 1 and number == 1 and reference and _is_heading(lines, 0)
            follows = begins or (only and (at == 0 or below))
        elif number == 1 and reference and _is_heading(lines, at - 1):
            follows = True
        else:
            near = number == 1 or expected < number <= expected + _JUMP
            # Entries picked from a longer list keep its numbers: none stands for those left out.
            picked = reference and expected < number < 1800 and last.get(expected, -1) < at
            follows = number == expected or (_is_fresh(lines, at) and (near or picked))
        if follows:
            starts[at] = found.end()
            expected = number + 1
    return starts


def _is_fresh(lines: Sequence[Line], at: int) -> bool:
    """Whether the line before one could be the end of an entry."""
    before = lines[at - 1].text.rstrip() if at else ""
    closed = before.endswith((".", ";", ")", "]")) or before[-1:].isdigit()
    return closed or not before or lines[at].gap or lines[at].page


def _bulleted(lines: Sequence[Line]) -> dict[int, int]:
    """Place of each line with a bullet -> its length; {} where no list with bullets begins near the top."""
    found = {at: m.end() for at, line in enumerate(lines) if (m := _BULLET.match(line.text))}
    if not found or min(found) >= min(_LOOKED_AT, len(lines)) or (len(found) < 2 and min(found) > 0):
        return {}
    if min(found) > 0 and any(_YEAR.search(line.text) for line in lines[: min(found)]):
        return {}
    return found


def _unmarked(lines: Sequence[Line]) -> set[int]:
    """The lines that begin entries of a list without numbers and bullets."""
    gaps = {at for at, line in enumerate(lines) if at == 0 or (line.gap and not line.page)}
    wrapped = _is_wrapped(lines)
    if 1 < len(gaps) < len(lines) and (wrapped or not _one_a_line(lines)):
        starts = gaps | {at for at in range(1, len(lines)) if lines[at].page and _begins_anew(lines, at)}
        return _divided(lines, starts) if wrapped else starts
    flush = _by_indent(lines)
    if flush:
        return flush | {0}
    if not wrapped:
        edge = min(line.indent for line in lines)
        return {at for at, line in enumerate(lines) if line.indent == edge} | {0}
    return {at for at in range(len(lines)) if at == 0 or _begins_anew(lines, at) or _after_heading(lines, at)}


def _after_heading(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is the first reference below words that are none: no year, no author in front."""
    if at >= _LOOKED_AT:
        return False
    above = [line.text.strip() for line in lines[:at]]
    if any(_YEAR.search(text) or _BEGINS.match(text) for text in above) or _OPEN.search(above[-1]):
        return False
    return _BEGINS.match(lines[at].text.lstrip()) is not None


def _is_heading(lines: Sequence[Line], at: int) -> bool:
    """Whether the line before a number 1 is a heading (`Ongoing studies (n = 4):`), no end of a reference."""
    text = lines[at].text.strip()
    return _TOPIC.fullmatch(text) is not None and not _YEAR.search(text) and _is_fresh(lines, at)


def _one_a_line(lines: Sequence[Line]) -> bool:
    """Whether nearly every line is a reference of its own: it has a year and begins as one."""
    texts = [line.text.lstrip() for line in lines]
    whole = sum(bool(_YEAR.search(t) and len(t) > 60 and not _continues(t)) for t in texts)
    return whole * 10 >= len(lines) * 9


def _continues(text: str) -> bool:
    """Whether a line begins as no reference does; families may begin with a small `van` or `de`."""
    return _CONTINUES.match(text) is not None and not _PARTICLE.match(text)


def _is_wrapped(lines: Sequence[Line]) -> bool:
    """Whether lines go on in the next one: it begins in lower case or with a number, or the line is open."""
    pairs = [(one.text, two.text.lstrip()) for one, two in itertools.pairwise(lines)]
    going = 0
    for one, two in pairs:
        whole = _CLOSED.search(one) and _YEAR.search(one)
        going += bool(_OPEN.search(one) or not _CLOSED.search(one) or (_continues(two) and not whole))
        going += bool(whole and re.match(r"doi\b|https?:|PMC?ID|Epub", two))
    return bool(pairs) and going * 5 >= len(pairs)


def _by_indent(lines: Sequence[Line]) -> set[int]:
    """The lines that begin entries by their place: first lines hang out, or are indented; else none."""
    pages: list[list[int]] = [[]]
    for at, line in enumerate(lines):
        if line.page and pages[-1]:
            pages.append([])
        pages[-1].append(at)
    out: set[int] = set()
    for page in pages:
        edge = min(lines[at].indent for at in page)
        out |= {at for at in page if lines[at].indent <= edge + 1}
    inside = set(range(len(lines))) - out
    if not inside:
        return set()
    if 0 in out and len(inside) * 4 >= len(lines):
        # At the top of a page whose lines all go on, the edge is not that of first lines.
        return {at for at in out if not lines[at].page or at == 0 or _begins_anew(lines, at)}
    begins = sum(bool(_BEGINS.match(lines[at].text.lstrip())) for at in inside)
    if 0 in inside and begins * 2 >= len(inside):
        return inside
    return out if 0 in out else set()


def _begins_anew(lines: Sequence[Line], at: int) -> bool:
    """Whether a reference ends before a line and another begins with it, by what both say."""
    before, line = lines[at - 1].text.rstrip(), lines[at].text.lstrip()
    if _OPEN.search(before) or not _CLOSED.search(before):
        return False
    if _continues(line):
        return False
    # A reference that has no year yet is not complete; three lines back is as far as a year stands.
    if not any(_YEAR.search(other.text) for other in lines[max(0, at - 4) : at]):
        return False
    if _BEGINS.match(line):
        return True
    longest = max(len(other.text) for other in lines)
    return len(before) < 0.7 * longest


def _divided(lines: Sequence[Line], starts: set[int]) -> set[int]:
    """Paragraphs that hold several references each (a page, a section), divided by what the lines say."""
    order = [*sorted(starts), len(lines)]
    more = set()
    for first, after in itertools.pairwise(order):
        if after - first > 8:
            inside = range(first + 1, after)
            more |= {
                at for at in inside if _BEGINS.match(lines[at].text.lstrip()) and _begins_anew(lines, at)
            }
    return starts | more
