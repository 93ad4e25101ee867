"""Volume, issue and pages among the labels of a reference string: numbers that the model missed or cut."""

from __future__ import annotations

from collections.abc import Sequence

from resift.formats.citations.tokens import PLACE_WORDS, Part, Token, runs


def volume_alone(line: Sequence[Token], parts: list[Part]) -> None:
    """Long words before a volume are the journal's (`Progress in Neuro-psychopharmacology, 3`), and so is a
    supplement that numbers its own volumes (`J Physiol Suppl 5`)."""
    least = 4 if Part.JOURNAL in parts else 0
    for part, start, stop in runs(parts):
        if part is Part.VOLUME and not any(token.text[0].isdigit() for token in line[start:stop]):
            roman = all(set(token.text.lower()) <= set("ivxlc") for token in line[start:stop])
            parts[start:stop] = [part if roman else Part.JOURNAL] * (stop - start)
            continue
        if part is not Part.VOLUME or not start or parts[start - 1] not in (Part.JOURNAL, Part.OTHER):
            continue
        words = [n for n in range(start, stop) if len(line[n].text) > least and line[n].text[0].isalpha()]
        words = [n for n in words if line[n].text.lower() not in PLACE_WORDS]
        if line[start].text.lower().startswith("suppl") and not line[start - 1].text.isdigit():
            words = words or [start]
        number = next((n for n in range(words[-1] + 1, stop) if line[n].is_word), None) if words else None
        if number is not None:
            parts[start : words[-1] + 1] = [Part.JOURNAL] * (words[-1] + 1 - start)
            parts[words[-1] + 1 : number] = [Part.OTHER] * (number - words[-1] - 1)


def whole_volume(line: Sequence[Token], parts: list[Part]) -> None:
    """A letter that is run into a volume belongs to it (`85B`), and so do `Series` behind a mark, and a
    second number behind a dash where pages follow (`235-236, 106648`)."""
    for part, start, stop in runs(parts):
        if part is not Part.VOLUME:
            continue
        series = start > 2 and line[start - 1].text.lower() == "series"
        if series and (not line[start - 2].is_word or len(line[start - 2].text) < 4):
            parts[start - 1] = Part.VOLUME  # `vol. Series 13`, `Res Monogr, Series 13`
        if stop == len(line) or line[stop].blank:
            continue
        text = line[stop].text
        ends = stop + 1 == len(line) or line[stop + 1].blank or not line[stop + 1].is_word
        if line[stop - 1].text.isdigit() and len(text) == 1 and text.isupper() and ends:
            parts[stop] = Part.VOLUME
        elif text in "-–—‐‑?/" and stop + 2 < len(line) and not line[stop + 1].blank:
            first, second = line[stop - 1].text, line[stop + 1].text
            counted = all(text.isdecimal() and len(text) < 6 for text in (first, second))
            following = counted and 0 < int(second) - int(first) < 4
            numbers = (n for n in range(stop + 2, len(line)) if line[n].text.isdigit())
            later = any(parts[n] is not Part.DATE for n in numbers)
            if following and later:
                if parts[stop + 1] is Part.PAGES and parts[stop + 2 :].count(Part.PAGES) == 0:
                    parts[stop + 2 :] = [Part.OTHER if p is Part.ISSUE else p for p in parts[stop + 2 :]]
                parts[stop : stop + 2] = [Part.VOLUME] * 2


def missing_volume(line: Sequence[Token], parts: list[Part]) -> None:
    """Where no number is the volume: the first behind the journal, or the one before an issue in brackets."""
    journal = [n for n, part in enumerate(parts) if part is Part.JOURNAL]
    if Part.VOLUME in parts or not journal:
        return
    last = line[journal[-1]]
    if last.text.isdigit() and last.blank and len(journal) > 1 and len(last.text) < 5:
        parts[journal[-1]] = Part.VOLUME
        return
    last_pages = max((n for n, part in enumerate(parts) if part is Part.PAGES), default=len(line))
    for n in range(journal[-1] + 1, last_pages):
        text = line[n].text
        # Of two runs of pages, the first is none.
        free = parts[n] in (Part.OTHER, Part.ISSUE) or Part.OTHER in parts[n:last_pages]
        before_issue = line[n + 1].text == "(" and not line[n + 1].blank if n + 1 < len(line) else False
        # A volume may be numbered by the year; then the year stands elsewhere too.
        again = parts[n] is Part.DATE and any(
            line[m].text == text and parts[m] is Part.DATE for m in range(journal[-1])
        )
        is_year = parts[n] is Part.DATE and not again and not (before_issue and len(text) < 4)
        ordinal = n + 1 < len(line) and line[n + 1].is_word and not line[n + 1].blank  # `2nd ed.`
        if text.isdigit() and len(text) < 5 and (free or again) and not is_year and not ordinal:
            parts[n] = Part.VOLUME
            if n + 2 < len(line) and line[n + 1].text == "." and line[n + 2].text.isdigit():
                parts[n + 1], parts[n + 2] = Part.OTHER, Part.ISSUE
            return
        dotted = len(text) < 4 and n + 1 < len(line) and line[n + 1].text == "."  # `zv. 600`, `Т. 8`
        short = len(text) == 1 or dotted or text.lower() in PLACE_WORDS
        passed = short or parts[n] in (Part.DATE, Part.ISSUE)
        if line[n].is_word and not passed:
            return


def missing_pages(line: Sequence[Token], parts: list[Part]) -> None:
    """Where no number is the page, the first one behind volume and issue that is no year."""
    place = [n for n, part in enumerate(parts) if part is Part.VOLUME]
    if Part.PAGES in parts or not place:
        return
    for n in range(place[-1] + 1, len(line)):
        long = parts[n] in (Part.ISSUE, Part.DATE) and len(line[n].text) > 4
        # A page may look like a year; then another one stands elsewhere (`1977 ... 6(22). 1980`).
        other = (m for m, p in enumerate(parts) if p is Part.DATE and len(line[m].text) == 4)
        long |= parts[n] is Part.DATE and any(line[m].text != line[n].text for m in other if m < place[0])
        if line[n].text.isdigit() and (parts[n] is Part.OTHER or long):
            parts[n] = Part.PAGES
            return


def whole_pages(line: Sequence[Token], parts: list[Part]) -> None:
    """Letters and digits that are run into a page belong to it (`S84`, `dev182907`, `520.e1`)."""
    for part, start, stop in runs(parts):
        if part is not Part.PAGES:
            continue
        while start > 1 and not line[start].blank and parts[start - 1] is Part.OTHER:
            back = start - 1 if line[start - 1].is_word else start - 2
            dashed = line[start - 1].text in "-–—‐‑" and parts[back] is Part.OTHER
            if not line[start - 1].is_word and not (
                dashed and line[back].is_word and not line[start - 1].blank
            ):
                break
            parts[back:start] = [Part.PAGES] * (start - back)
            start = back
        while stop < len(line) and not line[stop].blank and parts[stop] is Part.OTHER:
            ahead = stop + (not line[stop].is_word)
            joined = line[stop].is_word or line[stop].text in "-–—‐."
            if not joined or ahead == len(line) or not line[ahead].is_word or line[ahead].blank:
                break
            if parts[ahead] is Part.DATE:
                break  # `05.2012`
            parts[stop : ahead + 1] = [Part.PAGES] * (ahead + 1 - stop)
            stop = ahead + 1
