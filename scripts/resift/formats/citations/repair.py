"""What the labels of a reference string must be like, whatever the model made likeliest.

The model labels each word by its neighbours. What holds for a string as a whole is put right here: it has
one title and one journal, in one piece each; a title ends at a mark; what is quoted is quoted whole; a family
name, a page or a journal's place in brackets is not cut in two.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from resift.formats.citations.journal_name import BETWEEN, joins, whole_journal
from resift.formats.citations.lexicon import named
from resift.formats.citations.place import (
    missing_pages,
    missing_volume,
    volume_alone,
    whole_pages,
    whole_volume,
)
from resift.formats.citations.tokens import (
    PLACE_WORDS,
    Part,
    Token,
    ends_sentence,
    runs,
    shape,
)
from resift.text.fold import fold

WHOLE = (Part.TITLE, Part.JOURNAL)
_QUOTES = {"“": "”„“", "„": "”“", "«": "»", "»": "«", '"': '"', "‘": "’'", "'": "'’", "`": "'’", "[": "]"}
_AND = frozenset(("and", "und", "et", "y", "e", "dan"))
_AND_OTHERS = (("et", "al"), ("и", "др"), ("і", "ін"), ("等",), ("m", "fl"), ("and", "others"), ("u", "a"))
_ARTICLES = frozenset(("the", "la", "le", "der", "die", "das", "il", "el"))


def is_whole(line: Sequence[Token], parts: Sequence[Part]) -> bool:
    """Whether title and journal are one stretch each at most, and the title ends at a mark."""
    found = runs(parts)
    kinds = [part for part, _, _ in found]
    for part, _, stop in found:
        if part is Part.TITLE and stop < len(line) and not _may_follow(line[stop]):
            return False
    return all(kinds.count(part) < 2 for part in WHOLE)


def _may_follow(token: Token) -> bool:
    """Whether a token may stand directly behind a title."""
    return not token.is_word or token.text.isdigit() or token.text.lower() in BETWEEN


def in_one_piece(line: Sequence[Token], odds: Sequence[Mapping[Part, float]]) -> list[Part]:
    """The likeliest labels, by each token's log odds, in which title and journal are one stretch each and the
    title ends at a mark."""
    rest = [max((part for part in told if part not in WHOLE), key=told.__getitem__) for told in odds]
    readings = []
    for phases in ((None, WHOLE[0], None, WHOLE[1], None), (None, WHOLE[1], None, WHOLE[0], None)):
        scores, came = [0.0, *([-math.inf] * 4)], []
        for n, told in enumerate(odds):
            before = []
            for phase in range(5):
                ways = [phase]
                for earlier in range(phase):
                    ends = phases[earlier] is Part.TITLE
                    touches = phases[earlier] is not None and phases[phase] is not None
                    if not touches and (not ends or _may_follow(line[n])):
                        ways.append(earlier)
                before.append(max(ways, key=scores.__getitem__))
            scores = [scores[before[p]] + told[part or rest[n]] for p, part in enumerate(phases)]
            came.append(before)
        phase = max(range(5), key=scores.__getitem__)
        score, path = scores[phase], []
        for before in reversed(came):
            path.append(phase)
            phase = before[phase]
        readings.append(([phases[at] or rest[n] for n, at in enumerate(reversed(path))], score))
    return max(readings, key=lambda reading: reading[1])[0]


def repaired(line: Sequence[Token], parts: Sequence[Part]) -> list[Part]:
    """Labels with every part whole."""
    told = list(parts)
    _families(line, told)
    slashes(line, told)
    _chapter(line, told)
    within(line, told)
    volume_alone(line, told)
    _divided(line, told)
    _missing_title(line, told)
    _known(line, told)
    whole_journal(line, told)
    _title(line, told)
    whole_volume(line, told)
    missing_volume(line, told)
    missing_pages(line, told)
    whole_pages(line, told)
    return told


def _families(line: Sequence[Token], parts: list[Part]) -> None:
    """All words before a comma and initials are the family name (`García Almagro, D.`)."""
    start = 0
    for n, token in enumerate(line):
        if token.text == "," and Part.FAMILY in parts[start:n] and _are_initials(line, n + 1):
            for at in range(start, n):
                text = line[at].text
                dotted = line[at + 1].text == "."
                other = parts[at] in (Part.GIVEN, Part.OTHER)
                if other and len(text) > 1 and text[0].isalpha() and not dotted and text not in _AND:
                    parts[at] = Part.FAMILY
        if token.text in ",;&/:." or token.text in _AND:
            start = n + 1
        elif parts[n] not in (Part.FAMILY, Part.GIVEN, Part.OTHER):
            return


def _are_initials(line: Sequence[Token], at: int) -> bool:
    """Whether initials stand at a place, and no name behind them."""
    here = at
    while here < len(line) and (
        line[here].text in ".-" or (len(line[here].text) <= 2 and line[here].text.isupper())
    ):
        here += 1
    return here > at and (here == len(line) or not line[here].text[0].isupper())


def _title(line: Sequence[Token], parts: list[Part]) -> None:
    """A title that is quoted is all that is quoted; one that a journal follows reaches to it."""
    found = [(start, stop) for part, start, stop in runs(parts) if part is Part.TITLE]
    if len(found) != 1:
        return
    start, stop = found[0]
    dash = next(
        (n for n in range(start, min(start + 9, stop)) if line[n].text == "—" and line[n].blank), None
    )
    if dash and line[dash - 1].text in ").":  # `SMITH (J.) — Title`
        parts[start : dash + 1] = [Part.OTHER] * (dash + 1 - start)
        start = dash + 1
    start = _sentence_start(line, parts, start, stop)
    quoted = _quoted(line, start, stop)
    if quoted and Part.JOURNAL not in parts[quoted[0] : quoted[1]]:
        parts[quoted[0] : quoted[1]] = [Part.TITLE] * (quoted[1] - quoted[0])
        return
    while (
        start
        and not line[start].blank
        and parts[start - 1] is Part.OTHER
        and (line[start - 1].text not in ".,:;" or _within_number(line, start - 1))
    ):
        start -= 1
        parts[start] = Part.TITLE
    journal = next((n for n in range(stop, len(line)) if parts[n] is Part.JOURNAL), stop)
    while journal > stop and not line[journal - 1].is_word:
        journal -= 1
    within = journal - 1  # `title [proceedings], in: journal`
    while within > stop and not line[within].is_word:
        within -= 1
    if within > stop and line[within].text.lower() in ("in", "en", "dans") and not line[within - 1].is_word:
        journal = within - 1
        while journal > stop and line[journal - 1].text in ",.":
            journal -= 1
    words = [token.text for token in line[stop:journal] if token.is_word]
    years = parts[:stop].count(Part.DATE) + parts[journal:].count(Part.DATE)
    free = {Part.OTHER} | ({Part.DATE} if years else set())
    # Numbers in a title (`miR-34a-5p in glioma`) are no pages where those follow the journal.
    free |= {part for part in (Part.VOLUME, Part.ISSUE, Part.PAGES) if part in parts[journal:]}
    lost = all(part in free for part in parts[stop:journal])
    if lost and any(len(word) > 2 for word in words) and not any(w.lower() in BETWEEN for w in words):
        parts[stop:journal] = [Part.TITLE] * (journal - stop)


def _within_number(line: Sequence[Token], n: int) -> bool:
    """Whether a mark stands between two digits without a blank (`1,25-dihydroxy`)."""
    return n > 0 and line[n - 1].text.isdigit() and line[n + 1].text.isdigit() and not line[n].blank


def _sentence_start(line: Sequence[Token], parts: list[Part], start: int, stop: int) -> int:
    """Where a title begins: behind `et al.` in any language, before a name in short (`E. coli`)."""
    words = tuple(token.text for token in line[start : start + 2])
    others = next((some for some in _AND_OTHERS if words[: len(some)] == some), ())
    after = start + len(others)
    while others and after < stop and not line[after].is_word and line[after].text not in "[“\"‘'«„":
        after += 1
    if others and after < stop:
        parts[start:after] = [Part.OTHER] * (after - start)
        return after
    genus = start > 2 and line[start - 1].text == "." and len(line[start - 2].text) == 1
    if genus and line[start].text.islower() and line[start - 2].text.isupper():
        sentence = line[start - 3].text in ".:,;)" and line[start - 2].blank
        if sentence and line[start].text not in _AND:
            parts[start - 2 : start] = [Part.TITLE] * 2
            return start - 2
    return start


def _missing_title(line: Sequence[Token], parts: list[Part]) -> None:
    """Where nothing is the title: the words between the last author and the journal (`Kelly T, Editorial, in:
    Lancet`, `Petersen R. History of cocaine // NIDA Res Monogr`)."""
    if Part.TITLE in parts or Part.JOURNAL not in parts or Part.FAMILY not in parts:
        return
    within = parts.index(Part.JOURNAL)
    before = next((n for n in range(within - 1, max(within - 4, 0), -1) if line[n].is_word), 0)
    said = line[before].text.lower() in ("in", "en", "dans") and not line[before - 1].is_word
    if said:
        within = before
    names = [n for n in range(within) if parts[n] in (Part.FAMILY, Part.GIVEN, Part.BODY, Part.DATE)]
    words = [n for n in range(names[-1] + 1 if names else within, within) if line[n].is_word]
    if sum(len(line[n].text) > 3 for n in words) > (0 if said else 1):
        parts[words[0] : words[-1] + 1] = [Part.TITLE] * (words[-1] + 1 - words[0])


def slashes(line: Sequence[Token], parts: list[Part]) -> None:
    """Two slashes divide the title from the journal (GOST R 7.0.5)."""
    at = next(
        (n for n in range(1, len(line) - 2) if line[n].text == line[n + 1].text == "/" and line[n].blank), 0
    )
    if not at or line[at + 1].blank or not line[at + 2].blank:
        return
    title = next((n for n in range(at) if parts[n] in WHOLE), None)
    stop = next((n for n in range(at + 2, len(line)) if line[n].text[0].isdigit()), len(line))
    while stop > at + 2 and not line[stop - 1].is_word:
        stop -= 1
    if title is None or stop == at + 2 or Part.VOLUME in parts[: at + 2]:
        return
    parts[title:at] = [Part.TITLE] * (at - title)
    parts[at : at + 2] = [Part.OTHER] * 2
    parts[at + 2 : stop] = [Part.JOURNAL] * (stop - at - 2)


def _known(line: Sequence[Token], parts: list[Part]) -> None:
    """A journal that is known by name is that name: what is taken for the journal reaches over all of it,
    and what stands before it within the same stretch is the title's end."""
    found = [(start, stop) for part, start, stop in runs(parts) if part is Part.JOURNAL]
    if not found:
        return
    start, stop = max(found, key=lambda run: run[1] - run[0])
    years = [n for n, token in enumerate(line) if shape(token.text) == "year"]
    for first, after in named([fold(token.text) if token.is_word else "" for token in line]):
        overlaps = first < stop and after > start
        opened = not first or not line[first - 1].is_word or line[first - 1].text.lower() in _ARTICLES
        closed = after == len(line) or not line[after].text[0].isalpha()
        lower = line[first].text.islower() and not (first and line[first - 1].text[0].isupper())
        several = after - first > 1 and not lower
        if not (overlaps and opened and closed and several) or after < stop - 1:
            continue
        if any(first <= n < after for n in years):
            if all(first <= n < after for n in years):
                continue  # a year in brackets is the journal's only where there is another
            after += line[after].text == ")" if after < len(line) else 0
        if any(part in (Part.FAMILY, Part.GIVEN, Part.PAGES) for part in parts[first:after]):
            continue
        article = line[first - 1].text if first else ""
        if article.lower() in _ARTICLES and (parts[first - 1] is Part.JOURNAL or article[0].isupper()):
            first -= 1
        if start < first:
            title = Part.TITLE in parts[max(start - 4, 0) : start]
            mark = line[first - 1].text in ".?!:;,”»’)]"
            if not (title and mark) or "(" in [token.text for token in line[start:first]]:
                continue
            parts[start:first] = [Part.TITLE] * (first - start)
            while first - 1 > start and not line[first - 1].is_word:
                first -= 1
                parts[first] = Part.OTHER
            first = next(n for n in range(first, after) if line[n].is_word)
        parts[first:after] = [Part.JOURNAL] * (after - first)
        for n in range(first - 1, -1, -1):
            if line[n].is_word:
                break
            parts[n] = Part.OTHER
        return


