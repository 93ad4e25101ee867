"""Findings on the terms of a query: truncation, spelling, plurals, redundancy, quotation marks, tags."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from resift.query import fields as f
from resift.query import findings as rule
from resift.query.fields import Field, Kind
from resift.query.findings import Finding
from resift.query.nodes import And, Leaf, LineRef, Node, Not, Or, Proximity, walk
from resift.query.pattern import phrase
from resift.query.spelling import is_noun, other_number, other_spellings
from resift.query.stopwords import STOPWORDS
from resift.query.syntax import Query
from resift.query.text import normalise
from resift.query.wildcard import MINIMUM_BEFORE_WILDCARD, WILDCARD_ANYWHERE_SINCE, fit

# Each field finds at least what the ones before it find.
_WIDER: tuple[Field, ...] = (f.TITLE, f.TITLE_ABSTRACT, f.TEXT_WORD, f.ALL)
_LONGEST = 6  # words of a shorter term looked for inside a longer one
_SHARED_STEM = 4  # so many terms with one beginning make a truncation worth a thought


def term_findings(query: Query) -> Iterator[Finding]:
    """Findings term by term, then group by group."""
    for line in query.lines:
        for node, _ in walk(line.root):
            if isinstance(node, Leaf):
                yield from _term(node, query.dialect)
        for group in _groups(line.root):
            yield from _redundant(group)
            yield from _variants(group)
            yield from _stems(group)


def _term(leaf: Leaf, dialect: dt.date | None) -> Iterator[Finding]:
    words = normalise(leaf.text).split()
    text = leaf.field.kind is Kind.TEXT
    start, end = leaf.start, leaf.end
    if not leaf.tagged and leaf.field is f.ALL:
        if all(word in STOPWORDS for word in words):
            yield rule.STOP_WORD.at(
                start, end, f"{leaf.text!r} is a stop word; PubMed ignores it", "delete it"
            )
        elif not (leaf.quoted or "*" in leaf.text):
            yield rule.UNTAGGED.at(
                start,
                end,
                f"untagged {leaf.text!r}: PubMed maps it to headings and word forms that change over time",
                "add a tag, for instance [tiab]",
            )
        else:
            yield rule.UNTAGGED.at(
                start, end, f"untagged {leaf.text!r} is searched in all fields", "add a tag"
            )
    elif text and leaf.tagged and "*" not in leaf.text and all(word in STOPWORDS for word in words):
        yield rule.STOP_WORD.at(
            start,
            end,
            f"{leaf.text!r} is a stop word: with a tag it finds nothing",
            "use it inside a phrase only",
        )
    if text and leaf.field is not f.ALL and len(words) > 1 and not leaf.quoted and not leaf.curly:
        yield rule.UNQUOTED.at(
            start,
            end,
            f"unquoted phrase {leaf.text!r}: split into words when PubMed's phrase index lacks it",
            f'write "{leaf.text}"',
        )
    if text and leaf.quoted and re.search(r"\w-\w", leaf.text) and len(words) > 1:
        yield rule.HYPHEN.at(
            start,
            end,
            "a hyphenated phrase finds nothing when PubMed's phrase index lacks it",
            "add the form without hyphen",
        )
    if found := re.search(r"[?$#!](?=\w|$)|(?<=\w)[?$#!]", leaf.text):
        yield rule.REPLACED.at(
            start, end, f"{found[0]} is a blank for PubMed, no wildcard", "use * or write the forms out"
        )
    if "*" in leaf.text and leaf.field.kind is not Kind.MESH:
        yield from _truncation(leaf, dialect)


def _truncation(leaf: Leaf, dialect: dt.date | None) -> Iterator[Finding]:
    start, end = leaf.start, leaf.end
    if re.search(r"(^|\s)\*", leaf.text):
        yield rule.LEADING_WILDCARD.at(
            start, end, "PubMed has no truncation at the beginning of a word", "write the words out"
        )
    else:
        before = re.sub(r"[\W_]", "", leaf.text.partition("*")[0])
        last = re.split(r"[\s-]", leaf.text.partition("*")[0])[-1]
        if len(before) < MINIMUM_BEFORE_WILDCARD:
            yield rule.SHORT_TRUNCATION.at(
                start,
                end,
                f"{leaf.text!r}: PubMed truncates only after {MINIMUM_BEFORE_WILDCARD} characters",
                "write the forms out",
            )
        elif len(last) < MINIMUM_BEFORE_WILDCARD and leaf.field.kind is Kind.TEXT:
            yield rule.SHORT_TRUNCATION.at(
                start,
                end,
                f"{leaf.text!r}: the truncated word has fewer than 4 characters",
                "check what it brings",
            )
    if dialect is not None and dialect < WILDCARD_ANYWHERE_SINCE and len(leaf.text.split()) > 1:
        yield rule.OLD_TRUNCATION.at(
            start,
            end,
            "truncation in a phrase was read otherwise before June 2024; before May 2020 600 forms at most",
            "write the forms out to mean the same then and now",
        )


@dataclass(frozen=True, slots=True)
class _Term:
    leaf: Leaf
    words: tuple[str, ...]
    width: int  # position in _WIDER


def _groups(root: Node) -> Iterator[list[_Term]]:
    """The text terms that stand as alternatives: those of each OR, and each term that stands alone."""
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, inside = stack.pop()
        if isinstance(node, Or):
            terms: list[_Term] = []
            alternatives: list[Node] = list(node.children)
            while alternatives:
                child = alternatives.pop()
                if isinstance(child, Or):
                    alternatives.extend(child.children)
                elif isinstance(child, Leaf):
                    if (term := _text_term(child)) is not None:
                        terms.append(term)
                elif isinstance(child, And | Not):
                    stack.append((child, False))
            yield sorted(terms, key=lambda term: term.leaf.start)
        elif isinstance(node, And):
            stack.extend((child, inside) for child in node.children)
        elif isinstance(node, Not):
            stack.append((node.children[0], inside))
        elif isinstance(node, Leaf) and (term := _text_term(node)) is not None:
            yield [term]
        elif isinstance(node, Proximity | LineRef):
            continue


def _text_term(leaf: Leaf) -> _Term | None:
    if leaf.field not in _WIDER or not leaf.tagged:
        return None
    words = phrase(leaf.text).words
    return _Term(leaf, words, _WIDER.index(leaf.field)) if words else None


def _redundant(group: list[_Term]) -> Iterator[Finding]:
    exact: dict[tuple[str, ...], _Term] = {}
    beginnings: dict[str, _Term] = {}
    for term in group:
        known = exact.get(term.words)
        if known is not None and known.width >= term.width:
            yield rule.REDUNDANT.at(
                term.leaf.start, term.leaf.end, f"{term.leaf.text!r} stands twice in this group", "delete one"
            )
        if known is None or term.width > known.width:
            exact[term.words] = term
        if len(term.words) == 1 and term.words[0].endswith("*") and term.words[0].count("*") == 1:
            beginnings.setdefault(term.words[0][:-1], term)
    longest = max(map(len, beginnings), default=0)
    for term in group:
        by = _covering(term, exact, beginnings, longest)
        if by is not None:
            yield rule.REDUNDANT.at(
                term.leaf.start,
                term.leaf.end,
                f"{term.leaf.text!r} is found by {by.leaf.text!r} in the same group already",
                "delete it or keep it for clarity",
            )


def _covering(
    term: _Term, exact: dict[tuple[str, ...], _Term], beginnings: dict[str, _Term], longest: int
) -> _Term | None:
    """A shorter or truncated term of the group that finds all that this one finds.

    `beginnings` are the truncated words of the group, `longest` the characters of the longest.
    """
    size = len(term.words)
    for length in range(1, min(size, _LONGEST)):
        for at in range(size - length + 1):
            found = exact.get(term.words[at : at + length])
            if found is not None and found is not term and found.width >= term.width:
                return found
    for word in term.words:
        for length in range(MINIMUM_BEFORE_WILDCARD, min(len(word.rstrip("*")), longest) + 1):
            found = beginnings.get(word[:length])
            if found is not None and found is not term and found.width >= term.width:
                return found
    return None


def _variants(group: list[_Term]) -> Iterator[Finding]:
    """Spellings and plurals that no term of the group covers."""
    exact = {term.words for term in group}
    wild = [term.words for term in group if any("*" in word for word in term.words)][:200]

    def covered(words: tuple[str, ...]) -> bool:
        size = len(words)
        if any(
            words[a : a + n] in exact for n in range(1, min(size, _LONGEST) + 1) for a in range(size - n + 1)
        ):
            return True
        return words in exact or any(fit(pattern, words) for pattern in wild)

    told: set[tuple[str, ...]] = set()
    for term in group:
        words = term.words
        if any("*" in word for word in words[:-1]):
            continue
        tail = "*" if words[-1].endswith("*") else ""
        plain = (*words[:-1], words[-1].rstrip("*"))
        for i, word in enumerate(plain):
            for other in other_spellings(word):
                variant = (*plain[:i], other + (tail if i == len(plain) - 1 else ""), *plain[i + 1 :])
                if i < len(plain) - 1 and tail:
                    variant = (*variant[:-1], variant[-1] + tail)
                if variant not in told and not covered(variant) and not (tail and covered(_bare(variant))):
                    told.add(variant)
                    yield rule.SPELLING.at(
                        term.leaf.start,
                        term.leaf.end,
                        f"the other spelling of {term.leaf.text!r} is missing: {' '.join(variant)!r}",
                        f'add "{" ".join(variant)}"[{term.leaf.field.tag}]',
                    )
        if not tail and is_noun(plain[-1]) and plain[0] not in STOPWORDS:
            variant = (*plain[:-1], other_number(plain[-1]))
            if variant[-1] and variant not in told and not covered(variant):
                told.add(variant)
                yield rule.PLURAL.at(
                    term.leaf.start,
                    term.leaf.end,
                    f"singular or plural of {term.leaf.text!r} is missing: {' '.join(variant)!r}",
                    f'add "{" ".join(variant)}"[{term.leaf.field.tag}]',
                )


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    return (*words[:-1], words[-1].rstrip("*"))


def _stems(group: list[_Term]) -> Iterator[Finding]:
    """Many single words with one beginning, which a truncation would gather."""
    stems: dict[str, list[_Term]] = {}
    for term in group:
        if len(term.words) == 1 and "*" not in term.words[0] and len(term.words[0]) > 6:
            stems.setdefault(term.words[0][:6], []).append(term)
    for stem, terms in stems.items():
        if len({term.words for term in terms}) >= _SHARED_STEM:
            shared = stem
            while all(term.words[0].startswith(terms[0].words[0][: len(shared) + 1]) for term in terms):
                if len(shared) >= len(terms[0].words[0]):
                    break
                shared = terms[0].words[0][: len(shared) + 1]
            yield rule.WILDCARD_USE.at(
                terms[0].leaf.start,
                terms[0].leaf.end,
                f"{len(terms)} terms begin with {shared!r}",
                f"would {shared}* do?",
            )
