"""Personal names as files write them, brought to `Family Initials` (PubMed's AU).

A name with a comma says what is what. Without one, initials tell (`Brownstein C D`, `J. A. Smith`), and
a name of full words only is taken as given names before the family name, as every platform that writes
no comma prints it (Lens, OpenAlex, Springer, ClinicalTrials.gov).
"""

from __future__ import annotations

import re
from functools import lru_cache

from resift.text.fold import one_line
from resift.text.names import SUFFIXES, as_author, initials_of, is_initials

_BODY = re.compile(
    r"(?i)\b(group|study|studies|consortium|collaborat\w+|committee|network|initiative|investigators?|"
    r"association|society|organi[sz]ation|institut\w*|university|college|centre|center|department|ministry|"
    r"council|federation|foundation|alliance|agency|trial|project|team|task force|programme?|company|"
    r"limited|ltd|inc|gmbh|pharmaceuticals?|hospital|laborator\w+|registry|unit)\b"
)
_PARTICLES_TEXT = (
    "van von der den de del della di da dos das du la le el al bin ibn ter ten zu zur af av y e "
)
_PARTICLES = frozenset(_PARTICLES_TEXT.split())
_ET_AL = re.compile(r"(?i)[,;]?\s*(?:\bet\s+al\b\.?|…|\.\.\.|\band others\b)\s*$")
_SCOPUS_NUMBER = re.compile(r"\s*\(\d{6,}\)")
_GLUED = re.compile(
    r"(?<=[a-zà-ÿ])(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bLa)(?<!\bLe)(?<!\bDi)(?<!\bVan)(?=[A-ZÀ-Ý][\w'’.-]*\s)"
)


def is_body(name: str) -> bool:
    """True for what can only be a body: a word such as Group or Consortium, and no comma."""
    return bool(_BODY.search(name)) and "," not in name


def person(name: str) -> str:
    """One person as `Family Initials [Suffix]`; "" for nothing but signs."""
    name = one_line(name).strip(" ;")
    name = re.sub(r"\s*\((?:Author|Aut|ed|eds|editor)\.?\)$", "", name, flags=re.I)
    if not re.search(r"\w", name):
        return ""
    if "," in name:
        return as_author(name.strip(" ,")) if name.strip(" ,").count(",") else name.strip(" ,")
    words = name.split(" ")
    suffix = ""
    if len(words) > 2 and words[-1].rstrip(".") in SUFFIXES:
        suffix = words.pop().rstrip(".")
    if len(words) == 1:
        return words[0]
    return " ".join(part for part in (*_parts(words), suffix) if part)


def _parts(words: list[str]) -> tuple[str, str]:
    """(family, initials) of the words of a name without a comma."""
    shouted = all(word.isupper() for word in words)
    tail = len(words)
    while tail > 1 and _initial(words[tail - 1], shouted):
        tail -= 1
    if tail < len(words):
        if tail == 1 or not _initial(words[0], shouted):
            return " ".join(words[:tail]), "".join(re.sub(r"[.\s]", "", word) for word in words[tail:])
        tail = len(words)
    if shouted and not _initial(words[0], shouted):
        return " ".join(words), ""  # capitals only: nothing says which word is the family name
    head = 0
    while head < len(words) - 1 and _initial(words[head], shouted):
        head += 1
    family_at = len(words) - 1
    while family_at > max(head, 1) and words[family_at - 1].lower() in _PARTICLES:
        family_at -= 1
    if words[0].lower() in _PARTICLES and not head:
        return " ".join(words), ""  # `van der Berg`: a family name alone
    return " ".join(words[family_at:]), initials_of(" ".join(words[:family_at]))


def _initial(word: str, shouted: bool) -> bool:
    """True for initials (`J`, `J.A.`, `JA`); where all words are capitals, only short or dotted ones."""
    bare = word.replace(".", "").replace("-", "")
    if not bare or not is_initials(word.replace(".", "")):
        return False
    if "." in word:
        return len(bare) <= 5
    return len(bare) <= (2 if shouted else 4)


def people(cell: str) -> tuple[str, ...]:
    """The persons of one cell, each as `Family Initials`."""
    return tuple(found for name in names_in(cell) if (found := person(name)))


def names_in(cell: str, *, glued: bool = False) -> list[str]:
    """The names of one cell as they stand: between semicolons, bars or line ends, else `and`, else commas.

    `glued` is SpringerLink's way, which sets nothing between names (`John SmithMary Jones`).
    """
    cell = _SCOPUS_NUMBER.sub("", cell).strip().strip(";")
    cell = _ET_AL.sub("", cell)
    if glued:
        cell = _GLUED.sub(";", cell)
    if re.search(r"[;|\n]", cell):
        return [name for name in re.split(r"\s*[;|\n]\s*", cell) if name]
    cell = cell.rstrip(".") if not re.search(r"\b\w\.$", cell) else cell
    if re.search(r"\s(?:and|&)\s", cell) and not is_body(cell):
        parts = re.split(r",?\s+(?:and|&)\s+", cell)
        if any(_is_list(part) for part in parts):
            parts = [name for part in parts for name in (_commas(part) if _is_list(part) else [part])]
        return parts
    return _commas(cell)


def _is_list(cell: str) -> bool:
    return len(_commas(cell)) > 1


def _commas(cell: str) -> list[str]:
    """The names of a cell that has nothing but commas: one person, pairs of family and given, or a list."""
    parts = [part.strip() for part in cell.split(",") if part.strip()]
    if len(parts) < 2:
        return parts
    given = [bool(_only_initials(part)) for part in parts]
    if len(parts) % 2 == 0 and all(given[1::2]) and not any(given[::2]):
        return [", ".join(pair) for pair in zip(parts[::2], parts[1::2], strict=True)]
    if len(parts) == 3 and parts[-1].rstrip(".") in SUFFIXES:
        return [cell]
    if len(parts) == 2:
        first, second = (part.split(" ") for part in parts)
        shouted = all(part.isupper() for part in parts)
        ends = _initial(first[-1], shouted) and len(first) > 1 and _initial(second[-1], shouted)
        begins = _initial(first[0], shouted) and len(first) > 1
        both_full = len(first) > 1 and len(second) > 1 and first[0].lower() not in _PARTICLES
        return parts if ends or begins or both_full else [cell]
    names: list[str] = []
    for part in parts:
        if names and part.rstrip(".") in SUFFIXES:
            names[-1] += f" {part}"
        else:
            names.append(part)
    return names


def _only_initials(part: str) -> bool:
    return all(_initial(word, part.isupper() and len(part) > 3) for word in part.split(" "))


@lru_cache(maxsize=1 << 14)
def spaced(initials: str) -> str:
    """Initials one by one with full stops (`JP` J. P., `IaD` Ia. D., `J-P` J.-P.), as styles expect them."""
    units = re.findall(r"-?[^\W\d_](?:(?!\B[A-Z])[a-zà-ÿ\u0300-\u036f])*", initials)
    if "".join(units) != initials:
        return initials
    return " ".join(f"{unit}." for unit in units).replace(" -", "-")


def own_author(name: str) -> str:
    """`Family Initials Suffix` of a name that resift wrote as `Family, I. I., Suffix`."""
    family, *rest = (part.strip() for part in name.split(", "))
    return " ".join(part for part in (family, *(re.sub(r"[.\s]", "", part) for part in rest)) if part)
