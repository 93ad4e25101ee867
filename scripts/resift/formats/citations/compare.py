"""How one record held agrees with what a reference string says, part by part.

The title of the record is looked for in the string first. What stands outside it is then asked for the
record's first author, year, journal, volume and first page, wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from resift.formats.citations.held import PART_WORDS, ROMAN, TELLING_TITLE, Held
from resift.formats.citations.journals import find_journal
from resift.formats.citations.said import Said, has_digit

SAME_TITLE = 90.0  # of 100, by rapidfuzz, on folded titles: a few typos in a sentence
LIKE_TITLE = 75.0  # a reworded title: counts only beside author, year and place


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CLIPPED = 95.0
_UNLIKE = 50.0  # what unrelated sentences of one language reach
# Words that say that a paper is about another one of the same title.
_ABOUT = _words_of(
    "erratum errata corrigendum corrigenda correction corrections retraction retracted comment comments"
    " commentary reply replies response withdrawn withdrawal addendum"
)
# Only directly before a title: elsewhere they are ordinary words.
_ABOUT_BEFORE = frozenset({"re", "letter", "editorial", "update"})
# What a string says beside author, title and journal, in the languages of the styles.
_FILLING = _words_of(
    "january february march april may june july august september october november december spring summer"
    " autumn winter supplement suppl volume issue number pages page article epub ahead print online press"
    " published publication available from accessed retrieved journal internet cited https http band heft"
    " seiten numero"
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How one record agrees with a string; None where either side does not say."""

    title: float | None  # 0 to 100
    telling: bool  # the title is long enough to name one paper
    author: bool | None
    year: bool | None
    near_year: bool
    journal: bool | None
    volume: bool | None
    page: bool | None
    near_page: bool
    last_page: bool | None
    about_other: bool  # one of the two is about the other paper: an erratum, a reply
    other_number: bool  # the titles differ in a number: parts of a series

    @property
    def title_exact(self) -> bool:
        """The same title, one letter perhaps."""
        return self.title is not None and self.title >= 97.0

    @property
    def place(self) -> int:
        """How many of journal, volume and first page agree."""
        return sum(part is True for part in (self.journal, self.volume, self.page))

    @property
    def placed(self) -> bool:
        """Volume and first page agree."""
        return self.volume is True and self.page is True

    @property
    def parts(self) -> tuple[tuple[str, bool | None], ...]:
        """What is asked beside the title, by name."""
        return (
            ("author", self.author),
            ("year", self.year),
            ("journal", self.journal),
            ("volume", self.volume),
            ("page", self.page),
        )

    @property
    def score(self) -> float:
        """0 to 100: the title weighs half, the rest one part each."""
        weights = {"author": 12.0, "year": 10.0, "journal": 8.0, "volume": 10.0, "page": 10.0}
        known = sum(weights[name] for name, part in self.parts if part is not None)
        agreed = sum(weights[name] for name, part in self.parts if part)
        agreed += 5.0 * (self.year is False and self.near_year) + 4.0 * (
            self.page is False and self.near_page
        )
        if self.title is not None:
            known += 50.0
            agreed += self.title / 2
        return 100.0 * agreed / known if known else 0.0


@dataclass(frozen=True, slots=True)
class _Found:
    """A title in a string: its likeness, and the words from `start` to `stop`."""

    title: str
    score: float
    start: int
    stop: int


def compare(said: Said, held: Held) -> Agreement | None:
    """How a record agrees with a string; None where neither title nor place does, so nothing more can."""
    given = bool({said.pmid, said.doi} & ({held.pmid, held.doi} - {""}))
    title = _find_title(said, held)
    if title is None and not given and not (_at(said.words, held.page) and held.volume in said.vocabulary):
        return None
    words = said.words if title is None else (*said.words[: title.start], "|", *said.words[title.stop :])
    after = title.start + 1 if title else 0
    journal = next((s for name in held.journals if (s := find_journal(name, words, after))), None)
    journal = journal or next((s for name in held.journals if (s := find_journal(name, words, 0))), None)
    years = {
        int(w[:4]) for w in words if w[:4].isdigit() and (w in said.numbers) and int(w[:4]) in said.years
    }
    page = _says_page(words, said, held)
    volume = held.volume in words if held.volume else None
    if held.volume and held.page and f"{held.volume}{held.page[0]}" in words:
        volume = page = True  # a style, or a copy, that lost the mark between them
    if page is False and "1" in dict(said.ranges) and not held.last_page and len("".join(held.page)) > 3:
        page = None  # counted from 1 in the file, beside an article number
    known = {*held.page, held.volume, *said.ends, *held.other_numbers, *map(str, held.years)}
    unknown = [w for w in words if has_digit(w) and w not in known and int_year(w) not in years]
    if not page and not unknown and not said.ranges:
        page = None
    if not volume and not unknown:
        volume = None
    author = _says_author(words, held, title)
    score, about_other, other_number = None, False, False
    if title is not None:
        score, about_other, other_number = _whole(title, words, journal, said, held, bool(author))
    elif held.titles and _strange_words(words, journal, held) > (1 if journal else 4):
        score = _UNLIKE
    if title is None and score is None and not author and not given:
        return None
    return Agreement(
        title=score,
        telling=title is not None and len(title.title.split()) >= TELLING_TITLE,
        author=author,
        year=bool(years & held.years) if years and held.years else None,
        near_year=any(abs(one - other) <= 1 for one in years for other in held.years),
        journal=(journal is not None) if held.journals else None,
        volume=volume,
        page=page,
        near_page=_near_page(unknown, said, held),
        last_page=_says_last_page(said, held),
        about_other=about_other,
        other_number=other_number,
    )


