"""Letters and words in the one form in which they are compared and searched.

One folding: case and accents are ignored, Greek letters are spelled out in place (`17β-HSD` is read as
`17beta-HSD`; PubMed's search details, "Non-Latin Characters in PubMed", Expert Searching tip 35, 2023),
Latin letters that Unicode does not take apart are written as PubMed's index writes them (`Grønbæk` is
found by `Gronbaek`, `Weiß` by `Weiss`), ligatures and full-width forms are plain letters. Letters of
other scripts stay letters, so that a phrase never closes over one that was dropped.

Where two spellings of a letter are customary (`Müller`: Muller, Mueller), `fold` gives the one of
PubMed's index; who compares what two sources wrote asks `spellings` and accepts either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product

from anyascii import anyascii

# English names as PubMed spells them; Unicode's own name of λ is "lamda".
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi",
    "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon",
    "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_SIGNS = {
    **dict.fromkeys("’‘‛′ʼʻʹ`´", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "™": " ", "℠": " ", "⁄": "/",
}  # fmt: skip
# Second spellings in use beside the letter without its mark: German, Nordic, Icelandic, South Slavic.
_SECOND = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "a", "œ": "o", "đ": "dj", "ð": "dh"}
_MOST_VARIANTS = 64
_WORDS = re.compile(r"[^\W_]+")


@cache
def plain_letter(char: str) -> str:
    """One character in lower case and plain letters; "" for a mark, and any other sign as it stands.

    Invisible characters (soft hyphen, joiners, direction marks) are "" too. Dashes and quotation marks
    are the plain ones; signs of trade marks are blanks.
    """
    if char in _SIGNS:
        return _SIGNS[char]
    out = []
    for part in unicodedata.normalize("NFKD", char.casefold()).casefold():
        if part in _SIGNS or part in _GREEK:
            out.append(_SIGNS.get(part) or _GREEK[part])
        elif unicodedata.category(part)[0] == "M" or unicodedata.category(part) == "Cf":
            continue
        elif not part.isascii() and unicodedata.name(part, "").startswith("LATIN"):
            spelled = anyascii(part).casefold()
            out.append(spelled if spelled.isalnum() else part)
        else:
            out.append(part)
    return "".join(out)


@cache
def folded_letter(char: str) -> str:
    """One character folded: letters and digits, "" for a mark, " " for anything else."""
    if char == "_":
        return " "
    return "".join(part if part.isalnum() else " " for part in plain_letter(char))


class _Table(dict[int, str]):
    """A translation table that fills itself with the characters it meets."""

    def __init__(self, letters: bool) -> None:
        super().__init__()
        self._of = folded_letter if letters else plain_letter

    def __missing__(self, code: int) -> str:
        found = self[code] = self._of(chr(code))
        return found


_FOLDED = _Table(letters=True)
_PLAIN = _Table(letters=False)
_ASCII = "".join(folded_letter(chr(code)) for code in range(128)).encode("ascii").ljust(256)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def plain(text: str) -> str:
    """Lower case without accents, letters spelled out; signs and blanks stay, for patterns that need them."""
    return text.casefold() if text.isascii() else text.translate(_PLAIN)


def fold(text: str) -> str:
    """Words in lower case, one blank between them, none at the ends: for comparing, never for showing."""
    plainer = text if text.isascii() else _BEYOND_ASCII.sub(_folded, text)
    # Bytes are translated twenty times as fast as text; few texts keep a letter of another script.
    if plainer.isascii():
        return b" ".join(plainer.encode("ascii").translate(_ASCII).split()).decode("ascii")
    return " ".join(text.translate(_FOLDED).split())


def _folded(found: re.Match[str]) -> str:
    return _FOLDED[ord(found[0])]


def words(plain_text: str) -> str:
    """The words of what `plain` gave, separated by one blank."""
    return " ".join(_WORDS.findall(plain_text))


@lru_cache(maxsize=100_000)
def spellings(text: str) -> frozenset[str]:
    """Every folded form in which a source may have written the text: that of `fold` is one of them.

    `Grønbæk` gives gronbaek, groenbaek, gronbak, groenbak. Beyond a handful of such letters only the
    form of `fold` and the one with all second spellings are given.
    """
    composed = unicodedata.normalize("NFC", text).casefold()
    marked = [char for char in dict.fromkeys(composed) if char in _SECOND]
    every = 2 ** len(marked) <= _MOST_VARIANTS
    forms = set()
    for choice in product((False, True), repeat=len(marked)) if every else _none_and_all(len(marked)):
        second = {ord(char): _SECOND[char] for char, chosen in zip(marked, choice, strict=True) if chosen}
        forms.add(fold(composed.translate(second)))
    return frozenset(forms)


def _none_and_all(number: int) -> Iterator[tuple[bool, ...]]:
    yield (False,) * number
    yield (True,) * number


def one_line(text: str) -> str:
    """Text with line ends, tabs and runs of blanks as one blank; no-break and thin spaces are kept."""
    if text.isprintable() and "  " not in text:  # most text: nothing to put right
        return text.strip(" ")
    return re.sub(r"[ \t\n\r\f\v]+", " ", text).strip(" ")
