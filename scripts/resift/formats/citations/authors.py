"""Lists of authors at the head of a reference string, in the ways that journals print them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from resift.text.names import SUFFIXES, as_author, is_initials, split_author

_ET_AL = re.compile(
    r"[,;]?\s*\(?(?:等|\b(?:et\.?\s+al\b\.?|and others|u\.\s?a\b\.?))\)?,?\s*(?:eds?\.?)?\s*$", re.IGNORECASE
)
_EDITORS = re.compile(r"(?:[,;]\s*|\s+(?=[(a-z]))\(?\b(?:[Ee]ds?|[Ee]ditors?|Hrsg)\b\.?\)?\s*$")
_DOTTED = r"(?:(?:I[aou]|[^\W\d_a-z]{1,3})\.[\s-]*)"
_INITIALS = re.compile(rf"{_DOTTED}+(?:[^\W\d_a-z])?\.?")
_INITIALS_FIRST = re.compile(r"((?:[^\W\d_]{1,2}\.[\s-]*)+)\s*(\S.*)")
_BARE_INITIALS_FIRST = re.compile(r"((?:[^\W\d_a-z]{1,2} ){1,3})([^\W\d_a-z]['’]?[^\W\d_A-Z]\S*)")
_INITIALS_LAST = re.compile(rf"(.+?)\s+({_DOTTED}+)")
_NAME = r"[^\W\d_][\w'’‘`´\-‐‑. ]*"
# Names in Chinese, Japanese and Korean letters have no initials.
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,6}(?:等)?")
_BODY = re.compile(
    r"(?i)\b(?:group|grupo|groupe|consortium|committee|society|sociedad|association|authority|investigators?"
    r"|collaborat\w+|network|organi[sz]ation|commission|panel|team|task force|institutes?|academy|council"
    r"|board|department|ministry|cent(?:er|re)s?|college|foundation|federation|union|agency|study|trial"
    r"|university|program(?:me)?|initiative|registry|alliance|project|working party|workshop|members"
    r"|service|hospital|forum|administration|secretariat|office|staff)\b"
)


@dataclass(frozen=True, slots=True)
class AuthorList:
    """Persons (`Family Initials`) and bodies in order; `et_al` when the list says that there are more."""

    authors: tuple[str, ...] = ()
    collective: tuple[str, ...] = ()
    et_al: bool = False


def read_authors(text: str) -> AuthorList | None:
    """The authors in a text that should be nothing else; None when it does not look like authors."""
    text = re.sub(r"\s*(?:…|\.\s?\.\s?\.),?\s*(?:&\s*)?", " ", text).strip().rstrip(",;:")
    text = re.sub(r"(?<=[a-z]{2})\.$", "", text)
    rest = _EDITORS.sub("", _ET_AL.sub("", text)).strip(" ,;")
    et_al = _ET_AL.search(text) is not None
    if not rest:
        return AuthorList(et_al=et_al) if et_al else None
    if _is_one_body(rest):
        return AuthorList((), (rest,), et_al)
    first, *bodies = [part.strip() for part in rest.split(";")]
    if bodies and all(_person(part.removeprefix("and ").removeprefix("& ")) for part in (first, *bodies)):
        # A list with semicolons between persons: `Smith J; Doe A`, `Smith, J.; Doe, A.`
        return AuthorList(
            tuple(_person(p.removeprefix("and ").removeprefix("& ")) for p in (first, *bodies)), (), et_al
        )
    persons = _read_persons(first)
    if persons is not None:
        return AuthorList(tuple(persons[0]), (*persons[1], *bodies), et_al)
    if is_body(rest):
        return AuthorList((), (first, *bodies), et_al)
    return None


def _is_one_body(text: str) -> bool:
    """`US Food and Drug Administration`: a body in whose name no comma and no initials stand."""
    initials = re.search(r"[^\W\d_A-Z] [^\W\d_a-z]{1,3}\.?(?:$| (?:and|&) )", text)
    return not re.search(r"[,;]", text) and " and " in text and is_body(text) and not initials


def is_body(text: str) -> bool:
    """Whether a text is the name of a body, such as a group, an institute or an agency."""
    words = text.split()
    capitals = sum(1 for word in words if word[0].isupper())
    return bool(_BODY.search(text)) and len(words) <= 16 and capitals * 2 >= len(words)


def _read_persons(text: str) -> tuple[list[str], list[str]] | None:
    """Persons and bodies in a list with commas; None when fewer than half are persons beyond doubt."""
    text = re.sub(r",?\s+(?:&|and|und|et|y)\s+(?=[^\W\d_])", ", ", text)
    items = [item.strip() for item in text.split(",") if item.strip()]
    names: list[str] = []
    bodies: list[str] = []
    certain = 0
    at = 0
    while at < len(items):
        item = items[at]
        following = items[at + 1] if at + 1 < len(items) else ""
        if item.rstrip(".") in SUFFIXES and names:
            names[-1] = f"{names[-1]} {item.rstrip('.')}"
            at += 1
        elif person := (item if _IDEOGRAPHS.fullmatch(item) else _person(item)):
            names.append(person)
            certain += 1
            at += 1
        elif _is_given(following) and re.fullmatch(_NAME, item):
            names.append(as_author(f"{item}, {following}"))
            certain += 1
            at += 2
        elif is_body(item) or (names and _BODY.search(item) and len(item.split()) <= 6):
            bodies.append(item)
            at += 1
        elif re.fullmatch(_NAME, item) and len(item.split()) <= 4 and item[0].isupper():
            names.append(item)
            at += 1
        else:
            return None
    # Full given names (`Korbeľ Miroslav, Šufliarsky Jozef`) prove nothing one by one, but in a row they do.
    in_a_row = len(names) > 1 and all(
        len(name.split()) in (2, 3) and all(word[0].isupper() for word in name.split()) for name in names
    )
    return (names, bodies) if (certain and certain * 2 >= len(names)) or in_a_row else None


def _is_given(text: str) -> bool:
    """`J.`, `J. A.`, `J.-P.`, `JA` standing alone between commas."""
    cased = text.casefold() != text  # names in Chinese or Japanese are no initials, however short
    return cased and (_INITIALS.fullmatch(text) is not None or is_initials(text))


def _person(item: str) -> str:
    """One name that carries its initials, as `Family Initials`; else ""."""
    item = item.strip()
    family, initials, _ = split_author(item)
    if initials and not is_initials(family.replace(" ", "")):
        return item if re.fullmatch(_NAME, family) and len(family.split()) <= 6 else ""
    if initials and len(family) > 1:
        return item  # families in capitals: `LI XY`
    if "," in item:
        family, _, given = item.partition(",")
        return as_author(item) if _is_given(given.strip()) and re.fullmatch(_NAME, family) else ""
    if found := _INITIALS_LAST.fullmatch(item):
        family, given = found.groups()
        return as_author(f"{family}, {given}") if re.fullmatch(_NAME, family) else ""
    if found := _INITIALS_FIRST.fullmatch(item) or _BARE_INITIALS_FIRST.fullmatch(item):
        given, family = found.groups()
        named = re.fullmatch(_NAME, family) and len(family) > 1 and len(family.split()) <= 4
        if named and not family[-1].isdigit() and not _BODY.search(family):
            return as_author(f"{family}, {given}")
    return ""