def int_year(word: str) -> int | None:
    """The year that a word of a string is, perhaps with a letter to it (`2010b`)."""
    return int(word[:4]) if re.fullmatch(r"\d{4}[a-d]?", word) else None


def _find_title(said: Said, held: Held) -> _Found | None:
    """The best place of the record's title in the string; None where most of its words are missing."""
    best: _Found | None = None
    for title in held.titles:
        found = _align(title, said)
        if found and (best is None or found.score > best.score):
            best = found
    if best is None or best.score < SAME_TITLE:
        for head in held.heads:
            found = _align(head, said)
            if found and found.score >= SAME_TITLE:
                return _Found(found.title, min(found.score, _CLIPPED), found.start, found.stop)
    return best


def _align(title: str, said: Said) -> _Found | None:
    text = said.text
    at = f" {text} ".find(f" {title} ")
    if at >= 0:
        # Where it stands twice (`Hypertension. Hypertension 2010`), the first is the title.
        start = said.word_at(at)
        return _Found(title, 100.0, start, start + len(title.split()))
    words = title.split()
    there = sum(len(word) for word in words if word in said.vocabulary)
    if there < 0.4 * sum(map(len, words)):
        return None
    found = fuzz.partial_ratio_alignment(title, text, score_cutoff=60.0)
    if found is None or len(title) > len(text):
        return None
    start, stop = said.word_at(found.dest_start), said.word_at(max(found.dest_end - 1, 0)) + 1
    # The window is as long as the title; the words at its ends belong to it by halves.
    score = max(
        (fuzz.ratio(title, " ".join(said.words[a:b])), a, b)
        for a in (start, start + 1)
        for b in (stop - 1, stop, stop + 1)
        if a < b <= len(said.words)
    )
    return _Found(title, float(score[0]), score[1], score[2])


def _whole(
    title: _Found,
    words: Sequence[str],
    journal: tuple[int, int] | None,
    said: Said,
    held: Held,
    author: bool,
) -> tuple[float, bool, bool]:
    """The likeness of the titles when the one in the string may be the longer; whether one is about the
    other; whether they differ in a number."""
    before = list(words[: title.start])
    tail = _after_authors(before, held) if author else before[-2:]
    gap = list(words[title.start + 1 : journal[0]]) if journal and journal[0] > title.start else []
    gap = [word for word in gap if int_year(word) is None and word not in ("in", "j")]
    if not any(len(word) > 1 for word in before):
        gap = gap[:1]  # a style with the title first: what follows it are its authors
    span = said.words[title.start : title.stop]
    about_held = _about(title.title.split())
    about_said = _about((*tail[-3:], *span, *gap[:3]))
    numbers = _numbers([*span, *_part_after(gap)])
    about_other = about_held != about_said
    if title.title.startswith("re ") and "re" not in (*tail[-1:], *span[:2]):
        about_other = True
    initials = len(before) > 1 and before[-2] in {name.split()[-1] for name in held.authors if name}
    if before and before[-1] in _ABOUT_BEFORE and title.title.split()[0] != before[-1] and not initials:
        about_other = True
    score = title.score
    more = sum(len(word) + 1 for word in (*(tail if author else ()), *gap) if len(word) > 2)
    if more > 3:
        length = len(title.title)
        longer = 100.0 * 2 * length / (2 * length + more)
        clipped = length >= 30 and len(title.title.split()) >= TELLING_TITLE and not tail
        score = min(score, max(longer, _CLIPPED if clipped else 0.0))
    return score, about_other, numbers != _numbers(title.title.split())


