"""Where the authors of a reference string end, and the date or title behind them begins, among its labels."""

from __future__ import annotations

from collections.abc import Sequence

from resift.formats.citations.authors import is_body
from resift.formats.citations.tokens import Part, Token, is_month, runs, shape

_NAMES = (Part.FAMILY, Part.GIVEN)
_JOINING = frozenset(("and", "und", "et", "y", "e", "&", ";", ","))


def names_end(line: Sequence[Token], parts: list[Part]) -> None:
    """Put right what the model took for names, or names for a title."""
    _bracketed_date(line, parts)
    _body_before_title(line, parts)
    _words_taken_for_names(line, parts)


def _bracketed_date(line: Sequence[Token], parts: list[Part]) -> None:
    """A whole date in brackets is the date, where none is labelled (`(26. Februar 1979)`)."""
    if Part.DATE in parts:
        return
    opening = None
    for n, token in enumerate(line):
        if token.text == "(":
            opening = n
        elif token.text == ")" and opening is not None:
            words = [t for t in line[opening + 1 : n] if t.is_word]
            years = sum(shape(word.text) == "year" for word in words)
            dated = all(w.text.isdigit() or is_month(w.text) for w in words)
            if years == 1 and dated and len(words) < 4:
                parts[opening + 1 : n] = [Part.DATE] * (n - opening - 1)
                parts[opening] = parts[n] = Part.OTHER
                after = n + 1
                while after < len(line) and not line[after].is_word and line[after].text in ".,:;":
                    parts[after] = Part.OTHER
                    after += 1
                return
            opening = None


def _body_before_title(line: Sequence[Token], parts: list[Part]) -> None:
    """A body that ends the list of authors is no part of the title (`Smith, J. and Study Group: Title`)."""
    start = next((n for n, part in enumerate(parts) if part is Part.TITLE), 0)
    before = start - 1
    if start < 2 or line[before].text.lower() not in _JOINING:
        return
    named = next((n for n in range(before, max(before - 4, -1), -1) if parts[n] in _NAMES), None)
    stop = next((n for n in range(start, len(line)) if line[n].text in ":."), None)
    if named is None or stop is None or Part.OTHER in parts[start:stop] or not 2 < stop - start < 12:
        return
    if is_body(" ".join(token.text for token in line[start:stop])):
        parts[start:stop] = [Part.BODY] * (stop - start)
        parts[stop] = Part.OTHER


def _words_taken_for_names(line: Sequence[Token], parts: list[Part]) -> None:
    """Words without initials behind a list of names with initials begin the title (`Burki T, HIV: the next
    decade`), where nothing but a colon divides them from it, or where there is no other title."""
    segments = _segments(line, parts)
    if len(segments) < 2 or not all(_has_initials(line, parts, *segment) for segment in segments[:-1]):
        return
    start, stop = segments[-1]
    divider = [token.text for token in line[segments[-2][1] : start] if not token.is_word]
    if _has_initials(line, parts, start, stop) or not divider or divider[-1] not in ",.":
        return
    after = stop
    while after < len(line) and not line[after].is_word:
        after += 1
    if after == len(line):
        return
    marks = [token.text for token in line[stop:after]]
    words = sum(token.is_word for token in line[start:stop])
    goes_on = parts[after] in (Part.TITLE, Part.JOURNAL) and (
        not marks or (marks == [":"] and (words > 2 or line[after].text.islower()))
    )
    only = Part.TITLE not in parts and line[after].text.lower() == "in" and Part.JOURNAL in parts[after:]
    if goes_on or only:
        end = after if goes_on and parts[after] is Part.TITLE else stop
        parts[start:end] = [Part.TITLE] * (end - start)


def _segments(line: Sequence[Token], parts: Sequence[Part]) -> list[tuple[int, int]]:
    """The names of each person: (first, after the last), before the title."""
    title = next((n for n, part in enumerate(parts) if part in (Part.TITLE, Part.JOURNAL)), len(parts))
    found: list[tuple[int, int]] = []
    for part, start, stop in runs(parts[:title]):
        if part not in _NAMES:
            continue
        between = [token.text for token in line[found[-1][1] : start]] if found else []
        same = found and all(mark in ".-" for mark in between)
        inverted = found and between == [","] and part is Part.GIVEN
        if same or (inverted and _has_initials(line, parts, start, stop)):
            found[-1] = (found[-1][0], stop)
        else:
            found.append((start, stop))
    return found


def _has_initials(line: Sequence[Token], parts: Sequence[Part], start: int, stop: int) -> bool:
    """Whether initials are among the words of a stretch."""
    given = [line[n].text for n in range(start, stop) if parts[n] is Part.GIVEN and line[n].is_word]
    return any(word.isupper() and len(word) <= (3 if len(given) < stop - start else 1) for word in given)
