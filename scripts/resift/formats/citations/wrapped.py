"""Strings that were broken into lines, whole again: line ends, hyphens, DOIs and addresses.

What a line end broke cannot always be told from what stood there. A hyphen at a line end is dropped only
where that makes a word and keeping it does not; a DOI takes on what follows it only where that cannot be
the next part of the reference.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

_HYPHEN = re.compile(r"(?<=\S[-–—‐‑])[ \t]*\n\s*(?!(?:and|or|to|und|y|et|o|bis)\b)")
_BROKEN_WORD = re.compile(
    r"([^\W\d_]{2,})[-‐‑\u00ad¬][ \t]*\n\s*((?!(?:and|or|to|und|bis)\b)[^\W\d_A-Z]{2,})"
)
_SOFT = re.compile(r"[\u00ad¬][ \t]*\n\s*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

# First and last members of compounds that are written with a hyphen.
_FIRST = frozenset(
    """
    all acid age air amino anti beta alpha gamma bi bio blood bone brain breast broad case cell centre
    clear clinic co cold contrast controlled cost cross de deep disease dose double drug dual early end
    enhanced ex extra fast first fixed follow four free full gene gluten graft hand head health heart high
    home hospital host hyper hypo image in inter intention intra inverse iron judgement kidney large laser
    late left life light line lipid liquid liver long low lower lung macro male mass mega meta micro mid
    mini modified mono mouse multi muscle nano near neo net neuro new nitric non nurse old on one open
    organ oral out outcome over patient peer pelvic percutaneous peri phase photo placebo plasma point
    poly population post pre pressure pro problem progression propensity protein pseudo quality quasi
    radio randomised randomized rapid rat re real receptor regression relapse repeat right risk school
    second self semi short side single six skin slow small smoke socio soft stage state steady stem stress
    sub super symptom synthetic t team temperature ten term test third three time tissue to trans treatment
    tri tumor tumour twin two type ultra un under upper vascular very vitamin water week weight well whole
    work world x year young zero
    """.split()  # noqa: SIM905
)
_LAST = frozenset(
    """
    and adjusted age analyses analysis associated based binding blind blinded body cancer care cell cells
    center centre chain cohort coated control controlled controls creatinine day dependent derived directed
    disease donor dose driven drug economic effect effective effectiveness eight emission enhanced error
    exposed expressing factor five flow fold food four free function gated gene generation grade growth guided
    hip hoc hour human in induced infected infiltrating inferiority inhibitor intensity label length level
    life like line linked loaded locked mass matched mediated metastatic month negative of off old on one only
    operative oriented out onset pass patient phase point positive power pressure prone protein quality
    randomised randomized rate rated ray receptor rectal regulated related release resistant resolution
    response responsive rich risk scale scan scanning section selective sensitive sensing series seven side
    six size sized smokers span spectrometry specific stage standing state status step steroidal supported
    surface targeted term test the therapy thickness three threatening time to treat treated treatment trial
    tumor tumour two type up use user volume way wave week weight weighted wide wise world year years zinc
    """.split()  # noqa: SIM905
)


def words_of(text: str) -> Counter[str]:
    """How often each word stands in a list, but for those that a line end broke: what these are held to."""
    return Counter(word.lower() for word in _WORD.findall(_BROKEN_WORD.sub(" ", text)))


def unhyphenate(text: str, words: Mapping[str, int]) -> str:
    """A text with lines, words that a hyphen broke at a line end joined; other hyphens stay as they are.

    `words` are those of the whole list (`words_of`).
    """

    def whole(found: re.Match[str]) -> str:
        first, last = found.group(1), found.group(2)
        token = text[text.rfind(" ", 0, found.start()) + 1 : found.end(1)]
        if "/" in token or "@" in token:  # an address or a DOI
            return f"{first}-{last}"
        if "\u00ad" in found.group() or "¬" in found.group():
            return first + last
        one, two = first.lower(), last.lower()
        joined, apart = words.get(one + two, 0), words.get(f"{one}-{two}", 0)
        if joined or apart:
            return first + last if joined >= apart else f"{first}-{last}"
        members = one in _FIRST or two in _LAST or token.count("-") > 0
        both = words.get(one, 0) and words.get(two, 0)
        return f"{first}-{last}" if members or both else first + last

    return _SOFT.sub("", _BROKEN_WORD.sub(whole, text))


def unwrap(text: str) -> str:
    """A string that was broken into lines, whole again: a line that ends in a hyphen joins its next word.

    PubMed breaks lines after hyphens (`meta-` / `analysis`); a hyphen before `and` or `or` stands for the
    word left out (`short-` / `and long-term`). DOIs broken by blanks and line ends are whole again too.
    """
    text = _HYPHEN.sub("", text.strip())
    return re.sub(r"\s*\n\s*", " ", mend_dois(text))


_RESOLVER = re.compile(r"(?i)(?:https?\s?:\s?/\s?/\s*)?(?:dx\s?\.\s?)?\bdoi\s?\.\s?org\s?/\s*(?=10\s?\.)")
_HEAD = re.compile(r"(?<![\d.])10\s?\.\s?(\d{4,9}(?:\.\d+)*)\s*/\s*(?=\S)")
_TOKEN = re.compile(r"\S+")
_NEXT = re.compile(r"(\s+)(\S+)")
_NOT_MORE = re.compile(
    r"(?i)(?:p?mid\b|pmc|epub|https?:|doi\b|www\.|available|accessed|\[|\(?(?:19|20)\d\d[);,])"
)
_SUFFIX = re.compile(r"[\w.()/;:<>+\-–]+")
_AFTER = re.compile(r"(?i)\s*(?:$|[\[(]?p?mid\b|[\[(]?pubmed|\[?pmc|epub|https?:|accessed|\[)")


def mend_dois(text: str) -> str:
    """A string with its DOIs without the blanks and line ends that broke them."""
    if "10" not in text:
        return text
    text = _RESOLVER.sub("https://doi.org/", text)
    out, at = [], 0
    while found := _HEAD.search(text, at):
        out.append(text[at : found.start()])
        first = _TOKEN.match(text, found.end())
        assert first is not None  # _HEAD looks ahead to it
        doi, end = f"10.{found.group(1)}/{first.group()}", first.end()
        while more := _NEXT.match(text, end):
            if not _goes_on(doi, more.group(1), more.group(2), text[more.end() :]):
                break
            doi, end = doi + more.group(2), more.end()
        out.append(doi)
        at = end
    return "".join(out) + text[at:]


def _goes_on(doi: str, gap: str, word: str, after: str) -> bool:
    """Whether the next word still belongs to a DOI."""
    if _NOT_MORE.match(word) or not _SUFFIX.fullmatch(word.rstrip(",;]")):
        return False
    digit = any(char.isdigit() for char in word)
    last = not after.strip(" .") or _AFTER.match(after) is not None
    if doi[-1] in "/_(-–":
        return digit or last
    if word[0] in "./_-(" and digit and not re.match(r"\((?:19|20)\d\d", word):
        return True
    if doi[-1] == ".":
        # `10.1016/j. ejca.2010.01.001`, `10.1002/14651858. CD001234.pub2`; not `10.1002/x. 2010 Jan 5.`
        mixed = re.match(r"(?:[a-z]+\.|[A-Z]{1,3}\d{3,}|\d+\.\w*\d|[a-z]\d+)", word) is not None
        between = re.fullmatch(r"[a-z]{2,8}\.", word) and re.match(r"\s+\d[\d.]*\.\d", after)
        return bool(between) or (digit and (mixed or (last and word[0].isdigit())))
    return "\n" in gap and digit and last and not word[0].isupper()