def _after_authors(before: Sequence[str], held: Held) -> list[str]:
    """The words between the last name of the record's authors and the title; given names are names."""
    names = {word for name in held.authors for word in name.split()}
    at = max((n for n, word in enumerate(before) if word in names), default=-1)
    left = [
        w for w in before[at + 1 :] if len(w) > 2 and not has_digit(w) and w not in ("and", "und", "etal")
    ]
    given = 0
    while given < min(2, len(left)) and left[given][0] in held.initials:
        given += 1
    return left[given:]


def _part_after(gap: Sequence[str]) -> list[str]:
    """`part 2`, `ii` and the like where they follow a title."""
    if gap and gap[0] in ROMAN:
        return [gap[0]]
    return list(gap[1:2]) if len(gap) > 1 and gap[0] in PART_WORDS else []


def _numbers(words: Iterable[str]) -> list[str]:
    """The numbers among words in order, Roman ones too: parts of a series differ in nothing else."""
    return [ROMAN.get(word, word.lstrip("0")) for word in words if word.isdigit() or word in ROMAN]


def _about(words: Iterable[str]) -> frozenset[str]:
    """The words that say that the paper is about another one, singular (`comments` is `comment`)."""
    return frozenset(word.rstrip("s")[:6] for word in words if word in _ABOUT)


def _at(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether words stand among others one after another."""
    if len(wanted) == 1:
        return wanted[0] in words
    return bool(wanted) and any(
        tuple(words[n : n + len(wanted)]) == tuple(wanted) for n in range(len(words) - len(wanted) + 1)
    )


def _says_page(words: Sequence[str], said: Said, held: Held) -> bool | None:
    if not held.page:
        return None
    starts = {start for start, _ in said.ranges if start in words} - {held.volume, *map(str, held.years)}
    if held.last_page and len("".join(held.page)) < 3 and starts and "".join(held.page) not in starts:
        return False  # the string gives other pages: a small number elsewhere is an issue or a day
    return _at(words, held.page) and not (len(held.page) == 1 and held.page[0] in said.ends)


def _near_page(unknown: Sequence[str], said: Said, held: Held) -> bool:
    """A digit of the first page wrong, missing or too many. Papers of one page follow each other, and say
    nothing else that could tell a slip from the next one."""
    page = "".join(held.page)
    if len(page) < 2 or not any(OSA.distance(page, word, score_cutoff=1) <= 1 for word in unknown):
        return False
    return bool(held.last_page) and (not said.ends or any(held.last_page.endswith(end) for end in said.ends))


def _says_last_page(said: Said, held: Held) -> bool | None:
    """Whether the range that begins with the first page ends with the last; None where none begins so."""
    first = "".join(held.page)
    ends = [end for start, end in said.ranges if start == first]
    last = held.last_page or first
    return any(last.endswith(end) for end in ends) if ends and first else None


def _says_author(words: Sequence[str], held: Held, title: _Found | None) -> bool | None:
    """The first author anywhere, a typo apart at the head; or another author of the record at the head,
    since lists are sometimes reordered. None where the string names nobody."""
    if not held.author:
        return None
    head = [word for word in words[: title.start if title and title.start else 12] if word != "|"]
    if _at(words, held.author.split()):
        return True
    if any(_at(head[:8], name.split()) for name in held.authors if name):
        return True
    length = len(held.author.split())
    for n in range(min(8, len(head))):
        name = " ".join(head[n : n + length])
        if len(held.author) < 4 or abs(len(name) - len(held.author)) > 2:
            continue
        if OSA.distance(held.author, name, score_cutoff=1) <= 1 or fuzz.ratio(held.author, name) >= 85:
            return True
    named = any(len(word) > 1 and not has_digit(word) for word in head) and (not title or title.start > 0)
    return False if named else None


def _strange_words(words: Sequence[str], journal: tuple[int, int] | None, held: Held) -> int:
    """How many words of a string are no names, journal or filling: several are a title."""
    names = {word for name in held.authors for word in name.split()}
    outside = (word for n, word in enumerate(words) if journal is None or not journal[0] <= n < journal[1])
    return sum(
        len(word) > 3 and not has_digit(word) and word not in names and word not in _FILLING
        for word in outside
    )


def same_report(one: Held, other: Held) -> bool:
    """Two records of one report (two databases, two language editions of a journal): either is right."""
    if (one.pmid and one.pmid == other.pmid) or (one.doi and one.doi == other.doi):
        return True
    if (one.author, one.volume, one.page) != (other.author, other.volume, other.page) or not one.page:
        return False
    return any(fuzz.token_sort_ratio(a, b) >= LIKE_TITLE for a in one.titles for b in other.titles)
