"""Normal forms of the fields that every format spells in its own way: ids, dates, pages, names, languages."""

from __future__ import annotations

import re
import unicodedata

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SUFFIXES = frozenset({"Jr", "Sr", "1st", "2nd", "3rd", "4th", "5th", "6th", "II", "III", "IV"})

# MARC code, ISO 639-1 code and English name: what PubMed, Scopus and Embase write for the language.
_LANGUAGES = """
afr af Afrikaans|ara ar Arabic|arm hy Armenian|aze az Azerbaijani|bos bs Bosnian|bul bg Bulgarian
cat ca Catalan|chi zh Chinese|cze cs Czech|dan da Danish|dut nl Dutch|eng en English|est et Estonian
fin fi Finnish|fre fr French|geo ka Georgian|ger de German|gre el Greek|heb he Hebrew
hrv hr Croatian|hun hu Hungarian|ice is Icelandic|ind id Indonesian|ita it Italian|jpn ja Japanese
kor ko Korean|lav lv Latvian|lit lt Lithuanian|mac mk Macedonian|may ms Malay|mul - Multilingual
nor no Norwegian|per fa Persian|pol pl Polish|por pt Portuguese|rum ro Romanian|rus ru Russian
slo sk Slovak|slv sl Slovenian|spa es Spanish|srp sr Serbian|swe sv Swedish|tha th Thai
tur tr Turkish|ukr uk Ukrainian|und - Undetermined|vie vi Vietnamese
"""
_LANGUAGE_CODES = {
    name: row.split()[0]
    for row in _LANGUAGES.strip().replace("\n", "|").split("|")
    for name in row.lower().split()
    if name != "-"
} | {"moldavian": "rum", "zho": "chi", "deu": "ger", "fra": "fre", "nld": "dut", "ces": "cze", "farsi": "per"}

# Angle brackets belong to Wiley's older DOIs: 10.1002/1097-4679(197901)35:1<74::aid-jclp2270350108>3.0.co;2-8
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"]+")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
# NLM writes one Cyrillic initial with two Latin letters. Alone, most of these are Chinese given names.
_RUSSIAN_INITIALS = re.compile(r"(?:[A-Z]|I[aou]|Kh|Zh|Sh|Ch|Ts|Yu|Ya|Ye){2,4}|I[aou]")
_PMCID = re.compile(r"(?i)\bPMC\s?(\d{1,9})\b")
_PAGE_RANGE = re.compile(r"([A-Za-z]*)(\d+)([A-Za-z]*)\s*[-–—−]\s*([A-Za-z]*)(\d+)([A-Za-z]*(?:\.e\d+)?)")


def one_line(text: str) -> str:
    """Text with line ends, tabs and runs of blanks as one blank; no-break and thin spaces are kept."""
    return re.sub(r"[ \t\n\r\f\v]+", " ", text).strip(" ")


def as_pmid(text: str) -> str:
    """The PMID in a field that says it is one (`123`, `PMID: 123`, `MEDLINE:123`), else ""."""
    found = re.fullmatch(r"(?i)(?:pmid|medline|pubmed|pm)?\s*[:=]?\s*0*([1-9]\d{0,7})\.?", text.strip())
    return found.group(1) if found else ""


def as_pmcid(text: str) -> str:
    """`PMC` and its number as first found in the text, else ""."""
    found = _PMCID.search(text)
    return f"PMC{found.group(1)}" if found else ""


def as_doi(text: str) -> str:
    """The first DOI in the text without resolver, label or closing punctuation, else "".

    Case is kept: DOIs compare without case, but they are shown as registered. A field may hold several
    (article and supplement, joined by `;` or a blank); the first one names the report.
    """
    found = _DOI.search(text)
    if not found:
        return ""
    doi = re.split(r"[;,]\s*(?:https?:|doi:|10\.\d{4,9}/)|</", found.group())[0].rstrip(".,;")
    for opening, closing in ("()", "[]", "{}", "<>"):
        while doi.endswith(closing) and doi.count(closing) > doi.count(opening):
            doi = doi[:-1].rstrip(".,;")
    return doi


def as_year(text: str) -> int | None:
    """The first four-digit year from 1500 to 2099 in the text."""
    found = _YEAR.search(text)
    return int(found.group(1)) if found else None


def as_iso_date(text: str) -> str:
    """A date as precise as it is written: `2012/12/31/`, `2012 Dec 31`, `31 Dec 2012`, `December 2012`."""
    text = text.strip().strip("/").strip()
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:/.*)?", text):
        year, month, day = found.groups()
        if 1 <= int(month) <= 12:
            return f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day and 1 <= int(day) <= 31 else "")
    year_number = as_year(text)
    if year_number is None:
        return ""
    words = re.findall(r"[A-Za-z]{3,}", text)
    months = [w[:3].lower() for w in words if w[:3].lower() in MONTHS]
    if len(months) != 1:
        return str(year_number)
    date = f"{year_number}-{MONTHS.index(months[0]) + 1:02d}"
    days = [int(d) for d in re.findall(r"(?<![\d-])\d{1,2}(?![\d-])", text) if 1 <= int(d) <= 31]
    return f"{date}-{days[0]:02d}" if len(days) == 1 else date


def page_range(pages: str) -> tuple[str, str]:
    """First and last page of a plain range with the last one in full: `514-23` gives 514 and 523.

    MEDLINE leaves out the digits that the pages share (NLM, MEDLINE data element PG). Anything that is
    not one plain range (`110-2; discussion 113`, `e123`) comes back whole as the first page.
    """
    found = _PAGE_RANGE.fullmatch(pages.strip())
    if not found:
        return pages.strip(), ""
    before, first, after, last_before, last, last_after = found.groups()
    if len(last) < len(first) and last_before in ("", before):
        last = first[: len(first) - len(last)] + last
        if int(last) < int(first):
            return pages.strip(), ""
    if before and not last_before and not last_after:
        last_before = before
    if (before, first, after) == (last_before, last, last_after):
        return f"{before}{first}{after}", ""
    return f"{before}{first}{after}", f"{last_before}{last}{last_after}"


def expand_pages(pages: str) -> str:
    """Pages with the last page of a plain range in full (`514-23` becomes `514-523`)."""
    first, last = page_range(pages)
    return f"{first}-{last}" if last else first


def join_pages(first: str, last: str) -> str:
    """One page field from the two of RIS, EndNote or Scopus."""
    first, last = one_line(first), one_line(last)
    if not last or last == first or first.endswith(f"-{last}"):
        return first
    return f"{first}-{last}" if first else last


def split_author(author: str) -> tuple[str, str, str]:
    """`Family Initials Suffix` of a record as (family, initials, suffix); initials "" when there are none."""
    words = author.split()
    suffix = words.pop() if len(words) > 2 and words[-1] in SUFFIXES else ""
    if len(words) > 1 and is_initials(words[-1]):
        return " ".join(words[:-1]), words[-1], suffix
    return author, "", ""


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


def as_languages(text: str) -> tuple[str, ...]:
    """Languages as MARC codes in lower case; a name that the table lacks stays, in lower case."""
    words = (one_line(word).lower() for word in re.split(r"[;,|/]", text))
    return tuple(dict.fromkeys(_LANGUAGE_CODES.get(word, word) for word in words if word))


def fold(text: str) -> str:
    """Lower-case ASCII letters and digits with single blanks: for comparing, never for showing."""
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))
