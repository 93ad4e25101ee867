"""Normalising text as PubMed's index does, and finding the way back to the original characters.

Rules and where they come from:
- case and accents are ignored, Greek letters are spelled out in place (`17β-HSD` is read as
  `17beta-HSD`): seen in PubMed's search details, "Non-Latin Characters in PubMed", Expert Searching
  tip 35 (2023);
- an apostrophe, a hyphen and every other sign separates words (`asthma's` becomes `asthma s` in a
  QueryTranslation);
- letters of other scripts stay letters, so that a phrase never closes over one that was dropped.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi",
    "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon",
    "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
# Letters that Unicode does not take apart into a base letter and a mark.
_LATIN = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ħ": "h",
    "ŋ": "n",
}
_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}


@cache
def _fold_char(char: str) -> str:
    """The folded form of one character: letters and digits, "" for a mark, " " for anything else."""
    out = []
    for part in unicodedata.normalize("NFKD", char.casefold()).casefold():
        if part in _GREEK:
            out.append(_GREEK[part])
        elif part in _LATIN:
            out.append(_LATIN[part])
        elif part.isalnum():
            out.append(part)
        elif not unicodedata.category(part).startswith("M"):
            out.append(" ")
    return "".join(out)


class _Folding(dict[int, str]):
    """A translation table that fills itself with the characters it meets."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_char(chr(code))
        return folded


_FOLDING = _Folding()


def normalise(text: str) -> str:
    """Words in lower case, one blank between them, none at the ends."""
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    return " ".join(text.translate(_FOLDING).split())


_TERM_FOLDING = _Folding({ord("*"): "*"})


def normalise_term(text: str) -> str:
    """As `normalise`, keeping the asterisks of truncation where they stand."""
    return " ".join(text.translate(_TERM_FOLDING).split())


def normalise_with_offsets(text: str) -> tuple[str, list[int], list[int]]:
    """The normalised text with, for each of its characters, start and end in the original text.

    A letter that folds to several (`β` to `beta`) gives them all the same span; a combining mark
    belongs to the letter before it. `normalise(text)` is exactly the first part.
    """
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    gap = False
    for i, char in enumerate(text):
        folded = _FOLDING[ord(char)]
        if not folded:
            if ends and not gap:
                ends[-1] = i + 1
            continue
        for piece in folded:
            if piece == " ":
                gap = bool(chars)
                continue
            if gap:
                chars.append(" ")
                starts.append(min(ends[-1], i))  # the blank may lie within one sign: ½ reads as 1 2
                ends.append(i)
                gap = False
            chars.append(piece)
            starts.append(i)
            ends.append(i + 1)
    return "".join(chars), starts, ends