def quotation(line: Sequence[Token], parts: list[Part]) -> None:
    """A title that begins with a quotation reaches to its end, whatever sentences it holds."""
    start, stop = next(((first, after) for part, first, after in runs(parts) if part is Part.TITLE), (0, 0))
    if not start or line[start - 1].text not in "“„«‘":
        return
    quoted = _quoted(line, start, stop)
    if quoted and any(token.text.isalpha() and len(token.text) > 2 for token in line[quoted[1] :]):
        parts[quoted[0] : quoted[1]] = [Part.TITLE] * (quoted[1] - quoted[0])
        parts[quoted[1]] = Part.OTHER
        if quoted[1] + 1 < len(line) and not line[quoted[1] + 1].is_word:
            parts[quoted[1] + 1] = Part.OTHER


def within(line: Sequence[Token], parts: list[Part]) -> None:
    """What stands between `in:` and the first number is the journal, or what is quoted behind `in`; what
    stands before it is no more than the title."""
    at = next((n for n in range(2, len(line) - 2) if _opens_source(line, n)), None)
    title = next((n for n, part in enumerate(parts) if part is Part.TITLE), None)
    if at is None or title is None or title > at or Part.EDITOR in parts or Part.VOLUME in parts[:at]:
        return
    start, quoted = at + 2, line[at + 1].text != ":"
    ends = _QUOTES[line[at + 1].text] if quoted else "0123456789"
    stop = next((n for n in range(start, len(line)) if line[n].text[0] in ends), len(line))
    while stop > start and (not line[stop - 1].is_word or line[stop - 1].text.lower() in PLACE_WORDS):
        stop -= 1
    if stop == start or (Part.JOURNAL not in parts[start:] and not quoted):
        return
    if quoted:  # nothing else is the journal, and all before it the title
        parts[:] = [Part.OTHER if part is Part.JOURNAL else part for part in parts]
        parts[title:at] = [Part.TITLE] * (at - title)
        for n in range(at - 1, title, -1):
            if line[n].text not in ",.":
                break
            parts[n] = Part.OTHER
    parts[start:stop] = [Part.JOURNAL] * (stop - start)
    parts[at:start] = [Part.OTHER] * 2


