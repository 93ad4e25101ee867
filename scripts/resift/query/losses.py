"""What a query loses when PubMed drops a part of it, by where that part stands.

A phrase that is dropped beside others of an OR leaves the rest to answer; a heading that does not exist, a
field that is dropped, or an operand of AND or NOT that is gone make the answer one to another query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    """What was asked for and stands nowhere in the server's own reading of the query, nor among its messages.

    QueryTranslation names every term and every year that was searched, as written or with its expansion. A
    term of which no word is there was not searched: the query was cut short on the way, or something on the
    way gave the answer to another one. Headings, journals and the like, which PubMed writes under other
    names, are not looked for. One message names all.
    """
    if not recorded.query_translation:
        return []
    said = [recorded.query_translation, *(part for pair in recorded.translations for part in pair)]
    said += [*recorded.phrases_not_found, *recorded.phrases_ignored, *recorded.quoted_phrases_not_found]
    there = {word for text in said for word in _WORD.findall(normalise_term(text))}
    missing: dict[str, None] = {}
    for node in sorted(_parents(query.root)[1], key=lambda node: node.start):
        if isinstance(node, Range):
            text, wanted = f"{node.low}:{node.high}", _YEAR.findall(f"{node.low} {node.high}")
        elif isinstance(node, Leaf | Proximity):
            text, wanted = node.text, []
            if node.field.kind is Kind.TEXT and "*" not in text:
                wanted = [word for word in _WORD.findall(normalise_term(text)) if word not in STOPWORDS]
            elif node.field.kind is Kind.DATE:
                wanted = _YEAR.findall(text)
        else:
            continue
        if wanted and not there.intersection(wanted):
            missing.setdefault(text)
    if not missing:
        return []
    named = [f"'{text}'" for text in missing][:3]
    more = [f"{len(missing) - len(named)} more"] if len(missing) > len(named) else []
    return [Message("NotInTranslation", ", ".join([*named, *more]), Loss.OTHER)]


_WORD = re.compile(r"[^\W_]{3,}")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")


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
