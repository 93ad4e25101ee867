"""Likeness of two titles and of two lists of authors, one pair at a time."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import fuzz


def part_of(one: str, two: str) -> bool:
    """Whether one title, letters only, holds the other whole, and the other is long enough to say much."""
    short, long = (one, two) if len(one) <= len(two) else (two, one)
    return len(short) >= 24 and short in long


def begins(one: str, two: str) -> bool:
    """Whether one text begins with the other."""
    return one.startswith(two) or two.startswith(one)


def best_likeness(one: Sequence[str], two: Sequence[str]) -> float:
    """The best likeness, 0 to 100, between the titles of two entries in any of their languages."""
    best = 0.0
    for x in one:
        for y in two:
            if len(x) >= 20 and len(y) >= 20:
                best = max(best, fuzz.ratio(x.replace(" ", ""), y.replace(" ", "")))
    return best


_ENGLISH_WORDS = "the of and in with for from by on to a an after during between their its"
_FOREIGN_WORDS = (
    "der die das und von bei mit zur zum des den im eine einer la le les du et dans chez par sur une un el"
    " los las en del con por para y una di della dei nella il e da do dos na no em pri i w z po och av hos"
)
_ENGLISH, _FOREIGN = frozenset(_ENGLISH_WORDS.split()), frozenset(_FOREIGN_WORDS.split())


def other_language(one: str, two: str) -> bool:
    """Whether one of two folded titles reads as English and the other does not."""
    return (_reads_english(one) and _reads_foreign(two)) or (_reads_english(two) and _reads_foreign(one))


def _reads_english(title: str) -> bool:
    words = set(title.split())
    return bool(words & _ENGLISH) and len(words & _ENGLISH) > len(words & _FOREIGN)


def _reads_foreign(title: str) -> bool:
    words = set(title.split())
    return len(words & _FOREIGN) > len(words & _ENGLISH)


_SMALL_WORDS = frozenset(
    {
        *(
            "a",
            "an",
            "and",
            "as",
            "at",
            "by",
            "for",
            "from",
            "in",
            "into",
            "is",
            "of",
            "on",
            "or",
            "the",
            "to",
        ),
        *(
            "via",
            "with",
            "after",
            "before",
            "during",
            "versus",
            "vs",
            "its",
            "their",
            "this",
            "using",
            "some",
        ),
        *("der", "die", "das", "und", "von", "de", "la", "le", "et", "en"),
        *("alpha", "beta", "gamma", "delta", "kappa", "sub", "sup", "study", "review"),
        *("percent", "per", "cent", "degree", "degrees"),  # signs in the other title
    }
)
_OPPOSED = (("hyper", "hypo"), ("pre", "post"), ("intra", "inter"), ("intra", "extra"), ("micro", "macro"))
"""Beginnings that make opposites of words spelled much alike."""

MANY_WORDS = 6


class Wording(NamedTuple):
    """How the content words of two titles differ.

    `differs`: each has one that the other has nothing like (rats and rabbits, hepatitis B and C);
    `added`: at least one has ("is involved" and "is not involved").
    """

    differs: bool
    added: bool


def wording(one: str, two: str, elsewhere: AbstractSet[str] = frozenset()) -> Wording:
    """How the content words of two folded titles differ.

    Words that are spelled alike, joined or cut in two, or shortened are the same. Words that stand
    `elsewhere` in the records (a journal's name, an author's, run into the title) are none of the title's.
    """
    a, b = set(one.split()) - elsewhere, set(two.split()) - elsewhere
    only_a = [w for w in a - b if len(w) > 2 and w not in _SMALL_WORDS and not w.isdigit()]
    only_b = [w for w in b - a if len(w) > 2 and w not in _SMALL_WORDS and not w.isdigit()]
    if only_a and only_b and len(only_a) > MANY_WORDS and len(only_b) > MANY_WORDS:
        return Wording(differs=True, added=True)
    only_a, only_b = _not_joined(one, only_a, only_b), _not_joined(two, only_b, only_a)
    letters_one, letters_two = one.replace(" ", ""), two.replace(" ", "")
    in_one = any(_unlike(w, only_b, letters_two) for w in only_a)
    in_two = any(_unlike(w, only_a, letters_one) for w in only_b)
    if not (in_one and in_two) and _short_word_replaced(one.split(), two.split()):
        return Wording(differs=True, added=True)
    return Wording(differs=in_one and in_two, added=in_one or in_two)


def _not_joined(title: str, own: Sequence[str], others: Sequence[str]) -> list[str]:
    """Words of a title that are no part of one word of the other: "health care" is "healthcare"."""
    if not own or not others:
        return list(own)
    joined = {
        part
        for one, two in pairwise(title.split())
        if one + two in others and one not in _SMALL_WORDS
        for part in (one, two)
    }
    return [word for word in own if word not in joined]


def _short_word_replaced(a: list[str], b: list[str]) -> bool:
    """Whether a letter or two stand where the other title has others: "hepatitis B", "hepatitis C"."""
    short_a, short_b = ([w for w in words if len(w) <= 2 and w.isalpha()] for words in (a, b))
    if not short_a or not short_b or sorted(short_a) == sorted(short_b):
        return False
    return any(
        i2 - i1 == j2 - j1 and any(_clash(x, y) for x, y in zip(a[i1:i2], b[j1:j2], strict=True))
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
        if tag == "replace"
    )


def _clash(x: str, y: str) -> bool:
    if x == y or not (x.isalpha() and y.isalpha()):
        return False
    if len(x) == len(y) == 1:
        return True
    return len(x) == len(y) == 2 and x not in _SMALL_WORDS and y not in _SMALL_WORDS and x[0] != y[0]


def _unlike(word: str, others: Sequence[str], letters: str) -> bool:
    """Whether nothing among the other title's words, or across their borders, is spelled like `word`."""
    if (len(word) > 4 or not word.isalpha()) and word in letters:
        return False
    return not any(_spelled_alike(word, other) for other in others)


