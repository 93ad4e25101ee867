"""Languages as NLM codes them: from any code or name that databases write, and back to NLM's name.

PubMed's records carry three-letter MARC codes (`alb`, `ger`). The names and codes in NLM's own table
come first; every other name and code (`sq`, `sqi`, `Castilian`, `Mandarin Chinese`) is that of ISO 639,
from the package python-iso639.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from resift.text.fold import fold

# NLM, "Language Abbreviations and Names" (https://www.nlm.nih.gov/bsd/language_table.html): code, then
# NLM's name and its other ones.
_NLM = """
afr Afrikaans|alb Albanian|amh Amharic|ara Arabic|arm Armenian|aze Azerbaijani|ben Bengali|bos Bosnian
bul Bulgarian|cat Catalan|chi Chinese|cze Czech|dan Danish|dut Dutch|eng English|epo Esperanto|est Estonian
fin Finnish|fre French|geo Georgian|ger German|gla Gaelic, Scottish; Scottish Gaelic|gre Greek, Modern; Greek
heb Hebrew|hin Hindi|hrv Croatian|hun Hungarian|ice Icelandic|ind Indonesian|ita Italian|jpn Japanese
kin Kinyarwanda|kor Korean|lat Latin|lav Latvian|lit Lithuanian|mac Macedonian|mal Malayalam|mao Maori
may Malay|mul Multiple Languages|nor Norwegian|per Persian; Persian, Iranian; Iranian|pol Polish
por Portuguese|pus Pushto|rum Romanian; Rumanian; Moldovan; Moldavian|rus Russian|san Sanskrit|slo Slovak
slv Slovenian; Slovene|spa Spanish|srp Serbian|swe Swedish|tha Thai|tur Turkish|ukr Ukrainian
und Undetermined|urd Urdu|vie Vietnamese|wel Welsh
"""
# Names and codes in use that neither NLM nor ISO 639 lists: other databases', Babel's, older MARC codes.
_OTHER = """
per Farsi|mul Multilingual; Multi-Language; Multiple|und Unspecified; Undetermined language; Unknown
hrv scr|srp scc|chi Mandarin; Cantonese
fre français; francais|ger Deutsch; ngerman; naustrian; austrian; swissgerman; nswissgerman
spa español; castellano|ita italiano|por português; brazilian; brazil|dut Nederlands|rus русский
eng UKenglish; USenglish; american; british; australian; canadian; newzealand|heb iw|ind in
gre modern greek|may Bahasa Melayu|ind Bahasa Indonesia|nor norsk; nynorsk; bokmal|swe svenska|dan dansk
"""


def _rows(table: str) -> list[tuple[str, list[str]]]:
    rows = [row.split(" ", 1) for row in table.strip().replace("\n", "|").split("|")]
    return [(code, [name.strip() for name in names.split(";")]) for code, names in rows]


NAMES: dict[str, str] = {code: names[0] for code, names in _rows(_NLM)}
"""NLM's code -> NLM's name, for every language of NLM's table."""
NLM_NAMES = {fold(name): code for code, names in _rows(_NLM) for name in names}
"""Folded name -> code, for every name in NLM's table, as PubMed's filters and tags write it."""
_CODES = (
    NLM_NAMES
    | {code: code for code in NAMES}
    | {fold(name): code for code, names in _rows(_OTHER) for name in names}
)
_SEPARATORS = re.compile(r"[;|/\n]")
_WITHIN = re.compile(r",|\s(?:and|&)\s")


@cache
def _iso() -> dict[str, str]:
    """Every folded code and name of ISO 639 -> NLM's code, else the MARC code, else that of ISO 639-3."""
    from iso639 import ALL_LANGUAGES

    by_part3 = {language.part3: language for language in ALL_LANGUAGES if language.status == "A"}

    def target(part3: str) -> str:
        language = by_part3[part3]
        whole = by_part3.get(language.macrolanguage or "")
        own = language.part2b or ""
        if own in NAMES or whole is None:
            return own or language.part3
        return target(whole.part3) if (whole.part2b or "") in NAMES or not own else own

    codes: dict[str, str] = {}
    # Languages that MARC codes take a name before the small ones that share it.
    for language in sorted(by_part3.values(), key=lambda entry: (not entry.part2b, entry.part3)):
        code = target(language.part3)
        names = [language.name, re.sub(r"\s*\([^)]*\)$", "", language.name)]
        names += [form for other in language.other_names or () for form in (other.print, other.inverted)]
        for name in (*names, language.part1, language.part2b, language.part2t, language.part3):
            if name:
                codes.setdefault(fold(name), code)
    for language in ALL_LANGUAGES:
        if language.status == "R" and language.retire_change_to in by_part3:
            codes.setdefault(language.part3, target(language.retire_change_to))
    return codes


@lru_cache(maxsize=10_000)
def known_code(name: str) -> str:
    """NLM's code for a name or code, its country or remark aside (`zh-CN`, `English (US)`); else ""."""
    wanted = fold(name)
    bare = [wanted, fold(re.sub(r"\([^)]*\)", " ", name)), wanted.removesuffix(" language")]
    if locale := re.fullmatch(r"\s*([A-Za-z]{2,3})[-_][A-Za-z0-9_-]{2,}\s*", name):
        bare.append(locale.group(1).lower())
    bare = [form for form in bare if form]
    found = next((_CODES[form] for form in bare if form in _CODES), "")
    return found or next((_iso()[form] for form in bare if form in _iso()), "")


def code(name: str) -> str:
    """NLM's code for one language; a name that nobody lists stays, folded, so that it still equals itself."""
    return known_code(name) or fold(name)


def as_languages(text: str) -> tuple[str, ...]:
    """The codes of all languages in one field (`English; Spanish`, `eng,spa`, `Greek, Modern`), each once."""
    found = []
    for part in _SEPARATORS.split(text):
        found += [part] if known_code(part) else _WITHIN.split(part)
    return tuple(dict.fromkeys(code(part) for part in found if fold(part)))


def wanted_codes(tag: str) -> frozenset[str]:
    """The codes that PubMed's language tag asks for: a name, its beginning with `*`, or a code."""
    if not tag.rstrip().endswith("*"):
        return frozenset((code(tag),))
    start = fold(tag)
    return frozenset(found for form, found in NLM_NAMES.items() if form.startswith(start)) | {start}


def name(code: str) -> str:
    """NLM's name of a code (`Albanian` for `alb`), else the code itself."""
    return NAMES.get(code, code)
