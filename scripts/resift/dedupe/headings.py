"""Titles that name a place in a journal and not a work: "Editorial", "Images in ...", "From the editor".

Such a title, or one that the input holds in several places, cannot decide that two records are one
report: only the place itself can (volume, issue and page), or an identifier.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from resift.dedupe.normalise import Entries

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW_WORDS = 3
"""Titles with fewer words than this say too little to decide without volume and issue ("Trichobezoar")."""

SHORT_WORDS = 6
"""Titles with fewer words than this come back more easily than longer ones: a place must agree in full."""

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

_HEADING = re.compile(
    r"images? (?:in|of) (?:clinical |cardiovascular |neuro)?\w+$|case (?:records? .*|\d[\d ]*)$"
    r"|(?:from|by) the (?:guest )?(?:editors?|president|chair\w*)\b.*"
    r"|(?:guest )?editorial(?: board| comment\w*| introduction| notes?)?$"
    r"|editors?(?: s)? (?:comments?|notes?|choice|introduction|page|column|desk|letter)\b.*"
    r"|introduction to (?:the |this )?(?:special|theme|focused)\b.*|(?:presidents?|chairmans?)(?: s)? \w+$"
    r"|letters? (?:from|to) the \w+$|annual report\b(?: of the \w+)?$|(?:book|media|software) reviews?\b.*"
    r"|(?:acknowledge?ments?|thanks) (?:of|to) (?:the )?(?:reviewers|referees)\b.*|in memoriam\b.*"
    r"|abstracts? (?:of|from) .{0,40}$|instructions? (?:for|to) authors$|list of (?:reviewers|referees)$"
)


def is_heading(title: str) -> bool:
    """Whether a folded title is a heading by its words."""
    words = title.split()
    return (len(words) < 9 and _VOCABULARY.issuperset(words)) or (
        len(words) < 13 and _HEADING.match(title) is not None
    )


def generic_titles(entries: Entries) -> NDArray[np.bool_]:
    """Which titles cannot decide alone: headings, and those that come back in this input."""
    counts = Counter(entries.title)
    heading = {title for title in counts if is_heading(title)}
    authors: dict[str, set[str]] = defaultdict(set)
    places: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for n, title in enumerate(entries.title):
        if counts[title] < MANY_PLACES or title in heading:
            continue
        if len(title.split()) <= 10:
            authors[title].add(entries.first[n])
        if entries.volume[n] and entries.start[n]:
            places[title].add((entries.volume[n], entries.start[n].lstrip("abcdefghijklmnopqrstuvwxyz")))
    coming = {title for title, found in authors.items() if len(found) > MANY_AUTHORS}
    coming |= {
        title
        for title, found in places.items()
        if len(found) >= MANY_PLACES + (len(title.split()) >= SHORT_WORDS)
        and len({volume for volume, _ in found}) > 1
    }
    generic = heading | coming
    return np.fromiter((title in generic for title in entries.title), np.bool_, count=len(entries))
