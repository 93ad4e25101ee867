"""What a query loses when PubMed drops a part of it, by where that part stands.

A phrase that is dropped beside others of an OR leaves the rest to answer; a heading that does not exist, a
field that is dropped, or an operand of AND or NOT that is gone make the answer one to another query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from resift.errors import Code
from resift.query import fields as f
from resift.query.fields import Kind
from resift.query.nodes import And, Leaf, Node, Not, Or, Proximity, Range
from resift.query.stopwords import STOPWORDS
from resift.query.syntax import Query
from resift.query.text import normalise_term
from resift.query.translation import RecordedTranslation


class Loss(StrEnum):
    """What was lost with a dropped part."""

    ALTERNATIVE = "one of several alternatives"
    HEADING = "a heading that PubMed does not know"
    FIELD = "the field of a term"
    BRANCH = "a whole operand of AND or NOT"
    OTHER = "part of the query"

    @property
    def stops(self) -> bool:
        """Whether the answer is one to another query."""
        return self is not Loss.ALTERNATIVE


@dataclass(frozen=True, slots=True)
class Message:
    """What the server said about a query (`kind` is its element name), and what was lost with it."""

    kind: str
    text: str
    loss: Loss

    def __str__(self) -> str:
        return f"{self.kind}: {self.text} ({self.loss})"


PHRASES = ("PhraseNotFound", "QuotedPhraseNotFound", "PhraseIgnored")


def judged(query: Query, messages: Iterable[tuple[str, str]], *, count: int) -> list[Message]:
    """Each message with what was lost. `query` is the query as read, `count` what the server found."""
    messages = list(messages)
    words = {_words(text) for kind, text in messages if kind in PHRASES}
    parents, order = _parents(query.root)
    emptied: dict[int, bool] = {}
    for node in reversed(order):
        if isinstance(node, Or | And):
            emptied[id(node)] = all(emptied[id(child)] for child in node.children)
        elif isinstance(node, Not):
            emptied[id(node)] = emptied[id(node.children[0])]
        else:
            emptied[id(node)] = isinstance(node, Leaf | Proximity) and normalise_term(node.text) in words
    out = []
    for kind, text in messages:
        loss = Loss.OTHER
        if kind == "FieldNotFound":
            loss = Loss.FIELD
        elif kind in PHRASES:
            wanted = _words(text)
            found = [n for n in order if isinstance(n, Leaf | Proximity) and normalise_term(n.text) == wanted]
            if any(leaf.field.kind is Kind.MESH for leaf in found):
                loss = Loss.HEADING
            elif kind == "PhraseNotFound" and count == 0 and not found:
                loss = Loss.BRANCH
            elif found:
                gone = any(_empties(leaf, parents, emptied) for leaf in found)
                loss = Loss.BRANCH if gone else Loss.ALTERNATIVE
        out.append(Message(kind, text, loss))
    return out


def lost_fields(query: Query, recorded: RecordedTranslation) -> list[Message]:
    """Tags that nobody documents and that PubMed did not search: it drops such a tag without a message."""
    terms = {leaf.end: leaf for leaf in _parents(query.root)[1] if isinstance(leaf, Leaf | Proximity)}
    read = _parents(recorded.tree)[1] if recorded.tree is not None else []
    searched = {
        normalise_term(leaf.text)
        for leaf in read
        if isinstance(leaf, Leaf) and leaf.field is not f.ALL and leaf.field.kind is not Kind.MESH
    }
    out = []
    for fault in query.faults:
        if fault.code is Code.QUERY_TAG:
            term = terms.get(fault.end)
            if term is None or normalise_term(term.text) not in searched:
                out.append(Message("FieldIgnored", query.text[fault.start : fault.end], Loss.FIELD))
    return out


def untranslated(query: Query, recorded: RecordedTranslation) -> list[Message]:
    """What shows that the server read another query than was sent, by its own QueryTranslation.

    It names every term, number and year that was searched, as written or with its expansion. A term of which
    no word is there, and among no message either, was not searched; a term or a year there that nobody asked
    for comes from another query. Either way the query was cut short on the way, or something on the way gave
    the answer to another one. Headings, journals and the like, which PubMed writes under other names, are
    not looked for, and what stands for untagged words is not held to be strange. One message names all of
    a kind.
    """
    if not recorded.query_translation:
        return []
    nodes = sorted(_parents(query.root)[1], key=lambda node: node.start)
    return [
        Message(kind, _named(texts), Loss.OTHER)
        for kind, texts in (
            ("NotInTranslation", _not_read(nodes, recorded)),
            ("NotInQuery", _not_asked(query, nodes, recorded)),
        )
        if texts
    ]


def _not_read(nodes: Sequence[Node], recorded: RecordedTranslation) -> list[str]:
    """The terms, identifiers and years of a query that its translation does not name."""
    said = [recorded.query_translation, *(part for pair in recorded.translations for part in pair)]
    said += [*recorded.phrases_not_found, *recorded.phrases_ignored, *recorded.quoted_phrases_not_found]
    there = _bits(*said)
    missing: dict[str, None] = {}
    for node in nodes:
        if isinstance(node, Range):
            text, numbers = f"{node.low}:{node.high}", _bits(node.low, node.high)
            wanted = numbers if node.field.kind is Kind.NUMBER else _years(text)
            lacking = bool(wanted) and not there & wanted
        elif isinstance(node, Leaf | Proximity):
            text, wanted = node.text, _bits(node.text)
            if node.field in IDENTIFIERS:
                lacking = not wanted <= there
            elif node.field.kind is Kind.DATE:
                lacking = bool(_years(text)) and not there & _years(text)
            elif node.field.kind is Kind.TEXT and "*" not in text:
                wanted = {word for word in wanted if len(word) > 2 and word not in STOPWORDS}
                lacking = bool(wanted) and not there & wanted
            else:
                # A language is named as it was asked for, or by the code that stands for its name.
                lacking = node.field is f.LANGUAGE and len(text) > 3 and not there & wanted
        else:
            continue
        if lacking:
            missing.setdefault(text)
    return list(missing)


def _not_asked(query: Query, nodes: Sequence[Node], recorded: RecordedTranslation) -> list[str]:
    """The terms, identifiers and years of a translation that nothing in the query stands behind.

    A filter may stand for a strategy of its own, and a date for the days before today: where one is asked
    for, nothing is strange.
    """
    asked = {node.field for node in nodes if isinstance(node, Leaf | Range | Proximity)}
    relative = (n for n in nodes if isinstance(n, Leaf) and n.field.kind is Kind.DATE and not _years(n.text))
    if recorded.tree is None or any(field.kind is Kind.FILTER for field in asked) or any(relative):
        return []
    words = _bits(query.text)
    words |= _bits(*(to for source, to in recorded.translations if _bits(source) & words))
    strange: dict[str, None] = {}
    for node in sorted(_parents(recorded.tree)[1], key=lambda node: node.start):
        if isinstance(node, Range):
            text, whole = f"{node.low}:{node.high}", node.field.kind is Kind.NUMBER
            named = _bits(text) if whole else _years(text)
        elif isinstance(node, Leaf | Proximity) and node.field is not f.ALL:
            text, whole = node.text, node.field in IDENTIFIERS
            literal = node.field.kind is Kind.TEXT or (node.field is f.LANGUAGE and f.LANGUAGE not in asked)
            if whole:
                named = _bits(text)
            elif literal:
                named = {word for word in _bits(text) if len(word) > 2}
            else:
                named = _years(text) if node.field.kind is Kind.DATE else set()
        else:
            continue
        if named and not (named <= words if whole else named & words):
            strange.setdefault(text)
    return list(strange)


# What names one record: every letter of it stands in the translation.
IDENTIFIERS = frozenset({f.PMID, f.ARTICLE_IDENTIFIER, f.LOCATION})
_BIT = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")


def _bits(*texts: str) -> set[str]:
    """The words and numbers of texts, folded; numbers without leading zeros."""
    return {bit.lstrip("0") or "0" for text in texts for bit in _BIT.findall(normalise_term(text))}


def _years(text: str) -> set[str]:
    return set(_YEAR.findall(text))


def _named(texts: Sequence[str]) -> str:
    more = [f"{len(texts) - 3} more"] if len(texts) > 3 else []
    return ", ".join([*(f"'{text}'" for text in texts[:3]), *more])


def _empties(leaf: Node, parents: dict[int, Node], emptied: dict[int, bool]) -> bool:
    """Whether the operand of an AND or NOT that this term stands in has nothing left."""
    at = leaf
    while emptied[id(at)]:
        above = parents.get(id(at))
        if above is None or isinstance(above, And | Not):
            return True
        at = above
    return False


def _parents(root: Node) -> tuple[dict[int, Node], list[Node]]:
    """The group above each node (by `id`), and all nodes, groups before their operands."""
    parents: dict[int, Node] = {}
    order: list[Node] = []
    stack = [root]
    while stack:
        node = stack.pop()
        order.append(node)
        if isinstance(node, And | Or | Not):
            for child in node.children:
                parents[id(child)] = node
                stack.append(child)
    return parents, order


def _words(text: str) -> str:
    return normalise_term(text.partition("[")[0])
