"""Names of languages and the MARC codes that PubMed's records carry."""

from __future__ import annotations

from resift.query.text import normalise

# MARC 21 code list as used by NLM (https://www.nlm.nih.gov/bsd/language_table.html).
CODES: dict[str, str] = {
    "afrikaans": "afr", "albanian": "alb", "amharic": "amh", "arabic": "ara", "armenian": "arm",
    "azerbaijani": "aze", "bengali": "ben", "bosnian": "bos", "bulgarian": "bul", "catalan": "cat",
    "chinese": "chi", "croatian": "hrv", "czech": "cze", "danish": "dan", "dutch": "dut", "english": "eng",
    "esperanto": "epo", "estonian": "est", "finnish": "fin", "french": "fre", "georgian": "geo",
    "german": "ger",
    "greek modern": "gre", "greek": "gre", "hebrew": "heb", "hindi": "hin", "hungarian": "hun",
    "icelandic": "ice", "indonesian": "ind", "italian": "ita", "japanese": "jpn", "kinyarwanda": "kin",
    "korean": "kor", "latin": "lat", "latvian": "lav", "lithuanian": "lit", "macedonian": "mac",
    "malay": "may", "malayalam": "mal", "maori": "mao", "multiple languages": "mul", "norwegian": "nor",
    "persian": "per", "iranian": "per", "polish": "pol", "portuguese": "por", "pushto": "pus",
    "romanian": "rum",
    "rumanian": "rum", "moldovan": "rum", "russian": "rus", "sanskrit": "san", "gaelic scottish": "gla",
    "serbian": "srp", "slovak": "slo", "slovenian": "slv", "slovene": "slv", "spanish": "spa",
    "swedish": "swe",
    "thai": "tha", "turkish": "tur", "ukrainian": "ukr", "urdu": "urd", "vietnamese": "vie", "welsh": "wel",
    "undetermined": "und",
}  # fmt: skip


def language_codes(name: str) -> frozenset[str]:
    """The codes that a language tag asks for: a name, its beginning with `*`, or a code."""
    wanted = normalise(name)
    if name.rstrip().endswith("*"):
        return frozenset(code for label, code in CODES.items() if label.startswith(wanted)) | {wanted}
    return frozenset((CODES.get(wanted, wanted),))