_SHORT_SPELLINGS = {"grey": "gray", "disc": "disk", "discs": "disks", "tyre": "tire", "mould": "mold"}
"""British words too short for a likeness to tell a spelling from another word."""


def _american(word: str) -> str:
    """A short British word as Americans spell it: "fibre", "titres", "grey"."""
    if word.endswith(("re", "res")):
        stem, _, plural = word.rpartition("re")
        return f"{stem}er{plural}"
    return _SHORT_SPELLINGS.get(word, word)


def _spelled_alike(word: str, other: str) -> bool:
    if other.startswith(word) or word.startswith(other) or _american(word) == _american(other):
        return True
    if len(word) > 3 and word[0] == other[0] and sorted(word) == sorted(other):
        return True  # letters turned round: "pian"
    long = len(word) > 5 and len(other) > 5 and word[0] == other[0]  # not physiological, morphological
    if fuzz.ratio(word, other) < (75 if long else 85):
        return False
    return not any(
        (word.startswith(x) and other.startswith(y)) or (word.startswith(y) and other.startswith(x))
        for x, y in _OPPOSED
    )


def author_likeness(one: str, two: str, first_one: str, first_two: str) -> tuple[float, bool]:
    """Likeness of two lists of names (-1 when one is empty), and whether the first authors agree."""
    if not one or not two:
        return -1.0, False
    if one == two:
        return 100.0, True
    a, b = one.split(), two.split()
    set_a, set_b = set(a), set(b)
    shared = len(set_a & set_b)
    score = 100.0 * shared / min(len(set_a), len(set_b))
    same_first = (
        (score == 100 and shared > 1)
        or first_one in b[:3]
        or first_two in a[:3]
        or fuzz.ratio(first_one, first_two) >= 80
    )
    if score < 70:
        score = max(score, fuzz.token_sort_ratio(one, two) * 0.95)
        if score < 70:
            score = max(score, _names_within(a, two.replace(" ", "")), _names_within(b, one.replace(" ", "")))
    return score, same_first


def _names_within(names: list[str], letters: str) -> float:
    """How many of the names stand in a run of letters: "FYRBERG EBEALL CFYRBERG CC" has lost its borders."""
    long = [name for name in names if len(name) > 3]
    return 95.0 * sum(name in letters for name in long) / len(long) if len(long) > 1 else 0.0