def _chapter(line: Sequence[Token], parts: list[Part]) -> None:
    """What stands before `In:` and the editors' names is the title, not what stands behind them (`Guyatt GH.
    Grading evidence. In: Rennie D, editor. Users' guides`)."""
    places = (n for n in range(2, len(line) - 2) if line[n].text == "In")
    at = next((n for n in places if line[n - 1].text in ".?!,"), None)
    if at is None or Part.TITLE in parts[:at] or Part.TITLE not in parts[at:]:
        return
    if not any(part in (Part.EDITOR, Part.FAMILY) for part in parts[at : at + 5]):
        return
    names = [n for n in range(at) if parts[n] in (Part.FAMILY, Part.GIVEN, Part.BODY, Part.DATE)]
    sentence = max((n for n in range(at - 1) if ends_sentence(line, n)), default=-1)
    after = min(names[-1], sentence) if names and sentence > 0 else names[-1] if names else at
    words = [n for n in range(after + 1, at) if line[n].is_word]
    if not words or not any(len(line[n].text) > 3 for n in words):
        return
    parts[at:] = [Part.JOURNAL if part is Part.TITLE else part for part in parts[at:]]
    parts[at:] = [Part.EDITOR if part in (Part.FAMILY, Part.GIVEN) else part for part in parts[at:]]
    parts[words[0] : words[-1] + 1] = [Part.TITLE] * (words[-1] + 1 - words[0])


