"""Titles that name a place in a journal and not a work: "Editorial", "Images in ...", "From the editor".

Such a title, or one that the input holds in several places, cannot decide that two records are one
report: only the place itself can (volume, issue and page), or an identifier.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from resift.dedupe.normalise import Entries

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW_WORDS = 3
"""Titles with fewer words than this say too little to decide without volume and issue ("Trichobezoar")."""

SHORT_WORDS = 6
"""Titles with fewer words than this come back more easily than longer ones: a place must agree in full."""

LONG_WORDS = 10
"""Titles with more words than this are not written by several authors for several works."""

MANY_AUTHORS = 4
"""Short titles with more first authors than this in the input decide nothing alone."""

MANY_PLACES = 3
"""A title that stands in so many volumes and first pages of the input is a column's."""

_WORDS_OF_HEADINGS = """
a abstract abstracts an and annotations announcement announcements annual appreciation at author authors
board book books brief bulletin calendar case cases chair chairman clinical column comment commentaries
commentary comments concluding conference congress contents contributors correction corrections
correspondence corrigenda corrigendum current desk diary digest discussion discussions editor editorial
editorials editors epilogue errata erratum events examination feature features findings for foreword
forthcoming forum from general guest highlights image images in index introducing introduction invited
issue issues journal journals key latest letter letters literature look medical medicine meeting
meetings members message minutes month monthly news newsletter note notes notice notices obituaries
obituary of on opening opinion our overview page panel papers perspective perspectives picture points
postscript practice preface president presidential prologue publications published question questions
quiz reader readers recent record records refereed rejoinder remark remarks reply report reports
research respond responds response responses review reviewer reviewers reviews round s section selected
selection series short society special statement summaries summary supplement table thank thanks the
theme this to topics translation update view viewpoint viewpoints volume we week welcome with word words
year you your
"""

_VOCABULARY = frozenset(_WORDS_OF_HEADINGS.split())
"""Titles of at most eight of these words are headings, not titles of works."""

_WORDS = sorted(word for word in _VOCABULARY if len(word) > 1)

_HEADING = re.compile(
    r"images? (?:in|of) (?:clinical |cardiovascular |neuro)?\w+$|case (?:records? .*|\d[\d ]*)$"
    r"|(?:from|by) the (?:guest )?(?:editors?|president|chair\w*)\b.*"
    r"|(?:guest )?editorial(?: board| comment\w*| introduction| notes?)?$"
    r"|editors?(?: s)? (?:comments?|notes?|choice|introduction|page|column|desk|letter)\b.*"
    r"|introduction to (?:the |this )?(?:special|theme|focused)\b.*|(?:presidents?|chairmans?)(?: s)? \w+$"
    r"|letters? (?:from|to) the \w+$|annual report\b(?: of the \w+)?$|(?:book|media|software) reviews?\b.*"
    r"|calls? for (?:papers|manuscripts|submissions)\b.*|special (?:issue|section)s?\b.*"
    r"|(?:introduction to |the )?(?:\w+ ){0,5}mini ?tracks?(?: introduction)?$"
    r"|(?:author|subject|keyword) index\b.*"
    r"|[\w ]{3,40} in pictures$|(?:table of )?contents\b.{0,20}$|messages? from the \w+(?: \w+){0,4}$"
    r"|(?:acknowledge?ments?|thanks) (?:of|to) (?:the )?(?:reviewers|referees)\b.*|in memoriam\b.*"
    r"|abstracts? (?:of|from) .{0,40}$|instructions? (?:for|to) authors$|list of (?:reviewers|referees)$"
)


def is_heading(title: str) -> bool:
    """Whether a folded title is a heading by its words."""
    words = title.split()
    return (len(words) < 9 and _VOCABULARY.issuperset(words)) or (
        len(words) < 13 and _HEADING.match(title) is not None
    )


def is_misspelled_heading(title: str) -> bool:
    """Whether a title of a few words is a heading with slips: "Editoorial", "Cse records of the hospital"."""
    words = title.split()
    if not 0 < len(words) < SHORT_WORDS or (len(words) < FEW_WORDS and max(map(len, words)) < 5):
        return False
    return is_heading(" ".join(word if word in _VOCABULARY else _put_right(word) for word in words))


@lru_cache(maxsize=1 << 14)
def _put_right(word: str) -> str:
    """The word of headings that a word is spelled like, else the word itself."""
    found = process.extractOne(word, _WORDS, scorer=fuzz.ratio, score_cutoff=75)
    return found[0] if found else word


def headings(entries: Entries) -> NDArray[np.bool_]:
    """Which titles are headings by their words."""
    heading = {title: is_heading(title) or is_misspelled_heading(title) for title in set(entries.title)}
    return np.fromiter((heading[title] for title in entries.title), np.bool_, count=len(entries))


def recurring_titles(entries: Entries, heading: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which records have a title that comes back in this input, headings aside.

    A column comes back with one author; under a title that many write ("Review of ..."), each author's
    places count for that author, and only who is not named may be any of them.
    """
    counts = Counter(entries.title)
    writers: dict[str, set[str]] = defaultdict(set)
    places: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    held = [n for n, title in enumerate(entries.title) if counts[title] >= MANY_PLACES and not heading[n]]
    for n in held:
        title, first = entries.title[n], entries.first[n]
        if len(title.split()) <= LONG_WORDS:
            writers[title].add(first)
        if entries.volume[n] and entries.start[n]:
            page = entries.start[n].lstrip("abcdefghijklmnopqrstuvwxyz")
            places[title, first].add((entries.volume[n], page))
    recurs = np.zeros(len(entries), dtype=np.bool_)
    for n in held:
        title, first = entries.title[n], entries.first[n]
        long = len(title.split()) >= SHORT_WORDS
        found = places[title, first] if first or not long else set()
        recurs[n] = (len(writers[title]) > MANY_AUTHORS and not (long and first)) or (
            len(found) >= MANY_PLACES + long and len({volume for volume, _ in found}) > 1
        )
    return recurs
