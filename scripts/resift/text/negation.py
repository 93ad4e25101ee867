"""Which words of a sentence are negated: "without metastases", "no evidence of", "rather than".

After NegEx (Chapman et al., J Biomed Inform 2001;34:301-10): a phrase that negates, the words that it
reaches, what stops it, and phrases that only look like it. It reads words and no grammar: what a negation
reaches beyond `REACH` words, a double negation, or "failed" said in another way is not seen.
"""

from __future__ import annotations

import re

from resift.text.sentences import Span

REACH = 8
"""Words that a negation reaches at most."""

# Look like negations and are none: they are passed over, and what they hold negates nothing.
_APPARENT = (
    "with or without", "with and without", "with/without", "and/or without", "whether or not", "not only",
    "not just", "not all", "not always", "not necessarily", "no doubt", "without doubt", "no longer",
    "no change", "no increase", "no decrease", "no difference", "no differences", "no significant",
    "no statistically", "not significant", "not significantly", "not statistically", "gram negative",
    "no matter", "nonetheless", "no less than", "no more than", "no fewer than",
    "not less than", "not more than",
)  # fmt: skip
# Negate what follows.
_BEFORE = (
    "no evidence of", "no evidence for", "no sign of", "no signs of", "no history of", "no case of",
    "no cases of", "without evidence of", "without signs of", "in the absence of", "absence of",
    "lack of", "lacking", "free of", "free from", "negative for", "rather than", "instead of",
    "as opposed to", "other than", "excluding", "exclusion of", "to exclude", "to rule out", "ruling out",
    "neither", "nor", "no", "without", "denied", "denies",
)  # fmt: skip
_VERB_BEFORE = ("did not", "do not", "does not", "was not", "were not", "is not", "are not", "had not",
    "has not", "have not", "could not", "cannot", "not", "never", "failed to", "fails to", "unable to",
)  # fmt: skip
# Negate what stands before them.
_AFTER = (
    "was excluded", "were excluded", "is excluded", "are excluded", "been excluded", "was ruled out",
    "were ruled out", "been ruled out", "was absent", "were absent", "is absent", "are absent",
    "was not found", "were not found", "was not seen", "were not seen", "was not observed",
    "were not observed", "was not detected", "were not detected", "was not present", "were not present",
    "was not included", "were not included", "were not eligible", "was not eligible", "did not occur",
    "is unlikely", "are unlikely", "was unlikely",
)  # fmt: skip
# End the reach of a negation in either direction.
_STOPS = frozenset((
    "but", "however", "although", "though", "whereas", "while", "which", "who", "whom", "whose", "because",
    "since", "despite", "except", "yet",
))  # fmt: skip
_VERBS = frozenset((
    "was", "were", "is", "are", "had", "has", "have", "been", "received", "underwent", "showed", "presented",
    "developed", "with", "treated",
))  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the phrases as whole words, the longest first."""
    parts = (re.escape(p).replace(r"\ ", r"\s+") for p in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w-])", re.IGNORECASE)


_APPARENTLY, _BACKWARDS = _pattern(_APPARENT), _pattern(_AFTER)
_NOUN, _VERB = _pattern(_BEFORE), _pattern(_VERB_BEFORE)
_NON = re.compile(r"(?<![\w-])non-?(?=[^\W\d_]{4})", re.IGNORECASE)


def negated(text: str, start: int, end: int) -> list[Span]:
    """The stretches of one sentence (`start` to `end` of a text) that are negated, joined and in order."""
    hidden = [match.span() for match in _APPARENTLY.finditer(text, start, end)]
    backwards = _clear(_BACKWARDS, text, start, end, hidden)
    found = [reach for at in backwards if (reach := _back(text, start, at[0]))]
    hidden += backwards
    nouns = _clear(_NOUN, text, start, end, hidden)
    found += [reach for at in nouns if (reach := _ahead(text, at[1], end, _STOPS | _VERBS))]
    hidden += nouns
    verbs = _clear(_VERB, text, start, end, hidden)
    found += [reach for at in verbs if (reach := _ahead(text, at[1], end, _STOPS))]
    for match in _NON.finditer(text, start, end):
        word = _WORD.match(text, match.end(), end)
        if word and match[0].endswith("-"):
            found.append((match.end(), word.end()))
    return _joined(found)


def _clear(pattern: re.Pattern[str], text: str, start: int, end: int, hidden: list[Span]) -> list[Span]:
    """Where a pattern stands outside of what is hidden."""
    spans = (match.span() for match in pattern.finditer(text, start, end))
    return [span for span in spans if not any(a < span[1] and span[0] < b for a, b in hidden)]


def _ahead(text: str, at: int, end: int, stops: frozenset[str]) -> Span | None:
    first = last = at
    for n, word in enumerate(_WORD.finditer(text, at, end)):
        stopped = word[0].lower() in stops or re.search(r"[;:()]", text[last : word.start()])
        if n == REACH or stopped:
            break
        if last == at:
            first = word.start()
        last = word.end()
    return (first, last) if last > at else None


def _back(text: str, start: int, at: int) -> Span | None:
    words = list(_WORD.finditer(text, max(start, at - 40 * REACH), at))[-REACH:]
    first = at
    for word in reversed(words):
        if word[0].lower() in _STOPS | _VERBS or re.search(r"[;:()]", text[word.end() : first]):
            break
        first = word.start()
    return (first, at) if first < at else None


def _joined(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