def _opens_source(line: Sequence[Token], n: int) -> bool:
    """Whether `in:` stands at a place, or `in` behind a mark and before a quotation."""
    if line[n].text not in ("in", "In"):
        return False
    return line[n + 1].text == ":" or (line[n + 1].text in "«„“" and line[n - 1].text in ",.;")


def _divided(line: Sequence[Token], parts: list[Part]) -> None:
    """Where one of title and journal is missing, the other is both: what follows its last sentence, else its
    last comma, is the journal."""
    there = [(part, start, stop) for part, start, stop in runs(parts) if part in WHOLE]
    if len(there) != 1 or not (Part.VOLUME in parts or Part.PAGES in parts):
        return
    part, start, stop = there[0]
    if part is Part.TITLE and (words := _behind(line, parts, stop)):
        for n in words:
            parts[n] = Part.JOURNAL
        return
    ends = [n for n in range(start + 1, stop - 1) if ends_sentence(line, n) or line[n].text in "”»"]
    commas = [n for n in range(start + 1, stop - 1) if line[n].text in ",:"]
    for at in (*ends[-1:], *commas[-1:]):
        if sum(token.is_word for token in line[start:at]) > 2:
            after = next(n for n in range(at + 1, stop) if line[n].is_word)
            parts[start:at] = [Part.TITLE] * (at - start)
            parts[at:after] = [Part.OTHER] * (after - at)
            parts[after:stop] = [Part.JOURNAL] * (stop - after)
            return


def _behind(line: Sequence[Token], parts: Sequence[Part], stop: int) -> range:
    """The words between the title and the first number, where the model took them for nothing."""
    start = stop
    while start < len(line) and not line[start].is_word:
        start += 1
    if start < len(line) and line[start].text.lower() in BETWEEN:
        start += 1 + (start + 1 < len(line) and not line[start + 1].is_word)
    after = start
    while (
        after < len(line) and joins(line[after], parts[after]) and line[after].text.lower() not in PLACE_WORDS
    ):
        after += 1
    return range(start, after)


def _quoted(line: Sequence[Token], start: int, stop: int) -> tuple[int, int] | None:
    """The tokens between the quotation marks around a stretch."""
    for opening in range(start, max(start - 40, -1), -1):
        closes = _QUOTES.get(line[opening].text)
        if closes is None or not line[opening].blank or (opening == start and stop - start < 2):
            continue
        spaced = opening + 1 < len(line) and line[opening + 1].blank  # `« title »`, `‘ title ’`
        for closing in range(opening + 1, len(line)):
            last = closing + 1 == len(line) or line[closing + 1].blank or not line[closing + 1].is_word
            if line[closing].text in closes and last and line[closing].blank <= spaced:
                return (opening + 1, closing) if closing + 1 >= stop - 1 else None
        return None
    return None
