"""Personal names as PubMed writes them (`Family Initials`), read from the shapes that others write.

Comparing is another matter than writing: sources spell letters in two ways (`Grønbæk`: Gronbaek,
Groenbaek), drop particles (`van der Berg`) or the second part of a double name; `same_family` accepts
these and nothing more.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from resift.text.fold import fold, one_line, spellings

SUFFIXES = frozenset({"Jr", "Sr", "1st", "2nd", "3rd", "4th", "5th", "6th", "II", "III", "IV"})
PARTICLES = frozenset(
    re.findall(
        r"\w+",
        "da das de del dela della den der di do dos du el la le ten ter the van vande vander von zu zur",
    )
)
"""Folded words that belong to a family name in one source and are left out in another."""

# NLM writes one Cyrillic initial with two Latin letters. Alone, most of these are Chinese given names.
_RUSSIAN_INITIALS = re.compile(r"(?:[A-Z]|I[aou]|Kh|Zh|Sh|Ch|Ts|Yu|Ya|Ye){2,4}|I[aou]")
# `Mueller` beside `Muller`: what a second spelling leaves once the marks are gone on both sides.
_DIGRAPH = re.compile(r"(?<=[^\W\daeiouy])(?:(a)[ae]|([ou])e)")
_SHORTEST_DIGRAPH_NAME = 5  # below it are names of their own: Xu and Xue, Bak and Baek


def split_author(author: str) -> tuple[str, str, str]:
    """`Family Initials Suffix` of a record as (family, initials, suffix); initials "" when there are none."""
    words = author.split()
    suffix = words.pop() if len(words) > 2 and words[-1] in SUFFIXES else ""
    if len(words) > 1 and is_initials(words[-1]):
        return " ".join(words[:-1]), words[-1], suffix
    return author, "", ""


@lru_cache(maxsize=1 << 14)
def is_initials(word: str) -> bool:
    """True for `J`, `JA`, `ÉM`, `J-P`, `IaD`: capitals as in PubMed's AU field, Russian `Ia`, `Iu` too."""
    if _RUSSIAN_INITIALS.fullmatch(word):
        return True
    letters = [char for char in word if char.isalpha()]
    return (
        0 < len(letters) <= 6
        and not any(char.islower() for char in letters)
        and all(char.isalpha() or char in "-'’" or unicodedata.combining(char) for char in word)
    )


def as_author(name: str) -> str:
    """A personal name as `Family Initials` (PubMed's AU): `Smith, John A.` and `Smith, J.A., Jr.` too.

    A name without a comma keeps its order, since nothing says which part is the family name; only the
    full stops of initials at its end go (`Franko J.A.`).
    """
    parts = [one_line(part) for part in name.split(",")]
    parts = [part for part in parts if part]
    if len(parts) < 2:
        *before, last = parts[0].split(" ") if parts else [""]
        bare = last.replace(".", "")
        return " ".join([*before, bare if before and is_initials(bare) else last])
    family, given, *rest = parts
    suffix = ""
    if given.rstrip(".") in SUFFIXES and rest:
        suffix, given = given.rstrip("."), rest[0]
    elif rest and rest[-1].rstrip(".") in SUFFIXES:
        suffix = rest[-1].rstrip(".")
    return " ".join(part for part in (family, initials_of(given, family), suffix) if part)


def initials_of(given: str, family: str = "") -> str:
    """Initials of given names as PubMed writes them: `Jean-Paul` JP, `J. A.` JA, `Maria del Carmen` MDC."""
    compact = given.replace(" ", "")
    # A surname in capitals says that the whole name is shouted, so four capitals are a name.
    shouted = family.isupper() and len(family) > 1 and len(compact) > 3
    if is_initials(compact) and "." not in compact and " " not in given and not shouted:
        return compact
    initials = ""
    for word in re.split(r"[\s.\-‐‑]+", given):
        if not word:
            continue
        initials += word if is_initials(word) and len(word) <= 3 else word[0].upper()
    return initials


@lru_cache(maxsize=100_000)
def same_family(one: str, other: str) -> bool:
    """Whether two family names, in any customary spelling, are one; "" is the same as nothing.

    The words of one may begin the other's (`García` and `García Márquez`), particles aside; blanks and
    hyphens do not count (`Al-Hassan`, `Alhassan`).
    """
    return any(_one_family(a, b) for a in spellings(one) for b in spellings(other))


def _one_family(one: str, other: str) -> bool:
    a, b = one.split(), other.split()
    if not a or not b:
        return False
    if "".join(a) == "".join(b):
        return True
    a, b = ([word for word in words if word not in PARTICLES] or words for words in (a, b))
    if len(a) > len(b):
        a, b = b, a
    return all(_one_word(x, y) for x, y in zip(a, b, strict=False)) or "".join(a) == "".join(b)


def _one_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if max(len(one), len(other)) < _SHORTEST_DIGRAPH_NAME or abs(len(one) - len(other)) > 2:
        return False
    return _DIGRAPH.sub(r"\1\2", one) == _DIGRAPH.sub(r"\1\2", other)


def is_named(family: str, text: str) -> bool:
    """Whether a family name stands in a text (a citation), in any customary spelling of either."""
    said = {form for word in text.split() for spelled in spellings(word) for form in spelled.split()}
    wanted = [word for word in fold(family).split() if word not in PARTICLES] or fold(family).split()
    joined = {form.replace(" ", "") for form in spellings(family)}
    if any(form in said for form in joined):
        return True
    per_word = [word for word in re.split(r"[\s\-‐‑]+", family) if fold(word) in wanted] or [family]
    return all(
        any(all(_stands(part, said) for part in form.split()) for form in spellings(word))
        for word in per_word
    )


def _stands(word: str, said: set[str]) -> bool:
    return word in said or any(_one_word(word, other) for other in said)
