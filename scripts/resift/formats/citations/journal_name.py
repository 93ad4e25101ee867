"""How far the name of a journal reaches among the labels of a reference string."""

from __future__ import annotations

from collections.abc import Sequence

from resift.formats.citations.tokens import PLACE_WORDS, Part, Token, is_month, runs

BETWEEN = frozenset(("in", "en", "dans", "em", "edn", "trans", "eds", "ed"))
"""Words that may stand between a title and what it is in."""


def whole_journal(line: Sequence[Token], parts: list[Part]) -> None:
    """A journal's name reaches from mark to mark, with the place in brackets behind it."""
    found = [(start, stop) for part, start, stop in runs(parts) if part is Part.JOURNAL]
    if not found:
        return
    start, stop = max(found, key=lambda run: run[1] - run[0])
    start = _before_bracket(line, start)
    while start and (joins(line[start - 1], parts[start - 1]) or _is_shortened(line, parts, start - 1)):
        start -= 1
    while start < stop and not line[start].is_word:
        start += 1
    while stop < len(line) and (
        (joins(line[stop], parts[stop]) and line[stop].text.lower() not in PLACE_WORDS)
        or (line[stop].text.lower() == "volume" and line[stop - 1].text.lower() == "american")
        or (line[stop].text == "," and _more_behind(line, parts, stop + 1))
        or parts[stop] is Part.JOURNAL
        or _goes_on(line, parts, stop)
    ):
        stop += 1
    parts[start:stop] = [Part.JOURNAL] * (stop - start)
    _bracket(line, parts, start, stop)


def _goes_on(line: Sequence[Token], parts: Sequence[Part], stop: int) -> bool:
    """Whether a full stop behind a shortened word is followed by another one (`Am. J. Hum. Genet.`)."""
    if stop + 2 >= len(line) or line[stop].text != "." or len(line[stop - 1].text) > 8:
        return False
    word = line[stop + 1].text
    free = parts[stop + 1] in (Part.OTHER, Part.GIVEN, Part.FAMILY, Part.PUBLISHER)
    short = word.isalpha() and word[0].isupper() and len(word) < 9 and not is_month(word)
    return free and short and word.lower() not in PLACE_WORDS and line[stop + 2].text in ".,"


def _more_behind(line: Sequence[Token], parts: Sequence[Part], at: int) -> bool:
    """Whether words of the journal's name, and then a number, follow a comma (`biology, physics 5`)."""
    here = at
    while here < len(line) and here < at + 4 and line[here].text.isalpha():
        if line[here].text.lower() in PLACE_WORDS or is_month(line[here].text):
            break
        if parts[here] not in (Part.OTHER, Part.JOURNAL):
            return False
        here += 1
    if here == at or here == len(line):
        return False
    ends = line[here].text == "," or line[here].text.isdigit() or line[here].text.lower() in PLACE_WORDS
    return ends and (parts[at] is Part.JOURNAL or line[at].text.islower())


def _before_bracket(line: Sequence[Token], start: int) -> int:
    """The name before the bracket where what is taken for the journal's name stands in one
    (`Development (Cambridge, England)`)."""
    opening = next((n for n in range(start, max(start - 8, 0), -1) if line[n].text in "()"), 0)
    if not opening or line[opening].text == ")" or not line[opening - 1].is_word:
        return start
    name = opening
    while name and (line[name - 1].is_word or line[name - 1].text in "-'’&‐") and opening - name < 8:
        name -= 1
    return name


def _is_shortened(line: Sequence[Token], parts: Sequence[Part], n: int) -> bool:
    """Whether the full stop at a place, or the word before it, is of a name in short (`Am. J. Physiol.`)."""
    at = n if line[n].text == "." else n + 1
    if not 0 < at < len(line) or line[at].text != "." or parts[at - 1] is Part.TITLE:
        return False
    word = line[at - 1].text
    own = parts[at - 1] not in (Part.DATE, Part.VOLUME, Part.ISSUE, Part.PAGES)
    return (
        own
        and word.isalpha()
        and word[0].isupper()
        and len(word) < 9
        and not line[at].blank
        and at > 1
        and (
            # A given name or sentence before it would end in the same way.
            line[at - 2].text in "«“:"
            or line[at - 2].text.lower() in ("in", "en", "dans", "em")
            or parts[at - 1] is Part.OTHER
        )
    )


def joins(token: Token, part: Part) -> bool:
    """Whether a token beside a journal's name is a word of it that the model took for something else."""
    if part in (Part.TITLE, Part.JOURNAL, Part.DATE, Part.VOLUME, Part.ISSUE, Part.PAGES):
        return False
    word = token.is_word and not token.text[0].isdigit() and token.text.lower() not in BETWEEN
    return (word and not is_month(token.text)) or token.text in "-'’&‐"


def _bracket(line: Sequence[Token], parts: list[Part], start: int, stop: int) -> None:
    """What stands in brackets behind a journal's name, and is no number or date, belongs to it
    (`Arch Stomatol (Napoli)`, `Hypertension (Dallas, Tex. : 1979)`)."""
    inside = "(" in [token.text for token in line[start:stop]]
    opens = stop < len(line) and line[stop].text == "("
    if not (opens or inside):
        return
    depth = 0
    for n in range(start, min(stop + 16, len(line))):
        depth += (line[n].text == "(") - (line[n].text == ")")
        if depth == 0 and n >= stop:
            words = [token.text for token in line[stop : n + 1] if token.text.isalpha()]
            words = [w for w in words if w.lower() not in PLACE_WORDS and not is_month(w) and len(w) > 2]
            if (inside and line[n].text == ")") or (words and opens):
                parts[stop : n + 1] = [Part.JOURNAL] * (n + 1 - stop)
            return
